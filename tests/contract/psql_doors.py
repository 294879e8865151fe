"""What opens a door to whoever has psql, and which part of which function keeps each shut."""

from contract.intruders import submit
from contract.paging_intruders import (
    DISPATCHING,
    ROBOT,
)
from contract.psql_place import HELLO

# -- what may be done: otherwise the tests above would prove nothing ---------------------------

MAY = (
    "SELECT FROM sync.incident WHERE id = '@open'",
    "SELECT FROM sync.pull('@client', 0, 0)",
    "SELECT FROM sync.fetch(ARRAY['@open']::uuid[]) AS f WHERE f.body IS NOT NULL",
    "SELECT sync.take_block('@client', '@nonce', 5)",
    "SELECT sync.number_feed()",
    "SELECT sync.missing(ARRAY['@new']::uuid[])",
    "SELECT sync.be_present('@client', '@nonce', '@open', true); SELECT 1",
    "ALTER ROLE @self PASSWORD 'correct horse'",
    # Harmless: rights follow the session's person, and the bell's message is never read.
    "SET ROLE firstline_person; SELECT FROM sync.incident",
    "LISTEN firstline_feed; NOTIFY firstline_feed, 'forged'; UNLISTEN *",
    "SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0",
    "SET lock_timeout = 0",
    "SET search_path = public; SELECT sync.scope()",
    "SELECT sync.fire_due()",
)


# -- broken doors: each must be noticed ---------------------------------------------------------

INSIDE = "GRANT USAGE ON SCHEMA firstline TO firstline_person;"
OUTSIDE = "REVOKE ALL ON SCHEMA firstline FROM firstline_person;"
BROKEN = {
    "a readable table": (
        f"{INSIDE} GRANT SELECT ON firstline.incident TO firstline_person",
        f"{OUTSIDE} REVOKE ALL ON firstline.incident FROM firstline_person",
    ),
    "a writable table": (
        f"{INSIDE} GRANT DELETE ON firstline.history_entry TO firstline_person",
        f"{OUTSIDE} REVOKE ALL ON firstline.history_entry FROM firstline_person",
    ),
    "an inner function": (
        f"{INSIDE} GRANT EXECUTE ON FUNCTION firstline.write_row TO firstline_person",
        f"{OUTSIDE} REVOKE ALL ON FUNCTION firstline.write_row FROM firstline_person",
    ),
    "a writable view": (
        "GRANT UPDATE ON sync.incident TO firstline_person;"
        " GRANT UPDATE ON firstline.incident TO firstline_gate",
        "REVOKE UPDATE ON sync.incident FROM firstline_person;"
        " REVOKE UPDATE ON firstline.incident FROM firstline_gate",
    ),
    "a schema for all": (
        "GRANT CREATE ON SCHEMA sync TO firstline_person",
        "REVOKE CREATE ON SCHEMA sync FROM firstline_person; DROP TABLE sync.x",
    ),
    "temporary tables": (
        'GRANT TEMPORARY ON DATABASE "@database" TO firstline_person',
        'REVOKE TEMPORARY ON DATABASE "@database" FROM firstline_person',
    ),
    "the gate's role": ("GRANT firstline_gate TO theo", "REVOKE firstline_gate FROM theo"),
    "a colleague's role": ("GRANT dana TO theo", "REVOKE dana FROM theo"),
    "no policy": (
        "ALTER TABLE firstline.incident DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE firstline.incident ENABLE ROW LEVEL SECURITY",
    ),
    "no policy on notes": (
        "ALTER TABLE firstline.note DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE firstline.note ENABLE ROW LEVEL SECURITY",
    ),
    "a gate above policies": (
        "ALTER ROLE firstline_gate BYPASSRLS",
        "ALTER ROLE firstline_gate NOBYPASSRLS",
    ),
    "advisory locks": (
        "GRANT EXECUTE ON FUNCTION pg_advisory_lock(bigint) TO PUBLIC",
        "REVOKE EXECUTE ON FUNCTION pg_advisory_lock(bigint) FROM PUBLIC",
    ),
    "the server's files": (
        "GRANT pg_write_server_files TO theo",
        "REVOKE pg_write_server_files FROM theo",
    ),
    "other sessions": (
        "GRANT pg_read_all_stats TO theo",
        "REVOKE pg_read_all_stats FROM theo",
    ),
}


# -- somebody whom nobody knows ---------------------------------------------------------------

PERSONLESS = (
    HELLO,
    submit("AddNote", actor_id="@colleague_id"),
    "SELECT sync.be_present('@client', '@nonce', '@open', true)",
)


# -- the owner's own plain SQL ------------------------------------------------------------------

OWNERS = {
    "UPDATE incident SET state = 'closed'": "guard:not-by-command",
    "UPDATE incident SET id = gen_random_uuid()": "guard:not-by-command",
    "UPDATE person_role SET role = 'administrator'": "guard:not-by-command",
    "INSERT INTO note SELECT gen_random_uuid(), version, incident_id, kind, author_id, written_at,"
    " text, duration_s FROM note": "guard:not-by-command",
    "UPDATE history_entry SET actor_id = id": "guard:not-by-command",
    "DELETE FROM incident": "guard:records-are-kept",
    "DELETE FROM history_entry": "guard:records-are-kept",
    "TRUNCATE note": "guard:records-are-kept",
    "TRUNCATE history_entry": "guard:records-are-kept",
    "SELECT set_config('firstline.command', (SELECT command_id::text FROM command LIMIT 1), true);"
    " UPDATE incident SET summary = 'forged'": "guard:not-by-command",
    "SELECT set_config('firstline.command', (SELECT command_id::text FROM command"
    " WHERE act = 'AddNote' AND login = 'theo' LIMIT 1), true);"
    " INSERT INTO note SELECT gen_random_uuid(), version, incident_id, kind, author_id, written_at,"
    " 'forged', duration_s FROM note WHERE author_id ="
    " (SELECT id FROM person WHERE login = 'theo') LIMIT 1": "guard:not-by-command",
}


# -- every check of the doors is needed -----------------------------------------------------------

NO_PERSON = ("IF me IS NULL AND", "IF false AND")
ANY_CLIENT = ("c.nonce = p_nonce", "true")
CHECKS = {
    "who submits": ("sync.submit", *NO_PERSON, "nobody"),
    "who says hello": ("sync.hello", *NO_PERSON, "nobody"),
    "who is present": ("sync.be_present", *NO_PERSON, "nobody"),
    "whose client submits": ("sync.submit", *ANY_CLIENT, "theo"),
    "whose client says hello": ("sync.hello", *ANY_CLIENT, "theo"),
    "whose client takes numbers": ("sync.take_block", *ANY_CLIENT, "theo"),
    "whose client claims numbers": ("sync.claim_numbers", *ANY_CLIENT, "theo"),
    "whose client is present": ("sync.be_present", *ANY_CLIENT, "theo"),
    "how old": ("sync.hello", "p_domain_version < present.min", "-1 < -present.min", "theo"),
    "how many commands": ("sync.submit", "json_array_length(p_batch) > 50", "false", "theo"),
    "how many numbers": ("sync.take_block", "p_size > 1000", "false", "theo"),
    "how few numbers": ("sync.take_block", "p_size < 1 ", "false ", "theo"),
    "whose command": ("firstline.decide", "known.actor_id <> p_actor", "false", "theo"),
    "what cannot be read": ("firstline.decide", "unreadable <> ''", "false", "theo"),
    "in whose name": ("firstline.apply_command", "(given ->> 'actor_id')::uuid <> p_actor",
                      "false", "theo"),
    "how long": ("firstline.apply_command", "(given ->> 'expires_at')::bigint < microseconds_now()",
                 "false", "theo"),
    "which role": ("firstline.apply_command", "IF NOT EXISTS (SELECT FROM firstline.command_rule",
                   "IF false AND NOT EXISTS (SELECT FROM firstline.command_rule", "mona"),
    "on whose behalf": ("firstline.apply_command", "submitting.on_behalf_of <> '' AND NOT EXISTS",
                        "false AND NOT EXISTS", "theo"),
    "which table": ("firstline.apply_command", "w.act = submitting.act AND w.entity",
                    "w.entity", "theo"),
    "what is hidden": ("firstline.apply_command", "NOT pg_has_role(session_user", "NOT (true) AND"
                       " pg_has_role(session_user", "theo"),
    "which columns": ("firstline.write_incident", "NOT name = ANY (", "false AND NOT name = ANY (",
                      "theo"),
    "which kind of value": ("firstline.write_incident", "jsonb_typeof(c.value) NOT IN",
                            "false AND jsonb_typeof(c.value) NOT IN", "theo"),
    "which version": ("firstline.write_incident", "AND t.version = p_version", "", "theo"),
    "by a command": ("firstline.judge_incident", "guard:not-by-command", "", "owner"),
    "in this transaction": ("firstline.judge_note", "AND c.xid = pg_current_xact_id()", "",
                            "owner"),
    "kept for ever": ("firstline.judge_incident", "IF TG_OP = 'DELETE' THEN", "IF false THEN",
                      "owner"),
    "never emptied": ("firstline.refuse_truncate", "RAISE", "RETURN NULL; RAISE", "owner"),
    "what a dispatcher makes of it": ("firstline.judge_delivery_attempt", "NEW.outcome NOT IN",
                                      "false AND NEW.outcome NOT IN", ROBOT),
    "what a dispatcher writes": ("firstline.judge_delivery", "length(NEW.memo)", "0", ROBOT),
    "until when a dispatcher waits": ("firstline.judge_delivery", "NEW.due_at NOT BETWEEN",
                                      "false AND NEW.due_at NOT BETWEEN", ROBOT),
    **{f"who may {name}": (f"sync.{name}", "NOT pg_has_role(session_user",
                           "false AND NOT pg_has_role(session_user", "theo")
       for name in (call.partition("(")[0] for call in DISPATCHING)},
}  # fmt: skip
"""Parts of functions, what takes their place, and who gets further then."""
