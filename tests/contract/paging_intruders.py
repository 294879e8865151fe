"""Raw SQL about pages that somebody with psql may try, and what becomes of it.

``@page`` is under way, ``@secret_page`` is about what is hidden; ``@claimed`` and ``@token`` are a
delivery of it that a dispatcher holds, ``@destination`` its account. The login ``robot`` is a
dispatcher's.
"""

from collections.abc import Iterator
from contextlib import closing
from typing import Any
from uuid import UUID, uuid4

from builders import ADAM, TARA, Desk
from contract.intruders import DENIED, REFUSED, Try, submit
from team import PASSWORD, Team, settings

from services.admin import postgres_people as people
from services.core.ids import derived_id
from services.dispatcher.engine_postgres import PagingPostgres
from services.paging.acts import PagePeople
from services.paging.destination import ProviderKind
from services.paging.destination_commands import AddDestination
from services.paging.notice_commands import SendVerification
from services.paging.page import Page
from services.people.commands import AddPerson, GrantRole
from services.people.contact import ContactKind
from services.people.contact_commands import AddContactMethod, VerifyContact
from services.people.person import Role

ROBOT = "robot"
ROBOT_ID = derived_id("person", ROBOT)
TABLES = ("page", "page_step", "page_recipient", "delivery", "delivery_attempt")
HELD_BY_ROBOT = "'@claimed', @token"

DISPATCHING = (
    "claim_deliveries('x', '{x}')",
    f"finish_delivery({HELD_BY_ROBOT}, 'delivered', '', 0, '{{}}')",
    "answer_page('x', 'acknowledged', 0)",
    "answer_mail('@destination', '@claimed', 'theo@example.com', 'acknowledged', 0)",
    "mailboxes()",
    "answerable('@destination', '+351915550101')",
    "beat('x', '{}')",
    "dispatchers()",
    "paging_alarms()",
    "disable_destination('@destination', 'x')",
    "note_probe('@destination', 'x')",
    "page_content('@destination')",
    "update_past('@destination')",
    "probes_due()",
    "confirm_clock()",
)
"""What only a dispatcher may call."""


def paging_tries() -> tuple[Try, ...]:
    """Every attack on pages."""
    return (*_on_tables(), *_on_functions(), *_by_submitting(), *_on_hidden())


def _on_tables() -> Iterator[Try]:
    for table in (*TABLES, "contact_method", "page_ahead", "dispatcher_beat", "throttle_rule"):
        yield Try(f"SELECT * FROM firstline.{table}", DENIED)
    for sql in (
        "UPDATE firstline.page SET state = 'superseded'",
        "UPDATE firstline.page SET due_at = NULL",
        "UPDATE firstline.delivery SET state = 'delivered'",
        "UPDATE firstline.throttle_rule SET at_most = 0",
        "INSERT INTO firstline.dispatcher_beat VALUES ('x', 0, 0, '')",
        "DELETE FROM firstline.page_recipient",
        "DELETE FROM firstline.dispatcher_beat",
        "TRUNCATE firstline.delivery",
        "BEGIN; LOCK TABLE firstline.page IN EXCLUSIVE MODE",
        "UPDATE sync.page SET state = 'acknowledged'",
        "UPDATE sync.delivery SET address = 'mine'",
        "UPDATE sync.contact_method SET verified_at = 1",
        "INSERT INTO sync.delivery SELECT * FROM sync.delivery",
        "INSERT INTO sync.page_recipient SELECT * FROM sync.page_recipient",
        "DELETE FROM sync.page_step",
        "SELECT * FROM sync.page FOR UPDATE",
        "SELECT * FROM sync.delivery FOR SHARE",
    ):
        yield Try(sql, DENIED)


def _on_functions() -> Iterator[Try]:
    for call in (
        "begin_act('FirePage', '@me', 0)",
        "end_act()",
        "lead_pages('[\"@page\"]', 0)",
        "write_page('@page', 1, '{}')",
        "write_delivery('@claimed', 1, '{}')",
    ):
        yield Try(f"SELECT firstline.{call}", DENIED)
    for call in DISPATCHING:
        yield Try(f"SELECT sync.{call}", REFUSED, may=ROBOT)
    for given in (
        "'maybe', '', 0, '{}'",
        "'delivered', repeat('x', 30000), 0, '{}'",
        "'delivered', '', 0, repeat('x', 30000)",
        f"'retry', '', {2**61}, '{{}}'",
    ):
        yield Try(f"SELECT sync.finish_delivery({HELD_BY_ROBOT}, {given})", REFUSED)
    yield Try("SELECT sync.note_probe('@destination', repeat('x', 30000))", REFUSED)
    yield Try("DROP FUNCTION sync.fire_due", DENIED)
    yield Try("ALTER FUNCTION sync.claim_deliveries SECURITY INVOKER", DENIED)


def _by_submitting() -> Iterator[Try]:
    def on_page(act: str, code: str, **columns: object) -> Try:
        op = ["page", "@page", "@page_version", columns]
        return Try(submit(act, op), f"rejected:{code}", act=act)

    for act in ("FirePage", "AnswerPage", "ClaimDelivery", "DisableDestination", "NoteProbe"):
        op = ["page", "@page", "@page_version", {"position": 9}]
        yield Try(submit(act, op), "rejected:role-missing")
    done = {"state": "acknowledged", "acknowledged_at": 1}
    over = {"state": "superseded", "ended_at": 1}
    yield on_page("AcknowledgePage", "not-your-name", **done, acknowledged_by_id="@colleague_id")
    yield on_page("AcknowledgePage", "not-your-name", **done)
    yield on_page("SnoozePage", "page-snooze-length", snooze_s=10**9)
    yield on_page("EscalatePage", "column-is-fixed", position=9)
    yield on_page("EscalatePage", "column-is-fixed", due_at=1)
    yield on_page("EscalatePage", "invalid-value", reopens_at=2**62)
    yield on_page("WithdrawPage", "page-under-way", **over)
    yield on_page("AssignIncident", "page-under-way", **over)
    yield on_page("ResolveIncident", "page-under-way", **over)
    yield on_page("DescribeIncident", "table-not-writable", **over)
    described = ["incident", "@open", "@version", {"summary": "x"}]
    yield Try(submit("DescribeIncident", described, happened_at=-(2**62)),
              "rejected:invalid-value", act="DescribeIncident")  # fmt: skip


def _on_hidden() -> Iterator[Try]:
    for table in TABLES:
        of_hidden = f"SELECT FROM sync.{table} WHERE incident_id = '@hidden'"
        yield Try(of_hidden, "none", is_of_hidden=True)
    for sql in (
        "SELECT FROM sync.page WHERE reason LIKE '%secret%' AND reason::integer = 1",
        "SELECT FROM sync.fetch(ARRAY['@secret_page', '@claimed']::uuid[]) AS f"
        " WHERE f.body IS NOT NULL",
        "SELECT FROM sync.pull('@client', 0, 0) AS p WHERE p.id IN ('@secret_page', '@claimed')"
        " AND p.body IS NOT NULL",
    ):
        yield Try(sql, "none", is_of_hidden=True)
    row = ["page", "@secret_page", 1, {"is_urged": 1}]
    for act in ("AcknowledgePage", "EscalatePage", "WithdrawPage"):
        yield Try(submit(act, row), "stale", act=act, is_of_hidden=True)


def put_pages(team: Team, desk: Desk, admin: Any, shown: UUID, hidden: UUID) -> dict[str, object]:
    """A dispatcher, a page about each incident, and a delivery of the hidden one in its hands."""
    people.create_login(admin, ROBOT, PASSWORD)
    people.act(admin, team.clock, AddPerson(person_id=ROBOT_ID, name="Robot", login=ROBOT))
    people.set_member(admin, ROBOT, Role.DISPATCHER, is_member=True)
    people.act(admin, team.clock, GrantRole(person_id=ROBOT_ID, role=Role.DISPATCHER))
    destination, phone = uuid4(), uuid4()
    desk.do(AddDestination(destination_id=destination, kind=ProviderKind.NTFY, name="Push",
                           base_url="https://ntfy.sh"), ADAM)  # fmt: skip
    desk.do(AddContactMethod(contact_method_id=phone, person_id=TARA, kind=ContactKind.PUSH,
                             destination_id=destination, address="phone"), TARA)  # fmt: skip
    desk.do(SendVerification(delivery_id=uuid4(), contact_method_id=phone, code="123456"), TARA)
    desk.do(VerifyContact(contact_method_id=phone, code="123456"), TARA)
    known = {"page": shown, "secret_page": hidden}
    robots = settings(team.databases.access, team.database, ROBOT)
    with closing(PagingPostgres(robots, lambda: PASSWORD)) as engine:
        for (word, incident_id), reason in zip(known.items(), ("It burns", "secret"), strict=True):
            known[word] = page_id = uuid4()
            page = PagePeople(
                page_id=page_id, incident_id=incident_id, person_ids=(TARA,), reason=reason
            )
            desk.do(page, TARA)
            desk.sync()
            engine.fire_due()
            desk.sync()
        claimed = engine.claim(ROBOT, "")
    assert claimed is not None
    assert claimed.page_id == known["secret_page"], "the newest page goes first"
    desk.sync()
    return {
        **known,
        "page_version": desk.get(Page, known["page"]).version,
        "destination": destination,
        "claimed": claimed.delivery_id,
        "token": claimed.lease_token,
        "summary": claimed.summary,
        "reason": claimed.reason,
    }
