"""Every accepted change has exactly one entry in the history, and the entries make what is there.

That nobody can alter them is shown by ``test_psql``; that a superuser who did would be found out,
here.
"""

import random
from typing import Any
from uuid import UUID

import psycopg
import pytest
from builders import DESK_TEAM
from property.random_acts import ACTS, WHO
from team import Team

from services.core.errors import AppError
from services.incidents import guards as incidents
from services.major_incidents import guards as major_incidents

NAMES_OF_ACTS = sorted(set(ACTS) - {"restrict"})
"""What is restricted one person's desk cannot show, and this one gives everybody's commands."""

ENTRIES = """
    SELECT h.subject, h.subject_id, h.changes::json, c.outcome = 'applied' AND c.act = h.act
        AND c.actor_id = h.actor_id AND c.recorded_at = h.recorded_at
        AND c.login = (SELECT login FROM firstline.person p WHERE p.id = h.actor_id)
    FROM firstline.history_entry h LEFT JOIN firstline.command c USING (command_id)
    ORDER BY h.recorded_at
"""
Connection = psycopg.Connection[tuple[Any, ...]]


def lived(team: Team, seed: int, count: int) -> int:
    """A random history; returns how many acts were accepted."""
    desk, chance = team.desk(), random.Random(seed)
    ids = [desk.log() for _ in range(3)]
    accepted = 0
    for _ in range(count):
        name, n = chance.choice(NAMES_OF_ACTS), chance.randrange(20)
        try:
            desk.do(ACTS[name](desk, chance.choice(ids), n), chance.choice(WHO))
        except AppError:
            continue
        accepted += 1
    assert all(desk.incident(id_).owner_team_id == DESK_TEAM for id_ in ids)
    return accepted


def present(admin: Connection) -> dict[tuple[str, UUID], dict[str, Any]]:
    """The rows that have a history, as they are."""
    found = {}
    for history in (*incidents.HISTORIES, *major_incidents.HISTORIES):
        table = history.record.TABLE
        for id_, row in admin.execute(f"SELECT id, to_jsonb(t) FROM firstline.{table} t"):  # type: ignore[arg-type]
            found[table, id_] = {k: int(v) if isinstance(v, bool) else v for k, v in row.items()}
    return found


def faults(admin: Connection) -> list[str]:
    """Where the history does not make what is there."""
    rows, steps, values = present(admin), dict[Any, int](), dict[Any, dict[str, Any]]()
    found = []
    for table, id_, changes, is_true in admin.execute(ENTRIES).fetchall():
        key, known = (table, id_), values.setdefault((table, id_), {})
        steps[key] = steps.get(key, 0) + 1
        if not is_true:
            found.append(f"{key}: not by an accepted command of that person")
        for name, (before, after) in changes.items():
            if name in known and known[name] != before:
                found.append(f"{key}: {name} was {known[name]!r}, not {before!r}")
            known[name] = after
    for key, row in rows.items():
        if steps.pop(key, 0) != row["version"]:
            found.append(f"{key}: version {row['version']} is not the number of entries")
        wrong = {n: v for n, v in values.get(key, {}).items() if row[n] != v}
        if wrong:
            found.append(f"{key}: ends in {wrong}")
    return [*found, *(f"{key}: entries of nothing" for key in steps)]


def check_history(team: Team, seed: int, count: int) -> None:
    assert lived(team, seed, count) >= count // 10
    with team.databases.access.connect(team.database) as admin:
        assert faults(admin) == []


@pytest.mark.parametrize("seed", range(2))
def test_the_history_makes_what_is_there(team: Team, seed: int) -> None:
    check_history(team, seed, 60)


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(100, 200))
def test_the_history_makes_what_is_there_every_time(team: Team, seed: int) -> None:
    check_history(team, seed, 100)


TAMPERED = {
    "an entry removed": "DELETE FROM firstline.history_entry WHERE id ="
    " (SELECT id FROM firstline.history_entry WHERE changes <> '{}' LIMIT 1)",
    "an entry in another name": "UPDATE firstline.history_entry SET actor_id ="
    " (SELECT id FROM firstline.person WHERE login = 'cleo')",
    "an entry that says something else": "UPDATE firstline.history_entry SET changes ="
    """ '{"state": ["new", "closed"]}' WHERE changes LIKE '%"state"%'""",
    "a row changed behind it": "UPDATE firstline.incident SET state = 'closed'",
    "a change without an entry": "UPDATE firstline.incident SET version = version + 1",
    "a command taken back": "UPDATE firstline.command SET outcome = 'rejected'",
}


@pytest.mark.parametrize("how", TAMPERED)
def test_a_superuser_who_tampers_is_found_out(team: Team, how: str) -> None:
    """Negative control: the check above sees each kind of tampering."""
    desk = team.desk()
    desk.resolve(desk.start(desk.log()))
    with team.databases.access.connect(team.database) as admin:
        assert faults(admin) == []
        admin.execute("SET session_replication_role = replica")
        admin.execute(TAMPERED[how])  # type: ignore[arg-type]
        assert faults(admin) != []
