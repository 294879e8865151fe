"""How a step forward of the database's clock is held, as SQL both databases understand.

Whoever takes steps says what time it should be: what the database said before, and the time that
has passed since by a clock that nobody sets. Where the database's clock is far ahead of that, and
of when anybody last took steps, it was stepped. Pages then go on by the time that it should be, so
that nothing is due only because the clock was stepped, until an operator confirms the clock or it
comes back. ``paging_clock`` is one row: ``seen_at`` is when steps were last looked for, give or
take two minutes; ``ahead_us`` is how far the clock is ahead, and 0 while it is in order.

Values are named as in ``services.paging.statements``; ``:raw`` is the clock as it is, and
``:expected`` what it should be, or null.
"""

from services.paging.statements import SECOND, Dialect

FAR_AHEAD_S = 300
"""A clock that is further ahead than this was stepped."""

_FAR = FAR_AHEAD_S * SECOND
_SEEN_EVERY = 120 * SECOND

PAGING_CLOCK = (
    """
    CREATE TABLE IF NOT EXISTS paging_clock (
        id bigint PRIMARY KEY,
        seen_at bigint NOT NULL,
        ahead_us bigint NOT NULL,
        held_at bigint
    )
    """,
    "INSERT INTO paging_clock VALUES (1, 0, 0, NULL) ON CONFLICT (id) DO NOTHING",
)

CLOCK_AHEAD = "SELECT c.ahead_us FROM paging_clock c"
"""How far ahead the clock is held to be; without that it is the time by which pages go."""

_NOW = ":raw - paging_clock.ahead_us"
_SECOND_WITNESS = f"({_NOW} - paging_clock.seen_at > {_FAR} AND paging_clock.seen_at > 0)"
"""Without it, one machine that stood still for a while, and its steady clock too, would see a step
and hold up everybody."""

_STEPPED = f"{_NOW} - :expected > {_FAR} AND {_SECOND_WITNESS}"

_CAME_BACK = (
    f"paging_clock.ahead_us > 0 AND {_NOW} < coalesce(:expected, paging_clock.seen_at) - {_FAR}"
)
_STILL_AHEAD = f":raw - coalesce(:expected, paging_clock.seen_at) > {_FAR}"
_UNSEEN = f"abs({_NOW} - paging_clock.seen_at) > {_SEEN_EVERY}"


def is_clock_judged() -> str:
    """How far ahead it is, where there is nothing to write down about it, as is mostly so."""
    return f"""SELECT ahead_us FROM paging_clock
WHERE NOT coalesce({_STEPPED}, false) AND NOT ({_CAME_BACK}) AND NOT ({_UNSEEN})"""


def judging_clock(dialect: Dialect) -> tuple[str, ...]:
    """What is written down about the clock before steps are taken."""
    return (
        f"""UPDATE paging_clock SET ahead_us = :raw - :expected,
    held_at = coalesce(held_at, :expected) WHERE {_STEPPED}""",
        f"""UPDATE paging_clock SET
    ahead_us = CASE WHEN {_STILL_AHEAD} THEN :raw - coalesce(:expected, seen_at) ELSE 0 END,
    held_at = CASE WHEN {_STILL_AHEAD} THEN held_at END WHERE {_CAME_BACK}""",
        f"""UPDATE paging_clock SET seen_at = {_NOW} WHERE id IN (
    SELECT paging_clock.id FROM paging_clock
    WHERE {_UNSEEN}{dialect.skip_locked.format("paging_clock")})""",
    )


IS_CLOCK_SEEN = f"""SELECT 1 FROM paging_clock c
WHERE c.seen_at = 0 OR :now - c.seen_at <= {_FAR}"""
"""Whether steps were looked for at about this time. Where not, the clock was stepped a moment ago,
or nobody has looked for long: by a time that nobody has judged nothing is claimed, since every
lease would be over. Whoever takes steps judges it within a second."""

LAST_SEEN = f"""(SELECT CASE WHEN c.seen_at > 0 AND :now - c.seen_at > {_FAR} THEN c.seen_at
    ELSE :now END FROM paging_clock c)"""
"""The time from which a pause counts: by one that nobody has judged it could last for days."""

CONFIRM_CLOCK = """UPDATE paging_clock SET seen_at = :raw, ahead_us = 0, held_at = NULL
WHERE ahead_us > 0"""
"""The clock is right: what is due by it is due."""
