"""The way into a profile: what is on this computer first, then the keyring, then the server."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, Signal

from desktop.bridge.keyring_calls import KeyringCalls
from desktop.bridge.profile import (
    Ears,
    Profile,
    change_password,
    check_password,
    is_locked,
    open_team,
    sign_in,
)
from desktop.bridge.tasks import Tasks
from desktop.main_window import MainWindow
from desktop.presenters.profile_settings import ProfileSettings
from desktop.presenters.sign_in_presenter import Doors, SignInPresenter
from desktop.presenters.team_presenter import TeamPresenter
from desktop.views.sign_in.screen import SignInScreen
from services.core.clock import Clock
from services.core.errors import AppError
from services.core.paths import Home
from services.core.profiles import (
    ON_THIS_COMPUTER,
    ProfileEntry,
    ProfilesDamaged,
    load_profiles,
)
from services.core.secrets import PasswordMemory, Secret
from services.sync.shared import Welcome
from services.sync.worker import SyncState


class Entrance(QObject):
    """Opens the profile that was open last, and lets the person choose another.

    ``opened`` carries a team's open profile; ``embedded_chosen`` asks for the one on this
    computer, with the key of its files; ``another_wanted`` says that the next one is already
    chosen in the list; ``person_known`` carries the id of the person the database takes this
    one for.
    """

    opened = Signal(object)
    embedded_chosen = Signal(object)
    another_wanted = Signal()
    left = Signal()
    broken = Signal(object)
    person_known = Signal(object)
    _welcomed = Signal(object, object)

    def __init__(
        self,
        window: MainWindow,
        tasks: Tasks,
        home: Home,
        clock: Clock,
        memory: PasswordMemory,
        ears: Ears,
        *,
        is_guarded: bool = False,
    ) -> None:
        super().__init__()
        self._window, self._tasks = window, tasks
        self._home, self._clock, self._memory = home, clock, memory
        self._ears, self._is_guarded = ears, is_guarded
        self._keyring = KeyringCalls()
        self._entry = ON_THIS_COMPUTER
        self._profile: Profile | None = None
        self._not_kept: AppError | None = None
        self.team: TeamPresenter | None = None
        self.screen = SignInScreen()
        window.add_screen("sign_in", self.screen)
        self._settings = ProfileSettings(window, self._keyring)
        doors = Doors(self._enter, check_password)
        self.sign_in = SignInPresenter(
            window, self.screen, tasks, self._keyring, home, memory, doors
        )
        self._connect()

    def _connect(self) -> None:
        self.sign_in.chosen.connect(self._open_chosen)
        self.sign_in.entered.connect(self._open_entered)
        self.sign_in.not_kept.connect(self._note_not_kept)
        self.sign_in.kept.connect(self._note_kept)
        self.sign_in.left.connect(self.left)
        self._settings.changed.connect(self._take_settings)
        self._window.hub.triggered.connect(self._act)
        self._welcomed.connect(self._note_person)

    def begin(self) -> None:
        """Open the profile that was chosen last; a damaged list is told, and this computer's
        own profile opens."""
        try:
            self.sign_in.profiles = load_profiles(self._home.profiles)
        except ProfilesDamaged as error:
            self.broken.emit(error)
        profiles = self.sign_in.profiles
        if is_locked(self._home):  # the files know it better than the list
            embedded = replace(profiles.embedded, is_cache_encrypted=True)
            self.sign_in.profiles = profiles.having(embedded)
        self._open_as_it_is(self.sign_in.profiles.current)

    def attend(self, profile: Profile) -> None:
        """A profile is open now, with its files as they were wanted."""
        self._profile = profile
        entry = self.sign_in.profiles.get(self._entry.id)
        if entry.is_to_be_plain:
            plain = replace(entry, is_cache_encrypted=False, is_to_be_plain=False)
            self.sign_in.keep(self.sign_in.profiles.having(plain))

    def join(self) -> None:
        """Ask for a team that is new here."""
        self._window.navigation.setVisible(self._profile is not None)
        self.sign_in.show(self._open_id, can_leave=True)
        self.sign_in.add()

    def show_sync(self, state: SyncState) -> None:
        """Let the banners follow how sync stands."""
        if self.team is not None:
            self.team.show_sync(state)

    def stop(self) -> None:
        """Care for no answer of the keyring any more."""
        self._keyring.stop()

    @property
    def is_idle(self) -> bool:
        """Whether the keyring has answered everything."""
        return self._keyring.is_idle

    # -- opening --------------------------------------------------------------------------

    def _open_as_it_is(self, entry: ProfileEntry) -> None:
        """Open what is on this computer at once; keyring and server come after."""
        if entry.connection is not None and not entry.person_id:
            self._show(entry)  # its database has never been reached
            self.sign_in.sign_in_silently(entry)
            return
        self.sign_in.unlock(entry, partial(self._open_unlocked, entry))

    def _open_unlocked(self, entry: ProfileEntry, key: Secret | None) -> None:
        if entry.connection is None:
            self.embedded_chosen.emit(key)
            return
        if self._memory.get(entry.connection.account) is None:
            self._ask_keyring(entry)
        work = partial(
            open_team, self._home, self._clock, entry, self._memory, self._ears_of(entry), key,
            is_guarded=self._is_guarded,
        )  # fmt: skip
        self._tasks.run(self, "open", work, partial(self._welcome_in, entry), self.broken.emit)

    def _enter(self, entry: ProfileEntry, key: Secret | None) -> Profile:
        """Open a team's profile and wait for its server; runs in the background."""
        return sign_in(
            self._home, self._clock, entry, self._memory, self._ears_of(entry), key,
            is_guarded=self._is_guarded,
        )  # fmt: skip

    def _ears_of(self, entry: ProfileEntry) -> Ears:
        welcomed: Callable[[Welcome], None] = partial(self._welcomed.emit, entry)
        return replace(self._ears, welcomed=welcomed)

    def _welcome_in(self, entry: ProfileEntry, profile: Profile) -> None:
        assert entry.connection is not None
        self._entry = entry
        team = TeamPresenter(self._window, self._tasks, entry.connection, change_password)
        team.is_asking_keyring = not self._keyring.is_idle
        team.sign_in_requested.connect(lambda: self._show(entry))
        team.password_changed.connect(self._keep_password)
        self.team = team
        if self._not_kept is not None:
            team.say_not_kept(self._not_kept)
        self.opened.emit(profile)

    def _open_chosen(self, entry: ProfileEntry) -> None:
        """Open another profile as it is on this computer."""
        if self._profile is not None:
            self.another_wanted.emit()
        else:
            self._open_as_it_is(entry)

    def _open_entered(self, entry: ProfileEntry, profile: Profile | None) -> None:
        """A server let the person in: go on with its profile."""
        if profile is None:
            self._go_on(entry)
        elif self._profile is None:
            self._welcome_in(entry, profile)
        else:
            again = self.another_wanted.emit
            self._tasks.run(self, "let go", profile.let_go, lambda _: again())

    def _go_on(self, entry: ProfileEntry) -> None:
        """The open profile has a password again."""
        if entry.connection != self._entry.connection or self._profile is None:
            self.another_wanted.emit()
            return
        self._profile.worker.wake()
        self.left.emit()

    # -- the screen -----------------------------------------------------------------------

    @property
    def _open_id(self) -> str:
        return self._entry.id if self._profile is not None else ""

    def _act(self, id_: str) -> None:
        if id_ == "profile.switch":
            self._show(self._entry)
        elif id_ == "profile.settings" and self._profile is not None:
            self._settings.ask(self.sign_in.profiles.get(self._entry.id), self._profile)
        elif id_ == "profile.password":
            if self.team is None:
                self._window.snack(self.tr("This profile has no password."))
            else:
                self.team.ask_password()

    def _take_settings(self, entry: ProfileEntry, needs_opening: bool) -> None:
        profiles = self.sign_in.profiles.having(entry)
        self.sign_in.keep(profiles.choosing(entry.id))
        if needs_opening:
            self.another_wanted.emit()
        elif self._entry.id == entry.id:
            self._entry = entry

    def _show(self, entry: ProfileEntry) -> None:
        self._window.navigation.setVisible(self._profile is not None)
        self.sign_in.show(self._open_id, can_leave=self._profile is not None)
        self.sign_in.choose(entry.id)

    # -- password and person --------------------------------------------------------------

    def _ask_keyring(self, entry: ProfileEntry) -> None:
        def done(error: AppError | None) -> None:
            if self.team is not None:
                self.team.is_asking_keyring = False
            if error is not None:
                self._note_not_kept(error)
            if self._profile is not None:
                self._profile.worker.wake()

        self.sign_in.fetch_password(entry, done)

    def _keep_password(self, secret: Secret) -> None:
        self.sign_in.keep_password(self._entry, secret)

    def _note_not_kept(self, error: AppError) -> None:
        self._not_kept = error
        if self.team is not None:
            self.team.say_not_kept(error)

    def _note_kept(self) -> None:
        """The keyring has the password after all."""
        self._not_kept = None
        if self.team is not None:
            self.team.clear_not_kept()

    def _note_person(self, entry: ProfileEntry, welcome: Welcome) -> None:
        """Remember who the database takes the person for, so that it is known offline too."""
        if welcome.person_id is None or self._entry.id != entry.id:
            return
        kept = self.sign_in.profiles.get(entry.id)
        person_id = str(welcome.person_id)
        if kept.id == entry.id and kept.person_id != person_id:
            known = self.sign_in.profiles.having(replace(kept, person_id=person_id))
            self.sign_in.keep(known)
        self.person_known.emit(welcome.person_id)
