"""Facts that stop the import of a schedule."""

from services.core.errors import AppError


class ScheduleUnreadable(AppError):
    """The file cannot be opened, is too large, or is no text in UTF-8."""

    code = "schedule-unreadable"


class ScheduleShapeUnknown(AppError):
    """A place in the file does not hold what the format has there."""

    code = "schedule-shape-unknown"


class ScheduleTooFine(AppError):
    """A schedule would become more single shifts than anybody could look after."""

    code = "schedule-too-fine"


class SchedulePeopleUnknown(AppError):
    """People of the schedule are nobody here, or several."""

    code = "schedule-people-unknown"


class ScheduleDiffers(AppError):
    """The rosters would not have the same people on call as the schedule."""

    code = "schedule-differs"


class ScheduleRosterTaken(AppError):
    """A roster of this name is there already, perhaps from an earlier import."""

    code = "schedule-roster-taken"


class ScheduleRefused(AppError):
    """The shared database refused a command that its rule had let pass."""

    code = "schedule-refused"
