"""How each component of the page does, said with the update."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.views.composer.values import ComponentChoice
from desktop.views.dialogs.fields import Value, put_value, value_of, when_changed
from desktop.widgets.icon_label import IconLabel
from desktop.widgets.labels import PlainLabel
from desktop.widgets.picker import Picker
from desktop.widgets.picker_list import PickerItem
from services.communications.status_page import ComponentStatus

STATUS_LOOKS: Final = {
    ComponentStatus.OPERATIONAL: (
        str(QT_TRANSLATE_NOOP("components", "Operational")), "check.met", "ok.fg",
    ),
    ComponentStatus.UNDER_MAINTENANCE: (
        str(QT_TRANSLATE_NOOP("components", "Under maintenance")), "automation", "info.fg",
    ),
    ComponentStatus.DEGRADED_PERFORMANCE: (
        str(QT_TRANSLATE_NOOP("components", "Degraded")), "arrow.down", "warn.fg",
    ),
    ComponentStatus.PARTIAL_OUTAGE: (
        str(QT_TRANSLATE_NOOP("components", "Partial outage")), "warn", "warn.fg",
    ),
    ComponentStatus.MAJOR_OUTAGE: (
        str(QT_TRANSLATE_NOOP("components", "Major outage")), "danger", "danger.fg",
    ),
}  # fmt: skip
"""The words, the icon and the colour of each."""

_STATUS_WIDTH: Final = 184


def status_word(status: ComponentStatus) -> str:
    """The translated word."""
    return QCoreApplication.translate("components", STATUS_LOOKS[status][0])


class _Row(QWidget):
    chosen = Signal()

    def __init__(self, choice: ComponentChoice, status: ComponentStatus) -> None:
        super().__init__()
        self.id = choice.id
        self._mark = IconLabel("check.met", "ok.fg", 14)
        self._status = Picker(choice.name, with_filter=False)
        self._status.setFixedWidth(_STATUS_WIDTH)
        self._status.set_items(
            [PickerItem(status_word(one), one.value, icon=STATUS_LOOKS[one][1])
             for one in STATUS_LOOKS]
        )  # fmt: skip
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._mark)
        row.addWidget(PlainLabel(choice.name, "body", elide=True), 1)
        row.addWidget(self._status)
        self._status.picked.connect(self._note_choice)
        self.show_status(status)

    @property
    def status(self) -> ComponentStatus:
        assert self._status.current is not None
        return ComponentStatus(self._status.current.payload)

    def show_status(self, status: ComponentStatus) -> None:
        self._status.set_current_payload(status.value)
        self._show_mark()

    def _note_choice(self, _: PickerItem) -> None:
        self._show_mark()
        self.chosen.emit()

    def _show_mark(self) -> None:
        _, icon, token = STATUS_LOOKS[self.status]
        self._mark.set_icon(icon, token)


class ComponentRows(QWidget):
    """A row for each component of the page that is chosen; others keep what was said of them."""

    changed = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._said: dict[UUID, ComponentStatus] = {}
        self._choices: tuple[ComponentChoice, ...] = ()
        self._rows: list[_Row] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)

    def set_choices(self, choices: Sequence[ComponentChoice]) -> None:
        """Show the components of another page, or news of these."""
        if tuple(choices) != self._choices:
            self._choices = tuple(choices)
            self._fill()

    def _fill(self) -> None:
        for row in self._rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows = [_Row(one, self._said.get(one.id, one.status)) for one in self._choices]
        for row in self._rows:
            row.chosen.connect(lambda one=row: self._take(one))
            self._column.addWidget(row)

    def _take(self, row: _Row) -> None:
        self._said[row.id] = row.status
        self.changed.emit()

    @property
    def states(self) -> Mapping[UUID, ComponentStatus]:
        """How each component of the page is said to do."""
        return {row.id: row.status for row in self._rows}

    @property
    def said(self) -> list[str]:
        """What a person said of components, for a draft."""
        return [f"{id_} {status.value}" for id_, status in self._said.items()]

    def set_said(self, said: Sequence[str]) -> None:
        """Put back what a person said, without telling."""
        pairs = (one.partition(" ") for one in said)
        self._said = {UUID(id_): ComponentStatus(value) for id_, _, value in pairs}
        for row, choice in zip(self._rows, self._choices, strict=True):
            row.show_status(self._said.get(choice.id, choice.status))


@value_of.register
def _(control: ComponentRows) -> Value:
    return control.said


@put_value.register
def _(control: ComponentRows, value: object) -> None:
    control.set_said([str(one) for one in value] if isinstance(value, list) else [])


@when_changed.register
def _(control: ComponentRows, slot: object) -> None:
    control.changed.connect(slot)
