"""How deliveries are sorted, claimed, finished and answered, as SQL both databases understand.

Values are named as in ``services.paging.statements``.
"""

from services.paging.clock_statements import LAST_SEEN
from services.paging.destination import KEEPING_ALERTS, ProviderKind
from services.paging.engine import ATTEMPTS, ATTEMPTS_TO_TELL, LEASE_S
from services.paging.statements import FAR_S, SECOND, VAIN, Dialect, is_open

_READY = (
    "((d.state IN ('waiting', 'unsure') AND d.due_at <= :now)"
    " OR (d.state = 'sending' AND (d.lease_until < :now"
    f" OR d.lease_until > :now + {(LEASE_S + FAR_S) * SECOND})))"
)
_EARLIER = (
    "EXISTS (SELECT 1 FROM delivery e WHERE e.destination_id = d.destination_id"
    " AND e.incident_id = d.incident_id AND e.created_at < d.created_at"
    " AND e.state IN ('waiting', 'sending', 'unsure'))"
)
"""Whether an earlier word about the incident is still on its way there. A provider that gets the
end of an alert before its beginning would keep it open for ever."""

_TELLING = "('update', 'room')"
"""Kinds that are never dropped in silence: they are tried for days, each place in its order."""

_OVERTAKES = (
    "EXISTS (SELECT 1 FROM delivery e JOIN status_update f ON f.id = e.subject_id"
    " JOIN status_update g ON g.id = d.subject_id"
    " WHERE e.incident_id = d.incident_id AND e.kind = 'update'"
    " AND e.destination_id = d.destination_id AND e.address = d.address"
    " AND e.state IN ('waiting', 'sending', 'unsure')"
    " AND (f.queued_at, f.id) < (g.queued_at, g.id))"
    " OR EXISTS (SELECT 1 FROM delivery e WHERE e.incident_id = d.incident_id"
    " AND e.kind = 'room' AND d.kind = 'room' AND e.subject_id = d.subject_id"
    " AND e.created_at < d.created_at AND e.state IN ('waiting', 'sending', 'unsure'))"
)
"""Whether an earlier update of the incident is still on its way to the same place, or what the
same room was to be like before."""

_MOST_ATTEMPTS = f"CASE WHEN {{0}}kind IN {_TELLING} THEN {ATTEMPTS_TO_TELL} ELSE {ATTEMPTS} END"

_WANTED = (
    "coalesce((SELECT p.state = 'open' AND p.round = d.round AND p.position = d.position"
    f" AND {is_open('p.incident_id')} FROM page p WHERE p.id = d.page_id), false)"
    " AND (SELECT r.answer FROM page_recipient r WHERE r.id = d.recipient_id) IS NULL"
)
"""Asked by their ids, as in ``is_open``: with EXISTS each delivery read all open pages."""


_KEEPING = ", ".join(f"'{kind.value}'" for kind in KEEPING_ALERTS)


_KNOWN_THERE = (
    "d.kind = 'page' AND d.attempt_count > 0 AND d.state IN ('delivered', 'superseded', 'dead')"
)
"""A page that arrived, or was given up without knowing."""


def _told(kind: str, when: str) -> str:
    """A word to each provider that got a page and keeps an alert of it."""
    return f"""SELECT derived_id(p.id, '{kind}/' || p.round || '/' || d.destination_id || '/'
        || d.address), 1, d.incident_id, p.id, d.destination_id, '{kind}', d.address, '', p.round,
    p.position, :now, :now, 'waiting', 0, 0, '', '', min(d.memo), false, ''
FROM delivery d JOIN page p ON p.id = d.page_id JOIN incident i ON i.id = d.incident_id
JOIN destination t ON t.id = d.destination_id AND t.is_active AND t.kind IN ({_KEEPING})
WHERE {_KNOWN_THERE} AND {when}
    AND d.finished_at > :now - {ENDS_WITHIN_S * SECOND}
    AND NOT EXISTS (SELECT 1 FROM delivery e WHERE e.page_id = p.id AND e.kind = '{kind}'
        AND e.round = p.round AND e.destination_id = d.destination_id AND e.address = d.address)
GROUP BY p.id, p.round, p.position, d.destination_id, d.address, d.incident_id"""


ENDS_WITHIN_S = 7 * 24 * 3600
"""An alert older than this is not ended any more."""

ENDINGS = tuple(
    f"""INSERT INTO delivery (id, version, incident_id, page_id, destination_id, kind, address,
    text, round, position, created_at, due_at, state, attempt_count, lease_token, dispatcher,
    reason, memo, may_repeat, answer_digest)
{_told(kind, when)} ON CONFLICT (id) DO NOTHING"""
    for kind, when in (
        (
            "acknowledged",
            "p.state = 'acknowledged' AND i.state IN ('new', 'in_progress', 'on_hold')",
        ),
        ("resolved", "i.state NOT IN ('new', 'in_progress', 'on_hold')"),
    )
)
"""What providers that keep alerts of their own are told when a page comes to its end."""

HAS_ENDINGS = f"""SELECT 1 FROM destination t JOIN delivery d ON d.destination_id = t.id
WHERE t.is_active AND t.kind IN ({_KEEPING}) AND {_KNOWN_THERE}
    AND d.finished_at > :now - {ENDS_WITHIN_S * SECOND} LIMIT 1"""
"""Whether there is any alert that could be ended."""


def sorting(dialect: Dialect) -> tuple[str, ...]:
    """What is done before a delivery is claimed: the unwanted, the hopeless and the many."""
    locked = dialect.skip_locked.format("d")
    unwanted = f"""UPDATE delivery SET version = version + 1, state = 'superseded',
    finished_at = :now, lease_until = NULL WHERE id IN (SELECT d.id FROM delivery d
        WHERE d.kind = 'page' AND {_READY} AND NOT ({_WANTED}){locked})"""
    return (
        unwanted,
        f"""UPDATE delivery SET version = version + 1, state = 'dead', finished_at = :now,
    lease_until = NULL WHERE id IN (SELECT d.id FROM delivery d
        WHERE {_READY} AND (d.attempt_count >= {_MOST_ATTEMPTS.format("d.")} OR NOT EXISTS (
            SELECT 1 FROM destination t WHERE t.id = d.destination_id AND t.is_active)){locked})""",
        f"""UPDATE delivery SET version = version + 1, state = 'waiting', finished_at = NULL,
    bundled_into_id = NULL WHERE id IN (SELECT d.id FROM delivery d JOIN delivery b
        ON b.id = d.bundled_into_id AND b.state IN ({VAIN})
        WHERE d.state = 'bundled'{locked})""",
        unwanted,  # what was let go is judged as well
        f"""UPDATE delivery SET version = version + 1, state = 'bundled', finished_at = :now,
    bundled_into_id = (SELECT m.newest FROM ({_MANY}) m WHERE m.id = delivery.id)
WHERE id IN (SELECT d.id FROM delivery d JOIN ({_MANY}) m ON m.id = d.id
    WHERE d.state = 'waiting' AND m.many > {BUNDLE_ABOVE} AND m.id <> m.newest{locked})
    AND {ANY_MANY}""",
        # What a bundled one was to tell of is told by the one that now tells of it.
        f"""UPDATE delivery SET version = version + 1, bundled_into_id = (
    SELECT b.bundled_into_id FROM delivery b WHERE b.id = delivery.bundled_into_id)
WHERE id IN (SELECT d.id FROM delivery d JOIN delivery b ON b.id = d.bundled_into_id
    AND b.state = 'bundled' WHERE d.state = 'bundled'{locked})""",
        _TOLD_LATER.format(locked),
    )


_TOLD_LATER = f"""UPDATE delivery SET version = version + 1, state = 'superseded',
    finished_at = :now WHERE id IN (SELECT d.id FROM delivery d
    JOIN destination t ON t.id = d.destination_id AND t.kind = '{ProviderKind.STATIC_PAGE.value}'
    WHERE d.kind = 'update' AND d.state = 'waiting' AND EXISTS (SELECT 1 FROM delivery e
        WHERE e.destination_id = d.destination_id AND e.kind = 'update' AND e.state = 'waiting'
        AND (e.created_at, e.id) > (d.created_at, d.id)){{0}})"""
"""A page that is written anew as a whole is written once for all that waits."""

BUNDLE_ABOVE = 3
"""More pages than this that wait for one person's address go out as one message."""

_MANY = (
    "SELECT c.id, count(*) OVER of_contact AS many,"
    " first_value(c.id) OVER (PARTITION BY c.contact_method_id"
    " ORDER BY q.opened_at DESC, c.created_at DESC, c.id) AS newest FROM delivery c"
    " JOIN page q ON q.id = c.page_id"
    " WHERE c.kind = 'page' AND c.state = 'waiting' AND c.due_at <= :now"
    " AND c.contact_method_id IS NOT NULL WINDOW of_contact AS (PARTITION BY c.contact_method_id)"
)
ANY_MANY = (
    "EXISTS (SELECT 1 FROM delivery c WHERE c.kind = 'page' AND c.state = 'waiting'"
    " AND c.due_at <= :now AND c.contact_method_id IS NOT NULL"
    f" GROUP BY c.contact_method_id HAVING count(*) > {BUNDLE_ABOVE})"
)
"""Whether there is anything to bundle; asked first, since a storm over many people has none."""

_THROTTLED = (
    "EXISTS (SELECT 1 FROM contact_method k JOIN throttle_rule l ON l.kind = k.kind"
    " WHERE k.id = d.contact_method_id AND l.at_most <= (SELECT count(*)"
    " FROM delivery_attempt a JOIN delivery b ON b.id = a.delivery_id"
    f" WHERE b.contact_method_id = k.id AND a.started_at > :now - {SECOND} * l.window_s))"
)


_IS_LIMITED = "k.kind IN (SELECT l.kind FROM throttle_rule l)"


def in_line(dialect: Dialect) -> str:
    """What may be claimed, as deliveries and destinations: pages first, the newest first.

    ``:room`` is a JSON object: how many calls an account can take now. One without any waits.
    """
    return f"""SELECT d.id, d.destination_id FROM delivery d LEFT JOIN page q ON q.id = d.page_id
    WHERE {_READY} AND CAST(d.destination_id AS text) NOT IN (
            SELECT w.key FROM {dialect.pairs.format(":room", "w")}
            WHERE CAST(w.value AS bigint) < 1)
        AND (d.kind NOT IN ('acknowledged', 'resolved') OR NOT {_EARLIER})
        AND (d.kind NOT IN {_TELLING} OR NOT ({_OVERTAKES}))
    ORDER BY CASE d.kind WHEN 'page' THEN 0 WHEN 'test' THEN 2 WHEN 'probe' THEN 2 ELSE 1 END,
        coalesce(q.opened_at, d.created_at) DESC, d.created_at DESC, d.id"""


IS_RIGHT = f"""SELECT 1 FROM delivery d
JOIN destination t ON t.id = d.destination_id AND t.is_active
WHERE d.id = :delivery AND d.attempt_count < {_MOST_ATTEMPTS.format("d.")}
    AND (d.kind <> 'page' OR {_WANTED})"""
"""Whether the next in line is to be sent at all; where not, everything has to be sorted."""


def claimable(dialect: Dialect) -> str:
    """Whether the next in line is still nobody's, and its address may get one more message now.

    Asked for one after the other: what was claimed a moment ago counts.
    """
    locked = dialect.skip_locked.format("d")
    return f"""SELECT d.id FROM delivery d LEFT JOIN contact_method k ON k.id = d.contact_method_id
    WHERE d.id = :delivery AND {_READY}
        AND (k.id IS NULL OR NOT {_IS_LIMITED} OR NOT {_THROTTLED}){locked}"""


HAS_READY = f"""SELECT 1 FROM delivery d WHERE {_READY} OR (d.state = 'bundled' AND EXISTS (
    SELECT 1 FROM delivery b WHERE b.id = d.bundled_into_id AND b.state IN ({VAIN}))) LIMIT 1"""
"""Whether sorting or claiming finds anything to do."""

CLAIMING = (
    """UPDATE delivery SET version = version + 1,
    may_repeat = may_repeat OR state IN ('unsure', 'sending'), state = 'sending',
    attempt_count = attempt_count + 1, lease_token = lease_token + 1,
    lease_until = :now + :lease, dispatcher = :dispatcher, answer_digest = :digest
WHERE id = :delivery""",
    """INSERT INTO delivery_attempt (id, version, incident_id, delivery_id, number, lease_token,
    dispatcher, started_at, reason)
SELECT derived_id(d.id, CAST(d.lease_token AS text)), 1, d.incident_id, d.id, d.attempt_count,
    d.lease_token, d.dispatcher, :now, '' FROM delivery d WHERE d.id = :delivery""",
)
"""The attempt is written before anybody calls the provider."""

_SAME_PLACE = (
    "m.incident_id = d.incident_id AND m.kind = d.kind AND m.id <> d.id"
    " AND m.destination_id = d.destination_id AND m.address = d.address"
    " AND (m.state = 'delivered' OR m.kind = 'room')"
    " AND (m.subject_id = d.subject_id OR (d.kind = 'update'"
    " AND (SELECT u.audience FROM status_update u WHERE u.id = m.subject_id)"
    " = (SELECT u.audience FROM status_update u WHERE u.id = d.subject_id)))"
)
"""An earlier update of the incident for the same audience at the same place, or what the same
room was told before, however that ended: what half a telling did is never done again."""

CLAIMED = f"""SELECT d.id AS delivery_id, d.lease_token, d.attempt_count AS attempt, d.kind,
    d.page_id, d.incident_id, coalesce(i.number, 0) AS number,
    CASE WHEN i.is_confidential THEN '' ELSE coalesce(i.summary, '') END AS summary,
    i.severity, i.priority, CASE WHEN i.is_confidential THEN '' ELSE coalesce(p.reason, '') END
        AS reason,
    d.text, coalesce(x.name, '') AS person_name, d.address, d.destination_id,
    t.kind AS provider, t.base_url, t.options, t.may_reach_private, d.may_repeat,
    CASE WHEN d.kind IN {_TELLING} AND d.memo <> '{{}}' THEN d.memo ELSE coalesce(
        (SELECT m.memo FROM delivery m WHERE m.page_id = d.page_id
            AND m.destination_id = d.destination_id AND m.address = d.address AND m.id <> d.id
            AND m.state = 'delivered' AND m.memo <> '{{}}' ORDER BY m.finished_at DESC LIMIT 1),
        CASE WHEN d.kind IN {_TELLING} THEN (SELECT m.memo FROM delivery m WHERE {_SAME_PLACE}
            AND m.memo <> '{{}}' ORDER BY m.finished_at DESC, m.created_at DESC LIMIT 1) END,
        d.memo) END AS memo,
    CASE WHEN d.kind = 'update' THEN coalesce((SELECT m.text FROM delivery m WHERE {_SAME_PLACE}
        ORDER BY m.created_at, m.id LIMIT 1), '') ELSE '' END AS first_text,
    d.answer_digest, :now AS claimed_at
FROM delivery d JOIN destination t ON t.id = d.destination_id
LEFT JOIN page p ON p.id = d.page_id LEFT JOIN incident i ON i.id = d.incident_id
LEFT JOIN person x ON x.id = d.person_id WHERE d.id = :delivery"""

BUNDLED = """SELECT i.number FROM delivery b JOIN incident i ON i.id = b.incident_id
WHERE b.bundled_into_id = :delivery ORDER BY i.number"""

_IS_LAST = f"attempt_count >= {_MOST_ATTEMPTS.format('')}"

FINISH = f"""UPDATE delivery SET version = version + 1, lease_until = NULL, reason = :reason,
    memo = :memo, due_at = CASE WHEN :outcome IN ('retry', 'unsure') THEN {LAST_SEEN} + :after
        ELSE due_at END,
    finished_at = CASE WHEN :outcome IN ('retry', 'unsure') AND NOT {_IS_LAST} THEN NULL
        ELSE :now END,
    state = CASE :outcome WHEN 'delivered' THEN 'delivered' WHEN 'refused' THEN 'refused'
        ELSE CASE WHEN {_IS_LAST} THEN 'dead' WHEN :outcome = 'unsure' THEN 'unsure'
            ELSE 'waiting' END END
WHERE id = :delivery AND state = 'sending' AND lease_token = :token"""
"""Only whoever holds the last lease may finish."""

FALLS_OVER_S = 30
"""Seconds after which a way that has not taken a page is not waited for alone any more."""

_TRIED_SINCE = (
    "CASE WHEN {0}.attempt_count = 0 THEN {0}.due_at ELSE (SELECT min(a.started_at)"
    " FROM delivery_attempt a WHERE a.delivery_id = {0}.id) END"
)
_STUCK = (
    "{0}.kind = 'page' AND {0}.state IN ('waiting', 'unsure')"
    f" AND {_TRIED_SINCE} <= :now - {FALLS_OVER_S * SECOND}"
)
_OF_ONE = (
    "{0}.page_id = d.page_id AND {0}.round = d.round AND {0}.position = d.position"
    " AND {0}.recipient_id = d.recipient_id AND {0}.id <> d.id"
)
_IN_VAIN = f"({{0}}.state IN ('refused', 'dead') OR ({_STUCK}))"


def _next_ways(of: str) -> str:
    """The next way to each person whom all ways so far tried in vain."""
    return f"""SELECT d.id FROM delivery d WHERE d.kind = 'page' AND d.state = 'waiting'
        AND d.attempt_count = 0 AND d.due_at > :now AND {of}
        AND EXISTS (SELECT 1 FROM delivery e WHERE {_OF_ONE.format("e")}
            AND {_IN_VAIN.format("e")})
        AND NOT EXISTS (SELECT 1 FROM delivery h WHERE {_OF_ONE.format("h")}
            AND (h.due_at, h.id) < (d.due_at, d.id) AND NOT {_IN_VAIN.format("h")})"""


def falling_over(dialect: Dialect, of: str = "true") -> str:
    """The pause between two ways is for people to answer; what nobody got, nobody answers."""
    locked = dialect.skip_locked.format("d")
    return f"""UPDATE delivery SET version = version + 1, due_at = :now
    WHERE id IN ({_next_ways(of)}{locked})"""


def after_a_refusal(dialect: Dialect) -> str:
    """The next way to whom ``:delivery`` was to reach."""
    return falling_over(
        dialect, "d.recipient_id = (SELECT f.recipient_id FROM delivery f WHERE f.id = :delivery)"
    )


HAS_STUCK = f"""SELECT 1 FROM delivery s WHERE {_STUCK.format("s")} AND EXISTS (
    {_next_ways("d.page_id = s.page_id AND d.recipient_id = s.recipient_id")}) LIMIT 1"""
"""Whether somebody waits for an account that is away, asked to be left alone or met its limit,
while there is another way."""


FINISH_ATTEMPT = """UPDATE delivery_attempt SET version = version + 1, finished_at = :now,
    outcome = :outcome, reason = :reason
WHERE delivery_id = :delivery AND lease_token = :token AND outcome IS NULL"""
"""What an attempt came to is true, whoever holds the delivery meanwhile."""
