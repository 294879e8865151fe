"""What paging adds to a shared database beside its records: limits, heartbeats, and one view."""

from services.paging.clock_statements import PAGING_CLOCK
from services.paging.statements import PAGE_AHEAD

MINUTE, HOUR = 60, 3600

THROTTLES = (
    *(("sms", window, most) for window, most in ((MINUTE, 1), (15 * MINUTE, 5), (HOUR, 11),
                                                  (3 * HOUR, 21))),
    *(("voice", window, most) for window, most in ((MINUTE, 1), (15 * MINUTE, 3), (HOUR, 7),
                                                    (3 * HOUR, 15))),
    ("email", MINUTE, 1),
)  # fmt: skip
"""How many messages an address gets within so many seconds, by the kind of contact.

Source: GoAlert, ``notification/ratelimit.go``.
"""

TABLES = (
    *PAGING_CLOCK,
    """
    CREATE TABLE IF NOT EXISTS throttle_rule (
        kind text NOT NULL,
        window_s bigint NOT NULL,
        at_most bigint NOT NULL,
        PRIMARY KEY (kind, window_s)
    )
    """,
    """
    CREATE TABLE IF NOT EXISTS dispatcher_beat (
        dispatcher text PRIMARY KEY,
        started_at bigint NOT NULL,
        seen_at bigint NOT NULL,
        detail text NOT NULL
    )
    """,
    "CREATE INDEX IF NOT EXISTS page_by_state ON page (state)",
    "CREATE INDEX IF NOT EXISTS delivery_by_state ON delivery (state, due_at)",
    "CREATE INDEX IF NOT EXISTS delivery_of_contact ON delivery (contact_method_id)",
    "CREATE INDEX IF NOT EXISTS delivery_of_bundle ON delivery (bundled_into_id)"
    " WHERE bundled_into_id IS NOT NULL",
    "CREATE INDEX IF NOT EXISTS delivery_of_subject ON delivery (subject_id)"
    " WHERE subject_id IS NOT NULL",
    "CREATE INDEX IF NOT EXISTS update_by_state ON status_update (state)",
    "CREATE INDEX IF NOT EXISTS delivery_of_step ON delivery (page_id, round, position)",
    "CREATE INDEX IF NOT EXISTS delivery_by_answer ON delivery (answer_digest)"
    " WHERE answer_digest <> ''",
    "CREATE INDEX IF NOT EXISTS attempt_of_lease ON delivery_attempt (delivery_id, lease_token)",
    "CREATE INDEX IF NOT EXISTS recipient_by_page ON page_recipient (page_id, round, position)",
    "CREATE INDEX IF NOT EXISTS shift_by_end ON on_call_shift (roster_id, ends_at)",
)
"""The same in both databases, and safe to run again."""

VIEWS = ("DROP VIEW IF EXISTS page_ahead", PAGE_AHEAD)


def throttle_rows() -> tuple[str, list[tuple[str, int, int]]]:
    """The statement that writes the limits, and its rows."""
    return "INSERT INTO throttle_rule (kind, window_s, at_most) VALUES (?, ?, ?)", list(THROTTLES)
