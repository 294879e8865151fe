"""An update as it leaves: fixed when it is queued, and the same for every place it goes to.

Building one for customers refuses what must not reach them, whatever was checked before.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from services.communications.checks import (
    Known,
    blocking,
    next_update_words,
    points_of,
    words_of,
)
from services.communications.errors import StatesUnreadable, UpdateNotFit
from services.communications.plain_words import as_read
from services.communications.status_page import Audience, ComponentStatus, StatusComponent
from services.communications.status_update import StatusUpdate, UpdateMoment
from services.core.clock import from_microseconds, to_microseconds
from services.major_incidents.major import ResponsePhase

IMPACTS: Final = {
    ComponentStatus.OPERATIONAL: "none",
    ComponentStatus.UNDER_MAINTENANCE: "none",
    ComponentStatus.DEGRADED_PERFORMANCE: "minor",
    ComponentStatus.PARTIAL_OUTAGE: "major",
    ComponentStatus.MAJOR_OUTAGE: "critical",
}
"""What the worst component makes of an incident, in Statuspage's words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComponentTold:
    """How a component does. ``remote_ids``: what each destination calls it, by destination."""

    id: UUID
    name: str
    status: ComponentStatus
    remote_ids: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A status update as it leaves."""

    key: str
    audience: Audience
    moment: UpdateMoment
    phase: ResponsePhase
    subject: str
    summary: str
    current_status: tuple[str, ...] = ()
    next_steps: tuple[str, ...] = ()
    next_update: str = ""
    components: tuple[ComponentTold, ...] = ()
    is_notifying: bool = False
    told_at: datetime | None = None
    replaces_id: UUID | None = None

    @property
    def impact(self) -> str:
        """``none``, ``minor``, ``major`` or ``critical``, as the worst component does.

        A word about an incident that is not over and names no component is of a minor one.
        """
        order = list(ComponentStatus)
        if not self.components:
            return "none" if self.phase is ResponsePhase.RESOLVED else "minor"
        return IMPACTS[max((c.status for c in self.components), key=order.index)]


def message_of(
    update: StatusUpdate, known: Known, components: Iterable[StatusComponent]
) -> Message:
    """The update as it leaves.

    Raises:
        UpdateNotFit: it holds what must not leave, or lacks what it needs.
        StatesUnreadable: its component states are none.
    """
    found = blocking(words_of(update), known)
    if found:
        told = "; ".join(dict.fromkeys(finding.words.rstrip(".") for finding in found))
        raise UpdateNotFit(found=told)
    is_internal = update.audience is Audience.INTERNAL
    states = states_of(update.component_states)
    return Message(
        key=known.key,
        audience=update.audience,
        moment=update.moment,
        phase=update.phase,
        subject=as_read(update.subject).strip(),
        summary=as_read(update.summary).strip(),
        current_status=points_of(update.current_status) if is_internal else (),
        next_steps=points_of(update.next_steps) if is_internal else (),
        next_update=as_read(next_update_words(words_of(update))),
        components=tuple(
            ComponentTold(
                id=component.id,
                name=component.name,
                status=states[component.id],
                remote_ids=remote_ids_of(component.remote_ids),
            )
            for component in sorted(components, key=lambda c: (c.position, c.name, c.id))
            if component.id in states and component.page_id == update.page_id
        ),
        is_notifying=update.is_notifying,
        told_at=update.told_at,
        replaces_id=update.replaces_id,
    )


def states_of(text: str) -> Mapping[UUID, ComponentStatus]:
    """Component states as a draft keeps them: JSON, component id → status.

    Raises:
        StatesUnreadable: it is something else.
    """
    try:
        return {UUID(key): ComponentStatus(value) for key, value in json.loads(text).items()}
    except (ValueError, AttributeError, TypeError, RecursionError) as error:
        raise StatesUnreadable() from error


def remote_ids_of(text: str) -> Mapping[str, str]:
    """What destinations call a component: JSON, destination id → id there.

    Raises:
        StatesUnreadable: it is something else.
    """
    try:
        return {str(UUID(key)): str(value) for key, value in json.loads(text).items()}
    except (ValueError, AttributeError, TypeError, RecursionError) as error:
        raise StatesUnreadable() from error


def message_text(message: Message) -> str:
    """The message as it is kept: JSON."""
    told = message.told_at
    return json.dumps(
        {
            "key": message.key,
            "audience": message.audience.value,
            "moment": message.moment.value,
            "phase": message.phase.value,
            "subject": message.subject,
            "summary": message.summary,
            "current_status": message.current_status,
            "next_steps": message.next_steps,
            "next_update": message.next_update,
            "components": [
                {
                    "id": str(part.id),
                    "name": part.name,
                    "status": part.status.value,
                    "remote_ids": dict(part.remote_ids),
                }
                for part in message.components
            ],
            "is_notifying": message.is_notifying,
            "told_at": None if told is None else to_microseconds(told),
            "replaces_id": None if message.replaces_id is None else str(message.replaces_id),
        },
        ensure_ascii=False,
    )


def message_from(text: str) -> Message:
    """The message that a text holds.

    Raises:
        ValueError: it is no message, or one that only a newer program knows.
    """
    try:
        return _read(json.loads(text))
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError("no message") from error


def message_or_none(text: str) -> Message | None:
    """The same for screens and pages, which show what they can read."""
    try:
        return message_from(text)
    except ValueError:
        return None


def _read(found: Any) -> Message:
    told, replaces = found["told_at"], found["replaces_id"]
    return Message(
        key=found["key"],
        audience=Audience(found["audience"]),
        moment=UpdateMoment(found["moment"]),
        phase=ResponsePhase(found["phase"]),
        subject=found["subject"],
        summary=found["summary"],
        current_status=tuple(found["current_status"]),
        next_steps=tuple(found["next_steps"]),
        next_update=found["next_update"],
        components=tuple(
            ComponentTold(
                id=UUID(part["id"]),
                name=part["name"],
                status=ComponentStatus(part["status"]),
                remote_ids=part["remote_ids"],
            )
            for part in found["components"]
        ),
        is_notifying=found["is_notifying"],
        told_at=None if told is None else from_microseconds(told),
        replaces_id=None if replaces is None else UUID(replaces),
    )
