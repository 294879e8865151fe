"""How updates leave, as SQL that SQLite and PostgreSQL both understand.

Values are named as in ``services.paging.statements``; ``:update`` is the update being fired.
"""

from services.paging.engine import ALARM_AFTER_S
from services.paging.statements import FAR_S, SECOND, Dialect

_WANTED = (
    "o.page_id = u.page_id AND o.is_active AND (u.is_notifying OR NOT o.is_subscriber)"
    " AND NOT EXISTS (SELECT 1 FROM incident i WHERE i.id = u.incident_id AND i.is_drill)"
)
"""Whether an outlet ``o`` gets the update ``u``. Nothing of a drill leaves the building."""

_SOMEBODY_SENDS = (
    f"EXISTS (SELECT 1 FROM dispatcher_beat b WHERE b.seen_at >= :now - {ALARM_AFTER_S * SECOND})"
)


def due_updates(dialect: Dialect, limit: int = 1) -> str:
    """The updates to fire; of one incident only the first that people sent.

    While no dispatcher lives they wait, so that one that nobody could send grows stale here and
    is asked about, instead of leaving late as if it were new.
    """
    return f"""SELECT u.id FROM status_update u WHERE u.state = 'queued'
    AND (u.hold_until IS NULL OR u.hold_until <= :now OR u.hold_until > :now + {FAR_S * SECOND})
    AND (u.fresh_until < :now OR {_SOMEBODY_SENDS}
        OR NOT EXISTS (SELECT 1 FROM outlet o WHERE {_WANTED}))
    AND NOT EXISTS (SELECT 1 FROM status_update e WHERE e.incident_id = u.incident_id
        AND e.state = 'queued' AND (e.queued_at, e.id) < (u.queued_at, u.id))
    ORDER BY u.queued_at, u.id LIMIT {limit}{dialect.skip_locked.format("u")}"""


_TAKEN_BACK = """EXISTS (SELECT 1 FROM history_entry s
    JOIN history_entry r ON r.incident_id = s.incident_id AND r.act = 'ResolveMajorIncident'
        AND r.subject_id = status_update.major_id AND r.recorded_at <= s.recorded_at
    JOIN history_entry b ON b.incident_id = s.incident_id AND b.act IN ('UndoAct', 'ReopenIncident')
        AND b.subject_id = status_update.major_id AND b.recorded_at >= s.recorded_at
        AND CAST(b.changes AS text) LIKE '%"state"%'
    WHERE s.incident_id = status_update.incident_id AND s.subject_id = status_update.id
        AND s.act = 'SendUpdate')"""
"""Whether a major incident was resolved when a word was let go, and is fought again since. Who
took that back may not have known of the word."""

_HOLD = f"""UPDATE status_update SET version = version + 1, state = 'held'
WHERE id = :update AND state = 'queued' AND fresh_until IS NOT NULL
    AND (fresh_until < :now OR {_TAKEN_BACK})"""
"""What a person has looked at since bears no moment any more, and is not held again."""

_COLUMNS = (
    "id, version, incident_id, destination_id, kind, address, text, round, position, created_at,"
    " due_at, state, attempt_count, lease_token, dispatcher, reason, memo, may_repeat,"
    " answer_digest, subject_id"
)
_FRESH = "'waiting', 0, 0, '', '', '{}', false, ''"

_DELIVER = f"""INSERT INTO delivery ({_COLUMNS})
SELECT derived_id(u.id, CAST(o.destination_id AS text) || '/' || o.address), 1, u.incident_id,
    o.destination_id, 'update', o.address, u.message, 0, 0, :now, :now, {_FRESH}, u.id
FROM status_update u JOIN outlet o ON {_WANTED}
JOIN destination t ON t.id = o.destination_id AND t.is_active
WHERE u.id = :update AND u.state = 'queued' ON CONFLICT (id) DO NOTHING"""
"""The id follows from the update and the place, so that a correction finds what it corrects."""

_SENT = """UPDATE status_update SET version = version + 1, state = 'sent', sent_at = :now
WHERE id = :update AND state = 'queued'"""

FIRING = (_HOLD, _DELIVER, _SENT)
"""What lets one due update leave, in this order."""

ROOM_EVERY_S = 3
"""So many seconds lie between two words to one room; Slack takes 20 topics a minute."""

_TOLD_FOR_S = 7 * 24 * 3_600
"""For so long after its end the room of a response is still told of it."""

_EARLIER = "d.incident_id = c.incident_id AND d.subject_id = c.id AND d.kind = 'room'"

_CHANNEL = (
    "response_channel c JOIN major_incident m ON m.id = c.major_id AND NOT m.is_drill"
    " AND (m.state = 'accepted' OR (m.state IN ('resolved', 'demoted')"
    f" AND coalesce(m.resolved_at, m.decided_at) > :now - {_TOLD_FOR_S * SECOND}))"
    " JOIN incident i ON i.id = c.incident_id AND NOT i.is_drill"
    " JOIN destination t ON t.id = c.destination_id AND t.is_active"
    " WHERE c.kind = 'chat' AND c.is_active AND c.wanted <> '{}'"
    f" AND coalesce((SELECT d.text FROM delivery d WHERE {_EARLIER}"
    " ORDER BY d.created_at DESC, d.id DESC LIMIT 1), '') <> c.wanted"
)
"""Chat rooms that are to be like something that nobody was told yet."""

ROOM_DUE = (
    f"coalesce((SELECT d.finished_at + {ROOM_EVERY_S * SECOND} FROM delivery d"
    f" WHERE {_EARLIER} AND d.attempt_count > 0"
    f" AND d.finished_at + {ROOM_EVERY_S * SECOND} > :now"
    " ORDER BY d.finished_at DESC LIMIT 1), :now)"
)
"""When the next word to a room is due."""

HAS_ROOMS = f"SELECT 1 FROM {_CHANNEL} LIMIT 1"

ROOMS = (
    f"""INSERT INTO delivery ({_COLUMNS})
SELECT derived_id(c.id, CAST(c.version AS text) || '/' || c.wanted), 1, c.incident_id,
    c.destination_id, 'room', '', c.wanted, 0, 0, :now, {ROOM_DUE}, {_FRESH}, c.id
FROM {_CHANNEL} ON CONFLICT (id) DO NOTHING""",
    """UPDATE delivery SET version = version + 1, state = 'superseded', finished_at = :now
WHERE kind = 'room' AND state = 'waiting' AND EXISTS (SELECT 1 FROM delivery e
    WHERE e.subject_id = delivery.subject_id AND e.kind = 'room'
    AND e.created_at > delivery.created_at)""",
)
"""What rooms are to be like, told once; only the newest is still worth telling. The first word
after a pause leaves at once."""
