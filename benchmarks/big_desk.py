"""A desk with very many incidents, for every benchmark that needs one.

    python -m benchmarks.big_desk FOLDER [--incidents N]

The rows are written straight into the embedded shared database and the cache, through the
schema of the product but past its commands and guards: giving a million commands would take
hours. Triggers are put aside while rows are written and put back afterwards; the feed gets the
entries they would have made. The seed is fixed, so two desks of one size are alike.
"""

import argparse
import itertools
import json
import random
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from benchmarks.incident_stories import HISTORY_UP_TO, Story, stories
from services.admin.schema import HEAD, Founder, ensure_embedded, founder_id
from services.admin.written_rules import write_rules
from services.catalogue.service import BusinessService, Category
from services.core.clock import ManualClock, SystemClock, to_microseconds
from services.core.database import Rows, connect, single, transaction
from services.core.ids import derived_id
from services.core.paths import Home, home_at
from services.core.records import Record, spec_of
from services.core.settings import Preferences, save_preferences
from services.incidents.extent import EXTENT
from services.people.person import Person, PersonRole, Role, Team, TeamMember, Tier
from services.registry import RECORDS, command_book
from services.sync.replica import Replica
from services.sync.shared_sqlite import SharedSqlite

SEED = 2
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
FOUNDER = Founder("Maya Lindqvist", "maya")
DESK_TEAM = derived_id("team", "Service Desk")
CALLERS = 2_000
AGENTS = 30
TEAMS = (
    ("Network", Tier.SECOND), ("Workplace", Tier.SECOND), ("Identity", Tier.SECOND),
    ("Business Applications", Tier.SECOND), ("Databases", Tier.THIRD), ("Platform", Tier.THIRD),
    ("Telephony Supplier", Tier.SUPPLIER),
)  # fmt: skip
SERVICES = (
    "Remote access", "Email", "Calendar", "File shares", "Printing", "Telephony", "Payroll",
    "Order entry", "Warehouse", "Intranet", "Single sign-on", "Meeting rooms",
)  # fmt: skip
BATCH = 5_000


@dataclass(frozen=True)
class Company:
    """The people, teams and catalogue of a big desk."""

    records: tuple[Record, ...]
    caller_ids: tuple[UUID, ...]
    agent_ids: tuple[UUID, ...]
    team_ids: tuple[UUID, ...]
    service_ids: tuple[UUID, ...]
    category_ids: tuple[UUID, ...]


def company() -> Company:
    """2,000 callers, 30 agents, 8 teams, 12 services and 40 categories.

    The founder works in the service desk and in the network team, so that every list has rows.
    """
    people = [_person("caller", n, f"Caller {n:04}") for n in range(CALLERS)]
    agents = [_person("agent", n, f"Agent {n:02}") for n in range(AGENTS)]
    teams = [Team(id=_id("team", name), version=1, name=name, tier=tier) for name, tier in TEAMS]
    places = [DESK_TEAM, *(team.id for team in teams)]
    members = [
        TeamMember(id=_id("member", n), version=1, team_id=places[n % len(places)],
                   person_id=agent.id)
        for n, agent in enumerate(agents)
    ]  # fmt: skip
    members.append(
        TeamMember(id=_id("member", "founder"), version=1, team_id=places[1],
                   person_id=founder_id(FOUNDER.login))
    )  # fmt: skip
    roles = [
        PersonRole(id=_id("role", n), version=1, person_id=agent.id,
                   role=Role.TIER_MEMBER if n % len(places) else Role.SERVICE_DESK)
        for n, agent in enumerate(agents)
    ]  # fmt: skip
    services = [BusinessService(id=_id("service", n), version=1, name=n) for n in SERVICES]
    tops = [Category(id=_id("category", n), version=1, name=f"Category {n}") for n in range(10)]
    subs = [
        Category(id=_id("subcategory", n), version=1, name=f"Kind {n}", parent_id=tops[n % 10].id)
        for n in range(30)
    ]
    return Company(
        records=(*people, *agents, *teams, *members, *roles, *services, *tops, *subs),
        caller_ids=tuple(person.id for person in people),
        agent_ids=tuple(agent.id for agent in agents),
        team_ids=tuple(team.id for team in teams),
        service_ids=tuple(service.id for service in services),
        category_ids=tuple(category.id for category in tops),
    )


def _person(kind: str, n: int, name: str) -> Person:
    return Person(id=_id(kind, n), version=1, name=name, phone="+351 21 555 0142")


def _id(*parts: object) -> UUID:
    return derived_id("big desk", *parts)


def make_big_desk(root: Path, incidents: int, *, with_cache: bool = True) -> Home:
    """A home with this many incidents in its shared database and, if wanted, in its cache."""
    home = home_at(root).create()
    save_preferences(home.preferences, Preferences(theme="light"))
    ensure_embedded(home.shared_database, ManualClock(NOW), FOUNDER)
    with closing(connect(home.shared_database)) as connection:
        connection.execute("PRAGMA synchronous=OFF")
        with transaction(connection):
            _fill(connection, incidents)
        connection.execute("ANALYZE")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    if with_cache:
        _copy_to_cache(home)
    return home


def _fill(connection: sqlite3.Connection, incidents: int) -> None:
    found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for (name,) in found:
        connection.execute(f"DROP TRIGGER {name}")
    rows, place = Rows(connection), company()
    for record in place.records:
        rows.insert(record.TABLE, spec_of(type(record)).to_row(record))
    told = stories(place, incidents, founder_id(FOUNDER.login), DESK_TEAM, NOW, random.Random(SEED))
    for batch in _batches(told):
        for table in ("incident", "escalation", "note", "history_entry"):
            rows.put_many(table, [row for story in batch for row in story.rows_of(table)])
    for kind in RECORDS:
        connection.execute(
            "INSERT OR IGNORE INTO feed SELECT ?, id, 1 FROM " + kind.TABLE, (kind.TABLE,)
        )
    last = single(connection, "SELECT max(number) FROM incident")
    connection.execute("UPDATE meta SET next_number = ?", (int(last) + 1,))
    write_rules(connection)


def _batches(told: Iterator[Story]) -> Iterator[list[Story]]:
    while batch := list(itertools.islice(told, BATCH)):
        yield batch


def _copy_to_cache(home: Home) -> None:
    """The desk's own first sync: a cache made in another way is taken for a stranger's."""
    clock = SystemClock()
    tables = tuple(record.TABLE for record in RECORDS)
    shared = SharedSqlite(home.shared_database, clock, tables, EXTENT)
    replica = Replica(home.replica, home.journal, command_book(), shared, clock, lambda _: None)
    replica.connect()
    replica.copy()
    replica.close()
    shared.close()
    with closing(connect(home.replica)) as connection, transaction(connection):
        read_before = str(to_microseconds(NOW - timedelta(hours=2)))
        connection.execute("INSERT OR REPLACE INTO meta VALUES ('read_before', ?)", (read_before,))


def kept_big_desk(incidents: int) -> Path:
    """The folder of a desk of this size, made once for this schema and kept for the next run."""
    shape = f"{command_book().fingerprint[:12]}-{HEAD}-{SEED}-synced"
    folder = Path(tempfile.gettempdir()) / "firstline-benchmark-desks" / f"{incidents}-{shape}"
    done = folder / "complete.json"
    if not done.exists():
        started = time.perf_counter()
        make_big_desk(folder, incidents)
        seconds = round(time.perf_counter() - started, 1)
        done.write_text(json.dumps({"incidents": incidents, "seconds": seconds}))
    return folder


def main() -> None:
    """Make one and say how long it took."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--incidents", type=int, default=100_000)
    options = parser.parse_args()
    started = time.perf_counter()
    home = make_big_desk(options.folder, options.incidents)
    size = home.replica.stat().st_size // 2**20
    print(f"{options.incidents:,} incidents, cache of {size} MB,"
          f" in {time.perf_counter() - started:.1f} s; {HISTORY_UP_TO:,} of them at most"
          " with their history")  # fmt: skip


if __name__ == "__main__":
    main()
