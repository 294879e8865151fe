"""The top of a record: what it is called, whom it affects and what can be done with it."""

from datetime import datetime
from typing import Final

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from desktop.action_hub import ActionHub, keys_of, text_of
from desktop.actions import BY_ID
from desktop.text import full_when_text, incident_key
from desktop.theme.sizes import GUTTER_PANE
from desktop.views.record.company import Company
from desktop.views.record.properties import HOLD_REASONS, word_for
from desktop.widgets.badges import Avatar, PriorityBadge, SeverityPill, Tag
from desktop.widgets.buttons import Button, IconButton
from desktop.widgets.labels import PlainLabel
from services.core.records import is_known
from services.incidents.incident import Incident, IncidentState
from services.incidents.read_models import IncidentDetail
from services.people.person import Person

SHOWN: Final = (
    "incident.accept", "incident.reject", "incident.close", "incident.resolve",
    "incident.hand_back", "incident.resume", "incident.escalate", "incident.hold",
    "incident.start", "incident.reopen", "incident.recall",
)  # fmt: skip
MORE: Final = (
    (), ("incident.assign_me", "edit.summary", "edit.caller", "edit.severity",
         "incident.restrict"),
    ("incident.page", "incident.escalate_up", "incident.link", "incident.follow_up"),
    ("incident.print",), ("incident.cancel",),
)  # fmt: skip
_MOST_BUTTONS: Final = 3


class RecordTitle(QWidget):
    """Badge, key with a copy button, severity and title."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._badge = PriorityBadge(3)
        self._triage = Tag(self.tr("Triage"), "warn")
        self._key = PlainLabel("", "mono", "fg.muted", selectable=True)
        self._copy = IconButton("copy", self.tr("Copy the number"), size=24)
        self.company = Company()
        self._drill = Tag(self.tr("DRILL"), "violet")
        self._confidential = Tag(self.tr("Confidential"), "neutral", icon="lock")
        self._severity = SeverityPill(3)
        self._title = PlainLabel("", "title", wrap=True)
        row = QHBoxLayout()
        row.setSpacing(8)
        for widget in (self._drill, self._badge, self._triage, self._key, self._copy):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self.company)
        row.addWidget(self._confidential)
        row.addWidget(self._severity)
        column = QVBoxLayout(self)
        column.setContentsMargins(GUTTER_PANE, 12, GUTTER_PANE, 0)
        column.setSpacing(6)
        column.addLayout(row)
        column.addWidget(self._title)
        self._copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._key.text()))

    def show_incident(self, incident: Incident) -> None:
        """Show another incident."""
        self._badge.setVisible(incident.priority is not None)
        self._triage.setVisible(incident.priority is None)
        if incident.priority is not None:
            self._badge.set_priority(int(incident.priority))
        self._drill.setVisible(incident.is_drill)
        self._confidential.setVisible(incident.is_confidential)
        has_severity = incident.severity is not None and is_known(incident.severity)
        self._severity.setVisible(has_severity)
        if incident.severity is not None and has_severity:
            self._severity.set_severity(int(incident.severity.value[-1]))
        self._key.setText(incident_key(incident.number))
        self._title.setText(incident.summary)


class CallerBlock(QWidget):
    """Who is affected, where they are and how to reach them."""

    call_requested = Signal()
    history_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._caller: Person | None = None
        self._avatar = Avatar("", size=32)
        self._name = PlainLabel("", "body.medium")
        self._vip = Tag(self.tr("VIP"), "violet", icon="vip")
        self._place = PlainLabel("", "meta", "fg.muted", elide=True)
        self._call = IconButton("phone", self.tr("Log a call with the caller"))
        self._history = IconButton("history", self.tr("Earlier incidents of this caller"))
        self._build()
        self._call.clicked.connect(self.call_requested)
        self._history.clicked.connect(self._ask_history)

    def _build(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(GUTTER_PANE, 2, GUTTER_PANE - 6, 2)
        row.setSpacing(10)
        row.addWidget(self._avatar)
        words = QVBoxLayout()
        words.setSpacing(1)
        name = QHBoxLayout()
        name.setSpacing(8)
        name.addWidget(self._name)
        name.addWidget(self._vip)
        name.addStretch(1)
        words.addLayout(name)
        words.addWidget(self._place)
        row.addLayout(words, 1)
        row.addWidget(self._call)
        row.addWidget(self._history)

    def show_caller(self, detail: IncidentDetail) -> None:
        """Show the caller, or the monitoring that reported."""
        self._caller = caller = detail.caller
        self._call.setVisible(caller is not None and detail.may("AddNote"))
        self._history.setVisible(caller is not None)
        if caller is None:
            source = detail.incident.monitoring_source
            self._avatar.set_name(source or "M")
            self._name.setText(source or self.tr("No caller"))
            self._vip.hide()
            self._place.setText(self.tr("Reported by monitoring") if source else "")
            return
        self._avatar.set_name(caller.name)
        self._name.setText(caller.name)
        self._vip.setVisible(caller.is_vip)
        site = ", ".join(part for part in (caller.department, caller.site) if part)
        self._place.setText("  ·  ".join(part for part in (site, caller.phone) if part))
        tip = self.tr("Earlier incidents of this caller, %n open", "", detail.caller_open_count)
        self._history.setToolTip(tip)

    def _ask_history(self) -> None:
        if self._caller is not None:
            self.history_requested.emit(self._caller.id)


class VerbRow(QWidget):
    """The acts that fit the situation, the first one filled; the rest is behind "more"."""

    def __init__(self, hub: ActionHub, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hub = hub
        self._possible: list[str] = []
        self._rest: list[str] = []
        self._buttons: dict[str, Button] = {}
        self._more = IconButton("more", self.tr("More"))
        self._menu = QMenu(self)
        self._remark = PlainLabel("", "meta", "fg.muted", wrap=True)
        self._row = QHBoxLayout()
        self._row.setSpacing(8)
        column = QVBoxLayout(self)
        column.setContentsMargins(GUTTER_PANE, 6, GUTTER_PANE - 6, 12)
        column.setSpacing(6)
        column.addLayout(self._row)
        column.addWidget(self._remark)
        for id_ in (*SHOWN, "incident.print"):
            self._buttons[id_] = self._button(id_)
            self._row.addWidget(self._buttons[id_])
        self._row.addStretch(1)
        self._row.addWidget(self._more)
        self._more.clicked.connect(self._open_menu)

    def _button(self, id_: str) -> Button:
        verb = text_of(id_)
        button = Button(verb, icon=BY_ID[id_].icon or None, keys=keys_of(id_))
        button.clicked.connect(lambda: self._hub.trigger(id_))
        button.hide()
        return button

    def show_for(self, detail: IncidentDetail, now: datetime) -> None:
        """Offer what the viewer may do now, and say what the incident waits for."""
        possible = [id_ for id_ in SHOWN if detail.may(BY_ID[id_].act)]
        self._possible = possible or ["incident.print"]
        remark = self._waits_for(detail, now)
        self._remark.setText(remark)
        self._remark.setVisible(bool(remark))
        self._lay_out()

    def _waits_for(self, detail: IncidentDetail, now: datetime) -> str:
        """Why a resolved one cannot be closed here, or what one on hold waits for."""
        incident = detail.incident
        if incident.state is IncidentState.RESOLVED and not detail.may("CloseIncident"):
            remark = self.tr("Service Desk closes after confirming with caller.")
            why = detail.why_not("CloseIncident")
            return remark if why in remark else f"{remark} {why}"
        if incident.on_hold_reason is None:
            return ""
        reason = word_for(HOLD_REASONS, incident.on_hold_reason)
        remark = self.tr("Waits for %1").replace("%1", reason)
        if incident.follow_up_at is None:
            return remark
        when = full_when_text(incident.follow_up_at, now)
        return f"{remark}  ·  {self.tr('follow up %1').replace('%1', when)}"

    def _lay_out(self) -> None:
        """Show as many as fit, three at most."""
        room = self.width() - 2 * GUTTER_PANE - 18
        shown: list[str] = []
        for id_ in self._possible[:_MOST_BUTTONS]:
            room -= self._buttons[id_].sizeHint().width() + 8
            if shown and room < 0:
                break
            shown.append(id_)
        first = next((id_ for id_ in shown if id_ in SHOWN), "")
        for id_, button in self._buttons.items():
            button.setVisible(id_ in shown)
            button.set_kind("primary" if id_ == first else "default")
        self._rest = [id_ for id_ in self._possible if id_ not in shown]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self._lay_out()

    def first_button(self) -> QWidget:
        """The filled verb, or "more" where nothing may be done."""
        shown = [id_ for id_ in self._possible if not self._buttons[id_].isHidden()]
        return self._buttons[shown[0]] if shown else self._more

    def menu_ids(self) -> list[list[str]]:
        """What stands behind "more", in groups."""
        groups = [self._rest, *(list(group) for group in MORE[1:])]
        return [found for group in groups if (found := [i for i in group if self._hub.may(i)])]

    def _open_menu(self) -> None:
        self._menu.clear()
        for group in self.menu_ids():
            if not self._menu.isEmpty():
                self._menu.addSeparator()
            for id_ in group:
                self._menu.addAction(self._hub.action(id_))
        right = QPoint(self._more.width() - self._menu.sizeHint().width(), self._more.height() + 2)
        self._menu.popup(self._more.mapToGlobal(right))


class RecordHead(QWidget):
    """Title, caller and verbs, one below the other."""

    def __init__(self, hub: ActionHub, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = RecordTitle()
        self.caller = CallerBlock()
        self.verbs = VerbRow(hub)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for widget in (self.title, self.caller, self.verbs):
            column.addWidget(widget)

    def show_incident(self, detail: IncidentDetail, now: datetime) -> None:
        """Show another incident."""
        self.title.show_incident(detail.incident)
        self.caller.show_caller(detail)
        self.verbs.show_for(detail, now)

    def focus_first(self) -> None:
        """Give the keyboard to the first thing that takes it."""
        target = self.verbs.first_button()
        target.setFocus(Qt.FocusReason.TabFocusReason)
