"""From a person's act to its commit on this disk, and to the repainted row.

    python -m benchmarks.act_to_paint [--incidents N] [--rounds N] [--json FILE]

Each act goes the way of a click: desk, command thread, journal, cache, change feed, query,
row painted in the real window (offscreen). The sync thread runs and submits meanwhile. The
floor commits one incident, one event and one outbox row with bare sqlite3 and
``synchronous=FULL`` in the same folder; acts and floor alternate.
"""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from uuid import UUID

from PySide6.QtGui import QPaintEvent

from benchmarks.big_desk import DESK_TEAM
from benchmarks.measure import Report, arguments, borrowed_desk
from benchmarks.open_desk import OpenDesk, open_desk
from services.core.paths import Home
from services.incidents.acts import (
    AddNote,
    AssignIncident,
    PrioritiseIncident,
    ResolveIncident,
)
from services.incidents.detail import incident_detail
from services.incidents.incident import Incident, IncidentState, NoteKind, ResolutionCode
from services.incidents.priority import Impact, Urgency
from services.incidents.read_models import Worklist, WorklistItem
from services.sync.replica import Replica

FLOOR_SCHEMA = """
CREATE TABLE record (id INTEGER PRIMARY KEY, state TEXT, summary TEXT, updated_at INTEGER);
CREATE TABLE event (id INTEGER PRIMARY KEY, record_id INTEGER, act TEXT, body TEXT);
CREATE TABLE outbox (id INTEGER PRIMARY KEY, record_id INTEGER, body TEXT);
"""
Make = Callable[[OpenDesk, Incident], object]


def prioritise(desk: OpenDesk, found: Incident) -> object:
    """Set another impact and urgency."""
    is_high = found.impact is Impact.ORGANISATION
    return PrioritiseIncident(
        incident_id=found.id,
        impact=Impact.TEAM if is_high else Impact.ORGANISATION,
        urgency=Urgency.MEDIUM,
        seen_impact=found.impact,
        seen_urgency=found.urgency,
        seen_priority=found.priority,
    )


def assign(desk: OpenDesk, found: Incident) -> object:
    """Give it to another member of its team."""
    members = desk.place.desk.directory.members_of(found.team_id)
    chosen = next(person for person in members if person.id != found.assignee_id)
    return AssignIncident(
        incident_id=found.id,
        assignee_id=chosen.id,
        seen_team_id=found.team_id,
        seen_assignee_id=found.assignee_id,
    )


def add_note(desk: OpenDesk, found: Incident) -> object:
    """Write an internal note."""
    return AddNote(incident_id=found.id, kind=NoteKind.INTERNAL, text="Called the supplier. " * 8)


def resolve(desk: OpenDesk, found: Incident) -> object:
    """Say that the service is restored; the row leaves the list."""
    directory = desk.place.desk.directory
    return ResolveIncident(
        incident_id=found.id,
        code=ResolutionCode.FIXED,
        resolution="The setting was put right and tested with the caller.",
        category_id=found.category_id or next(iter(directory.categories)),
        subcategory_id=None,
        service_id=found.service_id or next(iter(directory.services)),
    )


ACTS: dict[str, Make] = {
    "assign": assign,
    "prioritise": prioritise,
    "add note": add_note,
    "resolve": resolve,
}


class Stopwatch:
    """When the last command was on disk, seen from the thread that gave it."""

    def __init__(self, replica: Replica) -> None:
        self.durable_at = 0.0
        execute = replica.execute

        def timed(command: object, actor_id: UUID) -> object:
            envelope = execute(command, actor_id)
            self.durable_at = time.perf_counter()
            return envelope

        replica.execute = timed  # type: ignore[method-assign,assignment]


def act_once(desk: OpenDesk, watch: Stopwatch, line: int, make: Make) -> tuple[float, float]:
    """Milliseconds from the act on a visible line to durable, and to painted."""
    number = desk.model.number_at(line)
    desk.table.select_number(number)
    desk.settle()
    item = desk.item(number)
    assert item is not None
    command = make(desk, record_of(desk, item))
    started = time.perf_counter()
    desk.place.desk.give(command, said="")
    painted = desk.paints.until(
        lambda event: watch.durable_at > started and is_painted(desk, event, item)
    )
    return 1000 * (watch.durable_at - started), 1000 * (painted - started)


def is_painted(desk: OpenDesk, event: QPaintEvent, before: WorklistItem) -> bool:
    """Whether this paint shows the row as the act left it, or without it."""
    if not desk.model.index_of(before.number).isValid():
        return True
    now = desk.item(before.number)
    return now is not None and now is not before and desk.shows(event, before.number)


def record_of(desk: OpenDesk, item: WorklistItem) -> Incident:
    """The incident behind a row, as the person's screen knows it."""
    own = desk.place.desk
    with own.profile.engine.connect() as connection:
        found = incident_detail(connection, own.directory, own.viewer, item.id)
    assert found is not None
    return found.incident


def suitable_lines(desk: OpenDesk) -> list[int]:
    """Visible lines with an incident of the service desk that is being worked on."""
    team = desk.place.desk.directory.team(DESK_TEAM)
    lines = range(desk.table.rowAt(40), desk.table.rowAt(desk.table.viewport().height() - 80))
    items = ((line, desk.item(desk.model.number_at(line) or 0)) for line in lines)
    return [
        line
        for line, item in items
        if item and item.state is IncidentState.IN_PROGRESS and item.team == team
    ]


def lines_further_down(desk: OpenDesk) -> list[int]:
    """The suitable lines of the next screens that have some: resolving empties the one shown."""
    for line in range(desk.table.rowAt(40), desk.model.rowCount(), 15):
        desk.scroll_to(line)
        if lines := suitable_lines(desk):
            return lines
    raise RuntimeError("nobody works on anything in this list")


class Floor:
    """Bare sqlite3 with as many records as the desk has."""

    def __init__(self, folder: Path, records: int) -> None:
        self._connection = sqlite3.connect(folder / "floor.db", isolation_level=None)
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=FULL")
        self._connection.executescript(FLOOR_SCHEMA)
        self._records, self._next = records, 0
        self._connection.execute("BEGIN")
        self._connection.executemany(
            "INSERT INTO record VALUES (?, 'new', 'A summary of usual length', 0)",
            ((n,) for n in range(records)),
        )
        self._connection.execute("COMMIT")

    def commit(self) -> float:
        """Milliseconds of one act."""
        self._next = (self._next + 7919) % self._records
        started = time.perf_counter()
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.execute(
            "UPDATE record SET state = 'resolved', updated_at = updated_at + 1 WHERE id = ?",
            (self._next,),
        )
        self._connection.execute(
            "INSERT INTO event (record_id, act, body) VALUES (?, 'resolve', ?)",
            (self._next, "x" * 300),
        )
        self._connection.execute(
            "INSERT INTO outbox (record_id, body) VALUES (?, ?)", (self._next, "x" * 300)
        )
        self._connection.execute("COMMIT")
        return 1000 * (time.perf_counter() - started)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()


@contextmanager
def floor_in(home: Home, records: int) -> Iterator[Floor]:
    """A floor in the folder of the cache."""
    floor = Floor(home.cache, records)
    try:
        yield floor
    finally:
        floor.close()


def measure(incidents: int, rounds: int) -> Report:
    """Every act so many times, each followed by a floor commit."""
    report = Report(f"Act to durable and painted, {incidents:,} incidents in the cache")
    durable: dict[str, list[float]] = {name: [] for name in ACTS}
    painted: dict[str, list[float]] = {name: [] for name in ACTS}
    floors: list[float] = []
    with borrowed_desk(incidents) as home, floor_in(home, incidents) as floor, open_desk(
        home
    ) as desk:  # fmt: skip
        watch = Stopwatch(desk.place.desk.profile.replica)
        desk.show(Worklist.TEAM_QUEUE)
        desk.scroll_to(desk.model.rowCount() // 2)  # above stands what nobody works on yet
        for turn in range(rounds + 1):
            for name, make in ACTS.items():
                lines = suitable_lines(desk) or lines_further_down(desk)
                to_durable, to_painted = act_once(desk, watch, lines[turn % len(lines)], make)
                floors.append(floor.commit())
                if turn:  # the first of each is warming up
                    durable[name].append(to_durable)
                    painted[name].append(to_painted)
    for name in ACTS:
        report.add(f"{name}: act to durable", "ms", durable[name], floor=floors)
        report.add(f"{name}: act to painted", "ms", painted[name], floor=floors)
    _add_total(report, durable, painted, floors)
    return report


def _add_total(
    report: Report,
    durable: dict[str, list[float]],
    painted: dict[str, list[float]],
    floors: list[float],
) -> None:
    report.add(
        "all acts: act to durable", "ms", [*chain(*durable.values())], floor=floors,
        floor_name="bare commit", limit=10, is_ratio_limited=True,
    )  # fmt: skip
    report.add(
        "all acts: act to painted", "ms", [*chain(*painted.values())], floor=floors,
        floor_name="bare commit", limit=50, is_p95_judged=True,
    )  # fmt: skip


def main() -> None:
    """Measure and tell."""
    options = arguments(__doc__, rounds=30).parse_args()
    measure(options.incidents, options.rounds).tell(options.json)


if __name__ == "__main__":
    main()
