"""Profiles that are removed, with their files, their password and, if one insists, unsent work."""

import json

from builders import DANA, MAYA
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from team_member import Member, Running

from desktop.tour.driver import pause
from desktop.views.sign_in.dialogs import RemoveProfileDialog
from desktop.widgets.labels import PlainLabel
from services.core.cipher import is_plain
from services.incidents.acts import LogIncident
from services.incidents.incident import Channel
from services.sync.envelope import envelope_from_json, unseal


def footer_of(dialog: RemoveProfileDialog) -> str:
    return " ".join(label.text() for label in dialog.findChildren(PlainLabel))


def _leave_team(running: Running) -> None:
    running.program.window.hub.trigger("profile.switch")
    running.screen.rows.setCurrentRow(0)
    QTest.keyClick(running.screen.rows, Qt.Key.Key_Return)


def _removal(running: Running) -> RemoveProfileDialog:
    running.until(lambda: running.program.window.screen_name == "welcome")
    running.program.entrance.join()
    running.screen.rows.setCurrentRow(1)
    running.screen.remove.click()
    running.until(lambda: running.program.window.findChildren(RemoveProfileDialog))
    return running.program.window.findChildren(RemoveProfileDialog)[0]


def test_removing_a_profile_deletes_its_files_and_its_password(member, start, ring):
    running = start()
    running.joined()
    _leave_team(running)
    running = start()
    dialog = _removal(running)
    dialog.primary_button.click()
    running.until(lambda: member.profiles.teams == ())
    assert ring.kept == {}
    assert list((member.home.data / "teams").glob("*")) == []
    assert list((member.home.cache / "teams").glob("*")) == []


def test_a_profile_with_unsent_work_is_removed_only_if_one_insists(member, start, ring):
    running = start()
    running.joined()
    replica = running.desk.profile.replica
    running.desk.profile.worker.stop()
    number = replica.take_number()
    replica.execute(
        LogIncident(
            incident_id=running.desk.fresh_id(), number=number, summary="Never sent",
            channel=Channel.PHONE, reported_at=member.clock.now(), caller_id=DANA,
            owner_team_id=next(iter(running.desk.viewer.team_ids)),
        ),
        MAYA,
    )  # fmt: skip
    _leave_team(running)
    running = start()
    dialog = _removal(running)
    assert not dialog.primary_button.isEnabled()
    QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    dialog.submit()
    pause(50)
    assert len(member.profiles.teams) == 1
    file = member.home.data / "unsent.jsonl"
    dialog.file_chosen.emit(str(file))
    running.until(file.exists)
    running.until(lambda: "1 change saved" in footer_of(dialog))
    (line,) = map(json.loads, file.read_text(encoding="utf-8").splitlines())
    assert (line["what"], line["incident"]) == ("logged the incident", f"INC-{number}")
    assert line["summary"] == "Never sent"
    assert unseal(envelope_from_json(json.dumps(line["command"])), LogIncident).number == number
    assert not dialog.primary_button.isEnabled()  # saved elsewhere, they are still not sent
    dialog.file_chosen.emit(str(member.home.data))
    running.until(lambda: "could not be written" in footer_of(dialog))
    dialog.insist.click()
    dialog.primary_button.click()
    running.until(lambda: member.profiles.teams == ())


def test_an_encrypted_copy_is_never_plain_and_its_key_goes_with_it(member, start, ring):
    running = start()
    running.until(lambda: running.program.window.screen_name == "welcome")
    running.program.welcome.join_choice.click()
    running.fill()
    running.screen.form.advanced.encrypt.setChecked(True)
    running.enter()
    running.until(lambda: running.program.workplace is not None)
    running.online()
    own = member.home.of_team(member.profiles.current_id)
    assert not any(is_plain(path) for path in (own.replica, own.journal, own.drafts))
    assert len(ring.kept) == 2
    _leave_team(running)
    _removal(start()).primary_button.click()
    _until_removed(member)
    assert ring.kept == {}


def _until_removed(member: Member) -> None:
    for _ in range(500):
        if member.profiles.teams == ():
            return
        pause(10)
    raise AssertionError("the profile is still there")


def test_the_open_profile_is_not_removed(start, ring):
    running = start()
    running.joined()
    running.program.window.hub.trigger("profile.switch")
    assert not running.screen.remove.isEnabled()
    assert "Switch" in running.screen.remove.toolTip()
