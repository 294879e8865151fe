"""How pages advance, as SQL that SQLite and PostgreSQL both understand.

A statement names its values ``:pages``, ``:now`` and so on; moments are microseconds, by the
clock of the database. What the two databases say differently is in a :class:`Dialect`. Both
``services.dispatcher.engine_sqlite`` and the functions of ``services.paging.postgres`` execute the
same statements in the same order.

Due: a page that was opened, whose step has waited long enough, that is urged, whose deliveries all
ended in vain, or that was acknowledged and is to open again.
"""

from dataclasses import dataclass

from services.incidents.incident import OPEN_STATES
from services.on_call.policy import CATCH_ALL_EVERY_S
from services.people.person import Role

SECOND = 1_000_000
"""A second in microseconds."""

FAR_S = 60
"""A hold that ends later than this is nonsense, and counts for nothing. A step or a lease that ends
so much later than it may: the clock was set back, and it is over."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """What the databases say differently, as formats over ``{0}`` and ``{1}``."""

    each: str
    """The items of a JSON list in column 0 as relation 1, with one column ``value``."""

    pairs: str
    """The pairs of a JSON object in column 0 as relation 1, with columns ``key`` and ``value``."""

    identity: str
    """A text as an id."""

    skip_locked: str
    """Locks the rows of relation 0 that a query finds, and passes over those locked already."""


SQLITE = Dialect("json_each({0}) AS {1}", "json_each({0}) AS {1}", "{0}", "")
POSTGRES = Dialect(
    "jsonb_array_elements_text({0}::jsonb) AS {1} (value)",
    "jsonb_each_text({0}::jsonb) AS {1} (key, value)",
    "({0})::uuid",
    " FOR UPDATE OF {0} SKIP LOCKED",
)

_OPEN = ", ".join(sorted(f"'{state.value}'" for state in OPEN_STATES))
VAIN = "'refused', 'dead', 'superseded'"


def is_open(incident_id: str) -> str:
    """Asked by its id: PostgreSQL would answer EXISTS with a table of all that are open."""
    return (
        f"coalesce((SELECT i.state IN ({_OPEN}) FROM incident i WHERE i.id = {incident_id}), false)"
    )


PAGE_AHEAD = """
CREATE VIEW page_ahead AS
SELECT b.id, b.incident_id, b.policy_id, b.rounds_from,
    CASE WHEN b.goes_on THEN b.position + 1 WHEN b.goes_again THEN 0 ELSE b.steps END AS position,
    CASE WHEN b.goes_on THEN b.round ELSE b.round + 1 END AS round,
    NOT (b.goes_on OR b.goes_again) AS is_catch_all
FROM (
    SELECT a.*, (NOT a.is_catch_all AND a.position + 1 < a.steps) AS goes_on,
        (NOT a.is_catch_all AND a.steps > 0 AND a.round - a.rounds_from < a.repeat_count)
            AS goes_again
    FROM (
        SELECT p.id, p.incident_id, p.policy_id, p.repeat_count,
            CASE WHEN p.state = 'open' THEN p.rounds_from ELSE p.round + 1 END AS rounds_from,
            CASE WHEN p.state = 'open' THEN p.round ELSE p.round + 1 END AS round,
            CASE WHEN p.state = 'open' THEN p.position ELSE -1 END AS position,
            (p.state = 'open' AND p.is_catch_all) AS is_catch_all,
            (SELECT count(*) FROM page_step s WHERE s.page_id = p.id) AS steps
        FROM page p WHERE p.state IN ('open', 'acknowledged')
    ) a
) b
"""
"""Where each page goes next: to the following step, through all again, to the catch-all for ever.
One that opens again begins anew, in a new round."""


_SET_BACK = (
    f"p.due_at > :now + {SECOND} * ({FAR_S} + CASE WHEN p.is_catch_all THEN {CATCH_ALL_EVERY_S}"
    " ELSE coalesce((SELECT s.delay_s FROM page_step s WHERE s.page_id = p.id"
    " AND s.position = p.position), 0) END)"
)


def due_pages(dialect: Dialect, limit: int = 1) -> str:
    """The pages to lead first; the newest, so that an outage's last word is heard first."""
    return f"""SELECT p.id FROM page p WHERE
    (p.state = 'open' AND (p.hold_until IS NULL OR p.hold_until <= :now
            OR p.hold_until > :now + {FAR_S * SECOND})
        AND (p.due_at IS NULL OR p.due_at <= :now OR p.is_urged OR {_SET_BACK}
            OR (NOT p.is_catch_all AND EXISTS (SELECT 1 FROM delivery d WHERE d.page_id = p.id
                AND d.round = p.round AND d.position = p.position)
            AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.page_id = p.id
                AND d.round = p.round AND d.position = p.position AND d.state NOT IN ({VAIN})))))
    OR (p.state = 'acknowledged' AND {is_open("p.incident_id")} AND (p.reopens_at <= :now
        OR (p.reopens_at IS NULL AND p.snooze_s + p.acknowledge_timeout_s > 0)))
    ORDER BY p.opened_at DESC LIMIT {limit}{dialect.skip_locked.format("p")}"""


_LED = "(SELECT l.id FROM led l)"
"""The pages that are led on together."""

_SETTLE = f"""UPDATE page SET version = version + 1, reopens_at = :now + {SECOND}
    * CASE WHEN snooze_s > 0 THEN snooze_s ELSE acknowledge_timeout_s END
WHERE id IN {_LED} AND state = 'acknowledged' AND reopens_at IS NULL"""

_SUPERSEDE = f"""UPDATE page SET version = version + 1, state = 'superseded', due_at = NULL,
    is_urged = false, ended_at = :now, end_remark = 'incident no longer open'
WHERE id IN {_LED} AND state = 'open' AND NOT {is_open("page.incident_id")}"""

_HOLD = f"""UPDATE page SET version = version + 1, state = 'held', due_at = NULL
WHERE id IN {_LED} AND state = 'open' AND started_at IS NULL AND fresh_until < (
    SELECT min(h.recorded_at) FROM history_entry h
    WHERE h.incident_id = page.incident_id AND h.subject_id = page.id)"""
"""It was late when it came here. One that came in time and found no dispatcher alive is sent."""

_STEP_COLUMNS = (
    "id, version, incident_id, page_id, position, delay_s, taken, person_ids, roster_ids,"
    " team_ids, destination_ids"
)

_SNAPSHOT = f"""INSERT INTO page_step ({_STEP_COLUMNS})
SELECT derived_id(p.id, s.id), 1, p.incident_id, p.id,
    row_number() OVER (PARTITION BY p.id ORDER BY s.position, s.id) - 1, s.delay_s, s.taken,
    s.person_ids, s.roster_ids, s.team_ids, s.destination_ids
FROM page p JOIN escalation_step s ON s.policy_id = p.policy_id
WHERE p.id IN {_LED} AND p.state = 'open' AND p.started_at IS NULL AND s.is_active
    AND p.to_person_ids = '[]'"""

_ONE_STEP = f"""INSERT INTO page_step ({_STEP_COLUMNS})
SELECT derived_id(p.id, 'asked'), 1, p.incident_id, p.id, 0, {CATCH_ALL_EVERY_S}, 'always',
    p.to_person_ids, '[]', CASE WHEN p.to_person_ids = '[]' AND p.to_team_id IS NOT NULL
        THEN '["' || p.to_team_id || '"]' ELSE '[]' END, '[]'
FROM page p WHERE p.id IN {_LED} AND p.state = 'open' AND p.started_at IS NULL
    AND (p.to_person_ids <> '[]' OR p.to_team_id IS NOT NULL)
    AND NOT EXISTS (SELECT 1 FROM page_step s WHERE s.page_id = p.id)"""
"""Somebody asked for by name, or a team without a policy."""


def _on_shift(alias: str = "h") -> str:
    """Whether a shift counts now: primary, or backup where there is no primary."""
    now = "{0}.starts_at <= :now AND :now < {0}.ends_at AND NOT {0}.is_cancelled"
    return (
        f"{now.format(alias)} AND (NOT {alias}.is_backup OR NOT EXISTS ("
        f"SELECT 1 FROM on_call_shift q WHERE q.roster_id = {alias}.roster_id"
        f" AND NOT q.is_backup AND {now.format('q')}))"
    )


_IN_HOURS = (
    "(coalesce((SELECT y.business_hours FROM escalation_policy y WHERE y.id = n.policy_id), '')"
    " = '' OR EXISTS (SELECT 1 FROM policy_hours o WHERE o.policy_id = n.policy_id"
    " AND NOT o.is_cancelled AND o.starts_at <= :now AND :now < o.ends_at))"
)

_TAKEN = (
    "FROM ahead n JOIN page_step s ON s.page_id = n.id AND s.position = n.position"
    " AND NOT n.is_catch_all"
)
_WHERE_TAKEN = (
    "WHERE (s.taken = 'always'"
    f" OR (s.taken = 'business_hours' AND {_IN_HOURS})"
    f" OR (s.taken = 'out_of_hours' AND NOT {_IN_HOURS}))"
)
_NOBODY_ON_CALL = (
    "NOT EXISTS (SELECT 1 FROM on_call_shift h JOIN roster r ON r.id = h.roster_id"
    f" AND r.is_active AND {{0}} WHERE {_on_shift()})"
)
_NOBODY_CATCHES = _NOBODY_ON_CALL.format("r.is_catch_all")


def _holders(role: Role, unless: str) -> str:
    return (
        "SELECT n.id, g.person_id, 'catch_all', NULL FROM ahead n"
        f" JOIN person_role g ON g.role = '{role.value}' AND g.is_active"
        " JOIN person x ON x.id = g.person_id AND x.is_active"
        f" WHERE n.is_catch_all AND {unless}"
    )


def _targets(dialect: Dialect) -> str:
    """Whom the step ahead calls: columns page, person, called as, and roster as text."""
    person = dialect.identity.format("e.value")
    each = dialect.each.format
    no_manager = (
        f"{_NOBODY_CATCHES} AND NOT EXISTS (SELECT 1 FROM person_role g JOIN person x"
        " ON x.id = g.person_id AND x.is_active"
        f" WHERE g.role = '{Role.INCIDENT_MANAGER.value}' AND g.is_active)"
    )
    roster = "CAST(h.roster_id AS text)"
    return f"""
    SELECT n.id AS page_id, {person} AS person_id, 'person' AS called_as,
        CAST(NULL AS text) AS roster
    {_TAKEN} CROSS JOIN {each("s.person_ids", "e")} {_WHERE_TAKEN}
    UNION ALL SELECT n.id, h.person_id, 'roster', {roster}
    {_TAKEN} CROSS JOIN {each("s.roster_ids", "e")}
    JOIN on_call_shift h ON h.roster_id = {person} AND {_on_shift()} {_WHERE_TAKEN}
    UNION ALL SELECT n.id, h.person_id, 'roster', {roster}
    {_TAKEN} CROSS JOIN {each("s.team_ids", "e")}
    JOIN roster r ON r.team_id = {person} AND r.is_active
    JOIN on_call_shift h ON h.roster_id = r.id AND {_on_shift()} {_WHERE_TAKEN}
    UNION ALL SELECT n.id, t.lead_id, 'team', NULL
    {_TAKEN} CROSS JOIN {each("s.team_ids", "e")}
    JOIN team t ON t.id = {person} AND t.lead_id IS NOT NULL
    {_WHERE_TAKEN} AND {_NOBODY_ON_CALL.format("r.team_id = t.id")}
    UNION ALL SELECT n.id, h.person_id, 'catch_all', {roster}
    FROM ahead n JOIN roster r ON r.is_catch_all AND r.is_active
    JOIN on_call_shift h ON h.roster_id = r.id AND {_on_shift()}
    WHERE n.is_catch_all
    UNION ALL {_holders(Role.INCIDENT_MANAGER, _NOBODY_CATCHES)}
    UNION ALL {_holders(Role.ADMINISTRATOR, no_manager)}"""


_UNFORETOLD = "n.round || '/' || n.position || '/' || :now || '/'"
"""Part of the id of whoever is called. With the moment in it nobody can know the id before, and
take it for a test to themselves: the page would run into that for ever."""


def _call(dialect: Dialect) -> str:
    """Whoever has acknowledged is not called again, except where nobody comes after them."""
    return f"""INSERT INTO page_recipient (id, version, incident_id, page_id, person_id, round,
    position, called_as, roster_id, called_at)
SELECT derived_id(n.id, {_UNFORETOLD} || w.person_id), 1, n.incident_id, n.id, w.person_id,
    n.round, n.position, min(w.called_as), {dialect.identity.format("min(w.roster)")}, :now
FROM ahead n JOIN ({_targets(dialect)}) w ON w.page_id = n.id
JOIN person x ON x.id = w.person_id AND x.is_active
WHERE (n.is_catch_all OR NOT EXISTS (SELECT 1 FROM page_recipient a
    WHERE a.page_id = n.id AND a.person_id = w.person_id AND a.answer = 'acknowledged'
    AND a.round >= n.rounds_from))
GROUP BY n.id, n.incident_id, n.round, n.position, w.person_id"""


_DELIVERY_COLUMNS = (
    "id, version, incident_id, page_id, recipient_id, person_id, contact_method_id,"
    " destination_id, kind, address, text, round, position, created_at, due_at, state,"
    " attempt_count, lease_token, dispatcher, reason, memo, may_repeat, answer_digest"
)
_FRESH = "'waiting', 0, 0, '', '', '{}', false, ''"

_PROVEN = "k.is_active AND k.verified_at IS NOT NULL"


def _is_drill(incident_id: str) -> str:
    """True of an exercise: people see its pages on their desks, and nothing leaves the building."""
    return f"coalesce((SELECT y.is_drill FROM incident y WHERE y.id = {incident_id}), false)"


_DELIVER = f"""INSERT INTO delivery ({_DELIVERY_COLUMNS})
SELECT derived_id(r.id, coalesce(CAST(u.id AS text), CAST(k.id AS text))), 1, r.incident_id,
    r.page_id, r.id, r.person_id, k.id, k.destination_id, 'page', k.address, '', r.round,
    r.position, :now, :now + {SECOND} * coalesce(u.delay_s, 0), {_FRESH}
FROM ahead n
JOIN page_recipient r ON r.page_id = n.id AND r.round = n.round AND r.position = n.position
JOIN contact_method k ON k.person_id = r.person_id AND {_PROVEN}
JOIN destination d ON d.id = k.destination_id AND d.is_active
LEFT JOIN notification_rule u ON u.contact_method_id = k.id AND u.is_active
WHERE NOT {_is_drill("n.incident_id")} AND (u.id IS NOT NULL OR NOT EXISTS (
    SELECT 1 FROM notification_rule o JOIN contact_method k ON k.id = o.contact_method_id
    AND {_PROVEN} WHERE o.person_id = r.person_id AND o.is_active))"""
"""By the rules of each person called; whoever has none is reached by everything at once."""


def _announce(dialect: Dialect) -> str:
    """Channels that a step names beside people."""
    return f"""INSERT INTO delivery ({_DELIVERY_COLUMNS})
SELECT derived_id(n.id, {_UNFORETOLD} || d.id), 1, n.incident_id, n.id, NULL, NULL, NULL, d.id,
    'page', '', '', n.round, n.position, :now, :now, {_FRESH}
{_TAKEN} CROSS JOIN {dialect.each.format("s.destination_ids", "e")}
JOIN destination d ON d.id = {dialect.identity.format("e.value")} AND d.is_active
{_WHERE_TAKEN} AND NOT {_is_drill("n.incident_id")}
GROUP BY n.id, n.incident_id, n.round, n.position, d.id"""


_MOVE = f"""UPDATE page SET version = page.version + 1, state = 'open',
    rounds_from = n.rounds_from, round = n.round, position = n.position,
    is_catch_all = n.is_catch_all, is_urged = false, reopens_at = NULL, snooze_s = 0,
    acknowledged_by_id = NULL, acknowledged_at = NULL,
    started_at = coalesce(page.started_at, :now),
    due_at = CASE WHEN n.is_catch_all THEN :now + {CATCH_ALL_EVERY_S * SECOND}
        WHEN EXISTS (SELECT 1 FROM delivery d WHERE d.page_id = n.id AND d.round = n.round
            AND d.position = n.position) OR {_is_drill("n.incident_id")}
        THEN :now + {SECOND} * (SELECT s.delay_s FROM page_step s WHERE s.page_id = n.id
            AND s.position = n.position)
        ELSE :now END,
    is_everyone = CASE WHEN page.started_at IS NOT NULL THEN page.is_everyone ELSE coalesce(
        (SELECT y.is_everyone FROM escalation_policy y WHERE y.id = page.policy_id), false) END,
    repeat_count = CASE WHEN page.started_at IS NOT NULL THEN page.repeat_count ELSE coalesce(
        (SELECT y.repeat_count FROM escalation_policy y WHERE y.id = page.policy_id), 1) END,
    acknowledge_timeout_s = CASE WHEN page.started_at IS NOT NULL THEN page.acknowledge_timeout_s
        ELSE coalesce((SELECT y.acknowledge_timeout_s FROM escalation_policy y
            WHERE y.id = page.policy_id), 1800) END
FROM ahead n
WHERE n.id = page.id AND (page.state = 'open' OR page.reopens_at <= :now)"""
"""A step that reaches nobody waits for nothing."""


def leading(dialect: Dialect) -> tuple[str, ...]:
    """What leads due pages on, in this order; each finds nothing to do where it is not meant.

    ``:pages`` are their ids, a JSON list: however many they are, each statement runs once.
    """
    led = (
        f"WITH led AS MATERIALIZED (SELECT {dialect.identity.format('f.value')} AS id"
        f" FROM {dialect.each.format(':pages', 'f')})"
    )
    called = f"{led}{_AHEAD}"
    return (
        *(f"{led}\n{s}" for s in (_SUPERSEDE, _HOLD, _SNAPSHOT, _ONE_STEP)),
        *(f"{called}\n{s}" for s in (_call(dialect), _DELIVER, _announce(dialect), _MOVE)),
        f"{led}\n{_SETTLE}",
    )


_AHEAD = """, ahead AS MATERIALIZED (SELECT n.* FROM led l JOIN page_ahead n ON n.id = l.id
    JOIN page z ON z.id = l.id
    WHERE z.state = 'open' OR (z.state = 'acknowledged' AND z.reopens_at <= :now))"""
"""Where those that call people go: nobody is called for a page that was acknowledged a moment ago,
or is over."""
