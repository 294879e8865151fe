"""The column at the left of the console: roles, work streams, answers. Pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from desktop.text import clock_text, plural
from desktop.views.major.values import AnswerRow, RoleRow, StreamRow
from services.major_incidents.entries import ASSESSMENT, DocumentSection
from services.major_incidents.major import HoldingState, ResponseRole
from services.major_incidents.read_models import Console, RoleItem, StreamItem
from services.major_incidents.words import DUTIES, span_words, word_of

SHOWN_EMPTY = (
    ResponseRole.INCIDENT_MANAGER,
    ResponseRole.TECH_LEAD,
    ResponseRole.COMMUNICATIONS_MANAGER,
    ResponseRole.DEPUTY,
    ResponseRole.SUPPORT_LEAD,
    ResponseRole.SOCIAL_MEDIA_LEAD,
)
"""Roles that keep their place on the screen while nobody has them."""


def role_rows(console: Console) -> Iterable[RoleRow]:
    """Who has which role, and those that nobody has."""
    held = sorted(console.roles, key=lambda i: i.holding.state is HoldingState.OFFERED)
    for role in ResponseRole:
        mine = [item for item in held if item.holding.role is role]
        if not mine and role in SHOWN_EMPTY:
            yield RoleRow(
                key=role.value, role=role, title=_short(word_of(role)), duties=DUTIES.get(role, ())
            )
        yield from (_role(item) for item in mine)


def _short(role: str) -> str:
    """The word of a role as it fits beside a button."""
    return role.replace("ommunications", "omms").removeprefix("Customer ").capitalize()


def _role(item: RoleItem) -> RoleRow:
    holding, duty = item.holding, item.duty
    is_offered = holding.state is HoldingState.OFFERED
    is_tired = duty is not None and duty.is_tired
    time = max(duty.on_incident, duty.within_day) if duty and is_tired else None
    on_duty = span_words(duty.on_incident).removesuffix(" min") if duty else ""
    if duty and duty.on_incident < timedelta(hours=1):
        on_duty = span_words(duty.on_incident)
    if time is not None:
        on_duty = f"{span_words(time).partition(' h')[0]} h today"
    reliefs = ", ".join(one.words for one in item.reliefs)
    return RoleRow(
        key=str(holding.id),
        role=holding.role,
        title=_short(item.role),
        duties=item.duties,
        holding_id=holding.id,
        person_id=holding.person_id,
        person=item.person,
        on_duty=on_duty,
        is_tired=is_tired,
        is_offered=is_offered,
        is_you=item.is_own,
        may_answer=is_offered and item.is_own,
        pack=holding.handover,
        relief=f"Could take over: {reliefs}" if reliefs else "",
        stream_id=holding.work_stream_id,
        stream=item.stream,
    )


def stream_rows(console: Console, shown: UUID | None, now: datetime) -> Iterable[StreamRow]:
    """The lines of work; the one ``shown`` is what board and timeline are about."""
    for item in console.streams:
        yield _stream(item, is_shown=item.stream.id == shown, now=now)


def _stream(item: StreamItem, *, is_shown: bool, now: datetime) -> StreamRow:
    stream = item.stream
    ended = stream.ended_at
    stands = "" if item.is_under_way else "ended"
    if ended is not None:
        stands = f"ended {clock_text(ended.astimezone(now.tzinfo))}"
    entries = plural(item.entry_count, "entry", "entries") if item.entry_count else ""
    lead = item.lead or ("" if item.roles else "nobody leads it yet")
    tip = (
        stream.name,
        stream.purpose,
        f"Led by {item.lead}" if item.lead else "",
        *item.roles,
        "Saved here only" if item.is_unsent else "",
    )
    return StreamRow(
        stream_id=stream.id,
        name=stream.name,
        remark=" · ".join(part for part in (lead, entries) if part),
        stands=stands,
        is_under_way=item.is_under_way,
        is_shown=is_shown,
        tip="\n".join(part for part in tip if part),
    )


def answer_rows(console: Console) -> Iterable[AnswerRow]:
    """The six questions with their answers."""
    for section in ASSESSMENT:
        found = [
            item.entry
            for item in console.document
            if item.entry.section is section and not item.entry.is_removed
        ]
        known = [entry.text for entry in found if entry.text and not entry.is_unknown]
        guesses = [entry.text for entry in found if entry.text and entry.is_unknown]
        counted = _counted(console) if section is DocumentSection.SUPPORT_CASES else ""
        text = "; ".join(known) or (counted if not guesses else "")
        if not text and found:
            text = ", ".join(["Unknown", *guesses])
        yield AnswerRow(
            section=section,
            question=word_of(section),
            text=text,
            typed="; ".join(known or guesses),
            is_unknown=not known and not counted,
            entry_ids=tuple(entry.id for entry in found),
            remark=counted if counted != text else "",
        )


def _counted(console: Console) -> str:
    """How many report it, live; empty while nobody is counted."""
    callers = console.callers
    new = f", {callers.recent} new in the last 15 min" if callers.recent else ""
    return f"{callers.total} linked{new}" if callers.total else ""
