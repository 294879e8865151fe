"""Resolving a major incident by mistake, on the real program: undone, or reopened."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from running_desk import CATEGORY, MAYA, PRIYA, VPN, RunningDesk, running_desk

from desktop.views.dialogs.small import ReopenDialog
from desktop.widgets.snackbar import Snackbar
from services.core.ids import derived_id
from services.incidents.acts import LinkToParent
from services.incidents.incident import ResolutionCode
from services.major_incidents.acts import (
    AcceptMajorIncident,
    ProposeMajorIncident,
    ResolveMajorIncident,
    TakeCommand,
)
from services.people.commands import GrantRole
from services.people.person import Role


@pytest.fixture
def desk(qtbot, tmp_path) -> Iterator[RunningDesk]:
    with running_desk(tmp_path, incidents=0) as running:
        running.give_elsewhere(GrantRole(person_id=MAYA, role=Role.INCIDENT_MANAGER))
        yield running


def on_fire(desk: RunningDesk) -> UUID:
    """A response that Maya leads, with one linked incident, and its console."""
    fire, linked = desk.log_elsewhere("Checkout fails"), desk.log_elsewhere("Cannot pay")
    for command in (
        ProposeMajorIncident(incident_id=fire, reason="Nobody can pay"),
        AcceptMajorIncident(incident_id=fire),
        TakeCommand(incident_id=fire, holding_id=derived_id(fire, "command")),
        LinkToParent(incident_id=linked, parent_id=fire, seen_parent_id=None),
    ):
        desk.give_elsewhere(command)
    desk.until(lambda: desk.place.majors.open_rows)
    desk.place.majors.open(fire)
    desk.until(lambda: desk.place.console.view is not None)
    desk.settle()
    return fire


def resolve(desk: RunningDesk, fire: UUID) -> None:
    now = desk.clock.now()
    command = ResolveMajorIncident(
        incident_id=fire, code=ResolutionCode.FIXED, resolution="Rolled back",
        category_id=CATEGORY, subcategory_id=None, service_id=VPN, impact_ended_at=now,
        recovery="Cards pass", review_owner_id=PRIYA, review_due_at=now + timedelta(days=5),
    )  # fmt: skip
    desk.place.desk.give(command, said="INC-1 resolved, and 1 linked")
    desk.settle()
    assert standing(desk) == ("resolved", 2, 0)


def standing(desk: RunningDesk) -> tuple[object, object, object]:
    """The procedure, how many incidents are resolved, and who is in command."""
    return (
        desk.found("SELECT state FROM major_incident"),
        desk.found("SELECT count(*) FROM incident WHERE state = 'resolved'"),
        desk.found("SELECT count(*) FROM role_holding WHERE state = 'held'"),
    )


def test_a_resolve_is_undone_from_the_snackbar_as_one_act_and_reopened_from_the_console(desk):
    fire = on_fire(desk)
    resolve(desk, fire)
    desk.program.window.findChild(Snackbar).act()
    desk.settle()
    assert standing(desk) == ("accepted", 0, 1)
    resolve(desk, fire)
    desk.until(lambda: not desk.place.console.view.why_not("reopen"))
    desk.program.window.hub.trigger("major.reopen")
    desk.until(lambda: desk.program.window.findChildren(ReopenDialog))
    desk.settle()
    (dialog,) = desk.program.window.findChildren(ReopenDialog)
    dialog.restore({"text": "It is back"})
    dialog.submit()
    desk.settle()
    assert standing(desk) == ("accepted", 0, 0)
