"""The functions by which a dispatcher reads status pages and updates from PostgreSQL."""

from collections.abc import Iterator, Mapping

from services.communications.page_reading import COMPONENTS, PAGES, TOLD
from services.communications.past_reading import LET_GO, OTHERS
from services.paging.postgres import named
from services.people.person import Role
from services.sync.postgres.deciding import PATH
from services.sync.postgres.triggers import refusal


def functions() -> Iterator[str]:
    """Every function, as SQL that replaces what was there."""
    page = {"pages": PAGES, "components": COMPONENTS, "told": TOLD}
    yield _reading("page_content(v_destination uuid)", page)
    yield _reading("update_past(v_delivery uuid)", {"let_go": LET_GO, "others": OTHERS})


def _reading(signature: str, parts: Mapping[str, str]) -> str:
    """A function for dispatchers alone that answers the rows of each statement by its name."""
    read = ", ".join(
        f"'{name}', (SELECT coalesce(json_agg(r), '[]') FROM ({named(statement)}) AS r)"
        for name, statement in parts.items()
    )
    return f"""
CREATE OR REPLACE FUNCTION sync.{signature} RETURNS json
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
