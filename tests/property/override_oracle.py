"""Overrides as their rules are told, each looking at the whole lane."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from services.on_call.overrides import Absences
from services.on_call.roster import Override, OverrideKind
from services.on_call.spans import Duty, Span, between, in_order, joined, shared


def overridden_as_told(
    duties: Sequence[Duty], overrides: Iterable[Override], absences: Absences
) -> list[Duty]:
    """The duties of one lane after its overrides, in order."""
    found = list(duties)
    for override in sorted(overrides, key=lambda one: (one.created_at, one.id)):
        if not override.is_cancelled and override.starts_at < override.ends_at:
            found = _applied(found, override, absences)
    return sorted(found, key=in_order)


def _applied(duties: list[Duty], override: Override, absences: Absences) -> list[Duty]:
    whole = Span(override.starts_at, override.ends_at)
    comes, goes = override.person_id, override.replaced_person_id
    if override.kind is OverrideKind.REMOVE:
        return _without(duties, goes or comes, [whole])
    if comes is None:
        return duties
    spans = between(absences.get(comes, ()), *whole)
    if override.kind is OverrideKind.REPLACE:
        spans = shared(spans, _of(duties, goes))
        duties = _without(duties, goes, spans)
    held = _of(duties, comes)
    new = [part for span in spans for part in between(held, *span)]
    return [*duties, *(Duty(*span, comes, None, override.id) for span in new)]


def _of(duties: Iterable[Duty], person_id: UUID | None) -> list[Span]:
    return joined(Span(d.starts_at, d.ends_at) for d in duties if d.person_id == person_id)


def _without(duties: list[Duty], person_id: UUID | None, spans: Sequence[Span]) -> list[Duty]:
    return [
        duty._replace(starts_at=gap.starts_at, ends_at=gap.ends_at)
        for duty in duties
        for gap in between(
            spans if duty.person_id == person_id else (), duty.starts_at, duty.ends_at
        )
    ]
