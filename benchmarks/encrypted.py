"""What encryption of the local files costs: the same work on plain and encrypted files in turn.

    python -m benchmarks.encrypted [--incidents N] [--rounds N] [--json FILE]

The floor of each figure is the same work on plain files in the same run.
"""

import shutil
import time
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa

from benchmarks.measure import Report, arguments, borrowed_desk
from services.core.cipher import new_key
from services.core.clock import SystemClock
from services.core.database import reading_engine
from services.core.paths import Home
from services.core.secrets import Secret
from services.incidents.acts import AddNote
from services.incidents.extent import EXTENT
from services.incidents.incident import NoteKind
from services.registry import RECORDS, command_book
from services.sync.replica import Replica
from services.sync.shared_sqlite import SharedSqlite

TABLES = tuple(record.TABLE for record in RECORDS)
ACTS, READS = 40, 20
QUEUE = sa.text(
    "SELECT id, number, summary, state, priority, updated_at FROM incident"
    " WHERE state IN ('new', 'in_progress', 'on_hold') ORDER BY number DESC LIMIT 128"
)
WHOLE = sa.text("SELECT count(*), sum(length(description)) FROM incident")
ONE = sa.text(
    "SELECT i.id, r.person_id FROM incident i, person_role r"
    " WHERE i.state = 'in_progress' AND r.role = 'service_desk' AND r.is_active LIMIT 1"
)
FIGURES = (
    ("act", "ms", "act to durable"),
    ("copy", "s", "first copy"),
    ("queue", "ms", "first page of the queue"),
    ("whole", "ms", "reading every description"),
)
Times = dict[str, list[float]]


def work(home: Home, folder: Path, key: Secret | None, found: Times) -> None:
    """Copy, read and act once; seconds of the copy, milliseconds of the rest."""
    clock = SystemClock()
    shared = SharedSqlite(home.shared_database, clock, TABLES, EXTENT)
    cache = folder / "cache.db"
    replica = Replica(
        cache, folder / "journal.db", command_book(), shared, clock, lambda _: None, key=key
    )
    replica.connect()
    found["copy"].append(_seconds(replica.copy))
    engine = reading_engine(cache, key=key)
    with engine.connect() as reading:
        found["queue"] += [1_000 * _seconds(lambda: reading.execute(QUEUE).all())
                           for _ in range(READS)]  # fmt: skip
        found["whole"].append(1_000 * _seconds(lambda: reading.execute(WHOLE).all()))
        incident, person = map(UUID, reading.execute(ONE).one())
    engine.dispose()
    note = AddNote(incident_id=incident, kind=NoteKind.INTERNAL, text="Called the supplier. " * 8)
    found["act"] += [1_000 * _seconds(lambda: replica.execute(note, person)) for _ in range(ACTS)]
    replica.close()


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def measure(incidents: int, rounds: int) -> Report:
    """Plain and encrypted in turn, each in a fresh folder; what came first changes each round."""
    report = Report(f"Encrypted local files, {incidents:,} incidents")
    plain, encrypted = _empty(), _empty()
    with borrowed_desk(incidents) as home:
        for turn in range(rounds):
            both: list[tuple[Secret | None, Times]] = [(None, plain), (new_key(), encrypted)]
            for key, found in both if turn % 2 == 0 else reversed(both):
                folder = home.cache / "copy"
                folder.mkdir()
                work(home, folder, key, found)
                shutil.rmtree(folder)
    for name, unit, what in FIGURES:
        report.add(what, unit, encrypted[name], floor=plain[name], floor_name="plain")
    return report


def _empty() -> Times:
    return {name: [] for name, _, _ in FIGURES}


def main() -> None:
    """Measure and tell."""
    options = arguments(__doc__, incidents=20_000, rounds=4).parse_args()
    measure(options.incidents, options.rounds).tell(options.json)


if __name__ == "__main__":
    main()
