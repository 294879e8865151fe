"""The six questions of the assessment with their answers, edited in place."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.views.major.side_head import SideHead
from desktop.views.major.values import AnswerRow
from desktop.views.tips import plain_tip
from desktop.widgets.banner import announce
from desktop.widgets.buttons import Button
from desktop.widgets.inputs import LineEdit
from desktop.widgets.labels import LinkLabel, PlainLabel
from desktop.widgets.paint import focus_frame
from services.major_incidents.entries import DocumentSection


class AnswerEntry(QWidget):
    """A question and its answer. Click or Enter edits it, Enter saves, Esc leaves it as it was.

    ``answered`` carries the row, the text and whether it is said to be unknown; ``draft_changed``
    the row and what is typed.
    """

    answered = Signal(object, str, bool)
    draft_changed = Signal(object, str)
    edit_begun = Signal(QWidget)

    def __init__(self, row: AnswerRow) -> None:
        super().__init__()
        self.row = row
        self._why_not = ""
        self._unsaved = ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._question = PlainLabel(row.question, "meta", "fg.muted")
        self._answer = PlainLabel("", "body", wrap=True)
        self._remark = PlainLabel("", "meta", "fg.subtle", wrap=True)
        self.field = LineEdit(row.question, height=28)
        self._save = Button(self.tr("Save"), keys="↵")
        self._unknown = Button(self.tr("Unknown"), "ghost", icon="info")
        self._editor = QWidget()
        self._build()
        # Later: the key goes on to this row, and must find it still open, or it opens it again.
        self.field.returnPressed.connect(self._submit, Qt.ConnectionType.QueuedConnection)
        self.field.escaped.connect(self._leave_by_hand)
        self.field.textEdited.connect(lambda text: self.draft_changed.emit(self.row, text))
        self._save.clicked.connect(self._submit)
        self._unknown.clicked.connect(self._say_unknown)

    def _build(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self._save)
        buttons.addWidget(self._unknown)
        buttons.addStretch(1)
        editor = QVBoxLayout(self._editor)
        editor.setContentsMargins(0, 4, 0, 4)
        editor.setSpacing(4)
        editor.addWidget(self.field)
        editor.addLayout(buttons)
        self._editor.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 3, 0, 3)
        column.setSpacing(1)
        for widget in (self._question, self._answer, self._editor, self._remark):
            column.addWidget(widget)

    def show_row(self, row: AnswerRow, why_not: str) -> None:
        """Show an answer; what is being typed stays."""
        self.row, self._why_not = row, why_not
        text = row.text or self.tr("Currently unknown")
        self._answer.setText(text)
        self._answer.set_token("warn.fg" if row.is_unknown else "fg.default")
        self._remark.setText(row.remark)
        self._remark.setVisible(bool(row.remark))
        words = (row.question, text, row.remark)
        self.setAccessibleName(", ".join(word for word in words if word))
        self.setToolTip(plain_tip(why_not))
        self.setCursor(
            Qt.CursorShape.ForbiddenCursor if why_not else Qt.CursorShape.PointingHandCursor
        )

    @property
    def is_edited(self) -> bool:
        """Whether it is being edited."""
        return not self._editor.isHidden()

    def edit(self, typed: str | None = None) -> None:
        """Begin to edit, with what was typed before or the answer that stands."""
        if self._why_not:
            return
        if not self.is_edited:
            self.field.setText(self._unsaved or self.row.typed if typed is None else typed)
            self._editor.show()
            self._answer.hide()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.edit_begun.emit(self)

    def leave(self) -> None:
        """End editing; the answer stays, and what was typed waits for the next time."""
        if self.is_edited:
            typed = self.field.text().strip()
            self._unsaved = typed if typed != self.row.typed else ""
            self._editor.hide()
            self._answer.show()

    def forget(self) -> None:
        """Another incident is shown: nothing of this one is left in the field."""
        self.leave()
        self._unsaved = ""

    def _leave_by_hand(self) -> None:
        self.leave()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _submit(self) -> None:
        text = self.field.text().strip()
        if not text:
            self._say_unknown()
            return
        if text != self.row.typed or self.row.is_unknown:
            self.answered.emit(self.row, text, False)
        self._put_away()

    def _say_unknown(self) -> None:
        """Unknown is an answer; words beside it say what is being done to find out."""
        text = self.field.text().strip()
        announce(self, self.tr("%1 Unknown.").replace("%1", self.row.question), urgent=True)
        self.answered.emit(self.row, text, True)
        self._put_away()

    def _put_away(self) -> None:
        """It is answered: nothing is left to keep."""
        self._leave_by_hand()
        self._unsaved = ""
        self.draft_changed.emit(self.row, "")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.edit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2):
            self.edit()
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.hasFocus():
            painter = QPainter(self)
            focus_frame(painter, self.rect().toRectF().adjusted(-1, 0, 1, 0))
            painter.end()


class ImpactPanel(QWidget):
    """All six questions; none is left out, and what nobody knows is said to be unknown.

    ``case_requested`` asks for the form of a support case, ``edit_begun`` carries the answer that
    has to be seen.
    """

    answered = Signal(object, str, bool)
    draft_changed = Signal(object, str)
    case_requested = Signal()
    edit_begun = Signal(QWidget)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Impact"))
        self.entries: dict[DocumentSection, AnswerEntry] = {}
        self._edit = edit = LinkLabel(self.tr("edit"))
        edit.setAccessibleName(self.tr("Edit the answers"))
        self._case = Button(self.tr("Add a support case"), "ghost", icon="add")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._head = SideHead(self.tr("Impact"), button=edit)
        self._column.addWidget(self._head)
        self._column.addWidget(self._case, 0, Qt.AlignmentFlag.AlignLeft)
        edit.linkActivated.connect(lambda _: self.edit_first())
        self._case.clicked.connect(self.case_requested)

    def show_rows(self, rows: Sequence[AnswerRow], why_not: str) -> None:
        """Show questions in this order."""
        for row in rows:
            if row.section not in self.entries:
                entry = AnswerEntry(row)
                entry.answered.connect(self.answered)
                entry.draft_changed.connect(self.draft_changed)
                entry.edit_begun.connect(self.edit_begun)
                self._column.insertWidget(self._column.count() - 1, entry)
                self.entries[row.section] = entry
            self.entries[row.section].show_row(row, why_not)
        unknown = sum(row.is_unknown for row in rows)
        self._head.set_remark(self.tr("%1 unknown").replace("%1", str(unknown)) if unknown else "",
                              "warn.fg")  # fmt: skip
        self._edit.setVisible(not why_not)
        self._case.setEnabled(not why_not)
        self._case.setToolTip(plain_tip(why_not))

    def restore(self, drafts: Mapping[str, object]) -> None:
        """Open again what was being typed, by the value of its section."""
        for section, entry in self.entries.items():
            entry.forget()
            if typed := str(drafts.get(section.value) or ""):
                entry.edit(typed)

    def edit_first(self) -> None:
        """Begin with the first question nobody has answered, else with the first."""
        unknown = (e for e in self.entries.values() if e.row.is_unknown)
        first = next(unknown, next(iter(self.entries.values()), None))
        if first is not None:
            first.edit()
