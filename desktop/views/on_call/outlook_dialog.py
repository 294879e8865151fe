"""What lies ahead: findings to look at, changes of the clock, and how the load is shared."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QListWidgetItem,
    QStackedWidget,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from desktop.models.fairness_model import FairnessRow
from desktop.views.on_call.fairness_table import FairnessTable
from desktop.views.on_call.values import ClockPreview, Finding, FindingKind
from desktop.widgets.dialog import DialogFrame
from desktop.widgets.labels import PlainLabel
from desktop.widgets.paint import draw_icon, draw_text, hairline
from desktop.widgets.painted_list import Index, PaintedList, paint_ground
from desktop.widgets.placeholders import EmptyState
from desktop.widgets.tabs import TabBar

FINDINGS, CLOCKS, FAIRNESS = "findings", "clocks", "fairness"
_TABS: Final = (FINDINGS, CLOCKS, FAIRNESS)
_LOOKS: Final[dict[FindingKind, tuple[str, str]]] = {
    FindingKind.GAP: ("danger", "danger.fg"),
    FindingKind.OVERLAP: ("people", "warn.fg"),
    FindingKind.NO_CONTACT: ("phone", "danger.fg"),
    FindingKind.CLOCK_CHANGE: ("clock.warn", "warn.fg"),
}


@dataclass(frozen=True, slots=True)
class OutlookLine:
    """A line of a list; without a key it is a heading."""

    key: str
    title: str
    text: str = ""
    icon: str = ""
    token: str = "fg.muted"

    @property
    def spoken(self) -> str:
        """Its words for a screen reader."""
        return f"{self.title}. {self.text}" if self.text else self.title

    @property
    def tip(self) -> str:
        """Its words for a pointer."""
        return self.text


class _Line(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        line = index.data(Qt.ItemDataRole.UserRole)
        return QSize(200, 46 if line.text else 34)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line, box = index.data(Qt.ItemDataRole.UserRole), QRectF(option.rect)
        if not line.key:
            draw_text(painter, box.adjusted(8, 8, -8, 0), line.title, "meta.strong", "fg.muted")
            return
        paint_ground(painter, box.adjusted(0, 1, 0, -1), option.state)
        hairline(painter, int(box.left()), int(box.bottom()), int(box.width()), "line.subtle")
        if line.icon:
            draw_icon(painter, line.icon, line.token, box.left() + 12, box.top() + 7)
        left = box.left() + (40 if line.icon else 12)
        room = QRectF(left, box.top() + 5, box.right() - left - 12, 18)
        draw_text(painter, room, line.title, "body.medium")
        draw_text(painter, room.adjusted(0, 18, 0, 16), line.text, "meta", "fg.muted")


class OutlookList(PaintedList):
    """Lines that can be opened with Enter or a double click."""

    opened = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, _Line, parent)
        self.itemDoubleClicked.connect(self._open)

    def _open(self, _: QListWidgetItem) -> None:
        if self.current:
            self.opened.emit(self.current)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and not event.modifiers() and self.current:
            self.opened.emit(self.current)
            return
        super().keyPressEvent(event)


class OutlookDialog(DialogFrame):
    """Three tabs. ``finding_opened`` carries the finding to be shown on the rota."""

    finding_opened = Signal(object)

    def __init__(self, host: QWidget, tab: str = FINDINGS) -> None:
        super().__init__(
            host, self.tr("Outlook"), primary=self.tr("Close"), cancel=self.tr("Back"),
            size=(820, 620),
        )  # fmt: skip
        self.cancel_button.hide()
        self._findings: dict[str, Finding] = {}
        self._tabs = TabBar(self.tr("Outlook"), inset=0)
        self.findings = OutlookList(self.tr("Findings of the next 90 days"))
        self.clocks = OutlookList(self.tr("Changes of the clock"))
        self.fairness = FairnessTable(self.tr("Fairness"))
        self._no_findings = EmptyState(
            "ok", self.tr("Nothing to look at"),
            self.tr("No gap, no overlap, and everybody on call can be reached."),
            tone="ok.fg",
        )  # fmt: skip
        self._no_clocks = EmptyState(
            "clock", self.tr("No clock changes"),
            self.tr("No clock of a roster is put forward or back while shifts are planned."),
        )  # fmt: skip
        self._span = PlainLabel("", "meta", "fg.muted")
        self._stack = QStackedWidget()
        self._add_tabs(tab)
        self.accepted.connect(self.close_dialog)
        self.findings.opened.connect(self._open)

    def _add_tabs(self, tab: str) -> None:
        for words in (self.tr("Findings"), self.tr("Summer time"), self.tr("Fairness")):
            self._tabs.addTab(words)
        for page in (
            self.findings, self.clocks, self.fairness, self._no_findings, self._no_clocks,
        ):  # fmt: skip
            self._stack.addWidget(page)
        self.subject_row.addWidget(self._span, 1)
        self.body.addWidget(self._tabs)
        self.body.addWidget(self._stack, 1)
        self._tabs.setCurrentIndex(_TABS.index(tab))
        self._tabs.currentChanged.connect(self._show_tab)
        self._show_tab()

    @property
    def first_field(self) -> QWidget:
        """What the keyboard goes to first: the page of the tab that is shown."""
        shown = self._stack.currentWidget()
        return shown if shown in (self.findings, self.clocks, self.fairness) else self._tabs

    def show_span(self, words: str) -> None:
        """Say which time this is about."""
        self._span.setText(words)

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """Show what should be looked at, soonest first."""
        self._findings = {finding.key: finding for finding in findings}
        self._tabs.set_count(0, len(findings))
        self.findings.show_rows([
            OutlookLine(f.key, f.title, f.text, *_LOOKS[f.kind]) for f in findings
        ])  # fmt: skip
        if findings:
            self.findings.setCurrentRow(0)
        self._show_tab()

    def show_clocks(self, previews: Sequence[ClockPreview]) -> None:
        """Show what changes of the clock do, change by change."""
        lines: list[OutlookLine] = []
        for at, preview in enumerate(previews):
            if preview.change != (previews[at - 1].change if at else ""):
                lines.append(OutlookLine("", preview.change))
            lines.append(OutlookLine(str(at), preview.text, icon="clock", token="fg.subtle"))
        self.clocks.show_rows(lines)
        self._show_tab()

    def show_fairness(self, rows: Sequence[FairnessRow]) -> None:
        """Show how the load is shared."""
        self.fairness.show_rows(list(rows))

    def _show_tab(self) -> None:
        at = max(0, self._tabs.currentIndex())
        page: QWidget = (self.findings, self.clocks, self.fairness)[at]
        if page is self.findings and not self._findings:
            page = self._no_findings
        elif page is self.clocks and not self.clocks.count():
            page = self._no_clocks
        self._stack.setCurrentWidget(page)

    def _open(self, key: str) -> None:
        self.close_dialog()
        self.finding_opened.emit(self._findings[key])
