"""What can be undone and redone in this sitting."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from desktop.presenters.major_undo import inverse_major
from desktop.presenters.on_call_undo import inverse_on_call
from services.incidents.acts import (
    CancelIncident,
    EscalateToTeam,
    EscalateUp,
    LogIncident,
    UndoAct,
)
from services.incidents.incident import CancelReason
from services.incidents.undo import UNDOABLE
from services.on_call.acts import OfferSwap
from services.sync.envelope import Envelope

UNDO_STEPS = 200
"""Steps of undo kept for one sitting."""


@dataclass(frozen=True, slots=True)
class Step:
    """Something that can be undone: what was said, what puts it back, what did it.

    ``bring_back`` is for what never left this desk, such as a discarded draft. ``until`` is when
    it is too late, as for a page that goes out.
    """

    said: str
    inverse: tuple[object, ...]
    commands: tuple[object, ...]
    bring_back: Callable[[], None] | None = None
    until: datetime | None = None


@dataclass
class UndoLog:
    """Steps done, newest last, and steps undone."""

    done: list[Step] = field(default_factory=list)
    undone: list[Step] = field(default_factory=list)

    def remember(self, step: Step) -> None:
        """Keep a step; what was undone before can no longer be redone."""
        self.done.append(step)
        del self.done[:-UNDO_STEPS]
        self.undone.clear()

    def take(self, now: datetime) -> Step | None:
        """The last step that can still be undone, which is no longer kept; None without any."""
        while self.done:
            step = self.done.pop()
            if step.until is None or now < step.until:
                return step
        return None

    def forget(self) -> None:
        """Another person sits down: their undo begins empty."""
        self.done.clear()
        self.undone.clear()


def step_for(said: str, commands: Sequence[object], envelopes: Sequence[Envelope]) -> Step | None:
    """The step that puts these commands back, last first; None where nothing can."""
    pairs = list(zip(commands, envelopes, strict=True))
    found = (inverse_of(command, envelope) for command, envelope in reversed(pairs))
    inverse = tuple(command for command in found if command is not None)
    return Step(said, inverse, tuple(commands)) if inverse else None


def inverse_of(command: object, envelope: Envelope) -> object | None:
    """The command that puts another one back, or None where nothing can."""
    if isinstance(command, LogIncident):
        return CancelIncident(
            incident_id=command.incident_id,
            reason=CancelReason.RAISED_IN_ERROR,
            remark="Undone right after logging",
        )
    if type(command).__name__ in UNDOABLE:
        return UndoAct(
            incident_id=UUID(str(envelope.args["incident_id"])),
            undone_command_id=envelope.command_id,
        )
    return _put_back(command)


def _put_back(command: object) -> object | None:
    return inverse_on_call(command) or inverse_major(command)


def again(command: object, fresh_id: Callable[[], UUID]) -> object:
    """The command that does again what was undone.

    What put it back is put back itself, so that nothing stands twice. Where that cannot be, it is
    the same command; an escalation or an offer of its own gets a new id.
    """
    inverse = _put_back(command)
    if inverse is not None and (undone := _put_back(inverse)) is not None:
        return undone
    if isinstance(command, EscalateToTeam):
        page_id = fresh_id() if command.page_id else None
        return replace(command, escalation_id=fresh_id(), page_id=page_id)
    if isinstance(command, EscalateUp):
        return replace(command, escalation_id=fresh_id())
    if isinstance(command, OfferSwap):
        return replace(command, swap_id=fresh_id())
    return command
