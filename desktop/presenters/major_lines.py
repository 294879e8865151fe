"""The timeline of a major incident: what people wrote, and what was done elsewhere. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from desktop.presenters.composer_words import receipt_line
from desktop.presenters.major_page import Reading, entries_of
from desktop.text import clock_text, full_when_text, plural
from desktop.views.major.values import LineView
from services.communications.read_models import Receipt
from services.communications.status_page import Audience
from services.core.ids import derived_id
from services.major_incidents.entries import EntryKind, ResponseEntry, Verdict
from services.major_incidents.major import HoldingState, ResponseRole
from services.major_incidents.read_models import EntryItem, RoleItem
from services.major_incidents.words import word_of
from services.paging.page import DeliveryState

LATE_NOTE = timedelta(minutes=5)
"""From here on an entry says that it was written down later than it happened."""


def lines(of: Reading) -> tuple[LineView, ...]:
    """All lines: what is pinned first, then the newest first.

    Of a stream that is shown alone they are its entries, without what was done elsewhere.
    """
    elsewhere = [*_milestones(of), *_roles(of), *_pages(of), *_updates(of)]
    found = [*(() if of.stream_id else elsewhere), *_entries(of)]
    if of.is_past:
        found = [line for line in found if line.written_at <= of.now]
    placed = [(line.happened_at, place, line) for place, line in enumerate(found)]
    placed.sort(key=lambda one: one[:2], reverse=True)
    placed.sort(key=lambda one: not one[2].is_pinned)
    return tuple(line for _, _, line in placed)


def written_moments(of: Reading) -> Sequence[datetime]:
    """When something was written down, for the marks of the slider."""
    return [line.written_at for line in lines(replace(of, stream_id=None))]


def began_at(of: Reading) -> datetime:
    """The first moment one may look back to: nothing of the response was written before."""
    return of.major.proposed_at


def _line(
    of: Reading,
    key: str,
    kind: str,
    who: str,
    text: str,
    at: datetime,
    *,
    tip: str = "",
) -> LineView:
    """A line about something that stands in another record."""
    return LineView(
        key=key,
        kind=kind,
        time=_time(at, of.now),
        who=who,
        text=text,
        happened_at=at,
        written_at=at,
        tip=tip or text,
    )


def _time(at: datetime, now: datetime) -> str:
    """The clock; the day as well in the tip alone, as the lines stand in order."""
    return clock_text(at.astimezone(now.tzinfo))


def _entries(of: Reading) -> Iterable[LineView]:
    for item in entries_of(of):
        yield _entry(of, item)


def _entry(of: Reading, item: EntryItem) -> LineView:
    entry = item.entry
    return LineView(
        key=str(entry.id),
        kind=entry.kind.value,
        time=_time(entry.happened_at, of.now),
        who=item.author,
        text=_text(entry),
        happened_at=entry.happened_at,
        written_at=entry.written_at,
        entry_id=entry.id,
        is_pinned=entry.is_pinned,
        is_removed=entry.is_removed,
        tip=_tip(of, item),
    )


def _text(entry: ResponseEntry) -> str:
    parts = [entry.text]
    if entry.kind is EntryKind.CHANGE and entry.revert:
        parts.append(f"to revert: {entry.revert}")
    if entry.verdict not in (Verdict.OPEN, Verdict.TESTING, Verdict.RUNNING):
        outcome = f": {entry.outcome}" if entry.outcome else ""
        parts.append(f"{word_of(entry.verdict).lower()}{outcome}")
    return ", ".join(parts)


def _tip(of: Reading, item: EntryItem) -> str:
    entry = item.entry
    when = full_when_text(entry.happened_at, of.now)
    if entry.written_at - entry.happened_at > LATE_NOTE:
        when += f", written down {full_when_text(entry.written_at, of.now)}"
    rows = (
        entry.text,
        f"How: {entry.how}" if entry.how else "",
        f"Why: {entry.why}" if entry.why else "",
        f"To revert: {entry.revert}" if entry.revert else "",
        f"Change: {item.change}" if item.change else "",
        f"For and against: {entry.evidence}" if entry.evidence else "",
        f"Outcome: {entry.outcome}" if entry.outcome else "",
        f"Work stream: {item.stream}" if item.stream else "",
        f"{item.author}, {when}",
        "Saved here only" if item.is_unsent else "",
    )
    return "\n".join(row for row in rows if row)


def _updates(of: Reading) -> Iterable[LineView]:
    for item in of.sent:
        update = item.update
        assert update.sent_at is not None
        inside = "Internal" if update.audience is Audience.INTERNAL else "External"
        what = "correction" if item.is_correction else f"update {item.ordinal}"
        marks = [
            mark
            for mark, is_there in (
                ("edited", item.is_edited),
                ("backdated", item.is_backdated),
            )
            if is_there
        ]
        said = f"{inside} {what} to {item.page}"
        text = ", ".join([said, *marks, *_reach(item.receipts)])
        told = (receipt_line(one, of.now) for one in item.receipts)
        receipts = (f"{one.outlet}: {one.state} {one.reason}".strip() for one in told)
        tip = "\n".join((text, update.subject, update.summary, *receipts))
        yield _line(of, str(update.id), "update", item.queued_by, text, update.sent_at, tip=tip)


def _reach(receipts: Sequence[Receipt]) -> Iterable[str]:
    """How many places an update reached, and those that did not take it."""
    if receipts:
        reached = sum(one.state is DeliveryState.DELIVERED for one in receipts)
        yield f"reached {reached} of {plural(len(receipts), 'place', 'places')}"
    failed = [one.place or one.address for one in receipts if one.needs_a_person]
    if failed:
        yield f"refused by {', '.join(failed)}"


def _pages(of: Reading) -> Iterable[LineView]:
    for item in of.pages:
        text = f"Paged {item.target}"
        if item.acknowledged_by and item.page.acknowledged_at:
            took = item.page.acknowledged_at - item.page.opened_at
            text += f". {item.acknowledged_by} answered in {_minutes(took)}"
        tip = f"{text}\n{item.page.reason}".strip()
        yield _line(of, str(item.page.id), "page", item.asked_by, text, item.page.opened_at,
                    tip=tip)  # fmt: skip


def _minutes(span: timedelta) -> str:
    minutes = round(span.total_seconds() / 60)
    return f"{minutes} min" if minutes else "under a minute"


def _roles(of: Reading) -> Iterable[LineView]:
    for item in (*of.console.roles, *of.console.past_roles):
        yield from _role(of, item)


def _role(of: Reading, item: RoleItem) -> Iterable[LineView]:
    holding = item.holding
    is_own = holding.role is ResponseRole.OWN
    role = item.role if is_own else item.role[:1].lower() + item.role[1:]
    if holding.accepted_at is not None:
        text = f"is {role} now"
        if item.relieves:
            text += f", relieves {item.relieves}"
        key = str(derived_id(holding.id, "accepted"))
        yield _line(of, key, "role", item.person, text, holding.accepted_at, tip=holding.handover)
    if holding.ended_at is not None and holding.state is not HoldingState.DECLINED:
        key = str(derived_id(holding.id, "ended"))
        text = f"is no longer {role}"
        yield _line(of, key, "role", item.person, text, holding.ended_at, tip=holding.end_remark)


def _milestones(of: Reading) -> Iterable[LineView]:
    major, names = of.major, of.names
    told = (
        ("proposed", major.proposed_at, major.proposed_by_id, "Proposed", major.proposal),
        ("accepted", major.accepted_at, major.decided_by_id, "Accepted", major.decision),
        ("resolved", major.resolved_at, None, "Resolved", major.recovery),
        ("reviewed", major.reviewed_at, major.review_owner_id, "Reviewed", ""),
    )
    for key, at, who_id, word, why in told:
        if at is not None:
            text = f"{word}: {why}" if why else word
            id_ = str(derived_id(major.id, key))
            yield _line(of, id_, "milestone", names.person(who_id), text, at)
