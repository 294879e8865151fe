"""What overrides make of who is on call by the rotations."""

from bisect import insort
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from operator import attrgetter
from uuid import UUID

from services.on_call.roster import Override, OverrideKind
from services.on_call.spans import Duty, Span, between, in_order, joined, near, shared

Absences = Mapping[UUID, Sequence[Span]]
"""When people have time off, joined. Who has none may be missing."""

_start = attrgetter("starts_at")


def overridden(
    duties: Iterable[Duty], overrides: Iterable[Override], absences: Absences
) -> list[Duty]:
    """The duties of one lane after its overrides, each applied to what the earlier ones left.

    Nobody has two duties at once, before or afterwards. Nobody is added in their time off; a
    replacement that is off leaves the replaced one on call. A removal may name who goes in either
    of its two people.
    """
    held: dict[UUID, list[Duty]] = defaultdict(list)
    for duty in sorted(duties, key=in_order):
        held[duty.person_id].append(duty)
    for override in sorted(overrides, key=lambda one: (one.created_at, one.id)):
        if not override.is_cancelled and override.starts_at < override.ends_at:
            _apply(override, held, absences)
    return sorted(chain.from_iterable(held.values()), key=in_order)


def without_absences(duties: Iterable[Duty], absences: Absences) -> list[Duty]:
    """What of the duties is outside the time off of their people."""
    return [
        part
        for duty in duties
        for part in (
            _cut(duty, absences[duty.person_id]) if duty.person_id in absences else (duty,)
        )
    ]


def _apply(override: Override, held: dict[UUID, list[Duty]], absences: Absences) -> None:
    """Change what each person holds; only what lies near the override is looked at."""
    whole = Span(override.starts_at, override.ends_at)
    comes, goes = override.person_id, override.replaced_person_id
    if override.kind is OverrideKind.REMOVE:
        gone = goes or comes
        if gone is not None:
            _cut_out(held[gone], whole)
        return
    if comes is None:
        return
    spans = _free(absences.get(comes, ()), whole)
    if override.kind is OverrideKind.REPLACE:
        replaced = held[goes] if goes is not None else []
        spans = shared(spans, _joined_near(replaced, whole))
        for span in spans:
            _cut_out(replaced, span)
    # Where they are on call anyway nothing changes.
    own = _joined_near(held[comes], whole)
    for part in (part for span in spans for part in _free(own, span)):
        insort(held[comes], Duty(*part, comes, None, override.id), key=_start)


def _joined_near(duties: Sequence[Duty], span: Span) -> list[Span]:
    return joined(Span(duty.starts_at, duty.ends_at) for duty in duties[near(duties, *span)])


def _free(spans: Sequence[Span], whole: Span) -> list[Span]:
    return between(spans[near(spans, *whole)], *whole)


def _cut_out(duties: list[Duty], span: Span) -> None:
    place = near(duties, *span)
    duties[place] = [part for duty in duties[place] for part in _cut(duty, [span])]


def _cut(duty: Duty, spans: Sequence[Span]) -> list[Duty]:
    gaps = _free(spans, Span(duty.starts_at, duty.ends_at))
    return [duty._replace(starts_at=gap.starts_at, ends_at=gap.ends_at) for gap in gaps]
