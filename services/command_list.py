"""The one list of all commands: which function decides each, who may give it, what it may write.

Rules of a practice check roles where a role decides more than the whole command; the lists here
say who may give the command at all, and the shared database enforces them.
"""

from services.catalogue import commands as catalogue
from services.catalogue.service import BusinessService, Category, Product
from services.communications import acts as update_acts
from services.communications import commands as updates
from services.communications import settings_acts as page_settings
from services.communications import settings_commands as status_pages
from services.communications.status_page import (
    CommunicationPlan,
    Outlet,
    StatusComponent,
    StatusPage,
)
from services.communications.status_update import StatusUpdate, UpdateTemplate
from services.communications.transitions import KEEPING as PAGE_KEEPERS
from services.communications.transitions import SENDING as UPDATE_SENDERS
from services.communications.transitions import WRITING as UPDATE_WRITERS
from services.core.records import Record
from services.incidents import (
    acts,
    commands,
    escalation_commands,
    imported_acts,
    resolution,
    undo,
)
from services.incidents.escalation_transitions import ANSWERING
from services.incidents.incident import Escalation, Incident, Note
from services.incidents.priority import PriorityMatrix
from services.major_incidents import acts as major_acts
from services.major_incidents import commands as majors
from services.major_incidents import drill, entry_acts
from services.major_incidents import entry_commands as entries
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
from services.major_incidents.rooms import FOLLOWED
from services.major_incidents.transitions import COMMANDING, DECIDING, RESPONDING
from services.on_call import acts as planning
from services.on_call import commands as rosters
from services.on_call import exception_commands as exceptions
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
from services.paging import acts as page_acts
from services.paging import commands as paging
from services.paging import destination_commands as destinations
from services.paging import notice_commands as notices
from services.paging.destination import Destination
from services.paging.page import Delivery, Page, PageRecipient
from services.paging.transitions import ANSWERING as PAGE_ANSWERERS
from services.paging.transitions import ASKING as PAGE_ASKERS
from services.people import commands as people
from services.people import contact_commands as contacts
from services.people.contact import ContactMethod, NotificationRule
from services.people.person import AGENTS, Person, PersonRole, Role, Team, TeamMember
from services.sync.envelope import CommandFunction

DESK = AGENTS | {Role.ADMINISTRATOR}
SERVICE_DESK = frozenset({Role.SERVICE_DESK})
ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})
EXTENDING = frozenset({Role.DISPATCHER, Role.ADMINISTRATOR})

SHIFTS: tuple[type[Record], ...] = (Roster, OnCallShift)
"""What follows from any change of who is on call."""

POLICY: tuple[type[Record], ...] = (EscalationPolicy, EscalationStep, PolicyHours)

Line = tuple[type, CommandFunction, frozenset[Role], tuple[type[Record], ...]]

_LINES: tuple[Line, ...] = (
    (acts.LogIncident, commands.log_incident, DESK, (Incident, MajorIncident)),
    (acts.DescribeIncident, commands.describe_incident, DESK, (Incident,)),
    (acts.ChangeCaller, commands.change_caller, DESK, (Incident,)),
    (acts.CategoriseIncident, commands.categorise_incident, DESK, (Incident,)),
    (acts.ChangeService, commands.change_service, DESK, (Incident,)),
    (acts.PrioritiseIncident, commands.prioritise_incident, DESK, (Incident, MajorIncident)),
    (acts.ChangeSeverity, commands.change_severity, DESK, (Incident, MajorIncident)),
    (acts.RestrictIncident, commands.restrict_incident, DESK, (Incident,)),
    (acts.AssignIncident, commands.assign_incident, DESK, (Incident, Page)),
    (acts.StartIncident, commands.start_incident, DESK, (Incident,)),
    (acts.HoldIncident, commands.hold_incident, DESK, (Incident, Note)),
    (acts.ResumeIncident, commands.resume_incident, DESK, (Incident,)),
    (
        acts.ResolveIncident,
        resolution.resolve_incident,
        DESK,
        (Incident, Escalation, Page, MajorIncident, RoleHolding),
    ),
    (acts.ReopenIncident, resolution.reopen_incident, DESK, (Incident, Note, MajorIncident)),
    (acts.CloseIncident, commands.close_incident, SERVICE_DESK, (Incident, Page)),
    (
        acts.CancelIncident,
        commands.cancel_incident,
        DESK,
        (Incident, Escalation, Page, MajorIncident, RoleHolding),
    ),
    (acts.AddNote, commands.add_note, DESK, (Incident, Note)),
    (acts.LinkToParent, commands.link_to_parent, DESK, (Incident, MajorIncident)),
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
    (acts.UndoAct, undo.undo_act, DESK,
     (Incident, Escalation, Page, MajorIncident, RoleHolding, StatusUpdate)),
    (acts.EditPriorityMatrix, commands.edit_priority_matrix, ADMINISTRATOR, (PriorityMatrix,)),
    (
        imported_acts.RecordImportedState,
        commands.record_imported_state,
        ADMINISTRATOR,
        (Incident, Page, MajorIncident, RoleHolding),
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
    (major_acts.ProposeMajorIncident, majors.propose_major_incident, RESPONDING,
     (Incident, MajorIncident)),
    (major_acts.AcceptMajorIncident, majors.accept_major_incident, DECIDING,
     (MajorIncident, Page)),
    (major_acts.RejectMajorIncident, majors.reject_major_incident, DECIDING, (MajorIncident,)),
    (major_acts.DemoteMajorIncident, majors.demote_major_incident, DECIDING,
     (MajorIncident, RoleHolding, Page)),
    (major_acts.TakeCommand, majors.take_command, COMMANDING, (RoleHolding, Incident, Page)),
    (major_acts.OfferRole, majors.offer_role, RESPONDING, (RoleHolding,)),
    (major_acts.AcceptRole, majors.accept_role, RESPONDING, (RoleHolding, Incident, Page)),
    (major_acts.DeclineRole, majors.decline_role, RESPONDING, (RoleHolding,)),
    (major_acts.EndRole, majors.end_role, RESPONDING, (RoleHolding,)),
    (major_acts.AddWorkStream, majors.add_work_stream, RESPONDING, (WorkStream,)),
    (major_acts.ChangeWorkStream, majors.change_work_stream, RESPONDING, (WorkStream,)),
    (major_acts.EndWorkStream, majors.end_work_stream, RESPONDING, (WorkStream,)),
    (major_acts.AddChannel, majors.add_channel, RESPONDING, (ResponseChannel,)),
    (major_acts.ChangeChannel, majors.change_channel, RESPONDING, (ResponseChannel,)),
    (major_acts.RemoveChannel, majors.remove_channel, RESPONDING, (ResponseChannel,)),
    (major_acts.SetImpactTimes, majors.set_impact_times, RESPONDING, (MajorIncident,)),
    (major_acts.SetPhase, majors.set_phase, RESPONDING, (MajorIncident,)),
    (major_acts.ResolveMajorIncident, majors.resolve_major_incident, AGENTS,
     (MajorIncident, RoleHolding, Incident, Escalation, Page)),
    (major_acts.ReviewMajorIncident, majors.review_major_incident, RESPONDING, (MajorIncident,)),
    (major_acts.StartDrill, drill.start_drill, DECIDING, (Incident, MajorIncident)),
    (major_acts.SteerReplay, drill.steer_replay, RESPONDING, (MajorIncident,)),
    (entry_acts.WriteEntry, entries.write_entry, RESPONDING, (ResponseEntry,)),
    (entry_acts.ChangeEntry, entries.change_entry, RESPONDING, (ResponseEntry,)),
    (entry_acts.RemoveEntry, entries.remove_entry, RESPONDING, (ResponseEntry,)),
    (entry_acts.WriteDocumentEntry, entries.write_document_entry, RESPONDING, (DocumentEntry,)),
    (entry_acts.ChangeDocumentEntry, entries.change_document_entry, RESPONDING, (DocumentEntry,)),
    (entry_acts.RemoveDocumentEntry, entries.remove_document_entry, RESPONDING, (DocumentEntry,)),
    (entry_acts.AnswerAssessment, entries.answer_assessment, RESPONDING, (DocumentEntry,)),
    (entry_acts.AddSupportCase, entries.add_support_case, RESPONDING,
     (SupportCase, Incident, MajorIncident)),
    (entry_acts.RemoveSupportCase, entries.remove_support_case, RESPONDING, (SupportCase,)),
    (entry_acts.AddChangeEvent, entries.add_change_event, RESPONDING, (ChangeEvent,)),
    (entry_acts.RemoveChangeEvent, entries.remove_change_event, RESPONDING, (ChangeEvent,)),
    (update_acts.DraftUpdate, updates.draft_update, UPDATE_WRITERS, (StatusUpdate,)),
    (update_acts.ChangeDraft, updates.change_draft, UPDATE_WRITERS, (StatusUpdate,)),
    (update_acts.AskForReview, updates.ask_for_review, UPDATE_WRITERS, (StatusUpdate,)),
    (update_acts.ReviewUpdate, updates.review_update, UPDATE_WRITERS, (StatusUpdate,)),
    (update_acts.SendUpdate, updates.send_update, UPDATE_SENDERS, (StatusUpdate,)),
    (update_acts.WithdrawUpdate, updates.withdraw_update, UPDATE_WRITERS, (StatusUpdate,)),
    (update_acts.SendHeldUpdate, updates.send_held_update, UPDATE_SENDERS, (StatusUpdate,)),
    (update_acts.CorrectUpdate, updates.correct_update, UPDATE_WRITERS, (StatusUpdate,)),
    (page_settings.AddStatusPage, status_pages.add_status_page, PAGE_KEEPERS, (StatusPage,)),
    (page_settings.ChangeStatusPage, status_pages.change_status_page, PAGE_KEEPERS, (StatusPage,)),
    (page_settings.AddComponent, status_pages.add_component, PAGE_KEEPERS, (StatusComponent,)),
    (page_settings.ChangeComponent, status_pages.change_component, PAGE_KEEPERS,
     (StatusComponent,)),
    (page_settings.AddOutlet, status_pages.add_outlet, PAGE_KEEPERS, (Outlet,)),
    (page_settings.ChangeOutlet, status_pages.change_outlet, PAGE_KEEPERS, (Outlet,)),
    (page_settings.SetCommunicationPlan, status_pages.set_communication_plan, PAGE_KEEPERS,
     (CommunicationPlan,)),
    (page_settings.AddUpdateTemplate, status_pages.add_update_template, PAGE_KEEPERS,
     (UpdateTemplate,)),
    (page_settings.ChangeUpdateTemplate, status_pages.change_update_template, PAGE_KEEPERS,
     (UpdateTemplate,)),
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


def _with_rooms(line: Line) -> Line:
    """The line of an act after which a chat room may have to be like something else."""
    command, function, roles, tables = line
    if command.__name__ not in FOLLOWED or ResponseChannel in tables:
        return line
    return command, function, roles, (*tables, ResponseChannel)


LINES: tuple[Line, ...] = tuple(_with_rooms(line) for line in _LINES)
