"""The guards, the feed and the history of an embedded shared database, as SQLite triggers."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from enum import Enum
from uuid import UUID

from services.core.records import ColumnSpec, Record, spec_of
from services.core.text import limit_of
from services.sync.guards import PREFIX, Guard, HistoryOf, out_of_range


def trigger_statements(
    records: Sequence[type[Record]],
    guards: Iterable[Guard],
    histories: Iterable[HistoryOf],
    history_table: str,
) -> list[str]:
    """Every trigger of an embedded shared database, as SQL."""
    statements = []
    for record in records:
        statements += _keeping(record.TABLE) + _feeding(record.TABLE)
        statements += [_guarding(guard) for guard in shape_guards(record)]
    statements += [_guarding(guard) for guard in guards]
    for history in histories:
        statements += [_recording_insert(history, history_table)]
        statements += [_recording_update(history, history_table)]
    return statements


def shape_guards(record: type[Record]) -> tuple[Guard, ...]:
    """Guards that let pass only values every desk can read, and texts no longer than a desk's."""
    columns = [c for c in spec_of(record).columns if c.name not in ("id", "version")]
    texts = [
        condition for c in columns if c.type is str for condition in _bad_text(record.TABLE, c)
    ]
    others = [_bad_value(c) for c in columns if c.type is not str]
    return tuple(
        Guard(f"{record.TABLE}_{what}_{event.lower()}", record.TABLE, event, violated, code)
        for event in ("INSERT", "UPDATE")
        for what, code, violated in (
            ("text", "invalid-text", " OR ".join(texts)),
            ("value", "invalid-value", " OR ".join(others)),
        )
        if violated
    )


def _bad_text(table: str, column: ColumnSpec) -> Iterator[str]:
    name = f"NEW.{column.name}"
    if column.is_nullable:
        yield f"typeof({name}) NOT IN ('text', 'null')"
    else:
        yield f"typeof({name}) <> 'text'"
    if column.name == "changes":
        return
    limit = limit_of(column.name, table).value
    yield f"length(CAST({name} AS BLOB)) > {4 * limit}"
    yield f"length({name}) > {limit}"
    yield f"instr({name}, char(0)) > 0"


def _bad_value(column: ColumnSpec) -> str:
    name = f"NEW.{column.name}"
    if issubclass(column.type, Enum):
        values = ", ".join(
            str(m.value) if isinstance(m.value, int) else f"'{m.value}'" for m in column.type
        )
        bad = f"{name} NOT IN ({values})"
    elif column.type is bool:
        bad = f"{name} NOT IN (0, 1)"
    elif column.type in (int, datetime):
        bad = f"typeof({name}) <> 'integer' OR {out_of_range(column)}"
    elif column.type is UUID:
        bad = f"length({name}) <> 36 OR {name} GLOB '*[^-0-9a-f]*'"
    else:
        bad = f"NOT json_valid({name}) OR json_type({name}) <> 'array'"
    absent = f"{name} IS NULL OR " if not column.is_nullable else ""
    return f"({absent}{name} IS NOT NULL AND ({bad}))"


def _guarding(guard: Guard) -> str:
    return (
        f"CREATE TRIGGER guard_{guard.name} BEFORE {guard.event} ON {guard.table}\n"
        f"WHEN {_in_sqlite(_condition(guard))}\n"
        f"BEGIN SELECT RAISE(ABORT, '{PREFIX}{guard.code}'); END"
    )


def _condition(guard: Guard) -> str:
    return f"({guard.when}) AND ({guard.violated})" if guard.when else guard.violated


def _in_sqlite(condition: str) -> str:
    """SQLite has no record variables: the command being decided is the one row of a table."""
    return re.sub(r"\bsubmitting\.(\w+)", r"(SELECT \1 FROM submitting)", condition)


def _keeping(table: str) -> list[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{PREFIX}{{}}'); END"
    outside = "WHEN NOT EXISTS (SELECT 1 FROM submitting)"
    return [
        f"CREATE TRIGGER keep_{table}_insert BEFORE INSERT ON {table} {outside} "
        + refuse.format("not-by-command"),
        f"CREATE TRIGGER keep_{table}_update BEFORE UPDATE ON {table} {outside} "
        + refuse.format("not-by-command"),
        f"CREATE TRIGGER keep_{table}_id BEFORE UPDATE OF id ON {table} "
        + refuse.format("records-are-kept"),
        f"CREATE TRIGGER keep_{table}_delete BEFORE DELETE ON {table} "
        + refuse.format("records-are-kept"),
    ]


def _feeding(table: str) -> list[str]:
    tell = (
        "BEGIN INSERT INTO feed (entity, entity_id, rev) "
        f"VALUES ('{table}', NEW.id, (SELECT rev FROM submitting)) "
        "ON CONFLICT (entity, entity_id) DO UPDATE SET rev = excluded.rev; END"
    )
    return [
        f"CREATE TRIGGER feed_{table}_insert AFTER INSERT ON {table} {tell}",
        f"CREATE TRIGGER feed_{table}_update AFTER UPDATE ON {table} {tell}",
    ]


_ENTRY = (
    "INSERT INTO {history} (id, version, incident_id, subject, subject_id, command_id, act,"
    " actor_id, on_behalf_of, happened_at, recorded_at, remark, changes)"
    " SELECT derived_id(s.command_id, NEW.id), 0, NEW.{incident}, '{table}', NEW.id,"
    " s.command_id, s.act, s.actor_id, s.on_behalf_of, s.happened_at, s.recorded_at, s.remark,"
    " {changes} FROM submitting s;"
)


def _recording_insert(history: HistoryOf, table: str) -> str:
    entry = _ENTRY.format(
        history=table, incident=history.incident_id, table=history.record.TABLE, changes="'{}'"
    )
    name = history.record.TABLE
    return f"CREATE TRIGGER history_{name}_insert AFTER INSERT ON {name} BEGIN {entry} END"


def _recording_update(history: HistoryOf, table: str) -> str:
    pairs = " UNION ALL ".join(
        f"SELECT '{name}' AS c, OLD.{name} AS o, NEW.{name} AS n WHERE OLD.{name} IS NOT NEW.{name}"
        for name in history.columns
    )
    changes = f"(SELECT json_group_object(c, json_array(o, n)) FROM ({pairs}))"
    entry = _ENTRY.format(
        history=table,
        incident=history.incident_id,
        table=history.record.TABLE,
        changes=changes,
    )
    name = history.record.TABLE
    return f"CREATE TRIGGER history_{name}_update AFTER UPDATE ON {name} BEGIN {entry} END"
