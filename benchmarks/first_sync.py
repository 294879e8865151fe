"""The first full copy of a shared database into an empty cache.

    python -m benchmarks.first_sync [--incidents N] [--rounds N] [--json FILE]

The floor reads the same rows with bare sqlite3 and writes them into tables of the same shape
and with the same indexes, with ``synchronous=FULL`` and as many transactions.
"""

import shutil
import sqlite3
import time
from pathlib import Path

from benchmarks.measure import Report, arguments, borrowed_desk
from services.core.clock import SystemClock
from services.core.paths import Home
from services.incidents.extent import EXTENT
from services.registry import RECORDS, command_book, create_tables
from services.sync.replica import Replica
from services.sync.shared_sqlite import SharedSqlite
from services.sync.sqlite_reading import SNAPSHOT_ROWS

TABLES = tuple(record.TABLE for record in RECORDS)


def copy_by_desk(home: Home, folder: Path) -> float:
    """Seconds of the desk's own first copy."""
    clock = SystemClock()
    shared = SharedSqlite(home.shared_database, clock, TABLES, EXTENT)
    replica = Replica(
        folder / "cache.db", folder / "journal.db", command_book(), shared, clock, lambda _: None
    )
    replica.connect()
    started = time.perf_counter()
    replica.copy()
    seconds = time.perf_counter() - started
    replica.close()
    return seconds


def copy_bare(home: Home, folder: Path) -> float:
    """Seconds of the same rows by bare sqlite3."""
    source = sqlite3.connect(home.shared_database)
    target = sqlite3.connect(folder / "floor.db", isolation_level=None)
    target.execute("PRAGMA journal_mode=WAL")
    target.execute("PRAGMA synchronous=FULL")
    create_tables(target)
    started = time.perf_counter()
    for table in TABLES:
        found = source.execute(f"SELECT * FROM {table}")
        marks = ", ".join("?" * len(found.description))
        while rows := found.fetchmany(SNAPSHOT_ROWS):
            target.execute("BEGIN IMMEDIATE")
            target.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
            target.execute("COMMIT")
    seconds = time.perf_counter() - started
    source.close()
    target.close()
    return seconds


def measure(incidents: int, rounds: int) -> Report:
    """Copies by desk and floor in turn, each into a fresh folder."""
    report = Report(f"First sync, {incidents:,} incidents with their history")
    ours: list[float] = []
    floors: list[float] = []
    with borrowed_desk(incidents) as home:
        for turn in range(rounds):
            for copy, found in ((copy_bare, floors), (copy_by_desk, ours)):
                folder = home.cache / f"copy-{turn}"
                folder.mkdir()
                found.append(copy(home, folder))
                shutil.rmtree(folder)
        counted = sqlite3.connect(home.shared_database)
        rows = sum(counted.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
                   for table in TABLES)  # fmt: skip
        counted.close()
    report.remarks.append(f"{rows:,} rows in all")
    report.add("first sync", "s", ours, floor=floors, floor_name="bare copy", limit=3,
               is_ratio_limited=True)  # fmt: skip
    report.add("rows per second", "1/s", [rows / seconds for seconds in ours],
               floor=[rows / seconds for seconds in floors])  # fmt: skip
    return report


def main() -> None:
    """Measure and tell."""
    options = arguments(__doc__, rounds=3).parse_args()
    measure(options.incidents, options.rounds).tell(options.json)


if __name__ == "__main__":
    main()
