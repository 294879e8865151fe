"""Nothing is lost, nothing is told twice, and the records are true, however a run of chaos went."""

from typing import Any

import psycopg
from contract.owner_sql import one

from services.paging.engine import ATTEMPTS


def ensure_nothing_is_lost(admin: psycopg.Connection[Any]) -> None:
    """Every page's present step has reached everybody it calls.

    What failed as often as it may is given up by rule, and another person of its page is reached.
    """
    unled = one(admin, "SELECT count(*) FROM firstline.page WHERE started_at IS NULL")
    assert unled == 0, f"{unled} pages never began"
    unreached = admin.execute(
        "SELECT d.id, d.state, b.state FROM firstline.delivery d"
        " JOIN firstline.page p ON p.id = d.page_id"
        " LEFT JOIN firstline.delivery b ON b.id = d.bundled_into_id"
        " WHERE d.round = p.round AND d.position = p.position"
        " AND d.state <> 'delivered' AND NOT (d.state = 'bundled' AND b.state = 'delivered')"
        f" AND NOT (d.state = 'dead' AND d.attempt_count >= {ATTEMPTS})"
    ).fetchall()
    assert len(unreached) == 0, f"lost: {len(unreached)}, such as {unreached[:3]}"
    silent = one(
        admin,
        "SELECT count(*) FROM firstline.page p WHERE NOT EXISTS (SELECT 1 FROM firstline.delivery"
        " d WHERE d.page_id = p.id AND d.state IN ('delivered', 'bundled'))",
    )
    assert silent == 0, f"{silent} pages reached nobody"


def ensure_records_are_true(admin: psycopg.Connection[Any], taken: set[str]) -> None:
    """What counts as delivered was taken; who recorded it held the last lease."""
    delivered = {
        str(id_)
        for (id_,) in admin.execute("SELECT id FROM firstline.delivery WHERE state = 'delivered'")
    }
    assert delivered <= taken, f"never taken: {delivered - taken}"
    usurped = admin.execute(
        "SELECT d.id, d.state, a.outcome FROM firstline.delivery d"
        " LEFT JOIN firstline.delivery_attempt a ON a.delivery_id = d.id"
        " AND a.lease_token = d.lease_token"
        " WHERE d.state IN ('delivered', 'refused') AND a.outcome IS DISTINCT FROM d.state"
    ).fetchall()
    assert len(usurped) == 0, f"recorded without the lease: {usurped[:3]}"
