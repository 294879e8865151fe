"""Reads the on-call book of a span."""

from datetime import datetime

import sqlalchemy as sa

from services.core.tables import read_records
from services.on_call import tables
from services.on_call.book import OnCallBook
from services.on_call.policy import EscalationPolicy, EscalationStep
from services.on_call.roster import (
    HandoverNote,
    Holiday,
    OnCallShift,
    Override,
    Roster,
    Rotation,
    ShiftSwap,
    TimeOff,
)
from services.people.contact import ContactMethod
from services.people.tables import contact_method

BOOK_TABLES = frozenset(
    record.TABLE
    for record in (
        *(Roster, Rotation, Override, ShiftSwap, TimeOff, Holiday, HandoverNote, OnCallShift),
        *(EscalationPolicy, EscalationStep, ContactMethod),
    )
)
"""Tables whose change makes a new book necessary."""


def on_call_book(connection: sa.Connection, start: datetime, end: datetime) -> OnCallBook:
    """Every roster, with what counts between two moments."""
    kept = tables.on_call_shift.c
    shifts = read_records(
        connection,
        OnCallShift,
        tables.on_call_shift,
        kept.ends_at > start,
        kept.starts_at < end,
        sa.not_(kept.is_cancelled),
    )
    return OnCallBook(
        starts_at=start,
        ends_at=end,
        rosters=tuple(read_records(connection, Roster, tables.roster)),
        rotations=tuple(read_records(connection, Rotation, tables.rotation)),
        overrides=tuple(
            read_records(connection, Override, tables.override, tables.override.c.ends_at > start)
        ),
        swaps=tuple(
            read_records(
                connection, ShiftSwap, tables.shift_swap, tables.shift_swap.c.ends_at > start
            )
        ),
        time_off=tuple(
            read_records(connection, TimeOff, tables.time_off, tables.time_off.c.ends_at > start)
        ),
        holidays=tuple(read_records(connection, Holiday, tables.holiday)),
        notes=tuple(
            read_records(
                connection,
                HandoverNote,
                tables.handover_note,
                tables.handover_note.c.handover_at > start,
            )
        ),
        shifts=tuple(sorted(shifts, key=lambda one: (one.starts_at, one.ends_at, one.person_id))),
        contact_methods=tuple(read_records(connection, ContactMethod, contact_method)),
        policies=tuple(read_records(connection, EscalationPolicy, tables.escalation_policy)),
        steps=tuple(read_records(connection, EscalationStep, tables.escalation_step)),
    )
