"""A person with psql and their own password can do nothing that their role may not."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from uuid import UUID, uuid4

import psycopg
import pytest
from builders import (
    ADAM,
    CLEO,
    DANA,
    DESK_TEAM,
    IMRAN,
    MONA,
    NAMES,
    NETWORK,
    ROLES,
    START,
    TARA,
    THEO,
    Desk,
    note_command,
)
from contract.intruders import Intruder, Try, submit, tries
from contract.paging_intruders import (
    DISPATCHING,
    HELD_BY_ROBOT,
    ROBOT,
    ROBOT_ID,
    paging_tries,
    put_pages,
)
from postgres_server import DatabasesForTests
from team import PASSWORD, Team, team_at

from services.admin import postgres_people as people
from services.core.records import spec_of
from services.core.release import DOMAIN_VERSION
from services.incidents.incident import Note, NoteKind
from services.people.person import AGENTS, Role, Tier
from services.people.person import Team as TeamRecord
from services.registry import rule_statements
from services.sync.changes import InsertRow

Connection = psycopg.Connection[tuple[object, ...]]
PEOPLE = {NAMES[id_]: id_ for id_ in (DANA, THEO, IMRAN, CLEO, MONA, ADAM)} | {ROBOT: ROBOT_ID}
"""Somebody of each role; Maya, who founded the team, holds three."""

GIVEN = set(rule_statements()[0][1])
TRIES = (*tries(), *paging_tries())
ROLE_OF = {**ROLES, ROBOT_ID: Role.DISPATCHER}
STRANGERS = ("locked", "outsider")
"""Somebody whose access ended while a session of theirs was open, and a login with no role."""


@dataclass
class Place:
    """A team with something to hide."""

    team: Team
    desk: Desk
    admin: Connection
    known: dict[str, str]

    def connect(self, login: str) -> Connection:
        """A person's own connection."""
        return psycopg.connect(
            host="127.0.0.1",
            port=self.team.databases.access.port,
            dbname=self.team.database,
            user=login,
            password=PASSWORD.reveal(),
            autocommit=True,
        )

    def asked(self, query: str, *values: object) -> object:
        """What the owner is told; None where there is nothing."""
        row = self.admin.execute(query, values).fetchone()
        return row[0] if row else None

    @contextmanager
    def intruder(self, login: str, *, rehearses: bool = False) -> Iterator[Intruder]:
        """A person with psql, introduced as a client where that is allowed."""
        other = "theo" if login == "dana" else "dana"
        own = {
            "me": str(PEOPLE.get(login, uuid4())),
            "self": login,
            "other": other,
            "colleague_id": str(PEOPLE[other]),
            "version": str(self.asked(VERSION, self.known["open"])),
            "theirs": str(self.asked(NOTED, other)),
            "client": str(uuid4()),
            "nonce": str(uuid4()),
        }
        with self.connect(login) as connection:
            intruder = Intruder(connection, self.known | own)
            if login in PEOPLE:
                assert intruder.verdict(HELLO) == "ok"
            intruder.rehearses = rehearses
            yield intruder


VERSION = "SELECT version FROM firstline.incident WHERE id = %s"
NOTED = "SELECT command_id FROM firstline.command WHERE login = %s AND act = 'AddNote' LIMIT 1"
HELLO = "SELECT sync.hello('@client', '@nonce', '@nonce', 'host', '1', @domain)"


@pytest.fixture(scope="module")
def place(
    tmp_path_factory: pytest.TempPathFactory, databases: DatabasesForTests
) -> Iterator[Place]:
    with team_at(tmp_path_factory.mktemp("team"), databases) as team, ExitStack() as stack:
        desk = team.desk()
        admin = stack.enter_context(databases.access.connect(team.database))
        hidden = desk.log(TARA, is_confidential=True, summary="secret", caller_id=TARA)
        desk.do(note_command(hidden, text="secret"), TARA)
        shown = desk.start(desk.log())
        for who in (DANA, THEO):
            desk.do(note_command(shown), who)
        known = put_pages(team, desk, admin, shown, hidden) | {
            "open": shown,
            "resolved": desk.resolve(desk.log()),
            "hidden": hidden,
            "number": desk.incident(hidden).number,
            "desk": DESK_TEAM,
            "team": NETWORK,
            "colleague": desk.replica._identity.client_id,
            "pid": admin.info.backend_pid,
            "domain": DOMAIN_VERSION,
            "database": team.database,
        }
        place = Place(team, desk, admin, {k: str(v) for k, v in known.items()})
        admin.execute(
            "INSERT INTO firstline.presence VALUES (gen_random_uuid(), %s, %s, true,"
            " clock_timestamp() + interval '1 hour')",
            [TARA, hidden],
        )
        people.create_login(admin, "outsider", PASSWORD)
        admin.execute(f'GRANT CONNECT ON DATABASE "{team.database}" TO outsider')
        people.create_login(admin, "nobody", PASSWORD)
        admin.execute("GRANT firstline_person TO nobody")
        people.create_login(admin, "locked", PASSWORD)
        admin.execute("GRANT firstline_service_desk TO locked")
        yield place


def expected(attack: Try, login: str) -> str:
    if login in STRANGERS:
        return attack.outside
    role = ROLE_OF[PEOPLE[login]]
    is_given = not attack.act or (attack.act, role.value) in GIVEN
    if attack.act == "LogIncident":
        is_given = role in AGENTS
    return attack.verdict if is_given else "rejected:role-missing"


def unexpected(intruder: Intruder, login: str, attacks: tuple[Try, ...]) -> Iterator[str]:
    """Where something else becomes of an attack than has to, a line each."""
    for attack in attacks:
        got, wanted = intruder.verdict(attack.sql), expected(attack, login)
        if got != wanted:
            yield f"{got} for {wanted}: {attack.sql[:300]}"


@pytest.mark.parametrize("login", PEOPLE)
def test_nobody_does_what_their_role_may_not(place: Place, login: str) -> None:
    may_read = PEOPLE[login] == IMRAN
    attacks = tuple(a for a in TRIES if a.may != login and not (a.is_of_hidden and may_read))
    assert len(attacks) >= 80
    with place.intruder(login) as intruder:
        assert list(unexpected(intruder, login, attacks)) == []


@pytest.mark.parametrize("login", STRANGERS)
def test_a_stranger_does_nothing_at_all(place: Place, login: str) -> None:
    assert len(TRIES) >= 80
    with place.intruder(login) as intruder:
        if login == "locked":
            assert intruder.verdict("SELECT FROM sync.incident") == "ok"
            place.admin.execute("REVOKE firstline_service_desk FROM locked")
            place.admin.execute("ALTER ROLE locked NOLOGIN")
        assert list(unexpected(intruder, login, TRIES)) == []


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


@pytest.mark.parametrize("login", PEOPLE)
def test_everybody_may_read_and_introduce_themselves(place: Place, login: str) -> None:
    with place.intruder(login) as intruder:
        assert {sql: intruder.verdict(sql) for sql in MAY} == dict.fromkeys(MAY, "ok")


def test_a_dispatcher_may_dispatch_and_is_told_no_secret(place: Place) -> None:
    assert (place.known["summary"], place.known["reason"]) == ("", "")
    with place.intruder(ROBOT, rehearses=True) as robot:
        became = [robot.verdict(f"SELECT count(*) FROM sync.{call}") for call in DISPATCHING]
        assert became == ["ok"] * len(DISPATCHING)
        finished = f"SELECT WHERE sync.finish_delivery({HELD_BY_ROBOT}, 'delivered', '', 0, '{{}}')"
        assert robot.verdict(finished) == "ok"


@pytest.mark.parametrize("login", PEOPLE)
def test_each_role_gives_its_own_commands(place: Place, login: str) -> None:
    note = ["note", "@new", None, {"id": "@new", "incident_id": "@open", "kind": "internal",
            "author_id": "@me", "written_at": 0, "text": "words"}]  # fmt: skip
    new = TeamRecord(id=NETWORK, name=login, tier=Tier.SECOND)
    team = ["team", "@new", None, {**spec_of(TeamRecord).to_row(new), "id": "@new"}]
    role = ROLE_OF[PEOPLE[login]].value
    with place.intruder(login) as intruder:
        for act, op in (("AddNote", note), ("AddTeam", team)):
            became = "applied" if (act, role) in GIVEN else "rejected:role-missing"
            assert intruder.verdict(submit(act, op)) == became


def test_an_incident_manager_reads_what_is_hidden(place: Place) -> None:
    shown = [a for a in TRIES if a.is_of_hidden and a.sql.startswith("SELECT")]
    with place.intruder("imran") as intruder:
        found = [intruder.verdict(attack.sql) for attack in shown]
    assert found.count("ok") >= 7
    assert {"22012", "22P02"} <= set(found), "a query could tell by an error what it may not show"


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
PLAIN = tuple(attack for attack in TRIES if "sync.submit" not in attack.sql)


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_door_is_noticed(place: Place, what: str) -> None:
    """Negative control: while it is open, something becomes of an attack that must not."""
    break_, mend = (sql.replace("@database", place.team.database) for sql in BROKEN[what])
    place.admin.execute(break_)
    try:
        with place.intruder("theo") as intruder:
            assert next(unexpected(intruder, "theo", PLAIN), "")
    finally:
        place.admin.execute(mend)


def test_no_door_is_left_open(place: Place) -> None:
    with place.intruder("theo") as intruder:
        assert list(unexpected(intruder, "theo", PLAIN)) == []


# -- a transaction that stays open ----------------------------------------------------------------


def noted(incident: str) -> str:
    note = ["note", "@new", None, {"id": "@new", "incident_id": incident, "kind": "internal",
            "author_id": "@me", "written_at": 0, "text": "words"}]  # fmt: skip
    return submit("AddNote", note)


def test_who_keeps_the_feed_open_holds_up_nobody(place: Place) -> None:
    with place.intruder("theo") as theo, place.intruder("dana") as dana:
        assert dana.verdict(noted("@open")) == "applied"
        with theo.connection.transaction():
            theo.connection.execute("SELECT sync.number_feed()")
            assert dana.verdict(noted("@open")) == "applied"
            assert dana.verdict("SELECT FROM sync.number_feed() AS n WHERE n = -1") == "ok"
            rev = "(SELECT (body ->> 'cursor')::bigint FROM sync.pull('@client', 0, 0) LIMIT 1)"
            news = f"SELECT FROM sync.pull('@client', {rev}, 2) AS p WHERE p.kind = 'note'"
            assert dana.verdict(news) == "ok", "what is not numbered yet is pulled all the same"


def test_who_keeps_a_command_open_holds_up_that_incident_alone(place: Place) -> None:
    """The others are told to try again; nothing is decided meanwhile, and nothing lost."""
    on_open = submit("DescribeIncident", ["incident", "@open", "@version", {"summary": "mine"}])
    with place.intruder("theo") as theo, place.intruder("dana") as dana:
        with theo.connection.transaction(force_rollback=True):
            theo.connection.execute(theo.told(on_open))
            assert dana.verdict(noted("@resolved")) == "applied"
            assert dana.verdict(on_open) == "55P03"
        with dana.connection.transaction(force_rollback=True):
            found = dana.connection.execute(dana.told(on_open)).fetchone()
            assert found == ("applied", "")


# -- access that ends ----------------------------------------------------------------------


def test_disabling_ends_access_at_once(place: Place) -> None:
    clock = place.team.clock
    people.add(place.admin, clock, login="rosa", name="Rosa", email="",
               roles=(Role.SERVICE_DESK,), password=PASSWORD)  # fmt: skip
    with place.intruder("rosa") as rosa:
        assert rosa.verdict("SELECT FROM sync.incident") == "ok"
        assert people.disable(place.admin, clock, "rosa") == 1
        with pytest.raises(psycopg.OperationalError):
            rosa.connection.execute("SELECT 1")
    with pytest.raises(psycopg.OperationalError, match="not permitted to log in"):
        place.connect("rosa")


def test_a_role_taken_away_is_missing_in_the_next_statement(place: Place) -> None:
    with place.intruder("theo") as theo:
        assert theo.verdict(noted("@open")) == "applied"
        place.admin.execute(
            "REVOKE firstline_tier_member FROM theo; GRANT firstline_person TO theo"
        )
        try:
            assert theo.verdict(noted("@open")) == "rejected:role-missing"
        finally:
            place.admin.execute(
                "GRANT firstline_tier_member TO theo; REVOKE firstline_person FROM theo"
            )


def test_a_login_without_a_role_does_not_even_come_in(place: Place) -> None:
    people.create_login(place.admin, "newcomer", PASSWORD)
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        place.connect("newcomer")


# -- somebody whom nobody knows ---------------------------------------------------------------

PERSONLESS = (
    HELLO,
    submit("AddNote", actor_id="@colleague_id"),
    "SELECT sync.be_present('@client', '@nonce', '@open', true)",
)


def introduced(place: Place, intruder: Intruder) -> None:
    """A client of somebody whose record was taken away since."""
    place.admin.execute(
        "INSERT INTO firstline.client (client_id, nonce, login, host, app_version, domain_version)"
        " VALUES (%s, %s, 'nobody', '', '', %s)",
        [intruder.known["client"], intruder.known["nonce"], DOMAIN_VERSION],
    )


def test_a_login_without_a_record_gives_no_command(place: Place) -> None:
    with place.intruder("nobody") as nobody:
        introduced(place, nobody)
        assert [nobody.verdict(sql) for sql in PERSONLESS] == ["FL001"] * len(PERSONLESS)
        assert nobody.verdict("SELECT FROM sync.incident WHERE is_confidential") == "none"


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


@pytest.mark.parametrize("sql", OWNERS)
def test_plain_sql_past_the_protocol_is_refused_even_to_the_owner(place: Place, sql: str) -> None:
    assert OWNERS[sql] in refusal_of(place, sql)


def refusal_of(place: Place, sql: str) -> str:
    """What the owner is told; empty where it would go through."""
    try:
        with place.admin.transaction(force_rollback=True):
            place.admin.execute("SET LOCAL search_path = firstline, pg_catalog")
            place.admin.execute(sql)
    except psycopg.Error as error:
        return str(error)
    return ""


@pytest.mark.parametrize("text", ["x" * 20_101, "", None])
def test_what_the_database_refuses_an_administrator_is_a_fact(
    place: Place, text: str | None
) -> None:
    note = Note(id=uuid4(), incident_id=UUID(place.known["open"]), kind=NoteKind.INTERNAL,
                author_id=ADAM, written_at=START, text="")  # fmt: skip
    row = InsertRow("note", {**spec_of(Note).to_row(note), "text": text})
    with pytest.raises(people.ActRefused):
        people._write(place.admin, place.team.clock, "AddNote", ADAM, [row])


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


@contextmanager
def without(place: Place, function: str, part: str, instead: str) -> Iterator[None]:
    """The database while a part of a function is something else."""
    text = str(place.asked("SELECT pg_get_functiondef(%s::regproc)", function))
    assert part in text, text
    place.admin.execute(text.replace(part, instead))
    try:
        yield
    finally:
        place.admin.execute(text)


@pytest.mark.parametrize("check", CHECKS)
def test_each_check_is_needed(place: Place, check: str) -> None:
    """Without it one of the attacks above gets further than it may."""
    function, part, instead, login = CHECKS[check]
    with without(place, function, part, instead):
        if login == "owner":
            assert any(told not in refusal_of(place, sql) for sql, told in OWNERS.items())
            return
        with place.intruder(login, rehearses=True) as intruder:
            if login == "nobody":
                introduced(place, intruder)
                assert {intruder.verdict(sql) for sql in PERSONLESS} != {"FL001"}
            else:
                assert next(unexpected(intruder, login, calls_of(login)), "")


def calls_of(login: str) -> tuple[Try, ...]:
    """The attacks on functions and views that are attacks by this person."""
    calls = (attack for attack in TRIES if "SELECT" in attack.sql and "sync." in attack.sql)
    return tuple(attack for attack in calls if attack.may != login)


def test_nothing_gets_further_with_every_check(place: Place) -> None:
    for login in ("theo", "mona", ROBOT):
        with place.intruder(login, rehearses=True) as intruder:
            assert list(unexpected(intruder, login, calls_of(login))) == []
    assert not any(told not in refusal_of(place, sql) for sql, told in OWNERS.items())
