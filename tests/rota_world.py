"""Two rosters of the small world, made by commands: the network team's and the catch-all."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from builders import IMRAN, KIM, MONA, NETWORK, START, TARA, THEO, Desk

from services.core.ids import derived_id
from services.on_call.acts import AddOverride, AddRoster, AddRotation, ChangeRotation
from services.on_call.policy_acts import AddPolicy, StepDraft
from services.on_call.roster import OnCallShift, OverrideKind, Rotation

MAJOR, NETWORK_ROTA = derived_id("rota", "major"), derived_id("rota", "network")
MAJOR_TURNS, NETWORK_TURNS = derived_id("turns", "major"), derived_id("turns", "network")
NETWORK_POLICY = derived_id("policy", "of network")
DAY = timedelta(days=1)
WEEK_AHEAD = START + 7 * DAY
"""A Monday, 09:00 UTC."""

MAJOR_ROSTER = AddRoster(
    roster_id=MAJOR, name="Major incidents", time_zone="UTC", is_catch_all=True
)
MAJOR_ROTATION = AddRotation(
    rotation_id=MAJOR_TURNS,
    roster_id=MAJOR,
    name="Incident managers",
    person_ids=(IMRAN,),
    starts_at_local="2026-01-05T09:00",
)
NETWORK_ROSTER = AddRoster(
    roster_id=NETWORK_ROTA, name="Network", time_zone="Europe/Lisbon", team_id=NETWORK
)
NETWORK_ROTATION = AddRotation(
    rotation_id=NETWORK_TURNS,
    roster_id=NETWORK_ROTA,
    name="Weeks",
    person_ids=(THEO, TARA),
    starts_at_local="2026-01-05T09:00",
)
FOUNDING = (MAJOR_ROSTER, MAJOR_ROTATION, NETWORK_ROSTER, NETWORK_ROTATION)

CALL_NETWORK = StepDraft(roster_ids=(NETWORK_ROTA,))
POLICY = AddPolicy(
    policy_id=NETWORK_POLICY, name="Network", team_id=NETWORK, steps=(CALL_NETWORK.to_text(),)
)


def put_rotas(desk: Desk) -> None:
    """Both rosters with their people: Imran catches all, Theo and Tara take weeks in turn."""
    for command in FOUNDING:
        desk.give(command, MONA)
    desk.sync()
    assert not desk.replica.pending(), desk.replica.pending()


def changed(desk: Desk, rotation_id: UUID, **given: Any) -> ChangeRotation:
    """The command that changes these values of a rotation."""
    before = desk.get(Rotation, rotation_id)
    command = ChangeRotation(
        rotation_id=before.id,
        name=before.name,
        person_ids=before.person_ids,
        starts_at_local=before.starts_at_local,
        ends_at_local=before.ends_at_local,
        layer=before.layer,
        is_backup=before.is_backup,
        unit=before.unit,
        length=before.length,
        restriction=before.restriction,
        holiday_rule=before.holiday_rule,
        is_active=before.is_active,
    )
    return replace(command, **given)


def override(**given: Any) -> AddOverride:
    """Kim instead of Theo on a morning in two weeks, unless told otherwise."""
    command = AddOverride(
        override_id=derived_id("override", "one"),
        roster_id=NETWORK_ROTA,
        kind=OverrideKind.REPLACE,
        person_id=KIM,
        replaced_person_id=THEO,
        starts_at=WEEK_AHEAD + 7 * DAY + timedelta(hours=1),
        ends_at=WEEK_AHEAD + 7 * DAY + timedelta(hours=4),
    )
    return replace(command, **given)


def shifts(desk: Desk, roster_id: UUID = NETWORK_ROTA) -> list[OnCallShift]:
    """The shifts of a roster that hold, by time."""
    found = desk.find(OnCallShift, roster_id=roster_id, is_cancelled=False)
    return sorted(found, key=lambda shift: (shift.starts_at, shift.is_backup))


def on_call(desk: Desk, moment: datetime, roster_id: UUID = NETWORK_ROTA) -> list[UUID]:
    """Who is on call at a moment, primaries first."""
    return [
        shift.person_id
        for shift in sorted(shifts(desk, roster_id), key=lambda shift: shift.is_backup)
        if shift.starts_at <= moment < shift.ends_at
    ]


def is_tiled(found: list[OnCallShift]) -> bool:
    """Whether shifts of one lane follow each other without gap or overlap."""
    return all(a.ends_at == b.starts_at for a, b in pairwise(found))
