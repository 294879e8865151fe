"""Whom a page asks, in which order, and for how long: escalation policies."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import ClassVar
from uuid import UUID

CATCH_ALL_EVERY_S = 300
"""How often the catch-all roster is called, for ever, once all steps are gone through."""


class CalledAs(Enum):
    """Why a person is called: by name, for a roster, as a team's lead, or since nobody else is."""

    PERSON = "person"
    ROSTER = "roster"
    TEAM = "team"
    CATCH_ALL = "catch_all"


class StepWhen(Enum):
    """In which hours of the policy a step is taken; otherwise it is passed over at once."""

    ALWAYS = "always"
    BUSINESS_HOURS = "business_hours"
    OUT_OF_HOURS = "out_of_hours"


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationPolicy:
    """How a page of a team goes on until somebody answers.

    Without a team it is the policy of all teams that have none. ``severities`` and ``priorities``
    say for which incidents it pages at all, as digits: ``12``; an incident without a severity is
    judged by its priority. ``out_of_hours_severities`` says which of them page outside
    ``business_hours`` (written as a rotation's restriction, in ``time_zone``; empty is always).
    All steps are gone through ``repeat_count`` more times, then the catch-all roster is called
    every five minutes for ever. ``acknowledge_timeout_s`` reopens an acknowledged page; 0 never.
    ``is_everyone`` asks each person called for their own acknowledgement.
    """

    TABLE: ClassVar[str] = "escalation_policy"

    id: UUID
    version: int = 0
    name: str
    team_id: UUID | None = None
    severities: str = "123"
    priorities: str = "123"
    out_of_hours_severities: str = "12"
    out_of_hours_priorities: str = "12"
    business_hours: str = ""
    time_zone: str = "UTC"
    repeat_count: int = 1
    acknowledge_timeout_s: int = 1800
    is_everyone: bool = False
    is_active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationStep:
    """One step of a policy: whom it calls, and how long it waits before the next."""

    TABLE: ClassVar[str] = "escalation_step"

    id: UUID
    version: int = 0
    policy_id: UUID
    position: int
    delay_s: int = 300
    taken: StepWhen = StepWhen.ALWAYS
    person_ids: tuple[UUID, ...] = ()
    roster_ids: tuple[UUID, ...] = ()
    team_ids: tuple[UUID, ...] = ()
    destination_ids: tuple[UUID, ...] = ()
    is_active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyHours:
    """A span of a policy's business hours, computed as shifts are, for SQL to join."""

    TABLE: ClassVar[str] = "policy_hours"

    id: UUID
    version: int = 0
    policy_id: UUID
    starts_at: datetime
    ends_at: datetime
    is_cancelled: bool = False
