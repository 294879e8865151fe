"""The fields of a form by name: their values, what is missing, and a draft of them."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import singledispatch

from PySide6.QtWidgets import QWidget

from desktop.views.dialogs.controls import Checklist, FilteredRows, OwnWordsPicker
from desktop.views.dialogs.when_field import WhenField
from desktop.widgets.choices import CheckRow, RadioRows
from desktop.widgets.form import FormField
from desktop.widgets.inputs import LineEdit, TextEdit
from desktop.widgets.ladder import Ladder
from desktop.widgets.matrix import PriorityMatrix
from desktop.widgets.picker import Picker
from desktop.widgets.segmented import SegmentedControl

Value = str | bool | list[str]
Draft = Mapping[str, object]


@singledispatch
def value_of(control: object) -> Value:
    """What a control holds, as a value that JSON can keep."""
    raise TypeError(type(control).__name__)


@singledispatch
def put_value(control: object, value: object) -> None:
    """Show a value in a control without telling."""
    raise TypeError(type(control).__name__)


@singledispatch
def when_changed(control: object, slot: Callable[..., object]) -> None:
    """Call a slot whenever a person changes the control."""
    raise TypeError(type(control).__name__)


@value_of.register
def _(control: LineEdit) -> Value:
    return control.text()


@put_value.register
def _(control: LineEdit, value: object) -> None:
    control.setText(str(value))
    control.setCursorPosition(0)


@when_changed.register
def _(control: LineEdit, slot: Callable[..., object]) -> None:
    control.textChanged.connect(slot)


@value_of.register
def _(control: TextEdit) -> Value:
    return control.toPlainText()


@put_value.register
def _(control: TextEdit, value: object) -> None:
    control.setPlainText(str(value))


@when_changed.register
def _(control: TextEdit, slot: Callable[..., object]) -> None:
    control.textChanged.connect(slot)


@value_of.register
def _(control: CheckRow) -> Value:
    return control.isChecked()


@put_value.register
def _(control: CheckRow, value: object) -> None:
    control.setChecked(bool(value))


@when_changed.register
def _(control: CheckRow, slot: Callable[..., object]) -> None:
    control.toggled.connect(slot)


@value_of.register
def _(control: WhenField) -> Value:
    return control.when.isoformat()


@put_value.register
def _(control: WhenField, value: object) -> None:
    control.set_when(datetime.fromisoformat(str(value)))


@when_changed.register
def _(control: WhenField, slot: Callable[..., object]) -> None:
    control.changed.connect(slot)


@value_of.register
def _(control: Picker) -> Value:
    return str(control.current.payload) if control.current else ""


@put_value.register
def _(control: Picker, value: object) -> None:
    control.set_current_payload(value)


@when_changed.register
def _(control: Picker, slot: Callable[..., object]) -> None:
    control.picked.connect(slot)


@put_value.register
def _(control: OwnWordsPicker, value: object) -> None:
    control.set_words(str(value))


@value_of.register
def _(control: Checklist) -> Value:
    return control.keys


@put_value.register
def _(control: Checklist, value: object) -> None:
    control.set_keys([str(key) for key in value] if isinstance(value, list) else [])


@when_changed.register
def _(control: Checklist, slot: Callable[..., object]) -> None:
    control.changed.connect(slot)


Chooser = SegmentedControl | RadioRows | FilteredRows


@value_of.register(SegmentedControl)
@value_of.register(RadioRows)
@value_of.register(FilteredRows)
@value_of.register(Ladder)
def _(control: Chooser | Ladder) -> Value:
    return control.current


@put_value.register(SegmentedControl)
@put_value.register(RadioRows)
@put_value.register(FilteredRows)
def _(control: Chooser, value: object) -> None:
    control.set_current(str(value))


@put_value.register
def _(control: Ladder, value: object) -> None:
    control.choose(str(value))


@when_changed.register(SegmentedControl)
@when_changed.register(RadioRows)
@when_changed.register(FilteredRows)
@when_changed.register(Ladder)
def _(control: Chooser | Ladder, slot: Callable[..., object]) -> None:
    control.chosen.connect(slot)


@value_of.register
def _(control: PriorityMatrix) -> Value:
    return ",".join(control.current) if control.current else ""


@put_value.register
def _(control: PriorityMatrix, value: object) -> None:
    impact, _, urgency = str(value).partition(",")
    if impact and urgency:
        control.set_current(impact, urgency)
    else:
        control.clear()


@when_changed.register
def _(control: PriorityMatrix, slot: Callable[..., object]) -> None:
    control.chosen.connect(slot)


class BareField(FormField):
    """A field whose control says by itself what it is; only its error is shown."""

    def __init__(
        self, label: str, control: QWidget, *, required: bool = False, hint: str = ""
    ) -> None:
        super().__init__(label, control, required=required, hint=hint)
        self._label.hide()
        self._hint.hide()


class FieldSet:
    """Fields by name, in the order of the screen."""

    def __init__(self) -> None:
        self._fields: dict[str, FormField] = {}
        self._required: dict[str, str] = {}

    def add(self, name: str, field: FormField, required: str = "") -> FormField:
        """Take a field in; ``required`` is what to say when it is empty."""
        self._fields[name] = field
        if required:
            self._required[name] = required
        when_changed(field.control, lambda *_: field.set_error("") if field.error else None)
        return field

    def require(self, name: str, sentence: str) -> None:
        """Say what is missing when this field is empty; no sentence makes it optional."""
        self._required.pop(name, None)
        if sentence:
            self._required[name] = sentence

    def connect_changes(self, slot: Callable[..., object]) -> None:
        """Call a slot whenever a person changes a field."""
        for field in self._fields.values():
            when_changed(field.control, slot)

    def control(self, name: str) -> QWidget:
        """The control of a field."""
        return self._fields[name].control

    def text(self, name: str) -> str:
        """A text or the key of a choice, trimmed; empty when there is none."""
        return str(value_of(self._fields[name].control)).strip()

    def when(self, name: str) -> datetime:
        """The moment in a field, in UTC."""
        return datetime.fromisoformat(self.text(name))

    def is_on(self, name: str) -> bool:
        """Whether a check is set."""
        return value_of(self._fields[name].control) is True

    @property
    def first(self) -> QWidget | None:
        """The control of the first field on screen."""
        shown = (field.control for field in self._fields.values() if not field.isHidden())
        return next(shown, None)

    def content(self) -> dict[str, object]:
        """All values by name."""
        return {name: value_of(field.control) for name, field in self._fields.items()}

    def restore(self, draft: Draft) -> None:
        """Show the values of a draft; names it does not know are left alone."""
        for name, value in draft.items():
            if name in self._fields:
                put_value(self._fields[name].control, value)

    def missing(self) -> dict[str, str]:
        """What to say about each required field that is empty and on screen."""
        found = {
            name: sentence
            for name, sentence in self._required.items()
            if not self._fields[name].isHidden() and not self.text(name)
        }
        for name, field in self._fields.items():
            control = field.control
            if isinstance(control, WhenField) and not control.is_understood:
                found[name] = field.tr("Write a time such as 9:15 or 16 Oct 9:15.")
        return found

    def show_problems(self, problems: Mapping[str, str]) -> QWidget | None:
        """Show one sentence below each field named and lift the others; the first control."""
        first = None
        for name, field in self._fields.items():
            field.set_error(problems.get(name, ""))
            if name in problems and first is None:
                first = field.control
        return first

    def __contains__(self, name: str) -> bool:
        return name in self._fields


def focus_on(control: QWidget) -> None:
    """Give the keyboard to a control, or to the part of it that takes keys."""
    if isinstance(control, SegmentedControl | RadioRows):
        control.focus_current()
    elif isinstance(control, FilteredRows):
        control.filter.setFocus()
    elif isinstance(control, PriorityMatrix):
        impact, urgency = control.current or ("1", "1")
        control.focus_cell(int(impact) - 1, int(urgency) - 1)
    elif isinstance(control, Ladder):
        control.step(0)
    else:
        control.setFocus()
