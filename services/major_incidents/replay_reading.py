"""Reads how the replay of a drill was steered, and what it plays again."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from services.core.tables import read_records
from services.incidents.incident import HistoryEntry
from services.incidents.tables import history_entry
from services.major_incidents.major import MajorIncident, MajorState
from services.major_incidents.replay import Playback, stretches
from services.major_incidents.tables import major_incident


@dataclass(frozen=True, slots=True)
class Replay:
    """The replay of a drill: its stretches, the first first, and the incident played again.

    ``incident_id`` is None where the past incident is not on this desk. ``is_over``: the drill is.
    """

    played: tuple[Playback, ...]
    incident_id: UUID | None
    is_over: bool


def replay_of(connection: sa.Connection, incident_id: UUID) -> Replay | None:
    """The replay of the drill that is this incident; None where it plays nothing again."""
    found = read_records(
        connection, MajorIncident, major_incident, major_incident.c.incident_id == incident_id
    )
    if not found or found[0].replay_of_id is None:
        return None
    major = found[0]
    of = history_entry.c.subject_id == major.id
    history = read_records(connection, HistoryEntry, history_entry, of)
    past = sa.select(major_incident.c.incident_id).where(major_incident.c.id == major.replay_of_id)
    is_over = major.state is not MajorState.ACCEPTED
    return Replay(stretches(major, history), connection.scalar(past), is_over)
