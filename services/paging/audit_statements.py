"""What must not be, and how paging stands, as SQL both databases understand."""

from services.paging.engine import ALARM_AFTER_S
from services.paging.statements import SECOND

_LATE = f":now - {ALARM_AFTER_S * SECOND}"
_DAY = 24 * 3600 * SECOND
_MONTH = 30 * _DAY

_ALARMS = (
    (
        "page-overdue",
        "p.id",
        "p.due_at",
        f"page p WHERE p.state = 'open' AND p.due_at < {_LATE}"
        f" AND (p.hold_until IS NULL OR p.hold_until < {_LATE})",
    ),
    (
        "page-without-time",
        "p.id",
        "p.started_at",
        "page p WHERE p.state = 'open' AND p.started_at IS NOT NULL AND p.due_at IS NULL",
    ),
    (
        "page-not-begun",
        "p.id",
        "p.opened_at",
        f"page p WHERE p.state = 'open' AND p.started_at IS NULL AND p.opened_at < {_LATE}"
        f" AND (p.hold_until IS NULL OR p.hold_until < {_LATE})",
    ),
    (
        "delivery-overdue",
        "d.id",
        "d.due_at",
        f"delivery d WHERE d.state IN ('waiting', 'unsure') AND d.due_at < {_LATE}",
    ),
    (
        "lease-lost",
        "d.id",
        "d.lease_until",
        f"delivery d WHERE d.state = 'sending' AND d.lease_until < {_LATE}",
    ),
    (
        "catch-all-reaches-nobody",
        "p.id",
        "p.started_at",
        "page p WHERE p.state = 'open' AND p.is_catch_all AND NOT EXISTS (SELECT 1 FROM delivery d"
        " WHERE d.page_id = p.id AND d.round = p.round AND d.position = p.position)",
    ),
    (
        "catch-all-missing",
        "r.id",
        ":now",
        "roster r WHERE r.is_active AND r.is_catch_all AND NOT EXISTS (SELECT 1"
        " FROM on_call_shift h WHERE h.roster_id = r.id AND NOT h.is_cancelled"
        " AND h.starts_at <= :now AND :now < h.ends_at)",
    ),
    (
        "shifts-run-out",
        "r.id",
        ":now",
        "roster r WHERE r.is_active AND EXISTS (SELECT 1 FROM rotation o WHERE o.roster_id = r.id"
        " AND o.is_active AND o.ends_at_local = '') AND NOT EXISTS (SELECT 1 FROM on_call_shift h"
        f" WHERE h.roster_id = r.id AND NOT h.is_cancelled AND h.ends_at > :now + {_MONTH})",
    ),
    *(
        (
            f"{kind}-given-up",
            "d.id",
            "d.finished_at",
            f"delivery d WHERE d.kind = '{kind}' AND d.state IN ('refused', 'dead')"
            f" AND d.finished_at > :now - {_DAY} AND NOT EXISTS (SELECT 1 FROM delivery e"
            " WHERE e.incident_id = d.incident_id AND e.kind = d.kind AND e.state = 'delivered'"
            " AND e.destination_id = d.destination_id AND e.address = d.address"
            " AND e.created_at > d.created_at)",
        )
        for kind in ("update", "room")  # a page goes on by itself
    ),
    ("clock-stepped", "CAST(NULL AS uuid)", "c.held_at", "paging_clock c WHERE c.ahead_us > 0"),
)

AUDIT = "\nUNION ALL ".join(
    f"SELECT '{kind}' AS kind, {subject} AS subject_id, {since} AS since FROM {rows}"
    for kind, subject, since, rows in _ALARMS
)
"""Each fact that must not be, since when."""

STOPPED = "stopped"
"""The last word of a dispatcher that was asked to stop; it is not counted any more."""

STANDING = f"""SELECT
    (SELECT count(*) FROM dispatcher_beat b WHERE b.seen_at >= {_LATE}
        AND b.detail <> '{STOPPED}') AS dispatcher_count,
    (SELECT max(b.seen_at) FROM dispatcher_beat b) AS last_beat_at,
    (SELECT count(*) FROM page p WHERE p.state = 'open') AS open_pages,
    (SELECT count(*) FROM delivery d WHERE d.state IN ('waiting', 'sending', 'unsure'))
        AS waiting_deliveries,
    (SELECT c.ahead_us FROM paging_clock c) AS clock_ahead"""

BEAT = f"""INSERT INTO dispatcher_beat (dispatcher, started_at, seen_at, detail)
VALUES (:dispatcher, :now, :now, :detail)
ON CONFLICT (dispatcher) DO UPDATE SET seen_at = excluded.seen_at, detail = excluded.detail,
    started_at = CASE WHEN dispatcher_beat.detail = '{STOPPED}' THEN excluded.started_at
        ELSE dispatcher_beat.started_at END"""

BEATS = f"""SELECT b.dispatcher, b.started_at, b.seen_at, b.detail, (SELECT count(*)
    FROM delivery d WHERE d.state = 'sending' AND d.dispatcher = b.dispatcher) AS held
FROM dispatcher_beat b WHERE b.seen_at >= :now - {_DAY} ORDER BY b.seen_at DESC, b.dispatcher"""
"""What each dispatcher last said, and how many deliveries it is sending."""

DISABLE = """UPDATE destination SET version = version + 1, is_active = false, probed_at = :now,
    probe_result = :reason WHERE id = :destination AND is_active"""

NOTE_PROBE = """UPDATE destination SET version = version + 1, probed_at = :now,
    probe_result = :reason WHERE id = :destination"""

_PROBE_DUE = f"""destination t WHERE t.is_active AND t.probe_every_s > 0
    AND (t.probed_at IS NULL OR t.probed_at <= :now - {SECOND} * t.probe_every_s)
    AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.destination_id = t.id AND d.kind = 'probe'
        AND d.state IN ('waiting', 'sending', 'unsure'))"""

IS_PROBE_DUE = f"SELECT 1 FROM {_PROBE_DUE} LIMIT 1"

PROBES = f"""INSERT INTO delivery (id, version, destination_id, kind, address, text, round,
    position, created_at, due_at, state, attempt_count, lease_token, dispatcher,
    reason, memo, may_repeat, answer_digest)
SELECT derived_id(t.id, 'probe/' || :now), 1, t.id, 'probe', '', '', 0, 0, :now, :now, 'waiting',
    0, 0, '', '', '{{}}', false, ''
FROM {_PROBE_DUE}"""
"""One probe for each destination whose last proof is too old, and none while one is under way."""
