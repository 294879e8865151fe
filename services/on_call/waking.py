"""Who will be woken: whom a page would call, at which minute, by which contact method.

Pure, over a snapshot, for the form that asks for a page and for the simulator. The shared database
decides when a page is led (``services/paging/statements.py``); both follow the same rules, and a
test holds one against the other. Here nobody ever answers and every message arrives.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from functools import cached_property
from uuid import UUID

from services.on_call.policy import (
    CATCH_ALL_EVERY_S,
    CalledAs,
    EscalationPolicy,
    EscalationStep,
    PolicyHours,
    StepWhen,
)
from services.on_call.roster import OnCallShift, Roster
from services.people.contact import ContactKind, ContactMethod, NotificationRule
from services.people.person import Role, Team

LOOKED_AHEAD = timedelta(hours=2)


class Silence(Enum):
    """Why nothing pages at all."""

    NOT_PAGED_FOR = "not_paged_for"
    OUT_OF_HOURS = "out_of_hours"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message to one contact method, if nobody has answered by then."""

    contact_method_id: UUID
    destination_id: UUID
    kind: ContactKind
    address: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Woken:
    """A person who is called, why, and how; without messages they cannot be reached."""

    person_id: UUID
    called_as: CalledAs
    roster_id: UUID | None = None
    messages: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WakingStep:
    """A step that is taken. ``destination_ids`` are channels that it names beside people.

    A step that reaches nobody is there as well: the next one follows at once.
    """

    at: datetime
    round: int
    position: int
    is_catch_all: bool
    woken: tuple[Woken, ...]
    destination_ids: tuple[UUID, ...] = ()

    @property
    def reaches_somebody(self) -> bool:
        """Whether any message leaves at this step."""
        return bool(self.destination_ids) or any(one.messages for one in self.woken)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waking:
    """What a page would do from a moment on. ``silence`` says why it would not be sent."""

    policy_id: UUID | None
    steps: tuple[WakingStep, ...]
    silence: Silence | None = None

    @property
    def first(self) -> WakingStep | None:
        """The first step that reaches somebody."""
        return next((step for step in self.steps if step.reaches_somebody), None)


@dataclass(frozen=True, kw_only=True)
class WakingBook:
    """All that decides whom a page calls. Shifts and hours are those that are not cancelled.

    ``role_holders`` and ``person_ids`` name active people, ``destination_ids`` active destinations.
    """

    policies: tuple[EscalationPolicy, ...] = ()
    steps: tuple[EscalationStep, ...] = ()
    hours: tuple[PolicyHours, ...] = ()
    rosters: tuple[Roster, ...] = ()
    shifts: tuple[OnCallShift, ...] = ()
    teams: tuple[Team, ...] = ()
    contact_methods: tuple[ContactMethod, ...] = ()
    rules: tuple[NotificationRule, ...] = ()
    person_ids: frozenset[UUID] = frozenset()
    destination_ids: frozenset[UUID] = frozenset()
    role_holders: dict[Role, frozenset[UUID]] = field(default_factory=dict)

    def on_call(self, roster_id: UUID, at: datetime) -> tuple[UUID, ...]:
        """Who is on call for a roster: the primary people, or the backup where there are none."""
        now = [s for s in self._shifts.get(roster_id, ()) if s.starts_at <= at < s.ends_at]
        primary = [shift for shift in now if not shift.is_backup]
        return tuple(shift.person_id for shift in primary or now)

    def is_in_hours(self, policy: EscalationPolicy, at: datetime) -> bool:
        """Whether a moment is in the business hours of a policy; without any it always is."""
        hours = self._hours.get(policy.id, ())
        return not policy.business_hours or any(h.starts_at <= at < h.ends_at for h in hours)

    def messages(self, person_id: UUID, at: datetime) -> tuple[Message, ...]:
        """How a person who is called is reached: by their rules, or by everything at once."""
        proved = {
            m.id: m for m in self._methods.get(person_id, ()) if m.is_active and m.verified_at
        }
        rules = [r for r in self._rules.get(person_id, ()) if r.contact_method_id in proved]
        delays = [(rule.contact_method_id, rule.delay_s) for rule in rules] or [
            (method_id, 0) for method_id in proved
        ]
        found = (
            Message(
                contact_method_id=method_id,
                destination_id=proved[method_id].destination_id,
                kind=proved[method_id].kind,
                address=proved[method_id].address,
                at=at + timedelta(seconds=delay_s),
            )
            for method_id, delay_s in delays
            if proved[method_id].destination_id in self.destination_ids
        )
        return tuple(sorted(found, key=lambda one: (one.at, one.kind.value, one.address)))

    @cached_property
    def _shifts(self) -> dict[UUID, list[OnCallShift]]:
        found = defaultdict(list)
        for shift in sorted(self.shifts, key=lambda one: (one.starts_at, one.id)):
            found[shift.roster_id].append(shift)
        return found

    @cached_property
    def _hours(self) -> dict[UUID, list[PolicyHours]]:
        found = defaultdict(list)
        for hours in self.hours:
            found[hours.policy_id].append(hours)
        return found

    @cached_property
    def _methods(self) -> dict[UUID, list[ContactMethod]]:
        found = defaultdict(list)
        for method in self.contact_methods:
            found[method.person_id].append(method)
        return found

    @cached_property
    def _rules(self) -> dict[UUID, list[NotificationRule]]:
        found = defaultdict(list)
        for rule in self.rules:
            if rule.is_active:
                found[rule.person_id].append(rule)
        return found


def policy_for(team_id: UUID, policies: Iterable[EscalationPolicy]) -> EscalationPolicy | None:
    """The policy by which a team is paged: its own, else the one for all teams."""
    active = [policy for policy in policies if policy.is_active]
    own = [policy for policy in active if policy.team_id == team_id]
    common = [policy for policy in active if policy.team_id is None]
    found = sorted(own or common, key=lambda policy: (policy.name, policy.id))
    return found[0] if found else None


def silence(
    book: WakingBook,
    policy: EscalationPolicy | None,
    at: datetime,
    *,
    severity: int | None,
    priority: int | None,
) -> Silence | None:
    """Why an incident does not page at a moment; None where it does.

    Without a policy the defaults of one count. An incident without a severity is judged by its
    priority, one without either does not page by itself.
    """
    policy = policy or _WITHOUT_POLICY
    digit = priority if severity is None else severity
    of_severity = severity is not None
    if digit is None or str(digit) not in (policy.severities if of_severity else policy.priorities):
        return Silence.NOT_PAGED_FOR
    out_of_hours = policy.out_of_hours_severities if of_severity else policy.out_of_hours_priorities
    if not book.is_in_hours(policy, at) and str(digit) not in out_of_hours:
        return Silence.OUT_OF_HOURS
    return None


def waking_of_team(
    book: WakingBook,
    team_id: UUID,
    at: datetime,
    *,
    severity: int | None,
    priority: int | None,
    ahead: timedelta = LOOKED_AHEAD,
) -> Waking:
    """Whom a page of a team would call, from a moment on and as long ahead.

    The steps are those of a page that is sent, even where ``silence`` says that none would be.
    """
    policy = policy_for(team_id, book.policies)
    steps = _steps_of(book, policy) or (_asked(team_id),)
    return Waking(
        policy_id=policy.id if policy else None,
        steps=tuple(_led(book, policy, steps, at, at + ahead)),
        silence=silence(book, policy, at, severity=severity, priority=priority),
    )


def waking_of_policy(
    book: WakingBook, policy: EscalationPolicy, at: datetime, ahead: timedelta = LOOKED_AHEAD
) -> Waking:
    """Whom a page by this policy would call, from a moment on and as long ahead."""
    steps = tuple(_led(book, policy, _steps_of(book, policy), at, at + ahead))
    return Waking(policy_id=policy.id, steps=steps)


_NOTHING = UUID(int=0)
_WITHOUT_POLICY = EscalationPolicy(id=_NOTHING, name="")


def _asked(team_id: UUID) -> EscalationStep:
    """The one step where no policy has any."""
    return EscalationStep(
        id=_NOTHING,
        policy_id=_NOTHING,
        position=0,
        delay_s=CATCH_ALL_EVERY_S,
        team_ids=(team_id,),
    )


def _steps_of(book: WakingBook, policy: EscalationPolicy | None) -> tuple[EscalationStep, ...]:
    if policy is None:
        return ()
    own = (step for step in book.steps if step.policy_id == policy.id and step.is_active)
    return tuple(sorted(own, key=lambda step: (step.position, step.id)))


def _led(
    book: WakingBook,
    policy: EscalationPolicy | None,
    steps: Sequence[EscalationStep],
    at: datetime,
    until: datetime,
) -> Iterator[WakingStep]:
    """The steps of a page that nobody answers: all, repeats, then the catch-all for ever."""
    repeats = (policy or _WITHOUT_POLICY).repeat_count if steps else -1
    for round_ in range(repeats + 1):
        for position, step in enumerate(steps):
            if at >= until:
                return
            taken = _taken(book, policy, step, at, round_, position)
            yield taken
            if taken.reaches_somebody:
                at += timedelta(seconds=step.delay_s)
    round_ = max(repeats, 0)
    while at < until:
        round_ += 1
        yield WakingStep(
            at=at,
            round=round_,
            position=len(steps),
            is_catch_all=True,
            woken=_woken(book, at, _catching(book, at)),
        )
        at += timedelta(seconds=CATCH_ALL_EVERY_S)


def _taken(
    book: WakingBook,
    policy: EscalationPolicy | None,
    step: EscalationStep,
    at: datetime,
    round_: int,
    position: int,
) -> WakingStep:
    in_hours = book.is_in_hours(policy or _WITHOUT_POLICY, at)
    wanted = StepWhen.BUSINESS_HOURS if in_hours else StepWhen.OUT_OF_HOURS
    is_taken = step.taken in (StepWhen.ALWAYS, wanted)
    targets = _targets(book, step, at) if is_taken else ()
    channels = [id_ for id_ in step.destination_ids if id_ in book.destination_ids]
    return WakingStep(
        at=at,
        round=round_,
        position=position,
        is_catch_all=False,
        woken=_woken(book, at, targets),
        destination_ids=tuple(channels) if is_taken else (),
    )


_Target = tuple[UUID, CalledAs, UUID | None]


def _targets(book: WakingBook, step: EscalationStep, at: datetime) -> Iterator[_Target]:
    for person_id in step.person_ids:
        yield person_id, CalledAs.PERSON, None
    for roster_id in step.roster_ids:
        for person_id in book.on_call(roster_id, at):
            yield person_id, CalledAs.ROSTER, roster_id
    for team_id in step.team_ids:
        yield from _of_team(book, team_id, at)


def _of_team(book: WakingBook, team_id: UUID, at: datetime) -> Iterator[_Target]:
    """The people on call for the team's rosters; where there are none, its lead."""
    is_covered = False
    for roster in book.rosters:
        if roster.team_id == team_id and roster.is_active:
            for person_id in book.on_call(roster.id, at):
                is_covered = True
                yield person_id, CalledAs.ROSTER, roster.id
    leads = (team.lead_id for team in book.teams if team.id == team_id)
    for lead_id in leads:
        if not is_covered and lead_id is not None:
            yield lead_id, CalledAs.TEAM, None


def _catching(book: WakingBook, at: datetime) -> Iterator[_Target]:
    """The catch-all roster, else all incident managers, else all administrators."""
    is_covered = False
    for roster in book.rosters:
        if roster.is_catch_all and roster.is_active:
            for person_id in book.on_call(roster.id, at):
                is_covered = True
                yield person_id, CalledAs.CATCH_ALL, roster.id
    if not is_covered:
        managers = book.role_holders.get(Role.INCIDENT_MANAGER, frozenset())
        holders = managers or book.role_holders.get(Role.ADMINISTRATOR, frozenset())
        for person_id in sorted(holders):
            yield person_id, CalledAs.CATCH_ALL, None


def _woken(book: WakingBook, at: datetime, targets: Iterable[_Target]) -> tuple[Woken, ...]:
    """Each person once, for the first reason by name, as the shared database has it."""
    by_person: dict[UUID, list[_Target]] = {}
    for target in targets:
        if target[0] in book.person_ids:
            by_person.setdefault(target[0], []).append(target)
    return tuple(
        Woken(
            person_id=person_id,
            called_as=min((reason for _, reason, _ in found), key=lambda one: one.value),
            roster_id=min((roster for _, _, roster in found if roster), key=str, default=None),
            messages=book.messages(person_id, at),
        )
        for person_id, found in by_person.items()
    )
