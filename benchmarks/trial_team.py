"""A team's server for benchmarks: durable as in production, with the sample company in it."""

import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from services.admin.postgres_binaries import find_postgres
from services.admin.trial import DATABASE, Trial, TrialPerson, running_trial
from services.core.clock import SystemClock
from services.incidents.extent import EXTENT
from services.registry import RECORDS, command_book
from services.sync.replica import Replica
from services.sync.shared_postgres import SharedPostgres

AGENT, COLLEAGUE = 0, 1


@contextmanager
def team_for_benchmarks() -> Iterator[tuple[Trial, psycopg.Connection[Any]]]:
    """The trial with a superuser's connection; everybody may have many connections."""
    with running_trial(SystemClock()) as trial, trial.access.connect(DATABASE) as connection:
        for person in trial.people:
            connection.execute(f'ALTER ROLE "{person.login}" CONNECTION LIMIT 200'.encode())
        yield trial, connection


def shared_of(trial: Trial, place: int) -> SharedPostgres:
    """The database as one of the people meets it."""
    person = trial.people[place]
    return SharedPostgres(trial.settings(person.login), lambda: person.password, RECORDS, EXTENT)


def replica_of(trial: Trial, place: int, folder: Path) -> Replica:
    """A desk of one of the people, connected and filled."""
    folder.mkdir(parents=True, exist_ok=True)
    replica = Replica(
        folder / "cache.db",
        folder / "journal.db",
        command_book(),
        shared_of(trial, place),
        SystemClock(),
        lambda _: None,
    )
    replica.connect()
    replica.copy()
    return replica


def pgbench(trial: Trial, person: TrialPerson, script: Path, clients: int, seconds: int) -> float:
    """Transactions per second of a script, prepared, from so many connections."""
    program = Path(find_postgres().folder) / "pgbench"
    done = subprocess.run(
        [str(program), "-h", "127.0.0.1", "-p", str(trial.access.port), "-U", person.login, "-n",
         "-M", "prepared", "-c", str(clients), "-j", "1", "-T", str(seconds),
         "-f", str(script), DATABASE],
        env={**os.environ, "PGPASSWORD": person.password.reveal()},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    found = re.search(r"tps = ([\d.]+)", done.stdout)
    assert found is not None, done.stdout
    return float(found.group(1))
