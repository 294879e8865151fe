"""A drill has nothing above or below it that is real: what resolves one would resolve the other."""

import pytest
from builders import IMRAN, Desk
from major_world import drill

from services.incidents.acts import LinkToParent
from services.incidents.errors import DrillAndReal


def test_a_drill_and_a_real_incident_are_never_linked(desk: Desk) -> None:
    real, exercise, other = desk.log(), drill(desk), drill(desk)
    for command in (exercise, other):
        desk.do(command, IMRAN)
    for child, parent in ((real, exercise.incident_id), (exercise.incident_id, real)):
        with pytest.raises(DrillAndReal):
            desk.give(LinkToParent(incident_id=child, parent_id=parent, seen_parent_id=None))
    linked = LinkToParent(
        incident_id=other.incident_id, parent_id=exercise.incident_id, seen_parent_id=None
    )
    desk.do(linked)
    assert desk.incident(other.incident_id).parent_id == exercise.incident_id
