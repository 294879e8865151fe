"""Nothing that was acknowledged is lost or done twice, wherever the program is killed."""

import os
import random
import sqlite3
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import pytest
from builders import (
    TABLES,
    Desk,
    new_shared,
)

from services.core.clock import ManualClock, SystemClock

GIVER = Path(__file__).with_name("command_giver.py")
HOUSE = Path(__file__).resolve().parents[2]


def killed_run(folder: Path, shared: Path, lines: int) -> list[UUID]:
    """What a desk acknowledged before it was killed after so many lines, or a little later."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(HOUSE), str(HOUSE / "tests")))}
    process = subprocess.Popen(
        [sys.executable, str(GIVER), str(folder), str(shared)],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )
    assert process.stdout is not None
    with process.stdout as told:
        words = [told.readline().split() for _ in range(lines)]
        process.kill()
        # A last line may be half written.
        words += [
            line.split() for line in told.read().splitlines(keepends=True) if line[-1:] == "\n"
        ]
    process.wait()
    return [UUID(line[1]) for line in words]


def run_kills(folder: Path, kills: int, seed: int) -> None:
    chance = random.Random(seed)
    shared = new_shared(folder)
    profile = folder / "profile"
    profile.mkdir()
    acknowledged: list[UUID] = []
    for _ in range(kills):
        acknowledged += killed_run(profile, shared, chance.randint(1, 60))
    assert len(acknowledged) == len(set(acknowledged))
    clock = ManualClock(SystemClock().now())
    desk = Desk(profile, shared, clock)
    desk.sync()
    assert not desk.conflicts()
    truth = sqlite3.connect(shared)
    outcomes = dict(truth.execute("SELECT command_id, outcome FROM command"))
    done = [row[0] for row in truth.execute("SELECT command_id FROM history_entry")]
    notes = truth.execute("SELECT count(*) FROM note").fetchone()[0]
    given = truth.execute("SELECT count(*) FROM command WHERE name = 'AddNote'").fetchone()[0]
    numbers = [row[0] for row in truth.execute("SELECT number FROM incident")]
    assert {outcomes.get(str(id_)) for id_ in acknowledged} == {"applied"}
    assert len(done) == len(set(done))
    assert notes == given
    assert len(numbers) == len(set(numbers))
    ensure_equal(desk, truth)
    truth.close()
    desk.close()


def ensure_equal(desk: Desk, truth: sqlite3.Connection) -> None:
    cache = desk.replica._cache._connection
    for table in TABLES:
        sql = f"SELECT * FROM {table} ORDER BY id"
        assert [tuple(r) for r in cache.execute(sql)] == list(truth.execute(sql)), table


@pytest.mark.timeout(120)
def test_nothing_acknowledged_is_lost_by_five_kills(tmp_path: Path) -> None:
    run_kills(tmp_path, 5, seed=5)


@pytest.mark.nightly
@pytest.mark.timeout(3600)
def test_nothing_acknowledged_is_lost_by_two_hundred_kills(tmp_path: Path) -> None:
    for seed in range(8):
        run_kills(tmp_path / str(seed), 25, seed)
