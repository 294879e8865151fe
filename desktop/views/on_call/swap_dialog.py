"""Offering a shift of one's own, to somebody or to anyone, for one in return or for none."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from PySide6.QtWidgets import QWidget

from desktop.views.dialogs.choosing import NONE, key_of, uuid_of
from desktop.views.dialogs.fields import when_changed
from desktop.views.dialogs.form_dialog import FormDialog
from desktop.views.dialogs.when_field import WhenField
from desktop.views.on_call.forms import PersonChoice, ShiftChoice, SwapForm
from desktop.widgets.inputs import LineEdit
from desktop.widgets.labels import PlainLabel
from desktop.widgets.picker import Picker
from desktop.widgets.picker_list import PickerItem
from services.core.text import Limit


class SwapDialog(FormDialog):
    """Emits ``SwapForm``. ``shifts`` are the coming ones of everybody who may take it."""

    def __init__(
        self,
        host: QWidget,
        about: str,
        span: tuple[datetime, datetime],
        people: Sequence[PersonChoice],
        shifts: Sequence[ShiftChoice],
        now: datetime,
        wanted: ShiftChoice | None = None,
    ) -> None:
        super().__init__(
            host, self.tr("Offer a swap"), primary=self.tr("Offer"), icon="switch", width=560
        )
        self.subject_row.insertWidget(0, PlainLabel(about, "meta", "fg.muted"))
        self._now = now
        self._shifts = {_key(shift): shift for shift in shifts}
        row = self.add_row()
        for name, label, at in (
            ("starts_at", self.tr("From"), span[0]),
            ("ends_at", self.tr("Until"), span[1]),
        ):
            self.add_field(name, label, WhenField(label, at), into=row)
        to = Picker(self.tr("To"), icon="person")
        anyone = PickerItem(self.tr("Anyone of the team"), NONE, icon="people")
        to.set_items([anyone, *(_item(one) for one in people)])
        to.set_current(anyone)
        self.add_field("to", self.tr("To"), to)
        self._back = Picker(self.tr("In return"), icon="calendar")
        self._back_field = self.add_field("back", self.tr("In return"), self._back)
        reason = LineEdit(self.tr("Reason"), limit=Limit.SUMMARY.value)
        self.add_field("reason", self.tr("Reason"), reason)
        self.set_footer(self.tr("Nothing changes until it is accepted."), "switch")
        when_changed(to, self._follow)
        if wanted is not None:
            to.set_current_payload(key_of(wanted.person_id))
        self._follow()
        if wanted is not None:
            self._back.set_current_payload(_key(wanted))
        self.ready()

    def _follow(self, *_: object) -> None:
        """Only from one person in particular something can be asked in return."""
        person_id = uuid_of(self.fields.text("to"))
        theirs = [s for s in self._shifts.values() if s.person_id == person_id]
        nothing = PickerItem(self.tr("Nothing"), NONE, icon="clear")
        self._back.set_items([nothing, *(PickerItem(s.words, _key(s)) for s in theirs)])
        self._back.set_current(nothing)
        self._back_field.setVisible(bool(theirs))

    def restore(self, draft: Mapping[str, object]) -> None:
        """Show the reason typed before; the span and the person are chosen anew."""
        super().restore({name: draft[name] for name in ("reason",) if name in draft})

    def problems(self) -> dict[str, str]:
        """What is missing, and a span that is none or has begun."""
        found = super().problems()
        starts_at, ends_at = self.fields.when("starts_at"), self.fields.when("ends_at")
        if ends_at <= starts_at:
            found["ends_at"] = self.tr("This is before it begins.")
        if starts_at <= self._now:
            found["starts_at"] = self.tr("This has begun already. Offer what is still to come.")
        return found

    def form(self) -> SwapForm:
        """What is offered."""
        back = self._shifts.get(self.fields.text("back"))
        return SwapForm(
            starts_at=self.fields.when("starts_at"),
            ends_at=self.fields.when("ends_at"),
            to_person_id=uuid_of(self.fields.text("to")),
            return_starts_at=back.starts_at if back else None,
            return_ends_at=back.ends_at if back else None,
            reason=self.fields.text("reason"),
        )


def _key(shift: ShiftChoice) -> str:
    return f"{shift.person_id} {shift.starts_at.isoformat()}"


def _item(one: PersonChoice) -> PickerItem:
    return PickerItem(one.name, key_of(one.person_id), one.remark, person=one.name)
