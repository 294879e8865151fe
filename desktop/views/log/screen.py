"""The page on which a call becomes an incident, as fast as the caller speaks."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal, SignalInstance
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.text import incident_key, plural
from desktop.theme.sizes import FOOTER, GAP_BUTTONS, GUTTER_FORM, PAGE_HEAD
from desktop.views.dialogs.choosing import uuid_of
from desktop.views.dialogs.controls import scrolled
from desktop.views.log.assist import AssistColumn
from desktop.views.log.cards import OPEN_LABELS
from desktop.views.log.drafts import OpenDraft, draft_from, is_blank, new_draft_id
from desktop.views.log.form import LogForm
from desktop.views.log.head import LogHead
from desktop.views.log.report_fields import ReportFields
from desktop.widgets.buttons import Button
from desktop.widgets.card import Rule, Surface
from desktop.widgets.labels import PlainLabel
from desktop.widgets.tabs import TabBar
from services.incidents.directory import Directory
from services.incidents.incident import Channel
from services.incidents.priority import Impact, Severity, Urgency
from services.incidents.read_models import RelatedItem

DRAFT_AFTER_MS: Final = 500
_FORM_WIDTH: Final = 812
_ASSIST_WIDTH: Final = 424
_TAB_LETTERS: Final = 26
_LONGEST_CALL: Final = timedelta(hours=4)
"""A draft older than this was left open; nobody is on the telephone any more."""


def _now() -> datetime:
    return datetime.now(UTC).astimezone()


class LogIncidentScreen(Surface):
    """Fields at the left, what helps at the right; several drafts are tabs.

    The page keeps every draft until ``close_draft``; the presenter calls it once a form has
    become an incident, or lets ``show_error`` say why it did not.
    """

    log_requested = Signal(object)
    log_and_escalate_requested = Signal(object)
    log_as_resolved_requested = Signal(object)
    discarded = Signal(object)
    draft_changed = Signal(dict)
    parked = Signal()
    caller_chosen = Signal(object)
    caller_creation_requested = Signal(str)
    incident_opened = Signal(object)

    def __init__(self, now: Callable[[], datetime] = _now, parent: QWidget | None = None) -> None:
        super().__init__("bg.surface", parent)
        self._now = now
        self._directory = Directory()
        began = now().isoformat()
        self._drafts = [OpenDraft(new_draft_id(), began)]
        self._at = 0
        self._page = QWidget()
        self.head = LogHead()
        self._tabs = TabBar(self.tr("Drafts"), inset=GUTTER_FORM)
        self.report = ReportFields(now)
        self.assist = AssistColumn()
        self._note = PlainLabel("", "meta", "fg.subtle", elide=True)
        self.escalate_button = Button(
            self.tr("Log and escalate"), icon="escalate", keys="Ctrl E", height=32
        )
        self.resolved_button = Button(
            self.tr("Log as resolved"), icon="resolve", keys="Ctrl D", height=32
        )
        self.log_button = Button(self.tr("Log incident"), "primary", keys="Ctrl S", height=32)
        self._saving = QTimer(self, singleShot=True, interval=DRAFT_AFTER_MS)
        self._ticking = QTimer(self, interval=1_000)
        self._build()
        self._connect()
        self._bind_keys()
        self.report.restore(self.report.blank(now(), Channel.PHONE.value))
        self._show_draft()

    def _build(self) -> None:
        form = QVBoxLayout()
        form.setSpacing(0)
        self.head.setFixedHeight(PAGE_HEAD)
        form.addWidget(self.head)
        form.addWidget(Rule("line.default"))
        form.addWidget(self._tabs)
        form.addWidget(scrolled(self.report), 1)
        form.addWidget(Rule("line.subtle"))
        form.addWidget(self._footer())
        left = QWidget()
        left.setLayout(form)
        left.setMaximumWidth(_FORM_WIDTH)
        form.setContentsMargins(0, 0, 0, 0)
        self.assist.setMinimumWidth(260)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._page)
        row = QHBoxLayout(self._page)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(left, _FORM_WIDTH)
        row.addWidget(Rule("line.default", upright=True))
        row.addWidget(self.assist, _ASSIST_WIDTH)

    def _footer(self) -> QWidget:
        footer = QWidget()
        footer.setFixedHeight(FOOTER)
        row = QHBoxLayout(footer)
        row.setContentsMargins(GUTTER_FORM, 0, GUTTER_FORM, 0)
        row.setSpacing(GAP_BUTTONS)
        row.addWidget(self._note, 1)
        for button in (self.escalate_button, self.resolved_button, self.log_button):
            row.addWidget(button)
        return footer

    def _connect(self) -> None:
        self.report.changed.connect(self._note_change)
        self.report.caller_chosen.connect(self._take_caller)
        self.report.caller_creation_requested.connect(self.caller_creation_requested)
        self.head.discard_requested.connect(self.discard)
        self.head.park_requested.connect(self.park)
        self.assist.earlier.opened.connect(self.incident_opened)
        self._tabs.currentChanged.connect(self._switch)
        self._saving.timeout.connect(self._tell_draft)
        self._ticking.timeout.connect(self._tick)
        self.log_button.clicked.connect(lambda: self._give(self.log_requested))
        self.escalate_button.clicked.connect(lambda: self._give(self.log_and_escalate_requested))
        self.resolved_button.clicked.connect(lambda: self._give(self.log_as_resolved_requested))

    def _bind_keys(self) -> None:
        keys: dict[str, Callable[[], object]] = {
            "Ctrl+S": self.log_button.click,
            "Ctrl+Return": self.log_button.click,
            "Ctrl+Enter": self.log_button.click,
            "Ctrl+E": self.escalate_button.click,
            "Ctrl+D": self.resolved_button.click,
            "Alt+Q": self.park,
            "Esc": self.discard,
            "Ctrl+Left": lambda: self.report.step_channel(-1),
            "Ctrl+Right": lambda: self.report.step_channel(1),
        }
        for key, slot in keys.items():
            # Not on the screen itself: lists that float above it keep their own Esc.
            shortcut = QShortcut(QKeySequence(key), self._page)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(slot)

    # What the presenter shows

    def show_directory(self, directory: Directory) -> None:
        """Offer people and catalogue, and rank by the matrix in force."""
        self._directory = directory
        self.report.show_directory(directory)

    def show_routing(self, team: str) -> None:
        """Say in the result card which team the incident will wait for."""
        self.report.result.show_routing(team)

    def show_earlier(self, items: tuple[RelatedItem, ...]) -> None:
        """Show what the caller reported before, newest first."""
        caller = self.report.caller.person_id
        self.assist.show_earlier(self._directory.person(caller), items, self._now())
        self.report.show_open_count(sum(item.label in OPEN_LABELS for item in items))

    def show_draft_saved(self, at: datetime) -> None:
        """Say that what was typed is safe, and since when."""
        self.head.show_saved(at)

    def show_error(self, field: str, text: str) -> None:
        """Say why a form was refused: below its field, else in the footer."""
        if field in self.report.fields:
            self.report.point_at({field: text})
        else:
            self._say(text, is_error=True)

    def choose_caller(self, id_: UUID) -> None:
        """Choose a caller, as after one was added."""
        self.report.choose_caller(id_)
        self.report.fields.control("summary").setFocus()

    # Drafts

    def start_new(
        self,
        *,
        channel: Channel = Channel.PHONE,
        values: Mapping[str, object] | None = None,
        follow_up_of: tuple[UUID, int] | None = None,
    ) -> None:
        """Open an empty report, in a tab of its own if something is being written.

        ``values`` are given by field name as in ``content``; ``follow_up_of`` is the id and the
        number of the closed incident.
        """
        self._keep()
        blank = self.report.blank(self._now(), channel.value)
        draft = OpenDraft(
            new_draft_id(), self._now().isoformat(), values={**blank, **(values or {})}
        )
        if follow_up_of is not None:
            draft.follow_up_of = str(follow_up_of[0])
            draft.follow_up_key = incident_key(follow_up_of[1])
        if is_blank(self._drafts[self._at].values):
            self._drafts[self._at] = draft
        else:
            self._drafts.append(draft)
            self._at = len(self._drafts) - 1
        self._show_draft()
        self.report.caller.setFocus()

    def close_draft(self, draft_id: str) -> None:
        """Put a draft away, after it became an incident or was discarded."""
        self._keep()
        here = self._drafts[self._at].id
        self._drafts = [draft for draft in self._drafts if draft.id != draft_id]
        if not self._drafts:
            blank = self.report.blank(self._now(), Channel.PHONE.value)
            self._drafts = [OpenDraft(new_draft_id(), self._now().isoformat(), values=blank)]
        ids = [draft.id for draft in self._drafts]
        self._at = ids.index(here) if here in ids else min(self._at, len(ids) - 1)
        self._show_draft()
        self._tell_draft()

    def content(self) -> dict[str, object]:
        """Every open draft, as JSON can keep it."""
        self._keep()
        return {"current": self._at, "drafts": [draft.as_json() for draft in self._drafts]}

    def restore(self, content: Mapping[str, object]) -> None:
        """Open the drafts that ``content`` gave before."""
        kept = content.get("drafts")
        drafts = [draft_from(one) for one in kept] if isinstance(kept, list) else []
        if drafts:
            self._drafts = drafts
            at = content.get("current")
            self._at = min(at, len(drafts) - 1) if isinstance(at, int) else 0
            self._show_draft()

    @property
    def has_content(self) -> bool:
        """Whether anything is being written in any draft."""
        self._keep()
        return len(self._drafts) > 1 or not is_blank(self._drafts[0].values)

    def park(self) -> None:
        """Keep this draft and take the next call in a new one."""
        if is_blank(self.report.content()):
            self._say(self.tr("Nothing to park yet: this report is empty."))
            return
        self.start_new()
        self._tell_draft()
        self.parked.emit()

    def discard(self) -> None:
        """Put this draft away; the form says what it held, so that it can be brought back."""
        form = self.form()
        self.discarded.emit(form)
        self.close_draft(form.draft_id)

    def _keep(self) -> None:
        self._drafts[self._at].values = self.report.content()

    def _show_draft(self) -> None:
        draft = self._drafts[self._at]
        if draft.values:
            self.report.restore(draft.values)
        self.report.fields.show_problems({})
        self.head.show_follow_up(draft.follow_up_key)
        self._say("")
        self._show_tabs()
        self._refresh()
        self.assist.show_caller(self.report.caller.person_id is not None)
        self.caller_chosen.emit(self.report.caller.person_id)

    def _show_tabs(self) -> None:
        with QSignalBlocker(self._tabs):
            while self._tabs.count() > len(self._drafts):
                self._tabs.removeTab(0)
            while self._tabs.count() < len(self._drafts):
                self._tabs.addTab("")
            for at, draft in enumerate(self._drafts):
                self._tabs.setTabText(at, self._tab_text(draft.values))
            self._tabs.setCurrentIndex(self._at)
        self._tabs.setVisible(len(self._drafts) > 1)
        self.head.show_count(len(self._drafts))

    def _tab_text(self, values: Mapping[str, object]) -> str:
        caller = self._directory.person(uuid_of(str(values.get("caller", ""))))
        text = str(values.get("summary", "")).strip() or caller or self.tr("New report")
        return text if len(text) <= _TAB_LETTERS else f"{text[: _TAB_LETTERS - 1].rstrip()}…"

    def _switch(self, at: int) -> None:
        if 0 <= at < len(self._drafts) and at != self._at:
            self._keep()
            self._at = at
            self._show_draft()
            self._tell_draft()

    # What a person did

    def _take_caller(self, id_: UUID | None) -> None:
        self.assist.show_caller(id_ is not None)
        self.caller_chosen.emit(id_)

    def _note_change(self) -> None:
        self._say("")
        self._refresh()
        if not self._saving.isActive():
            self._saving.start()

    def _refresh(self) -> None:
        self.assist.readiness.show_met(self.report.met())
        self._tick()

    def _tell_draft(self) -> None:
        self._saving.stop()
        content = self.content()
        self._show_tabs()
        self.draft_changed.emit(content)

    def _tick(self) -> None:
        by_phone = self.report.channel.current == Channel.PHONE.value
        began = datetime.fromisoformat(self._drafts[self._at].began_at)
        lasts = self._now() - began
        self.head.show_call(lasts if by_phone and lasts < _LONGEST_CALL else None)

    def _say(self, text: str, *, is_error: bool = False) -> None:
        self._note.set_token("danger.fg" if is_error else "fg.subtle")
        self._note.setText(text)

    def _give(self, signal: SignalInstance) -> None:
        problems = self.report.problems(self._now())
        if problems:
            self.report.point_at(problems)
            self._say(
                plural(len(problems), self.tr("field needs a look"), self.tr("fields need a look")),
                is_error=True,
            )
            return
        self.report.fields.show_problems({})
        signal.emit(self.form())

    def form(self) -> LogForm:
        """The values of the report on screen."""
        text = self.report.fields.text
        chosen = self.report.matrix_choice
        category, subcategory = self.report.category_ids
        severity = text("severity")
        draft = self._drafts[self._at]
        channel = Channel(self.report.channel.current)
        by_phone = channel is Channel.PHONE
        return LogForm(
            draft_id=draft.id,
            channel=channel,
            caller_id=self.report.caller.person_id,
            monitoring_source=text("monitoring_source") if channel is Channel.MONITORING else "",
            summary=text("summary"),
            description=text("description"),
            service_id=uuid_of(text("service")),
            affected_product_ids=self.report.product_ids,
            category_id=category,
            subcategory_id=subcategory,
            impact=Impact(int(chosen[0])) if chosen else None,
            urgency=Urgency(int(chosen[1])) if chosen else None,
            severity=Severity(severity) if severity.startswith("SEV") else None,
            reported_at=self.report.fields.when("reported_at"),
            follow_up_of_id=uuid_of(draft.follow_up_of),
            call_began_at=datetime.fromisoformat(draft.began_at) if by_phone else None,
            is_confidential=self.report.is_confidential,
        )

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ticking.start()
        self._tick()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._ticking.stop()
        if self._saving.isActive():
            self._tell_draft()
