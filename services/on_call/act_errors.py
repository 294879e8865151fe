"""Facts that stop an act on rosters and policies."""

from services.core.errors import AppError


class NotYoursToPlan(AppError):
    """Only who keeps the roster, or whose shift it is, may do this."""

    code = "not-yours-to-plan"


class CatchAllNeeded(AppError):
    """Without people on the catch-all roster a page could end in nobody."""

    code = "catch-all-needed"


class RotationWithoutPeople(AppError):
    """A rotation needs at least one person, each of them named once."""

    code = "rotation-without-people"


class PersonRetired(AppError):
    """Somebody who is no longer active cannot be on call."""

    code = "person-retired"


class RosterRetired(AppError):
    """The roster is not used any more."""

    code = "roster-retired"


class SpanInvalid(AppError):
    """A span ends before it begins, is over already, or is longer than shifts are planned."""

    code = "span-invalid"


class OverrideIncomplete(AppError):
    """An exception does not say who comes or who goes."""

    code = "override-incomplete"


class ShiftGone(AppError):
    """The shift has passed, was given to somebody else, or is not what the act needs."""

    code = "shift-gone"


class SwapNotOpen(AppError):
    """The offer was answered or withdrawn, or its shift has begun."""

    code = "swap-not-open"


class PolicyEndsInNobody(AppError):
    """A policy needs a step that calls somebody."""

    code = "policy-ends-in-nobody"


class PolicyInvalid(AppError):
    """A value of a policy is out of its range."""

    code = "policy-invalid"


class StepInvalid(AppError):
    """A step of a policy has too many targets, waits too long, or cannot be read."""

    code = "step-invalid"
