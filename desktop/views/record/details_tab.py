"""All fields of an incident, in sections; texts of people stay text."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from desktop.models.timeline_model import SHOWN_CHARACTERS
from desktop.text import full_when_text
from desktop.theme.sizes import GUTTER_PANE
from desktop.views.record.properties import impact_by_urgency, word_for
from desktop.widgets.buttons import Button
from desktop.widgets.card import Surface
from desktop.widgets.labels import PlainLabel
from services.incidents.incident import ConfirmationMethod
from services.incidents.read_models import IncidentDetail
from services.incidents.words import word_of

METHODS: Final[Mapping[ConfirmationMethod, str]] = {
    ConfirmationMethod.PHONE: str(QT_TRANSLATE_NOOP("fields", "by phone")),
    ConfirmationMethod.EMAIL: str(QT_TRANSLATE_NOOP("fields", "by email")),
    ConfirmationMethod.CHAT: str(QT_TRANSLATE_NOOP("fields", "by chat")),
    ConfirmationMethod.IN_PERSON: str(QT_TRANSLATE_NOOP("fields", "in person")),
    ConfirmationMethod.NO_ANSWER: str(QT_TRANSLATE_NOOP("fields", "caller could not be reached")),
    ConfirmationMethod.NOT_RECORDED: str(QT_TRANSLATE_NOOP("fields", "not recorded")),
}
Pairs = Iterable[tuple[str, str]]


class Scroller(QScrollArea):
    """A column that scrolls in a tab; each showing builds it anew."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def renew(self) -> QVBoxLayout:
        """An empty column in place of the one shown."""
        page = Surface()
        column = QVBoxLayout(page)
        column.setContentsMargins(GUTTER_PANE, 14, GUTTER_PANE, 16)
        column.setSpacing(6)
        self.setWidget(page)
        return column


class DetailsTab(Scroller):
    """Every field with its name; ``whole_text_requested`` carries title and text."""

    whole_text_requested = Signal(str, str)

    def show_for(self, detail: IncidentDetail, now: datetime) -> None:
        """Show the fields of an incident."""
        column = self.renew()
        incident = detail.incident
        self._text(column, self.tr("Description"), incident.description)
        self._section(column, self.tr("Reported"), self._reported(detail, now))
        self._section(column, self.tr("Service"), self._service(detail))
        self._section(column, self.tr("Priority"), self._priority(detail))
        self._section(column, self.tr("People"), self._people(detail))
        if incident.resolution_code is not None:
            self._section(column, self.tr("Resolution"), self._resolution(detail, now))
            self._text(column, "", incident.resolution)
        if incident.closed_at is not None or incident.cancelled_at is not None:
            self._section(column, self.tr("Closure"), self._closure(detail, now))
        column.addStretch(1)

    def _reported(self, detail: IncidentDetail, now: datetime) -> Pairs:
        incident = detail.incident
        yield self.tr("Reported"), full_when_text(incident.reported_at, now)
        yield self.tr("Logged"), full_when_text(incident.created_at, now)
        yield self.tr("Channel"), word_of(incident.channel)
        yield self.tr("Monitoring"), incident.monitoring_source
        yield self.tr("Other number"), incident.external_reference
        if detail.caller is not None:
            yield self.tr("Caller"), detail.caller.name
            yield self.tr("Email"), detail.caller.email
            yield self.tr("Asset"), detail.caller.asset_tag
        if incident.first_response_at is not None:
            yield self.tr("First response"), full_when_text(incident.first_response_at, now)

    def _service(self, detail: IncidentDetail) -> Pairs:
        yield self.tr("Service"), detail.service
        yield self.tr("Products"), ", ".join(detail.products)
        yield self.tr("Category"), detail.category_path or self.tr("None")

    def _priority(self, detail: IncidentDetail) -> Pairs:
        incident = detail.incident
        impact = impact_by_urgency(incident.impact, incident.urgency)
        yield self.tr("Impact × urgency"), impact
        unset = self.tr("Not set")
        yield self.tr("Priority"), f"P{int(incident.priority)}" if incident.priority else unset
        yield self.tr("Severity"), incident.severity.value if incident.severity else unset
        yield self.tr("Overridden"), incident.priority_override_reason
        if incident.matrix_edition is not None:
            yield (
                self.tr("Matrix"),
                self.tr("Edition %1").replace("%1", str(incident.matrix_edition)),
            )

    def _people(self, detail: IncidentDetail) -> Pairs:
        owner = ", ".join(part for part in (detail.owner, detail.owner_team) if part)
        yield self.tr("Owner"), owner
        yield self.tr("Works on it"), detail.assignee or self.tr("Nobody")
        yield self.tr("Team"), f"{detail.team} T{int(detail.tier)}"
        yield self.tr("Logged by"), detail.opened_by
        count = detail.incident.reassignment_count
        yield self.tr("Reassigned"), self.tr("%n times", "", count) if count else ""

    def _resolution(self, detail: IncidentDetail, now: datetime) -> Pairs:
        incident = detail.incident
        if incident.resolved_at is not None:
            yield self.tr("Resolved"), full_when_text(incident.resolved_at, now)
        yield self.tr("Resolved by"), detail.resolved_by
        if incident.resolution_code is not None:
            yield self.tr("How"), word_of(incident.resolution_code)
        if incident.is_first_contact_resolution:
            yield self.tr("First contact"), self.tr("Yes")
        count = incident.reopen_count
        yield self.tr("Reopened"), self.tr("%n times", "", count) if count else ""

    def _closure(self, detail: IncidentDetail, now: datetime) -> Pairs:
        incident = detail.incident
        if incident.cancelled_at is not None:
            yield self.tr("Cancelled"), full_when_text(incident.cancelled_at, now)
        if incident.cancel_reason is not None:
            yield self.tr("Reason"), word_of(incident.cancel_reason)
        if incident.confirmation_method is not None:
            method = word_for(METHODS, incident.confirmation_method)
            said = (incident.confirmed_by, method)
            yield self.tr("Confirmed"), ", ".join(part for part in said if part)
        if incident.confirmed_at is not None:
            yield self.tr("Confirmed at"), full_when_text(incident.confirmed_at, now)
        if incident.closed_at is not None:
            yield self.tr("Closed"), full_when_text(incident.closed_at, now)
            yield self.tr("Closed by"), detail.closed_by

    def _section(self, column: QVBoxLayout, title: str, pairs: Pairs) -> None:
        if column.count():
            column.addSpacing(8)
        column.addWidget(PlainLabel(title.upper(), "overline", "fg.subtle"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(5)
        grid.setColumnMinimumWidth(0, 104)
        grid.setColumnStretch(1, 1)
        for row, (name, value) in enumerate((n, v) for n, v in pairs if v):
            label = PlainLabel(name, "meta", "fg.subtle")
            grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(PlainLabel(value, "body", wrap=True, selectable=True), row, 1)
        column.addLayout(grid)

    def _text(self, column: QVBoxLayout, title: str, text: str) -> None:
        if not text:
            return
        if title:
            column.addWidget(PlainLabel(title.upper(), "overline", "fg.subtle"))
        shown = text[:SHOWN_CHARACTERS]
        column.addWidget(PlainLabel(shown, "body", wrap=True, selectable=True))
        if len(text) > SHOWN_CHARACTERS:
            more = Button(self.tr("Show all %1 characters").replace("%1", f"{len(text):,}"))
            name = title or self.tr("Resolution")
            more.clicked.connect(lambda: self.whole_text_requested.emit(name, text))
            column.addWidget(more, 0, Qt.AlignmentFlag.AlignLeft)
