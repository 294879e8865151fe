"""The part of the shared records that an import's rules read, held in memory."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, TypeVar, cast
from uuid import UUID

from services.core.errors import RecordMissing
from services.core.records import Record
from services.sync.changes import Changes, Insert

R = TypeVar("R", bound=Record)
_Question = tuple[tuple[str, object], ...]


class WorkingState:
    """A few records by kind and id; changes are taken as the shared database will take them."""

    def __init__(self, records: Iterable[Record] = ()) -> None:
        self._records: dict[type[Record], dict[UUID, Record]] = {}
        self._found: dict[type[Record], dict[_Question, tuple[Record, ...]]] = {}
        for record in records:
            self._put(record)

    def get(self, record: type[R], id_: UUID) -> R:
        """The record with this id.

        Raises:
            RecordMissing: there is none.
        """
        found = self._records.get(record, {}).get(id_)
        if found is None:
            raise RecordMissing(table=record.TABLE, id=str(id_))
        return cast(R, found)

    def find(self, record: type[R], **equals: object) -> tuple[R, ...]:
        """Every record whose columns equal the given values, ordered by id."""
        # Roles and matrices are asked for with every command and hardly ever change.
        answers = self._found.setdefault(record, {})
        question = tuple(equals.items())
        if (known := answers.get(question)) is None:
            known = answers[question] = self._matching(record, equals)
        return cast(tuple[R, ...], known)

    def _matching(self, record: type[R], equals: dict[str, object]) -> tuple[Record, ...]:
        found = [
            kept
            for kept in self._records.get(record, {}).values()
            if all(getattr(kept, name) == value for name, value in equals.items())
        ]
        return tuple(sorted(found, key=lambda kept: kept.id))

    def take(self, changes: Changes) -> None:
        """Take over what a command changed, with the versions the shared database gives."""
        for item in changes.items:
            if isinstance(item, Insert):
                self._put(_with_version(item.record, 1))
            else:
                self._put(_with_version(item.after, item.before.version + 1))

    def forget(self, *kinds: type[Record]) -> None:
        """Drop every record of some kinds."""
        for kind in kinds:
            self._records.pop(kind, None)
            self._found.pop(kind, None)

    def _put(self, record: Record) -> None:
        self._records.setdefault(type(record), {})[record.id] = record
        self._found.pop(type(record), None)


def _with_version(record: Record, version: int) -> Record:
    return cast(Record, replace(cast(Any, record), version=version))
