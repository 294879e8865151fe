"""A drill has nothing above or below it that is real: what resolves one would resolve the other."""

from contextlib import suppress
from uuid import UUID

import pytest
import sqlalchemy as sa
from builders import IMRAN, Desk
from major_world import drill

from services.core.errors import AppError
from services.incidents.acts import LinkToParent
from services.incidents.errors import DrillAndReal
from services.incidents.queries import incidents_matching, originals_of, parents_of


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


def listed(desk: Desk, which: sa.ColumnElement[bool]) -> set[UUID]:
    """What a search in a dialog offers before anything is typed."""
    engine = sa.create_engine(f"sqlite:///{desk.folder / 'cache.db'}")
    with engine.connect() as connection:
        found = incidents_matching(connection, "", which)
    engine.dispose()
    return {item.id for item in found}


def accepted(desk: Desk, child: UUID, parents: list[UUID]) -> set[UUID]:
    """What the rule lets somebody link it to; each is tried, and taken back."""
    found = set()
    for parent in parents:
        with suppress(AppError):
            desk.give(LinkToParent(incident_id=child, parent_id=parent, seen_parent_id=None))
            desk.give(LinkToParent(incident_id=child, parent_id=None, seen_parent_id=parent))
            found.add(parent)
    return found


def test_what_would_be_refused_is_not_offered_as_a_parent(desk: Desk) -> None:
    top, middle, below, free = (desk.log() for _ in range(4))
    for child, parent in ((middle, top), (below, middle)):
        desk.do(LinkToParent(incident_id=child, parent_id=parent, seen_parent_id=None))
    first, second = drill(desk), drill(desk)
    desk.do(first, IMRAN)
    desk.do(second, IMRAN)
    drills = {first.incident_id, second.incident_id}
    everything = [top, middle, below, free, *drills]
    for child in (top, free, first.incident_id):
        assert listed(desk, parents_of(desk.incident(child))) == accepted(desk, child, everything)
    assert listed(desk, parents_of(desk.incident(top))) == {free}
    assert listed(desk, originals_of(desk.incident(below))) == {top, middle, free}
