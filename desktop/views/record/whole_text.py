"""A long text as a whole, to read and to copy."""

from typing import Final

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from desktop.widgets.dialog import DialogFrame

_LONGEST_LINE: Final = 1_000


def in_short_lines(text: str) -> str:
    """The text with endless lines broken: a field lays out each line in one go."""
    return "\n".join(
        line[at : at + _LONGEST_LINE]
        for line in text.splitlines() or [""]
        for at in range(0, max(1, len(line)), _LONGEST_LINE)
    )


class WholeText(DialogFrame):
    """Everything somebody typed; what is copied is exactly what was typed."""

    def __init__(self, host: QWidget, title: str, text: str) -> None:
        super().__init__(
            host,
            title,
            primary=self.tr("Copy all"),
            primary_icon="copy",
            cancel=self.tr("Close"),
            size=(820, 620),
        )
        self._text = text
        field = QPlainTextEdit()
        field.setReadOnly(True)
        field.setAccessibleName(title)
        shown = in_short_lines(text)
        field.setPlainText(shown)
        self.body.addWidget(field)
        remark = self.tr("Lines over 1,000 characters are broken here, not in what is copied.")
        self.set_footer(remark if shown.count("\n") > text.count("\n") else "")
        self.accepted.connect(self._copy)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._text)
        self.close_dialog()
