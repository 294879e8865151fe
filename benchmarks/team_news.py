"""From a commit on one desk to the same row in another desk's cache, told to its screens.

    python -m benchmarks.team_news [--rounds N] [--json FILE]

Two real desks with their sync threads; 48 further connections listen and never answer, so that
every ring of the bell wakes 50. The clock runs from the answer of the server to the first desk
until the second one's change feed is told. The floor rings with one NOTIFY and reads one row with
one SELECT. ``painted`` on a screen comes on top: see act to painted.
"""

import tempfile
import threading
import time
from contextlib import ExitStack
from pathlib import Path

from benchmarks.measure import Report, arguments
from benchmarks.trial_team import AGENT, COLLEAGUE, replica_of, shared_of, team_for_benchmarks
from services.admin.trial import DATABASE, Trial
from services.core.clock import SystemClock
from services.incidents.acts import AddNote
from services.incidents.incident import Incident, IncidentState, NoteKind
from services.registry import command_book
from services.sync.book import ChangeSet
from services.sync.postgres.calls import CHANNEL
from services.sync.replica import Replica
from services.sync.worker import SyncWorker

LISTENERS = 48
PATIENCE_S = 20.0
GAP_S = 0.15
"""Between two commits, longer than the pace of the feed."""


class Ear:
    """Hears when a desk is told of an incident."""

    def __init__(self) -> None:
        self.wanted = ""
        self.heard = threading.Event()
        self.heard_at = 0.0

    def tell(self, change: ChangeSet) -> None:
        """Called from the sync thread of the desk."""
        if self.wanted and self.wanted in change.ids:
            self.heard_at = time.perf_counter()
            self.heard.set()


def second_desk(trial: Trial, folder: Path, ear: Ear) -> tuple[Replica, SyncWorker]:
    """A desk whose sync thread runs."""
    folder.mkdir()
    replica = Replica(folder / "cache.db", folder / "journal.db", command_book(),
                      shared_of(trial, COLLEAGUE), SystemClock(), ear.tell)  # fmt: skip
    is_filled = threading.Event()
    worker = SyncWorker(
        replica, SystemClock(), lambda state: is_filled.set() if state.synced_at else None
    )
    worker.start()
    assert is_filled.wait(PATIENCE_S)
    return replica, worker


def measure_floor(trial: Trial, rounds: int) -> list[float]:
    """Milliseconds of NOTIFY on one connection and SELECT on the other."""
    found = []
    with trial.access.connect(DATABASE) as one, trial.access.connect(DATABASE) as two:
        two.execute("LISTEN floor")
        for _ in range(rounds):
            started = time.perf_counter()
            one.execute("NOTIFY floor")
            next(iter(two.notifies(timeout=PATIENCE_S, stop_after=1)))
            two.execute("SELECT * FROM firstline.incident LIMIT 1").fetchall()
            found.append(1000 * (time.perf_counter() - started))
    return found


def measure(rounds: int) -> Report:
    """Notes by one desk, heard by the other."""
    report = Report(f"News between desks, {LISTENERS + 2} desks listening")
    with team_for_benchmarks() as (trial, connection), ExitStack() as left:
        folder = Path(left.enter_context(tempfile.TemporaryDirectory()))
        for _ in range(LISTENERS):
            left.enter_context(trial.access.connect(DATABASE)).execute(f"LISTEN {CHANNEL}")
        me = connection.execute(
            "SELECT id FROM firstline.person WHERE login = %s", (trial.people[AGENT].login,)
        ).fetchone()
        assert me is not None
        one = replica_of(trial, AGENT, folder / "one")
        incidents = one._cache.rows.find(Incident, state=IncidentState.IN_PROGRESS)
        ear = Ear()
        two, worker = second_desk(trial, folder / "two", ear)
        found = []
        for turn in range(rounds + 3):
            time.sleep(GAP_S)
            id_ = incidents[turn % len(incidents)].id
            ear.heard.clear()
            ear.wanted = str(id_)
            one.execute(AddNote(incident_id=id_, kind=NoteKind.INTERNAL, text="news"), me[0])
            one.push()
            committed = time.perf_counter()
            assert ear.heard.wait(PATIENCE_S), "the other desk never heard"
            if turn >= 3:
                found.append(max(0.0, 1000 * (ear.heard_at - committed)))
            one.pull()
        worker.stop()
        two.close()
        one.close()
        floor = measure_floor(trial, rounds)
    report.add("commit on one desk to told on another", "ms", found, floor=floor,
               floor_name="NOTIFY and SELECT", limit=100)  # fmt: skip
    report.add("the same, judged at p95", "ms", found, limit=250, is_p95_judged=True)
    return report


def main() -> None:
    """Measure and tell."""
    options = arguments(__doc__, rounds=60).parse_args()
    measure(options.rounds).tell(options.json)


if __name__ == "__main__":
    main()
