"""How what PostgreSQL says about a call becomes a fact."""

from services.core.errors import AppError
from services.sync.connection_faults import (
    FirstlineMissing,
    NoPrimary,
    PersonUnknown,
    ServerStarting,
    TooManyConnections,
)
from services.sync.errors import (
    ClientUnknown,
    NotSent,
    ProgramTooNew,
    ProgramTooOld,
    SharedUnreachable,
)


class HeldByOthers(SharedUnreachable):
    """Others held what a command changes for too long; it can be sent again."""


BY_CODE: dict[str, type[AppError]] = {
    "client-unknown": ClientUnknown,
    "program-too-old": ProgramTooOld,
    "program-too-new": ProgramTooNew,
    "person-unknown": PersonUnknown,
}
"""Refusals of whole calls, by the code in the database's message."""

BY_STATE: dict[str, type[AppError]] = {
    "3F000": FirstlineMissing,
    "42883": FirstlineMissing,
    "42P01": FirstlineMissing,
    "42501": PersonUnknown,
    "53300": TooManyConnections,
    "57P01": ServerStarting,
    "57P02": ServerStarting,
    "57P03": ServerStarting,
    "25006": NoPrimary,
    "40001": HeldByOthers,
    "40P01": HeldByOthers,
    "55P03": HeldByOthers,
}
"""Answers that are facts, by SQLSTATE."""

PASSING = ("08", "25", "40", "53", "55", "57", "58", "XX")
"""Classes of SQLSTATE that say nothing about the command: another try may go well."""


def fact_of_state(state: str, message: str) -> AppError | None:
    """What an error of a call means, by SQLSTATE and message; None where it is a bug."""
    if fact := BY_STATE.get(state):
        return fact(problem=message)
    if state.startswith("22"):
        return NotSent(problem=message)
    if not state or state.startswith(PASSING):
        return SharedUnreachable(problem=message)
    return None
