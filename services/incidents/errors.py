"""Facts that stop an act on an incident."""

from services.core.errors import AppError


class TransitionNotAllowed(AppError):
    """The incident's state does not lead where the act wants to go."""

    code = "transition-not-allowed"


class IncidentIsFinal(AppError):
    """The incident is closed or cancelled; its fields no longer change."""

    code = "incident-is-final"


class ChangedMeanwhile(AppError):
    """A colleague set the same field to something else."""

    code = "changed-meanwhile"


class AlreadyTaken(AppError):
    """A colleague was first."""

    code = "already-taken"


class NewerNote(AppError):
    """A colleague wrote a note that the writer of a reply has not seen."""

    code = "newer-note"


class NotHandedBack(AppError):
    """The incident is still with another tier."""

    code = "not-handed-back"


class NotConfirmed(AppError):
    """Closing needs the caller's confirmation, or enough attempts to reach the caller."""

    code = "not-confirmed"


class NotEscalated(AppError):
    """No escalation of this incident is open."""

    code = "not-escalated"


class AlreadyEscalated(AppError):
    """The incident is already with that team, or waits for it."""

    code = "already-escalated"


class NotYourTeam(AppError):
    """Only a member of the receiving team may do this."""

    code = "not-your-team"


class NotYoursToRestrict(AppError):
    """Only who has to do with the incident, or an incident manager, decides who reads it."""

    code = "not-yours-to-restrict"


class ReportedInFuture(AppError):
    """The time given for the report has not come yet."""

    code = "reported-in-future"


class NothingToUndo(AppError):
    """Somebody has built on the act, it was another person's, or it cannot be undone."""

    code = "nothing-to-undo"


class WouldBeOwnParent(AppError):
    """An incident cannot be its own parent, nor the parent of its parent."""

    code = "would-be-own-parent"


class DrillAndReal(AppError):
    """A drill has drills alone above and below it: what resolves one resolves the other."""

    code = "drill-and-real"


class MatrixInvalid(AppError):
    """A priority matrix needs nine priorities from 1 to 5."""

    code = "matrix-invalid"
