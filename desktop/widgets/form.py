"""A field with its label above and its error below."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.theme.sizes import GAP_LABEL
from desktop.widgets.inputs import LineEdit, TextEdit
from desktop.widgets.labels import PlainLabel
from desktop.widgets.picker import Picker


class FormField(QWidget):
    """Label, optional hint at its right, the control, and a line for what is wrong."""

    def __init__(
        self,
        label: str,
        control: QWidget,
        *,
        required: bool = False,
        hint: str = "",
        beside: QWidget | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.control = control
        self._label = PlainLabel(label, "meta.medium", "fg.muted")
        self._label.setBuddy(control)
        self._hint = PlainLabel(hint, "meta.tabular", "fg.subtle")
        self._error = PlainLabel("", "meta", "danger.fg", wrap=True)
        self._error.hide()
        if isinstance(control, LineEdit) and control.maxLength() < 32_767 and not hint:
            control.textChanged.connect(self._count)
            self._count()
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._label)
        if required:
            head.addWidget(PlainLabel(self.tr("required"), "meta", "fg.subtle"))
        head.addStretch(1)
        head.addWidget(self._hint)
        if beside is not None:
            head.addWidget(beside, 0, Qt.AlignmentFlag.AlignVCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_LABEL)
        column.addLayout(head)
        column.addWidget(control)
        column.addWidget(self._error)

    def _count(self) -> None:
        if isinstance(self.control, LineEdit):
            self.set_hint(f"{len(self.control.text())} / {self.control.maxLength()}")

    def set_label(self, text: str) -> None:
        """Name the field."""
        self._label.setText(text)

    def set_hint(self, text: str) -> None:
        """Show a remark at the right of the label."""
        self._hint.setText(text)

    def set_error(self, sentence: str) -> None:
        """Say below the control what is wrong; an empty sentence lifts it."""
        self._error.setText(sentence)
        self._error.setVisible(bool(sentence))
        self.control.setAccessibleDescription(sentence)
        if isinstance(self.control, LineEdit | TextEdit | Picker):
            self.control.set_invalid(bool(sentence))

    @property
    def error(self) -> str:
        """The sentence shown below the control."""
        return self._error.text()
