"""A password as dots, with a button that shows it."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from desktop.widgets.buttons import IconButton
from desktop.widgets.inputs import LineEdit
from services.core.secrets import Secret


class PasswordEdit(LineEdit):
    """One password. It is shown only while the button says so, and never completed or drafted."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, icon="key", parent=parent)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setInputMethodHints(
            Qt.InputMethodHint.ImhHiddenText
            | Qt.InputMethodHint.ImhSensitiveData
            | Qt.InputMethodHint.ImhNoPredictiveText
            | Qt.InputMethodHint.ImhNoAutoUppercase
        )
        self.show_button = IconButton("read", self.tr("Show the password"), size=24, parent=self)
        self.show_button.setCursor(Qt.CursorShape.ArrowCursor)
        self.show_button.clicked.connect(self._toggle)
        margins = self.textMargins()
        self.setTextMargins(margins.left(), 0, 28, 0)

    @property
    def secret(self) -> Secret:
        """What was typed."""
        return Secret(self.text())

    def hide_again(self) -> None:
        """Show dots."""
        if self.is_shown:
            self._toggle()

    @property
    def is_shown(self) -> bool:
        """Whether the letters can be read."""
        return self.echoMode() is QLineEdit.EchoMode.Normal

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self.height())

    def _toggle(self) -> None:
        shown = not self.is_shown
        mode = QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password
        self.setEchoMode(mode)
        name = self.tr("Hide the password") if shown else self.tr("Show the password")
        self.show_button.set_icon("hidden" if shown else "read")
        self.show_button.setAccessibleName(name)
        self.show_button.setToolTip(name)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.show_button.move(self.width() - 28, (self.height() - 24) // 2)
