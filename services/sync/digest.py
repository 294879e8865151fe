"""Digests: whether a copy of many rows is the same, told by one number.

PostgreSQL computes the same in SQL, so nothing here may depend on how Python writes a value.
"""

import hashlib
import sqlite3
from collections.abc import Iterable

from services.core.records import Plain

BUCKETS = 16
"""A row's bucket is the last hexadecimal digit of its id."""

MODULUS = 2**63
SEPARATOR = chr(31)
ABSENT = chr(30)


def row_digest(values: Iterable[Plain | bool]) -> int:
    """60 bits that follow from the values of a row, in the order of the record's columns."""
    text = SEPARATOR.join(map(_part, values))
    digest = hashlib.md5(text.encode("utf-8", "surrogatepass"), usedforsecurity=False)
    return int(digest.hexdigest()[:15], 16)


def _part(value: Plain | bool) -> str:
    if value is None:
        return ABSENT
    return str(int(value)) if isinstance(value, bool) else str(value)


class _Sum:
    """The sum of the digests of some rows, modulo 2**63."""

    def __init__(self) -> None:
        self.value = 0

    def step(self, *values: Plain) -> None:
        """Add a row."""
        self.value = (self.value + row_digest(values)) % MODULUS

    def finalize(self) -> int:
        """The sum."""
        return self.value


def teach_digest(connection: sqlite3.Connection) -> None:
    """Let SQL say ``digest(column, ...)`` over rows."""
    connection.create_aggregate("digest", -1, _Sum)


def digest_rows(
    connection: sqlite3.Connection,
    table: str,
    columns: Iterable[str],
    bucket: int,
    where: str,
    values: dict[str, Plain],
) -> tuple[int, int]:
    """How many rows of a bucket fulfil a condition, and the sum of their digests."""
    row = connection.execute(
        f"SELECT count(*), coalesce(digest({', '.join(columns)}), 0) FROM {table}"
        f" WHERE substr(id, -1) = :bucket AND {where}",
        {**values, "bucket": f"{bucket:x}"},
    ).fetchone()
    return int(row[0]), int(row[1])
