"""Controls of rotations and policies: people in an order, and the steps of a policy."""

from collections.abc import Callable, Sequence
from functools import partial
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.views.dialogs.controls import Checklist
from desktop.views.dialogs.fields import Value, put_value, value_of, when_changed
from desktop.views.dialogs.words import filled
from desktop.widgets.badges import Avatar
from desktop.widgets.buttons import Button, IconButton
from desktop.widgets.card import Card
from desktop.widgets.columns import emptied
from desktop.widgets.form import FormField
from desktop.widgets.inputs import LineEdit
from desktop.widgets.labels import PlainLabel
from desktop.widgets.picker import Picker
from desktop.widgets.picker_list import PickerItem
from desktop.widgets.segmented import Segment, SegmentedControl
from services.on_call.policy import StepWhen
from services.on_call.policy_acts import TARGETS, StepDraft, step_from_text

_MINUTE = 60


class Movable(QHBoxLayout):
    """Three buttons behind something in a list: up, down, away."""

    def __init__(
        self, name: str, moved: Callable[[int], object], removed: Callable[[], object]
    ) -> None:
        super().__init__()
        self.setSpacing(0)
        for icon, words, slot in (
            ("up", "Move %1 up", partial(moved, -1)),
            ("down", "Move %1 down", partial(moved, 1)),
            ("clear", "Remove %1", removed),
        ):
            button = IconButton(icon, filled(words, name), size=24)
            button.clicked.connect(lambda _=False, slot=slot: slot())
            self.addWidget(button)


class OrderedPeople(QWidget):
    """People in the order in which they take turns; a picker adds one at the end."""

    changed = Signal()

    def __init__(self, name: str, add: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._offered: dict[str, PickerItem] = {}
        self._keys: list[str] = []
        self._may_change = True
        self.picker = Picker(add, placeholder=add, icon="add")
        self._rows = QVBoxLayout()
        self._rows.setSpacing(2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(self._rows)
        column.addWidget(self.picker)
        self.picker.picked.connect(self._take)

    def set_offered(self, items: Sequence[PickerItem]) -> None:
        """Offer people; those chosen before stay, known or not."""
        self._offered = {str(item.payload): item for item in items}
        self._show()

    @property
    def keys(self) -> list[str]:
        """Keys of the people, in order."""
        return list(self._keys)

    def set_keys(self, keys: Sequence[str]) -> None:
        """Choose without telling."""
        self._keys = list(keys)
        self._show()

    def set_changeable(self, changeable: bool) -> None:
        """Let the order be changed, or only be read."""
        self._may_change = changeable
        self.picker.setVisible(changeable)
        self._show()

    def _take(self, item: PickerItem) -> None:
        self._keys.append(str(item.payload))
        self._tell()

    def _move(self, at: int, by: int) -> None:
        to = at + by
        if 0 <= to < len(self._keys):
            self._keys[at], self._keys[to] = self._keys[to], self._keys[at]
            self._tell()

    def _remove(self, at: int) -> None:
        del self._keys[at]
        self._tell()

    def _tell(self) -> None:
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        emptied(self._rows)
        for at, key in enumerate(self._keys):
            item = self._offered.get(key)
            self._rows.addWidget(self._row(at, item.title if item else "?"))
        left = [item for key, item in self._offered.items() if key not in self._keys]
        self.picker.set_items(left)
        self.picker.set_current(None)

    def _row(self, at: int, name: str) -> QWidget:
        row = QWidget()
        row.setFixedHeight(28)
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        number = PlainLabel(str(at + 1), "meta.tabular", "fg.subtle")
        number.setFixedWidth(16)
        line.addWidget(number)
        line.addWidget(Avatar(name, size=20))
        line.addWidget(PlainLabel(name, "body.medium", elide=True), 1)
        if self._may_change:
            line.addLayout(Movable(name, partial(self._move, at), partial(self._remove, at)))
        return row


class StepCard(Card):
    """One step: whom it calls, in which hours, and how long it waits before the next."""

    changed = Signal()

    def __init__(
        self, number: int, step: StepDraft, offered: Sequence[PickerItem], buttons: QHBoxLayout
    ) -> None:
        super().__init__("bg.subtle", "line.subtle")
        self._whom = Checklist(self.tr("Whom"), nothing=self.tr("Choose whom"), icon="people")
        self._whom.set_offered(offered)
        self._whom.set_keys([f"{kind} {id_}" for kind in TARGETS for id_ in getattr(step, kind)])
        self._taken = SegmentedControl(
            self.tr("When"),
            [
                Segment(StepWhen.ALWAYS.value, self.tr("Always")),
                Segment(StepWhen.BUSINESS_HOURS.value, self.tr("Business hours")),
                Segment(StepWhen.OUT_OF_HOURS.value, self.tr("Out of hours")),
            ],
            current=step.taken.value,
            height=32,
            stretch=True,
        )
        self._delay = LineEdit(self.tr("Minutes"), limit=4)
        self._delay.setText(f"{step.delay_s // _MINUTE}")
        head = QHBoxLayout()
        head.addWidget(PlainLabel(filled(self.tr("Step %1"), str(number)), "body.strong"), 1)
        head.addLayout(buttons)
        lower = QHBoxLayout()
        lower.setSpacing(12)
        lower.addWidget(FormField(self.tr("When"), self._taken), 3)
        lower.addWidget(FormField(self.tr("Next after, minutes"), self._delay, hint=" "), 1)
        self.body.addLayout(head)
        self.body.addWidget(FormField(self.tr("Calls"), self._whom))
        self.body.addLayout(lower)
        for signal in (self._whom.changed, self._taken.chosen, self._delay.textEdited):
            signal.connect(lambda *_: self.changed.emit())

    @property
    def step(self) -> StepDraft:
        """What the fields hold; minutes that are no number are five."""
        minutes = self._delay.text().strip()
        targets: dict[str, list[str]] = {kind: [] for kind in TARGETS}
        for key in self._whom.keys:
            kind, _, id_ = key.partition(" ")
            targets[kind].append(id_)
        delay_s = int(minutes) * _MINUTE if minutes.isdecimal() else 5 * _MINUTE
        return with_targets(delay_s, StepWhen(self._taken.current), targets)

    def set_changeable(self, changeable: bool) -> None:
        """Let the fields be edited, or keep them readable and fixed."""
        self._delay.setReadOnly(not changeable)
        for control in (self._whom, self._taken):
            control.setEnabled(changeable)


def with_targets(delay_s: int, taken: StepWhen, targets: dict[str, list[str]]) -> StepDraft:
    """A step from the texts of its ids."""
    ids = {kind: tuple(UUID(id_) for id_ in found) for kind, found in targets.items()}
    return StepDraft(delay_s=delay_s, taken=taken, **ids)


class PolicySteps(QWidget):
    """The steps of a policy below each other; the value is each as a command writes it."""

    changed = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._offered: list[PickerItem] = []
        self._steps: list[StepDraft] = []
        self._cards: list[StepCard] = []
        self._may_change = True
        self._column = QVBoxLayout()
        self._column.setSpacing(8)
        self.add_button = Button(self.tr("Add step"), icon="add")
        self.add_button.clicked.connect(self._add)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(self._column)
        column.addWidget(self.add_button)

    def set_offered(self, items: Sequence[PickerItem]) -> None:
        """Offer whom a step can call; keys are the kind of target and its id."""
        self._offered = list(items)
        self._show()

    @property
    def texts(self) -> list[str]:
        """The steps, in order."""
        return [step.to_text() for step in self._steps]

    def set_texts(self, texts: Sequence[str]) -> None:
        """Show steps without telling."""
        self._steps = [step_from_text(text) for text in texts]
        self._show()

    def set_changeable(self, changeable: bool) -> None:
        """Let the steps be edited, or only be read."""
        self._may_change = changeable
        self.add_button.setVisible(changeable)
        self._show()

    def _add(self) -> None:
        self._steps.append(StepDraft())
        self._tell()

    def _move(self, at: int, by: int) -> None:
        to = at + by
        if 0 <= to < len(self._steps):
            self._steps[at], self._steps[to] = self._steps[to], self._steps[at]
            self._tell()

    def _remove(self, at: int) -> None:
        del self._steps[at]
        self._tell()

    def _read(self) -> None:
        self._steps = [card.step for card in self._cards]
        self.changed.emit()

    def _tell(self) -> None:
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        emptied(self._column)
        self._cards = []
        for at, step in enumerate(self._steps):
            buttons = QHBoxLayout()
            if self._may_change:
                name = filled(self.tr("step %1"), str(at + 1))
                buttons = Movable(name, partial(self._move, at), partial(self._remove, at))
            card = StepCard(at + 1, step, self._offered, buttons)
            card.set_changeable(self._may_change)
            card.changed.connect(self._read)
            self._cards.append(card)
            self._column.addWidget(card)


@value_of.register
def _(control: OrderedPeople) -> Value:
    return control.keys


@put_value.register
def _(control: OrderedPeople, value: object) -> None:
    control.set_keys([str(key) for key in value] if isinstance(value, list) else [])


@value_of.register
def _(control: PolicySteps) -> Value:
    return control.texts


@put_value.register
def _(control: PolicySteps, value: object) -> None:
    control.set_texts([str(text) for text in value] if isinstance(value, list) else [])


@when_changed.register(OrderedPeople)
@when_changed.register(PolicySteps)
def _(control: OrderedPeople | PolicySteps, slot: Callable[..., object]) -> None:
    control.changed.connect(slot)
