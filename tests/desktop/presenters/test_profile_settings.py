"""Changing a profile after joining: what is kept, how it connects, who can read its files."""

import keyring
import pytest
from builders import DANA, START
from keyring.backends.fail import Keyring as NoKeyring
from keyring.errors import KeyringLocked
from running_desk import FOUNDER
from team_member import Member, Running

from desktop.bootstrap import Program, Setting
from desktop.tour.driver import pause
from desktop.views.sign_in.settings import ProfileSettingsDialog
from desktop.widgets.banner import Banner
from desktop.widgets.labels import PlainLabel
from services.core.cipher import is_plain, mark_of
from services.core.clock import ManualClock
from services.core.paths import Home, home_at
from services.core.profiles import EMBEDDED, Tls, load_profiles
from services.incidents.acts import LogIncident
from services.incidents.incident import Channel


@pytest.fixture
def home(qtbot, tmp_path) -> Home:
    return home_at(tmp_path).create()


class Started:
    """The program on a home, until the end of the block."""

    def __init__(self, home: Home) -> None:
        self.program = Program(Setting(home, ManualClock(START), FOUNDER, is_guarded=True))

    def __enter__(self) -> "Started":
        self.program.start()
        pause(0)
        return self

    def __exit__(self, *_: object) -> None:
        self.program.quit()
        self.program.window.deleteLater()
        pause(0)

    def until(self, seen) -> None:
        for _ in range(1_000):
            if seen():
                return
            pause(10)
        raise AssertionError("what was waited for did not come")

    def opened(self) -> "Started":
        program = self.program
        self.until(lambda: program.workplace or program.window.screen_name == "welcome")
        if program.workplace is None:
            program.welcome.empty_choice.click()
        self.until(lambda: program.workplace is not None and program.is_idle)
        self.until(lambda: not program.workplace.desk.profile.replica.needs_snapshot)
        return self


def settings_of(program: Program) -> ProfileSettingsDialog:
    program.window.hub.trigger("profile.settings")
    return program.window.findChildren(ProfileSettingsDialog)[-1]


def footer(dialog: ProfileSettingsDialog) -> str:
    return " ".join(label.text() for label in dialog.findChildren(PlainLabel))


def files(home: Home) -> list[bool]:
    """Which of the local files anybody can read."""
    return [is_plain(file) for file in (home.journal, home.drafts, home.replica)]


def encrypt(home: Home) -> None:
    with Started(home) as started:
        started.opened()
        dialog = settings_of(started.program)
        dialog.advanced.encrypt.setChecked(True)
        dialog.submit()
        started.until(lambda: started.program.wants_another)


# -- the profile on this computer -------------------------------------------------------------


def test_encryption_is_switched_on_and_off_and_nothing_is_lost(home, ring):
    encrypt(home)
    assert files(home) == [True, True, True]  # the next opening does it
    with Started(home) as started:
        started.opened()
        started.program.workplace.desk.profile.drafts.save("note/1", {"text": "kept"}, START)
        assert files(home) == [False, False, False]
        assert is_plain(home.shared_database)
        banners = [b for b in started.program.window.findChildren(Banner) if b.isVisible()]
        assert banners == []  # the person wanted it: nothing is told as damage
        dialog = settings_of(started.program)
        assert dialog.advanced.encrypt.isChecked()
        dialog.advanced.encrypt.setChecked(False)
        dialog.submit()
        started.until(lambda: started.program.wants_another)
    assert files(home) == [False, False, False]
    with Started(home) as started:
        started.opened()
        drafts = started.program.workplace.desk.profile.drafts
        assert drafts.load("note/1") == {"text": "kept"}
        assert files(home) == [True, True, True]
        assert not any(mark_of(f).exists() for f in (home.journal, home.drafts, home.replica))
        assert not load_profiles(home.profiles).embedded.is_cache_encrypted


@pytest.mark.parametrize("is_missing", [True, False])
def test_without_a_keyring_it_is_refused_and_nothing_changes(home, ring, is_missing):
    if is_missing:
        keyring.set_keyring(NoKeyring())
    else:
        ring.failure = KeyringLocked("x")
    with Started(home) as started:
        started.opened()
        dialog = settings_of(started.program)
        dialog.advanced.encrypt.setChecked(True)
        dialog.submit()
        started.until(lambda: "cannot be fetched" in footer(dialog))
        assert ("no keyring" if is_missing else "stayed locked") in footer(dialog)
        assert dialog.primary_button.isEnabled()
        assert not started.program.wants_another
    assert files(home) == [True, True, True]
    assert not load_profiles(home.profiles).embedded.is_cache_encrypted


def test_a_lost_list_of_profiles_decrypts_nothing(home, ring):
    encrypt(home)
    with Started(home) as started:
        started.opened()
    home.profiles.unlink()
    ring.failure = KeyringLocked("x")
    with Started(home) as started:
        screen = started.program.entrance.screen
        started.until(lambda: "cannot be fetched" in screen.message)
        assert started.program.workplace is None
        ring.failure = None
        screen.sign_in.click()
        started.opened()
    assert files(home) == [False, False, False]


def test_of_this_computer_only_encryption_can_be_changed(home, ring):
    with Started(home) as started:
        started.opened()
        dialog = settings_of(started.program)
        fields = dialog.advanced
        shown = (fields.name, fields.database, fields.root_certificate, fields.closed_days)
        assert not any(field.isVisible() for field in (*shown, fields.tls))
        assert fields.encrypt.isVisible()
        assert "database itself is not encrypted" in footer(dialog)
        dialog.submit()
        assert not started.program.wants_another
    assert load_profiles(home.profiles).current_id == EMBEDDED


# -- a team's profile -------------------------------------------------------------------------


def log_here(running: Running, member: Member) -> None:
    """An incident that is saved here only."""
    replica = running.desk.profile.replica
    replica.execute(
        LogIncident(
            incident_id=running.desk.fresh_id(), number=replica.take_number(), summary="Saved here",
            channel=Channel.PHONE, reported_at=member.clock.now(), caller_id=DANA,
            owner_team_id=next(iter(running.desk.viewer.team_ids)),
        ),
        running.desk.viewer.person_id,
    )  # fmt: skip


def test_another_span_is_copied_at_once_and_kept(member, start, ring):
    running = start()
    running.joined()
    copies: list[object] = []
    running.program._synced.connect(lambda state: copies.append(state.copying))
    dialog = settings_of(running.program)
    dialog.advanced.closed_days.set_current("30")
    dialog.advanced.name.setText("Night desk")
    dialog.submit()
    running.until(lambda: any(copies))
    running.until(lambda: running.desk.profile.replica.keeps_as_wanted)
    assert not running.program.wants_another
    entry = member.profiles.current
    assert (entry.closed_days, entry.name) == (30, "Night desk")
    assert settings_of(running.program).advanced.chosen_days == 30


def test_what_is_not_changed_is_not_copied_again(member, start, ring):
    running = start()
    running.joined()
    copies: list[object] = []
    running.program._synced.connect(lambda state: copies.append(state.copying))
    settings_of(running.program).submit()
    running.program.workplace.desk.profile.worker.wake()
    pause(300)
    assert not any(copies)


def test_another_protection_of_the_line_opens_the_profile_again(member, start, ring):
    running = start()
    running.joined()
    dialog = settings_of(running.program)
    dialog.advanced.tls.set_current(Tls.REQUIRE.value)
    dialog.submit()
    running.until(lambda: running.program.wants_another)
    assert member.profiles.current.connection.tls is Tls.REQUIRE


def test_unsent_work_survives_being_encrypted_and_decrypted(member, start, ring):
    running = start()
    running.joined()
    running.desk.profile.worker.stop()
    log_here(running, member)
    running = switched(running, member, start, is_on=True)
    running = switched(running, member, start, is_on=False)
    running.until(lambda: not running.desk.profile.replica.needs_snapshot)
    rows = running.desk.profile.replica._cache.rows.connection
    assert [row[0] for row in rows.execute("SELECT summary FROM incident")] == ["Saved here"]


def switched(before: Running, member: Member, start, *, is_on: bool) -> Running:
    dialog = settings_of(before.program)
    dialog.advanced.encrypt.setChecked(is_on)
    dialog.submit()
    before.until(lambda: before.program.wants_another)
    running = start()
    running.until(lambda: running.program.workplace is not None)
    own = member.home.of_team(member.profiles.current_id)
    assert [is_plain(file) for file in (own.journal, own.drafts)] == [not is_on] * 2
    return running
