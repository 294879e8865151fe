"""Every action once: menus, keys, status bar and the help sheet read this list."""

from dataclasses import dataclass
from enum import Enum
from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP


class Scope(Enum):
    """Where the single keys of an action are listened to.

    ``EVERYWHERE`` also covers the navigation; ``RECORD`` is the list and the record beside it;
    ``LIST`` is the table alone, where Space and Enter belong to no button; ``ON_CALL`` is the
    on-call screen, ``MAJOR`` the console of a major incident.
    """

    EVERYWHERE = "everywhere"
    RECORD = "record"
    LIST = "list"
    ON_CALL = "on_call"
    MAJOR = "major"


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionSpec:
    """One action.

    ``keys`` are single letters and sequences of them; they act only while a list or a record
    has the keyboard and can be switched off as a group. ``window_keys`` act everywhere.
    ``act`` is the command type the viewer must be allowed, "" when nothing is asked; of
    ``any_of`` one must be.
    ``hint`` is the word in the status bar; "" leaves the action out there.
    """

    id: str
    text: str
    menu: str
    group: int = 0
    keys: tuple[str, ...] = ()
    window_keys: tuple[str, ...] = ()
    scope: Scope = Scope.EVERYWHERE
    act: str = ""
    any_of: tuple[str, ...] = ()
    hint: str = ""
    icon: str = ""
    is_choice: bool = False

    @property
    def needs_incident(self) -> bool:
        """Whether there must be an incident to act on."""
        return self.scope is Scope.RECORD and not self.id.startswith("list.")

    @property
    def shown_keys(self) -> str:
        """The key as it is printed beside the verb."""
        first = (self.keys or self.window_keys or ("",))[0]
        return first.replace(", ", " ").replace("Return", "↵").replace("+", " ")


MENUS: Final = (
    "File", "Edit", "View", "Incident", "Major incident", "On-call", "Go", "Tools", "Help",
)  # fmt: skip
E_, R_, L_, O_, M_ = Scope.EVERYWHERE, Scope.RECORD, Scope.LIST, Scope.ON_CALL, Scope.MAJOR

STATE_ACTS: Final = (
    "StartIncident", "HoldIncident", "ResumeIncident", "ResolveIncident", "ReopenIncident",
    "CloseIncident", "CancelIncident",
)  # fmt: skip

ACTIONS: Final[tuple[ActionSpec, ...]] = (
    ActionSpec(id="incident.log", text=str(QT_TRANSLATE_NOOP("actions", "Log incident")),
               menu="File", keys=("N",), window_keys=("Ctrl+N",), icon="add"),
    ActionSpec(id="incident.print", text=str(QT_TRANSLATE_NOOP("actions", "Print incident…")),
               menu="File", group=1, window_keys=("Ctrl+P",), scope=R_, icon="print"),
    ActionSpec(id="profile.switch", text=str(QT_TRANSLATE_NOOP("actions", "Switch profile…")),
               menu="File", group=2, icon="switch"),
    ActionSpec(id="profile.settings",
               text=str(QT_TRANSLATE_NOOP("actions", "Profile settings…")),
               menu="File", group=2, icon="settings"),
    ActionSpec(id="profile.password",
               text=str(QT_TRANSLATE_NOOP("actions", "Change password…")),
               menu="File", group=2, icon="key"),
    ActionSpec(id="app.quit", text=str(QT_TRANSLATE_NOOP("actions", "Quit")),
               menu="File", group=3, window_keys=("Ctrl+Q",), icon="leave"),

    ActionSpec(id="edit.undo", text=str(QT_TRANSLATE_NOOP("actions", "Undo")),
               menu="Edit", keys=("Z",), window_keys=("Ctrl+Z",), icon="undo"),
    ActionSpec(id="edit.redo", text=str(QT_TRANSLATE_NOOP("actions", "Redo")),
               menu="Edit", keys=("Shift+Z",), window_keys=("Ctrl+Shift+Z",)),
    ActionSpec(id="edit.copy", text=str(QT_TRANSLATE_NOOP("actions", "Copy number and summary")),
               menu="Edit", group=1, keys=("Y",), scope=R_, icon="copy"),
    ActionSpec(id="edit.unread", text=str(QT_TRANSLATE_NOOP("actions", "Mark as unread")),
               menu="Edit", group=1, keys=("U",), scope=R_),

    ActionSpec(id="list.next", text=str(QT_TRANSLATE_NOOP("actions", "Next incident")),
               menu="View", keys=("J",), scope=R_),
    ActionSpec(id="list.previous", text=str(QT_TRANSLATE_NOOP("actions", "Previous incident")),
               menu="View", keys=("K",), scope=R_),
    ActionSpec(id="list.open", text=str(QT_TRANSLATE_NOOP("actions", "Go to the record")),
               menu="View", keys=("O",), scope=L_),
    ActionSpec(id="list.refresh",
               text=str(QT_TRANSLATE_NOOP("actions", "Take in new and moved rows")),
               menu="View", keys=(".",), scope=R_, icon="refresh"),
    ActionSpec(id="view.detail", text=str(QT_TRANSLATE_NOOP("actions", "Show or hide the record")),
               menu="View", group=1, keys=("Space",), scope=L_),
    ActionSpec(id="view.navigation",
               text=str(QT_TRANSLATE_NOOP("actions", "Collapse the navigation")),
               menu="View", group=1, window_keys=("Ctrl+B",), icon="nav.collapse"),
    ActionSpec(id="tab.timeline", text=str(QT_TRANSLATE_NOOP("actions", "Timeline")),
               menu="View", group=2, window_keys=("Ctrl+1",)),
    ActionSpec(id="tab.details", text=str(QT_TRANSLATE_NOOP("actions", "Details")),
               menu="View", group=2, window_keys=("Ctrl+2",)),
    ActionSpec(id="tab.escalations", text=str(QT_TRANSLATE_NOOP("actions", "Escalations")),
               menu="View", group=2, window_keys=("Ctrl+3",)),
    ActionSpec(id="tab.related", text=str(QT_TRANSLATE_NOOP("actions", "Related")),
               menu="View", group=2, window_keys=("Ctrl+4",)),
    ActionSpec(id="pane.next", text=str(QT_TRANSLATE_NOOP("actions", "Next pane")),
               menu="View", group=3, window_keys=("F6",)),
    ActionSpec(id="pane.previous", text=str(QT_TRANSLATE_NOOP("actions", "Previous pane")),
               menu="View", group=3, window_keys=("Shift+F6",)),

    ActionSpec(id="incident.start", text=str(QT_TRANSLATE_NOOP("actions", "Start")),
               menu="Incident", keys=("B",), scope=R_, act="StartIncident", icon="start"),
    ActionSpec(id="incident.accept", text=str(QT_TRANSLATE_NOOP("actions", "Accept")),
               menu="Incident", keys=("Shift+A",), scope=R_, act="AcceptEscalation", icon="apply",
               hint=str(QT_TRANSLATE_NOOP("actions", "accept"))),
    ActionSpec(id="incident.reject", text=str(QT_TRANSLATE_NOOP("actions", "Reject…")),
               menu="Incident", keys=("Shift+R",), scope=R_, act="RejectEscalation", icon="clear"),
    ActionSpec(id="incident.hand_back", text=str(QT_TRANSLATE_NOOP("actions", "Hand back…")),
               menu="Incident", keys=("Shift+B",), scope=R_, act="HandBackEscalation", icon="back"),
    ActionSpec(id="incident.recall", text=str(QT_TRANSLATE_NOOP("actions", "Recall…")),
               menu="Incident", keys=("Shift+C",), scope=R_, act="RecallEscalation", icon="undo"),
    ActionSpec(id="edit.assignee", text=str(QT_TRANSLATE_NOOP("actions", "Assign…")),
               menu="Incident", group=1, keys=("A",), scope=R_, act="AssignIncident", icon="assign",
               hint=str(QT_TRANSLATE_NOOP("actions", "assign"))),
    ActionSpec(id="incident.assign_me", text=str(QT_TRANSLATE_NOOP("actions", "Assign to me")),
               menu="Incident", group=1, keys=("I",), scope=R_, act="AssignIncident"),
    ActionSpec(id="edit.priority", text=str(QT_TRANSLATE_NOOP("actions", "Impact and urgency…")),
               menu="Incident", group=1, keys=("P",), scope=R_, act="PrioritiseIncident",
               hint=str(QT_TRANSLATE_NOOP("actions", "priority"))),
    ActionSpec(id="edit.severity", text=str(QT_TRANSLATE_NOOP("actions", "Severity…")),
               menu="Incident", group=1, keys=("V",), scope=R_, act="ChangeSeverity"),
    ActionSpec(id="edit.state", text=str(QT_TRANSLATE_NOOP("actions", "State…")),
               menu="Incident", group=1, keys=("S",), scope=R_, any_of=STATE_ACTS,
               hint=str(QT_TRANSLATE_NOOP("actions", "state"))),
    ActionSpec(id="edit.category", text=str(QT_TRANSLATE_NOOP("actions", "Category…")),
               menu="Incident", group=1, keys=("C",), scope=R_, act="CategoriseIncident"),
    ActionSpec(id="edit.service", text=str(QT_TRANSLATE_NOOP("actions", "Service and products…")),
               menu="Incident", group=1, keys=("W",), scope=R_, act="ChangeService"),
    ActionSpec(id="edit.summary",
               text=str(QT_TRANSLATE_NOOP("actions", "Summary and description…")),
               menu="Incident", group=1, window_keys=("F2",), scope=R_, act="DescribeIncident"),
    ActionSpec(id="edit.caller", text=str(QT_TRANSLATE_NOOP("actions", "Caller…")),
               menu="Incident", group=1, scope=R_, act="ChangeCaller"),
    ActionSpec(id="incident.restrict", text=str(QT_TRANSLATE_NOOP("actions", "Confidential…")),
               menu="Incident", group=1, keys=("Shift+L",), scope=R_, act="RestrictIncident",
               icon="lock"),
    ActionSpec(id="incident.note", text=str(QT_TRANSLATE_NOOP("actions", "Write a note")),
               menu="Incident", group=2, keys=("M",), scope=R_, act="AddNote", icon="note"),
    ActionSpec(id="incident.reply", text=str(QT_TRANSLATE_NOOP("actions", "Reply to the caller")),
               menu="Incident", group=2, keys=("Shift+M",), scope=R_, act="AddNote", icon="reply"),
    ActionSpec(id="incident.escalate", text=str(QT_TRANSLATE_NOOP("actions", "Escalate")),
               menu="Incident", group=3, keys=("E",), scope=R_, act="EscalateToTeam",
               icon="escalate", hint=str(QT_TRANSLATE_NOOP("actions", "escalate"))),
    ActionSpec(id="incident.escalate_up",
               text=str(QT_TRANSLATE_NOOP("actions", "Escalate up the line…")),
               menu="Incident", group=3, keys=("Shift+E",), scope=R_, act="EscalateUp",
               icon="escalate.management"),
    ActionSpec(id="incident.page", text=str(QT_TRANSLATE_NOOP("actions", "Page now…")),
               menu="Incident", group=3, keys=("Shift+P",), scope=R_, act="PageTeam",
               icon="bell"),
    ActionSpec(id="incident.propose_major",
               text=str(QT_TRANSLATE_NOOP("actions", "Propose as major incident…")),
               menu="Incident", group=3, keys=("Shift+J",), scope=R_, icon="major"),
    ActionSpec(id="incident.hold", text=str(QT_TRANSLATE_NOOP("actions", "Hold")),
               menu="Incident", group=3, keys=("H",), scope=R_, act="HoldIncident", icon="hold"),
    ActionSpec(id="incident.resume", text=str(QT_TRANSLATE_NOOP("actions", "Resume")),
               menu="Incident", group=3, keys=("Shift+H",), scope=R_, act="ResumeIncident",
               icon="start"),
    ActionSpec(id="incident.resolve", text=str(QT_TRANSLATE_NOOP("actions", "Resolve")),
               menu="Incident", group=4, keys=("R",), scope=R_, act="ResolveIncident",
               icon="resolve", hint=str(QT_TRANSLATE_NOOP("actions", "resolve"))),
    ActionSpec(id="incident.close", text=str(QT_TRANSLATE_NOOP("actions", "Confirm and close")),
               menu="Incident", group=4, keys=("D",), scope=R_, act="CloseIncident",
               icon="confirm.close", hint=str(QT_TRANSLATE_NOOP("actions", "close"))),
    ActionSpec(id="incident.reopen", text=str(QT_TRANSLATE_NOOP("actions", "Reopen")),
               menu="Incident", group=4, keys=("Shift+O",), scope=R_, act="ReopenIncident",
               icon="reopen"),
    ActionSpec(id="incident.follow_up",
               text=str(QT_TRANSLATE_NOOP("actions", "Create follow-up")),
               menu="Incident", group=5, keys=("Shift+N",), scope=R_, icon="add"),
    ActionSpec(id="incident.link", text=str(QT_TRANSLATE_NOOP("actions", "Link to parent…")),
               menu="Incident", group=5, keys=("L",), scope=R_, act="LinkToParent", icon="link"),
    ActionSpec(id="incident.cancel", text=str(QT_TRANSLATE_NOOP("actions", "Cancel incident…")),
               menu="Incident", group=5, keys=("Shift+X",), scope=R_, act="CancelIncident",
               icon="delete"),

    ActionSpec(id="major.observation", text=str(QT_TRANSLATE_NOOP("actions", "Observation")),
               menu="Major incident", keys=("O",), scope=M_, icon="watched",
               hint=str(QT_TRANSLATE_NOOP("actions", "observation"))),
    ActionSpec(id="major.decision", text=str(QT_TRANSLATE_NOOP("actions", "Decision")),
               menu="Major incident", keys=("D",), scope=M_, icon="decision",
               hint=str(QT_TRANSLATE_NOOP("actions", "decision"))),
    ActionSpec(id="major.theory", text=str(QT_TRANSLATE_NOOP("actions", "Theory")),
               menu="Major incident", keys=("B",), scope=M_, icon="suggestion"),
    ActionSpec(id="major.experiment", text=str(QT_TRANSLATE_NOOP("actions", "Experiment")),
               menu="Major incident", keys=("X",), scope=M_, icon="experiment"),
    ActionSpec(id="major.change", text=str(QT_TRANSLATE_NOOP("actions", "Change made")),
               menu="Major incident", keys=("C",), scope=M_, icon="tag"),
    ActionSpec(id="major.action", text=str(QT_TRANSLATE_NOOP("actions", "Action")),
               menu="Major incident", keys=("A",), scope=M_, icon="monitoring"),
    ActionSpec(id="major.communication",
               text=str(QT_TRANSLATE_NOOP("actions", "Who was told what")),
               menu="Major incident", keys=("M",), scope=M_, icon="channel.chat"),
    ActionSpec(id="major.update", text=str(QT_TRANSLATE_NOOP("actions", "Write the next update")),
               menu="Major incident", group=1, keys=("U",), scope=M_, icon="status.page",
               hint=str(QT_TRANSLATE_NOOP("actions", "update"))),
    ActionSpec(id="major.page", text=str(QT_TRANSLATE_NOOP("actions", "Page…")),
               menu="Major incident", group=1, keys=("G",), scope=M_, icon="bell",
               hint=str(QT_TRANSLATE_NOOP("actions", "page"))),
    ActionSpec(id="major.severity", text=str(QT_TRANSLATE_NOOP("actions", "Severity…")),
               menu="Major incident", group=1, keys=("V",), scope=M_, icon="major"),
    ActionSpec(id="major.phase", text=str(QT_TRANSLATE_NOOP("actions", "How far the response is…")),
               menu="Major incident", group=1, keys=("P",), scope=M_, icon="monitoring"),
    ActionSpec(id="major.roles", text=str(QT_TRANSLATE_NOOP("actions", "Roles")),
               menu="Major incident", group=2, keys=("T",), scope=M_, icon="people",
               hint=str(QT_TRANSLATE_NOOP("actions", "roles"))),
    ActionSpec(id="major.hand_over", text=str(QT_TRANSLATE_NOOP("actions", "Hand over my role…")),
               menu="Major incident", group=2, keys=("Shift+T",), scope=M_, icon="switch"),
    ActionSpec(id="major.streams", text=str(QT_TRANSLATE_NOOP("actions", "Work streams")),
               menu="Major incident", group=2, keys=("Shift+W",), scope=M_, icon="split"),
    ActionSpec(id="major.stream",
               text=str(QT_TRANSLATE_NOOP("actions", "Begin a work stream…")),
               menu="Major incident", group=2, keys=("Shift+S",), scope=M_, icon="add"),
    ActionSpec(id="major.channel", text=str(QT_TRANSLATE_NOOP("actions", "Add a channel…")),
               menu="Major incident", group=2, keys=("L",), scope=M_, icon="chat.room"),
    ActionSpec(id="major.impact", text=str(QT_TRANSLATE_NOOP("actions", "Answer what is unknown")),
               menu="Major incident", group=3, keys=("I",), scope=M_, icon="info"),
    ActionSpec(id="major.times", text=str(QT_TRANSLATE_NOOP("actions", "Times of the impact…")),
               menu="Major incident", group=3, keys=("Shift+I",), scope=M_, icon="clock"),
    ActionSpec(id="major.support_case",
               text=str(QT_TRANSLATE_NOOP("actions", "Add a support case…")),
               menu="Major incident", group=3, keys=("K",), scope=M_, icon="phone"),
    ActionSpec(id="major.cases", text=str(QT_TRANSLATE_NOOP("actions", "Support cases")),
               menu="Major incident", group=3, keys=("Shift+K",), scope=M_, icon="list"),
    ActionSpec(id="major.change_event",
               text=str(QT_TRANSLATE_NOOP("actions", "Add a change nearby…")),
               menu="Major incident", group=3, keys=("Shift+C",), scope=M_, icon="changes"),
    ActionSpec(id="major.suspects", text=str(QT_TRANSLATE_NOOP("actions", "Suspicious changes")),
               menu="Major incident", group=3, keys=("S",), scope=M_, icon="list"),
    ActionSpec(id="major.known", text=str(QT_TRANSLATE_NOOP("actions", "What did we know then")),
               menu="Major incident", group=3, keys=("W",), scope=M_, icon="history"),
    ActionSpec(id="major.record", text=str(QT_TRANSLATE_NOOP("actions", "Open the record")),
               menu="Major incident", group=4, keys=("Shift+O",), scope=M_, icon="open.window"),
    ActionSpec(id="major.document", text=str(QT_TRANSLATE_NOOP("actions", "State document")),
               menu="Major incident", group=4, keys=("Shift+E",), scope=M_, icon="templates"),
    ActionSpec(id="major.export",
               text=str(QT_TRANSLATE_NOOP("actions", "Export the state document…")),
               menu="Major incident", group=4, keys=("E",), scope=M_, icon="export"),
    ActionSpec(id="major.accept", text=str(QT_TRANSLATE_NOOP("actions", "Accept…")),
               menu="Major incident", group=5, keys=("Shift+A",), scope=M_, icon="apply"),
    ActionSpec(id="major.reject", text=str(QT_TRANSLATE_NOOP("actions", "Reject…")),
               menu="Major incident", group=5, keys=("Shift+R",), scope=M_, icon="clear"),
    ActionSpec(id="major.demote", text=str(QT_TRANSLATE_NOOP("actions", "Demote…")),
               menu="Major incident", group=5, keys=("Shift+D",), scope=M_, icon="arrow.down"),
    ActionSpec(id="major.resolve", text=str(QT_TRANSLATE_NOOP("actions", "Resolve…")),
               menu="Major incident", group=5, keys=("R",), scope=M_, icon="resolve",
               hint=str(QT_TRANSLATE_NOOP("actions", "resolve"))),
    ActionSpec(id="major.review", text=str(QT_TRANSLATE_NOOP("actions", "Reviewed…")),
               menu="Major incident", group=5, keys=("Shift+V",), scope=M_, icon="reviews"),
    ActionSpec(id="major.reopen", text=str(QT_TRANSLATE_NOOP("actions", "Reopen…")),
               menu="Major incident", group=5, icon="reopen"),
    ActionSpec(id="major.replay",
               text=str(QT_TRANSLATE_NOOP("actions", "Play or hold the replay of a drill")),
               menu="Major incident", group=6, keys=("Y",), scope=M_, icon="start"),
    ActionSpec(id="major.replay_next",
               text=str(QT_TRANSLATE_NOOP("actions", "Next event of the replay")),
               menu="Major incident", group=6, keys=("Shift+Y",), scope=M_, icon="next"),
    ActionSpec(id="major.drill", text=str(QT_TRANSLATE_NOOP("actions", "Start a drill…")),
               menu="Major incident", group=6, icon="start"),

    ActionSpec(id="on_call.today", text=str(QT_TRANSLATE_NOOP("actions", "Today")),
               menu="On-call", keys=("T",), scope=O_,
               hint=str(QT_TRANSLATE_NOOP("actions", "today"))),
    ActionSpec(id="on_call.previous", text=str(QT_TRANSLATE_NOOP("actions", "Earlier")),
               menu="On-call", keys=("PgUp",), scope=O_, icon="previous"),
    ActionSpec(id="on_call.next", text=str(QT_TRANSLATE_NOOP("actions", "Later")),
               menu="On-call", keys=("PgDown",), scope=O_, icon="next"),
    ActionSpec(id="on_call.override", text=str(QT_TRANSLATE_NOOP("actions", "Override…")),
               menu="On-call", group=1, keys=("O",), scope=O_, icon="add",
               hint=str(QT_TRANSLATE_NOOP("actions", "override"))),
    ActionSpec(id="on_call.take", text=str(QT_TRANSLATE_NOOP("actions", "Take this shift")),
               menu="On-call", group=1, keys=("I",), scope=O_, icon="assign"),
    ActionSpec(id="on_call.swap", text=str(QT_TRANSLATE_NOOP("actions", "Offer a swap…")),
               menu="On-call", group=1, keys=("W",), scope=O_, icon="switch",
               hint=str(QT_TRANSLATE_NOOP("actions", "swap"))),
    ActionSpec(id="on_call.remove", text=str(QT_TRANSLATE_NOOP("actions", "Cancel override")),
               menu="On-call", group=1, keys=("Del",), scope=O_, icon="delete"),
    ActionSpec(id="on_call.time_off", text=str(QT_TRANSLATE_NOOP("actions", "Time off…")),
               menu="On-call", group=1, keys=("F",), scope=O_, icon="calendar"),
    ActionSpec(id="on_call.note", text=str(QT_TRANSLATE_NOOP("actions", "Handover note…")),
               menu="On-call", group=1, keys=("M",), scope=O_, icon="note"),
    ActionSpec(id="on_call.call", text=str(QT_TRANSLATE_NOOP("actions", "Call who is on call")),
               menu="On-call", group=2, keys=("C",), scope=O_, icon="call",
               hint=str(QT_TRANSLATE_NOOP("actions", "call"))),
    ActionSpec(id="on_call.page", text=str(QT_TRANSLATE_NOOP("actions", "Page who is on call…")),
               menu="On-call", group=2, keys=("P",), scope=O_, icon="bell",
               hint=str(QT_TRANSLATE_NOOP("actions", "page"))),
    ActionSpec(id="on_call.findings",
               text=str(QT_TRANSLATE_NOOP("actions", "Findings of the next 90 days")),
               menu="On-call", group=3, keys=("L",), scope=O_, icon="checklist"),
    ActionSpec(id="on_call.fairness", text=str(QT_TRANSLATE_NOOP("actions", "Fairness")),
               menu="On-call", group=3, keys=("Y",), scope=O_, icon="reports"),
    ActionSpec(id="on_call.simulate", text=str(QT_TRANSLATE_NOOP("actions", "Simulate a policy…")),
               menu="On-call", group=3, keys=("S",), scope=O_, icon="experiment"),
    ActionSpec(id="on_call.calendar", text=str(QT_TRANSLATE_NOOP("actions", "Save a calendar…")),
               menu="On-call", group=3, keys=("E",), scope=O_, icon="calendar"),
    ActionSpec(id="on_call.setup",
               text=str(QT_TRANSLATE_NOOP("actions", "Rosters and policies")),
               menu="On-call", group=4, icon="settings"),

    ActionSpec(id="go.my_work", text=str(QT_TRANSLATE_NOOP("actions", "My work")),
               menu="Go", keys=("G, M",), icon="my.work"),
    ActionSpec(id="go.team_queue", text=str(QT_TRANSLATE_NOOP("actions", "Team queue")),
               menu="Go", keys=("G, T",), icon="team.queue"),
    ActionSpec(id="go.unassigned", text=str(QT_TRANSLATE_NOOP("actions", "Unassigned")),
               menu="Go", keys=("G, U",), icon="unassigned"),
    ActionSpec(id="go.needs_triage", text=str(QT_TRANSLATE_NOOP("actions", "Needs triage")),
               menu="Go", keys=("G, N",), icon="checklist"),
    ActionSpec(id="go.escalated_to_us", text=str(QT_TRANSLATE_NOOP("actions", "Escalated to us")),
               menu="Go", keys=("G, E",), icon="escalate"),
    ActionSpec(id="go.confirm_and_close",
               text=str(QT_TRANSLATE_NOOP("actions", "Confirm and close")),
               menu="Go", keys=("G, C",), icon="confirm.close"),
    ActionSpec(id="go.all_incidents", text=str(QT_TRANSLATE_NOOP("actions", "All incidents")),
               menu="Go", keys=("G, A",), icon="list"),
    ActionSpec(id="go.major", text=str(QT_TRANSLATE_NOOP("actions", "Major incidents")),
               menu="Go", group=1, keys=("G, J",), icon="major"),
    ActionSpec(id="go.on_call", text=str(QT_TRANSLATE_NOOP("actions", "On-call")),
               menu="Go", group=1, keys=("G, O",), icon="on.call"),
    ActionSpec(id="pages.mine", text=str(QT_TRANSLATE_NOOP("actions", "Pages that wait for me")),
               menu="Go", group=1, window_keys=("F8",), icon="bell"),

    ActionSpec(id="sync.now", text=str(QT_TRANSLATE_NOOP("actions", "Sync now")),
               menu="Tools", icon="refresh"),
    ActionSpec(id="sync.pending", text=str(QT_TRANSLATE_NOOP("actions", "Waiting changes…")),
               menu="Tools", icon="sync.pending"),
    ActionSpec(id="tools.catalogue", text=str(QT_TRANSLATE_NOOP("actions", "People and catalogue")),
               menu="Tools", group=1),
    ActionSpec(id="tools.matrix", text=str(QT_TRANSLATE_NOOP("actions", "Priority matrix…")),
               menu="Tools", group=1),
    ActionSpec(id="tools.contacts", text=str(QT_TRANSLATE_NOOP("actions", "How I am reached")),
               menu="Tools", group=1),
    ActionSpec(id="tools.channels", text=str(QT_TRANSLATE_NOOP("actions", "Channels")),
               menu="Tools", group=1),
    ActionSpec(id="tools.status_pages", text=str(QT_TRANSLATE_NOOP("actions", "Status pages")),
               menu="Tools", group=1),
    ActionSpec(id="pages.sound", text=str(QT_TRANSLATE_NOOP("actions", "Sound for my pages")),
               menu="Tools", group=2, is_choice=True),
    ActionSpec(id="keys.single", text=str(QT_TRANSLATE_NOOP("actions", "Single-letter keys")),
               menu="Tools", group=2, is_choice=True),
    ActionSpec(id="help.keys", text=str(QT_TRANSLATE_NOOP("actions", "Keys for this screen")),
               menu="Help", keys=("?", "Shift+?"), window_keys=("F1",),
               hint=str(QT_TRANSLATE_NOOP("actions", "all keys"))),
    ActionSpec(id="help.about", text=str(QT_TRANSLATE_NOOP("actions", "About Firstline")),
               menu="Help", group=1),
)  # fmt: skip

BY_ID: Final[dict[str, ActionSpec]] = {spec.id: spec for spec in ACTIONS}
