"""How fast an event log comes in, against the least any program would have to write.

    python -m benchmarks.import_servicenow [FILE] [--json]

The floor writes the same rows with bare sqlite3, in transactions of the same size and with the
same durability: every command, every incident with an update for each of its later acts, and
every line of history. No rule is decided, no guard judges and no feed is kept. Without FILE a
made-up log of 2,000 incidents is imported.
"""

import argparse
import json
import resource
import sqlite3
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from services.admin.import_command import import_log
from services.admin.schema import founder_of_this_machine
from services.core.clock import SystemClock
from services.core.database import connect, transaction
from services.intake.import_report import ImportReport
from services.intake.importing import BATCH_SIZE
from services.intake.servicenow_log import COLUMNS, read_log

INCIDENTS = 2_000
LIFE = (
    ("New", "0", "?"),
    ("Active", "10", "Resolver 1"),
    ("Awaiting User Info", "20", "Resolver 1"),
    ("Active", "30", "Resolver 2"),
    ("Resolved", "40", "Resolver 2"),
    ("Closed", "50", "Resolver 2"),
)
"""State, minute and assignee of the six events of a made-up incident."""

Rows = list[sqlite3.Row]


def main() -> None:
    """Import once, write the floor once, print both."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path, nargs="?", help="a ServiceNow event log, .csv or .zip")
    parser.add_argument("--json", action="store_true", help="print the numbers as JSON")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="firstline-benchmark-") as folder:
        found = measure(options.file or made_up_log(Path(folder) / "log.csv"), Path(folder))
    if options.json:
        print(json.dumps(found, indent=2))
        return
    for name, value in found.items():
        print(f"{name:26} {value:>14,}" if isinstance(value, int) else f"{name:26} {value:>14,.2f}")


def measure(file: Path, folder: Path) -> dict[str, float | int]:
    """Seconds and events per second of the import and of its floor."""
    database = folder / "shared.db"
    started = time.perf_counter()
    log = read_log(file)
    read_s = time.perf_counter() - started
    report = ImportReport(file=file.name, events=log.event_count, incidents=len(log.incidents))
    import_log(
        log, database, founder_of_this_machine().login, SystemClock(), report, lambda _: None
    )
    import_s = time.perf_counter() - started
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    floor_s = write_floor(database, folder / "floor.db")
    return {
        "events": report.events,
        "incidents": report.incidents,
        "commands": report.commands,
        "refused": report.refused,
        "differences": len(report.differences),
        "read_s": round(read_s, 3),
        "import_s": round(import_s, 3),
        "floor_s": round(floor_s, 3),
        "events_per_s": round(report.events / import_s),
        "floor_events_per_s": round(report.events / floor_s),
        "ratio_to_floor": round(import_s / floor_s, 2),
        "peak_memory_mb": peak_mb,
        "database_mb": database.stat().st_size // 1024**2,
    }


def write_floor(imported: Path, target: Path) -> float:
    """Seconds that bare SQLite takes for the rows the import left."""
    with closing(connect(imported, is_read_only=True)) as source:
        tables = ("command", "incident", "history_entry")
        definitions = [_definition(source, table) for table in tables]
        commands = source.execute("SELECT * FROM command ORDER BY client_seq").fetchall()
        incidents = source.execute("SELECT * FROM incident ORDER BY number").fetchall()
        history = source.execute("SELECT * FROM history_entry ORDER BY rowid").fetchall()
    started = time.perf_counter()
    with closing(connect(target)) as connection:
        for definition in definitions:
            connection.execute(definition)
        batches = zip(
            _portions(commands, BATCH_SIZE),
            _spread(incidents, len(commands)),
            _spread(history, len(commands)),
            strict=False,
        )
        for command_rows, incident_rows, history_rows in batches:
            with transaction(connection):
                _insert(connection, "command", command_rows)
                _insert(connection, "incident", incident_rows)
                _insert(connection, "history_entry", history_rows)
                connection.executemany(
                    "UPDATE incident SET state = ?, updated_at = ?, version = version + 1"
                    " WHERE id = ?",
                    [("closed", row["happened_at"], row["incident_id"]) for row in history_rows],
                )
    return time.perf_counter() - started


def _definition(source: sqlite3.Connection, table: str) -> str:
    found = source.execute(
        "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)
    )
    return str(found.fetchone()[0])


def _portions(rows: Rows, size: int) -> Iterator[Rows]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


def _spread(rows: Rows, commands: int) -> Iterator[Rows]:
    """The rows in as many portions as the commands make."""
    portions = -(-commands // BATCH_SIZE)
    return _portions(rows, max(1, -(-len(rows) // portions)))


def _insert(connection: sqlite3.Connection, table: str, rows: Sequence[sqlite3.Row]) -> None:
    if rows:
        marks = ", ".join("?" * len(rows[0]))
        connection.executemany(f"INSERT INTO {table} VALUES ({marks})", map(tuple, rows))


def made_up_log(path: Path) -> Path:
    """A log of incidents that each live through six events."""
    known = {
        "reassignment_count": "0",
        "reopen_count": "0",
        "opened_at": "1/3/2016 08:00",
        "contact_type": "Phone",
        "impact": "2 - Medium",
        "urgency": "2 - Medium",
        "priority": "3 - Moderate",
        "category": "Category 1",
        "resolved_at": "1/3/2016 08:40",
        "closed_at": "1/3/2016 08:50",
    }
    with path.open("w", encoding="utf-8") as file:
        print(",".join(COLUMNS), file=file)
        for n in range(INCIDENTS):
            own = {**known, "number": f"INC{n:07}", "caller_id": f"Caller {n % 400}",
                   "assignment_group": f"Group {n % 40}"}  # fmt: skip
            for state, minute, assignee in LIFE:
                now = {**own, "incident_state": state, "assigned_to": assignee,
                       "sys_updated_at": f"1/3/2016 08:{minute.zfill(2)}"}  # fmt: skip
                print(",".join(now.get(column, "?") for column in COLUMNS), file=file)
    return path


if __name__ == "__main__":
    main()
