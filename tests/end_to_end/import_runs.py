"""Runs of the real import program, and what they leave in the database."""

import csv
import io
import json
import os
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing
from pathlib import Path

from services.registry import RECORDS

REPOSITORY = Path(__file__).resolve().parents[2]
LOG = "data/servicenow_incident_event_log.csv.zip"


def start(log: Path, *options: str) -> subprocess.Popen[str]:
    """The import as a process of its own."""
    environment = {**os.environ, "USER": "maya", "PYTHONUNBUFFERED": "1"}
    return subprocess.Popen(
        [sys.executable, "-m", "services.admin", "import", "servicenow", str(log), *options],
        cwd=REPOSITORY,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(log: Path, *options: str) -> tuple[int, str, str]:
    """Exit code, standard output and error output of a whole run."""
    process = start(log, *options)
    out, err = process.communicate(timeout=100)
    return process.returncode, out, err


def imported(log: Path, database: Path) -> dict[str, object]:
    """The report of a run that must succeed."""
    report = database.with_suffix(".json")
    code, _, err = run(log, "--database", str(database), "--report", str(report))
    assert code == 0, err
    found: dict[str, object] = json.loads(report.read_text(encoding="utf-8"))
    return found


def contents(database: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every record and command, without the moments this machine's clock gave."""
    found = {}
    with closing(sqlite3.connect(database)) as connection:
        for table in [record.TABLE for record in RECORDS]:
            columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
            kept = ", ".join(name for name in columns if name != "recorded_at")
            found[table] = connection.execute(f"SELECT {kept} FROM {table} ORDER BY id").fetchall()
        found["command"] = connection.execute(
            "SELECT command_id, client_id, client_seq, name, args, actor_id, on_behalf_of, outcome"
            " FROM command ORDER BY client_seq"
        ).fetchall()
    return found


def count(database: Path, table: str) -> int:
    """How many rows a table has."""
    with closing(sqlite3.connect(database)) as connection:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def sample(archive: Path, target: Path, *, every: int) -> Path:
    """Every n-th incident of the real log, whole."""
    with zipfile.ZipFile(archive) as packed, packed.open(packed.namelist()[0]) as member:
        rows = csv.reader(io.TextIOWrapper(member, encoding="utf-8"))
        header = next(rows)
        numbers: dict[str, int] = {}
        with target.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(header)
            for row in rows:
                if numbers.setdefault(row[0], len(numbers)) % every == 0:
                    writer.writerow(row)
    return target
