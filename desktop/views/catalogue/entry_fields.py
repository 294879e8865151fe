"""What every form of entries has: named fields in rows, filled from an entry, read as a form."""

from typing import Generic, TypeVar
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.theme.sizes import GUTTER_FORM
from desktop.views.dialogs.fields import BareField, FieldSet
from desktop.widgets.choices import CheckRow
from desktop.widgets.form import FormField
from desktop.widgets.inputs import LineEdit, TextEdit
from desktop.widgets.picker import Picker
from desktop.widgets.segmented import SegmentedControl
from services.core.text import Limit

FORM_WIDTH = 760
S = TypeVar("S")
"""What entries are taken from, and what can be chosen for their fields."""


class EntryForm(QWidget, Generic[S]):
    """Fields of one kind; ``show_entry`` fills them, ``form`` reads them."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.fields = FieldSet()
        self.setMaximumWidth(FORM_WIDTH)
        self.entry_id: UUID | None = None
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(GUTTER_FORM, 16, GUTTER_FORM, 16)
        self.column.setSpacing(12)
        self.add_fields()
        active = CheckRow(
            self.tr("In use"), self.tr("Retired entries stay readable and can no longer be chosen")
        )
        self.add_row(("is_active", "", active, ""))
        self.column.addStretch(1)
        self.fields.connect_changes(lambda *_: self.changed.emit())

    def add_fields(self) -> None:
        """Put the fields of the kind into the column."""
        raise NotImplementedError

    def add_row(self, *fields: tuple[str, str, QWidget, str]) -> None:
        """A row of fields: name, label, control, and what to say when it is empty."""
        row = QHBoxLayout()
        row.setSpacing(12)
        for name, label, control, required in fields:
            kind = FormField if label else BareField
            hint = " " if isinstance(control, LineEdit) else ""
            field = kind(label, control, required=bool(required), hint=hint)
            row.addWidget(self.fields.add(name, field, required), 1)
        self.column.addLayout(row)

    def line(self, label: str, *, limit: Limit = Limit.NAME) -> LineEdit:
        """A line of text as long as the shared database keeps it."""
        return LineEdit(label, limit=limit.value)

    def name_field(self) -> tuple[str, str, QWidget, str]:
        """The field every kind begins with."""
        label = self.tr("Name")
        return ("name", label, self.line(label), self.tr("Give it a name."))

    def show_directory(self, directory: S) -> None:
        """Offer what can be chosen."""

    def show_entry(self, directory: S, id_: UUID | None) -> None:
        """Show an entry, or an empty form for a new one."""
        self.entry_id = id_
        self.show_directory(directory)
        self.blockSignals(True)
        self.fields.show_problems({})
        self.fields.restore(self.values(directory, id_))
        self.blockSignals(False)

    def values(self, directory: S, id_: UUID | None) -> dict[str, object]:
        """Values of an entry by field name."""
        raise NotImplementedError

    def set_changeable(self, changeable: bool) -> None:
        """Let the fields be edited, or keep them readable and fixed."""
        for control in self.findChildren(QWidget):
            if isinstance(control, LineEdit | TextEdit):
                control.setReadOnly(not changeable)
            elif isinstance(control, Picker | CheckRow | SegmentedControl):
                control.setEnabled(changeable)

    def form(self) -> object:
        """What the fields hold."""
        raise NotImplementedError
