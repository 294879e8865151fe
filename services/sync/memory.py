"""What the cache remembers besides records."""

import sqlite3

from services.core.database import single


class Memory:
    """Names and texts in the cache file, and what follows from them."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def setting(self, name: str) -> str:
        """A value of the cache's own memory, or empty."""
        return single(self._connection, "SELECT value FROM meta WHERE name = ?", name) or ""

    def set(self, **values: str) -> None:
        """Remember values."""
        self._connection.executemany(
            "INSERT INTO meta VALUES (?, ?)"
            " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            list(values.items()),
        )

    @property
    def cursor(self) -> int:
        """How far the feed was read; -1 before the first full copy is complete."""
        return int(self.setting("cursor") or -1)

    @property
    def last_seq(self) -> int:
        """The last place a command of this desk had, 0 before the first."""
        sql = "SELECT seq FROM sqlite_sequence WHERE name = 'pending'"
        return int(single(self._connection, sql) or 0)
