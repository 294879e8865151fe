"""The function by which PostgreSQL lets updates leave, whenever it takes steps of pages."""

from collections.abc import Iterator

from services.communications.statements import FIRING, HAS_ROOMS, ROOMS, due_updates
from services.paging.engine import FIRE_LIMIT, NOBODY
from services.paging.postgres import named, run
from services.paging.statements import POSTGRES
from services.sync.postgres.deciding import PATH


def functions() -> Iterator[str]:
    """Every function, as SQL that replaces what was there."""
    yield f"""
CREATE OR REPLACE FUNCTION firstline.fire_updates() RETURNS bigint LANGUAGE plpgsql {PATH} AS $$
DECLARE
    v_now bigint;
    v_update uuid;
    v_fired bigint := 0;
BEGIN
    LOOP
        v_now := microseconds_now();
        SELECT found.id INTO v_update FROM ({named(due_updates(POSTGRES))}) AS found;
        EXIT WHEN v_update IS NULL OR v_fired >= {FIRE_LIMIT};
        PERFORM begin_act('FireUpdate', '{NOBODY}', v_now);
{run(FIRING)}
        PERFORM end_act();
        v_fired := v_fired + 1;
    END LOOP;
    IF EXISTS ({named(HAS_ROOMS)}) THEN
{run(ROOMS)}
    END IF;
    RETURN v_fired;
END $$
"""
