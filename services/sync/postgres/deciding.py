"""How PostgreSQL decides a command: one call, compare-and-set, every answer recorded.

Functions here lie in the schema ``firstline`` and belong to its owner; nobody else may call them.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import MISSING, fields
from enum import Enum
from uuid import UUID

from services.core.records import ColumnSpec, Record, spec_of
from services.sync.extent import Extent
from services.sync.guards import PREFIX, by_role
from services.sync.postgres.triggers import REFUSED, refusal

STALE = "FL409"
"""SQLSTATE of a row that no longer has the version a write-set was computed on."""

PATH = "SET search_path = pg_catalog, firstline, pg_temp"
"""Every function that acts with its owner's rights finds only what belongs to it."""

BASICS = (
    """
    CREATE OR REPLACE FUNCTION derived_id(a uuid, b text) RETURNS uuid LANGUAGE sql IMMUTABLE
    RETURN md5(a::text || '/' || b)::uuid
    """,
    """
    CREATE OR REPLACE FUNCTION derived_id(a uuid, b uuid) RETURNS uuid LANGUAGE sql IMMUTABLE
    RETURN md5(a::text || '/' || b::text)::uuid
    """,
    """
    CREATE OR REPLACE FUNCTION microseconds_now() RETURNS bigint LANGUAGE sql VOLATILE
    RETURN (extract(epoch FROM clock_timestamp()) * 1000000)::bigint
    """,
    f"""
    CREATE OR REPLACE FUNCTION me() RETURNS uuid LANGUAGE plpgsql STABLE SECURITY DEFINER {PATH}
    AS $$ BEGIN
        RETURN (SELECT id FROM person WHERE login = session_user AND is_active);
    END $$
    """,
)


def role_views(roles: Sequence[str]) -> Iterator[str]:
    """Which roles the session's person holds: PostgreSQL's own membership decides."""
    values = ", ".join(f"('{role}')" for role in roles)
    for name in ("my_role", "actor_role"):
        yield f"""
        CREATE VIEW {name} AS SELECT r.role FROM (VALUES {values}) AS r (role)
        WHERE pg_has_role(session_user, 'firstline_' || r.role, 'MEMBER')
        """


def writing_functions(records: Sequence[type[Record]]) -> Iterator[str]:
    """One function that writes a row for each table, and one that finds the right one."""
    for record in records:
        yield _writing(record)
    branches = "\n    ELS".join(
        f"IF p_table = '{r.TABLE}' THEN PERFORM write_{r.TABLE}(p_id, p_version, p_columns);"
        for r in records
    )
    yield f"""
CREATE OR REPLACE FUNCTION write_row(p_table text, p_id uuid, p_version bigint, p_columns jsonb)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    {branches}
    END IF;
END $$
"""


def _writing(record: type[Record]) -> str:
    table = record.TABLE
    names = [c.name for c in spec_of(record).columns]
    values = [name for name in names if name not in ("id", "version")]
    columns, read = ", ".join(values), ", ".join(f"r.{name}" for name in values)
    texts = [c.name for c in spec_of(record).columns if is_text(c)]
    return f"""
CREATE OR REPLACE FUNCTION write_{table}(p_id uuid, p_version bigint, p_columns jsonb)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM jsonb_object_keys(p_columns) AS k (name) WHERE NOT name = ANY (
        {_array(values)} || CASE WHEN p_version IS NULL THEN {_array(["id", "version"])} END)) THEN
        {refusal("column-not-writable")}
    END IF;
    IF EXISTS (SELECT FROM jsonb_each(p_columns) AS c WHERE jsonb_typeof(c.value) NOT IN (
        'null', CASE WHEN c.key = ANY ({_array(texts)}) THEN 'string' ELSE 'number' END)) THEN
        {refusal("invalid-value")}
    END IF;
    IF p_version IS NULL THEN
        INSERT INTO firstline.{table}
        SELECT * FROM jsonb_populate_record(
            NULL::firstline.{table}, {_defaults(record)} || p_columns || '{{"version": 1}}');
    ELSE
        UPDATE firstline.{table} t SET ({columns}) = (
            SELECT {read} FROM jsonb_populate_record(t, p_columns) AS r), version = t.version + 1
        WHERE t.id = p_id AND t.version = p_version;
        IF NOT FOUND THEN
            RAISE EXCEPTION USING ERRCODE = '{STALE}';
        END IF;
    END IF;
END $$
"""


def _defaults(record: type[Record]) -> str:
    """What a row holds where an older program, which does not know the column, says nothing."""
    kind: type = record
    given = {f.name: f.default for f in fields(kind) if f.default not in (MISSING, None)}
    plain = {c.name: c.to_plain(given[c.name]) for c in spec_of(record).columns if c.name in given}
    return "'" + json.dumps(plain).replace("'", "''") + "'::jsonb"


def is_text(column: ColumnSpec) -> bool:
    """Whether a column's values travel as text; the others are numbers."""
    if issubclass(column.type, Enum):
        return all(isinstance(member.value, str) for member in column.type)
    return column.type in (str, tuple, UUID)


def _array(names: Sequence[str]) -> str:
    return "ARRAY[" + ", ".join(f"'{name}'" for name in names) + "]"


_UNREADABLE = r"\\u(0000|d[89a-f]..)"
"""What the text of a JSON value may hold and no text of the database: NUL, half a character."""

DECIDE = f"""
CREATE OR REPLACE FUNCTION decide(p_client uuid, p_actor uuid, p_item json,
    OUT command_id uuid, OUT seq bigint, OUT outcome text, OUT code text, OUT reason jsonb)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    known firstline.command%ROWTYPE;
    given jsonb;
    item record;
    unreadable text;
    state text;
    message text;
    violated text;
BEGIN
    BEGIN
        given := p_item::jsonb;
    EXCEPTION WHEN data_exception THEN
        -- It holds what no column can: kept as far as it can be read, and refused.
        unreadable := CASE SQLSTATE WHEN '22P05' THEN 'invalid-text' ELSE 'invalid-value' END;
        p_item := regexp_replace(p_item::text, '{_UNREADABLE}', '\\\\ufffd', 'gi')::json;
    END;
    SELECT * INTO item FROM json_to_record(p_item) AS x (id uuid, seq bigint, name text, args json,
        args_version integer, actor_id uuid, on_behalf_of text, remark text, happened_at bigint,
        ops json);
    p_actor := coalesce(p_actor, item.actor_id);
    decide.command_id := item.id;
    decide.seq := item.seq;
    decide.code := '';
    decide.reason := '{{}}';
    INSERT INTO firstline.command (command_id, client_id, client_seq, act, args, args_version,
        actor_id, on_behalf_of, remark, happened_at, recorded_at, outcome)
    SELECT item.id, p_client, item.seq, item.name, item.args, item.args_version, p_actor,
        coalesce(item.on_behalf_of, ''), coalesce(item.remark, ''),
        least(item.happened_at, n), n, 'applied' FROM microseconds_now() AS n
    ON CONFLICT (command_id) DO NOTHING;
    IF NOT FOUND THEN
        SELECT * INTO known FROM firstline.command c WHERE c.command_id = decide.command_id;
        IF known.actor_id <> p_actor THEN
            decide.outcome := 'rejected';
            decide.code := 'not-your-name';
        ELSE
            decide.outcome := known.outcome;
            decide.code := known.code;
            decide.reason := known.reason;
        END IF;
        RETURN;
    END IF;
    IF item.ops IS NULL OR item.ops::text = 'null' THEN
        decide.outcome := 'withdrawn';
        UPDATE firstline.command c SET outcome = 'withdrawn' WHERE c.command_id = decide.command_id;
        RETURN;
    END IF;
    decide.outcome := 'applied';
    BEGIN
        IF unreadable <> '' THEN
            RAISE EXCEPTION USING ERRCODE = '{REFUSED}', MESSAGE = '{PREFIX}' || unreadable;
        END IF;
        PERFORM firstline.apply_command(p_actor, decide.command_id, given);
    EXCEPTION
        WHEN SQLSTATE '{STALE}' THEN
            DELETE FROM firstline.command c WHERE c.command_id = decide.command_id;
            decide.outcome := 'stale';
        WHEN transaction_rollback OR insufficient_resources OR operator_intervention
            OR system_error OR lock_not_available OR read_only_sql_transaction
            OR internal_error OR invalid_transaction_state THEN
            RAISE;
        WHEN OTHERS THEN
            GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT,
                violated = CONSTRAINT_NAME;
            decide.outcome := 'rejected';
            decide.code := CASE
                WHEN state = '{REFUSED}' THEN substr(message, {len(PREFIX) + 1})
                WHEN state IN ('22P05', '22021') THEN 'invalid-text'
                WHEN state LIKE '22%' OR state = '23502' THEN 'invalid-value'
                WHEN state LIKE '23%' THEN 'constraint'
                ELSE 'refused-by-shared' END;
            IF decide.code IN ('constraint', 'refused-by-shared') THEN
                decide.reason := jsonb_build_object(
                    'constraint', coalesce(nullif(violated, ''), state));
            END IF;
            UPDATE firstline.command c
            SET outcome = 'rejected', code = decide.code, reason = decide.reason
            WHERE c.command_id = decide.command_id;
    END;
END $$
"""
"""The command's row is there before its effect is tried, so that a copy of the same command that
arrives meanwhile waits for the decision; where the effect is refused, only it is undone."""


def applying(records: Sequence[type[Record]], extent: Extent) -> str:
    """The function that tries the effect of a command: who, what, on which rows.

    What the person may not read counts as not there: a write-set that names it is stale, and a
    pull tells the desk that it is gone. The owner, whom no policy binds, names what they want.
    """
    links = "".join(
        f" UNION ALL SELECT t.{extent.link} FROM firstline.{record.TABLE} t"
        " WHERE t.id = (op.value ->> 1)::uuid"
        for record in records
        if any(column.name == extent.link for column in spec_of(record).columns)
    )
    ids = {c.name for record in records for c in spec_of(record).columns if c.type is UUID}
    named = f"""SELECT FROM jsonb_array_elements(given -> 'ops') AS op, LATERAL (
                SELECT (op.value ->> 1)::uuid{links}
                UNION ALL SELECT c.value::uuid FROM jsonb_each_text(op.value -> 3) AS c
                WHERE c.key = ANY ({_array(sorted(ids))})
            ) AS named (id) JOIN firstline.{extent.root} r USING (id) WHERE {extent.hidden}"""
    return f"""
CREATE OR REPLACE FUNCTION apply_command(p_actor uuid, p_id uuid, given jsonb)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    submitting firstline.command%ROWTYPE;
    op jsonb;
BEGIN
    IF (given ->> 'actor_id')::uuid <> p_actor THEN
        {refusal("not-your-name")}
    END IF;
    IF (given ->> 'expires_at')::bigint < microseconds_now() THEN
        {refusal("expired")}
    END IF;
    SELECT * INTO submitting FROM firstline.command c WHERE c.command_id = p_id;
    IF NOT EXISTS (SELECT FROM firstline.command_rule r JOIN firstline.actor_role a
            ON {by_role("r.role")} WHERE r.act = submitting.act)
        OR (submitting.on_behalf_of <> '' AND NOT EXISTS (
            SELECT FROM firstline.actor_role a WHERE a.role = 'administrator')) THEN
        {refusal("role-missing")}
    END IF;
    IF EXISTS (SELECT FROM jsonb_array_elements(given -> 'ops') AS op WHERE NOT EXISTS (
            SELECT FROM firstline.writable w
            WHERE w.act = submitting.act AND w.entity = op.value ->> 0)) THEN
        {refusal("table-not-writable")}
    END IF;
    -- Few records are hidden from anybody: only for them is it asked who reads.
    IF NOT pg_has_role(session_user, 'firstline_owner', 'MEMBER') THEN
        IF EXISTS ({named}) THEN
            IF EXISTS ({named}
                AND NOT EXISTS (SELECT FROM sync.{extent.root} v WHERE v.id = r.id)) THEN
                RAISE EXCEPTION USING ERRCODE = '{STALE}';
            END IF;
        END IF;
    END IF;
    PERFORM set_config('firstline.command', p_id::text, true);
    FOR op IN SELECT value FROM jsonb_array_elements(given -> 'ops') LOOP
        PERFORM firstline.write_row(op ->> 0, (op ->> 1)::uuid, (op ->> 2)::bigint, op -> 3);
    END LOOP;
    PERFORM set_config('firstline.command', '', true);
END $$
"""
