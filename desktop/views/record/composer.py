"""Where notes, replies and calls are written."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QPainter, QPaintEvent, QShortcut, QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.theme.sizes import GUTTER_PANE
from desktop.theme.theme import current_theme
from desktop.widgets.buttons import Button
from desktop.widgets.inputs import LineEdit, TextEdit
from desktop.widgets.labels import PlainLabel
from desktop.widgets.segmented import Segment, SegmentedControl
from services.incidents.incident import NoteKind

_MOST_LINES: Final = 9
_ONE_LINE: Final = 32
_NO_BAR: Final = Qt.ScrollBarPolicy.ScrollBarAlwaysOff


class Composer(QWidget):
    """Ctrl+Enter commits; ``note_submitted`` carries kind, text and seconds of a call or None."""

    note_submitted = Signal(object, str, object)
    draft_changed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._caller = ""
        self._is_held = False
        self._text = TextEdit(self.tr("Note"), lines=1)
        self._add = Button(self.tr("Add"), keys="Ctrl ↵", height=32)
        self._remark = PlainLabel("", "meta", "fg.subtle", elide=True)
        self._kinds = SegmentedControl(
            self.tr("What to write"),
            [
                Segment("note", self.tr("Note"), "note"),
                Segment("reply", self.tr("Reply"), "reply"),
                Segment("call", self.tr("Call"), "call"),
            ],
        )
        self._outcome = SegmentedControl(
            self.tr("Outcome of the call"),
            [
                Segment("spoke", self.tr("Spoke with caller")),
                Segment("no_answer", self.tr("No answer")),
            ],
        )
        self._minutes = LineEdit(self.tr("Minutes"), placeholder=self.tr("Minutes"), height=28)
        self._call_row = QWidget()
        self._build()
        self._connect()
        self._show_kind()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(GUTTER_PANE, 9, GUTTER_PANE, 11)
        column.setSpacing(8)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._kinds)
        head.addWidget(self._remark, 1)
        self._remark.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        call = QHBoxLayout(self._call_row)
        call.setContentsMargins(0, 0, 0, 0)
        call.setSpacing(8)
        call.addWidget(self._outcome)
        self._minutes.setFixedWidth(84)
        call.addWidget(self._minutes)
        call.addStretch(1)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self._text, 1)
        foot.addWidget(self._add, 0, Qt.AlignmentFlag.AlignBottom)
        self._text.setFixedHeight(_ONE_LINE)
        self._text.setVerticalScrollBarPolicy(_NO_BAR)
        column.addLayout(head)
        column.addWidget(self._call_row)
        column.addLayout(foot)

    def _connect(self) -> None:
        self._kinds.chosen.connect(self._show_kind)
        self._outcome.chosen.connect(self._show_kind)
        self._text.document().documentLayout().documentSizeChanged.connect(self._grow)
        self._text.textChanged.connect(lambda: self.draft_changed.emit(self.composer_text()))
        self._add.clicked.connect(self.submit)
        for key in ("Ctrl+Return", "Ctrl+Enter"):
            commit = QShortcut(QKeySequence(key), self)
            commit.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            commit.activated.connect(self.submit)

    def set_caller(self, name: str) -> None:
        """Say who reads a reply; without a caller there are only notes."""
        self._caller = name
        self._kinds.setVisible(bool(name))
        if not name:
            self._kinds.set_current("note")
        self._show_kind()

    def _show_kind(self, *_: object) -> None:
        kind = self._kinds.current
        self._call_row.setVisible(kind == "call")
        no_answer = self._outcome.current == "no_answer"
        self._minutes.setVisible(not no_answer)
        remarks = {
            "note": self.tr("only your team sees notes"),
            "reply": self.tr("to %1").replace("%1", self._caller),
            "call": self.tr("with %1").replace("%1", self._caller),
        }
        prompts = {
            "note": self.tr("Add a note"),
            "reply": self.tr("Write to the caller"),
            "call": self.tr("What was tried") if no_answer else self.tr("What was said"),
        }
        self._remark.setText(remarks[kind])
        self._text.setPlaceholderText(prompts[kind])
        self._text.setAccessibleName(prompts[kind])
        send = self.tr("Send anyway") if self._is_held else self.tr("Send")
        verbs = {"note": self.tr("Add"), "reply": send, "call": self.tr("Log call")}
        self._add.setText(verbs[kind])

    def set_held(self, is_held: bool) -> None:
        """Say on the button that a reply goes in spite of a newer note."""
        self._is_held = is_held
        self._show_kind()

    def _grow(self, *_: object) -> None:
        lines = min(_MOST_LINES, max(1, int(self._text.document().size().height())))
        line_px = current_theme().role("body").line_px
        self._text.setFixedHeight(_ONE_LINE if lines == 1 else lines * line_px + 18)
        is_full = lines == _MOST_LINES
        policy = Qt.ScrollBarPolicy.ScrollBarAsNeeded if is_full else _NO_BAR
        self._text.setVerticalScrollBarPolicy(policy)

    @property
    def kind(self) -> NoteKind:
        """What would be added now."""
        if self._kinds.current == "call":
            no_answer = self._outcome.current == "no_answer"
            return NoteKind.CONTACT_ATTEMPT if no_answer else NoteKind.CALL
        return NoteKind.REPLY if self._kinds.current == "reply" else NoteKind.INTERNAL

    def write(self, kind: NoteKind) -> None:
        """Choose what to write and give the keyboard to the text."""
        keys = {NoteKind.INTERNAL: "note", NoteKind.REPLY: "reply", NoteKind.CALL: "call",
                NoteKind.CONTACT_ATTEMPT: "call"}  # fmt: skip
        self._kinds.set_current(keys.get(kind, "note") if self._caller else "note")
        self._outcome.set_current("no_answer" if kind is NoteKind.CONTACT_ATTEMPT else "spoke")
        self._show_kind()
        self._text.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def composer_text(self) -> str:
        """What stands in the field."""
        return self._text.toPlainText()

    def set_composer_text(self, text: str) -> None:
        """Put a draft back, without telling that it changed."""
        if text != self.composer_text():
            self._text.blockSignals(True)
            self._text.setPlainText(text)
            self._text.moveCursor(QTextCursor.MoveOperation.End)
            self._text.blockSignals(False)
        if not text:
            self._minutes.clear()

    def submit(self) -> None:
        """Hand over what was written; an attempt to call needs no words."""
        text = self.composer_text().strip()
        if not text and self.kind is not NoteKind.CONTACT_ATTEMPT:
            self._text.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.note_submitted.emit(self.kind, text, self._duration_s())

    def _duration_s(self) -> int | None:
        minutes = self._minutes.text().strip()
        if self.kind is not NoteKind.CALL or not minutes.isdecimal():
            return None
        return int(minutes) * 60

    @property
    def field(self) -> TextEdit:
        """The field, for the order of panes."""
        return self._text

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(0, 0, self.width(), 1, current_theme().color("line.default"))
        painter.end()
