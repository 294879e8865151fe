"""Programs of two versions work side by side, and one that is too old is told so politely."""

from dataclasses import dataclass, replace
from typing import ClassVar

import pytest
from builders import Parts, note_command, notes_of
from team import Team
from wire import Wire

from services.core.records import Record
from services.core.release import DOMAIN_VERSION
from services.incidents.acts import StartIncident
from services.incidents.incident import Incident, IncidentState
from services.registry import RECORDS
from services.sync.errors import ProgramTooNew, ProgramTooOld
from services.sync.pending import PendingState
from services.sync.postgres.deciding import writing_functions
from services.sync.shared import Introduction, Welcome


class Newer(Wire):
    """A program of the next version, as the shared database sees it."""

    def hello(self, introduction: Introduction) -> Welcome:
        return super().hello(replace(introduction, domain_version=DOMAIN_VERSION + 1))


NEWER = Parts(wire=Newer)


def admit(team: Team, oldest: int, newest: int) -> None:
    """From now on programs of these versions may give commands."""
    with team.databases.access.connect(team.database) as admin:
        admin.execute(
            "UPDATE firstline.meta SET min_domain_version = %s, max_domain_version = %s",
            (DOMAIN_VERSION + oldest, DOMAIN_VERSION + newest),
        )


def test_a_program_that_became_too_old_keeps_its_commands(team: Team) -> None:
    old = team.desk("old")
    early = team.desk("early", parts=NEWER, is_connected=False)
    with pytest.raises(ProgramTooNew):
        early.connect()
    admit(team, 0, 1)
    early.connect()
    new = team.desk("new", parts=NEWER)
    id_ = new.log()
    old.sync()
    old.give(note_command(id_, text="of the old one"))
    admit(team, 1, 1)
    with pytest.raises(ProgramTooOld):
        old.replica.push()  # on the session it had
    with pytest.raises(ProgramTooOld):
        old.connect()
    assert [p.state for p in old.replica.pending()] == [PendingState.WAITING]
    assert [note.text for note in notes_of(old, id_)] == ["of the old one"]
    new.do(StartIncident(incident_id=id_))  # the others go on
    old.close()
    team.desks.remove(old)
    updated = team.desk("old", parts=NEWER)
    updated.sync()
    new.sync()
    assert not updated.replica.pending()
    assert [note.text for note in notes_of(new, id_)] == ["of the old one"]
    assert updated.incident(id_).state is IncidentState.IN_PROGRESS


@dataclass(frozen=True, kw_only=True)
class NewerIncident(Incident):
    """An incident as the next program knows it."""

    TABLE: ClassVar[str] = "incident"
    risk: str = "none"


def upgrade(team: Team) -> None:
    """What the migration of a newer program does: one more column, and functions that know it."""
    records: list[type[Record]] = [NewerIncident if r is Incident else r for r in RECORDS]
    functions = [text for text in writing_functions(records) if "FUNCTION write_incident(" in text]
    with team.databases.access.connect(team.database) as admin, admin.transaction():
        admin.execute("SET LOCAL search_path = firstline, pg_catalog")
        admin.execute("ALTER TABLE incident ADD COLUMN risk text NOT NULL DEFAULT 'none'")
        for text in functions:
            admin.execute(text.encode())


def risk_of(team: Team, number: int) -> object:
    with team.databases.access.connect(team.database) as admin:
        row = admin.execute(
            "SELECT risk FROM firstline.incident WHERE number = %s", (number,)
        ).fetchone()
    assert row
    return row[0]


def test_a_newer_column_disturbs_no_older_desk_and_is_not_erased(team: Team) -> None:
    old, other = team.desk("old"), team.desk("other")
    before = old.log()
    other.sync()
    upgrade(team)
    with team.databases.access.connect(team.database) as admin, admin.transaction():
        admin.execute("SET LOCAL session_replication_role = replica")
        admin.execute("UPDATE firstline.incident SET risk = 'high' WHERE id = %s", (before,))
    old.do(StartIncident(incident_id=before))
    after = old.log()
    for desk in (old, other, team.desk("fresh")):
        desk.sync()
        assert desk.incident(before).state is IncidentState.IN_PROGRESS
        assert desk.incident(after).state is IncidentState.NEW
    assert risk_of(team, old.incident(before).number) == "high"
    assert risk_of(team, old.incident(after).number) == "none"
