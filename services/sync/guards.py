"""Guards: the rules by which a shared database judges row changes, as data.

A practice states its guards once, in SQL that SQLite and PostgreSQL both understand, over
``NEW``, ``OLD`` and ``submitting.…`` (the command being decided: its act, actor_id, client_id,
command_id, on_behalf_of, remark). The relation ``actor_role`` lists the roles of the actor. The
rules behind the guards are the tables that the pure rules read too. ``triggers_sqlite`` and
``triggers_postgres`` turn them into triggers.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from services.core.clock import to_microseconds
from services.core.records import ColumnSpec, Record, spec_of

PREFIX = "guard:"
"""Marks a refusal in the text of a database error; the rest is the error's code."""

_LARGEST = 2**31 - 1
_EARLIEST, _LATEST = (to_microseconds(datetime(year, 1, 1, tzinfo=UTC)) for year in (2, 9999))


@dataclass(frozen=True, slots=True)
class Guard:
    """Refuse a row change with ``code`` where ``violated`` is true.

    ``event`` is INSERT or UPDATE, or UPDATE OF columns. ``name`` is unique. ``when`` must be true
    too; it looks at the row and the command alone, so that most changes need no look at tables.
    """

    name: str
    table: str
    event: str
    violated: str
    code: str
    when: str = ""


@dataclass(frozen=True, slots=True)
class HistoryOf:
    """A table whose changes the shared database writes into the history itself.

    ``incident_id`` is the column that names the incident; ``ignored`` columns are not history.
    """

    record: type[Record]
    incident_id: str
    ignored: frozenset[str] = frozenset({"id", "version", "updated_at"})

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns whose changes are kept."""
        names = (column.name for column in spec_of(self.record).columns)
        return tuple(name for name in names if name not in self.ignored)


BY_IMPORT = "(submitting.on_behalf_of <> '' AND a.role = 'administrator')"
"""True where an administrator's import speaks for somebody, ``a`` being the actor's role."""


def by_role(role: str) -> str:
    """The condition that the actor's role ``a`` is this one, or speaks for an import."""
    return f"(a.role = {role} OR {BY_IMPORT})"


def no_rule(table: str, old: str, further: str = "") -> str:
    """True where no rule lets this actor take a row from state ``old`` to its new one.

    ``further`` is a condition over the rule ``r``.
    """
    return (
        f"NOT EXISTS (SELECT 1 FROM transition_rule r JOIN actor_role a ON {by_role('r.role')}"
        f" WHERE r.entity = '{table}' AND r.act = submitting.act"
        f' AND r."start" IS NOT DISTINCT FROM {old} AND r."end" = NEW.state{further})'
    )


def out_of_range(column: ColumnSpec) -> str:
    """True of a number or a moment that nothing can reckon with; empty for other columns.

    A desk knows the years 1 to 9999, in any time zone; seconds have to fit as microseconds.
    """
    if column.type is datetime:
        return f"NEW.{column.name} NOT BETWEEN {_EARLIEST} AND {_LATEST}"
    if column.type is int:
        return f"NEW.{column.name} NOT BETWEEN {-_LARGEST} AND {_LARGEST}"
    return ""
