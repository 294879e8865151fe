"""An accepted major incident pages its incident manager, until somebody commands it."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from builders import ADAM, DANA, IMRAN, MONA, THEO, VPN, Desk, office_at
from major_world import accepted, drill, offer, take_command
from paging_world import NETWORK_POLICY, PagingWorld, paging_in_file

from services.catalogue.commands import ChangeBusinessService
from services.catalogue.service import Criticality
from services.major_incidents import acts
from services.major_incidents.major import ResponseRole
from services.paging.acts import PagePeople
from services.paging.page import Delivery, Page, PageRecipient, PageState


@pytest.fixture
def world() -> Iterator[PagingWorld]:
    with office_at() as office, paging_in_file(office) as world:
        yield world


def page_of(desk: Desk, incident_id: object) -> Page:
    (page,) = desk.find(Page, incident_id=incident_id)
    return page


def fire(world: PagingWorld) -> None:
    world.engine.fire_due()
    world.desk.sync()


def called(desk: Desk, incident_id: object) -> set[object]:
    return {r.person_id for r in desk.find(PageRecipient, incident_id=incident_id)}


def test_the_catch_all_is_called_and_left_alone_once_somebody_commands(world: PagingWorld) -> None:
    desk = world.desk
    id_ = accepted(desk)
    fire(world)
    page = page_of(desk, id_)
    assert (page.state, page.is_catch_all) == (PageState.OPEN, True)
    assert called(desk, id_)
    desk.do(take_command(id_), IMRAN)
    assert page_of(desk, id_).state is PageState.SUPERSEDED


def test_the_policy_of_the_service_says_who_else(world: PagingWorld) -> None:
    desk = world.desk
    desk.do(
        ChangeBusinessService(
            service_id=VPN, name="VPN", description="", owner_team_id=None,
            criticality=Criticality.NORMAL, is_active=True, major_policy_id=NETWORK_POLICY,
        ),
        ADAM,
    )  # fmt: skip
    id_ = accepted(desk, service_id=VPN)
    fire(world)
    assert (page_of(desk, id_).policy_id, page_of(desk, id_).is_catch_all) == (
        NETWORK_POLICY,
        False,
    )
    assert called(desk, id_) == {THEO}


@pytest.mark.parametrize("how", ["handed over", "demoted"])
def test_other_ways_to_be_left_alone(world: PagingWorld, how: str) -> None:
    desk = world.desk
    id_ = accepted(desk)
    if how == "demoted":
        desk.do(acts.DemoteMajorIncident(incident_id=id_, decision="One site"), MONA)
    else:
        command = offer(id_, ResponseRole.INCIDENT_MANAGER, DANA)
        desk.do(command, MONA)
        desk.do(acts.AcceptRole(incident_id=id_, holding_id=command.holding_id), DANA)
    assert page_of(desk, id_).state is PageState.SUPERSEDED


def test_a_drill_pages_nobody_outside(world: PagingWorld) -> None:
    """Whoever is paged by hand sees it on their desk; a true page next to it leaves."""
    desk = world.desk
    command = drill(desk)
    desk.do(command, IMRAN)
    assert not desk.find(Page, incident_id=command.incident_id)
    true = desk.log()
    for incident_id in (command.incident_id, true):
        desk.do(PagePeople(page_id=uuid4(), incident_id=incident_id, person_ids=(THEO,),
                           reason="Help"), IMRAN)  # fmt: skip
    fire(world)
    assert called(desk, command.incident_id) == {THEO}
    assert not desk.find(Delivery, incident_id=command.incident_id)
    assert desk.find(Delivery, incident_id=true)
    page = page_of(desk, command.incident_id)
    assert page.due_at is not None
    assert page.started_at is not None
    assert page.due_at > page.started_at


def test_a_drill_that_is_accepted_again_pages_nobody_either(world: PagingWorld) -> None:
    desk = world.desk
    command = drill(desk)
    desk.do(command, IMRAN)
    id_ = command.incident_id
    desk.do(acts.DemoteMajorIncident(incident_id=id_, decision="The lights went out"), IMRAN)
    desk.do(acts.ProposeMajorIncident(incident_id=id_, reason="They are on again"), IMRAN)
    desk.do(acts.AcceptMajorIncident(incident_id=id_), IMRAN)
    assert not desk.find(Page, incident_id=id_)
