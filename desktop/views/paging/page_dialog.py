"""Paging a team or people about an incident: whom, why, and who will be woken."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from PySide6.QtWidgets import QWidget

from desktop.text import plural
from desktop.views.dialogs.controls import Checklist, FilteredRows
from desktop.views.dialogs.escalate_team import Covering
from desktop.views.dialogs.form_dialog import FormDialog, Subject
from desktop.views.dialogs.forms import PageForm
from desktop.views.dialogs.words import filled, first_name, tier_mark
from desktop.views.paging.cover_words import called_first, until_words
from desktop.widgets.choices import RadioChoice
from desktop.widgets.form import FormField
from desktop.widgets.inputs import TextEdit
from desktop.widgets.picker_list import PickerItem
from desktop.widgets.segmented import Segment, SegmentedControl
from services.incidents.directory import Directory
from services.incidents.incident import Incident
from services.paging.words import CATCH_ALL, listed
from services.people.person import Person, Team

TEAM, PEOPLE = "team", "people"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Who may be paged: teams with their cover, and how each person is reached."""

    covering: Covering
    ways: Mapping[UUID, str] = field(default_factory=dict)


class PageDialog(FormDialog):
    """Emits a :class:`PageForm`; ``hold_s`` are the seconds in which it can be stopped."""

    def __init__(
        self,
        host: QWidget,
        incident: Incident,
        directory: Directory,
        reach: Reach,
        *,
        hold_s: int,
        start: str = TEAM,
    ) -> None:
        super().__init__(
            host, self.tr("Page now"), primary=self.tr("Page"), icon="bell",
            subject=Subject.of(incident), width=640,
        )  # fmt: skip
        self._incident, self._directory, self._reach = incident, directory, reach
        self._hold_s = hold_s
        self._ways = SegmentedControl(
            self.tr("Whom"),
            [
                Segment(TEAM, self.tr("Who is on call"), "on.call"),
                Segment(PEOPLE, self.tr("People by name"), "people"),
            ],
            height=32,
            current=start,
        )
        self._team, self._people = self._build_fields()
        self._wakes = self.add_remark("")
        self.ready()
        self.fields.connect_changes(self._tell)
        self._tell()

    def _build_fields(self) -> tuple[FormField, FormField]:
        self.add_field("way", "", self._ways)
        rows = FilteredRows(self.tr("Teams"), self.tr("Filter teams"))
        rows.setFixedHeight(252)
        rows.set_choices([self._choice(team) for team in self._teams()], self._first())
        team = self.add_field("team", "", rows, required=self.tr("Choose a team."))
        people = Checklist(self.tr("People"), nothing=self.tr("Choose people"), icon="people")
        people.set_offered([self._offer(person) for person in self._directory.agents])
        named = self.add_field(
            "people", self.tr("People"), people, required=self.tr("Choose at least one.")
        )
        why = TextEdit(self.tr("What they should do"), lines=3)
        self.add_field(
            "reason", self.tr("What they should do"), why,
            required=self.tr("Say why you wake them."),
        )  # fmt: skip
        return team, named

    def _teams(self) -> Sequence[Team]:
        here = self._incident.team_id
        found = [team for team in self._directory.teams.values() if team.is_active]
        return sorted(found, key=lambda t: (t.id != here, t.tier, t.name))

    def _first(self) -> str:
        """The team that has the incident is meant, if anybody there would be called."""
        cover = self._reach.covering.covers.get(self._incident.team_id)
        return str(self._incident.team_id) if cover and cover.has_roster else ""

    def _choice(self, team: Team) -> RadioChoice:
        cover = self._reach.covering.covers.get(team.id)
        if cover is None:
            return RadioChoice(str(team.id), team.name, tier_mark(team.tier))
        person = self._directory.person(cover.person_id)
        until = until_words(cover, self._directory, self._reach.covering.now)
        return RadioChoice(
            str(team.id),
            team.name,
            tier_mark(team.tier),
            person=person,
            side_title=person or self.tr("No one on call now"),
            side_subtitle=until,
            side_tone="neutral" if person else "warn",
        )

    def _offer(self, person: Person) -> PickerItem:
        way = self._reach.ways.get(person.id, "")
        return PickerItem(person.name, str(person.id), way or self.tr("no working contact method"))

    @property
    def _is_team(self) -> bool:
        return self._ways.current == TEAM

    def _chosen(self) -> tuple[UUID, ...]:
        control = self.fields.control("people")
        return tuple(map(UUID, control.keys)) if isinstance(control, Checklist) else ()

    def _tell(self, *_: object) -> None:
        self._team.setVisible(self._is_team)
        self._people.setVisible(not self._is_team)
        self._wakes.setText(self._woken())
        self.primary_button.setText(self._verb())
        if not self._reach.covering.is_online:
            self.set_footer(
                self.tr("Offline: waits for connection, nobody is called yet."), "sync.offline",
                "warn.fg",
            )  # fmt: skip
        elif self._hold_s:
            stop = self.tr("You have %1 s to stop it.")
            self.set_footer(filled(stop, str(self._hold_s)), "timer")
        else:
            self.set_footer(self.tr("SEV 1: they are called at once."), "bell")

    def _verb(self) -> str:
        if self._is_team:
            key = self.fields.text("team")
            name = self._directory.team(UUID(key)) if key else ""
            return filled(self.tr("Page %1"), name) if name else self.tr("Page")
        people = self._chosen()
        if len(people) == 1:
            name = first_name(self._directory.person(people[0]))
            return filled(self.tr("Page %1"), name)
        if not people:
            return self.tr("Page")
        count = plural(len(people), self.tr("person"), self.tr("people"))
        return filled(self.tr("Page %1"), count)

    def _woken(self) -> str:
        if self._is_team:
            key = self.fields.text("team")
            cover = self._reach.covering.covers.get(UUID(key)) if key else None
            return cover.wakes if cover else ""
        reached = [
            filled(self.tr("%1 by %2"), self._directory.person(id_), self._reach.ways[id_])
            for id_ in self._chosen()
            if self._reach.ways.get(id_)
        ]
        silent = [self._directory.person(i) for i in self._chosen() if not self._reach.ways.get(i)]
        parts = [*reached]
        if silent:
            parts.append(filled(self.tr("%1 only on their own desk"), listed(silent)))
        return "; ".join([*parts, filled(self.tr("then %1"), CATCH_ALL)]) if parts else ""

    def form(self) -> PageForm:
        """Whom to page, and why."""
        is_team = self._is_team
        return PageForm(
            team_id=UUID(self.fields.text("team")) if is_team else None,
            person_ids=() if is_team else self._chosen(),
            reason=self.fields.text("reason"),
        )

    def called(self) -> str:
        """The name of whom it calls first, for what is said afterwards."""
        if self._is_team:
            key = self.fields.text("team")
            cover = self._reach.covering.covers.get(UUID(key)) if key else None
            first = called_first(cover, self._directory) if cover else ""
            return first_name(first) or self._directory.team(UUID(key) if key else None)
        return listed([first_name(self._directory.person(id_)) for id_ in self._chosen()])
