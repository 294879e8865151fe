"""Functions by which PostgreSQL leads pages. Anybody may fire what is due; a dispatcher the rest.

They are made of the statements that the embedded file runs too.
"""

import re
from collections.abc import Iterable, Iterator

from services.paging.answer_statements import (
    ANSWERABLE,
    ANSWERED_FOR,
    ANSWERING,
    MAILBOXES,
    REPLIED_TO,
    SAY_BACK,
    WORD_BACK,
)
from services.paging.audit_statements import (
    AUDIT,
    BEAT,
    BEATS,
    DISABLE,
    NOTE_PROBE,
    PROBES,
    STANDING,
)
from services.paging.clock_statements import (
    CLOCK_AHEAD,
    CONFIRM_CLOCK,
    IS_CLOCK_SEEN,
    is_clock_judged,
    judging_clock,
)
from services.paging.delivery_statements import (
    ANY_MANY,
    BUNDLED,
    CLAIMED,
    CLAIMING,
    ENDINGS,
    FINISH,
    FINISH_ATTEMPT,
    HAS_ENDINGS,
    HAS_STUCK,
    IS_RIGHT,
    after_a_refusal,
    claimable,
    falling_over,
    in_line,
    sorting,
)
from services.paging.engine import FIRE_LIMIT, LEASE_S, NOBODY
from services.paging.replies import ELSEWHERE, UNCLEAR
from services.paging.statements import POSTGRES, SECOND, due_pages, leading
from services.people.person import Role
from services.sync.postgres.deciding import PATH
from services.sync.postgres.triggers import refusal

_DISPATCHER = f"""IF NOT pg_has_role(session_user, 'firstline_{Role.DISPATCHER.value}', 'MEMBER')
    THEN
        {refusal("role-missing")}
    END IF;"""

_NOW = "v_now bigint := firstline.paging_now();"


def named(statement: str) -> str:
    """A portable statement with its values as variables of a function."""
    return re.sub(r"(?<![:\w]):(\w+)", r"v_\1", statement)


def run(statements: Iterable[str]) -> str:
    return "\n".join(f"    {named(statement)};" for statement in statements)


def _found_by(statements: Iterable[str]) -> str:
    """Runs them; ``is_open`` says whether any found its row."""
    return "\n".join(f"    {named(s)};\n    is_open := is_open OR FOUND;" for s in statements)


def functions() -> Iterator[str]:
    """Every function, as SQL that replaces what was there."""
    yield from _ACTS
    yield from _CLOCK
    yield from _LEAD_PAGES
    yield _FIRE_DUE
    yield _CLAIM
    yield _FINISH
    yield from _ANSWERS
    yield from _REST


_ACTS = (
    f"""
CREATE OR REPLACE FUNCTION firstline.begin_act(v_act text, v_actor uuid, v_now bigint)
RETURNS void LANGUAGE plpgsql {PATH} AS $$
DECLARE
    made uuid := gen_random_uuid();
BEGIN
    INSERT INTO firstline.command (command_id, client_id, client_seq, act, args, args_version,
        actor_id, on_behalf_of, remark, happened_at, recorded_at, outcome)
    VALUES (made, made, 0, v_act, '{{}}', 1, v_actor, '', '', v_now, v_now, 'applied');
    PERFORM set_config('firstline.command', made::text, true);
END $$
""",
    """
CREATE OR REPLACE FUNCTION firstline.end_act() RETURNS void LANGUAGE sql AS $$
    SELECT set_config('firstline.command', '', true)
$$
""",
)

_CLOCK = (
    f"""
CREATE OR REPLACE FUNCTION firstline.paging_now() RETURNS bigint LANGUAGE plpgsql {PATH} AS $$
DECLARE
    v_raw bigint := microseconds_now();
BEGIN
    RETURN v_raw - ({CLOCK_AHEAD});
END $$
""",
    f"""
CREATE OR REPLACE FUNCTION firstline.judge_clock(v_expected bigint)
RETURNS void LANGUAGE plpgsql {PATH} AS $$
DECLARE
    v_raw bigint := microseconds_now();
BEGIN
    IF NOT EXISTS ({named(is_clock_judged())}) THEN
{run(judging_clock(POSTGRES))}
    END IF;
END $$
""",
    # Without what the caller expects it gave other columns.
    "DROP FUNCTION IF EXISTS sync.fire_due()",
)

_LEAD_PAGES = (
    f"""
CREATE OR REPLACE FUNCTION firstline.lead_pages(v_pages text, v_now bigint)
RETURNS void LANGUAGE plpgsql {PATH} AS $$
BEGIN
    PERFORM begin_act('FirePage', '{NOBODY}', v_now);
{run(leading(POSTGRES))}
    PERFORM end_act();
END $$
""",
    # It led them one by one.
    "DROP FUNCTION IF EXISTS firstline.lead_page(uuid, bigint)",
)

_FIRE_DUE = f"""
CREATE OR REPLACE FUNCTION sync.fire_due(v_expected bigint DEFAULT NULL)
RETURNS TABLE (fired bigint, dispatcher_count bigint, last_beat_at bigint, open_pages bigint,
    waiting_deliveries bigint, clock_ahead bigint, now_us bigint)
LANGUAGE plpgsql SECURITY DEFINER {PATH} SET lock_timeout = '3s' AS $$
#variable_conflict use_column
DECLARE
    v_now bigint;
    v_pages text;
    v_found bigint;
    v_fired bigint := 0;
BEGIN
    PERFORM judge_clock(v_expected);
    LOOP
        v_now := paging_now();
        SELECT json_agg(found.id), count(*) INTO v_pages, v_found
        FROM ({named(due_pages(POSTGRES, FIRE_LIMIT))}) AS found;
        EXIT WHEN v_found = 0;
        PERFORM lead_pages(v_pages, v_now);
        v_fired := v_fired + v_found;
        -- A page may be due again at once: what its step calls reaches nobody.
        EXIT WHEN v_fired >= {FIRE_LIMIT};
    END LOOP;
    v_fired := v_fired + fire_updates();
    -- Nobody sees what was just called before it is bundled.
    IF v_fired > 0 OR {named(ANY_MANY)} THEN
{run(sorting(POSTGRES))}
    END IF;
    v_now := paging_now();
    IF EXISTS ({named(HAS_STUCK)}) THEN
{run((falling_over(POSTGRES),))}
    END IF;
    IF EXISTS ({named(HAS_ENDINGS)}) THEN
{run(ENDINGS)}
    END IF;
    RETURN QUERY SELECT v_fired, s.*, v_now FROM ({named(STANDING)}) AS s;
END $$
"""

_CLAIM = f"""
CREATE OR REPLACE FUNCTION sync.claim_deliveries(v_dispatcher text, v_digests text[],
    v_room text DEFAULT '{{}}')
RETURNS SETOF json LANGUAGE plpgsql SECURITY DEFINER {PATH} SET lock_timeout = '3s' AS $$
DECLARE
    {_NOW}
    v_lease bigint := {LEASE_S * SECOND};
    v_delivery uuid;
    v_destination uuid;
    v_called uuid[] := '{{}}';
    v_digest text;
    is_sorted boolean := true;
BEGIN
    {_DISPATCHER}
    IF NOT EXISTS ({named(IS_CLOCK_SEEN)}) THEN
        RETURN;
    END IF;
    FOR v_round IN 1..2 LOOP
        FOR v_delivery, v_destination IN {named(in_line(POSTGRES))} LOOP
            EXIT WHEN cardinality(v_called) >= cardinality(v_digests);
            CONTINUE WHEN cardinality(array_positions(v_called, v_destination))
                >= coalesce((v_room::jsonb ->> v_destination::text)::integer, 1);
            IF NOT EXISTS ({named(IS_RIGHT)}) THEN
                is_sorted := false;
                CONTINUE;
            END IF;
            CONTINUE WHEN NOT EXISTS (SELECT FROM ({named(claimable(POSTGRES))}) AS c);
            v_called := v_called || v_destination;
            v_digest := v_digests[cardinality(v_called)];
{run(CLAIMING)}
            RETURN QUERY SELECT json_build_object('claimed', row_to_json(c), 'bundled',
                (SELECT coalesce(json_agg(b.number), '[]') FROM ({named(BUNDLED)}) AS b))
                FROM ({named(CLAIMED)}) AS c;
        END LOOP;
        EXIT WHEN v_round = 2 OR (is_sorted AND v_called <> '{{}}');
{run(sorting(POSTGRES))}
    END LOOP;
END $$
"""

_FINISH = f"""
CREATE OR REPLACE FUNCTION sync.finish_delivery(v_delivery uuid, v_token bigint, v_outcome text,
    v_reason text, v_after bigint, v_memo text)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER {PATH} SET lock_timeout = '3s' AS $$
DECLARE
    {_NOW}
    is_mine boolean;
BEGIN
    {_DISPATCHER}
    {named(FINISH)};
    is_mine := FOUND;
    {named(FINISH_ATTEMPT)};
    IF v_outcome <> 'delivered' THEN
        {named(after_a_refusal(POSTGRES))};
    END IF;
    RETURN is_mine;
END $$
"""

_ANSWERS = (
    # Without how long to snooze it took two words.
    "DROP FUNCTION IF EXISTS sync.answer_page(text, text)",
    f"""
CREATE OR REPLACE FUNCTION firstline.answer_page(v_page uuid, v_person uuid, v_answer text,
    v_snooze bigint, v_now bigint)
RETURNS text LANGUAGE plpgsql {PATH} AS $$
DECLARE
    is_open boolean := false;
BEGIN
    PERFORM begin_act('AnswerPage', v_person, v_now);
    {named(ANSWERING[0])};
{_found_by(ANSWERING[1:])}
    PERFORM end_act();
    RETURN CASE WHEN is_open THEN v_answer ELSE 'too-late' END;
END $$
""",
    f"""
CREATE OR REPLACE FUNCTION sync.answer_page(v_digest text, v_answer text, v_snooze bigint)
RETURNS text LANGUAGE plpgsql SECURITY DEFINER {PATH} SET lock_timeout = '3s' AS $$
DECLARE
    {_NOW}
    v_page uuid;
    v_person uuid;
BEGIN
    {_DISPATCHER}
    SELECT a.page_id, a.person_id INTO v_page, v_person FROM ({named(ANSWERED_FOR)}) AS a;
    IF v_page IS NULL THEN
        RETURN 'unknown';
    END IF;
    RETURN firstline.answer_page(v_page, v_person, v_answer, v_snooze, v_now);
END $$
""",
    f"""
CREATE OR REPLACE FUNCTION sync.answer_mail(v_destination uuid, v_delivery uuid, v_sender text,
    v_answer text, v_snooze bigint)
RETURNS text LANGUAGE plpgsql SECURITY DEFINER {PATH} SET lock_timeout = '3s' AS $$
DECLARE
    {_NOW}
    v_found record;
    v_word text := v_answer;
    v_result text;
BEGIN
    {_DISPATCHER}
    SELECT * INTO v_found FROM ({named(REPLIED_TO)}) AS r;
    IF NOT FOUND THEN
        RETURN 'unknown';
    END IF;
    IF NOT v_found.is_theirs THEN
        v_word := '{ELSEWHERE}';
    ELSIF v_snooze > 0 THEN
        v_word := v_answer || '/' || v_snooze;
    END IF;
    {named(WORD_BACK)};
    IF NOT FOUND THEN
        RETURN 'repeated';
    END IF;
    v_result := CASE
        WHEN v_word IN ('{ELSEWHERE}', '{UNCLEAR}') THEN v_word
        WHEN NOT v_found.is_fresh THEN 'too-late'
        ELSE answer_page(v_found.page_id, v_found.person_id, v_answer, v_snooze, v_now) END;
    {named(SAY_BACK)};
    RETURN v_result;
END $$
""",
)


def _of_dispatcher(name: str, arguments: str, returns: str, body: str) -> str:
    return f"""
CREATE OR REPLACE FUNCTION sync.{name}({arguments}) RETURNS {returns}
LANGUAGE plpgsql SECURITY DEFINER {PATH} AS $$
DECLARE
    {_NOW}
BEGIN
    {_DISPATCHER}
    {body}
END $$
"""


def _as_act(act: str, statement: str) -> str:
    return f"""PERFORM begin_act('{act}', '{NOBODY}', v_now);
    {named(statement)};
    PERFORM end_act();"""


_REST = (
    f"""
CREATE OR REPLACE FUNCTION sync.confirm_clock() RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER {PATH} SET lock_timeout = '3s' AS $$
DECLARE
    {_NOW}
    v_raw bigint := microseconds_now();
BEGIN
    {_DISPATCHER}
    IF ({CLOCK_AHEAD}) = 0 THEN
        RETURN false;
    END IF;
    PERFORM begin_act('ConfirmClock', '{NOBODY}', v_now);
    {named(CONFIRM_CLOCK)};
    PERFORM end_act();
    RETURN true;
END $$
""",
    _of_dispatcher(
        "answerable",
        "v_destination uuid, v_address text",
        "TABLE (id uuid, digest text)",
        f"RETURN QUERY {named(ANSWERABLE)};",
    ),
    _of_dispatcher(
        "mailboxes",
        "",
        "TABLE (id uuid, options text, may_reach_private boolean, probe_result text)",
        f"RETURN QUERY {named(MAILBOXES)};",
    ),
    _of_dispatcher("beat", "v_dispatcher text, v_detail text", "void", named(BEAT) + ";"),
    _of_dispatcher(
        "dispatchers",
        "",
        "TABLE (dispatcher text, started_at bigint, seen_at bigint, detail text, held bigint)",
        f"RETURN QUERY {named(BEATS)};",
    ),
    _of_dispatcher(
        "paging_alarms",
        "",
        "TABLE (kind text, subject_id uuid, since bigint)",
        f"RETURN QUERY {named(AUDIT)};",
    ),
    _of_dispatcher(
        "disable_destination",
        "v_destination uuid, v_reason text",
        "void",
        _as_act("DisableDestination", DISABLE),
    ),
    _of_dispatcher(
        "note_probe", "v_destination uuid, v_reason text", "void", _as_act("NoteProbe", NOTE_PROBE)
    ),
    _of_dispatcher(
        "probes_due",
        "",
        "bigint",
        f"WITH put AS ({named(PROBES)} RETURNING 1) SELECT count(*) INTO v_now FROM put;\n"
        "    RETURN v_now;",
    ),
)
