"""One incident beside the list: facts, verbs, tabs and the field to write in."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Final
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from desktop.action_hub import ActionHub
from desktop.models.timeline_model import TimelineModel
from desktop.text import incident_key
from desktop.views.major.proposal_strip import ProposalStrip
from desktop.views.paging.page_strip import PageStrip
from desktop.views.record.company import Companion
from desktop.views.record.composer import Composer
from desktop.views.record.conflict_compare import ConflictCompare
from desktop.views.record.conflict_strip import ConflictStrip
from desktop.views.record.conflict_words import Choice
from desktop.views.record.details_tab import DetailsTab
from desktop.views.record.escalations_tab import EscalationsTab
from desktop.views.record.held_reply import HeldReply
from desktop.views.record.properties import Properties
from desktop.views.record.record_head import RecordHead
from desktop.views.record.related_tab import RelatedTab
from desktop.views.record.strips import NewerStrip, ReadOnlyStrip, TriageStrip
from desktop.views.record.timeline_view import TimelineView
from desktop.views.record.whole_text import WholeText
from desktop.widgets.card import Rule, Surface
from desktop.widgets.placeholders import EmptyState
from desktop.widgets.tabs import TabBar
from services.incidents.incident import NoteKind
from services.incidents.read_models import IncidentDetail, TimelineEntry, WayOut

TABS: Final = ("timeline", "details", "escalations", "related")
FIELDS: Final = (
    "state", "service", "category", "assignee", "priority", "summary", "caller", "severity",
)  # fmt: skip
_MIN, _MAX, _WIDTH = 360, 640, 404


class RecordPane(Surface):
    """Shows what it is given and says what was asked; verbs go through the action hub.

    ``edit_requested`` names a field (state, service, category, assignee, priority, summary,
    caller, severity), whether it was clicked or its key was pressed. ``conflict_settled``
    carries a ``Settlement``. ``note_submitted`` carries the kind, the
    text, and seconds of a call or None. ``text_requested`` carries title and text of something
    too long for the pane.
    """

    edit_requested = Signal(str)
    conflict_settled = Signal(object)
    note_submitted = Signal(object, str, object)
    draft_changed = Signal(str)
    reply_discarded = Signal()
    call_requested = Signal()
    caller_history_requested = Signal(object)
    incident_opened = Signal(object)
    answer_requested = Signal(object)
    withdrawal_requested = Signal(object)

    def __init__(self, hub: ActionHub, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._hub = hub
        self._detail: IncidentDetail | None = None
        self._now: datetime | None = None
        self._timeline_model = TimelineModel(self)
        self._conflict = ConflictStrip()
        self._read_only = ReadOnlyStrip(hub)
        self._triage = TriageStrip(hub)
        self._newer = NewerStrip()
        self.paging = PageStrip()
        self.major = ProposalStrip()
        self._head = RecordHead(hub)
        self._properties = Properties()
        self._tabs = TabBar(self.tr("Parts of the record"))
        self._timeline = TimelineView(self._timeline_model)
        self._details = DetailsTab(self.tr("Details"))
        self.escalations = EscalationsTab(self.tr("Escalations"))
        self._related = RelatedTab(self.tr("Related"))
        self._compare = ConflictCompare()
        self._held = HeldReply()
        self._composer = Composer()
        self._pages = QStackedWidget()
        self._whole = QStackedWidget()
        self._keys: list[QShortcut] = []
        self._build()
        self._connect()
        self.show_nothing()

    def _build(self) -> None:
        self.setMinimumWidth(_MIN)
        self.setMaximumWidth(_MAX)
        self.setAccessibleName(self.tr("Record"))
        record = QWidget()
        column = QVBoxLayout(record)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        strips = (
            self._conflict, self._newer, self._read_only, self.major, self._triage, self.paging,
        )  # fmt: skip
        for widget in (*strips, self._head, Rule(), self._properties, self._tabs):
            column.addWidget(widget)
        for text in (self.tr("Timeline"), self.tr("Details"), self.tr("Escalations"),
                     self.tr("Related")):  # fmt: skip
            self._tabs.addTab(text)
        for page in (self._timeline, self._details, self.escalations, self._related):
            self._pages.addWidget(page)
        self._pages.addWidget(self._compare)
        column.addWidget(self._pages, 1)
        column.addWidget(self._held)
        column.addWidget(self._composer)
        nothing = EmptyState(
            "list", self.tr("No incident chosen"), self.tr("Its record is shown here.")
        )
        gone = EmptyState(
            "lock",
            self.tr("No longer here"),
            self.tr("This incident is now confidential or was removed."),
        )
        self._whole.addWidget(nothing)
        self._whole.addWidget(record)
        self._whole.addWidget(gone)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._whole)
        self.resize(_WIDTH, 800)

    def _connect(self) -> None:
        self._tabs.currentChanged.connect(self._pages.setCurrentIndex)
        self._properties.edit_requested.connect(self.edit_requested)
        self._head.caller.call_requested.connect(self._log_call)
        self._head.caller.history_requested.connect(self.caller_history_requested)
        self._related.incident_opened.connect(self.incident_opened)
        self.escalations.answer_requested.connect(self.answer_requested)
        self.escalations.withdrawal_requested.connect(self.withdrawal_requested)
        self._composer.note_submitted.connect(self.note_submitted)
        self._composer.draft_changed.connect(self.draft_changed)
        self._held.send_requested.connect(self._composer.submit)
        self._held.edit_requested.connect(self._edit_reply)
        self._held.discard_requested.connect(self.reply_discarded)
        self._conflict.settled.connect(self.conflict_settled)
        self._conflict.comparison_requested.connect(self.show_comparison)
        self._compare.settled.connect(self.conflict_settled)
        self._compare.put_off.connect(lambda: self.show_tab("timeline"))
        self._timeline.whole_text_requested.connect(self._show_entry)
        self._details.whole_text_requested.connect(self._show_text)
        self._hub.triggered.connect(self._act)

    def bind_conflict_keys(self, panel: QWidget) -> None:
        """Listen to 1, 2, 3 and 4 in a panel while a conflict is shown."""
        choices: tuple[Choice, ...] = ("mine", "theirs", "edit")
        acts = (*(partial(self._choose, choice) for choice in choices), self.show_comparison)
        for key, act in zip("1234", acts, strict=True):
            shortcut = QShortcut(QKeySequence(key), panel)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)
            shortcut.setEnabled(False)
            self._keys.append(shortcut)

    def _choose(self, choice: Choice) -> None:
        """A side for the whole conflict, or while comparing for the field with the keyboard."""
        if self._pages.currentWidget() is self._compare and choice != "edit":
            self._compare.choose(mine=choice == "mine")
        else:
            self._conflict.settle(choice)

    def _act(self, id_: str) -> None:
        group, _, name = id_.partition(".")
        if group == "tab":
            self.show_tab(name)
        elif id_ == "incident.note":
            self.write(NoteKind.INTERNAL)
        elif id_ == "incident.reply":
            self.write(NoteKind.REPLY)
        elif group == "edit" and name in FIELDS:
            self.edit_requested.emit(name)

    # What is pushed in

    @property
    def detail(self) -> IncidentDetail | None:
        """The incident shown."""
        return self._detail

    def show_nothing(self, *, is_gone: bool = False) -> None:
        """Show that no incident is chosen, or that the one chosen has gone out of sight."""
        self._detail = None
        self._hub.set_incident(None)
        self._arm(False)
        self._whole.setCurrentIndex(2 if is_gone else 0)

    def show_incident(
        self, detail: IncidentDetail, *, now: datetime, viewer_id: UUID | None = None
    ) -> None:
        """Show an incident as the viewer may see and change it; ``now`` carries the local zone."""
        is_other = self._detail is None or self._detail.incident.id != detail.incident.id
        self._detail, self._now = detail, now
        self._hub.set_incident(detail.may)
        self._conflict.show_for(detail.conflicts, now)
        self._arm(bool(detail.conflicts))
        self._read_only.show_for(detail, now)
        self._triage.show_for(detail)
        self._newer.show_for(detail)
        self._head.show_incident(detail, now)
        self._properties.show_for(detail, viewer_id)
        self._timeline_model.show_entries(
            detail.timeline, now=now, viewer_id=viewer_id, pending=detail.pending_command_ids
        )
        self._details.show_for(detail, now)
        self.escalations.show_for(detail, now)
        self._related.show_for(detail, now)
        for tab, items in ((2, detail.escalations), (3, (*detail.related, *detail.hidden_links))):
            self._tabs.set_count(tab, len(items))
            # Only a new text makes Qt measure a tab again.
            self._tabs.setTabText(tab, self._tabs.tabText(tab))
        self._composer.setVisible(detail.may("AddNote"))
        self._composer.set_caller(detail.caller.name if detail.caller else "")
        is_comparing = self._pages.currentWidget() is self._compare
        if is_other or (is_comparing and self._compare.item != self._conflict.item):
            self._pages.setCurrentIndex(self._tabs.currentIndex())
        if is_other:
            self._timeline.scrollToTop()
        self._whole.setCurrentIndex(1)

    def show_company(self, companions: Sequence[Companion]) -> None:
        """Show who else is at this record."""
        self._head.title.company.show_company(companions)

    def _arm(self, has_conflict: bool) -> None:
        for shortcut in self._keys:
            shortcut.setEnabled(has_conflict)

    def show_tab(self, name: str) -> None:
        """Show timeline, details, escalations or related."""
        self._tabs.setCurrentIndex(TABS.index(name))
        self._pages.setCurrentIndex(TABS.index(name))

    def show_comparison(self) -> None:
        """Show both sides of the first conflict in place of the tab, if fields clash."""
        item = self._conflict.item
        if item is not None and self._now is not None and item.way_out is WayOut.CHOOSE:
            self._pages.setCurrentWidget(self._compare)
            self._compare.show_conflict(item, self._now)

    # Writing

    def write(self, kind: NoteKind) -> None:
        """Give the keyboard to the field, for a note of a kind."""
        if not self._composer.isHidden():
            self._composer.write(kind)

    def composer_text(self) -> str:
        """What stands in the field."""
        return self._composer.composer_text()

    def set_composer_text(self, text: str) -> None:
        """Put a draft back, or clear the field after a commit."""
        self._composer.set_composer_text(text)

    def hold_reply(self, author: str, text: str) -> None:
        """Say whose newer note holds the reply; committing again sends it anyway."""
        self.show_tab("timeline")
        self._timeline.scrollToTop()
        self._held.show_note(author, text)
        self._composer.set_held(True)

    def release_reply(self) -> None:
        """Nothing holds the reply any more."""
        self._held.hide()
        self._composer.set_held(False)

    def _edit_reply(self) -> None:
        self.release_reply()
        self.write(NoteKind.REPLY)

    def _log_call(self) -> None:
        self.write(NoteKind.CALL)
        self.call_requested.emit()

    # Long texts and the order of panes

    def _show_entry(self, entry: TimelineEntry) -> None:
        self._show_text(self.tr("%1 %2").replace("%1", entry.actor).replace("%2", entry.sentence),
                        entry.text)  # fmt: skip

    def _show_text(self, title: str, text: str) -> None:
        whole = WholeText(self, title, text)
        if self._detail is not None:
            incident = self._detail.incident
            priority = int(incident.priority) if incident.priority else None
            whole.set_subject(priority, incident_key(incident.number), incident.summary)
        whole.setProperty("is_fleeting", True)
        whole.open()

    def focus_first(self) -> None:
        """Give the keyboard to the first verb."""
        if self._detail is not None:
            self._head.focus_first()

    def property_widget(self, field: str) -> QWidget:
        """The widget a list of choices for a field opens at; the head for those without one."""
        return self._properties.value_of(field) or self._head

    def panes(self) -> list[QWidget]:
        """Where F6 goes within the record, in order."""
        if self._detail is None or self.isHidden():
            return []
        page = self._pages.currentWidget() or self._timeline
        found: list[QWidget] = [self._head.verbs.first_button(), self._tabs, page]
        return found if self._composer.isHidden() else [*found, self._composer.field]
