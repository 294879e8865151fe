"""The state as it is once changes are made, for rules that judge the whole and not the step."""

from typing import TypeVar
from uuid import UUID

from services.core.records import Record
from services.sync.changes import Changes, Insert, State

R = TypeVar("R", bound=Record)


class StateAfter:
    """Read access to records with changes laid over them; itself a :class:`State`."""

    def __init__(self, state: State, changes: Changes) -> None:
        self._state = state
        self._changed: dict[tuple[str, UUID], Record] = {}
        for item in changes.items:
            record = item.record if isinstance(item, Insert) else item.after
            self._changed[record.TABLE, record.id] = record

    def get(self, record: type[R], id_: UUID) -> R:
        """The record with this id, as it is after the changes.

        Raises:
            RecordMissing: there is none.
        """
        changed = self._changed.get((record.TABLE, id_))
        return changed if isinstance(changed, record) else self._state.get(record, id_)

    def find(self, record: type[R], **equals: object) -> tuple[R, ...]:
        """Every record whose columns equal the given values after the changes, ordered by id."""
        changed = {r.id: r for r in self._changed.values() if isinstance(r, record)}
        same = (r for r in self._state.find(record, **equals) if r.id not in changed)
        met = (
            r
            for r in changed.values()
            if all(getattr(r, name) == value for name, value in equals.items())
        )
        return tuple(sorted((*same, *met), key=lambda r: str(r.id)))
