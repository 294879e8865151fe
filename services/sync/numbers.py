"""Incident numbers reserved for this desk; each is given once."""

import sqlite3

from services.core.database import single, transaction
from services.sync.errors import NumbersUsedUp
from services.sync.shared import Block


class NumberBlocks:
    """The reserved blocks, used from their lower end."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add(self, block: Block) -> None:
        """Keep reserved numbers for use."""
        self._connection.execute("INSERT INTO number_block VALUES (?, ?)", (block.lo, block.hi))

    def left(self) -> int:
        """How many reserved numbers are unused."""
        sql = "SELECT coalesce(sum(hi - lo + 1), 0) FROM number_block"
        return int(single(self._connection, sql))

    def drop(self) -> None:
        """Give up reserved numbers that belong to another client."""
        self._connection.execute("DELETE FROM number_block")

    def skip(self, number: int) -> None:
        """Take out the numbers of a block up to one that was given."""
        self._connection.execute("DELETE FROM number_block WHERE hi = ?", (number,))
        self._connection.execute(
            "UPDATE number_block SET lo = ?1 + 1 WHERE ?1 BETWEEN lo AND hi", (number,)
        )

    def take(self) -> int:
        """The next reserved number, never given again.

        Raises:
            NumbersUsedUp: no block is left.
        """
        with transaction(self._connection) as connection:
            lo = single(connection, "SELECT min(lo) FROM number_block")
            if lo is None:
                raise NumbersUsedUp()
            # First the used up block: its neighbour may begin with the next number.
            connection.execute("DELETE FROM number_block WHERE lo = ? AND hi = lo", (lo,))
            connection.execute("UPDATE number_block SET lo = lo + 1 WHERE lo = ?", (lo,))
        return int(lo)
