"""What acts on major incidents mean for status updates. Both are decided in one transaction."""

from services.communications import lifecycle
from services.communications.errors import ResolutionTold
from services.communications.status_update import StatusUpdate, UpdateState
from services.incidents.acts import UndoAct
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
            for update in state.find(StatusUpdate, major_id=after.id):
                if not _tells_of(update, before):
                    continue
                if update.state is UpdateState.SENT:
                    raise ResolutionTold()
                if update.state in _ON_THEIR_WAY:
                    more = more.update(update, lifecycle.withdrawn(update))
    return more


def _tells_of(update: StatusUpdate, major: MajorIncident) -> bool:
    """Whether an update was let go out after the major incident was resolved."""
    queued_at, resolved_at = update.queued_at, major.resolved_at
    return queued_at is not None and resolved_at is not None and queued_at >= resolved_at
