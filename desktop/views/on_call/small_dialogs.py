"""Time off, and the note at a handover."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.views.dialogs.choosing import key_of, uuid_of
from desktop.views.dialogs.form_dialog import FormDialog
from desktop.views.dialogs.forms import TextForm
from desktop.views.dialogs.when_field import WhenField
from desktop.views.dialogs.words import filled
from desktop.views.on_call.forms import PersonChoice, TimeOffChoice, TimeOffForm
from desktop.widgets.buttons import Button
from desktop.widgets.inputs import LineEdit, TextEdit
from desktop.widgets.labels import PlainLabel
from desktop.widgets.picker import Picker
from desktop.widgets.picker_list import PickerItem
from services.core.text import Limit


class TimeOffDialog(FormDialog):
    """Emits ``TimeOffForm``; ``cancellation_requested`` the time off that does not take place."""

    cancellation_requested = Signal(object)

    def __init__(
        self,
        host: QWidget,
        people: Sequence[PersonChoice],
        span: tuple[datetime, datetime],
        planned: Sequence[TimeOffChoice],
        now: datetime,
    ) -> None:
        super().__init__(
            host, self.tr("Time off"), primary=self.tr("Record time off"), icon="calendar",
            width=560,
        )  # fmt: skip
        self._now = now
        person = Picker(self.tr("Who"), icon="person", with_filter=len(people) > 1)
        items = [PickerItem(p.name, key_of(p.person_id), p.remark, person=p.name) for p in people]
        person.set_items(items)
        person.set_current(items[0] if items else None)
        self.add_field("person", self.tr("Who"), person, required=self.tr("Choose who is away."))
        row = self.add_row()
        for name, label, at in (
            ("starts_at", self.tr("From"), span[0]),
            ("ends_at", self.tr("Until"), span[1]),
        ):
            self.add_field(name, label, WhenField(label, at), into=row)
        reason = LineEdit(self.tr("Reason"), limit=Limit.SUMMARY.value)
        self.add_field("reason", self.tr("Reason"), reason, hint=self.tr("everybody sees it"))
        self._planned = QVBoxLayout()
        self._planned.setSpacing(4)
        self.body.addLayout(self._planned)
        self.show_planned(planned)
        self.set_footer(self.tr("Gaps that follow are flagged."), "info")
        self.ready()

    def show_planned(self, planned: Sequence[TimeOffChoice]) -> None:
        """List the time off that is planned, each with its way back."""
        while (item := self._planned.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        if planned:
            self._planned.addWidget(PlainLabel(self.tr("Planned"), "meta.strong", "fg.muted"))
        for choice in planned:
            self._planned.addWidget(self._line(choice))

    def _line(self, choice: TimeOffChoice) -> QWidget:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(PlainLabel(choice.words, "body", elide=True), 1)
        cancel = Button(self.tr("Cancel it"), "ghost", icon="delete")
        cancel.setAccessibleName(filled(self.tr("Cancel time off %1"), choice.words))
        cancel.clicked.connect(partial(self.cancellation_requested.emit, choice.time_off_id))
        row.addWidget(cancel)
        return line

    def restore(self, draft: Mapping[str, object]) -> None:
        """Show the reason typed before."""
        super().restore({name: draft[name] for name in ("reason",) if name in draft})

    def problems(self) -> dict[str, str]:
        """What is missing, and a span that is none or over."""
        found = super().problems()
        ends_at = self.fields.when("ends_at")
        if ends_at <= self.fields.when("starts_at"):
            found["ends_at"] = self.tr("This is before it begins.")
        elif ends_at <= self._now:
            found["ends_at"] = self.tr("This is over already.")
        return found

    def form(self) -> TimeOffForm:
        """What was chosen."""
        person_id: UUID | None = uuid_of(self.fields.text("person"))
        assert person_id is not None
        return TimeOffForm(
            person_id=person_id,
            starts_at=self.fields.when("starts_at"),
            ends_at=self.fields.when("ends_at"),
            reason=self.fields.text("reason"),
        )


class HandoverNoteDialog(FormDialog):
    """What the next one has to know; emits ``TextForm``."""

    def __init__(self, host: QWidget, about: str, text: str, *, warning: str = "") -> None:
        super().__init__(
            host, self.tr("Handover note"), primary=self.tr("Save note"), icon="note", width=620
        )
        self.subject_row.insertWidget(0, PlainLabel(about, "meta", "fg.muted"))
        note = TextEdit(
            self.tr("Note"), lines=8,
            placeholder=self.tr("What is open, what was tried, what to watch"),
        )  # fmt: skip
        note.setPlainText(text)
        self.add_field("text", self.tr("Note"), note, required=self.tr("Write what matters."))
        if warning:
            self.add_remark(warning, "warn.fg")
        self.set_footer(self.tr("Everybody on call reads it."), "people")
        self.ready()

    def form(self) -> TextForm:
        """The note."""
        return TextForm(self.fields.text("text"))
