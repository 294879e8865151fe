"""A person with psql and their own password can do nothing that their role may not."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from uuid import UUID, uuid4

import psycopg
import pytest
from builders import (
    ADAM,
    DANA,
    DESK_TEAM,
    IMRAN,
    NETWORK,
    ROLES,
    START,
    TARA,
    THEO,
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
from contract.psql_doors import BROKEN, CHECKS, MAY, OWNERS, PERSONLESS
from contract.psql_place import PEOPLE, Place
from postgres_server import DatabasesForTests
from team import PASSWORD, team_at

from services.admin import postgres_people as people
from services.core.records import spec_of
from services.core.release import DOMAIN_VERSION
from services.incidents.incident import Note, NoteKind
from services.people.person import AGENTS, Role, Tier
from services.people.person import Team as TeamRecord
from services.registry import rule_statements
from services.sync.changes import InsertRow

GIVEN = set(rule_statements()[0][1])
TRIES = (*tries(), *paging_tries())
ROLE_OF = {**ROLES, ROBOT_ID: Role.DISPATCHER}
STRANGERS = ("locked", "outsider")
"""Somebody whose access ended while a session of theirs was open, and a login with no role."""


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
