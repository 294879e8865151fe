"""The sample company: complete, believable in its counts, and the same in every run."""

import json
import random
import re
import sqlite3
import tomllib
from collections import Counter
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from services.admin.schema import Founder, ensure_embedded
from services.core.clock import ManualClock, to_microseconds
from services.incidents.extent import EXTENT
from services.incidents.incident import (
    CancelReason,
    Channel,
    ConfirmationMethod,
    EscalationState,
    IncidentState,
    NoteKind,
    OnHoldReason,
)
from services.incidents.transitions import TRANSITIONS
from services.intake.sample import DEFAULT_PERSON_ID, create_sample, sample_steps
from services.intake.sample_founding import login_of
from services.intake.sample_tables import sample_id, sample_tables, team_id
from services.major_incidents.guards import SAME_AS
from services.people.person import Role
from services.registry import RECORDS
from services.sync.shared_sqlite import SharedSqlite

NOW = datetime.fromisoformat("2026-10-14T10:42:07+00:00")
ROOT = Path(__file__).parents[3]
TABLES = [record.TABLE for record in RECORDS]
OPEN = "state IN ('new', 'in_progress', 'on_hold')"
DESK, NETWORK = str(team_id("Service Desk")), str(team_id("Network"))
MAYA = str(DEFAULT_PERSON_ID)


def made(path: Path, now: datetime = NOW, login: str = "founder", told=lambda done, total: None):
    """A new database with the sample company in it."""
    clock = ManualClock(now)
    ensure_embedded(path, clock, Founder("Founder", login))
    shared = SharedSqlite(path, clock, TABLES, EXTENT)
    create_sample(shared, now, login, told, clock)
    shared.close()
    assert clock.now() == now
    return opened(path)


def opened(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path)
    connection.row_factory = sqlite3.Row
    return connection


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    with closing(made(tmp_path_factory.mktemp("sample") / "shared.db")) as connection:
        yield connection


def count(connection: sqlite3.Connection, sql: str, *values: object) -> int:
    return int(connection.execute(f"SELECT count(*) FROM {sql}", values).fetchone()[0])


def counted(connection: sqlite3.Connection, column: str, source: str) -> Counter[object]:
    return Counter(row[0] for row in connection.execute(f"SELECT {column} FROM {source}"))


def test_every_act_is_applied(company):
    assert set(counted(company, "outcome", "command")) == {"applied"}
    assert count(company, "command") == len(sample_steps(NOW, "founder", 1))


def test_people_teams_and_catalogue(company):
    assert count(company, "person WHERE department = 'IT'") == 30
    assert count(company, "person WHERE login IS NULL") == 25
    assert count(company, "person WHERE is_vip") == 3
    assert count(company, "person WHERE login IS NULL AND (phone = '' OR asset_tag = '')") == 0
    assert counted(company, "tier", "team") == {1: 1, 2: 4, 3: 3}
    assert count(company, "business_service WHERE owner_team_id IS NOT NULL") == 12
    assert counted(company, "criticality", "business_service").keys() == {1, 2, 3}
    assert count(company, "product") == 15
    assert count(company, "category") == 40
    assert count(company, "category WHERE parent_id IS NULL") == 9


def test_every_role_but_the_dispatcher_is_held_by_a_colleague(company):
    held = "person_role r JOIN person p ON p.id = r.person_id WHERE p.department = 'IT'"
    roles = counted(company, "r.role", held)
    assert roles.keys() == {role.value for role in Role} - {Role.DISPATCHER.value}


def test_the_desk_has_a_management_line(company):
    person = company.execute("SELECT lead_id FROM team WHERE id = ?", (DESK,)).fetchone()[0]
    line = []
    while person is not None:
        row = company.execute("SELECT name, manager_id FROM person WHERE id = ?", (person,))
        name, person = row.fetchone()
        line.append(name)
    assert line == ["Oyelaran Bankole", "Laila Guerrero", "Callum Byrne", "Adaeze Fashola"]


def test_one_works_as_an_agent_who_may_edit_the_catalogue(company):
    assert company.execute("SELECT name FROM person WHERE id = ?", (MAYA,)).fetchone()[0] == (
        "Maya Lindqvist"
    )
    roles = counted(company, "role", f"person_role WHERE person_id = '{MAYA}'")
    assert roles.keys() == {"service_desk", "administrator"}


def test_three_hundred_incidents_in_every_state(company):
    states = counted(company, "state", "incident")
    assert states == {
        "new": 5, "in_progress": 44, "on_hold": 14, "resolved": 5, "closed": 220, "cancelled": 12,
    }  # fmt: skip
    assert states.keys() == {state.value for state in IncidentState}


def test_the_worklists_of_the_desk(company):
    assert count(company, f"incident WHERE {OPEN} AND owner_team_id = ?", DESK) == 63
    assert count(company, f"incident WHERE {OPEN} AND assignee_id = ?", MAYA) == 14
    assert count(company, f"incident WHERE {OPEN} AND assignee_id IS NULL") == 9
    assert count(company, f"incident WHERE {OPEN} AND priority IS NULL") == 4
    assert count(company, f"incident WHERE {OPEN} AND team_id = ?", NETWORK) == 7
    assert count(company, "incident WHERE state = 'resolved'") == 5


@pytest.mark.parametrize(
    ("column", "source", "kinds"),
    [
        ("on_hold_reason", "incident WHERE state = 'on_hold'", OnHoldReason),
        ("cancel_reason", "incident WHERE state = 'cancelled'", CancelReason),
        ("state", "escalation", EscalationState),
        ("kind", "note", NoteKind),
        ("channel", "incident", Channel),
        ("priority", "incident WHERE priority IS NOT NULL", (1, 2, 3, 4, 5)),
    ],
)
def test_every_kind_occurs(company, column, source, kinds):
    wanted = {getattr(kind, "value", kind) for kind in kinds}
    assert counted(company, column, source).keys() == wanted


def test_ways_of_confirming(company):
    methods = counted(company, "confirmation_method", "incident WHERE state = 'closed'")
    assert methods.keys() == {m.value for m in ConfirmationMethod} - {"not_recorded"}


@pytest.mark.parametrize(
    "condition",
    [
        "parent_id IS NOT NULL AND state IN ('new', 'in_progress')",
        "parent_id IS NOT NULL AND state = 'closed'",
        "duplicate_of_id IS NOT NULL",
        "follow_up_of_id IS NOT NULL",
        "reopen_count > 0 AND state = 'in_progress'",
        "reopen_count > 0 AND state = 'closed'",
        "is_first_contact_resolution",
        "priority_override_reason <> ''",
        "severity = 'SEV1'",
        "monitoring_source <> ''",
        "was_escalated AND state = 'closed'",
        "accepted_at IS NULL AND assignee_id IS NOT NULL AND state = 'in_progress'",
    ],
)
def test_what_a_desk_sees_occurs(company, condition):
    assert count(company, f"incident WHERE {condition}") >= 1


def test_nothing_is_imported_and_nothing_points_nowhere(company):
    assert count(company, "incident WHERE is_imported OR external_reference <> ''") == 0
    for column in ("parent_id", "duplicate_of_id", "follow_up_of_id"):
        lost = f"incident WHERE {column} NOT IN (SELECT id FROM incident)"
        assert count(company, lost) == 0
    for column in ("caller_id", "assignee_id", "owner_id", "closed_by_id"):
        lost = f"incident WHERE {column} NOT IN (SELECT id FROM person)"
        assert count(company, lost) == 0


def test_a_follow_up_is_of_the_same_caller_and_later_than_its_closing(company):
    rows = company.execute(
        "SELECT l.caller_id, e.caller_id, l.reported_at, e.closed_at FROM incident l"
        " JOIN incident e ON e.id = l.follow_up_of_id"
    ).fetchall()
    assert rows
    for later, earlier, reported_at, closed_at in rows:
        assert later == earlier
        assert closed_at < reported_at


def test_ages_are_believable(company):
    now, day = to_microseconds(NOW), 86_400_000_000
    ages = [
        now - row[0] for row in company.execute(f"SELECT reported_at FROM incident WHERE {OPEN}")
    ]
    assert min(ages) < day // 96
    assert max(ages) < 7 * day
    closed = [now - row[0] for row in company.execute("SELECT closed_at FROM incident") if row[0]]
    assert min(closed) < day
    assert 80 * day < max(closed) < 95 * day
    assert count(company, "history_entry WHERE happened_at >= ?", now) == 0
    assert count(company, "history_entry WHERE happened_at <> recorded_at") == 0


def test_follow_up_times_lie_ahead(company):
    late = "incident WHERE state = 'on_hold' AND follow_up_at <= ?"
    assert count(company, late, to_microseconds(NOW)) == 0


def test_numbers_rise_with_the_time_of_logging(company):
    numbers = [row[0] for row in company.execute("SELECT number FROM incident ORDER BY created_at")]
    assert numbers == list(range(20_136, 20_436))


def test_history_leads_to_the_state(company):
    allowed = {(t.act, t.start and t.start.value, t.end.value) for t in TRANSITIONS}
    allowed |= {(act, *t[1:]) for act, of in SAME_AS.items() for t in allowed if t[0] == of}
    states: dict[str, str] = {}
    entries = company.execute(
        "SELECT h.subject_id, h.act, h.changes FROM history_entry h JOIN command c"
        " ON c.command_id = h.command_id WHERE h.subject = 'incident' ORDER BY c.client_seq"
    )
    for id_, act, changes in entries:
        if id_ not in states:
            assert act == "LogIncident"
            states[id_] = "new"
            continue
        before, after = json.loads(changes).get("state", (states[id_], states[id_]))
        assert states[id_] == before
        assert before == after or (act, before, after) in allowed
        states[id_] = after
    assert states == dict(company.execute("SELECT id, state FROM incident").fetchall())


def test_one_major_incident_is_fought_and_one_is_over(company):
    assert counted(company, "state", "major_incident") == {"accepted": 1, "resolved": 1}
    running = "major_id = (SELECT id FROM major_incident WHERE state = 'accepted')"
    assert counted(company, "role", f"role_holding WHERE state = 'held' AND {running}") == {
        "incident_manager": 1, "tech_lead": 1, "communications_manager": 1, "deputy": 1,
    }  # fmt: skip
    for major_id in (row[0] for row in company.execute("SELECT id FROM major_incident")):
        kinds = counted(company, "kind", f"response_entry WHERE major_id = '{major_id}'")
        assert {"observation", "theory", "experiment", "decision"} <= kinds.keys()
    assert count(company, f"document_entry WHERE {running}") == 3
    told = "SELECT subject FROM status_update WHERE audience = 'internal'"
    subject = company.execute(told).fetchone()[0]
    assert re.fullmatch(r"INC-\d+ - SEV 1 - .+", subject)


def test_nobody_is_paged_and_nothing_leaves_the_house(company):
    for table in ("page", "delivery", "outlet", "response_channel"):
        assert count(company, table) == 0
    assert counted(company, "audience", "status_page") == {"internal": 1, "external": 1}
    assert counted(company, "state", "status_update") == {"queued": 2}


def test_texts_are_finished(company):
    summaries = counted(company, "summary", "incident")
    assert max(summaries.values()) == 1
    texts = [
        text for row in company.execute("SELECT summary, description FROM incident") for text in row
    ]
    texts += [row[0] for row in company.execute("SELECT text FROM note")]
    assert all(text.strip() == text and text for text in texts)
    assert not [text for text in texts if "{" in text or ", ." in text or "  " in text]


def test_callers_write_from_both_sides(company):
    names = {row[0] for row in company.execute("SELECT name FROM person")}
    assert {"Tomás Herrera", "Priya Raman", "نادية الخطيب"} <= names
    mails = [row[0] for row in company.execute("SELECT email FROM person WHERE email <> ''")]
    assert len(set(mails)) == len(mails) == 55
    assert all(mail.isascii() and mail.endswith("@alderfinch.example") for mail in mails)


def rows_of(connection: sqlite3.Connection) -> dict[str, list[tuple[object, ...]]]:
    tables = [*TABLES, "command", "number_block", "feed"]
    return {
        table: sorted(map(tuple, connection.execute(f"SELECT * FROM {table}")), key=repr)
        for table in tables
    }


def test_two_runs_are_the_same(company, tmp_path):
    random.seed(1)
    with closing(made(tmp_path / "shared.db")) as other:
        assert rows_of(other) == rows_of(company)


def test_another_moment_moves_everything_along(tmp_path):
    sunday_night = NOW + timedelta(days=46, hours=16)
    with closing(made(tmp_path / "shared.db", sunday_night)) as company:
        assert count(company, f"incident WHERE {OPEN}") == 63
        assert set(counted(company, "outcome", "command")) == {"applied"}
        latest = company.execute("SELECT max(happened_at) FROM history_entry").fetchone()[0]
        assert 0 < to_microseconds(sunday_night) - latest < 3_600_000_000


def test_progress_is_told_to_the_end(tmp_path):
    told: list[tuple[int, int]] = []
    with closing(made(tmp_path / "shared.db", told=lambda done, total: told.append((done, total)))):
        assert told == sorted(told)
        assert told[0][0] == 0
        assert told[-1] == (told[0][1], told[0][1])
        assert len(told) > 20


def test_an_interrupted_run_leaves_the_database_as_founded_and_can_be_repeated(tmp_path):
    path, clock = tmp_path / "shared.db", ManualClock(NOW)
    ensure_embedded(path, clock, Founder("Founder", "founder"))

    def stop(done: int, total: int) -> None:
        if done * 2 > total:
            raise KeyboardInterrupt

    shared = SharedSqlite(path, clock, TABLES, EXTENT)
    with pytest.raises(KeyboardInterrupt):
        create_sample(shared, NOW, "founder", stop)
    with closing(opened(path)) as connection:
        assert count(connection, "incident") == 0
        assert count(connection, "person") == 1
    create_sample(shared, NOW, "founder", lambda done, total: None)
    shared.close()
    with closing(opened(path)) as connection:
        assert count(connection, "incident") == 300


def test_the_founder_stays_valid_even_with_a_name_of_the_company(tmp_path):
    with closing(made(tmp_path / "shared.db", login="maya.lindqvist")) as company:
        logins = counted(company, "login", "person WHERE login IS NOT NULL")
        assert logins["maya.lindqvist"] == logins["maya.lindqvist.sample"] == 1
        founder = "person_role r JOIN person p ON p.id = r.person_id WHERE p.login = ?"
        assert count(company, founder, "maya.lindqvist") == 3


def test_logins_are_plain():
    logins = [login_of(person, "") for person in sample_tables().staff.values()]
    assert len(set(logins)) == 30
    assert all(login.replace(".", "").isascii() and login == login.lower() for login in logins)


def test_ids_follow_from_names():
    assert sample_id("person", "Maya Lindqvist") == DEFAULT_PERSON_ID
    assert isinstance(sample_id("incident", "Payroll export stuck at 99 %"), UUID)


def test_own_words_belong_to_a_summary_and_most_incidents_have_words_of_their_own():
    own = tomllib.loads((ROOT / "resources/sample/own.toml").read_text(encoding="utf-8"))
    assert own.keys() <= sample_tables().troubles.keys()
    assert all(len(texts) == 4 and all(texts) for texts in own.values())
    said = {trouble.said for trouble in sample_tables().troubles.values()}
    assert len(said) > 220
