"""Impact and urgency, and a priority other than the matrix gives."""

from collections.abc import Mapping

from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.views.dialogs.choosing import priority_matrix
from desktop.views.dialogs.form_dialog import FormDialog, Subject
from desktop.views.dialogs.forms import PriorityForm
from desktop.views.dialogs.words import PRIORITIES, filled, said
from desktop.widgets.badges import PriorityBadge
from desktop.widgets.choices import CheckRow
from desktop.widgets.inputs import TextEdit
from desktop.widgets.labels import PlainLabel
from desktop.widgets.segmented import Segment, SegmentedControl
from services.incidents.incident import Incident
from services.incidents.priority import Impact, Priority, PriorityMatrix, Urgency


class PriorityDialog(FormDialog):
    """The matrix with its result; an override needs a reason. Emits ``PriorityForm``."""

    def __init__(self, host: QWidget, incident: Incident, matrix: PriorityMatrix) -> None:
        super().__init__(
            host, self.tr("Impact and urgency"), primary=self.tr("Set priority"),
            subject=Subject.of(incident), width=640,
        )  # fmt: skip
        corner = (self.tr("Impact"), self.tr("↓ who is affected"))
        name = self.tr("Impact and urgency")
        self._matrix = priority_matrix(name, corner, matrix.cells)
        self._edition = matrix.edition
        self.add_field("matrix", name, self._matrix, required=self.tr("Choose a cell."))
        self._badge = PriorityBadge(3)
        self._result = PlainLabel("", "body")
        self._build_result()
        self._build_override(incident)
        if incident.impact and incident.urgency:
            self._matrix.set_current(str(int(incident.impact)), str(int(incident.urgency)))
        self._matrix.chosen.connect(self._show_result)
        self._override.toggled.connect(self._show_result)
        self._choice.chosen.connect(self._show_result)
        self._show_result()
        self.ready()

    def _build_result(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._badge)
        row.addWidget(self._result, 1)
        self.body.addLayout(row)

    def _build_override(self, incident: Incident) -> None:
        self._override = CheckRow(
            self.tr("Set another priority"),
            self.tr("Stands out in the history and is counted in reports"),
            checked=bool(incident.priority_override_reason),
        )
        self.add_field("override", "", self._override)
        segments = [Segment(str(int(p)), f"P{int(p)}") for p in Priority]
        current = str(int(incident.priority)) if incident.priority else ""
        self._choice = SegmentedControl(
            self.tr("Priority"), segments, height=32, stretch=True, current=current
        )
        self._choice_field = self.add_field("priority", self.tr("Priority"), self._choice)
        reason = TextEdit(self.tr("Reason"), lines=2)
        self._reason_field = self.add_field("reason", self.tr("Reason"), reason)
        reason.setPlainText(incident.priority_override_reason)

    def _show_result(self) -> None:
        on = self._override.isChecked()
        self._choice_field.setVisible(on)
        self._reason_field.setVisible(on)
        self.fields.require("priority", self.tr("Choose a priority.") if on else "")
        self.fields.require("reason", self.tr("Say why the matrix is wrong here.") if on else "")
        from_matrix = self._matrix.priority
        chosen = int(self._choice.current) if on and self._choice.current else from_matrix
        self._badge.setVisible(chosen is not None)
        if chosen is None:
            self._result.setText(self.tr("Choose a cell: it decides the priority."))
        elif on and chosen != from_matrix:
            self._badge.set_priority(chosen)
            self._result.setText(filled(self.tr("%1, set by hand"), said(PRIORITIES[chosen])))
        else:
            self._badge.set_priority(chosen)
            by = self.tr("%1, by matrix edition %2")
            self._result.setText(filled(by, said(PRIORITIES[chosen]), str(self._edition)))
        self._fit()

    def restore(self, draft: Mapping[str, object]) -> None:
        """Show what was typed before."""
        super().restore(draft)
        self._show_result()

    def form(self) -> PriorityForm:
        """What was chosen; an override that repeats the matrix is none."""
        assert self._matrix.current is not None, "the form was checked"
        impact, urgency = self._matrix.current
        on = self.fields.is_on("override")
        chosen = Priority(int(self._choice.current)) if on else None
        if chosen is not None and int(chosen) == self._matrix.priority:
            chosen = None
        return PriorityForm(
            impact=Impact(int(impact)),
            urgency=Urgency(int(urgency)),
            override=chosen,
            override_reason=self.fields.text("reason") if chosen is not None else "",
        )
