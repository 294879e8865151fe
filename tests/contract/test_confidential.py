"""What a person may not read never reaches their desk, and leaves it when they may no longer."""

import random
from collections.abc import Callable, Iterator
from uuid import UUID, uuid4

import pytest
from builders import (
    DANA,
    DESK_TEAM,
    KIM,
    MAYA,
    MONA,
    NAMES,
    NETWORK,
    START,
    THEO,
    VENDOR,
    VERA,
    Desk,
    note_command,
    notes_of,
)
from team import Team

from services.admin import postgres_people as people
from services.incidents import acts
from services.incidents.directory import Directory
from services.incidents.incident import Escalation, HistoryEntry, Incident, Note
from services.incidents.visibility import may_read
from services.paging.acts import PagePeople
from services.paging.page import Page
from services.people.commands import ChangeTeam, PlaceInTeam
from services.people.person import Person, PersonRole, Role, TeamMember, Tier
from services.people.person import Team as TeamRecord

SUMMARY, WORDS = "Zanzibar", "Quetzalcoatl"


def bytes_of(desk: Desk) -> bytes:
    """All that the desk's folder holds: cache, journal, and what SQLite keeps beside them."""
    return b"".join(file.read_bytes() for file in sorted(desk.folder.iterdir()))


def restricted(desk: Desk, id_: UUID, is_confidential: bool) -> acts.RestrictIncident:
    return acts.RestrictIncident(
        incident_id=id_,
        is_confidential=is_confidential,
        reason="Personal data",
        seen_is_confidential=desk.incident(id_).is_confidential,
    )


def assigned(desk: Desk, id_: UUID, who: UUID) -> acts.AssignIncident:
    before = desk.incident(id_)
    return acts.AssignIncident(
        incident_id=id_,
        assignee_id=who,
        seen_team_id=before.team_id,
        seen_assignee_id=before.assignee_id,
    )


def asked(desk: Desk, id_: UUID) -> acts.EscalateUp:
    return acts.EscalateUp(
        incident_id=id_,
        escalation_id=uuid4(),
        to_person_id=MONA,
        reason="Cost",
        need="A decision",
        needed_by=START,
    )


BELONGING = (Note, Escalation, HistoryEntry, Page)


def whole(desk: Desk, id_: UUID) -> dict[str, set[object]]:
    """All that a desk shows of an incident."""
    found = {"incident": set(desk.find(Incident, id=id_))}
    for record in BELONGING:
        found[record.TABLE] = set(desk.find(record, incident_id=id_))
    return found


NOTHING: dict[str, set[object]] = {
    "incident": set(), **{record.TABLE: set() for record in BELONGING}
}  # fmt: skip


class Desks:
    """Dana's desk, who logs, and the desk of somebody who may or may not read that."""

    def __init__(self, team: Team, other: str) -> None:
        self.team = team
        self.dana = team.desk(login="dana")
        self.other = team.desk(login=other)

    def secret(self, **given: object) -> UUID:
        id_ = self.dana.log(is_confidential=True, summary=SUMMARY, **given)
        self.dana.do(note_command(id_, text=WORDS))
        page = PagePeople(page_id=uuid4(), incident_id=id_, person_ids=(VERA,), reason=WORDS)
        self.dana.do(page)
        return id_

    def settle(self) -> None:
        """Both know all that they may."""
        for desk in (self.dana, self.other):
            desk.sync()

    def is_whole(self, id_: UUID) -> bool:
        """Whether the other desk shows all of it; the alternative is nothing at all."""
        self.settle()
        shown = whole(self.other, id_)
        assert shown in (whole(self.dana, id_), NOTHING)
        return shown != NOTHING


@pytest.fixture
def theos(team: Team) -> Desks:
    return Desks(team, "theo")


def test_a_desk_without_the_right_never_holds_its_bytes(theos: Desks) -> None:
    shown = theos.dana.log(summary="Public")
    hidden = theos.secret()
    child = theos.dana.log(summary="Child")
    theos.dana.do(acts.LinkToParent(incident_id=child, parent_id=hidden, seen_parent_id=None))
    theos.settle()
    fresh = theos.team.desk("fresh", login="theo")
    for desk in (theos.other, fresh):
        assert desk.find(Incident, id=shown)
        assert desk.find(Incident, id=child)
        assert whole(desk, hidden) == NOTHING
        assert all(desk.replica.check(bucket) for bucket in range(16))
        held = bytes_of(desk)
        assert b"Public" in held
        assert SUMMARY.encode() not in held
        assert WORDS.encode() not in held
    assert SUMMARY.encode() in bytes_of(theos.dana), "the file would tell"
    assert WORDS.encode() in bytes_of(theos.dana)


def test_what_is_asked_for_by_name_stays_hidden(theos: Desks) -> None:
    hidden = theos.secret()
    number = theos.dana.incident(hidden).number
    shared = theos.other.wire.inner
    assert shared.find_number(number) is None
    assert all(changed.row is None for changed in shared.fetch([hidden]))
    theos.dana.replica.be_present(hidden, is_writing=True)
    assert theos.other.replica.be_present(None, is_writing=False) == ()
    open_ = theos.dana.log()
    theos.dana.replica.be_present(open_, is_writing=True)
    [present] = theos.other.replica.be_present(None, is_writing=False)
    assert (present.person_id, present.incident_id) == (DANA, open_)


def test_the_mark_takes_it_away_and_gives_it_back(theos: Desks) -> None:
    id_ = theos.dana.log()
    theos.dana.do(note_command(id_))
    assert theos.is_whole(id_)
    theos.dana.do(restricted(theos.dana, id_, True))
    assert not theos.is_whole(id_)
    theos.dana.do(restricted(theos.dana, id_, False))
    assert theos.is_whole(id_)
    assert notes_of(theos.other, id_)


def test_assigning_gives_it_and_takes_it(theos: Desks) -> None:
    id_ = theos.secret()
    assert not theos.is_whole(id_)
    theos.dana.do(assigned(theos.dana, id_, THEO))
    assert theos.is_whole(id_)
    theos.dana.do(assigned(theos.dana, id_, DANA))
    assert not theos.is_whole(id_)


def test_a_team_reads_what_it_was_offered(theos: Desks) -> None:
    id_ = theos.dana.escalate(theos.dana.start(theos.secret()))
    assert theos.is_whole(id_)
    theos.other.accept(id_)
    theos.other.do(acts.HandBackEscalation(incident_id=id_, remark="Done"), THEO)
    assert not theos.is_whole(id_)


def test_who_is_asked_reads_it_until_they_answered(team: Team) -> None:
    monas = Desks(team, "mona")
    id_ = monas.dana.log(is_confidential=True)
    assert not monas.is_whole(id_)
    monas.dana.do(asked(monas.dana, id_))
    assert monas.is_whole(id_)
    [question] = monas.other.find(Escalation, incident_id=id_)
    answer = acts.AnswerEscalation(incident_id=id_, escalation_id=question.id, answer="Yes")
    monas.other.do(answer, MONA)
    assert not monas.is_whole(id_)


def _left(team: Team, desk: Desk, is_there: bool) -> None:
    desk.do(PlaceInTeam(team_id=NETWORK, person_id=THEO, is_active=is_there), MAYA)


def _tier(team: Team, desk: Desk, is_there: bool) -> None:
    tier = Tier.SECOND if is_there else Tier.SERVICE_DESK
    network = desk.get(TeamRecord, NETWORK)
    desk.do(
        ChangeTeam(team_id=NETWORK, name=network.name, tier=tier, lead_id=network.lead_id,
                   phone=network.phone, is_active=True), MAYA)  # fmt: skip


@pytest.mark.parametrize("change", [_left, _tier])
def test_a_place_in_a_team_takes_it_and_gives_it(
    theos: Desks, change: Callable[[Team, Desk, bool], None]
) -> None:
    mayas = theos.team.desk(login="maya")
    id_ = theos.dana.escalate(theos.dana.start(theos.secret()))
    assert theos.is_whole(id_)
    change(theos.team, mayas, False)
    assert not theos.is_whole(id_)
    change(theos.team, mayas, True)
    assert theos.is_whole(id_)


def test_a_role_gives_it_and_takes_it(theos: Desks) -> None:
    id_ = theos.secret()
    with theos.team.databases.access.connect(theos.team.database) as admin:
        for is_member in (True, False):
            people.change_role(
                admin, theos.team.clock, "theo", Role.INCIDENT_MANAGER, is_member=is_member
            )
            assert theos.is_whole(id_) == is_member


# -- the rule on the desk and the condition of the database ------------------------------------

SHAKEN = """
    UPDATE firstline.incident i SET is_confidential = %(secret)s, owner_id = %(owner)s,
        assignee_id = %(assignee)s, opened_by_id = %(opener)s, team_id = %(team)s WHERE id = %(id)s
"""


def shaken(team: Team, desk: Desk, chance: random.Random) -> None:
    """People and teams of every incident, and the standing of every question, as chance has it."""
    logins = [*NAMES, None]
    with team.databases.access.connect(team.database) as admin:
        admin.execute("SET session_replication_role = replica")
        for incident in desk.find(Incident):
            row = {
                "id": incident.id,
                "secret": chance.random() < 0.9,
                "owner": chance.choice(logins),
                "assignee": chance.choice(logins),
                "opener": chance.choice(list(NAMES)),
                "team": chance.choice((DESK_TEAM, NETWORK, VENDOR)),
            }
            admin.execute(SHAKEN, row)
        for escalation in desk.find(Escalation):
            admin.execute(
                "UPDATE firstline.escalation SET to_person_id = %s, state = %s WHERE id = %s",
                (chance.choice(list(NAMES)), chance.choice(("told", "answered")), escalation.id),
            )
        for place in desk.find(TeamMember):
            admin.execute(
                "UPDATE firstline.team_member SET is_active = %s WHERE id = %s",
                (chance.random() < 0.7, place.id),
            )


def read_by(team: Team, login: str) -> set[UUID]:
    """What the database shows a person."""
    with team.databases.access.connect(team.database) as connection:
        connection.execute(f"SET SESSION AUTHORIZATION {login}")
        return {id_ for (id_,) in connection.execute("SELECT id FROM sync.incident").fetchall()}


def allowed(team: Team) -> Iterator[tuple[str, set[UUID]]]:
    """What the rule says each person may read."""
    with team.databases.access.connect(team.database) as connection:
        records = people.Records(connection)
        directory = Directory(
            people={p.id: p for p in records.find(Person)},
            teams={t.id: t for t in records.find(TeamRecord)},
            members=records.find(TeamMember),
            roles=records.find(PersonRole),
        )
        incidents, escalations = records.find(Incident), records.find(Escalation)
    for who, login in NAMES.items():
        if who != KIM:
            yield login, {i.id for i in incidents if may_read(who, i, escalations, directory)}


@pytest.mark.parametrize("seed", range(5))
def test_rule_and_policy_agree(team: Team, seed: int) -> None:
    desk = team.desk()
    for _ in range(12):
        desk.do(asked(desk, desk.start(desk.log())))
    shaken(team, desk, random.Random(seed))
    everything = {incident.id for incident in desk.find(Incident)}
    seen = {login: read_by(team, login) for login, _ in allowed(team)}
    assert seen == dict(allowed(team))
    assert any(ids != everything for ids in seen.values())
    assert len({frozenset(ids) for ids in seen.values()}) > 3
