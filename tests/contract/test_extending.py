"""Shifts and hours are kept far ahead by whichever dispatcher comes first."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from builders import ADAM, Office
from team import Team

from services.core.ids import new_id
from services.dispatcher.extending import extend
from services.dispatcher.opening import shared_file
from services.on_call.acts import AddRoster, AddRotation
from services.on_call.roster import OnCallShift
from services.sync.shared import SharedDatabase

HORIZON = timedelta(days=399)


def planned(office: Office) -> None:
    """The catch-all, with two people who take turns."""
    desk, roster_id = office.desk(), new_id(office.clock.now())
    desk.do(
        AddRoster(roster_id=roster_id, name="Major", time_zone="Europe/Lisbon", is_catch_all=True),
        ADAM,
    )
    desk.do(
        AddRotation(
            rotation_id=new_id(office.clock.now()), roster_id=roster_id, name="Primary",
            starts_at_local="2026-03-02T09:00", person_ids=(ADAM,),
        ),
        ADAM,
    )  # fmt: skip
    desk.sync()


def last_shift_ends(office: Office) -> object:
    shifts = office.desk().find(OnCallShift, is_cancelled=False)
    return max(shift.ends_at for shift in shifts)


@pytest.mark.parametrize("place", ["embedded", "postgres"])
def test_the_plan_reaches_as_far_a_month_later(request: pytest.FixtureRequest, place: str) -> None:
    office: Office = request.getfixturevalue("office" if place == "embedded" else "team")
    planned(office)
    office.clock.advance(timedelta(days=30))
    opened: Callable[[], SharedDatabase] = partial(shared_file, office.path, office.clock)
    if isinstance(office, Team):
        opened = office.shared
    assert extend(opened, office.clock) == 1
    if place == "embedded":
        assert last_shift_ends(office) >= office.clock.now() + HORIZON
        assert extend(opened, office.clock) == 0, "nothing is left to another dispatcher"
