"""What acts on major incidents mean for status updates. Both are decided in one transaction."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from services.communications import lifecycle
from services.communications.acts import SendUpdate
from services.communications.errors import ResolutionTold
from services.communications.status_update import StatusUpdate, UpdateState
from services.incidents.acts import UndoAct
from services.incidents.incident import HistoryEntry
from services.major_incidents.major import MajorIncident, MajorState
from services.sync.changes import Act, Changes, State

_ON_THEIR_WAY = (UpdateState.QUEUED, UpdateState.HELD)


def words_follow(state: State, act: Act, command: object, changes: Changes) -> Changes:
    """The last words that have not left yet, withdrawn with the resolve they tell of.

    Raises:
        ResolutionTold: one of them has left.
    """
    more = Changes.none()
    if not isinstance(command, UndoAct):
        return more
    for before, after in changes.updates_of(MajorIncident):
        if before.state is MajorState.RESOLVED and after.state is MajorState.ACCEPTED:
            for update in _let_go_since(state, command.undone_command_id, after):
                if update.state is UpdateState.SENT:
                    raise ResolutionTold()
                if update.state in _ON_THEIR_WAY:
                    more = more.update(update, lifecycle.withdrawn(update))
    return more


def _let_go_since(state: State, resolve_id: UUID, major: MajorIncident) -> Iterator[StatusUpdate]:
    """The updates that were let go out after the command that resolved the major incident."""
    resolved = max(_came(entry) for entry in state.find(HistoryEntry, command_id=resolve_id))
    sendings = state.find(HistoryEntry, incident_id=major.incident_id, act=SendUpdate.__name__)
    for entry in sendings:
        if entry.subject == StatusUpdate.TABLE and _came(entry) >= resolved:
            update = state.get(StatusUpdate, entry.subject_id)
            if update.major_id == major.id:
                yield update


def _came(entry: HistoryEntry) -> tuple[bool, datetime]:
    """Orders acts as the shared database took them, and what it has not got yet as it was given.

    Two desks' clocks differ: by them, words could seem older than the resolve they tell of.
    """
    return entry.recorded_at is None, entry.recorded_at or entry.happened_at
