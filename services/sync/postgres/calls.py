"""What people may call: the functions of the schema ``sync``, and the views they may read.

Functions that write act with the rights of ``firstline_owner``. What reads records acts with those
of ``firstline_gate``, to whom row-level security applies; its policies look at ``session_user``.
"""

from collections.abc import Iterator, Sequence

from services.core.records import Record, spec_of
from services.sync.extent import Extent
from services.sync.postgres.deciding import PATH
from services.sync.postgres.triggers import refusal

CHANNEL = "firstline_feed"
"""What desks listen to; the message is empty and never trusted."""

BATCH_LIMIT = 50
BLOCK_LIMIT = 1_000
CLAIM_LIMIT = 20_000
"""How far beyond the next number a desk may claim one that it used before a backup was put back."""

NUMBERS_AFTER_RESTORE = 10_000
"""Numbers left out when the database finds itself on another cluster or timeline: desks may have
used them after the moment the backup was made."""

_KNOWN_CLIENT = f"""IF NOT EXISTS (SELECT FROM client c
        WHERE c.client_id = p_client AND c.nonce = p_nonce) THEN
        {refusal("client-unknown")}
    END IF;"""

_NOT_TOO_OLD = f"""IF EXISTS (SELECT FROM client c, meta m
        WHERE c.client_id = p_client AND c.domain_version < m.min_domain_version) THEN
        {refusal("program-too-old")}
    END IF;"""
"""A desk that was connected when the database was upgraded is told by its next command."""

_PERSON = f"""me := firstline.me();
    IF me IS NULL AND NOT pg_has_role(session_user, 'firstline_owner', 'MEMBER') THEN
        {refusal("person-unknown")}
    END IF;"""

OWNER_CALLS = (
    f"""
CREATE OR REPLACE FUNCTION sync.epoch() RETURNS text LANGUAGE sql STABLE SECURITY DEFINER {PATH}
AS $$ SELECT epoch || '/' || cluster FROM meta $$
""",
    f"""
CREATE OR REPLACE FUNCTION sync.scope() RETURNS text LANGUAGE sql STABLE SECURITY DEFINER {PATH}
AS $$
    SELECT md5(concat_ws('/', firstline.me(),
        (SELECT string_agg(r.role, ',' ORDER BY r.role) FROM my_role r),
        (SELECT string_agg(t.team_id::text, ',' ORDER BY t.team_id) FROM my_skilled_team t)))
$$
""",
    f"""
CREATE OR REPLACE FUNCTION sync.hello(p_client uuid, p_nonce uuid, p_fresh uuid, p_host text,
    p_app_version text, p_domain_version integer)
RETURNS TABLE (epoch text, scope text, person_id uuid, now_us bigint)
LANGUAGE plpgsql SECURITY DEFINER {PATH} AS $$
#variable_conflict use_column
DECLARE
    me uuid;
    present meta%ROWTYPE;
    here text;
BEGIN
    {_PERSON}
    SELECT * INTO present FROM meta;
    IF p_domain_version < present.min_domain_version THEN
        {refusal("program-too-old")}
    ELSIF p_domain_version > present.max_domain_version THEN
        {refusal("program-too-new")}
    END IF;
    here := (SELECT system_identifier FROM pg_control_system()) || '-'
        || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8);
    IF here <> present.cluster THEN
        UPDATE meta SET cluster = here, next_number = next_number
            + CASE WHEN cluster = '' THEN 0 ELSE {NUMBERS_AFTER_RESTORE} END
        WHERE cluster = present.cluster;
    END IF;
    INSERT INTO client AS c (client_id, nonce, login, host, app_version, domain_version)
    VALUES (p_client, p_fresh, session_user, left(p_host, 120), left(p_app_version, 40),
        p_domain_version)
    ON CONFLICT (client_id) DO UPDATE SET nonce = excluded.nonce, login = excluded.login,
        host = excluded.host, app_version = excluded.app_version,
        domain_version = excluded.domain_version, last_seen_at = clock_timestamp()
    WHERE c.nonce = p_nonce;
    IF NOT FOUND THEN
        {refusal("client-unknown")}
    END IF;
    RETURN QUERY SELECT sync.epoch(), sync.scope(), me, microseconds_now();
END $$
""",
    f"""
CREATE OR REPLACE FUNCTION sync.submit(p_client uuid, p_nonce uuid, p_batch json)
RETURNS TABLE (command_id uuid, seq bigint, outcome text, code text, reason jsonb)
LANGUAGE plpgsql SECURITY DEFINER {PATH} SET lock_timeout = '3s' AS $$
#variable_conflict use_variable
DECLARE
    me uuid;
    item json;
BEGIN
    {_PERSON}
    {_KNOWN_CLIENT}
    {_NOT_TOO_OLD}
    IF json_array_length(p_batch) > {BATCH_LIMIT}
        AND NOT pg_has_role(session_user, 'firstline_owner', 'MEMBER') THEN
        {refusal("batch-too-long")}
    END IF;
    FOR item IN SELECT value FROM json_array_elements(p_batch) LOOP
        SELECT d.* INTO command_id, seq, outcome, code, reason
        FROM decide(p_client, me, item) AS d;
        RETURN NEXT;
        EXIT WHEN outcome = 'stale';
    END LOOP;
END $$
""",
    f"""
CREATE OR REPLACE FUNCTION sync.number_feed() RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER {PATH} AS $$
DECLARE
    present bigint;
BEGIN
    IF NOT EXISTS (SELECT FROM feed_open) THEN
        RETURN 0;
    END IF;
    PERFORM FROM feed_state f, meta m
    WHERE f.numbered_at < clock_timestamp() - m.notify_gap FOR UPDATE OF f SKIP LOCKED;
    IF NOT FOUND THEN
        RETURN -1;
    END IF;
    UPDATE feed_state SET rev = rev + 1, numbered_at = clock_timestamp() RETURNING rev INTO present;
    WITH taken AS (DELETE FROM feed_open RETURNING entity, entity_id)
    INSERT INTO feed SELECT DISTINCT entity, entity_id, present FROM taken
    ON CONFLICT (entity, entity_id) DO UPDATE SET rev = excluded.rev;
    PERFORM pg_notify('{CHANNEL}', '');
    RETURN 1;
END $$
""",
    f"""
CREATE OR REPLACE FUNCTION sync.news(p_cursor bigint) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER {PATH} AS $$
    SELECT CASE WHEN (SELECT rev FROM feed_state) < p_cursor THEN -1
        ELSE (SELECT count(*) FROM feed WHERE rev > p_cursor) + (SELECT count(*) FROM feed_open)
        END
$$
""",
    f"""
CREATE OR REPLACE FUNCTION sync.standing() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER {PATH} AS $$
    SELECT CASE WHEN EXISTS (SELECT FROM feed_open) THEN -1 ELSE (SELECT rev FROM feed_state) END
$$
""",
    f"""
CREATE OR REPLACE FUNCTION sync.missing(p_ids uuid[]) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER {PATH} AS $$
    SELECT id FROM unnest(p_ids) AS given (id)
    WHERE NOT EXISTS (SELECT FROM command c WHERE c.command_id = id)
$$
""",
    f"""
CREATE OR REPLACE FUNCTION sync.take_block(p_client uuid, p_nonce uuid, p_size integer)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER {PATH} AS $$
DECLARE
    first bigint;
BEGIN
    {_KNOWN_CLIENT}
    IF p_size < 1 OR (p_size > {BLOCK_LIMIT}
        AND NOT pg_has_role(session_user, 'firstline_owner', 'MEMBER')) THEN
        {refusal("block-too-long")}
    END IF;
    UPDATE meta SET next_number = next_number + p_size RETURNING next_number - p_size INTO first;
    INSERT INTO number_block (lo, hi, client_id) VALUES (first, first + p_size - 1, p_client);
    RETURN first;
END $$
""",
    f"""
CREATE OR REPLACE FUNCTION sync.claim_numbers(p_client uuid, p_nonce uuid, p_numbers bigint[])
RETURNS void LANGUAGE plpgsql SECURITY DEFINER {PATH} AS $$
DECLARE
    number bigint;
BEGIN
    {_KNOWN_CLIENT}
    UPDATE meta SET next_number = greatest(next_number, (SELECT max(n) + 1
        FROM unnest(p_numbers) AS n WHERE n < next_number + {CLAIM_LIMIT}));
    FOR number IN
        SELECT n FROM unnest(p_numbers) AS n, meta m WHERE n BETWEEN 1 AND m.next_number - 1
    LOOP
        INSERT INTO number_block (lo, hi, client_id) SELECT number, number, p_client
        WHERE NOT EXISTS (SELECT FROM number_block b WHERE number BETWEEN b.lo AND b.hi);
    END LOOP;
END $$
""",
    f"""
CREATE OR REPLACE FUNCTION sync.be_present(p_client uuid, p_nonce uuid, p_incident uuid,
    p_is_writing boolean)
RETURNS TABLE (person_id uuid, incident_id uuid, is_writing boolean)
LANGUAGE plpgsql SECURITY DEFINER {PATH} AS $$
#variable_conflict use_column
DECLARE
    me uuid;
BEGIN
    {_PERSON}
    {_KNOWN_CLIENT}
    IF p_incident IS NULL OR me IS NULL THEN
        DELETE FROM presence WHERE client_id = p_client;
    ELSE
        INSERT INTO presence VALUES (p_client, me, p_incident, p_is_writing, clock_timestamp())
        ON CONFLICT (client_id) DO UPDATE SET person_id = excluded.person_id,
            incident_id = excluded.incident_id, is_writing = excluded.is_writing,
            seen_at = excluded.seen_at;
    END IF;
    RETURN QUERY SELECT p.person_id, p.incident_id, bool_or(p.is_writing) FROM presence p
        WHERE p.seen_at > clock_timestamp() - interval '1 minute' AND p.client_id <> p_client
          AND p.person_id IS DISTINCT FROM me
          AND EXISTS (SELECT FROM sync.incident i WHERE i.id = p.incident_id)
        GROUP BY p.person_id, p.incident_id;
END $$
""",
)


def policies(records: Sequence[type[Record]], extent: Extent, readable: str) -> Iterator[str]:
    """Who may read which rows: ``readable`` says it of the root; what belongs to it follows."""
    for record in records:
        table = record.TABLE
        condition = "true"
        if extent.root == table:
            condition = readable
        elif _belongs(record, extent):
            condition = (
                f"EXISTS (SELECT FROM firstline.{extent.root} root"
                f" WHERE root.id = {table}.{extent.link})"
            )
            if _may_stand_alone(record, extent):
                condition = f"{extent.link} IS NULL OR {condition}"
        yield f"ALTER TABLE firstline.{table} ENABLE ROW LEVEL SECURITY"
        yield (
            f"CREATE POLICY readable ON firstline.{table} FOR SELECT TO firstline_gate"
            f" USING ({condition})"
        )


def views(records: Sequence[type[Record]]) -> Iterator[str]:
    """What people may read, table by table."""
    for record in records:
        yield f"CREATE VIEW sync.{record.TABLE} AS SELECT * FROM firstline.{record.TABLE}"


def gate_calls(records: Sequence[type[Record]], extent: Extent) -> Iterator[str]:
    """Functions that read records, each true for one moment."""
    changed = "\n".join(_changed(record.TABLE) for record in records)
    fetched = "\n".join(_fetched(record, extent) for record in records)
    yield f"""
CREATE OR REPLACE FUNCTION sync.pull(p_client uuid, p_cursor bigint, p_first bigint)
RETURNS TABLE (kind text, id uuid, body json)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY SELECT '', NULL::uuid, json_build_object('cursor',
        (SELECT rev FROM firstline.feed_state), 'epoch', sync.epoch(), 'scope', sync.scope());
{changed}
    RETURN QUERY SELECT 'decided', c.command_id, json_build_array(c.client_seq, c.outcome, c.code,
        c.reason) FROM firstline.command c
    WHERE c.client_id = p_client AND c.client_seq >= p_first ORDER BY c.client_seq;
END $$
"""
    yield f"""
CREATE OR REPLACE FUNCTION sync.fetch(p_ids uuid[]) RETURNS TABLE (kind text, id uuid, body json)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
{fetched}
END $$
"""


def _changed(table: str) -> str:
    return f"""    RETURN QUERY SELECT '{table}', r.entity_id, to_json(t) FROM (
        SELECT entity_id FROM firstline.feed WHERE rev > p_cursor AND entity = '{table}' UNION
        SELECT entity_id FROM firstline.feed_open WHERE entity = '{table}') r
    LEFT JOIN firstline.{table} t ON t.id = r.entity_id;"""


def _fetched(record: type[Record], extent: Extent) -> str:
    table = record.TABLE
    if table == extent.root:
        return f"""    RETURN QUERY SELECT '{table}', given.id, to_json(t)
    FROM unnest(p_ids) AS given (id) LEFT JOIN firstline.{table} t ON t.id = given.id;"""
    if not _belongs(record, extent):
        return ""
    return f"""    RETURN QUERY SELECT '{table}', t.id, to_json(t) FROM firstline.{table} t
    WHERE t.{extent.link} = ANY (p_ids);"""


def _may_stand_alone(record: type[Record], extent: Extent) -> bool:
    return any(c.name == extent.link and c.is_nullable for c in spec_of(record).columns)


def _belongs(record: type[Record], extent: Extent) -> bool:
    return any(column.name == extent.link for column in spec_of(record).columns)
