"""Records: frozen values with an id and a version, and how they become rows.

A record is declared once, as a frozen dataclass. Its columns, its row form and its SQL table
(``services.core.tables``) all follow from that declaration. A row holds only text, integers
and None, so the same row travels through SQLite, JSON and the wire unchanged.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from enum import Enum
from functools import cache, partial
from types import NoneType, UnionType
from typing import (
    Any,
    ClassVar,
    Protocol,
    TypeVar,
    Union,
    cast,
    get_args,
    get_origin,
    get_type_hints,
)
from uuid import UUID

from services.core.clock import from_microseconds, to_microseconds
from services.core.errors import RecordUnreadable

Plain = str | int | None
Row = dict[str, Plain]


class Record(Protocol):
    """A frozen value kept as one row. ``version`` counts its confirmed changes."""

    TABLE: ClassVar[str]

    @property
    def id(self) -> UUID:
        """Identity, made by the desk that created the record."""
        ...

    @property
    def version(self) -> int:
        """0 while only this desk knows it; raised by one with every change."""
        ...


R = TypeVar("R", bound=Record)
E = TypeVar("E", bound=Enum)


@dataclass(frozen=True)
class ColumnSpec:
    """One column: its name, its Python type and whether it may be absent."""

    name: str
    type: type
    is_nullable: bool
    to_plain: Callable[[object], Plain]
    from_plain: Callable[[Plain], object]


@dataclass(frozen=True)
class RecordSpec:
    """How one kind of record becomes a row, and back."""

    record: type[Record]
    table: str
    columns: tuple[ColumnSpec, ...]

    def to_row(self, record: Record) -> Row:
        """The record as a row."""
        return {c.name: c.to_plain(getattr(record, c.name)) for c in self.columns}

    def from_row(self, row: Mapping[str, Plain]) -> Record:
        """The record that a row holds."""
        return self.record(**{c.name: c.from_plain(row[c.name]) for c in self.columns})


@cache
def spec_of(record: type[Record]) -> RecordSpec:
    """The specification that follows from a record's declaration."""
    return RecordSpec(record, record.TABLE, columns_of(record))


@cache
def columns_of(value: type) -> tuple[ColumnSpec, ...]:
    """The columns that follow from any frozen dataclass of plain fields."""
    hints = get_type_hints(value)
    return tuple(_column(f.name, hints[f.name]) for f in fields(value))


def record_from(record: type[R], row: Mapping[str, Plain]) -> R:
    """Read a row as a record of the given kind."""
    return cast(R, spec_of(record).from_row(row))


def _column(name: str, hint: object) -> ColumnSpec:
    is_nullable = False
    if get_origin(hint) in (Union, UnionType):
        inner = [arg for arg in get_args(hint) if arg is not NoneType]
        is_nullable, hint = True, inner[0]
    if get_origin(hint) is tuple:
        return ColumnSpec(name, tuple, False, _list_to_plain, _list_from_plain(get_args(hint)[0]))
    kind = cast(type, hint)
    to_plain, from_plain = _converters(kind)
    if is_nullable:
        to_plain, from_plain = _optional_to(to_plain), _optional_from(from_plain)
    return ColumnSpec(name, kind, is_nullable, to_plain, from_plain)


def _converters(kind: type) -> tuple[Callable[..., Plain], Callable[..., object]]:
    if kind is UUID:
        return str, UUID
    if kind is datetime:
        return to_microseconds, from_microseconds
    if kind is bool:
        return int, bool
    if issubclass(kind, Enum):
        return (lambda member: member.value), partial(member_of, kind)
    if kind in (str, int):
        return _same, _same
    raise TypeError(f"no column for {kind}")


def member_of(kind: type[E], value: object) -> E:
    """The member of an enumeration that has this value.

    Raises:
        RecordUnreadable: a newer program gave it a meaning that this one does not know.
    """
    try:
        return kind(value)
    except ValueError as error:
        raise RecordUnreadable(value=str(value)) from error


@cache
def shown_member(kind: type[E], value: object) -> E:
    """The same for screens: a value of a newer program becomes a member that has it as its name.

    Such a member equals no known one, and no rule is run on it: :func:`is_known`.
    """
    try:
        return kind(value)
    except ValueError:
        blank: Any = int.__new__ if issubclass(kind, int) else lambda kind, _: object.__new__(kind)
        made = blank(kind, value)
        made._name_, made._value_ = str(value), value
        return cast(E, made)


def is_known(value: object) -> bool:
    """Whether a value of a record, as a screen read it, means something to this program."""
    return not isinstance(value, Enum) or any(value is member for member in type(value))


def _same(value: Plain) -> Plain:
    return value


def _optional_to(convert: Callable[..., Plain]) -> Callable[..., Plain]:
    return lambda value: None if value is None else convert(value)


def _optional_from(convert: Callable[..., object]) -> Callable[..., object]:
    return lambda value: None if value is None else convert(value)


def _list_to_plain(values: object) -> str:
    return json.dumps([str(value) for value in cast(tuple[object, ...], values)])


def _list_from_plain(kind: type) -> Callable[[Plain], object]:
    return lambda text: tuple(kind(value) for value in json.loads(cast(str, text)))
