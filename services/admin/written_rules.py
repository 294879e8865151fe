"""The rules and guards that a program writes into the embedded shared database."""

import sqlite3

from services.core.errors import DatabaseUnreadable
from services.paging.schema import TABLES as PAGING_TABLES
from services.paging.schema import VIEWS as PAGING_VIEWS
from services.registry import guard_statements, rule_statements
from services.sync.shared_schema import ACTOR_ROLE


class WrongVersion(DatabaseUnreadable):
    """The shared database was written by a newer program."""

    code = "database-newer"


def write_rules(connection: sqlite3.Connection) -> None:
    """Put the rules and guards of this program in place of what was there."""
    found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for (name,) in found:
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute("DROP VIEW IF EXISTS actor_role")
    for statement in (ACTOR_ROLE, *PAGING_TABLES, *PAGING_VIEWS):
        connection.execute(statement)
    for table in ("command_rule", "writable", "transition_rule", "throttle_rule"):
        connection.execute(f"DELETE FROM {table}")
    for statement, rows in rule_statements():
        connection.executemany(statement, rows)
    for statement in guard_statements():
        connection.execute(statement)
