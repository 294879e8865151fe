"""What the owner of a team's database asks and changes, past all commands."""

from typing import Any

import psycopg


def one(admin: psycopg.Connection[Any], query: str, *values: object) -> Any:
    row = admin.execute(query.encode(), values).fetchone()
    assert row
    return row[0]


def change_function(admin: psycopg.Connection[Any], name: str, part: str, other: str) -> None:
    """Give a function of the database another part."""
    text = one(admin, "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE proname = %s", name)
    assert part in text, f"{name} has no {part}"
    admin.execute(text.replace(part, other))
