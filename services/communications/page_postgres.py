"""The function by which a dispatcher reads a status page from PostgreSQL."""

from collections.abc import Iterator

from services.communications.page_reading import COMPONENTS, PAGES, TOLD
from services.paging.postgres import named
from services.people.person import Role
from services.sync.postgres.deciding import PATH
from services.sync.postgres.triggers import refusal


def functions() -> Iterator[str]:
    """Every function, as SQL that replaces what was there."""
    parts = {"pages": PAGES, "components": COMPONENTS, "told": TOLD}
    read = ", ".join(
        f"'{name}', (SELECT coalesce(json_agg(r), '[]') FROM ({named(statement)}) AS r)"
        for name, statement in parts.items()
    )
    yield f"""
CREATE OR REPLACE FUNCTION sync.page_content(v_destination uuid) RETURNS json
LANGUAGE plpgsql SECURITY DEFINER {PATH} AS $$
DECLARE
    v_now bigint := firstline.microseconds_now();
BEGIN
    IF NOT pg_has_role(session_user, 'firstline_{Role.DISPATCHER.value}', 'MEMBER') THEN
        {refusal("role-missing")}
    END IF;
    RETURN json_build_object('now', v_now, {read});
END $$
"""
