"""A full copy that comes in beside what is here, so that one that breaks off takes nothing away.

Rows of the copy replace what is here as they arrive; what the copy does not hold goes when it is
complete. A row that pending commands changed keeps its look: the copy becomes its confirmed image.
"""

import json
import sqlite3
from collections.abc import Collection, Sequence

from services.core.database import single
from services.core.records import Record, Row


class FreshCopy:
    """Takes the parts of a full copy; called within the cache's transactions."""

    def __init__(
        self, connection: sqlite3.Connection, records: Sequence[type[Record]], root: str
    ) -> None:
        self._connection = connection
        self._tables = [record.TABLE for record in records]
        self._root = root
        self._is_beside = False

    def begin(self) -> None:
        """From now on parts of a new copy come."""
        self._is_beside = any(
            single(self._connection, f"SELECT 1 FROM {table} LIMIT 1") for table in self._tables
        )
        if self._is_beside:
            self._connection.execute(
                "CREATE TEMP TABLE IF NOT EXISTS copied (entity TEXT, id TEXT,"
                " PRIMARY KEY (entity, id)) WITHOUT ROWID"
            )
            self._connection.execute("DELETE FROM temp.copied")

    def take(self, table: str, rows: Sequence[Row]) -> None:
        """Make each row as the copy has it; another one that stands in its way goes."""
        shown = rows
        if self._is_beside:
            self._connection.executemany(
                "INSERT OR IGNORE INTO temp.copied VALUES (?, ?)",
                [(table, row["id"]) for row in rows],
            )
            shadows = self._shadows(table)
            self._connection.executemany(
                "UPDATE shadow SET before = ? WHERE entity = ? AND id = ?",
                [
                    (json.dumps(row, ensure_ascii=False), table, row["id"])
                    for row in rows
                    if row["id"] in shadows
                ],
            )
            shown = [row for row in rows if row["id"] not in shadows]
        if shown:
            names = list(shown[0])
            self._connection.executemany(
                f"INSERT OR REPLACE INTO {table} ({', '.join(names)})"
                f" VALUES ({', '.join('?' * len(names))})",
                [tuple(row[name] for name in names) for row in shown],
            )

    def _shadows(self, table: str) -> set[str]:
        found = self._connection.execute("SELECT id FROM shadow WHERE entity = ?", (table,))
        return {row[0] for row in found}

    def absent(self, ids: Collection[str]) -> set[str]:
        """Which of these roots the copy does not hold."""
        table = "temp.copied" if self._is_beside else self._root
        only = f"entity = '{self._root}' AND " if self._is_beside else ""
        found = self._connection.execute(
            f"SELECT id FROM {table} WHERE {only}id IN (SELECT value FROM json_each(?))",
            (json.dumps([*ids]),),
        )
        return set(ids) - {row[0] for row in found}

    def finish(self) -> None:
        """The copy is complete: what it does not hold goes."""
        if not self._is_beside:
            return
        for table in self._tables:
            self._connection.execute(
                f"DELETE FROM {table} WHERE id NOT IN"
                " (SELECT id FROM temp.copied WHERE entity = ?)",
                (table,),
            )
        self._connection.execute("DELETE FROM temp.copied")
        self._is_beside = False
