"""What was let go about an incident before an update, as the shared database has it.

The statements are SQL both databases understand; ``:delivery`` takes the update to its place.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from services.communications.message import Message, message_from
from services.core.clock import from_microseconds

_MOST_OTHERS: Final = 100

LET_GO = """SELECT u.id, u.queued_at, u.message FROM delivery d
JOIN status_update s ON s.id = d.subject_id
JOIN status_update u ON u.incident_id = s.incident_id AND u.audience = s.audience
WHERE d.id = :delivery AND u.message <> '{}' AND u.queued_at IS NOT NULL
    AND (u.queued_at, u.id) <= (s.queued_at, s.id)
ORDER BY u.queued_at, u.id"""
"""The update and all before it, sent or not: of those that were held, one may have left before
the database was put back."""

OTHERS = f"""SELECT m.memo FROM delivery d JOIN status_update s ON s.id = d.subject_id
JOIN delivery m ON m.destination_id = d.destination_id AND m.kind = 'update' AND m.memo <> '{{}}'
JOIN status_update u ON u.id = m.subject_id
    AND (u.incident_id <> s.incident_id OR u.audience <> s.audience)
WHERE d.id = :delivery ORDER BY m.created_at DESC, m.id LIMIT {_MOST_OTHERS}"""
"""What is remembered of other incidents at the same place."""

Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class LetGo:
    """An update as it left its sender, and when."""

    update_id: UUID
    queued_at: datetime
    message: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdatePast:
    """The updates that were let go, that of the delivery last, and what the place calls others."""

    let_go: tuple[LetGo, ...]
    taken: frozenset[str]


def past_from(let_go: Rows, others: Rows) -> UpdatePast:
    """What the rows of both statements tell.

    Raises:
        ValueError: a message or a memo is none.
    """
    return UpdatePast(
        let_go=tuple(
            LetGo(
                update_id=UUID(str(row["id"])),
                queued_at=from_microseconds(row["queued_at"]),
                message=message_from(row["message"]),
            )
            for row in let_go
        ),
        taken=frozenset(
            memo["incident"]
            for memo in (json.loads(row["memo"]) for row in others)
            if "incident" in memo
        ),
    )
