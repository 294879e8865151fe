"""The one list of all commands: which function decides each, and who may give it.

Rules of a practice check roles where a role decides more than the whole command; the lists here
say who may give the command at all, and the shared database enforces them.
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial

from sqlalchemy import Table
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from services.catalogue import commands as catalogue
from services.catalogue.service import BusinessService, Category, Product
from services.catalogue.tables import metadata as catalogue_tables
from services.core.records import Record
from services.incidents import (
    acts,
    commands,
    escalation_commands,
    imported_acts,
    resolution,
    undo,
)
from services.incidents import guards as incident_guards
from services.incidents.escalation_transitions import ANSWERING
from services.incidents.extent import EXTENT
from services.incidents.history import history_of
from services.incidents.incident import Escalation, HistoryEntry, Incident, Note
from services.incidents.priority import PriorityMatrix
from services.incidents.tables import metadata as incident_tables
from services.on_call import acts as planning
from services.on_call import commands as rosters
from services.on_call import exception_commands as exceptions
from services.on_call import guards as on_call_guards
from services.on_call import policy_acts as policies
from services.on_call import policy_commands
from services.on_call.permissions import KEEPERS, STAFF
from services.on_call.policy import EscalationPolicy, EscalationStep, PolicyHours
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
from services.paging import commands as paging
from services.paging import destination_commands as destinations
from services.paging import guards as paging_guards
from services.paging import notice_commands as notices
from services.paging import notice_guards
from services.paging.destination import Destination
from services.paging.lifecycle import ANSWERED_WITHIN
from services.paging.page import Delivery, DeliveryAttempt, Page, PageRecipient, PageStep
from services.paging.reactions import pages_follow
from services.paging.schema import throttle_rows
from services.paging.tables import metadata as paging_tables
from services.paging.transitions import ANSWERING as PAGE_ANSWERERS
from services.paging.transitions import ASKING as PAGE_ASKERS
from services.people import commands as people
from services.people import contact_commands as contacts
from services.people import guards as people_guards
from services.people.contact import ContactMethod, NotificationRule
from services.people.person import AGENTS, Person, PersonRole, Role, Team, TeamMember
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
    Roster,
    Rotation,
    EscalationPolicy,
    EscalationStep,
    Incident,
    Escalation,
    Note,
    HistoryEntry,
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

HISTORIES = (*incident_guards.HISTORIES, *paging_guards.HISTORIES)
"""Records whose changes the shared database writes into the history."""

DESK = AGENTS | {Role.ADMINISTRATOR}
SERVICE_DESK = frozenset({Role.SERVICE_DESK})
ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})
EXTENDING = frozenset({Role.DISPATCHER, Role.ADMINISTRATOR})

SHIFTS: tuple[type[Record], ...] = (Roster, OnCallShift)
"""What follows from any change of who is on call."""

POLICY: tuple[type[Record], ...] = (EscalationPolicy, EscalationStep, PolicyHours)

_Line = tuple[type, CommandFunction, frozenset[Role], tuple[type[Record], ...]]

_LINES: tuple[_Line, ...] = (
    (acts.LogIncident, commands.log_incident, DESK, (Incident,)),
    (acts.DescribeIncident, commands.describe_incident, DESK, (Incident,)),
    (acts.ChangeCaller, commands.change_caller, DESK, (Incident,)),
    (acts.CategoriseIncident, commands.categorise_incident, DESK, (Incident,)),
    (acts.ChangeService, commands.change_service, DESK, (Incident,)),
    (acts.PrioritiseIncident, commands.prioritise_incident, DESK, (Incident,)),
    (acts.ChangeSeverity, commands.change_severity, DESK, (Incident,)),
    (acts.RestrictIncident, commands.restrict_incident, DESK, (Incident,)),
    (acts.AssignIncident, commands.assign_incident, DESK, (Incident, Page)),
    (acts.StartIncident, commands.start_incident, DESK, (Incident,)),
    (acts.HoldIncident, commands.hold_incident, DESK, (Incident, Note)),
    (acts.ResumeIncident, commands.resume_incident, DESK, (Incident,)),
    (acts.ResolveIncident, resolution.resolve_incident, DESK, (Incident, Escalation, Page)),
    (acts.ReopenIncident, resolution.reopen_incident, DESK, (Incident, Note)),
    (acts.CloseIncident, commands.close_incident, SERVICE_DESK, (Incident, Page)),
    (acts.CancelIncident, commands.cancel_incident, DESK, (Incident, Escalation, Page)),
    (acts.AddNote, commands.add_note, DESK, (Incident, Note)),
    (acts.LinkToParent, commands.link_to_parent, DESK, (Incident,)),
    (
        acts.EscalateToTeam,
        escalation_commands.escalate_to_team,
        DESK,
        (Incident, Escalation, Page),
    ),
    (
        acts.AcceptEscalation,
        escalation_commands.accept_escalation,
        DESK,
        (Incident, Escalation, Page),
    ),
    (
        acts.RejectEscalation,
        escalation_commands.reject_escalation,
        DESK,
        (Incident, Escalation, Page),
    ),
    (
        acts.HandBackEscalation,
        escalation_commands.hand_back_escalation,
        DESK,
        (Incident, Escalation, Page),
    ),
    (
        acts.RecallEscalation,
        escalation_commands.recall_escalation,
        SERVICE_DESK,
        (Incident, Escalation, Page),
    ),
    (acts.EscalateUp, escalation_commands.escalate_up, DESK, (Escalation,)),
    (acts.AnswerEscalation, escalation_commands.answer_escalation, ANSWERING, (Escalation,)),
    (acts.WithdrawEscalation, escalation_commands.withdraw_escalation, DESK, (Escalation,)),
    (acts.UndoAct, undo.undo_act, DESK, (Incident, Escalation, Page)),
    (acts.EditPriorityMatrix, commands.edit_priority_matrix, ADMINISTRATOR, (PriorityMatrix,)),
    (
        imported_acts.RecordImportedState,
        commands.record_imported_state,
        ADMINISTRATOR,
        (Incident, Page),
    ),
    (
        imported_acts.RecordImportedAssignment,
        commands.record_imported_assignment,
        ADMINISTRATOR,
        (Incident, Page),
    ),
    (
        imported_acts.CorrectImportedRecord,
        commands.correct_imported_record,
        ADMINISTRATOR,
        (Incident, Page),
    ),
    (page_acts.PageTeam, paging.page_team, PAGE_ASKERS, (Page,)),
    (page_acts.PagePeople, paging.page_people, PAGE_ASKERS, (Page,)),
    (page_acts.WithdrawPage, paging.withdraw_page, PAGE_ASKERS, (Page,)),
    (page_acts.SendHeldPage, paging.send_held_page, PAGE_ASKERS, (Page,)),
    (page_acts.AcknowledgePage, paging.acknowledge_page, PAGE_ANSWERERS, (Page, PageRecipient)),
    (page_acts.DeclinePage, paging.decline_page, PAGE_ANSWERERS, (Page, PageRecipient)),
    (page_acts.SnoozePage, paging.snooze_page, PAGE_ANSWERERS, (Page,)),
    (page_acts.EscalatePage, paging.escalate_page, PAGE_ANSWERERS, (Page,)),
    (people.AddPerson, people.add_person, people.CALLER_ADDERS, (Person,)),
    (people.ChangePerson, people.change_person, ADMINISTRATOR, (Person,)),
    (people.AddTeam, people.add_team, ADMINISTRATOR, (Team,)),
    (people.ChangeTeam, people.change_team, ADMINISTRATOR, (Team,)),
    (people.PlaceInTeam, people.place_in_team, ADMINISTRATOR, (TeamMember,)),
    (people.GrantRole, people.grant_role, ADMINISTRATOR, (PersonRole,)),
    (catalogue.AddBusinessService, catalogue.add_business_service, ADMINISTRATOR,
     (BusinessService,)),
    (catalogue.ChangeBusinessService, catalogue.change_business_service, ADMINISTRATOR,
     (BusinessService,)),
    (catalogue.AddProduct, catalogue.add_product, ADMINISTRATOR, (Product,)),
    (catalogue.ChangeProduct, catalogue.change_product, ADMINISTRATOR, (Product,)),
    (catalogue.AddCategory, catalogue.add_category, ADMINISTRATOR, (Category,)),
    (catalogue.ChangeCategory, catalogue.change_category, ADMINISTRATOR, (Category,)),
    (contacts.AddContactMethod, contacts.add_contact_method, STAFF, (ContactMethod,)),
    (contacts.ChangeContactMethod, contacts.change_contact_method, STAFF, (ContactMethod,)),
    (contacts.RetireContactMethod, contacts.retire_contact_method, STAFF, (ContactMethod,)),
    (contacts.VerifyContact, contacts.verify_contact, STAFF, (ContactMethod,)),
    (contacts.SetNotificationRules, contacts.set_notification_rules, STAFF, (NotificationRule,)),
    (notices.SendVerification, notices.send_verification, STAFF, (ContactMethod, Delivery)),
    (notices.SendTest, notices.send_test, STAFF, (Delivery,)),
    (destinations.AddDestination, destinations.add_destination, ADMINISTRATOR, (Destination,)),
    (destinations.ChangeDestination, destinations.change_destination, ADMINISTRATOR,
     (Destination,)),
    (planning.AddRoster, rosters.add_roster, STAFF, (Roster,)),
    (planning.ChangeRoster, rosters.change_roster, STAFF, SHIFTS),
    (planning.AddRotation, rosters.add_rotation, STAFF, (Rotation, *SHIFTS)),
    (planning.ChangeRotation, rosters.change_rotation, STAFF, (Rotation, *SHIFTS)),
    (planning.AddHoliday, rosters.add_holiday, STAFF, (Holiday, *SHIFTS)),
    (planning.RemoveHoliday, rosters.remove_holiday, STAFF, (Holiday, *SHIFTS)),
    (planning.AddOverride, exceptions.add_override, STAFF, (Override, *SHIFTS)),
    (planning.TakeShift, exceptions.take_shift, STAFF, (Override, *SHIFTS)),
    (planning.CancelOverride, exceptions.cancel_override, STAFF, (Override, *SHIFTS)),
    (planning.RecordTimeOff, exceptions.record_time_off, STAFF, (TimeOff, *SHIFTS)),
    (planning.CancelTimeOff, exceptions.cancel_time_off, STAFF, (TimeOff, *SHIFTS)),
    (planning.WriteHandoverNote, exceptions.write_handover_note, STAFF, (HandoverNote,)),
    (planning.OfferSwap, exceptions.offer_swap, STAFF, (ShiftSwap,)),
    (planning.AcceptSwap, exceptions.accept_swap, STAFF, (ShiftSwap, Override, *SHIFTS)),
    (planning.DeclineSwap, exceptions.decline_swap, STAFF, (ShiftSwap,)),
    (planning.WithdrawSwap, exceptions.withdraw_swap, STAFF, (ShiftSwap, Override, *SHIFTS)),
    (planning.ExtendShifts, rosters.extend_shifts, EXTENDING, SHIFTS),
    (policies.AddPolicy, policy_commands.add_policy, KEEPERS, POLICY),
    (policies.ChangePolicy, policy_commands.change_policy, KEEPERS, POLICY),
    (policies.SetPolicySteps, policy_commands.set_policy_steps, KEEPERS, (EscalationStep,)),
    (policies.ExtendPolicyHours, policy_commands.extend_policy_hours, EXTENDING, (PolicyHours,)),
)  # fmt: skip

Reaction = Callable[[State, Act, object, Changes], Changes]

REACTIONS: tuple[Reaction, ...] = (pages_follow,)
"""What other practices add to the changes of an act, in the same transaction."""

_NUMBERED: dict[type, str] = {acts.LogIncident: "number"}
"""Commands that use up a reserved number, and the argument that holds it."""

_ANSWERS = (page_acts.AcknowledgePage, page_acts.DeclinePage, page_acts.SnoozePage)
_MAX_AGES = {
    **dict.fromkeys((notices.SendVerification, notices.SendTest), notices.MAX_AGE),
    **dict.fromkeys((*_ANSWERS, page_acts.EscalatePage), ANSWERED_WITHIN),
}
"""Commands that are not carried out when they reach the shared database later than that."""


def command_book() -> CommandBook:
    """Everything sync must know of the practices."""
    specs = [
        CommandSpec(
            command,
            _checked(command, function, roles),
            max_age=_MAX_AGES.get(command),
            number_argument=_NUMBERED.get(command, ""),
        )
        for command, function, roles, _ in _LINES
    ]
    return CommandBook(
        records=RECORDS,
        commands={spec.name: spec for spec in specs},
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
        return changes

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
        paging_tables,
    ):
        yield from metadata.sorted_tables


def all_guards() -> tuple[Guard, ...]:
    """The guards of every practice."""
    return (
        *people_guards.guards(),
        *on_call_guards.guards(),
        *incident_guards.guards(),
        *paging_guards.guards(),
        *notice_guards.guards(),
    )


def guard_statements() -> list[str]:
    """The triggers by which an embedded shared database judges and records."""
    return trigger_statements(RECORDS, all_guards(), HISTORIES, HistoryEntry.TABLE)


def rule_statements() -> list[tuple[str, Sequence[tuple[object, ...]]]]:
    """The rules as data: statements with their rows."""
    roles = [(c.__name__, role.value) for c, _, allowed, _ in _LINES for role in allowed]
    tables = [(c.__name__, record.TABLE) for c, _, _, records in _LINES for record in records]
    return [
        ("INSERT INTO command_rule (act, role) VALUES (?, ?)", list(roles)),
        ("INSERT INTO writable (act, entity) VALUES (?, ?)", list(tables)),
        throttle_rows(),
        (
            'INSERT INTO transition_rule (entity, act, start, "end", role, with_parent)'
            " VALUES (?, ?, ?, ?, ?, ?)",
            [*incident_guards.rule_rows(), *paging_guards.rule_rows()],
        ),
    ]
