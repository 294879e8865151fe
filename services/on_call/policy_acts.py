"""The commands by which escalation policies are kept."""

import json
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from services.on_call.act_errors import StepInvalid
from services.on_call.policy import EscalationStep, StepWhen


@dataclass(frozen=True, slots=True, kw_only=True)
class StepDraft:
    """A step as a command brings it; its place in the list is its position."""

    delay_s: int = 300
    taken: StepWhen = StepWhen.ALWAYS
    person_ids: tuple[UUID, ...] = ()
    roster_ids: tuple[UUID, ...] = ()
    team_ids: tuple[UUID, ...] = ()
    destination_ids: tuple[UUID, ...] = ()

    @property
    def target_count(self) -> int:
        """How many targets it calls."""
        targets = (self.person_ids, self.roster_ids, self.team_ids, self.destination_ids)
        return sum(len(ids) for ids in targets)

    def to_text(self) -> str:
        """The step as it travels in a command."""
        plain = {
            "delay_s": self.delay_s,
            "taken": self.taken.value,
            **{name: [str(id_) for id_ in getattr(self, name)] for name in TARGETS},
        }
        return json.dumps(plain)


TARGETS = ("person_ids", "roster_ids", "team_ids", "destination_ids")
"""Where a step names whom it calls."""


def step_from_text(text: str) -> StepDraft:
    """The step that a command brought.

    Raises:
        StepInvalid: it is not written as :meth:`StepDraft.to_text` writes it.
    """
    try:
        plain = json.loads(text)
        return StepDraft(
            delay_s=int(plain["delay_s"]),
            taken=StepWhen(plain["taken"]),
            **{name: tuple(UUID(id_) for id_ in plain[name]) for name in TARGETS},
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise StepInvalid(problem="it cannot be read") from error


def draft_of(step: EscalationStep) -> StepDraft:
    """What would make the step that is there."""
    return StepDraft(
        delay_s=step.delay_s,
        taken=step.taken,
        **{name: getattr(step, name) for name in TARGETS},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AddPolicy:
    """A new escalation policy with its steps, each written by :meth:`StepDraft.to_text`."""

    REMARK: ClassVar[str] = "name"

    policy_id: UUID
    name: str
    steps: tuple[str, ...]
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


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePolicy:
    """New particulars of a policy, or its retirement; running pages go on as they began."""

    REMARK: ClassVar[str] = "name"

    policy_id: UUID
    name: str
    team_id: UUID | None
    severities: str
    priorities: str
    out_of_hours_severities: str
    out_of_hours_priorities: str
    business_hours: str
    time_zone: str
    repeat_count: int
    acknowledge_timeout_s: int
    is_everyone: bool
    is_active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPolicySteps:
    """The steps of a policy, all of them; running pages keep theirs."""

    policy_id: UUID
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendPolicyHours:
    """The business hours of a policy are computed again, as far ahead as they are kept."""

    policy_id: UUID
