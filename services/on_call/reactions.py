"""What acts on people mean for who is on call."""

from services.on_call.shift_changes import ensure_still_manned
from services.people.person import Person
from services.sync.changes import Act, Changes, State


def catch_all_stays_manned(state: State, act: Act, command: object, changes: Changes) -> Changes:
    """Nothing more.

    Raises:
        CatchAllNeeded: the last person of the catch-all roster would be retired.
    """
    if any(
        before.is_active and not after.is_active for before, after in changes.updates_of(Person)
    ):
        ensure_still_manned(state, act, changes)
    return Changes.none()
