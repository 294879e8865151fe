"""What overrides make of who is on call by the rotations."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from services.on_call.roster import Override, OverrideKind
from services.on_call.spans import Duty, Span, between, in_order, joined, shared

Absences = Mapping[UUID, Sequence[Span]]
"""When people have time off, joined. Who has none may be missing."""


def overridden(
    duties: Sequence[Duty], overrides: Iterable[Override], absences: Absences
) -> list[Duty]:
    """The duties of one lane after its overrides, each applied to what the earlier ones left.

    Nobody is added in their time off; a replacement that is off leaves the replaced one on call.
    A removal may name who goes in either of its two people.
    """
    found = list(duties)
    for override in sorted(overrides, key=lambda one: (one.created_at, one.id)):
        if not override.is_cancelled and override.starts_at < override.ends_at:
            found = _applied(found, override, absences)
    return found


def without_absences(duties: Iterable[Duty], absences: Absences) -> list[Duty]:
    """What of the duties is outside the time off of their people."""
    return [
        part
        for duty in duties
        for part in (
            _cut(duty, absences[duty.person_id]) if duty.person_id in absences else (duty,)
        )
    ]


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
    # Where they are on call anyway nothing changes.
    held = _of(duties, comes)
    new = [part for span in spans for part in between(held, *span)]
    added = (Duty(*span, comes, None, override.id) for span in new)
    return sorted([*duties, *added], key=in_order)


def _of(duties: Iterable[Duty], person_id: UUID | None) -> list[Span]:
    return joined(Span(d.starts_at, d.ends_at) for d in duties if d.person_id == person_id)


def _without(duties: list[Duty], person_id: UUID | None, spans: Sequence[Span]) -> list[Duty]:
    return [
        part
        for duty in duties
        for part in (_cut(duty, spans) if duty.person_id == person_id else (duty,))
    ]


def _cut(duty: Duty, spans: Sequence[Span]) -> list[Duty]:
    gaps = between(spans, duty.starts_at, duty.ends_at)
    return [duty._replace(starts_at=gap.starts_at, ends_at=gap.ends_at) for gap in gaps]
