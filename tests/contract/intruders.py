"""Raw SQL that somebody with psql and their own password may try, and what becomes of it.

A verdict is an SQLSTATE, ``none`` where a query shows nothing, ``ok`` where it went through, or
what ``sync.submit`` answered: its outcome, and the code of a refusal. Words that begin with ``@``
stand for what is there: ``@open`` an incident, ``@hidden`` a confidential one, ``@client`` and
``@nonce`` the person's own identity, ``@other`` a colleague's login.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import psycopg
from builders import DESK_TEAM, KIM, START
from psycopg.pq import TransactionStatus

from services.core.records import spec_of
from services.incidents.incident import Channel, Incident

DENIED = "42501"
REFUSED = "FL001"
UNKNOWN_FUNCTION, UNKNOWN_TABLE = "42883", "42P01"


@dataclass(frozen=True)
class Try:
    """A statement and what must become of it.

    ``act`` is the command it gives: whoever may not give that is refused as ``role-missing``.
    ``outside`` is what somebody without any right on the database meets; ``may`` is the login of
    whom it is allowed to.
    """

    sql: str
    verdict: str
    act: str = ""
    outside: str = DENIED
    is_of_hidden: bool = False
    may: str = ""


class Intruder:
    """A person's own connection, and what they know."""

    def __init__(
        self,
        connection: psycopg.Connection[Any],
        known: Mapping[str, str],
        *,
        rehearses: bool = False,
    ) -> None:
        self.connection = connection
        self.known = known
        self.rehearses = rehearses
        self._seq = 0

    def verdict(self, sql: str) -> str:
        """What becomes of a statement; it leaves nothing behind in the session."""
        try:
            if self.rehearses:
                self.connection.execute("BEGIN")
            return self._became(self.told(sql))
        except psycopg.Error as error:
            return error.sqlstate or "ok"
        finally:
            self._calm()

    def _calm(self) -> None:
        status = self.connection.info.transaction_status
        if status is TransactionStatus.ACTIVE:  # in the middle of copying: of no more use
            self.connection.close()
            return
        if status is not TransactionStatus.IDLE:
            self.connection.rollback()
        for statement in ("RESET SESSION AUTHORIZATION", "RESET ROLE", "RESET ALL"):
            self.connection.execute(statement)

    def told(self, sql: str) -> str:
        """A statement with what this person knows put in; each time it is another command."""
        for word in sorted(self.known, key=len, reverse=True):
            sql = sql.replace(f"@{word}", self.known[word])
        self._seq += 1
        return sql.replace("@new", str(uuid4())).replace("@seq", str(self._seq))

    def _became(self, sql: str) -> str:
        cursor = self.connection.execute(sql)
        while cursor.nextset():
            pass
        if cursor.description is None:
            return "ok"
        rows = cursor.fetchall()
        if [column.name for column in cursor.description] == ["outcome", "code"]:
            return ":".join(part for part in rows[-1] if part)
        return "ok" if rows else "none"


def submit(act: str, *ops: object, **more: object) -> str:
    """One command by ``sync.submit``; ``more`` overwrites what it says of itself."""
    item: dict[str, object] = {
        "id": "@new", "seq": 0, "name": act, "args": {}, "args_version": 1, "actor_id": "@me",
        "on_behalf_of": "", "happened_at": 0, "expires_at": None, "remark": "r", "ops": ops, **more,
    }  # fmt: skip
    text = json.dumps([item]).replace('"seq": 0', '"seq": @seq').replace("'", "''")
    return f"SELECT outcome, code FROM sync.submit('@client', '@nonce', '{text}')"


def tries() -> tuple[Try, ...]:
    """Every attack."""
    return (*_on_tables(), *_on_views(), *_on_functions(), *_on_powers(), *_on_server(),
            *_by_submitting(), *_on_hidden())  # fmt: skip


_INNER = (
    "incident", "note", "escalation", "history_entry", "person", "person_role", "command", "client",
    "number_block", "meta", "feed", "feed_open", "command_rule", "writable",
)  # fmt: skip


def _on_tables() -> Iterator[Try]:
    for table in _INNER:
        yield Try(f"SELECT * FROM firstline.{table}", DENIED)
    for sql in (
        "INSERT INTO firstline.incident SELECT * FROM sync.incident",
        "UPDATE firstline.incident SET state = 'closed'",
        "UPDATE firstline.person_role SET role = 'administrator'",
        "UPDATE firstline.history_entry SET actor_id = '@me'",
        "UPDATE firstline.command SET actor_id = '@me'",
        "UPDATE firstline.client SET nonce = '@nonce'",
        "UPDATE firstline.meta SET next_number = 1",
        "DELETE FROM firstline.history_entry",
        "DELETE FROM firstline.feed_open",
        "INSERT INTO firstline.command_rule VALUES ('CloseIncident', 'tier_member')",
        "INSERT INTO firstline.number_block VALUES (1, 9, '@client')",
        "INSERT INTO firstline.command (command_id, act) VALUES ('@new', 'CloseIncident')",
        "TRUNCATE firstline.command",
        "COPY firstline.incident TO STDOUT",
        "COPY firstline.person_role FROM STDIN",
        "BEGIN; LOCK TABLE firstline.incident IN ACCESS EXCLUSIVE MODE",
        "SELECT set_config('firstline.command', '@new', false);"
        " UPDATE firstline.incident SET summary = 'x'",
        "SELECT query_to_xml('SELECT * FROM firstline.incident', true, false, '')",
    ):
        yield Try(sql, DENIED)
    path = "SET search_path = firstline; "
    yield Try(path + "SELECT * FROM incident", UNKNOWN_TABLE, outside=UNKNOWN_TABLE)
    yield Try(path + "UPDATE incident SET state = 'closed'", UNKNOWN_TABLE, outside=UNKNOWN_TABLE)


def _on_views() -> Iterator[Try]:
    for sql in (
        "INSERT INTO sync.note SELECT * FROM sync.note",
        "INSERT INTO sync.person_role SELECT '@new', 1, '@me', 'administrator', true",
        "UPDATE sync.incident SET state = 'closed'",
        "UPDATE sync.person SET login = '@other' WHERE id = '@me'",
        "UPDATE sync.history_entry SET actor_id = '@me'",
        "DELETE FROM sync.note",
        "COPY sync.note FROM STDIN",
        "SELECT * FROM sync.incident FOR UPDATE",
        "SELECT * FROM sync.incident FOR SHARE",
        "BEGIN; LOCK TABLE sync.incident IN ROW EXCLUSIVE MODE",
        "BEGIN; LOCK TABLE sync.incident IN ACCESS EXCLUSIVE MODE",
        "CREATE RULE r AS ON SELECT TO sync.incident DO INSTEAD NOTHING",
        "CREATE TRIGGER t INSTEAD OF UPDATE ON sync.incident EXECUTE FUNCTION"
        " suppress_redundant_updates_trigger()",
        "SET row_security = off; SELECT * FROM sync.incident",
    ):
        yield Try(sql, DENIED)


def _on_functions() -> Iterator[Try]:
    for call in (
        "decide('@client', '@me', '{}')",
        "apply_command('@me', '@new', '{}')",
        "write_row('incident', '@open', 1, '{}')",
        "write_incident('@open', 1, '{}')",
        "me()",
        "microseconds_now()",
        "derived_id('@me', 'x')",
    ):
        yield Try(f"SELECT firstline.{call}", DENIED)
    yield Try("SET search_path = firstline; SELECT write_row('incident', '@open', 1, '{}')",
              UNKNOWN_FUNCTION, outside=UNKNOWN_FUNCTION)  # fmt: skip
    yield Try("CREATE OR REPLACE FUNCTION sync.scope() RETURNS text LANGUAGE sql AS 'SELECT 1'",
              DENIED)  # fmt: skip
    yield Try("ALTER FUNCTION sync.submit SECURITY INVOKER", DENIED)
    yield Try("ALTER FUNCTION sync.scope() SET search_path = public", DENIED)
    yield Try("DROP FUNCTION sync.submit", DENIED)
    for call in ("submit('@client', '@new', '[]')", "submit('@new', '@nonce', '[]')",
                 "submit('@colleague', '@nonce', '[]')", "take_block('@colleague', '@nonce', 9)",
                 "take_block('@client', '@nonce', 1001)", "take_block('@client', '@nonce', -5)",
                 "claim_numbers('@colleague', '@nonce', ARRAY[1])",
                 "be_present('@colleague', '@nonce', '@open', false)",
                 "hello('@colleague', '@nonce', '@nonce', '', '', @domain)",
                 "hello('@client', '@nonce', '@nonce', '', '', 0)"):  # fmt: skip
        yield Try(f"SELECT sync.{call}", REFUSED)


def _on_powers() -> Iterator[Try]:
    for sql in (
        "SET ROLE firstline_owner",
        "SET ROLE firstline_gate",
        "SET ROLE postgres",
        "SET ROLE @other",
        "SET SESSION AUTHORIZATION postgres",
        "SET SESSION AUTHORIZATION @other",
        "SET session_replication_role = replica",
        "SELECT set_config('role', 'firstline_owner', false)",
        "ALTER TABLE firstline.incident DISABLE TRIGGER ALL",
        "ALTER TABLE firstline.incident DISABLE ROW LEVEL SECURITY",
        "ALTER VIEW sync.incident RENAME TO i",
        "CREATE POLICY p ON firstline.incident USING (true)",
        "DROP POLICY readable ON firstline.incident",
        "DROP TRIGGER judge ON firstline.incident",
        "CREATE TABLE public.x (a int)",
        "CREATE TABLE sync.x (a int)",
        "CREATE TABLE firstline.x (a int)",
        "CREATE TEMP TABLE incident (a int)",
        "CREATE FUNCTION pg_temp.me() RETURNS uuid LANGUAGE sql AS 'SELECT NULL::uuid'",
        "CREATE VIEW sync.x AS SELECT 1",
        "CREATE SCHEMA mine",
        "DROP SCHEMA sync CASCADE",
        "CREATE FOREIGN DATA WRAPPER w",
        "DROP EXTENSION plpgsql",
        "CREATE ROLE mine",
        "DROP ROLE @other",
        "ALTER ROLE @self SUPERUSER",
        "ALTER ROLE @self CREATEROLE",
        "ALTER ROLE @self BYPASSRLS",
        "ALTER ROLE @self CONNECTION LIMIT -1",
        "ALTER ROLE @other PASSWORD 'x'",
        "ALTER ROLE @other NOLOGIN",
        "GRANT firstline_administrator TO @self",
        "GRANT firstline_owner TO @self",
        "GRANT @other TO @self",
        "GRANT SELECT ON firstline.incident TO @self",
        "REVOKE firstline_person FROM @other",
        "CREATE DATABASE mine",
        "ALTER DATABASE @database SET search_path = public",
        "ALTER SYSTEM SET fsync = off",
        "CREATE EVENT TRIGGER t ON ddl_command_end EXECUTE FUNCTION sync.scope()",
        "CREATE PUBLICATION p FOR ALL TABLES",
        "ALTER TABLE firstline.writable ADD COLUMN x int",
        "CREATE INDEX ON firstline.incident (summary)",
        "COMMENT ON TABLE firstline.incident IS 'x'",
    ):
        yield Try(sql, DENIED)


def _on_server() -> Iterator[Try]:
    for sql in (
        "COPY (SELECT 1) TO PROGRAM 'id'",
        "COPY (SELECT 1) TO '/tmp/firstline-intruder'",
        "SELECT pg_read_file('postgresql.conf')",
        "SELECT pg_ls_dir('.')",
        "SELECT lo_create(0)",
        "SELECT lo_from_bytea(0, 'x')",
        "SELECT lo_import('/etc/passwd')",
        "SELECT lo_export(1, '/tmp/firstline-intruder')",
        "SELECT pg_advisory_lock(1)",
        "SELECT pg_try_advisory_xact_lock(1)",
        "SELECT pg_sleep(60)",
        "SELECT pg_notify('firstline_feed', 'x')",
        "SELECT rolpassword FROM pg_authid",
        "SELECT * FROM pg_shadow",
        "SELECT * FROM pg_statistic",
        "SELECT * FROM pg_hba_file_rules",
        "SELECT pg_terminate_backend(@pid)",
        "SELECT pg_cancel_backend(@pid)",
        "SELECT pg_reload_conf()",
        "SELECT pg_switch_wal()",
        "SELECT pg_create_physical_replication_slot('x')",
        "SELECT pg_stat_reset()",
    ):
        yield Try(sql, DENIED)
    yield Try("SELECT FROM pg_stats WHERE schemaname = 'firstline'", "none", outside="none")
    yield Try("SELECT FROM pg_stat_activity WHERE usename <> session_user AND query LIKE '%sync%'",
              "none", outside="none")  # fmt: skip


def _words(**columns: object) -> list[object]:
    """A note's row, spoilt or on something else."""
    row = {"id": "@new", "incident_id": "@open", "kind": "internal", "author_id": "@me",
           "written_at": 0, "text": "words"}  # fmt: skip
    return ["note", "@new", None, {**row, **columns}]


def _described(**columns: object) -> list[object]:
    return ["incident", "@open", "@version", columns]


def _logged(**columns: object) -> list[object]:
    """A new incident's row under a number that nobody reserved."""
    record = Incident(
        id=KIM, number=1, summary="x", channel=Channel.PHONE, caller_id=KIM, opened_by_id=KIM,
        reported_at=START, created_at=START, updated_at=START, owner_team_id=DESK_TEAM,
        team_id=DESK_TEAM,
    )  # fmt: skip
    row = {**spec_of(Incident).to_row(record), "id": "@new", "opened_by_id": "@me", **columns}
    return ["incident", "@new", None, row]


def _by_submitting() -> Iterator[Try]:
    describe, note = "DescribeIncident", "AddNote"

    def refused(code: str, act: str, *ops: object, **more: object) -> Try:
        return Try(submit(act, *ops, **more), f"rejected:{code}", act=act)

    def unreadable(code: str, act: str, *ops: object, **more: object) -> Try:
        return Try(submit(act, *ops, **more), f"rejected:{code}")

    yield unreadable("not-your-name", note, _words(), actor_id="@colleague_id")
    yield refused("not-your-name", note, _words(author_id="@colleague_id"))
    yield unreadable("not-your-name", note, _words(), id="@theirs")
    yield Try(submit(note, _words(), on_behalf_of="Maya"), "rejected:role-missing", may="adam")
    yield Try(submit(describe, ["incident", "@open", 77, {"summary": "x"}]), "stale", act=describe)
    yield unreadable("expired", note, _words(), expires_at=1)
    closed = {"state": "closed", "closed_at": 1, "closed_by_id": "@me"}
    confirmed = {"confirmation_method": "phone", "confirmed_by": "Kim", "confirmed_at": 1}
    yield refused("role-missing", "CloseIncident", _described(**closed, **confirmed))
    yield refused("role-missing", describe, ["incident", "@resolved", 2, {**closed, **confirmed}])
    yield refused("not-confirmed", "CloseIncident", ["incident", "@resolved", 2, closed])
    for table in ("history_entry", "command", "person_role", "number_block", "meta", "feed_open",
                  "pg_authid", "note; DROP TABLE note"):  # fmt: skip
        yield refused("table-not-writable", note, [table, "@new", None, {"id": "@new"}])
    for column in ("colour", "version", "id", "xmin", "state = 'closed', summary",
                   'summary") = (\'x\'); --'):  # fmt: skip
        yield refused("column-not-writable", describe, _described(**{column: "@new"}))
    for value in (["x"], {"a": 1}, 5, True):
        yield refused("invalid-value", describe, _described(summary=value))
    for value in ("not-a-uuid", 7):
        yield refused("invalid-value", describe, _described(caller_id=value))
    yield refused("table-not-writable", describe, "no list")
    yield refused("invalid-text", describe, _described(summary="x" * 161))
    yield refused("invalid-text", describe, _described(description="x" * 5_000_001))
    yield refused("field-missing", describe, _described(summary=""))
    yield refused("column-is-fixed", describe, _described(number=1))
    yield unreadable("invalid-text", describe, _described(summary="a\x00"))
    yield unreadable("invalid-text", describe, args={"summary": "a\x00"})
    yield unreadable("invalid-text", describe, remark="a\x00")
    yield unreadable("invalid-text", "a\x00", on_behalf_of="a\x00")
    yield unreadable("invalid-value", describe, _described(summary="a\ud800"))
    yield unreadable("invalid-value", describe, args={"summary": "\udc00"})
    yield unreadable("role-missing", "NoSuchAct", _words())
    yield unreadable("role-missing", "CreateDatabase", _words())
    yield refused("number-not-reserved", "LogIncident", _logged())
    yield refused("by-administration", "GrantRole", ["person_role", "@new", None, {
        "id": "@new", "person_id": "@me", "role": "service_desk", "is_active": 1}])  # fmt: skip
    yield refused("by-administration", "ChangePerson", ["person", "@me", 1, {"login": "root"}])
    whole = "SELECT outcome, code FROM sync.submit('@client', '@nonce', "
    yield Try(whole + "'no json')", "22P02")
    yield Try(whole + "'{}')", "22023")
    yield Try(whole + "'[{}]')", "23502")
    yield Try(whole + f"'{json.dumps([{}] * 51)}')", REFUSED)
    deep = "[" * 50_000 + "]" * 50_000
    yield Try(whole + f"'{deep}')", "54001")


def _on_hidden() -> Iterator[Try]:
    """What a person who may not read ``@hidden`` gets to know of it and can do to it."""

    def hidden(sql: str, verdict: str = "none", act: str = "") -> Try:
        return Try(sql, verdict, act=act, is_of_hidden=True)

    yield hidden("SELECT FROM sync.incident WHERE id = '@hidden'")
    for table in ("note", "escalation", "history_entry"):
        yield hidden(f"SELECT FROM sync.{table} WHERE incident_id = '@hidden'")
    yield hidden("SELECT FROM sync.incident WHERE is_confidential")
    yield hidden("SELECT FROM sync.incident WHERE number = @number")
    yield hidden("SELECT FROM sync.incident WHERE number = @number AND 1 / (number - @number) = 1")
    yield hidden("SELECT FROM sync.incident WHERE id = '@hidden' AND summary::integer = 1")
    yield hidden("SELECT FROM sync.note WHERE text LIKE '%secret%' AND text::integer = 1")
    yield hidden("SELECT FROM sync.history_entry h WHERE h.changes LIKE '%secret%'")
    yield hidden("SELECT FROM sync.fetch(ARRAY['@hidden']::uuid[]) AS f WHERE f.body IS NOT NULL")
    yield hidden("SELECT FROM sync.pull('@client', 0, 0) AS p WHERE p.body::text LIKE '%secret%'")
    yield hidden("SELECT FROM sync.pull('@client', 0, 0) AS p WHERE p.id = '@hidden'"
                 " AND p.body IS NOT NULL")  # fmt: skip
    yield hidden("SELECT FROM sync.be_present('@client', '@nonce', '@hidden', true) AS p"
                 " WHERE p.incident_id = '@hidden'")  # fmt: skip
    for act, op in (
        ("AssignIncident", ["incident", "@hidden", 1, {"assignee_id": "@me"}]),
        ("DescribeIncident", ["incident", "@hidden", 1, {"summary": "x"}]),
        ("RestrictIncident", ["incident", "@hidden", 1, {"is_confidential": 0}]),
        ("EscalateToTeam", ["incident", "@hidden", 1, {"team_id": "@team"}]),
        ("LinkToParent", ["incident", "@open", "@version", {"parent_id": "@hidden"}]),
        ("CancelIncident", ["incident", "@open", "@version", {"duplicate_of_id": "@hidden"}]),
        ("AddNote", _words(incident_id="@hidden")),
    ):
        yield hidden(submit(act, op), "stale", act=act)
