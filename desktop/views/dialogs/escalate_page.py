"""What both pages of the escalation dialog have: two columns, fields, a signal."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.views.dialogs.controls import scrolled
from desktop.views.dialogs.fields import FieldSet, focus_on
from desktop.widgets.card import Rule
from desktop.widgets.form import FormField


class EscalatePage(QWidget):
    """A way to escalate: to whom at the left, why at the right."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.fields = FieldSet()
        self.left = _column(24, 15)
        self.right = _column(18, 24)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for layout, share in ((self.left, 536), (self.right, 363)):
            holder = QWidget()
            holder.setLayout(layout)
            row.addWidget(scrolled(holder) if layout is self.right else holder, share)
        row.insertWidget(1, Rule("line.default", upright=True))

    def add_field(
        self, name: str, label: str, control: QWidget, *, required: str = "", shown: bool = True
    ) -> FormField:
        """Put a field at the end of the right column."""
        field = FormField(label, control, required=bool(required) and shown)
        self.fields.add(name, field, required)
        self.right.addWidget(field)
        return field

    def restore(self, draft: Mapping[str, object]) -> None:
        """Show what was typed before."""
        self.fields.restore(draft)

    def point_at(self, problems: Mapping[str, str]) -> None:
        """Show what is wrong and go to the first field."""
        first = self.fields.show_problems(problems)
        if first is not None:
            focus_on(first)


def _column(left: int, right: int) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setContentsMargins(left, 14, right, 14)
    column.setSpacing(10)
    column.setAlignment(Qt.AlignmentFlag.AlignTop)
    return column
