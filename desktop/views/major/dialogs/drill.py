"""Starting a drill: the same screen, of which nothing leaves the building."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from PySide6.QtWidgets import QWidget

from desktop.views.dialogs.choosing import NONE, UNKNOWN, service_items, uuid_of
from desktop.views.dialogs.form_dialog import FormDialog
from desktop.widgets.banner import Banner
from desktop.widgets.inputs import LineEdit
from desktop.widgets.picker import Picker
from desktop.widgets.picker_list import PickerItem
from desktop.widgets.segmented import Segment, SegmentedControl
from services.core.text import Limit
from services.incidents.directory import Directory
from services.incidents.priority import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class DrillForm:
    """What is practised; ``replay_of_id`` is the past major incident played again."""

    summary: str
    service_id: UUID | None
    severity: Severity
    replay_of_id: UUID | None


class DrillDialog(FormDialog):
    """Emits ``DrillForm``."""

    def __init__(self, host: QWidget, names: Directory, past: Sequence[PickerItem]) -> None:
        super().__init__(
            host, self.tr("Start a drill"), primary=self.tr("Start the drill"), icon="start",
            width=560,
        )  # fmt: skip
        self.body.addWidget(
            Banner(
                "lock", self.tr("A drill."),
                self.tr("Marked everywhere, in no figure, and nothing leaves the building."),
                icon="major",
            )
        )  # fmt: skip
        replay = Picker(self.tr("Play again"), icon="history")
        nothing = PickerItem(self.tr("Nothing, a new story"), NONE)
        replay.set_items([nothing, *past])
        replay.set_current(nothing)
        self.add_field("replay", self.tr("Play again"), replay)
        summary = LineEdit(self.tr("What happens"), limit=Limit.SUMMARY.value)
        self._summary = self.add_field("summary", self.tr("What happens"), summary)
        service = Picker(self.tr("Service"), icon="service")
        service.set_items(service_items(names, self.tr("Not known")))
        service.set_current_payload(UNKNOWN)
        self._service = self.add_field("service", self.tr("Service"), service)
        severity = SegmentedControl(
            self.tr("Severity"), [Segment(s.value, f"SEV {s.value[-1]}") for s in Severity],
            current=Severity.SEV2.value, height=32, stretch=True,
        )  # fmt: skip
        self._severity = self.add_field("severity", self.tr("Severity"), severity)
        replay.picked.connect(lambda _: self._follow())
        self._follow()
        self.ready()

    def _follow(self) -> None:
        """A replay brings summary, service and severity of its own."""
        is_new = self.fields.text("replay") in ("", NONE)
        for field in (self._summary, self._service, self._severity):
            field.setVisible(is_new)
        self.fields.require("summary", self.tr("Say what happens.") if is_new else "")
        self._fit()

    def form(self) -> DrillForm:
        """What is practised."""
        replay = uuid_of(self.fields.text("replay"))
        return DrillForm(
            summary=self.fields.text("summary") if replay is None else "",
            service_id=uuid_of(self.fields.text("service")) if replay is None else None,
            severity=Severity(self.fields.text("severity")),
            replay_of_id=replay,
        )
