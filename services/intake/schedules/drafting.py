"""For whom, and when, a schedule is written as rosters."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.core.ids import derived_id
from services.intake.schedules.source import SourcePerson, SourceSchedule


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafting:
    """For whom and when a draft is made; ``ids`` are the people by their keys."""

    ids: Mapping[str, UUID]
    now: datetime
    by_id: UUID
    team_id: UUID | None = None


def ids_of(people: Iterable[SourcePerson]) -> dict[str, UUID]:
    """Ids for people who are not matched with anybody, for a proof without a database."""
    return {person.key: derived_id("schedule-person", person.key) for person in people}


def people_used(source: SourceSchedule) -> tuple[SourcePerson, ...]:
    """The people who are ever on call, in the order of the file."""
    used = {key for layer in source.layers for group in layer.groups for key in group}
    used |= {held.key for layer in source.layers for held in layer.events}
    used |= {held.key for held in source.shifts}
    used |= {key for one in source.exceptions for key in (one.key, one.replaced)}
    if source.rendered:
        used |= {held.key for held in source.rendered.spans}
    return tuple(person for person in source.people if person.key in used)
