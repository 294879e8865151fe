"""Giving a role to somebody, and handing it over with a pack that the successor accepts."""

from collections.abc import Sequence
from uuid import UUID

from PySide6.QtWidgets import QWidget

from desktop.views.dialogs.choosing import uuid_of
from desktop.views.dialogs.form_dialog import FormDialog, Subject
from desktop.views.dialogs.words import filled
from desktop.views.major.dialogs.streams import stream_picker
from desktop.views.major.values import RoleRow
from desktop.widgets.card import Card
from desktop.widgets.inputs import LineEdit, TextEdit
from desktop.widgets.labels import PlainLabel
from desktop.widgets.picker import Picker
from desktop.widgets.picker_list import PickerItem
from services.core.text import Limit
from services.incidents.incident import Incident
from services.major_incidents.acts import OfferRole
from services.major_incidents.major import ResponseRole


def duty_card(duties: Sequence[str], head: str) -> Card:
    """What is expected of whoever takes the role."""
    card = Card("bg.subtle", "line.default", margins=(12, 8, 12, 10))
    card.body.setSpacing(2)
    card.body.addWidget(PlainLabel(head, "meta.strong", "fg.muted"))
    for duty in duties:
        card.body.addWidget(PlainLabel(f"•  {duty}", "body", wrap=True))
    return card


class AssignRoleDialog(FormDialog):
    """Who is asked to take a role; an own role has a title and duties. Emits ``OfferRole``.

    ``streams`` are the work streams it may be in; without any it is not asked.
    """

    def __init__(
        self,
        host: QWidget,
        incident: Incident,
        row: RoleRow | None,
        people: Sequence[PickerItem],
        holding_id: UUID,
        streams: Sequence[PickerItem] = (),
    ) -> None:
        title = filled(self.tr("Assign %1"), row.title) if row else self.tr("Add a role")
        super().__init__(
            host, title, primary=self.tr("Ask them"), icon="assign", subject=Subject.of(incident),
            width=560,
        )  # fmt: skip
        self._incident, self._row, self._holding_id = incident, row, holding_id
        if row is None:
            name = LineEdit(self.tr("Role"), limit=Limit.NAME.value,
                            placeholder=self.tr("Such as: Database expert"))  # fmt: skip
            self.add_field("title", self.tr("Role"), name, required=self.tr("Name the role."))
        person = Picker(self.tr("Who"), placeholder=self.tr("Choose"), icon="person")
        person.set_items(people)
        self.add_field("person", self.tr("Who"), person, required=self.tr("Choose somebody."))
        self._has_streams = bool(streams)
        if streams:
            self.add_field("stream", self.tr("Work stream"), stream_picker(streams))
        if row is None:
            duties = TextEdit(
                self.tr("What is expected"), lines=3, placeholder=self.tr("One point a line")
            )
            self.add_field("duties", self.tr("What is expected"), duties)
        elif row.duties:
            self.body.addWidget(duty_card(row.duties, self.tr("What they will be told")))
        self.set_footer(self.tr("They hold the role once they accept."), "route")
        self.ready()

    def form(self) -> OfferRole:
        """The offer."""
        row = self._row
        return OfferRole(
            incident_id=self._incident.id,
            holding_id=self._holding_id,
            role=row.role if row else ResponseRole.OWN,
            person_id=UUID(self.fields.text("person")),
            title="" if row else self.fields.text("title"),
            duties="" if row else self.fields.text("duties"),
            work_stream_id=uuid_of(self.fields.text("stream")) if self._has_streams else None,
        )


class HandOverDialog(FormDialog):
    """Who takes over, and the pack they accept. Emits ``OfferRole``.

    ``pack`` is written from what the response knows; it can be changed before it is offered.
    """

    def __init__(
        self,
        host: QWidget,
        incident: Incident,
        row: RoleRow,
        people: Sequence[PickerItem],
        pack: str,
        holding_id: UUID,
    ) -> None:
        super().__init__(
            host, filled(self.tr("Hand over: %1"), row.title), primary=self.tr("Offer it"),
            icon="switch", subject=Subject.of(incident), width=680,
        )  # fmt: skip
        self._incident, self._row, self._holding_id = incident, row, holding_id
        person = Picker(self.tr("To"), placeholder=self.tr("Choose"), icon="person")
        person.set_items(people)
        if row.relief and people:
            person.set_current(people[0])
        self.add_field("person", self.tr("To"), person, required=self.tr("Choose who takes over."))
        text = TextEdit(self.tr("What they take over"), lines=12)
        text.setPlainText(pack)
        self.add_field(
            "pack", self.tr("What they take over"), text,
            hint=self.tr("they read this and accept it"),
            required=self.tr("Write what they have to know."),
        )  # fmt: skip
        you = self.tr("You keep the role until they accept.")
        other = filled(self.tr("%1 keeps the role until they accept."), row.person)
        self.set_footer(you if row.is_you else other, "route")
        self.ready()

    def form(self) -> OfferRole:
        """The offer."""
        row = self._row
        return OfferRole(
            incident_id=self._incident.id,
            holding_id=self._holding_id,
            role=row.role,
            person_id=UUID(self.fields.text("person")),
            title=row.title if row.role is ResponseRole.OWN else "",
            duties="\n".join(row.duties) if row.role is ResponseRole.OWN else "",
            work_stream_id=row.stream_id,
            relieves_id=row.holding_id,
            handover=self.fields.text("pack"),
        )


class TakeRoleDialog(FormDialog):
    """Shows what one takes over before one does. Emits the row."""

    def __init__(self, host: QWidget, incident: Incident, row: RoleRow) -> None:
        super().__init__(
            host, filled(self.tr("Take over: %1"), row.title), primary=self.tr("Accept"),
            icon="apply", subject=Subject.of(incident), width=680,
        )  # fmt: skip
        self._row = row
        if row.duties:
            self.body.addWidget(duty_card(row.duties, self.tr("What is expected of you")))
        if row.pack:
            card = Card(margins=(12, 8, 12, 10))
            card.body.addWidget(PlainLabel(self.tr("Handover"), "meta.strong", "fg.muted"))
            card.body.addWidget(PlainLabel(row.pack, "body", wrap=True, selectable=True))
            self.body.addWidget(card)
        self.set_footer(self.tr("From then on you hold the role, shown to everybody."), "route")
        self.ready()

    def form(self) -> RoleRow:
        """The role accepted."""
        return self._row
