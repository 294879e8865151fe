"""Facts that stop a rota from being planned."""

from services.core.errors import AppError


class ZoneUnknown(AppError):
    """The time zone is not one of the IANA names."""

    code = "zone-unknown"


class LocalTimeUnreadable(AppError):
    """A day or a wall-clock time is not written as records keep it, or does not exist."""

    code = "local-time-unreadable"


class RestrictionUnreadable(AppError):
    """A part of a restriction to hours and days cannot be understood."""

    code = "restriction-unreadable"


class TurnLengthOutOfRange(AppError):
    """A turn of a rotation is shorter than one unit, or absurdly long."""

    code = "turn-length-out-of-range"


class RotationEndsTooEarly(AppError):
    """A rotation ends before its first turn begins."""

    code = "rotation-ends-too-early"
