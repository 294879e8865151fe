"""What sync must know of the practices, and what it tells the screens."""

import hashlib
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property

from services.core.records import Record
from services.sync.changes import Changes
from services.sync.envelope import CommandSpec, Envelope
from services.sync.extent import Extent


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """What a transaction touched, for the screens. ``ids`` are records and their incidents."""

    tables: frozenset[str] = frozenset()
    ids: frozenset[str] = frozenset()
    is_everything: bool = False

    def __or__(self, other: "ChangeSet") -> "ChangeSet":
        return ChangeSet(
            self.tables | other.tables,
            self.ids | other.ids,
            self.is_everything or other.is_everything,
        )

    def __bool__(self) -> bool:
        return bool(self.tables) or self.is_everything


@dataclass(frozen=True)
class CommandBook:
    """All that sync must know of the practices: records, commands, and what history follows."""

    records: tuple[type[Record], ...]
    commands: Mapping[str, CommandSpec]
    history: Callable[[Envelope, Changes], tuple[Record, ...]]
    create_tables: Callable[[sqlite3.Connection], None]
    extent: Extent

    def number_of(self, envelope: Envelope) -> int | None:
        """The reserved number that a command uses up, if it does."""
        spec = self.commands.get(envelope.name)
        number = envelope.args.get(spec.number_argument) if spec else None
        return number if isinstance(number, int) else None

    @cached_property
    def fingerprint(self) -> str:
        """Changes whenever a table or an index of the cache would."""
        with closing(sqlite3.connect(":memory:")) as scratch:
            self.create_tables(scratch)
            shape = scratch.execute("SELECT sql FROM sqlite_master ORDER BY name").fetchall()
        return hashlib.sha256(str(shape).encode()).hexdigest()
