"""A long text as a whole, in a window of its own kind of field that takes any length."""

from PySide6.QtWidgets import QPlainTextEdit, QWidget

from desktop.widgets.dialog import DialogFrame


class WholeText(DialogFrame):
    """Everything somebody typed, to read and copy."""

    def __init__(self, host: QWidget, title: str, text: str) -> None:
        super().__init__(
            host, title, primary=self.tr("Close"), cancel=self.tr("Back"), size=(820, 620)
        )
        self._field = QPlainTextEdit()
        self._field.setReadOnly(True)
        self._field.setAccessibleName(title)
        self._field.setPlainText(text)
        self.body.addWidget(self._field)
        self.set_footer(self.tr("%n characters", "", len(text)))
        self.accepted.connect(self.close_dialog)
