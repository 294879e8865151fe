"""Signing in: from what is typed to an open profile, and the list of profiles."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from uuid import uuid4

from PySide6.QtCore import QObject, Signal

from desktop.bridge.keyring_calls import KeyringCalls
from desktop.bridge.profile import Profile, remove_files
from desktop.bridge.tasks import Tasks
from desktop.main_window import MainWindow
from desktop.presenters.profile_removal import ProfileRemoval
from desktop.views.sign_in.form import SignInForm
from desktop.views.sign_in.profile_rows import ProfileRow
from desktop.views.sign_in.screen import SignInScreen
from services.core import secrets
from services.core.errors import AppError
from services.core.paths import Home
from services.core.profiles import (
    EMBEDDED,
    ConnectionSettings,
    ProfileEntry,
    ProfileList,
    save_profiles,
)
from services.core.secrets import PasswordMemory, Secret


class ProfileKnown(AppError):
    """Another profile already signs in as this user at this address."""

    code = "profile-known"


@dataclass(frozen=True)
class Doors:
    """How profiles are opened: ``enter`` waits for the server, ``knock`` only tries a password."""

    enter: Callable[[ProfileEntry, Secret | None], Profile]
    knock: Callable[[ConnectionSettings, Secret], None]


class SignInPresenter(QObject):
    """Joins the sign-in screen to keyring, files and server.

    ``chosen`` carries a profile to open as it is; ``entered`` one whose server has just let the
    person in, with the open profile, or None for the profile that is open already; ``not_kept``
    why the keyring did not take the password, ``kept`` that it did after all.
    """

    chosen = Signal(object)
    entered = Signal(object, object)
    not_kept = Signal(object)
    kept = Signal()
    left = Signal()

    def __init__(
        self,
        window: MainWindow,
        screen: SignInScreen,
        tasks: Tasks,
        keyring: KeyringCalls,
        home: Home,
        memory: PasswordMemory,
        doors: Doors,
    ) -> None:
        super().__init__()
        self.profiles = ProfileList()
        self._window, self._screen = window, screen
        self._tasks, self._keyring = tasks, keyring
        self._home, self._memory, self._doors = home, memory, doors
        self._open_id = ""
        self._attempt = 0
        self._go_on: Callable[[], None] | None = None
        screen.profile_chosen.connect(self.choose)
        screen.add_requested.connect(self.add)
        screen.submitted.connect(self._submit)
        screen.cancelled.connect(self._cancel)
        screen.left.connect(self.left)
        self._removal = ProfileRemoval(window, screen, tasks, keyring, home, memory)
        self._removal.removed.connect(self._forget)
        screen.removal_requested.connect(self._ask_removal)

    # -- the list -------------------------------------------------------------------------

    def show(self, open_id: str = "", *, can_leave: bool = False) -> None:
        """Show the profiles; ``open_id`` is the one that is open, if one is."""
        self._open_id = open_id
        self._screen.set_can_leave(can_leave)
        self._window.show_screen("sign_in")
        self._screen.rows.setFocus()

    def choose(self, id_: str) -> None:
        """Show a profile at the right."""
        entry = self.profiles.get(id_)
        self._show_rows(entry.id)
        is_open = entry.id == self._open_id
        tr = self.tr
        if entry.connection is None:
            sentence = tr("Everything stays on this machine. One desk, no server, no sign-in.")
            verb = tr("Go on") if is_open else tr("Open")
            self._screen.show_simple(entry.name, sentence, verb)
            return
        kept = entry.keeps_password and bool(entry.person_id) and not is_open
        title = entry.name if kept else tr("Sign in to %1").replace("%1", entry.name)
        sentence = tr("Type your password to go on.")
        if is_open:
            sentence = tr("This profile is open. Type the password to sign in again.")
        elif kept:
            sentence = tr("Opens at once with what is on this computer.")
        verb = tr("Open") if kept else tr("Sign in")
        self._screen.show_team(entry, title, sentence, verb, is_password_kept=kept)

    def add(self) -> None:
        """Show empty fields for a team that is new here."""
        self._show_rows("")
        self._screen.show_new_team()

    def keep(self, profiles: ProfileList) -> None:
        """Take and save another list."""
        self.profiles = profiles
        save_profiles(self._home.profiles, profiles)

    def _show_rows(self, current: str) -> None:
        rows = []
        for entry in self.profiles.entries:
            at = entry.connection
            where = f"{at.user} · {at.server}" if at else self.tr("One desk, no server")
            is_open = entry.id == self._open_id
            icon = "team" if at else "asset"
            tag = self.tr("Open") if is_open else ""
            rows.append(ProfileRow(entry.id, entry.name, where, icon, tag))
        self._screen.show_profiles(rows, current)
        why_not = ""
        if current == self._open_id:
            why_not = self.tr("Switch to another profile first.")
        can_remove = current not in ("", EMBEDDED, self._open_id)
        self._screen.set_removable(can_remove, why_not)

    # -- signing in -----------------------------------------------------------------------

    def sign_in_silently(self, entry: ProfileEntry) -> None:
        """Sign in with the password the keyring keeps; ask for it where it keeps none."""
        self.choose(entry.id)
        attempt = self._begin(self.tr("Asking the keyring for the password…"))

        def found(secret: Secret | None) -> None:
            if attempt != self._attempt:
                return
            if secret is None:
                self._screen.show_ready()
                return
            self._enter(entry, secret, may_keep=False)

        def failed(error: AppError) -> None:
            if attempt == self._attempt:
                self._screen.show_fault(error)

        assert entry.connection is not None
        self._keyring.ask(partial(secrets.fetch, entry.connection.account), found, failed)

    def _submit(self, form: SignInForm | None) -> None:
        if form is None:
            self._choose_as_it_is(self.profiles.get(self._screen.rows.current))
            return
        known = next(
            (
                team
                for team in self.profiles.teams
                if team.connection is not None
                and team.connection.account == form.connection.account
                and team.id != form.profile_id
            ),
            None,
        )
        if known is not None:
            self._screen.show_fault(ProfileKnown(name=known.name))
            return
        entry = self._entry_of(form)
        if not form.password:
            self.keep(self.profiles.having(entry))
            self._choose_as_it_is(entry)
        else:
            self._enter(entry, form.password, may_keep=True)

    def _entry_of(self, form: SignInForm) -> ProfileEntry:
        before = self.profiles.get(form.profile_id) if form.profile_id else None
        entry = before or ProfileEntry(str(uuid4()), form.name)
        same_person = before is not None and before.connection == form.connection
        return replace(
            entry,
            name=form.name,
            connection=form.connection,
            closed_days=form.closed_days,
            is_cache_encrypted=form.is_cache_encrypted,
            keeps_password=form.keeps_password,
            person_id=entry.person_id if same_person else "",
        )

    def _choose_as_it_is(self, entry: ProfileEntry) -> None:
        if entry.id == self._open_id:
            self.left.emit()
            return
        self.keep(self.profiles.choosing(entry.id))
        self.chosen.emit(entry)

    def _enter(self, entry: ProfileEntry, secret: Secret, *, may_keep: bool) -> None:
        settings = entry.connection
        assert settings is not None
        attempt = self._begin(self.tr("Connecting to %1…").replace("%1", settings.server))
        turned_away = partial(self._turned_away, attempt, entry)

        def go(work: Callable[[], Profile | None]) -> None:
            let_in = partial(self._let_in, attempt, entry, secret, may_keep)
            self._tasks.run(self, f"attempt {attempt}", work, let_in, turned_away)

        def unlocked(key: Secret | None) -> None:
            if attempt == self._attempt:
                self._memory.put(settings.account, secret)
                go(partial(self._doors.enter, entry, key))

        if entry.id == self._open_id:
            go(partial(self._doors.knock, settings, secret))
        else:
            self._keyring.ask_key(entry, unlocked, turned_away)

    def unlock(self, entry: ProfileEntry, then: Callable[[Secret | None], None]) -> None:
        """Fetch the key of a profile that is opened as it is; who waits for it may cancel."""
        if not entry.is_cache_encrypted:
            then(None)
            return
        self.show(self._open_id)
        self.choose(entry.id)
        attempt = self._begin(self.tr("Asking the keyring for the key of the files here…"))

        def unlocked(key: Secret | None) -> None:
            if attempt == self._attempt:
                then(key)

        def failed(error: AppError) -> None:
            if attempt == self._attempt:
                self._screen.show_fault(error)

        self._keyring.ask_key(entry, unlocked, failed)

    def _begin(self, text: str) -> int:
        self._attempt += 1
        self._screen.show_busy(text)
        return self._attempt

    def _cancel(self) -> None:
        """Care no more for what comes of the attempt; its connection is let go of when it comes.

        Once the server has let the person in, only the keyring is not waited for any longer.
        """
        if self._go_on is not None:
            self.not_kept.emit(secrets.KeyringSilent())
            self._finish()
            return
        self._attempt += 1
        self._screen.show_ready()

    def _turned_away(self, attempt: int, entry: ProfileEntry, error: AppError) -> None:
        assert entry.connection is not None
        if entry.id != self._open_id:
            self._memory.drop(entry.connection.account)
        if attempt == self._attempt:
            self._screen.show_fault(error)

    def _let_in(
        self,
        attempt: int,
        entry: ProfileEntry,
        secret: Secret,
        may_keep: bool,
        profile: Profile | None,
    ) -> None:
        assert entry.connection is not None
        if attempt != self._attempt:
            if profile is not None:
                self._abandon(entry, profile)
            return
        self._memory.put(entry.connection.account, secret)
        if profile is not None:
            entry = replace(entry, person_id=str(profile.person_id))
        self.keep(self.profiles.having(entry).choosing(entry.id))
        self._go_on = partial(self.entered.emit, entry, profile)
        if may_keep:
            self._screen.show_busy(self.tr("Keeping the password in the keyring…"))
            self.keep_password(entry, secret, self._finish)
        else:
            self._finish()

    def _finish(self) -> None:
        """Go on once: with the keyring's answer, or without it when nobody wants to wait."""
        if (go_on := self._go_on) is not None:
            self._go_on = None
            go_on()

    def _abandon(self, entry: ProfileEntry, profile: Profile) -> None:
        is_known = any(team.id == entry.id for team in self.profiles.teams)

        def work() -> None:
            profile.let_go()
            if not is_known:
                remove_files(self._home, entry)

        self._tasks.run(self, f"abandon {entry.id}", work, lambda _: None)

    # -- the password ---------------------------------------------------------------------

    def fetch_password(self, entry: ProfileEntry, done: Callable[[AppError | None], None]) -> None:
        """Take the password from the keyring into memory; ``done`` hears what kept it from that."""
        assert entry.connection is not None
        account = entry.connection.account

        def found(secret: Secret | None) -> None:
            if secret is not None:
                self._memory.put(account, secret)
                self.kept.emit()
            done(None)

        self._keyring.ask(partial(secrets.fetch, account), found, done, late=found)

    def keep_password(
        self, entry: ProfileEntry, secret: Secret, then: Callable[[], None] = lambda: None
    ) -> None:
        """Have the keyring keep the password, or forget it where the person wants it forgotten."""
        assert entry.connection is not None
        account = entry.connection.account
        self._memory.put(account, secret)
        if entry.keeps_password:
            work = partial(secrets.keep, account, secret)
        else:
            work = partial(secrets.forget, account)

        def failed(error: AppError) -> None:
            if entry.keeps_password:
                self.not_kept.emit(error)
            then()

        self._keyring.ask(work, lambda _: then(), failed, late=lambda _: self.kept.emit())

    # -- removing -------------------------------------------------------------------------

    def _ask_removal(self, id_: str) -> None:
        entry = self.profiles.get(id_)
        if entry.connection is not None and id_ != self._open_id:
            self._removal.ask(entry)

    def _forget(self, entry: ProfileEntry) -> None:
        self.keep(self.profiles.without(entry.id))
        self.choose(self._open_id or EMBEDDED)
