"""The guards, the feed and the history of a PostgreSQL shared database, as trigger functions.

One function judges each row change of a table before it happens, one records it afterwards. Both
find the command being decided by a setting that ``firstline.decide`` makes; the command's row must
have been written by this very transaction, so that the setting alone opens nothing.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from enum import Enum
from uuid import UUID

from services.core.records import ColumnSpec, Record, spec_of
from services.core.text import limit_of
from services.sync.extent import Extent
from services.sync.guards import PREFIX, Guard, HistoryOf, out_of_range

REFUSED = "FL001"
"""SQLSTATE of a guard's refusal."""

_SUBMITTING = """SELECT * INTO submitting FROM firstline.command c
    WHERE c.command_id = nullif(current_setting('firstline.command', true), '')::uuid
      AND c.xid = pg_current_xact_id();"""


def refusal(code: str) -> str:
    """The statement that refuses with a code."""
    return f"RAISE EXCEPTION USING ERRCODE = '{REFUSED}', MESSAGE = '{PREFIX}{code}';"


def trigger_statements(
    records: Sequence[type[Record]],
    guards: Iterable[Guard],
    histories: Iterable[HistoryOf],
    history_table: str,
    extent: Extent,
    led: Collection[str],
) -> Iterator[str]:
    """Every trigger function and trigger, as SQL; functions are replaced, triggers made anew.

    ``led`` are tables that the database's own functions fill without a command.
    """
    by_table: dict[str, list[Guard]] = {record.TABLE: [] for record in records}
    for guard in (*guards, *ADMINISTRATION):
        by_table[guard.table].append(guard)
    told = {history.record.TABLE: history for history in histories}
    for record in records:
        table = record.TABLE
        yield judging(record, by_table[table], is_led=table in led)
        yield _recording(table, told.get(table), history_table, _showing(record, records, extent))
        yield f"DROP TRIGGER IF EXISTS judge ON {table}"
        yield (
            f"CREATE TRIGGER judge BEFORE INSERT OR UPDATE OR DELETE ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION judge_{table}()"
        )
        yield f"DROP TRIGGER IF EXISTS keep ON {table}"
        yield (
            f"CREATE TRIGGER keep BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate()"
        )
        yield f"DROP TRIGGER IF EXISTS record ON {table}"
        yield (
            f"CREATE TRIGGER record AFTER INSERT OR UPDATE ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION record_{table}()"
        )


REFUSE_TRUNCATE = f"""
CREATE OR REPLACE FUNCTION refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {refusal("records-are-kept")}
END $$
"""

_NOT_BY_OWNER = "NOT pg_has_role(session_user, 'firstline_owner', 'MEMBER')"

ADMINISTRATION = (
    Guard("role_given", "person_role", "INSERT", _NOT_BY_OWNER, "by-administration"),
    Guard("role_changed", "person_role", "UPDATE", _NOT_BY_OWNER, "by-administration"),
    Guard(
        "login_given",
        "person",
        "INSERT",
        f"NEW.login IS NOT NULL AND {_NOT_BY_OWNER}",
        "by-administration",
    ),
    Guard(
        "login_changed",
        "person",
        "UPDATE",
        "(NEW.login IS DISTINCT FROM OLD.login OR (NEW.is_active IS DISTINCT FROM OLD.is_active"
        f" AND NEW.login IS NOT NULL)) AND {_NOT_BY_OWNER}",
        "by-administration",
    ),
)
"""Logins and roles are the database's own: ``services.admin person`` keeps both sides together."""


def judging(record: type[Record], guards: Iterable[Guard], *, is_led: bool = False) -> str:
    """The function that judges each row change of a table."""
    table = record.TABLE
    shapes = list(shape_guards(record))
    given = list(guards)
    inserts = [g for g in (*shapes, *given) if g.event == "INSERT"]
    updates = [g for g in (*shapes, *given) if g.event != "INSERT"]
    return f"""
CREATE OR REPLACE FUNCTION judge_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    submitting firstline.command%ROWTYPE;
BEGIN
    IF TG_OP = 'DELETE' THEN
        {refusal("records-are-kept")}
    END IF;
    {_SUBMITTING}
    IF NOT FOUND THEN
        {"-- By the database's own functions." if is_led else refusal("not-by-command")}
    END IF;
    IF TG_OP = 'INSERT' THEN
{_checks(inserts)}
    ELSE
        IF NEW.id <> OLD.id THEN
            {refusal("records-are-kept")}
        END IF;
{_checks(updates)}
    END IF;
    RETURN NEW;
END $$
"""


def _checks(guards: Iterable[Guard]) -> str:
    return "\n".join(
        f"        IF ({_first(guard)}) THEN\n        IF ({guard.violated}) THEN -- {guard.name}\n"
        f"            {refusal(guard.code)}\n        END IF; END IF;"
        for guard in guards
    )


def _first(guard: Guard) -> str:
    """What is asked before any table: PostgreSQL decides it without starting a query."""
    _, _, columns = guard.event.partition(" OF ")
    changed = " OR ".join(f"NEW.{c} IS DISTINCT FROM OLD.{c}" for c in columns.split(", ") if c)
    return " AND ".join(f"({part})" for part in (changed, guard.when) if part) or "true"


def shape_guards(record: type[Record]) -> Iterator[Guard]:
    """Guards that let pass only values every desk can read, and texts no longer than a desk's.

    A column's type already refuses what is no number, no id, no text.
    """
    for what, code, bad in (
        ("text", "invalid-text", _bad_text),
        ("value", "invalid-value", _bad_value),
    ):
        found = [
            bad(record.TABLE, c) for c in spec_of(record).columns if c.name not in ("id", "version")
        ]
        violated = " OR ".join(condition for condition in found if condition)
        for event in ("INSERT", "UPDATE"):
            if violated:
                name = f"{record.TABLE}_{what}_{event.lower()}"
                yield Guard(name, record.TABLE, event, violated, code)


def _bad_text(table: str, column: ColumnSpec) -> str:
    if column.type is not str or column.name == "changes":
        return ""
    absent = "" if column.is_nullable else f"NEW.{column.name} IS NULL OR "
    return f"{absent}length(NEW.{column.name}) > {limit_of(column.name, table).value}"


def _bad_value(_: str, column: ColumnSpec) -> str:
    """Only what the column's type and NOT NULL let pass."""
    if issubclass(column.type, Enum):
        values = ", ".join(
            str(m.value) if isinstance(m.value, int) else f"'{m.value}'" for m in column.type
        )
        return f"NEW.{column.name} NOT IN ({values})"
    if column.type is tuple:
        return f"NOT is_id_list(NEW.{column.name})"
    if column.type not in (str, bool, int, datetime, UUID):
        raise TypeError(f"no guard for {column.type}")
    return out_of_range(column)


IS_ID_LIST = """
CREATE OR REPLACE FUNCTION is_id_list(given text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    PERFORM item::uuid FROM jsonb_array_elements_text(given::jsonb) AS items(item);
    RETURN true;
EXCEPTION WHEN data_exception THEN
    RETURN false;
END $$
"""


def _showing(record: type[Record], records: Sequence[type[Record]], extent: Extent) -> str:
    """Feeds a root with all that belongs to it, where a row decides who may read it.

    Whoever may read the root from now on gets it whole, though nothing else of it changed.
    """
    if record.TABLE not in extent.deciding:
        return ""
    linked = [r for r in records if any(c.name == extent.link for c in spec_of(r).columns)]
    belonging = "".join(
        f" UNION ALL SELECT pg_current_xact_id(), '{r.TABLE}', id FROM firstline.{r.TABLE}"
        f" WHERE {extent.link} = NEW.{extent.link}"
        for r in linked
    )
    return (
        "    INSERT INTO firstline.feed_open SELECT pg_current_xact_id(),"
        f" '{extent.root}', NEW.{extent.link}{belonging} ON CONFLICT DO NOTHING;\n"
    )


def _recording(table: str, history: HistoryOf | None, history_table: str, showing: str) -> str:
    entry = showing + (_entry(history, history_table) if history else "")
    return f"""
CREATE OR REPLACE FUNCTION record_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    submitting firstline.command%ROWTYPE;
    changes text := '{{}}';
BEGIN
    INSERT INTO firstline.feed_open VALUES (pg_current_xact_id(), '{table}', NEW.id)
        ON CONFLICT DO NOTHING;
{entry}    RETURN NULL;
END $$
"""


def _entry(history: HistoryOf, history_table: str) -> str:
    table = history.record.TABLE
    pairs = ",\n            ".join(
        f"CASE WHEN OLD.{c.name} IS DISTINCT FROM NEW.{c.name} THEN '\"{c.name}\":' ||"
        f" json_build_array(OLD.{c.name}{_number(c)}, NEW.{c.name}{_number(c)}) END"
        for c in spec_of(history.record).columns
        if c.name in history.columns
    )
    return f"""    {_SUBMITTING}
    IF TG_OP = 'UPDATE' THEN
        changes := '{{' || concat_ws(',',
            {pairs}) || '}}';
    END IF;
    INSERT INTO firstline.{history_table} (id, version, incident_id, subject, subject_id,
        command_id, act, actor_id, on_behalf_of, happened_at, recorded_at, remark, changes)
    VALUES (firstline.derived_id(submitting.command_id, NEW.id), 0, NEW.{history.incident_id},
        '{table}', NEW.id, submitting.command_id, submitting.act, submitting.actor_id,
        submitting.on_behalf_of, submitting.happened_at, submitting.recorded_at,
        submitting.remark, changes);
"""


def _number(column: ColumnSpec) -> str:
    """Yes and no travel as 1 and 0."""
    return "::integer" if column.type is bool else ""
