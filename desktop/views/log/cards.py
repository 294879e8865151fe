"""Cards beside the fields: who calls, what follows, what is missing, what was before."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.text import count_text, incident_key, plural, when_text
from desktop.theme.theme import current_theme
from desktop.views.dialogs.words import PRIORITIES, filled, first_name, joined, said
from desktop.widgets.badges import Avatar, PriorityBadge, Tag
from desktop.widgets.buttons import IconButton
from desktop.widgets.card import Card, Rule
from desktop.widgets.icon_label import IconLabel
from desktop.widgets.labels import PlainLabel
from desktop.widgets.paint import (
    RIGHT,
    draw_icon,
    draw_text,
    focus_frame,
    hairline,
    text_width,
)
from desktop.widgets.paint_states import state_glyph
from services.incidents.labels import StateLabel
from services.incidents.read_models import RelatedItem
from services.people.person import Person

_ROWS = 8


class CallerCard(Card):
    """The caller in two lines, 52 high; a quiet hint while nobody is chosen."""

    cleared = Signal()

    def __init__(self) -> None:
        super().__init__("bg.subtle", "line.default", margins=(10, 0, 8, 0))
        self.setFixedHeight(52)
        self._avatar = Avatar("", size=34)
        self._name = PlainLabel("", "body.strong")
        self._vip = Tag(self.tr("VIP"), "violet", icon="vip")
        self._where = PlainLabel("", "meta", "fg.muted", elide=True)
        self._asset = PlainLabel("", "mono")
        self._load = PlainLabel("", "meta", "fg.muted")
        self._clear = IconButton("clear", self.tr("Choose another caller"))
        self._clear.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._clear.clicked.connect(self.cleared)
        self._build()
        self.show_nobody("")

    def _build(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(10)
        top.addWidget(self._name)
        top.addWidget(self._vip)
        top.addStretch(1)
        left = QVBoxLayout()
        left.setSpacing(0)
        left.addStretch(1)
        left.addLayout(top)
        left.addWidget(self._where)
        left.addStretch(1)
        right = QVBoxLayout()
        right.setSpacing(1)
        right.addStretch(1)
        right.addWidget(self._asset)
        right.addWidget(self._load)
        right.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self._avatar)
        row.addLayout(left, 1)
        row.addLayout(right)
        row.addWidget(self._clear)
        self.body.addLayout(row, 1)

    def show_person(self, person: Person, open_count: int) -> None:
        """Show somebody and how many of their incidents are open."""
        self._avatar.set_name(person.name)
        self._name.setText(person.name)
        self._name.set_token("fg.default")
        self._where.setText(joined((person.department, person.site, person.phone)))
        self._vip.setVisible(person.is_vip)
        self._asset.setText(person.asset_tag)
        self._asset.setVisible(bool(person.asset_tag))
        self._load.setText(plural(open_count, self.tr("open incident"), self.tr("open incidents")))
        self._load.setVisible(bool(open_count))
        self._clear.show()
        self.setAccessibleName(joined((person.name, self._where.text(), person.asset_tag)))

    def show_nobody(self, hint: str) -> None:
        """Say where the caller comes from while nobody is chosen."""
        self._avatar.set_name("")
        self._name.setText(self.tr("No caller yet"))
        self._name.set_token("fg.muted")
        self._where.setText(hint)
        for widget in (self._vip, self._asset, self._load, self._clear):
            widget.hide()
        self.setAccessibleName(self._name.text())


class ResultCard(Card):
    """The priority that follows, where the incident goes and the rule that applied."""

    def __init__(self) -> None:
        super().__init__("bg.subtle", "line.default", margins=(14, 14, 14, 12))
        self._badge = PriorityBadge(3)
        self._word = PlainLabel("", "heading")
        self._routed = PlainLabel("", "body.medium", elide=True)
        self._rule = PlainLabel("", "meta", "fg.subtle", wrap=True)
        self._grid = QGridLayout()
        self._build()
        self.show_untriaged()

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._badge)
        head.addWidget(self._word)
        head.addStretch(1)
        self.body.addLayout(head)
        self.body.addSpacing(2)
        self.body.addWidget(Rule("line.default"))
        self.body.addSpacing(2)
        self._grid.setHorizontalSpacing(12)
        self._grid.setColumnStretch(1, 1)
        self._grid.addWidget(PlainLabel(self.tr("Routed to"), "meta", "fg.muted"), 0, 0)
        self._grid.addWidget(self._routed, 0, 1)
        self.body.addLayout(self._grid)
        self.body.addWidget(self._rule)
        self.body.addStretch(1)

    def show_routing(self, team: str) -> None:
        """Say which team the incident will wait for."""
        self._routed.setText(team)

    def show_priority(self, priority: int, impact: str, urgency: str, edition: int) -> None:
        """Show a priority and the cell of the matrix it came from."""
        self._badge.set_priority(priority)
        self._badge.show()
        self._word.setText(said(PRIORITIES[priority]))
        rule = self.tr("%1 impact, %2 urgency. Matrix edition %3.")
        self._rule.setText(filled(rule, impact, urgency.lower(), str(edition)))

    def show_untriaged(self) -> None:
        """Say what happens without impact and urgency."""
        self._badge.hide()
        self._word.setText(self.tr("Not triaged yet"))
        self._rule.setText(
            self.tr("Impact and urgency decide the priority. It will wait in Needs triage.")
        )


class _Need(QWidget):
    """One line of the readiness list: ring or tick, word, remark."""

    def __init__(self, text: str, remark: str) -> None:
        super().__init__()
        self._text, self._remark, self._met = text, remark, False
        self.setFixedHeight(28)
        self.set_met(False)

    def set_met(self, met: bool) -> None:
        """Show whether this is there."""
        self._met = met
        self.setAccessibleName(f"{self._text}: {self.tr('there') if met else self._remark}")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        icon, token = ("check", "ok.fg") if self._met else ("remove", "fg.subtle")
        draw_icon(painter, icon, token, 14, (self.height() - 14) / 2, 14)
        line = QRectF(38, 0, self.width() - 52, self.height())
        draw_text(painter, line, self._text, "body", "fg.muted" if self._met else "fg.default")
        if not self._met:
            draw_text(painter, line, self._remark, "meta", "fg.subtle", RIGHT)
        painter.end()


class ReadinessCard(Card):
    """What is there and what is still missing before the report can be logged."""

    def __init__(self) -> None:
        super().__init__()
        row = self.add_head(self.tr("Ready to log"), icon="checklist")
        self._state = PlainLabel("", "meta", "fg.subtle")
        row.addWidget(self._state)
        needed, asked = self.tr("needed"), self.tr("else Needs triage")
        self._needs = {
            "caller": _Need(self.tr("Caller or monitoring source"), needed),
            "summary": _Need(self.tr("Summary"), needed),
            "priority": _Need(self.tr("Impact and urgency"), asked),
            "category": _Need(self.tr("Category"), self.tr("needed to resolve")),
            "service": _Need(self.tr("Service"), self.tr("needed to resolve")),
        }
        self.body.addSpacing(4)
        for need in self._needs.values():
            self.body.addWidget(need)
        self.body.addSpacing(6)

    def show_met(self, met: Sequence[str]) -> None:
        """Tick what is there."""
        for name, need in self._needs.items():
            need.set_met(name in met)
        left = [name for name in ("caller", "summary") if name not in met]
        if left:
            self._state.setText(filled(self.tr("%1 needed"), str(len(left))))
        else:
            rest = len(self._needs) - len(met)
            self._state.setText(
                filled(self.tr("can be logged, %1 open"), str(rest))
                if rest
                else self.tr("complete")
            )


class _EarlierRow(QPushButton):
    """One earlier incident: state, summary, day."""

    def __init__(self, item: RelatedItem, now: datetime) -> None:
        super().__init__()
        self._item = item
        self._when = when_text(item.reported_at, now)
        self.setFixedHeight(32)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        key = incident_key(item.number)
        self.setToolTip(f"{key}  {item.summary}")
        self.setAccessibleName(", ".join((key, item.label.value, item.summary, self._when)))

    def sizeHint(self) -> QSize:
        return QSize(200, 32)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self.underMouse():
            painter.fillRect(self.rect(), current_theme().color("bg.hover"))
        hairline(painter, 0, 0, self.width(), "line.subtle")
        y = (self.height() - 14) / 2
        state = self._item.label.name.lower()
        state_glyph(painter, QPointF(14, y), state)
        x = 34 + draw_text(painter, QRectF(34, 0, 90, 32), self._item.label.value, "meta.medium")
        room = text_width(self._when, "meta.tabular") + 1
        end = self.width() - 14 - room
        draw_text(painter, QRectF(end, 0, room, 32), self._when, "meta.tabular", "fg.subtle", RIGHT)
        line = QRectF(x + 8, 0, end - x - 18, 32)
        draw_text(painter, line, self._item.summary, "meta", "fg.muted")
        if self.hasFocus():
            focus_frame(painter, QRectF(self.rect()).adjusted(1, 1, -1, -1))
        painter.end()


class EarlierCard(Card):
    """What this caller reported before, newest first."""

    opened = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        head = self.add_head("", icon="history")
        self._title = PlainLabel("", "body.strong")
        self._count = PlainLabel("", "meta", "fg.subtle")
        head.insertWidget(1, self._title)
        head.addWidget(self._count)
        self._rows: list[QWidget] = []

    def show_items(self, caller: str, items: Sequence[RelatedItem], now: datetime) -> None:
        """Show the newest few and how many there are."""
        for row in self._rows:
            self.body.removeWidget(row)
            row.hide()
            row.deleteLater()
        title = filled(self.tr("Earlier from %1"), first_name(caller) or self.tr("this caller"))
        self._title.setText(title)
        self._count.setText(count_text(len(items)) if items else "")
        self._rows = [self._row(item, now) for item in items[:_ROWS]] or [self._nothing()]
        for row in self._rows:
            self.body.addWidget(row)

    def _row(self, item: RelatedItem, now: datetime) -> QWidget:
        row = _EarlierRow(item, now)
        row.clicked.connect(lambda: self._open(item.id))
        return row

    def _open(self, id_: UUID) -> None:
        self.opened.emit(id_)

    def _nothing(self) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(14, 10, 14, 10)
        row.addWidget(PlainLabel(self.tr("Nothing before. This is the first report."), "meta",
                                 "fg.subtle"))  # fmt: skip
        return holder


class QuietHint(QWidget):
    """What the assist column is for, while it has nothing to show."""

    def __init__(self, icon: str, text: str) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 4, 14, 4)
        row.setSpacing(10)
        row.addWidget(IconLabel(icon, "fg.subtle"), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(PlainLabel(text, "meta", "fg.subtle", wrap=True), 1)


OPEN_LABELS = frozenset(StateLabel) - {
    StateLabel.RESOLVED,
    StateLabel.CLOSED,
    StateLabel.CANCELLED,
}
"""Labels of incidents that are still being worked on."""
