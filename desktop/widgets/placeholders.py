"""What a list shows when there is nothing to show, or when it could not be read."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.widgets.buttons import Button
from desktop.widgets.icon_label import IconLabel
from desktop.widgets.labels import PlainLabel

_CENTER = Qt.AlignmentFlag.AlignCenter


class EmptyState(QWidget):
    """One glyph, one line, one sentence about what is next, up to two buttons."""

    def __init__(
        self,
        icon: str,
        line: str,
        sentence: str,
        *,
        tone: str = "fg.subtle",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icon = IconLabel(icon, tone, 28)
        self._line = PlainLabel(line, "heading")
        self._sentence = PlainLabel(sentence, "body", "fg.muted", wrap=True)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(8)
        self._build()
        self.set_texts(line, sentence)

    def _build(self) -> None:
        for label in (self._line, self._sentence):
            label.setAlignment(_CENTER)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(4)
        column.addStretch(1)
        column.addWidget(self._icon, 0, _CENTER)
        column.addSpacing(6)
        column.addWidget(self._line)
        column.addWidget(self._sentence)
        column.addSpacing(6)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addLayout(self._buttons)
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(1)

    def set_texts(self, line: str, sentence: str) -> None:
        """Say something else."""
        self._line.setText(line)
        self._sentence.setText(sentence)
        self.setAccessibleName(f"{line}. {sentence}")

    def add_button(self, button: Button) -> Button:
        """Put a button in the row below the sentence, two at most."""
        self._buttons.addWidget(button)
        return button


class ErrorState(EmptyState):
    """What happened, what is safe, one repair, and the details to copy."""

    def __init__(
        self,
        line: str,
        sentence: str,
        *,
        details: str = "",
        repair: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("error", line, sentence, tone="danger.fg", parent=parent)
        self._details = details
        self.repair_button = Button(repair, "primary")
        if repair:
            self.add_button(self.repair_button)
        self.copy_button = Button(self.tr("Copy details"), icon="copy")
        self.add_button(self.copy_button)
        self.copy_button.setVisible(bool(details))
        self.copy_button.clicked.connect(self._copy)

    def set_details(self, details: str) -> None:
        """Offer other details to copy; none hides the button."""
        self._details = details
        self.copy_button.setVisible(bool(details))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._details)
