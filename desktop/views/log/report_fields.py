"""The form column of the page: the fields of a report in the order in which a caller speaks."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop.theme.sizes import GUTTER_FORM
from desktop.views.dialogs.choosing import (
    NONE,
    CallerPicker,
    CategoryPickers,
    channel_segments,
    key_of,
    priority_matrix,
    product_checklist,
    product_items,
    service_items,
    severity_segments,
)
from desktop.views.dialogs.fields import FieldSet, focus_on
from desktop.views.dialogs.when_field import WhenField
from desktop.views.dialogs.words import IMPACTS, URGENCIES, said
from desktop.views.log.cards import CallerCard, ResultCard
from desktop.views.log.left_hand import LeftHandKeys
from desktop.views.log.severity_scale import SeverityScale
from desktop.widgets.buttons import IconButton
from desktop.widgets.choices import CheckRow
from desktop.widgets.form import FormField
from desktop.widgets.inputs import LineEdit, TextEdit
from desktop.widgets.matrix import PriorityMatrix
from desktop.widgets.picker import Picker
from desktop.widgets.segmented import SegmentedControl
from services.core.text import Limit
from services.incidents.directory import Directory
from services.incidents.incident import Channel

_RESULT_WIDTH: Final = 232
_GAP: Final = 12
_FUTURE_ALLOWED: Final = timedelta(minutes=1)


class ReportFields(QWidget):
    """All fields with the caller card and the resulting priority."""

    changed = Signal()
    caller_chosen = Signal(object)
    caller_creation_requested = Signal(str)

    def __init__(self, clock: Callable[[], datetime], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fields = FieldSet()
        self._directory = Directory()
        self._edition = 0
        self.channel = SegmentedControl(self.tr("Channel"), channel_segments(), height=32)
        self.caller = CallerPicker(self.tr("Caller"))
        self._source = LineEdit(
            self.tr("Monitoring source"), placeholder=self.tr("Check, host or rule"),
            icon="monitoring",
        )  # fmt: skip
        self.card = CallerCard()
        self.result = ResultCard()
        self._summary = LineEdit(
            self.tr("Summary"), limit=Limit.SUMMARY.value,
            placeholder=self.tr("What does not work, in a line"),
        )  # fmt: skip
        self._description = TextEdit(
            self.tr("Description"), lines=2,
            placeholder=self.tr("Since when, what was tried, how to reach the caller"),
        )  # fmt: skip
        self._service = Picker(
            self.tr("Service"), placeholder=self.tr("Choose, or Unknown"), icon="service"
        )
        self._products = product_checklist(self.tr("Affected products"), self.tr("None named"))
        self._category = CategoryPickers(
            self.tr("Category"), self.tr("Subcategory"), self.tr("None"), self.tr("Choose")
        )
        self._severity = SegmentedControl(
            self.tr("Severity"), severity_segments(self.tr("None")), height=32, stretch=True
        )
        self._scale = IconButton("info", self.tr("What the severities mean"), size=24)
        self._confidential = CheckRow(self.tr("Confidential"))
        self._clock = clock
        self._reported = WhenField(self.tr("Reported at"), clock())
        self._now_button = IconButton("clock", self.tr("Set to now"), size=24)
        self._matrix_place = QVBoxLayout()
        self._matrix = self._new_matrix("123234345")
        self._build()
        self._connect()
        self._order()

    def _new_matrix(self, cells: str) -> PriorityMatrix:
        corner = (self.tr("Impact"), self.tr("↓ who is affected"))
        return priority_matrix(self.tr("Impact and urgency"), corner, cells)

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(GUTTER_FORM, 12, GUTTER_FORM, 12)
        column.setSpacing(_GAP)
        column.addLayout(self._caller_row())
        column.addWidget(self.card)
        needed = self.tr("Say in a line what does not work.")
        column.addWidget(self._field("summary", self.tr("Summary"), self._summary, needed))
        described = FormField(self.tr("Description"), self._description, beside=self._confidential)
        self._described = self.fields.add("description", described)
        grows = QSizePolicy.Policy.Expanding
        self._description.setSizePolicy(grows, grows)
        column.addWidget(described, 1)
        column.addLayout(self._pair(
            self._field("service", self.tr("Service"), self._service),
            self._field("products", self.tr("Affected products"), self._products),
        ))  # fmt: skip
        column.addLayout(self._pair(
            self._field("category", self.tr("Category"), self._category.category),
            self._field("subcategory", self.tr("Subcategory"), self._category.subcategory),
        ))  # fmt: skip
        column.addLayout(self._priority_rows())

    def _field(self, name: str, label: str, control: QWidget, required: str = "") -> FormField:
        return self.fields.add(name, FormField(label, control), required)

    def _pair(self, left: QWidget, right: QWidget) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(_GAP)
        row.addWidget(left, 1)
        row.addWidget(right, 1)
        return row

    def _caller_row(self) -> QHBoxLayout:
        nobody = self.tr("Choose or add the caller.")
        self._caller_field = self._field("caller", self.tr("Caller"), self.caller, nobody)
        source = self._field("monitoring_source", self.tr("Monitoring source"), self._source)
        self._source_field = source
        channel = self._field("channel", self.tr("Channel"), self.channel)
        channel.set_hint(self.tr("Ctrl ← →"))
        row = QHBoxLayout()
        row.setSpacing(_GAP)
        row.addWidget(self._caller_field, 1)
        row.addWidget(source, 1)
        row.addWidget(channel)
        source.hide()
        top = Qt.AlignmentFlag.AlignTop
        for field in (self._caller_field, source, channel):
            row.setAlignment(field, top)
        return row

    def _priority_rows(self) -> QHBoxLayout:
        left = QVBoxLayout()
        left.setSpacing(_GAP)
        holder = QWidget()
        self._matrix_place = QVBoxLayout(holder)
        self._matrix_place.setContentsMargins(0, 0, 0, 0)
        self._matrix_place.addWidget(self._matrix)
        self._matrix_field = FormField(self.tr("Impact and urgency"), holder)
        self._matrix_field.set_hint(self.tr("arrows or W A S D, Space"))
        left.addWidget(self._matrix_field)
        severity = FormField(
            self.tr("Severity"), self._severity, hint=self.tr("optional"), beside=self._scale
        )
        left.addWidget(self.fields.add("severity", severity))
        right = QVBoxLayout()
        right.setSpacing(_GAP)
        result = FormField(self.tr("Resulting priority"), self.result)
        right.addWidget(result, 1)
        reported = FormField(self.tr("Reported at"), self._reported, beside=self._now_button)
        right.addWidget(self.fields.add("reported_at", reported))
        aside = QWidget()
        aside.setFixedWidth(_RESULT_WIDTH)
        right.setContentsMargins(0, 0, 0, 0)
        aside.setLayout(right)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addLayout(left, 1)
        row.addWidget(aside)
        return row

    def _connect(self) -> None:
        self.fields.connect_changes(lambda *_: self.changed.emit())
        self._matrix.chosen.connect(self._matrix_chosen)
        self.caller.caller_chosen.connect(self._caller_changed)
        self.caller.addition_requested.connect(self.caller_creation_requested)
        self.channel.chosen.connect(self._show_channel)
        self.card.cleared.connect(self._clear_caller)
        self._scale.clicked.connect(self._open_scale)
        self._now_button.clicked.connect(self._report_now)
        self._left_hand = LeftHandKeys(self._matrix, self._severity)
        self._confidential.toggled.connect(self._say_who_reads)

    def _say_who_reads(self, is_confidential: bool) -> None:
        readers = self.tr("you, who works on it and incident managers will see it")
        self._described.set_hint(readers if is_confidential else "")
        self.changed.emit()

    def _order(self) -> None:
        for button in self.channel.findChildren(QAbstractButton):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        for button in (self._scale, self._now_button):
            button.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        cells = self._matrix.findChildren(QAbstractButton)
        severities = self._severity.findChildren(QAbstractButton)
        steps: list[QWidget] = [
            *(self.caller, self._source, self._summary, self._description),
            *(self._service, self._products, self._category.category),
            *(self._category.subcategory, *cells, *severities, self._reported),
            self._confidential,
        ]
        for one, other in pairwise(steps):
            QWidget.setTabOrder(one, other)

    def _report_now(self) -> None:
        self._reported.set_when(self._clock())
        self.changed.emit()

    def _open_scale(self) -> None:
        SeverityScale(self._scale).open()

    def step_channel(self, by: int) -> None:
        """Choose the neighbouring channel; the keyboard stays where it is."""
        keys = [channel.value for channel in Channel]
        at = min(max(keys.index(self.channel.current) + by, 0), len(keys) - 1)
        self.channel.set_current(keys[at])
        self._show_channel(keys[at])
        self.changed.emit()

    def _show_channel(self, key: str) -> None:
        by_machine = key == Channel.MONITORING.value
        self._source_field.setVisible(by_machine)
        self._caller_field.setVisible(not by_machine or self.caller.person_id is not None)
        self._show_caller(self.caller.person_id)

    def _require_reporter(self) -> None:
        by_machine = self.channel.current == Channel.MONITORING.value
        named = self.caller.person_id is not None
        source = self.tr("Name the check that reported it, or choose a caller.")
        caller = self.tr("Choose or add the caller.")
        self.fields.require("monitoring_source", source if by_machine and not named else "")
        self.fields.require("caller", "" if by_machine else caller)

    def _caller_changed(self, id_: UUID | None) -> None:
        self._show_caller(id_)
        self.changed.emit()
        self.caller_chosen.emit(id_)

    def _clear_caller(self) -> None:
        self.caller.set_person(None)
        self._caller_changed(None)
        self.caller.setFocus()

    def _show_caller(self, id_: UUID | None) -> None:
        person = self._directory.people.get(id_) if id_ else None
        if person is None:
            by_machine = self.channel.current == Channel.MONITORING.value
            known = self.tr("Reported by monitoring: no caller is needed")
            ask = self.tr("Type a name, a phone number or an asset tag")
            self.card.show_nobody(known if by_machine else ask)
        else:
            self.card.show_person(person, 0)
        self._require_reporter()

    def show_open_count(self, count: int) -> None:
        """Say in the caller card how many incidents of the caller are open."""
        person = self._directory.people.get(self.caller.person_id or UUID(int=0))
        if person is not None:
            self.card.show_person(person, count)

    def choose_caller(self, id_: UUID) -> None:
        """Choose a person, as if picked from the list."""
        self.caller.set_person(id_)
        self._caller_changed(id_)

    def show_directory(self, directory: Directory) -> None:
        """Offer people and catalogue; what is chosen stays chosen."""
        before = self.content()
        self._directory = directory
        self.caller.set_people(directory)
        self._service.set_items(service_items(directory, self.tr("Unknown")))
        self._products.set_offered(product_items(directory))
        self._category.show_directory(directory)
        if directory.matrices and directory.matrix.edition != self._edition:
            self._edition = directory.matrix.edition
            self._replace_matrix(directory.matrix.cells)
        self.restore(before)

    def _replace_matrix(self, cells: str) -> None:
        old, self._matrix = self._matrix, self._new_matrix(cells)
        self._matrix_place.removeWidget(old)
        old.hide()
        old.deleteLater()
        self._matrix_place.addWidget(self._matrix)
        self._matrix.chosen.connect(self._matrix_chosen)
        self._left_hand = LeftHandKeys(self._matrix, self._severity)
        self._order()

    def _matrix_chosen(self) -> None:
        self._show_result()
        self.changed.emit()

    def _show_result(self) -> None:
        chosen, priority = self._matrix.current, self._matrix.priority
        if chosen is None or priority is None:
            self.result.show_untriaged()
            return
        impact, urgency = said(IMPACTS[chosen[0]][0]), said(URGENCIES[chosen[1]][0])
        self.result.show_priority(priority, impact, urgency, self._edition)

    @property
    def matrix_choice(self) -> tuple[str, str] | None:
        """Keys of impact and urgency, if chosen."""
        return self._matrix.current

    @property
    def is_confidential(self) -> bool:
        """Whether only those shall read it who have to do with it."""
        return self._confidential.isChecked()

    @property
    def category_ids(self) -> tuple[UUID | None, UUID | None]:
        """Category and subcategory."""
        return self._category.ids

    @property
    def product_ids(self) -> tuple[UUID, ...]:
        """Affected products."""
        return tuple(UUID(key) for key in self._products.keys)

    def content(self) -> dict[str, object]:
        """All values, as JSON can keep them."""
        chosen = self._matrix.current
        return {
            **self.fields.content(),
            "matrix": ",".join(chosen) if chosen else "",
            "is_confidential": self.is_confidential,
        }

    def restore(self, draft: Mapping[str, object]) -> None:
        """Show the values of a draft without telling."""
        self.blockSignals(True)
        self.fields.restore(draft)
        self._confidential.setChecked(draft.get("is_confidential") is True)
        self._category.restore(draft)
        impact, _, urgency = str(draft.get("matrix", "")).partition(",")
        if impact and urgency:
            self._matrix.set_current(impact, urgency)
        else:
            self._matrix.clear()
        self._show_result()
        self._show_channel(self.channel.current)
        self._show_caller(self.caller.person_id)
        self.blockSignals(False)

    def blank(self, now: datetime, channel: str) -> dict[str, object]:
        """The values of an empty report."""
        texts = ("caller", "monitoring_source", "summary", "description", "service", "category")
        return {
            **dict.fromkeys(texts, ""),
            "subcategory": "",
            "products": [],
            "matrix": "",
            "severity": NONE,
            "is_confidential": False,
            "channel": channel,
            "reported_at": now.isoformat(),
        }

    def problems(self, now: datetime) -> dict[str, str]:
        """What keeps the report from being logged, by field."""
        found = self.fields.missing()
        if self.fields.when("reported_at") > now + _FUTURE_ALLOWED:
            found["reported_at"] = self.tr("This is in the future. When did the caller report it?")
        longest = Limit.DESCRIPTION.value
        if self._description.document().characterCount() - 1 > longest:
            found["description"] = self.tr("Too long: 5,000,000 characters at most.")
        return found

    def point_at(self, problems: Mapping[str, str]) -> None:
        """Show the problems below their fields and go to the first."""
        first = self.fields.show_problems(problems)
        if first is not None:
            focus_on(first)

    def met(self) -> list[str]:
        """Which of the things the page asks for are there."""
        text = self.fields.text
        by_machine = self.channel.current == Channel.MONITORING.value
        there = {
            "caller": bool(key_of(self.caller.person_id))
            or (by_machine and bool(text("monitoring_source"))),
            "summary": bool(text("summary")),
            "priority": self._matrix.current is not None,
            "category": bool(text("category")),
            "service": bool(text("service")),
        }
        return [name for name, is_there in there.items() if is_there]
