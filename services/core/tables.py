"""SQL tables that follow from the declarations of records."""

import json
from collections.abc import Sequence
from datetime import datetime
from enum import Enum
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.types import TypeDecorator

from services.core.clock import from_microseconds, to_microseconds
from services.core.records import ColumnSpec, Record, shown_member, spec_of

R = TypeVar("R", bound=Record)


class Moment(TypeDecorator[datetime]):
    """An aware UTC moment, kept as whole microseconds since 1970."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> int | None:
        """Microseconds; refuses a moment without a time zone."""
        return None if value is None else to_microseconds(value)

    def process_result_value(self, value: int | None, dialect: sa.Dialect) -> datetime | None:
        """The moment in UTC."""
        return None if value is None else from_microseconds(value)


class Identity(TypeDecorator[UUID]):
    """A UUID; it travels as its text form."""

    impl = sa.String(36)
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> "sa.types.TypeEngine[Any]":
        """Sixteen bytes where the database has a type for it."""
        is_native = dialect.name == "postgresql"
        kind = sa.Uuid(as_uuid=False) if is_native else sa.String(36)
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: UUID | None, dialect: sa.Dialect) -> str | None:
        """The text form."""
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> UUID | None:
        """The UUID."""
        return None if value is None else UUID(value)


class Identities(TypeDecorator[tuple[UUID, ...]]):
    """Several UUIDs, kept as a JSON list of their text forms."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: tuple[UUID, ...] | None, dialect: sa.Dialect) -> str:
        """The JSON list."""
        return json.dumps([str(id_) for id_ in value or ()])

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> tuple[UUID, ...]:
        """The UUIDs in their order."""
        return tuple(UUID(text) for text in json.loads(value or "[]"))


class Choice(TypeDecorator[Enum]):
    """A member of an enumeration, kept by its value."""

    impl = sa.String(40)
    cache_ok = True

    def __init__(self, members: type[Enum]) -> None:
        super().__init__()
        self.members = members
        if issubclass(members, int):
            self.impl = sa.Integer()  # type: ignore[assignment]

    def process_bind_param(self, value: Enum | None, dialect: sa.Dialect) -> Any:
        """The member's value."""
        return None if value is None else value.value

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> Enum | None:
        """The member; what a newer program wrote is shown as it is."""
        return None if value is None else shown_member(self.members, value)


def table_for(
    record: type[Record],
    metadata: sa.MetaData,
    *,
    indexes: Sequence[sa.Index] = (),
    unique: Sequence[tuple[str, ...]] = (),
) -> sa.Table:
    """The table of a record: one column a field, the id as primary key."""
    spec = spec_of(record)
    columns = [_column(column) for column in spec.columns]
    constraints = [sa.UniqueConstraint(*names) for names in unique]
    return sa.Table(spec.table, metadata, *columns, *constraints, *indexes)


def read_records(
    connection: sa.Connection, record: type[R], table: sa.Table, *where: Any
) -> list[R]:
    """Every record of a table that fulfils the conditions."""
    found = connection.execute(sa.select(table).where(*where))
    return [record(**row) for row in found.mappings()]


def _column(spec: ColumnSpec) -> "sa.Column[Any]":
    return sa.Column(
        spec.name, _type(spec), primary_key=spec.name == "id", nullable=spec.is_nullable
    )


def _type(spec: ColumnSpec) -> "sa.types.TypeEngine[Any]":
    if spec.type is UUID:
        return Identity()
    if spec.type is datetime:
        return Moment()
    if spec.type is bool:
        return sa.Boolean()
    if spec.type is int:
        return sa.BigInteger()
    if spec.type is tuple:
        return Identities()
    if spec.type is str:
        return sa.Text()
    return Choice(spec.type)
