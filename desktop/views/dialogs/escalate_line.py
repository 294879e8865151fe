"""The way up the management line: who is told, what is needed, by when."""

from datetime import datetime, timedelta
from uuid import UUID

from PySide6.QtWidgets import QHBoxLayout

from desktop.text import when_text
from desktop.views.dialogs.controls import OwnWordsPicker
from desktop.views.dialogs.escalate_page import EscalatePage
from desktop.views.dialogs.forms import LineEscalationForm
from desktop.views.dialogs.when_field import WhenField
from desktop.views.dialogs.words import LINE_REASONS, filled, said
from desktop.widgets.card import Card
from desktop.widgets.form import FormField
from desktop.widgets.icon_label import IconLabel
from desktop.widgets.inputs import TextEdit
from desktop.widgets.labels import PlainLabel
from desktop.widgets.ladder import Ladder, Rung
from services.incidents.directory import Directory
from services.incidents.incident import EscalationKind, EscalationState, Incident
from services.incidents.read_models import EscalationItem
from services.people.person import Person

_ANSWER_WITHIN = timedelta(minutes=30)


class LinePage(EscalatePage):
    """The line from the team's lead up; whoever was told shows when."""

    def __init__(
        self,
        incident: Incident,
        directory: Directory,
        now: datetime,
        told: tuple[EscalationItem, ...],
    ) -> None:
        super().__init__()
        self._incident, self._directory, self._now = incident, directory, now
        calls = [item for item in told if item.escalation.kind is EscalationKind.HIERARCHICAL]
        self._told = {item.escalation.to_person_id: item for item in calls}
        self._ladder = Ladder(self.tr("Management line"))
        self._phone = PlainLabel("", "heading", selectable=True)
        self._call = Card("bg.subtle", "line.default", margins=(12, 8, 12, 8))
        self._build_left()
        self._build_right()
        self._ladder.chosen.connect(self._show_phone)
        self._show_phone()
        self.fields.connect_changes(lambda *_: self.changed.emit())

    def _build_left(self) -> None:
        people = self._directory.management_line(self._incident.team_id)
        head = filled(
            self.tr("Management line for %1"), self._directory.team(self._incident.team_id)
        )
        untold = [person for person in people if person.id not in self._told]
        following = untold[0].id if untold else None
        rungs = [self._rung(person, following) for person in people]
        current = str(following or (people[-1].id if people else ""))
        self._ladder.set_rungs(rungs, current)
        field = FormField(head, self._ladder)
        self.fields.add("person", field, self.tr("Choose whom to tell."))
        self.left.addWidget(field)
        if not people:
            text = self.tr("This team has no lead yet. An administrator sets one in the catalogue.")
            self.left.addWidget(PlainLabel(text, "body", "fg.muted", wrap=True))
        self.left.addStretch(1)

    def _rung(self, person: Person, following: UUID | None) -> Rung:
        item = self._told.get(person.id)
        title, subtitle = person.phone, ""
        if item is not None:
            title = filled(
                self.tr("Told %1"), when_text(item.escalation.offered_at, self._now.astimezone())
            )
            subtitle = self._answer(item)
        return Rung(
            str(person.id),
            person.name,
            person.job_title,
            "told" if item else "next" if person.id == following else "later",
            title,
            subtitle,
        )

    def _answer(self, item: EscalationItem) -> str:
        state, ended = item.escalation.state, item.escalation.ended_at
        if state is EscalationState.ANSWERED and ended is not None:
            return filled(self.tr("answered %1"), when_text(ended, self._now.astimezone()))
        if state is EscalationState.TOLD:
            return self.tr("no answer yet")
        return self.tr("withdrawn")

    def _build_right(self) -> None:
        sentences = [said(text) for text in LINE_REASONS]
        reason = OwnWordsPicker(
            self.tr("Reason"), sentences, placeholder=self.tr("Choose, or type your own")
        )
        why = self.tr("Say why they need to know.")
        self.add_field("reason", self.tr("Reason"), reason, required=why, shown=False)
        needed = self.tr("Say what you need from them.")
        need = TextEdit(self.tr("What do you need from them?"), lines=4)
        self.add_field("need", self.tr("What do you need from them?"), need, required=needed)
        at = (self._now + _ANSWER_WITHIN).replace(second=0, microsecond=0)
        by = WhenField(self.tr("Answer needed by"), at)
        self.add_field("needed_by", self.tr("Answer needed by"), by)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(IconLabel("call", "fg.muted"))
        row.addWidget(self._phone)
        row.addStretch(1)
        self._call.body.addLayout(row)
        self.right.addSpacing(2)
        self.right.addWidget(self._call)
        self.right.addStretch(1)

    def _show_phone(self) -> None:
        person = self.person
        self._call.setVisible(person is not None)
        if person is not None:
            self._phone.setText(person.phone or self.tr("No phone known"))

    @property
    def person(self) -> Person | None:
        """Who is told."""
        key = self._ladder.current
        return self._directory.people.get(UUID(key)) if key else None

    def form(self) -> LineEscalationForm:
        """The call."""
        return LineEscalationForm(
            to_person_id=UUID(self.fields.text("person")),
            reason=self.fields.text("reason"),
            need=self.fields.text("need"),
            needed_by=self.fields.when("needed_by"),
        )
