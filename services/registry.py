"""Joins the practices for sync: their records, tables, commands, reactions and guards."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from types import MappingProxyType

from sqlalchemy import Table
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from services.catalogue.service import BusinessService, Category, Product
from services.catalogue.tables import metadata as catalogue_tables
from services.command_list import LINES
from services.communications import guards as update_guards
from services.communications.reactions import words_follow
from services.communications.status_page import (
    CommunicationPlan,
    Outlet,
    StatusComponent,
    StatusPage,
)
from services.communications.status_update import StatusUpdate, UpdateTemplate
from services.communications.tables import metadata as communication_tables
from services.core.records import Record
from services.incidents import (
    acts,
)
from services.incidents import guards as incident_guards
from services.incidents.extent import EXTENT
from services.incidents.history import history_of
from services.incidents.incident import Escalation, HistoryEntry, Incident, Note
from services.incidents.priority import PriorityMatrix
from services.incidents.tables import metadata as incident_tables
from services.major_incidents import acts as major_acts
from services.major_incidents import guards as major_guards
from services.major_incidents.entries import (
    ChangeEvent,
    DocumentEntry,
    ResponseEntry,
    SupportCase,
)
from services.major_incidents.major import (
    MajorIncident,
    ResponseChannel,
    RoleHolding,
    WorkStream,
)
from services.major_incidents.reactions import majors_follow
from services.major_incidents.rooms import rooms_follow
from services.major_incidents.tables import metadata as major_tables
from services.on_call import guards as on_call_guards
from services.on_call.policy import EscalationPolicy, EscalationStep, PolicyHours
from services.on_call.reactions import catch_all_stays_manned
from services.on_call.roster import (
    HandoverNote,
    Holiday,
    OnCallShift,
    Override,
    Roster,
    Rotation,
    ShiftSwap,
    TimeOff,
)
from services.on_call.tables import metadata as on_call_tables
from services.paging import acts as page_acts
from services.paging import guards as paging_guards
from services.paging import notice_commands as notices
from services.paging import notice_guards
from services.paging.destination import Destination
from services.paging.lifecycle import ANSWERED_WITHIN
from services.paging.page import Delivery, DeliveryAttempt, Page, PageRecipient, PageStep
from services.paging.reactions import pages_follow
from services.paging.schema import throttle_rows
from services.paging.tables import metadata as paging_tables
from services.people import guards as people_guards
from services.people.contact import ContactMethod, NotificationRule
from services.people.person import Person, PersonRole, Role, Team, TeamMember
from services.people.roles import require_role, roles_of
from services.people.tables import metadata as people_tables
from services.sync.book import CommandBook
from services.sync.changes import Act, Changes, State
from services.sync.envelope import CommandFunction, CommandSpec
from services.sync.guards import Guard
from services.sync.triggers_sqlite import trigger_statements

RECORDS: tuple[type[Record], ...] = (
    Person,
    Team,
    TeamMember,
    PersonRole,
    BusinessService,
    Product,
    Category,
    PriorityMatrix,
    ContactMethod,
    NotificationRule,
    Destination,
    StatusPage,
    StatusComponent,
    Outlet,
    CommunicationPlan,
    UpdateTemplate,
    Roster,
    Rotation,
    EscalationPolicy,
    EscalationStep,
    Incident,
    Escalation,
    Note,
    HistoryEntry,
    MajorIncident,
    RoleHolding,
    WorkStream,
    ResponseChannel,
    ResponseEntry,
    DocumentEntry,
    SupportCase,
    ChangeEvent,
    StatusUpdate,
    Page,
    PageStep,
    PageRecipient,
    Delivery,
    DeliveryAttempt,
    Override,
    ShiftSwap,
    TimeOff,
    Holiday,
    HandoverNote,
    OnCallShift,
    PolicyHours,
)
"""Every record that is shared, in the order a new desk needs them."""

HISTORIES = (
    *incident_guards.HISTORIES,
    *major_guards.HISTORIES,
    *paging_guards.HISTORIES,
    *update_guards.HISTORIES,
)
"""Records whose changes the shared database writes into the history."""

Reaction = Callable[[State, Act, object, Changes], Changes]

REACTIONS: tuple[Reaction, ...] = (
    catch_all_stays_manned,
    majors_follow,
    words_follow,
    pages_follow,
    rooms_follow,
)
"""What other practices add to the changes of an act, in the same transaction."""

_NUMBERED: dict[type, str] = {acts.LogIncident: "number", major_acts.StartDrill: "number"}
"""Commands that use up a reserved number, and the argument that holds it."""

_ANSWERS = (page_acts.AcknowledgePage, page_acts.DeclinePage, page_acts.SnoozePage)
_MAX_AGES = {
    **dict.fromkeys((notices.SendVerification, notices.SendTest), notices.MAX_AGE),
    **dict.fromkeys((*_ANSWERS, page_acts.EscalatePage), ANSWERED_WITHIN),
}
"""Commands that are not carried out when they reach the shared database later than that."""


@cache
def command_book() -> CommandBook:
    """Everything sync must know of the practices."""
    specs = [
        CommandSpec(
            command,
            _checked(command, function, roles),
            max_age=_MAX_AGES.get(command),
            number_argument=_NUMBERED.get(command, ""),
        )
        for command, function, roles, _ in LINES
    ]
    return CommandBook(
        records=RECORDS,
        commands=MappingProxyType({spec.name: spec for spec in specs}),
        history=partial(history_of, HISTORIES),
        create_tables=create_tables,
        extent=EXTENT,
    )


def _checked(command: type, function: CommandFunction, roles: frozenset[Role]) -> CommandFunction:
    """The function behind the check of who may give the command at all."""

    def decide(state: State, act: Act, given: object) -> Changes:
        held = roles_of(state, act.actor_id)
        if not (act.on_behalf_of and Role.ADMINISTRATOR in held):
            require_role(held, roles, command.__name__)
        changes = function(state, act, given)
        for reaction in REACTIONS:
            changes |= reaction(state, act, given, changes)
        return changes.folded()

    return decide


def create_tables(connection: sqlite3.Connection) -> None:
    """Create the tables of all records in an empty SQLite file."""
    for statement in table_statements():
        connection.execute(statement)


@cache
def table_statements() -> tuple[str, ...]:
    """The tables and indexes of all records, as SQLite DDL."""
    return tuple(_table_statements())


def _table_statements() -> Iterator[str]:
    dialect = sqlite.dialect()
    for table in tables():
        yield str(CreateTable(table).compile(dialect=dialect))
        for index in sorted(table.indexes, key=lambda index: str(index.name)):
            yield str(CreateIndex(index).compile(dialect=dialect))


def tables() -> Iterator[Table]:
    """The tables of all records."""
    for metadata in (
        people_tables,
        catalogue_tables,
        on_call_tables,
        incident_tables,
        major_tables,
        communication_tables,
        paging_tables,
    ):
        yield from metadata.sorted_tables


def all_guards() -> tuple[Guard, ...]:
    """The guards of every practice."""
    return (
        *people_guards.guards(),
        *on_call_guards.guards(),
        *incident_guards.guards(),
        *major_guards.guards(),
        *paging_guards.guards(),
        *notice_guards.guards(),
        *update_guards.guards(),
    )


def guard_statements() -> list[str]:
    """The triggers by which an embedded shared database judges and records."""
    return trigger_statements(RECORDS, all_guards(), HISTORIES, HistoryEntry.TABLE)


def rule_statements() -> list[tuple[str, Sequence[tuple[object, ...]]]]:
    """The rules as data: statements with their rows."""
    roles = [(c.__name__, role.value) for c, _, allowed, _ in LINES for role in allowed]
    tables = [(c.__name__, record.TABLE) for c, _, _, records in LINES for record in records]
    return [
        ("INSERT INTO command_rule (act, role) VALUES (?, ?)", list(roles)),
        ("INSERT INTO writable (act, entity) VALUES (?, ?)", list(tables)),
        throttle_rows(),
        (
            'INSERT INTO transition_rule (entity, act, start, "end", role, with_parent)'
            " VALUES (?, ?, ?, ?, ?, ?)",
            [
                *incident_guards.rule_rows(),
                *major_guards.rule_rows(),
                *paging_guards.rule_rows(),
                *update_guards.rule_rows(),
            ],
        ),
    ]
