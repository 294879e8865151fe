"""Wishes and forms of the on-call screen as commands."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from uuid import UUID

from desktop.views.on_call.forms import OverrideForm, SwapForm, TimeOffForm
from desktop.views.on_call.wishes import ResizeWish
from services.on_call.acts import AddOverride, CancelOverride, OfferSwap, RecordTimeOff
from services.on_call.book import OnCallBook
from services.on_call.roster import OnCallShift, Override, OverrideKind
from services.on_call.spans import Span, between, joined

FreshId = Callable[[], UUID]


def shifts_within(
    book: OnCallBook, roster_id: UUID, starts_at: datetime, ends_at: datetime, *, is_backup: bool
) -> list[OnCallShift]:
    """Shifts of a lane of a roster that lie in a span, in order."""
    return [
        one
        for one in book.shifts_of(roster_id)
        if one.is_backup is is_backup and one.starts_at < ends_at and one.ends_at > starts_at
    ]


def overrides(form: OverrideForm, book: OnCallBook, fresh_id: FreshId) -> list[object]:
    """The exceptions a form asks for.

    Instead of whoever is on call: one replacement of each of them, since a replacement counts
    only while its person would be on call, and one more person where nobody is.
    """
    if form.kind is not OverrideKind.REPLACE or form.replaced_person_id is not None:
        return [_override(form, fresh_id(), Span(form.starts_at, form.ends_at))]
    found = shifts_within(
        book, form.roster_id, form.starts_at, form.ends_at, is_backup=form.is_backup
    )
    return list(_instead_of_all(form, found, fresh_id))


def _instead_of_all(
    form: OverrideForm, found: Sequence[OnCallShift], fresh_id: FreshId
) -> Iterator[object]:
    whole = Span(form.starts_at, form.ends_at)
    there = dict.fromkeys(one.person_id for one in found if one.person_id != form.person_id)
    for person_id in there:
        yield _override(form, fresh_id(), whole, OverrideKind.REPLACE, person_id)
    covered = joined(Span(one.starts_at, one.ends_at) for one in found)
    for gap in between(covered, whole.starts_at, whole.ends_at):
        yield _override(form, fresh_id(), gap, OverrideKind.ADD)


def _override(
    form: OverrideForm,
    id_: UUID,
    span: Span,
    kind: OverrideKind | None = None,
    replaced_id: UUID | None = None,
) -> AddOverride:
    return AddOverride(
        override_id=id_,
        roster_id=form.roster_id,
        kind=kind or form.kind,
        person_id=form.person_id,
        replaced_person_id=replaced_id if kind else form.replaced_person_id,
        is_backup=form.is_backup,
        starts_at=span.starts_at,
        ends_at=span.ends_at,
        reason=form.reason,
    )


def moved_override(before: Override, wish: ResizeWish, fresh_id: FreshId) -> list[object]:
    """An override that begins or ends at another time: the old one ends, a new one holds.

    The bar may show a part of it; the end that was not moved stays that of the whole.
    """
    is_start_moved = wish.starts_at != wish.bar.starts_at
    is_end_moved = wish.ends_at != wish.bar.ends_at
    return [
        CancelOverride(override_id=before.id),
        AddOverride(
            override_id=fresh_id(),
            roster_id=before.roster_id,
            kind=before.kind,
            person_id=before.person_id,
            replaced_person_id=before.replaced_person_id,
            is_backup=before.is_backup,
            starts_at=wish.starts_at if is_start_moved else before.starts_at,
            ends_at=wish.ends_at if is_end_moved else before.ends_at,
            reason=before.reason,
        ),
    ]


def added_spans(wish: ResizeWish) -> list[Span]:
    """What a shift gained by being resized."""
    found = (Span(wish.starts_at, wish.bar.starts_at), Span(wish.bar.ends_at, wish.ends_at))
    return [span for span in found if span.starts_at < span.ends_at]


def lost_spans(wish: ResizeWish) -> list[Span]:
    """What a shift lost by being resized."""
    found = (Span(wish.bar.starts_at, wish.starts_at), Span(wish.ends_at, wish.bar.ends_at))
    return [span for span in found if span.starts_at < span.ends_at]


def swap_offer(form: SwapForm, roster_id: UUID, id_: UUID) -> OfferSwap:
    """An offer of one's own shift."""
    return OfferSwap(
        swap_id=id_,
        roster_id=roster_id,
        starts_at=form.starts_at,
        ends_at=form.ends_at,
        to_person_id=form.to_person_id,
        return_starts_at=form.return_starts_at,
        return_ends_at=form.return_ends_at,
        reason=form.reason,
    )


def time_off(form: TimeOffForm, id_: UUID) -> RecordTimeOff:
    """Time off of a person."""
    return RecordTimeOff(
        time_off_id=id_,
        person_id=form.person_id,
        starts_at=form.starts_at,
        ends_at=form.ends_at,
        reason=form.reason,
    )
