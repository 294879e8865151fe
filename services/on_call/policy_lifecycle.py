"""What an escalation policy may be: pure functions over frozen values."""

from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from datetime import datetime
from uuid import UUID

from services.core.clock import to_microseconds
from services.core.ids import derived_id
from services.core.text import clean_line, limit_of, require
from services.on_call.act_errors import PolicyEndsInNobody, PolicyInvalid, StepInvalid
from services.on_call.policy import EscalationPolicy, EscalationStep, PolicyHours
from services.on_call.policy_acts import TARGETS, AddPolicy, ChangePolicy, StepDraft, step_from_text
from services.on_call.restriction import policy_hours
from services.on_call.shifts import planning_span
from services.on_call.spans import Span
from services.on_call.wall_clock import wall_clock

MOST_STEPS = 10
MOST_TARGETS = 20
LONGEST_DELAY_S = 86_400
MOST_REPEATS = 9
LONGEST_TIMEOUT_S = 7 * 86_400
SEVERITIES, PRIORITIES = "123", "12345"
_CHOICES = {
    "severities": SEVERITIES,
    "priorities": PRIORITIES,
    "out_of_hours_severities": SEVERITIES,
    "out_of_hours_priorities": PRIORITIES,
}


def new_policy(command: AddPolicy) -> EscalationPolicy:
    """A policy that pages by the values of the command.

    Raises:
        PolicyInvalid, ZoneUnknown, RestrictionUnreadable, FieldMissing: a value cannot be used.
    """
    given = {f.name: getattr(command, f.name) for f in fields(command)}
    steps, policy_id = given.pop("steps"), given.pop("policy_id")
    del steps
    return _sound(EscalationPolicy(id=policy_id, **given))


def changed_policy(before: EscalationPolicy, command: ChangePolicy) -> EscalationPolicy:
    """The policy with new particulars.

    Raises:
        PolicyInvalid, ZoneUnknown, RestrictionUnreadable, FieldMissing: a value cannot be used.
    """
    given = {f.name: getattr(command, f.name) for f in fields(command) if f.name != "policy_id"}
    return _sound(replace(before, **given))


def _sound(policy: EscalationPolicy) -> EscalationPolicy:
    for field, allowed in _CHOICES.items():
        digits = getattr(policy, field)
        if digits != "".join(digit for digit in allowed if digit in digits):
            raise PolicyInvalid(field=field.replace("_", " "), allowed=allowed)
    for field, most in (
        ("repeat_count", MOST_REPEATS),
        ("acknowledge_timeout_s", LONGEST_TIMEOUT_S),
    ):
        if not 0 <= getattr(policy, field) <= most:
            raise PolicyInvalid(field=field.replace("_", " "), allowed=f"0 to {most:,}")
    hours = clean_line(policy.business_hours, limit_of("business_hours"), field="business hours")
    name = clean_line(policy.name, field="name")
    require("name", name)
    wall_clock(policy.time_zone)
    return replace(policy, name=name, business_hours=hours)


def drafts_of(steps: Sequence[str]) -> list[StepDraft]:
    """The steps that a command brings, in order.

    Raises:
        StepInvalid: there are too many, or one cannot be used.
        PolicyEndsInNobody: none calls anybody.
    """
    if len(steps) > MOST_STEPS:
        raise StepInvalid(problem=f"{len(steps)} steps, {MOST_STEPS} allowed")
    drafts = [step_from_text(text) for text in steps]
    for draft in drafts:
        if not 0 <= draft.delay_s <= LONGEST_DELAY_S:
            raise StepInvalid(problem=f"it waits {draft.delay_s:,} s, {LONGEST_DELAY_S:,} allowed")
        if draft.target_count > MOST_TARGETS:
            raise StepInvalid(problem=f"{draft.target_count} targets, {MOST_TARGETS} allowed")
        if any(len(set(getattr(draft, n))) < len(getattr(draft, n)) for n in TARGETS):
            raise StepInvalid(problem="it names a target twice")
    if not any(draft.target_count for draft in drafts):
        raise PolicyEndsInNobody()
    return drafts


def step_of(policy_id: UUID, position: int, draft: StepDraft) -> EscalationStep:
    """A step at its place; the same place of a policy is always the same record."""
    return EscalationStep(
        id=derived_id(policy_id, "step", position),
        policy_id=policy_id,
        position=position,
        delay_s=draft.delay_s,
        taken=draft.taken,
        **{name: getattr(draft, name) for name in TARGETS},
    )


def wanted_hours(policy: EscalationPolicy, now: datetime) -> tuple[Span, ...]:
    """The spans in which the policy has business hours, as far ahead as they are kept."""
    if not policy.is_active:
        return ()
    return policy_hours(policy.business_hours, policy.time_zone, *planning_span(now))


def rehoured(
    policy_id: UUID, kept: Iterable[PolicyHours], wanted: Iterable[Span], now: datetime
) -> tuple[PolicyHours, ...]:
    """The images of all hours that must be inserted or changed, so that they are the wanted ones.

    The past stays. Hours under way go on under their own row; future ones that no longer hold are
    cancelled, and revived when they come back.
    """
    known = {row.id: row for row in kept if row.ends_at > now}
    under_way = next((r for r in known.values() if r.starts_at <= now and not r.is_cancelled), None)
    images: dict[UUID, PolicyHours] = {}
    for span in wanted:
        if span.ends_at <= now:
            continue
        if under_way is not None and span.starts_at <= now:
            images[under_way.id] = replace(under_way, ends_at=span.ends_at)
            continue
        row = _hours(policy_id, Span(max(span.starts_at, now), span.ends_at))
        before = known.get(row.id)
        images[row.id] = replace(row, version=before.version) if before else row
    for row in known.values():
        if row.id not in images:
            ends = row is under_way
            images[row.id] = replace(row, ends_at=now) if ends else replace(row, is_cancelled=True)
    return tuple(image for id_, image in images.items() if image != known.get(id_))


def _hours(policy_id: UUID, span: Span) -> PolicyHours:
    return PolicyHours(
        id=derived_id(PolicyHours.TABLE, policy_id, to_microseconds(span.starts_at)),
        policy_id=policy_id,
        starts_at=span.starts_at,
        ends_at=span.ends_at,
    )
