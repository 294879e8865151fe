"""Nobody has a right in a team's database but those written down in ``grants.txt``."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from contract.grants import told
from team import Team

GOLDEN = Path(__file__).with_name("grants.txt")
Connection = psycopg.Connection[tuple[Any, ...]]


@pytest.fixture
def admin(team: Team) -> Iterator[Connection]:
    with team.databases.access.connect(team.database) as connection:
        yield connection


def test_the_rights_are_those_written_down(admin: Connection) -> None:
    found = told(admin)
    if os.environ.get("FIRSTLINE_RENEW"):
        GOLDEN.write_text(found, encoding="utf-8")
    assert found == GOLDEN.read_text(encoding="utf-8"), (
        "the rights have changed: if that is meant, run this test with FIRSTLINE_RENEW=1"
    )


CHANGES = (
    "GRANT SELECT ON firstline.incident TO firstline_person",
    "GRANT UPDATE (summary) ON firstline.incident TO firstline_person",
    "GRANT EXECUTE ON FUNCTION firstline.write_row TO PUBLIC",
    "ALTER FUNCTION sync.submit RESET search_path",
    "ALTER FUNCTION firstline.write_row SECURITY DEFINER",
    "ALTER TABLE firstline.note DISABLE ROW LEVEL SECURITY",
    "ALTER POLICY readable ON firstline.incident USING (true)",
    "DROP POLICY readable ON firstline.note",
    "ALTER TABLE firstline.incident DISABLE TRIGGER judge",
    "GRANT firstline_gate TO firstline_administrator",
    "ALTER ROLE firstline_gate BYPASSRLS",
    "GRANT CREATE ON SCHEMA sync TO PUBLIC",
    "ALTER DEFAULT PRIVILEGES FOR ROLE firstline_owner GRANT EXECUTE ON FUNCTIONS TO PUBLIC",
    "ALTER VIEW sync.incident OWNER TO postgres",
    "GRANT EXECUTE ON FUNCTION pg_advisory_lock(bigint) TO PUBLIC",
)


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_right_is_noticed(admin: Connection, change: str) -> None:
    """Negative control."""
    with admin.transaction(force_rollback=True):
        admin.execute(change)
        assert told(admin) != GOLDEN.read_text(encoding="utf-8")


def unsafe(admin: Connection) -> list[str]:
    """Functions that act with their owner's rights on what somebody else might have put there."""
    query = """
        SELECT p.oid::regprocedure::text, p.prosecdef, p.proconfig, p.prosrc,
            EXISTS (SELECT FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
                WHERE a.grantee = 0)
        FROM pg_proc p WHERE p.pronamespace IN ('firstline'::regnamespace, 'sync'::regnamespace)
    """
    found = []
    for name, is_definer, config, body, is_public in admin.execute(query).fetchall():
        path = next((c for c in config or () if c.startswith("search_path=")), "")
        if is_definer and not (
            path.startswith("search_path=pg_catalog") and path.endswith("pg_temp")
        ):
            found.append(f"{name}: search_path")
        if is_public:
            found.append(f"{name}: EXECUTE for PUBLIC")
        if re.search(r"\bEXECUTE\b|\bformat\s*\(|\bquote_", body, re.IGNORECASE):
            found.append(f"{name}: dynamic SQL")
    return found


def test_every_function_is_safe(admin: Connection) -> None:
    assert unsafe(admin) == []


@pytest.mark.parametrize(
    "change",
    [
        "ALTER FUNCTION sync.submit SET search_path = public, pg_temp",
        "ALTER FUNCTION sync.pull SET search_path = pg_catalog",
        "GRANT EXECUTE ON FUNCTION sync.scope() TO PUBLIC",
        "CREATE FUNCTION sync.x() RETURNS void LANGUAGE plpgsql AS 'BEGIN EXECUTE $1; END'",
    ],
)
def test_an_unsafe_function_is_noticed(admin: Connection, change: str) -> None:
    """Negative control."""
    with admin.transaction(force_rollback=True):
        admin.execute(change)
        assert unsafe(admin) != []
