"""What a command function sees and what it returns."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol, TypeVar
from uuid import UUID

from services.core.records import Plain, Record, Row, spec_of

R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Who gives a command, and when: all that a rule may know besides the state."""

    command_id: UUID
    actor_id: UUID
    happened_at: datetime
    on_behalf_of: str = ""


class State(Protocol):
    """Read access to records for command functions."""

    def get(self, record: type[R], id_: UUID) -> R:
        """The record with this id.

        Raises:
            RecordMissing: there is none.
        """
        ...

    def find(self, record: type[R], **equals: object) -> tuple[R, ...]:
        """Every record whose columns equal the given values, ordered by id."""
        ...


@dataclass(frozen=True, slots=True)
class Insert:
    """A new record."""

    record: Record


@dataclass(frozen=True, slots=True)
class Update:
    """A record before and after. Both carry the version before."""

    before: Record
    after: Record

    @property
    def columns(self) -> Row:
        """The columns that differ, with their new values."""
        before, after = self.before, self.after
        return {
            column.name: column.to_plain(getattr(after, column.name))
            for column in spec_of(type(after)).columns
            if getattr(before, column.name) != getattr(after, column.name)
        }


@dataclass(frozen=True)
class Changes:
    """Row changes in the order they apply."""

    items: tuple[Insert | Update, ...] = ()

    @staticmethod
    def none() -> "Changes":
        """No change at all."""
        return Changes()

    def insert(self, *records: Record) -> "Changes":
        """Add new records."""
        return replace(self, items=(*self.items, *(Insert(r) for r in records)))

    def update(self, before: Record, after: Record) -> "Changes":
        """Change a record; a record that stays the same is left out."""
        if before == after:
            return self
        return replace(self, items=(*self.items, Update(before, after)))

    def __or__(self, other: "Changes") -> "Changes":
        return Changes((*self.items, *other.items))

    def folded(self) -> "Changes":
        """The same with one change for each record, where several were made to it."""
        made: dict[tuple[str, UUID], Insert | Update] = {}
        for item in self.items:
            after = item.record if isinstance(item, Insert) else item.after
            key = (after.TABLE, after.id)
            earlier = made.get(key)
            if earlier is None:
                made[key] = item
            elif isinstance(earlier, Insert):
                made[key] = Insert(after)
            else:
                made[key] = Update(earlier.before, after)
        return Changes(tuple(made.values()))

    def updates_of(self, record: type[R]) -> Iterator[tuple[R, R]]:
        """Before and after of each changed record of one kind."""
        for item in self.items:
            if isinstance(item, Update) and isinstance(item.after, record):
                yield item.before, item.after  # type: ignore[misc]

    def inserts_of(self, record: type[R]) -> Iterator[R]:
        """Each new record of one kind."""
        for item in self.items:
            if isinstance(item, Insert) and isinstance(item.record, record):
                yield item.record


@dataclass(frozen=True, slots=True)
class InsertRow:
    """A new row, as it travels."""

    table: str
    row: Row


@dataclass(frozen=True, slots=True)
class UpdateRow:
    """New values for some columns of a row, if it still has this version."""

    table: str
    id: str
    version: int
    columns: Row


Op = InsertRow | UpdateRow


def write_set(changes: Changes) -> tuple[Op, ...]:
    """The row changes with the versions they were computed on."""
    return tuple(_op(item) for item in changes.items)


def _op(item: Insert | Update) -> Op:
    if isinstance(item, Insert):
        spec = spec_of(type(item.record))
        return InsertRow(spec.table, spec.to_row(item.record))
    spec = spec_of(type(item.after))
    return UpdateRow(spec.table, str(item.after.id), item.before.version, item.columns)


def ops_to_json(ops: Iterable[Op]) -> list[list[object]]:
    """The write-set as JSON: ``[table, id, version, columns]``, version None for an insert."""
    return [
        [op.table, op.row["id"], None, op.row]
        if isinstance(op, InsertRow)
        else [op.table, op.id, op.version, op.columns]
        for op in ops
    ]


def ops_from_json(items: Iterable[tuple[str, str, int | None, dict[str, Plain]]]) -> tuple[Op, ...]:
    """Read a write-set back."""
    return tuple(
        InsertRow(table, row) if version is None else UpdateRow(table, id_, version, row)
        for table, id_, version, row in items
    )
