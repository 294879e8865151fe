"""What happened to each made-up incident: its record with notes, escalations and history."""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from services.core.clock import to_microseconds
from services.core.records import Row, spec_of
from services.incidents.incident import (
    OPEN_STATES,
    Channel,
    Escalation,
    EscalationKind,
    EscalationState,
    HistoryEntry,
    Incident,
    IncidentState,
    NoteKind,
)

HISTORY_UP_TO = 100_000
"""Only the newest incidents have notes, escalations and history; no queue reads them."""

FIRST_NUMBER = 1_001
MINUTE_US = 60_000_000
FAULTS = (
    "cannot connect", "is very slow", "shows an error", "asks for a password again and again",
    "lost the settings", "prints blank pages", "does not start", "drops the call",
)  # fmt: skip
THINGS = ("VPN", "Outlook", "Payroll", "The printer on floor 3", "Teams", "The order screen",
          "Badge reader", "Shared drive", "Laptop dock", "Single sign-on")  # fmt: skip

S = IncidentState
ACTS = {
    S.NEW: ("LogIncident",),
    S.IN_PROGRESS: ("LogIncident", "PrioritiseIncident", "StartIncident"),
    S.ON_HOLD: ("LogIncident", "PrioritiseIncident", "StartIncident", "HoldIncident"),
    S.RESOLVED: ("LogIncident", "PrioritiseIncident", "StartIncident", "ResolveIncident"),
    S.CLOSED: ("LogIncident", "PrioritiseIncident", "StartIncident", "ResolveIncident",
               "CloseIncident"),
    S.CANCELLED: ("LogIncident", "CancelIncident"),
}  # fmt: skip


class Place(Protocol):
    """Whom and what the stories are about."""

    @property
    def caller_ids(self) -> tuple[UUID, ...]: ...
    @property
    def agent_ids(self) -> tuple[UUID, ...]: ...
    @property
    def team_ids(self) -> tuple[UUID, ...]: ...
    @property
    def service_ids(self) -> tuple[UUID, ...]: ...
    @property
    def category_ids(self) -> tuple[UUID, ...]: ...


@dataclass
class Story:
    """The rows of one incident by table."""

    rows: dict[str, list[Row]] = field(default_factory=dict)

    def add(self, table: str, row: Row) -> None:
        """One more row."""
        self.rows.setdefault(table, []).append(row)

    def rows_of(self, table: str) -> list[Row]:
        """Its rows in a table."""
        return self.rows.get(table, [])


def open_count(incidents: int) -> int:
    """How many of so many are open: 7 %, and at least 60 so that small lists fill a screen."""
    return max(round(incidents * 0.07), min(60, incidents))


def stories(
    place: Place,
    incidents: int,
    founder_id: UUID,
    desk_team_id: UUID,
    now: datetime,
    dice: random.Random,
) -> Iterator[Story]:
    """Incidents from the oldest to the newest; the open ones lie mostly at the end."""
    teller = _Teller(place, founder_id, desk_team_id, dice)
    open_ones = open_count(incidents)
    first_us = to_microseconds(now - timedelta(days=700))
    step_us = (to_microseconds(now) - first_us) // (incidents + 1)
    for n in range(incidents):
        rest = incidents - n
        is_open = open_ones > 0 and dice.random() < open_ones / min(rest, open_ones * 2 + 1)
        is_open = is_open or rest <= open_ones
        open_ones -= is_open
        with_history = rest <= HISTORY_UP_TO
        yield teller.tell(n, first_us + (n + 1) * step_us, is_open, with_history)


class _Teller:
    def __init__(
        self, place: Place, founder_id: UUID, desk_team_id: UUID, dice: random.Random
    ) -> None:
        self._place = place
        self._founder_id = founder_id
        self._desk_team_id = desk_team_id
        self._dice = dice
        self._blank = spec_of(Incident).to_row(_blank_incident(founder_id, desk_team_id))

    def tell(self, n: int, reported_us: int, is_open: bool, with_history: bool) -> Story:
        state = self._state(is_open)
        row = self._incident(n, reported_us, state)
        story = Story()
        story.add("incident", row)
        if with_history:
            self._add_history(story, row, state)
            self._add_notes(story, row)
        if row["escalation_state"]:
            self._add_escalation(story, row)
        return story

    def _state(self, is_open: bool) -> IncidentState:
        roll = self._dice.random()
        if is_open:
            return S.NEW if roll < 0.2 else S.ON_HOLD if roll > 0.85 else S.IN_PROGRESS
        return S.RESOLVED if roll < 0.005 else S.CANCELLED if roll > 0.98 else S.CLOSED

    def _incident(self, n: int, reported_us: int, state: IncidentState) -> Row:
        dice, place = self._dice, self._place
        is_triaged = state is not S.NEW or dice.random() < 0.5
        impact, urgency = dice.choice((1, 2, 3, 3)), dice.choice((1, 2, 2, 3))
        row = {
            **self._blank,
            "id": self._id(reported_us),
            "number": FIRST_NUMBER + n,
            "state": state.value,
            "summary": f"{dice.choice(THINGS)} {dice.choice(FAULTS)}, report {n}",
            "description": "It began this morning after the update. " * 6,
            "caller_id": str(dice.choice(place.caller_ids)),
            "reported_at": reported_us,
            "created_at": reported_us + MINUTE_US,
            "updated_at": reported_us + 9 * MINUTE_US,
            "service_id": str(dice.choice(place.service_ids)),
            "category_id": str(dice.choice(place.category_ids)),
        }
        if is_triaged:
            row |= {"impact": impact, "urgency": urgency, "matrix_edition": 1,
                    "priority": min(5, max(1, impact + urgency - 1))}  # fmt: skip
        if state is not S.NEW:
            row["assignee_id"] = str(self._assignee(n, state))
            row["first_response_at"] = reported_us + 3 * MINUTE_US
        if state is S.IN_PROGRESS and dice.random() < 0.2:
            row |= {"team_id": str(dice.choice(place.team_ids)), "was_escalated": 1,
                    "escalation_id": self._id(reported_us), "escalation_state": "accepted",
                    "accepted_at": reported_us + 20 * MINUTE_US}  # fmt: skip
        return row | self._ending(state, reported_us)

    def _assignee(self, n: int, state: IncidentState) -> UUID:
        """The founder works on each twentieth of the open ones."""
        is_own = state in OPEN_STATES and n % 20 == 0
        return self._founder_id if is_own else self._dice.choice(self._place.agent_ids)

    def _ending(self, state: IncidentState, reported_us: int) -> Row:
        agent = str(self._dice.choice(self._place.agent_ids))
        ended: Row = {}
        if state is S.ON_HOLD:
            ended = {"on_hold_reason": "supplier"}
        if state in (S.RESOLVED, S.CLOSED):
            ended = {
                "resolved_at": reported_us + 90 * MINUTE_US,
                "resolved_by_id": agent,
                "resolution_code": "fixed",
                "resolution": "The setting was put right.",
            }
        if state is S.CLOSED:
            ended |= {"closed_at": reported_us + 300 * MINUTE_US, "closed_by_id": agent,
                      "confirmation_method": "phone", "confirmed_by": "the caller",
                      "confirmed_at": reported_us + 299 * MINUTE_US}  # fmt: skip
        if state is S.CANCELLED:
            ended = {"cancelled_at": reported_us + MINUTE_US, "cancel_reason": "raised_in_error"}
        return ended

    def _add_history(self, story: Story, row: Row, state: IncidentState) -> None:
        reported_us = int(row["reported_at"] or 0)
        for place, act in enumerate(ACTS[state]):
            changes = {} if not place else {"state": ["new", state.value], "priority": [None, 3]}
            at = reported_us + place * 12 * MINUTE_US
            entry: Row = {
                **_BLANK_HISTORY, "id": self._id(at), "incident_id": row["id"],
                "subject_id": row["id"], "command_id": self._id(at), "act": act,
                "actor_id": str(self._dice.choice(self._place.agent_ids)), "happened_at": at,
                "recorded_at": at + 1_000, "changes": json.dumps(changes),
            }  # fmt: skip
            story.add("history_entry", entry)

    def _add_notes(self, story: Story, row: Row) -> None:
        at = int(row["reported_at"] or 0) + 5 * MINUTE_US
        note: Row = {
            "id": self._id(at), "version": 1, "incident_id": row["id"],
            "kind": NoteKind.INTERNAL.value,
            "author_id": str(self._dice.choice(self._place.agent_ids)), "written_at": at,
            "text": "Asked the caller to restart and try again. " * 3, "duration_s": None,
        }  # fmt: skip
        story.add("note", note)

    def _add_escalation(self, story: Story, row: Row) -> None:
        incident_id, own_id = UUID(str(row["id"])), UUID(str(row["escalation_id"]))
        blank = Escalation(
            id=own_id, version=1, incident_id=incident_id, kind=EscalationKind.FUNCTIONAL,
            state=EscalationState.ACCEPTED, from_team_id=self._desk_team_id,
            to_team_id=UUID(str(row["team_id"])), offered_by_id=self._founder_id,
            offered_at=_EPOCH, tried="Restart", found="Nothing", need="A look at the switch",
        )  # fmt: skip
        plain = spec_of(Escalation).to_row(blank)
        story.add("escalation", {**plain, "offered_at": row["reported_at"],
                                 "accepted_at": row["accepted_at"]})  # fmt: skip

    def _id(self, moment_us: int) -> str:
        """A UUID version 7 of that moment with bits of this seed."""
        value = (moment_us // 1000) << 80 | self._dice.getrandbits(80)
        value = value & ~(0xF << 76) | 0x7 << 76
        text = f"{value & ~(0x3 << 62) | 0x2 << 62:032x}"
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


_NOBODY = UUID(int=0)
_EPOCH = datetime.fromisoformat("2024-01-01T00:00:00+00:00")


def _blank_incident(founder_id: UUID, desk_team_id: UUID) -> Incident:
    return Incident(
        id=_NOBODY, version=1, number=1, summary="x", channel=Channel.PHONE,
        opened_by_id=founder_id, reported_at=_EPOCH, created_at=_EPOCH, updated_at=_EPOCH,
        owner_team_id=desk_team_id, owner_id=founder_id, team_id=desk_team_id,
    )  # fmt: skip


_BLANK_HISTORY: Row = spec_of(HistoryEntry).to_row(
    HistoryEntry(
        id=_NOBODY, version=1, incident_id=_NOBODY, subject=Incident.TABLE, subject_id=_NOBODY,
        command_id=_NOBODY, act="", actor_id=_NOBODY, happened_at=_EPOCH,
    )
)  # fmt: skip
