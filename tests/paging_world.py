"""Rosters, contacts and a policy in the small world, and what leads pages there."""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from builders import ADAM, DANA, IMRAN, NETWORK, START, TARA, THEO, VENDOR, VERA, Office
from team import Team
from team import settings as team_settings

from services.admin.written_rules import write_rules
from services.core.clock import ManualClock, to_microseconds
from services.core.database import Rows, connect, transaction
from services.core.ids import derived_id, new_id
from services.core.records import Record, spec_of
from services.core.secrets import Secret
from services.dispatcher.engine_postgres import PagingPostgres
from services.dispatcher.engine_sqlite import PagingSqlite
from services.on_call.policy import EscalationPolicy, EscalationStep
from services.on_call.roster import OnCallShift, Roster
from services.paging.acts import PageTeam
from services.paging.destination import Destination, ProviderKind
from services.paging.engine import PagingEngine
from services.paging.page import Outcome, Page
from services.people.contact import ContactKind, ContactMethod, NotificationRule

PUSH, SMS_ACCOUNT = derived_id("destination", "push"), derived_id("destination", "sms")
NETWORK_ROSTER, MAJOR_ROSTER = derived_id("roster", "network"), derived_id("roster", "major")
NETWORK_POLICY = derived_id("policy", "network")
STEP_S = 300
YEARS = timedelta(days=4000)


def contact(person_id: UUID, kind: ContactKind = ContactKind.PUSH) -> ContactMethod:
    """A verified way to reach a person."""
    return ContactMethod(
        id=derived_id(person_id, kind.value),
        person_id=person_id,
        kind=kind,
        destination_id=PUSH if kind is ContactKind.PUSH else SMS_ACCOUNT,
        address=f"{kind.value}-{person_id}",
        verified_at=START,
    )


def shift(roster_id: UUID, person_id: UUID, **changed: Any) -> OnCallShift:
    """A shift that goes on for years."""
    made = OnCallShift(
        id=derived_id(roster_id, person_id, "shift"),
        roster_id=roster_id,
        person_id=person_id,
        starts_at=START - YEARS,
        ends_at=START + YEARS,
    )
    return replace(made, **changed)


def founding() -> list[Record]:
    """Theo is on call for the network team, then its policy calls Vera; Imran catches all."""
    return [
        Destination(id=PUSH, kind=ProviderKind.NTFY, name="Push", base_url="http://127.0.0.1:1"),
        Destination(
            id=SMS_ACCOUNT, kind=ProviderKind.TWILIO_SMS, name="SMS", base_url="http://127.0.0.1:1"
        ),
        *(contact(p) for p in (THEO, TARA, VERA, IMRAN, DANA)),
        contact(THEO, ContactKind.SMS),
        NotificationRule(
            id=derived_id(THEO, "now"),
            person_id=THEO,
            contact_method_id=contact(THEO).id,
            delay_s=0,
        ),
        NotificationRule(
            id=derived_id(THEO, "later"),
            person_id=THEO,
            contact_method_id=contact(THEO, ContactKind.SMS).id,
            delay_s=120,
        ),
        Roster(id=NETWORK_ROSTER, name="Network", team_id=NETWORK, time_zone="Europe/Lisbon"),
        Roster(id=MAJOR_ROSTER, name="Major", time_zone="Europe/Lisbon", is_catch_all=True),
        shift(NETWORK_ROSTER, THEO),
        shift(NETWORK_ROSTER, TARA, is_backup=True),
        shift(MAJOR_ROSTER, IMRAN),
        EscalationPolicy(id=NETWORK_POLICY, name="Network", team_id=NETWORK, repeat_count=1),
        EscalationStep(
            id=derived_id("step", 0),
            policy_id=NETWORK_POLICY,
            position=0,
            delay_s=STEP_S,
            roster_ids=(NETWORK_ROSTER,),
        ),
        EscalationStep(
            id=derived_id("step", 1),
            policy_id=NETWORK_POLICY,
            position=1,
            delay_s=STEP_S,
            person_ids=(VERA,),
        ),
    ]


class PagingWorld:
    """The founding records in an office, and one engine that leads its pages.

    The database's clock is the office's, on either database. ``put`` writes records past the
    guards, as if commands had made them long ago.
    """

    def __init__(
        self, office: Office, engine: PagingEngine, put: Callable[[Iterable[Record]], None]
    ):
        self.office = office
        self.engine = engine
        self.put = put
        put(founding())
        self.desk = office.desk()

    def page(self, command: object = None, **given: Any) -> UUID:
        """A page about a new incident, for the network team unless told, as the database has it."""
        incident_id = self.desk.start(self.desk.log())
        page_id = new_id(self.office.clock.now())
        usual = {"incident_id": incident_id, "page_id": page_id, "team_id": NETWORK}
        asked = PageTeam(**{**usual, "reason": "It burns", **given})
        self.desk.do(asked if command is None else command)
        self.desk.sync()
        return page_id

    def after(self, seconds: float) -> None:
        """Let time pass, and take what is due."""
        self.office.clock.advance(timedelta(seconds=seconds))
        self.engine.fire_due()

    def send(self, outcome: Outcome = Outcome.DELIVERED, **given: Any) -> list[str]:
        """Send all that may be sent now; returns who got it, and how."""
        sent = []
        while claimed := self.engine.claim("test", ""):
            sent.append(f"{claimed.person_name} {claimed.address.partition('-')[0]}".strip())
            assert self.engine.finish(claimed, outcome, **given)
        return sent

    def read(self, page_id: UUID) -> Page:
        """The page as a desk has it."""
        self.desk.sync()
        return self.desk.get(Page, page_id)


def page_of_vendor(world: PagingWorld) -> UUID:
    """A page of the team that has no policy but what a test puts; its first step is taken."""
    page_id = world.page(team_id=VENDOR)
    world.after(0)
    world.desk.sync()
    return page_id


@contextmanager
def paging_in_file(office: Office) -> Iterator[PagingWorld]:
    """Paging on the embedded file."""

    def put(records: Iterable[Record]) -> None:
        with closing(connect(office.path)) as connection, transaction(connection):
            connection.execute("UPDATE meta SET rev = rev + 1")
            connection.execute(
                "INSERT INTO submitting VALUES (1, ?, '', 'CreateDatabase', ?, '', 0, 0, '',"
                " (SELECT rev FROM meta))",
                (str(uuid4()), str(ADAM)),
            )
            for (trigger,) in connection.execute(
                "SELECT name FROM sqlite_master WHERE name LIKE 'guard@_%' ESCAPE '@'"
            ).fetchall():
                connection.execute(f"DROP TRIGGER {trigger}")
            rows = Rows(connection)
            for record in records:
                rows.insert(record.TABLE, spec_of(type(record)).to_row(replace(record, version=1)))
            connection.execute("DELETE FROM submitting")
            write_rules(connection)

    engine = PagingSqlite(office.path, office.clock)
    with closing(engine):
        yield PagingWorld(office, engine, put)


@contextmanager
def paging_on_server(team: Team) -> Iterator[PagingWorld]:
    """Paging on PostgreSQL, whose clock is the office's for this test."""
    access = team.databases.access

    def put(records: Iterable[Record]) -> None:
        with access.connect(team.database) as connection, connection.transaction():
            connection.execute("SET search_path = firstline, pg_catalog")
            connection.execute("SELECT begin_act('CreateDatabase', %s, 0)", (ADAM,))
            for record in records:
                row = spec_of(type(record)).to_row(replace(record, version=1))
                connection.execute(f"ALTER TABLE {record.TABLE} DISABLE TRIGGER judge")
                connection.execute(
                    "SELECT write_row(%s, %s, NULL, %s)", (record.TABLE, record.id, json.dumps(row))
                )
                connection.execute(f"ALTER TABLE {record.TABLE} ENABLE TRIGGER judge")

    settings = team_settings(access, team.database, "postgres")
    engine = PagingPostgres(
        settings, lambda: Secret(access.password), steady_s=lambda: team.clock.steady_s()
    )
    with clock_of_the_office(team), closing(engine):
        yield PagingWorld(team, engine, put)


class ServerClock(ManualClock):
    """A clock that a database asks too: it is told of every move."""

    def __init__(self, moment: datetime, connection: Any) -> None:
        object.__setattr__(self, "connection", connection)
        super().__init__(moment)

    def __setattr__(self, name: str, value: Any) -> None:
        super().__setattr__(name, value)
        if name == "moment":
            self.connection.execute(
                "UPDATE firstline.test_clock SET now_us = %s", (to_microseconds(value),)
            )


@contextmanager
def clock_of_the_office(team: Team) -> Iterator[None]:
    """The database asks the clock of the test what time it is."""
    with team.databases.access.connect(team.database) as connection:
        connection.execute("CREATE TABLE firstline.test_clock (now_us bigint)")
        connection.execute("INSERT INTO firstline.test_clock VALUES (0)")
        connection.execute("GRANT SELECT ON firstline.test_clock TO PUBLIC")
        connection.execute(
            "CREATE OR REPLACE FUNCTION firstline.microseconds_now() RETURNS bigint"
            " LANGUAGE sql VOLATILE AS 'SELECT now_us FROM firstline.test_clock'"
        )
        team.clock = ServerClock(team.clock.moment, connection)
        yield
