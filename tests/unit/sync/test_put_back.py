"""A backup put back in place of the shared database loses nothing in silence."""

import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from uuid import UUID

import pytest
from builders import DANA, Desk, Office, Parts, log_command, note_command, notes_of
from wire import Wire

from services.incidents.incident import Incident
from services.sync.digest import BUCKETS
from services.sync.pending import PendingCommands
from services.sync.shared import ClientIdentity, Introduction, Welcome


def recorded(office: Office) -> dict[str, str]:
    """Every command of this day and what became of it."""
    with closing(sqlite3.connect(office.path)) as connection:
        found = connection.execute(
            "SELECT command_id, outcome FROM command WHERE name <> 'AddTeam'"
        )
        return dict(found.fetchall())


def incidents(desk: Desk) -> list[tuple[int, int]]:
    return [(i.number, i.version) for i in desk.find(Incident)]


def test_what_was_acknowledged_after_the_backup_comes_back_with_its_ids(office: Office) -> None:
    desk = office.desk("mine")
    kept = desk.log()
    backup = office.back_up()
    gone = desk.log()
    desk.start(gone)
    desk.do(note_command(gone, text="after the backup"))
    desk.do(note_command(kept, text="on an older one"))
    before = recorded(office)

    office.put_back(backup)
    assert len(recorded(office)) == len(before) - 4
    again = office.desk("mine")
    again.sync()

    assert recorded(office) == before
    assert not again.replica.pending()
    assert [n.text for n in notes_of(again, gone)] == ["after the backup"]
    fresh = office.desk("fresh")
    assert again.find(Incident) == fresh.find(Incident)
    assert len(again.find(Incident)) == 2


def test_numbers_used_after_the_backup_stay_with_their_incidents(office: Office) -> None:
    """Also those of a block that was reserved after it, so that the database knows no owner."""
    desk = office.desk("mine")
    for _ in range(48):
        desk.replica.take_number()
    backup = office.back_up()
    ids = [desk.log() for _ in range(5)]
    desk.replica.refill_numbers()
    while desk.replica.take_number() < 1220:
        pass
    ids.append(desk.log())
    numbers = {desk.incident(id_).number for id_ in ids}

    office.put_back(backup)
    again = office.desk("mine")
    again.sync()

    assert not again.replica.pending()
    assert {again.incident(id_).number for id_ in ids} == numbers
    for desk in (again, office.desk("other")):
        desk.log()
    all_numbers = [i.number for i in office.desk("fresh").find(Incident)]
    assert len(all_numbers) == len(set(all_numbers)) == 8


def test_a_desk_that_was_not_there_yet_is_known_again(office: Office) -> None:
    backup = office.back_up()
    desk = office.desk("mine")
    id_ = desk.log()
    name = desk.replica._identity.client_id
    office.put_back(backup)
    again = office.desk("mine")
    again.sync()
    assert again.replica._identity.client_id == name
    assert [i.id for i in again.find(Incident)] == [id_]


def test_what_was_only_acknowledged_comes_back_too(office: Office) -> None:
    """Applied there, but no pull had shown it when the backup was put back."""
    desk = office.desk("mine")
    id_ = desk.log()
    backup = office.back_up()
    desk.give(note_command(id_, text="acknowledged"))
    desk.replica.push()
    office.put_back(backup)
    again = office.desk("mine")
    again.sync()
    assert [n.text for n in notes_of(again, id_)] == ["acknowledged"]
    assert [n.text for n in notes_of(office.desk("fresh"), id_)] == ["acknowledged"]


def test_a_cursor_that_went_back_is_noticed_within_a_session(office: Office) -> None:
    desk = office.desk("mine")
    backup = office.back_up()
    id_ = desk.log()
    with closing(sqlite3.connect(backup)) as old, closing(sqlite3.connect(office.path)) as live:
        old.backup(live)
    with closing(sqlite3.connect(office.path)) as live, live:
        live.execute("UPDATE client SET nonce = ?", (str(desk.replica._identity.nonce),))
    desk.sync()
    assert [i.id for i in office.desk("fresh").find(Incident)] == [id_]


class OtherEpoch(Wire):
    """A server that was replaced: everything is there, but it is another one."""

    epoch = ""

    def hello(self, introduction: Introduction) -> Welcome:
        welcome = super().hello(introduction)
        return Welcome(epoch=self.epoch or welcome.epoch, now=welcome.now)


def test_commands_that_another_database_knows_are_not_given_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = office.desk("mine")
    id_ = desk.log()
    desk.close()
    office.desks.clear()
    monkeypatch.setattr(OtherEpoch, "epoch", "another")
    sent: list[object] = []

    class Watched(OtherEpoch):
        def submit(self, identity: ClientIdentity, batch):  # type: ignore[no-untyped-def]
            sent.extend(batch)
            return super().submit(identity, batch)

    again = office.desk("mine", parts=Parts(wire=Watched))
    assert again.told[0].is_everything, "copied again"
    again.replica.push()
    assert not sent
    assert [i.id for i in again.find(Incident)] == [id_]


class KnowsAll(Wire):
    """The control: a database that claims to have a record of everything."""

    def missing(self, command_ids: Sequence[UUID]) -> frozenset[UUID]:
        return frozenset()


def test_without_asking_what_is_missing_it_would_be_lost(office: Office) -> None:
    desk = office.desk("mine")
    backup = office.back_up()
    desk.log()
    office.put_back(backup)
    again = office.desk("mine", parts=Parts(wire=KnowsAll))
    again.sync()
    assert not again.find(Incident)
    assert not again.replica.pending()


def test_two_desks_bring_back_what_each_had_given(office: Office) -> None:
    one, two = office.desk("one"), office.desk("two")
    first = one.log()
    two.sync()
    backup = office.back_up()
    second = two.log()
    one.sync()
    one.do(note_command(second, text="on what a colleague logged"))
    two.do(note_command(first, text="from two"))
    office.put_back(backup)
    two = office.desk("two")
    two.sync()
    one = office.desk("one")
    for _ in range(2):
        one.sync()
        two.sync()
    assert not one.replica.pending() + two.replica.pending()
    for desk in (one, two):
        assert [n.text for n in notes_of(desk, second)] == ["on what a colleague logged"]
        assert [n.text for n in notes_of(desk, first)] == ["from two"]
        assert all(desk.replica.check(bucket) for bucket in range(BUCKETS))


def test_the_desk_that_comes_first_keeps_its_work_until_the_other_is_back(office: Office) -> None:
    """A note on what a colleague logged cannot come back before that; it is shown, not lost."""
    one, two = office.desk("one"), office.desk("two")
    backup = office.back_up()
    second = two.log()
    one.sync()
    one.do(note_command(second, text="early"))
    office.put_back(backup)
    one = office.desk("one")
    one.sync()
    assert [p.envelope.args["text"] for p in one.conflicts()] == ["early"]


def test_an_answer_lost_at_hello_is_no_reason_for_a_new_name(office: Office) -> None:
    class LosesWelcome(Wire):
        """The first hello arrives, its answer does not."""

        said = 0

        def hello(self, introduction: Introduction) -> Welcome:
            welcome = super().hello(introduction)
            LosesWelcome.said += 1
            if LosesWelcome.said == 1:
                self.is_cut = True
                self._ask()
            return welcome

    desk = office.desk("mine")
    name, numbers = desk.replica._identity.client_id, desk.replica.take_number()
    desk.close()
    office.desks.clear()
    again = office.desk("mine", parts=Parts(wire=LosesWelcome), is_connected=False)
    with pytest.raises(Exception, match="shared-unreachable"):
        again.connect()
    again.wire.is_cut = False
    again.told.clear()
    again.connect()
    assert again.replica._identity.client_id == name
    assert again.replica.take_number() == numbers + 1
    assert not any(change.is_everything for change in again.told), "copied without a reason"
    again.do(log_command(again), DANA)


def refused_copy(office: Office) -> tuple[UUID, Path]:
    """A desk was copied with an incident not sent yet. The copy's turn came first, under a name
    that its number is not reserved for, and the database that refused it is gone."""
    mine = office.desk("mine")
    log = mine.give(log_command(mine), DANA)
    backup = office.back_up()
    mine.close()
    shutil.copytree(mine.folder, office.folder / "copy")
    office.desk("mine")
    copy = office.desk("copy")
    copy.replica.push()
    assert [p.code for p in copy.conflicts()] == ["number-not-reserved"]
    return log.command_id, backup


def replace_by(office: Office, backup: Path) -> None:
    """Another server takes over with a backup."""
    office.put_back(backup)
    with closing(sqlite3.connect(office.path)) as server, server:
        server.execute("UPDATE meta SET epoch = 'another'")


def test_what_a_lost_database_refused_is_decided_anew(office: Office) -> None:
    command_id, backup = refused_copy(office)
    replace_by(office, backup)
    office.desk("mine").sync()
    copy = office.desk("copy")
    copy.sync()
    assert recorded(office)[str(command_id)] == "applied"
    assert not copy.replica.pending(), "done, and still said to be refused"


def test_without_opening_it_again_it_would_stay_refused(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, backup = refused_copy(office)
    replace_by(office, backup)
    monkeypatch.setattr(PendingCommands, "reopen", lambda *_: [])
    office.desk("mine").sync()
    copy = office.desk("copy")
    copy.sync()
    assert len(copy.conflicts()) == 1
