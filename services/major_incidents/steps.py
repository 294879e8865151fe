"""The steps of a response, each done when the facts for it are there. Pure."""

from dataclasses import dataclass
from enum import Enum

from services.major_incidents.major import ResponsePhase


class Step(Enum):
    """What a response does, in this order; later ones may be done before earlier ones."""

    DETECT = "Detect"
    OPEN_COMMS = "Open comms"
    ASSESS = "Assess"
    FIRST_COMMS = "First comms"
    ESCALATE = "Escalate"
    DELEGATE = "Delegate"
    FIX_AND_UPDATE = "Fix and update"
    RESOLVE = "Resolve"
    REVIEW = "Review"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepFacts:
    """What decides which steps are done.

    ``is_told``: an update has been sent; ``is_escalated``: somebody was paged, or a team asked.
    Both are of practices above this one, so whoever knows them sets them.
    """

    is_detected: bool
    has_channel: bool
    unanswered: int
    has_severity: bool
    has_tech_lead: bool
    has_communications: bool
    phase: ResponsePhase
    is_resolved: bool
    is_reviewed: bool
    is_escalated: bool = False
    is_told: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StepStanding:
    """Whether a step is done; ``missing`` says what for, empty once it is."""

    step: Step
    missing: str

    @property
    def is_done(self) -> bool:
        """Whether all facts for it are there."""
        return not self.missing


def steps(facts: StepFacts) -> tuple[StepStanding, ...]:
    """All steps in their order, with what each still lacks."""
    missing = {
        Step.DETECT: "" if facts.is_detected else "When it was detected is not known.",
        Step.OPEN_COMMS: "" if facts.has_channel else "There is no chat room and no bridge.",
        Step.ASSESS: _assessing(facts),
        Step.FIRST_COMMS: "" if facts.is_told else "No update has been sent.",
        Step.ESCALATE: "" if facts.is_escalated else "Nobody was paged and no team was asked.",
        Step.DELEGATE: _delegating(facts),
        Step.FIX_AND_UPDATE: ""
        if facts.phase in (ResponsePhase.MONITORING, ResponsePhase.RESOLVED)
        else "No fix is being monitored.",
        Step.RESOLVE: "" if facts.is_resolved else "The impact has not ended.",
        Step.REVIEW: "" if facts.is_reviewed else "The review is to come.",
    }
    return tuple(StepStanding(step=step, missing=missing[step]) for step in Step)


def step_now(standings: tuple[StepStanding, ...]) -> Step | None:
    """The first step that is not done; None once all are."""
    return next((standing.step for standing in standings if not standing.is_done), None)


def _assessing(facts: StepFacts) -> str:
    if facts.unanswered:
        one = facts.unanswered == 1
        return f"{facts.unanswered} question{'' if one else 's'} without an answer."
    return "" if facts.has_severity else "No severity is set."


def _delegating(facts: StepFacts) -> str:
    if not facts.has_tech_lead:
        return "Nobody is tech lead."
    return "" if facts.has_communications else "Nobody writes the updates."
