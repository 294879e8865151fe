"""The changes of this desk that have not reached everybody yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from desktop.text import clock_text, plural
from desktop.theme.sizes import RADIUS_CONTROL
from desktop.theme.theme import current_theme
from desktop.views.dialogs.controls import scrolled
from desktop.views.dialogs.lost_change import LostChange
from desktop.views.dialogs.words import filled
from desktop.widgets.dialog import DialogFrame
from desktop.widgets.labels import PlainLabel
from desktop.widgets.paint import (
    RIGHT,
    draw_icon,
    draw_text,
    focus_frame,
    hairline,
    rounded,
    text_width,
)
from desktop.widgets.placeholders import EmptyState

Standing = Literal["waiting", "sending", "conflict", "refused", "held"]
_MOST: Final = 200
_LOOKS: Final[dict[Standing, tuple[str, str, int]]] = {
    "conflict": ("sync.attention", "warn.fg", 0),
    "refused": ("error", "danger.fg", 1),
    "held": ("hold", "warn.fg", 1),
    "sending": ("sync.pending", "accent.fg", 2),
    "waiting": ("sync.pending", "fg.subtle", 3),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingChange:
    """One change: what was done to which incident, and why it is still here.

    ``lost`` names the commands of a refused change whose incident is not on this desk, with all
    that followed on it; ``typed`` is what a person typed into them.
    """

    incident_id: UUID | None
    key: str
    act: str
    summary: str
    happened_at: datetime
    standing: Standing
    sentence: str = ""
    lost: tuple[UUID, ...] = ()
    typed: str = ""
    may_log_again: bool = False


class _Row(QPushButton):
    def __init__(self, change: PendingChange, word: str) -> None:
        super().__init__()
        self._change, self._word = change, word
        self.setFixedHeight(52)
        self.setAutoDefault(False)
        self.setEnabled(change.incident_id is not None)
        parts = (change.act, change.key, change.summary, word, change.sentence)
        self.setAccessibleName(", ".join(part for part in parts if part))

    def sizeHint(self) -> QSize:
        return QSize(400, 52)

    def paintEvent(self, event: QPaintEvent) -> None:
        change = self._change
        icon, token, _ = _LOOKS[change.standing]
        painter = QPainter(self)
        box = QRectF(self.rect())
        if self.underMouse() and self.isEnabled():
            rounded(painter, box, RADIUS_CONTROL, current_theme().color("bg.hover"))
        hairline(painter, 8, self.height() - 1, self.width() - 16, "line.subtle")
        draw_icon(painter, icon, token, 10, 10)
        clock = clock_text(change.happened_at.astimezone())
        room = max(text_width(self._word, "meta.medium"), text_width(clock, "meta.tabular")) + 1
        end = self.width() - 12 - room
        draw_text(painter, QRectF(end, 9, room, 18), self._word, "meta.medium", token, RIGHT)
        draw_text(painter, QRectF(end, 28, room, 16), clock, "meta.tabular", "fg.subtle", RIGHT)
        x = 38 + draw_text(painter, QRectF(38, 9, 240, 18), change.act, "body.medium") + 8
        x += draw_text(painter, QRectF(x, 9, 100, 18), change.key, "mono", "fg.muted") + 8
        draw_text(painter, QRectF(x, 9, end - 12 - x, 18), change.summary, "body", "fg.muted")
        line = QRectF(38, 28, end - 50, 16)
        draw_text(painter, line, change.sentence, "meta", "fg.subtle")
        if self.hasFocus():
            focus_frame(painter, box)
        painter.end()


class PendingChangesDialog(DialogFrame):
    """Waiting changes, those that need a person first; a click opens the incident.

    ``log_again_requested`` and ``let_go`` carry a change that has no incident on this desk.
    """

    incident_opened = Signal(object)
    log_again_requested = Signal(object)
    let_go = Signal(object)
    send_requested = Signal()

    def __init__(self, host: QWidget, changes: Sequence[PendingChange] = ()) -> None:
        super().__init__(
            host, self.tr("Waiting changes"), primary=self.tr("Send now"),
            primary_icon="refresh", cancel=self.tr("Done"), size=(720, 520),
        )  # fmt: skip
        self.subject_row.addStretch(1)
        self._count = PlainLabel("", "body", "fg.muted", wrap=True)
        holder = QWidget()
        self._rows = QVBoxLayout(holder)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(0)
        self._rows.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.body.addWidget(self._count)
        self.body.addWidget(scrolled(holder), 1)
        self.set_footer(self.tr("All of it is safe on this machine."), "sync.ok")
        self.accepted.connect(self.send_requested)
        self.show_changes(changes)

    def show_changes(self, changes: Sequence[PendingChange]) -> None:
        """List changes: conflicts and refusals first, then in the order they were made."""
        while (item := self._rows.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        ordered = sorted(changes, key=lambda c: (_LOOKS[c.standing][2], c.happened_at))
        for change in ordered[:_MOST]:
            self._rows.addWidget(self._lost(change) if change.lost else self._row(change))
        if len(ordered) > _MOST:
            more = filled(self.tr("and %1 more"), str(len(ordered) - _MOST))
            self._rows.addWidget(PlainLabel(more, "meta", "fg.subtle"))
        if not ordered:
            self._rows.addWidget(
                EmptyState("sync.ok", self.tr("Nothing waits"), self.tr("All changes are saved."))
            )
        self._tell(ordered)

    def _row(self, change: PendingChange) -> _Row:
        row = _Row(change, self._word(change.standing))
        row.clicked.connect(lambda: self._open(change.incident_id))
        return row

    def _lost(self, change: PendingChange) -> LostChange:
        title = filled(self.tr("You %1, and it was refused"), change.act)
        followers = len(change.lost) - 1
        if followers:
            more = (self.tr("change"), self.tr("changes"))
            title = filled(self.tr("%1 with %2 that followed"), title, plural(followers, *more))
        card = LostChange(
            title, change.sentence, change.typed, may_log_again=change.may_log_again, parent=self
        )
        card.again_requested.connect(lambda: self.log_again_requested.emit(change))
        card.let_go.connect(lambda: self.let_go.emit(change))
        return card

    def _tell(self, changes: Sequence[PendingChange]) -> None:
        needed = [change for change in changes if _LOOKS[change.standing][2] < 2]
        needing = sum(max(1, len(change.lost)) for change in needed)
        waiting = len(changes) - len(needed)
        parts = []
        if needing:
            need = (self.tr("change needs you"), self.tr("changes need you"))
            parts.append(plural(needing, *need))
        if waiting:
            wait = (self.tr("waits to be sent"), self.tr("wait to be sent"))
            parts.append(plural(waiting, *wait))
        self._count.setText(", ".join(parts))
        self._count.setVisible(bool(parts))
        self.primary_button.setEnabled(bool(changes))

    def _word(self, standing: Standing) -> str:
        return {
            "waiting": self.tr("Waiting"),
            "sending": self.tr("Sending"),
            "conflict": self.tr("Needs you"),
            "refused": self.tr("Refused"),
            "held": self.tr("Held"),
        }[standing]

    def _open(self, id_: UUID | None) -> None:
        if id_ is not None:
            self.close_dialog()
            self.incident_opened.emit(id_)
