"""Commands of this desk that the world moved away from, as questions to the person."""

import json
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.core.messages import Message, message
from services.core.records import Plain, spec_of
from services.incidents.incident import Incident
from services.incidents.local_tables import pending
from services.incidents.read_models import ConflictItem
from services.incidents.timeline import SENTENCES, Wording
from services.sync.envelope import Envelope, envelope_from_json

CLASHES = {
    "DescribeIncident": ("summary",),
    "ChangeCaller": ("caller_id",),
    "CategoriseIncident": ("category_id", "subcategory_id"),
    "ChangeService": ("service_id",),
    "PrioritiseIncident": ("impact", "urgency"),
    "ChangeSeverity": ("severity",),
    "AssignIncident": ("assignee_id",),
}
"""The fields that a command sets and that a colleague may have set too."""

TYPED = ("text", "resolution", "remark", "reason", "reply", "tried", "found", "need", "description")


def conflicts_of(
    connection: sa.Connection, found: Incident, wording: Wording
) -> tuple[ConflictItem, ...]:
    """The open conflicts of one incident, oldest first."""
    query = (
        sa.select(pending)
        .where(pending.c.subject_id == str(found.id), pending.c.state == "conflict")
        .order_by(pending.c.seq)
    )
    return tuple(_item(row, found, wording) for row in connection.execute(query).mappings())


def _item(row: Any, found: Incident, wording: Wording) -> ConflictItem:
    envelope = envelope_from_json(row["envelope"])
    reason: dict[str, Plain] = json.loads(row["reason"])
    told: Message = message(row["code"], reason)
    fields = CLASHES.get(envelope.name, ()) if row["code"] == "changed-meanwhile" else ()
    return ConflictItem(
        command_id=UUID(str(envelope.command_id)),
        act=envelope.name,
        code=row["code"],
        sentence=f"You {SENTENCES.get(envelope.name, (None, envelope.name))[1]}. {told.happened}",
        field=str(reason.get("field") or "").capitalize() if fields else "",
        mine=_words([wording.of(name, envelope.args.get(name)) for name in fields]),
        theirs=_words([_now(found, name, wording) for name in fields]),
        typed=_typed(envelope),
        happened_at=envelope.happened_at,
    )


def _now(found: Incident, name: str, wording: Wording) -> str:
    return wording.of(name, spec_of(Incident).to_row(found)[name])


def _words(parts: list[str]) -> str:
    return " · ".join(part for part in parts if part) or "nothing"


def _typed(envelope: Envelope) -> str:
    texts = [str(envelope.args.get(name) or "") for name in TYPED]
    return "\n\n".join(dict.fromkeys(text for text in texts if text))
