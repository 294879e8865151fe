"""Facts that stop an act on a major incident."""

from services.core.errors import AppError


class MajorNotThere(AppError):
    """No major incident was proposed for this incident."""

    code = "major-not-there"


class MajorMovedOn(AppError):
    """The procedure stands where this act does not lead on."""

    code = "major-moved-on"


class MajorStillOpen(AppError):
    """A plain resolution does not resolve an incident that is handled as major."""

    code = "major-still-open"


class NotInCharge(AppError):
    """Only who is in charge of the response may do this."""

    code = "not-in-charge"


class CommandHeld(AppError):
    """Somebody is the incident manager already."""

    code = "command-held"


class CommandStays(AppError):
    """The incident manager goes only when somebody else takes over."""

    code = "command-stays"


class RoleMovedOn(AppError):
    """The role was accepted, declined or ended meanwhile."""

    code = "role-moved-on"


class RoleNotYours(AppError):
    """A role is accepted or declined only by the person it was offered to."""

    code = "role-not-yours"


class ImpactTimesWrong(AppError):
    """The moments of the impact do not follow each other, or lie ahead."""

    code = "impact-times-order"


class VerdictNotOfKind(AppError):
    """A card of this kind cannot have this verdict."""

    code = "verdict-not-of-kind"


class EntryRemoved(AppError):
    """The entry was struck through meanwhile."""

    code = "entry-removed"


class ChangeEventKnown(AppError):
    """The change was entered already, from the same source."""

    code = "change-event-known"


class NoReplay(AppError):
    """A drill plays a past incident forward, at a speed there is; this one cannot be steered so."""

    code = "no-replay"
