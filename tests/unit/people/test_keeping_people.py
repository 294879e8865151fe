"""Who may keep the list of people, teams and roles, and what that changes."""

from uuid import UUID, uuid4

import pytest
from builders import ADAM, CLEO, DANA, IMRAN, KIM, MONA, NETWORK, TARA, THEO, Desk

from services.core.errors import RoleMissing
from services.incidents import acts
from services.people.commands import (
    AddPerson,
    AddTeam,
    ChangePerson,
    ChangeTeam,
    GrantRole,
    PlaceInTeam,
)
from services.people.person import Person, PersonRole, Role, Team, TeamMember, Tier
from services.people.roles import roles_of, teams_of


@pytest.mark.parametrize("who", [DANA, THEO, IMRAN, ADAM])
def test_any_agent_adds_a_caller(desk: Desk, who: UUID) -> None:
    id_ = uuid4()
    desk.do(AddPerson(person_id=id_, name="  New\nCaller "), who)
    assert desk.get(Person, id_).name == "New Caller"


@pytest.mark.parametrize("who", [CLEO, MONA, KIM])
def test_others_add_nobody(desk: Desk, who: UUID) -> None:
    with pytest.raises(RoleMissing):
        desk.give(AddPerson(person_id=uuid4(), name="x"), who)


def test_only_an_administrator_gives_a_login(desk: Desk) -> None:
    command = AddPerson(person_id=uuid4(), name="x", login="x")
    with pytest.raises(RoleMissing):
        desk.give(command, DANA)
    desk.do(command, ADAM)


ADMINISTRATION = [
    AddTeam(team_id=uuid4(), name="New", tier=Tier.SECOND),
    ChangeTeam(
        team_id=NETWORK, name="Net", tier=Tier.SECOND, lead_id=TARA, phone="1", is_active=True
    ),
    PlaceInTeam(team_id=NETWORK, person_id=DANA),
    GrantRole(person_id=THEO, role=Role.SERVICE_DESK),
    ChangePerson(
        person_id=KIM,
        name="Kim K",
        email="",
        phone="",
        job_title="",
        department="",
        site="",
        asset_tag="",
        is_vip=True,
        is_active=True,
        manager_id=None,
    ),
]


@pytest.mark.parametrize("command", ADMINISTRATION, ids=lambda c: type(c).__name__)
def test_the_rest_is_for_administrators(desk: Desk, command: object) -> None:
    for other in (DANA, IMRAN, MONA, KIM):
        with pytest.raises(RoleMissing):
            desk.give(command, other)
    desk.do(command, ADAM)


def test_a_role_lost_is_lost_everywhere(desk: Desk) -> None:
    id_ = desk.log()
    desk.do(GrantRole(person_id=DANA, role=Role.SERVICE_DESK, is_active=False), ADAM)
    assert roles_of(desk.replica._cache.rows, DANA) == frozenset()
    with pytest.raises(RoleMissing):
        desk.give(acts.StartIncident(incident_id=id_), DANA)
    desk.do(GrantRole(person_id=DANA, role=Role.SERVICE_DESK), ADAM)
    desk.start(id_)
    assert len(desk.find(PersonRole, person_id=DANA)) == 1


def test_leaving_a_team_keeps_the_record(desk: Desk) -> None:
    desk.do(PlaceInTeam(team_id=NETWORK, person_id=TARA, is_active=False), ADAM)
    assert teams_of(desk.replica._cache.rows, TARA) == frozenset()
    assert len(desk.find(TeamMember, person_id=TARA)) == 1
    assert desk.get(Team, NETWORK).is_active
