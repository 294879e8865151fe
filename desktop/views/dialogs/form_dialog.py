"""A dialog that is a form: fields with errors below them, a draft, and one frozen result."""

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QWidget

from desktop.text import incident_key
from desktop.views.dialogs.fields import BareField, FieldSet, focus_on
from desktop.widgets.dialog import DialogFrame
from desktop.widgets.form import FormField
from desktop.widgets.labels import PlainLabel
from services.incidents.incident import Incident

DRAFT_AFTER_MS = 300


@dataclass(frozen=True, slots=True)
class Subject:
    """What a dialog is about: the badge, key and summary below its title."""

    priority: int | None
    key: str
    summary: str

    @classmethod
    def of(cls, incident: Incident) -> "Subject":
        """The line for an incident."""
        priority = int(incident.priority) if incident.priority else None
        return cls(priority, incident_key(incident.number), incident.summary)


class FormDialog(DialogFrame):
    """Fields in a column, as high as they need.

    ``submitted`` carries the frozen form once nothing is missing; the dialog stays open until
    ``close_dialog`` so that ``show_error`` can still say why the act was refused.
    ``draft_changed`` carries what was typed, shortly after typing.
    """

    submitted = Signal(object)
    cancelled = Signal()
    draft_changed = Signal(dict)

    def __init__(
        self,
        host: QWidget,
        title: str,
        *,
        primary: str,
        subject: Subject | None = None,
        icon: str | None = None,
        danger: bool = False,
        width: int = 560,
        height: int = 0,
    ) -> None:
        super().__init__(
            host, title, primary=primary, primary_icon=icon, danger=danger,
            size=(width, height or 400),
        )  # fmt: skip
        self._fits = height == 0
        self.fields = FieldSet()
        self._draft = QTimer(self, singleShot=True, interval=DRAFT_AFTER_MS)
        self._draft.timeout.connect(self._tell_draft)
        self.accepted.connect(self.submit)
        self.rejected.connect(self.cancelled)
        if subject is not None:
            self.set_subject(subject.priority, subject.key, subject.summary)
        else:
            self.subject_row.addStretch(1)

    def add_field(
        self,
        name: str,
        label: str,
        control: QWidget,
        *,
        required: str = "",
        hint: str = "",
        into: QBoxLayout | None = None,
        stretch: int = 0,
    ) -> FormField:
        """Put a field at the end of the column; ``required`` is said when it is empty."""
        kind = FormField if label else BareField
        field = kind(label, control, required=bool(required) and bool(label), hint=hint)
        self.fields.add(name, field, required)
        (into if into is not None else self.body).addWidget(field, stretch)
        return field

    def add_row(self) -> QHBoxLayout:
        """A row of fields at the end of the column."""
        row = QHBoxLayout()
        row.setSpacing(12)
        self.body.addLayout(row)
        return row

    def add_remark(self, text: str, token: str = "fg.muted") -> PlainLabel:
        """A sentence at the end of the column that explains what happens."""
        remark = PlainLabel(text, "meta", token, wrap=True)
        self.body.addWidget(remark)
        return remark

    def ready(self) -> None:
        """Begin to watch the fields; called once all of them are there."""
        self.fields.connect_changes(self._note_change)

    def content(self) -> dict[str, object]:
        """What was typed, as JSON can keep it."""
        return self.fields.content()

    def restore(self, draft: Mapping[str, object]) -> None:
        """Show what was typed before."""
        self.fields.restore(draft)

    def problems(self) -> dict[str, str]:
        """What is wrong, by field; each dialog adds what it knows."""
        return self.fields.missing()

    def form(self) -> object:
        """The frozen result; each dialog says which."""
        raise NotImplementedError

    def show_error(self, name: str, sentence: str) -> None:
        """Say below a field why the act was refused; an unknown field says it in the footer."""
        if name in self.fields:
            self._point_at({name: sentence})
        else:
            self.set_footer(sentence, "error", "danger.fg")

    def submit(self) -> None:
        """Emit the form, or show what is missing and go there."""
        problems = self.problems()
        if problems:
            self._point_at(problems)
            return
        self.fields.show_problems({})
        self._fit()
        self.submitted.emit(self.form())

    def _point_at(self, problems: Mapping[str, str]) -> None:
        first = self.fields.show_problems(problems)
        self._fit()
        if first is not None:
            focus_on(first)

    def _note_change(self) -> None:
        if not self._draft.isActive():
            self._draft.start()
        QTimer.singleShot(0, self, self._fit)

    def _tell_draft(self) -> None:
        self.draft_changed.emit(self.content())

    def open(self, first: QWidget | None = None) -> None:
        """Show over the window with the keyboard in ``first`` or the first field."""
        super().open(first)
        if first is None and self.fields.first is not None:
            focus_on(self.fields.first)

    def close_dialog(self) -> None:
        """Take the dialog away and give the keyboard back."""
        if self._draft.isActive():
            self._draft.stop()
            self._tell_draft()
        super().close_dialog()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit()

    def _fit(self) -> None:
        layout = self._panel.layout()
        if not self._fits or layout is None:
            return
        layout.activate()
        width = min(self._size[0], self.width() - 48)
        height = max(layout.totalHeightForWidth(width), layout.totalSizeHint().height())
        if layout.hasHeightForWidth():
            height = layout.totalHeightForWidth(width)
        if height != self._size[1]:
            self._size = (self._size[0], height)
            self._lay_out()
