"""Signing in at a real PostgreSQL with real keys: first time, again, offline, and what fails."""

import json
import socket

from builders import DANA, MAYA
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication
from team_member import PASSWORD, Running

from desktop.bridge.profile import check_password
from desktop.views.dialogs.error import ErrorDialog
from desktop.views.sign_in.dialogs import ChangePasswordDialog
from desktop.widgets.form import FormField
from services.core.profiles import EMBEDDED, ProfileList
from services.core.secrets import Secret
from services.incidents.acts import LogIncident
from services.incidents.incident import Channel
from services.incidents.read_models import Worklist

# -- the first time ---------------------------------------------------------------------------


def test_joining_a_team_shows_its_queue_as_the_person_the_database_knows(member, start, ring):
    running = start()
    running.joined()
    running.until(lambda: running.desk.me == "Maya")
    assert running.desk.viewer.person_id == MAYA
    assert not running.desk.profile.trusts_desk
    assert ring.kept == {f"maya@127.0.0.1:{member.port}/{member.database}": PASSWORD}
    entry = member.profiles.current
    assert entry.name == f"127.0.0.1:{member.port}"
    assert entry.person_id == str(MAYA)
    assert not member.home.shared_database.exists()


def test_nobody_is_offered_to_work_as_somebody_else(start, ring):
    running = start()
    running.joined()
    running.until(lambda: running.desk.me == "Maya")
    assert len(running.desk.directory.agents) > 1
    assert running.program.window.navigation.presence.work_as_menu.actions() == []


def test_the_next_start_signs_in_by_itself(member, start, ring):
    start().joined()
    member.forget_session()
    running = start()
    running.until(lambda: running.program.workplace is not None)
    assert running.program.window.screen_name == "queue"
    running.online()
    assert not running.banner("Sign in")


def test_without_a_server_the_desk_opens_from_its_copy(member, start, ring):
    running = start()
    running.joined()
    incident = LogIncident(
        incident_id=running.desk.fresh_id(), number=running.desk.profile.replica.take_number(),
        summary="Before the night", channel=Channel.PHONE, reported_at=member.clock.now(),
        caller_id=DANA, owner_team_id=next(iter(running.desk.viewer.team_ids)),
    )  # fmt: skip
    running.desk.give(incident, said="")
    running.until(lambda: running.program.is_idle)
    kept = member.home.profiles.read_text(encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as reserved:
        nobody = reserved.getsockname()[1]
    member.forget_session()
    account = next(iter(ring.kept))
    ring.kept[account.replace(str(member.port), str(nobody))] = PASSWORD
    member.home.profiles.write_text(kept.replace(str(member.port), str(nobody)), encoding="utf-8")
    running = start()
    running.until(lambda: running.program.workplace is not None)
    running.until(lambda: running.banner("Working offline"))
    running.program.workplace.shell.show_worklist(Worklist.ALL_INCIDENTS)
    running.until(lambda: running.program.workplace.queue_screen.model.rowCount() == 1)
    assert running.desk.me == "Maya"
    assert not running.banner("Sign in")


# -- what can go wrong ------------------------------------------------------------------------


def test_a_wrong_password_is_said_at_its_field_and_nothing_typed_is_lost(member, start, ring):
    running = start()
    running.join(password="wrong")
    running.answered()
    assert "does not take this password for maya" in running.error_at("password")
    form = running.screen.form
    assert (form.user.text(), form.password.text()) == ("maya", "wrong")
    assert QApplication.focusWidget() is form.password
    assert ring.kept == {}
    assert not member.home.profiles.exists()
    assert list((member.home.data / "teams").glob("*")) == []


def test_after_a_wrong_password_the_right_one_lets_in(start, ring):
    running = start()
    running.join(password="wrong")
    running.answered()
    QTest.keyClicks(running.screen.form.password, PASSWORD)  # what was selected is replaced
    running.enter()
    running.until(lambda: running.program.workplace is not None)


def test_a_port_where_nobody_listens(start, ring):
    with socket.create_server(("127.0.0.1", 0)) as reserved:
        nobody = reserved.getsockname()[1]
    running = start()
    running.join(port=nobody)
    running.answered()
    assert "no database answers on that port" in running.error_at("server")


def test_a_database_that_is_not_there(start, ring):
    running = start()
    running.until(lambda: running.program.window.screen_name == "welcome")
    running.program.welcome.join_choice.click()
    running.fill()
    running.screen.form.advanced.database.setText("nix")
    running.enter()
    running.answered()
    assert "no database called nix" in running.error_at("database")
    assert running.screen.form.advanced.isVisible()


def test_a_database_without_firstline(member, start, ring, new_database):
    running = start()
    running.until(lambda: running.program.window.screen_name == "welcome")
    running.program.welcome.join_choice.click()
    running.fill()
    running.screen.form.advanced.database.setText(new_database())
    running.enter()
    running.answered()
    assert "finds no Firstline in it" in running.error_at("database")


def test_a_server_that_never_answers_can_be_cancelled(member, start, ring):
    with socket.create_server(("127.0.0.1", 0)) as mute:
        running = start()
        running.join(port=mute.getsockname()[1])
        assert running.screen.is_busy
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
        assert not running.screen.is_busy
        assert running.screen.form.password.text() == PASSWORD
        running.until(lambda: running.program.is_quiet)
    assert running.program.workplace is None
    assert running.error_at("server") == ""
    assert list((member.home.data / "teams").glob("*")) == []


def test_an_attempt_that_succeeds_after_it_was_cancelled_leaves_nothing(member, start, ring):
    running = start()
    running.join()
    running.screen.cancelled.emit()
    running.until(lambda: running.program.is_quiet)
    assert running.program.workplace is None
    assert member.profiles == ProfileList()
    assert list((member.home.data / "teams").glob("*")) == []


def test_a_team_that_is_here_already_is_not_joined_twice(start, ring):
    running = start()
    running.joined()
    running.program.window.hub.trigger("profile.switch")
    running.screen.add.click()
    running.fill()
    running.enter()
    assert "You already have this team here" in running.error_at("server")


def test_a_changed_password_asks_to_sign_in_again_and_work_goes_on(member, start, ring, databases):
    start().joined()
    member.forget_session()
    account = next(iter(ring.kept))
    ring.kept[account] = "an old one"
    running = start()
    running.until(lambda: running.banner("Sign in again"))
    (banner,) = running.banner("Sign in again")
    assert "does not take this password" in banner.accessibleName()
    assert member.memory.get(account) is None  # it is not tried again and again
    assert running.banner("Working offline") == []
    assert running.program.window.screen_name == "queue"
    button = next(b for b in banner.findChildren(QAbstractButton) if b.text() == "Sign in")
    button.click()
    assert running.program.window.screen_name == "sign_in"
    QTest.keyClicks(running.screen.form.password, PASSWORD)
    running.enter()
    running.until(lambda: running.program.window.screen_name == "queue")
    running.online()
    assert running.banner("Sign in again") == []
    assert ring.kept == {account: PASSWORD}


# -- several profiles -------------------------------------------------------------------------


def test_switching_to_this_computer_and_back(member, start, ring):
    running = start()
    running.joined()
    team_id = member.profiles.current_id
    running.program.window.hub.trigger("profile.switch")
    names = [row.name for row in running.screen.rows.rows]
    assert names[0] == "On this computer"
    running.screen.rows.setFocus()
    QTest.keyClick(running.screen.rows, Qt.Key.Key_Up)
    QTest.keyClick(running.screen.rows, Qt.Key.Key_Return)
    assert running.program.wants_another
    assert member.profiles.current_id == EMBEDDED
    running = start()
    running.until(lambda: running.program.window.screen_name == "welcome")
    running.program.welcome.empty_choice.click()
    running.until(lambda: running.program.workplace is not None)
    assert running.desk.profile.trusts_desk
    running.program.window.hub.trigger("profile.switch")
    QTest.keyClick(running.screen.rows, Qt.Key.Key_Down)
    assert running.screen.form.password.placeholderText() == "Kept in the keyring"
    running.enter()
    assert running.program.wants_another
    assert member.profiles.current_id == team_id
    running = start()
    running.until(lambda: running.program.workplace is not None)
    running.online()


def test_esc_goes_back_to_the_queue(start, ring):
    running = start()
    running.joined()
    running.program.window.hub.trigger("profile.switch")
    QTest.keyClick(running.screen.rows, Qt.Key.Key_Escape)
    assert running.program.window.screen_name == "queue"


def test_a_damaged_list_is_told_and_this_computers_profile_opens(member, start):
    member.home.create()
    member.home.profiles.write_text("{", encoding="utf-8")
    running = start()
    running.until(lambda: running.program.window.screen_name == "welcome")
    running.until(lambda: _dialogs(running))
    assert "list of profiles" in _dialogs(running)[0].accessibleName()


def _dialogs(running: Running) -> list[ErrorDialog]:
    return [d for d in running.program.window.findChildren(ErrorDialog) if d.isVisible()]


# -- another password -------------------------------------------------------------------------


def test_changing_the_password(member, start, ring, databases):
    running = start()
    running.joined(user="cleo")
    running.program.window.hub.trigger("profile.password")
    dialog = running.program.window.findChildren(ChangePasswordDialog)[0]
    QTest.keyClicks(dialog.old, "not the old one")
    QTest.keyClicks(dialog.new, "battery staple")
    QTest.keyClicks(dialog.again, "battery stapl")
    dialog.primary_button.click()
    assert _errors(dialog) == ["This is not the same as above."]
    QTest.keyClicks(dialog.again, "e")
    dialog.primary_button.click()
    running.until(lambda: any("does not take" in error for error in _errors(dialog)))
    dialog.old.clear()
    QTest.keyClicks(dialog.old, PASSWORD)
    dialog.primary_button.click()
    try:
        running.until(lambda: list(ring.kept.values()) == ["battery staple"])
        check_password(member.profiles.current.connection, Secret("battery staple"))
    finally:
        with databases.access.connect() as admin:  # logins belong to the server, not to the test
            admin.execute(f"ALTER ROLE cleo PASSWORD '{PASSWORD}'")


def _errors(dialog: ChangePasswordDialog) -> list[str]:
    return [field.error for field in dialog.findChildren(FormField) if field.error]


def test_the_file_of_the_profiles_never_holds_a_password(member, start, ring):
    start().joined()
    text = member.home.profiles.read_text(encoding="utf-8")
    assert PASSWORD not in text
    assert json.loads(text)["current"]
