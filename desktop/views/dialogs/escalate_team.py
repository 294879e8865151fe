"""The way to another team: who takes it, and what they need to go on without asking."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from desktop.text import plural
from desktop.views.dialogs.controls import FilteredRows, OwnWordsPicker
from desktop.views.dialogs.escalate_page import EscalatePage
from desktop.views.dialogs.forms import TeamEscalationForm
from desktop.views.dialogs.words import TEAM_REASONS, filled, first_name, joined, said, tier_mark
from desktop.views.paging.cover_words import called_first, until_words
from desktop.views.paging.page_part import PagePart
from desktop.widgets.card import Rule
from desktop.widgets.choices import RadioChoice
from desktop.widgets.form import FormField
from desktop.widgets.inputs import TextEdit
from desktop.widgets.labels import PlainLabel
from services.incidents.directory import Directory
from services.incidents.incident import Incident
from services.paging.read_models import Cover
from services.people.person import Team


@dataclass(frozen=True, slots=True, kw_only=True)
class Covering:
    """Who is on call for which team at a moment; without any, paging is not set up."""

    now: datetime
    covers: Mapping[UUID, Cover] = field(default_factory=dict)
    is_online: bool = True


class TeamPage(EscalatePage):
    """Teams by tier, the owner of the service first; the structured hand-over beside them."""

    def __init__(
        self,
        incident: Incident,
        directory: Directory,
        open_counts: Mapping[UUID, int],
        handover: tuple[str, str, str],
        covering: Covering,
    ) -> None:
        super().__init__()
        self._incident, self._directory, self._counts = incident, directory, open_counts
        self._covering = covering
        self._page = PagePart(incident, directory, is_online=covering.is_online)
        self._rows = FilteredRows(self.tr("Teams"), self.tr("Filter teams"))
        self._build_left()
        self._build_right(handover)
        self._rows.chosen.connect(lambda _: self._show_cover())
        self._show_cover()
        self.fields.connect_changes(lambda *_: self.changed.emit())
        self._page.changed.connect(self.changed)

    def _build_left(self) -> None:
        service = self._directory.services.get(self._incident.service_id or UUID(int=0))
        owner_id = service.owner_team_id if service else None
        here = self._incident.team_id
        teams = [t for t in self._directory.teams.values() if t.is_active and t.id != here]
        teams.sort(key=lambda team: (team.id != owner_id, team.tier, team.name))
        owns = filled(self.tr("Owns %1"), service.name) if service else ""
        choices = [self._choice(team, owns if team.id == owner_id else "") for team in teams]
        preselected = str(owner_id) if any(team.id == owner_id for team in teams) else ""
        self._rows.set_choices(choices, preselected)
        field = FormField(self.tr("Team"), self._rows)
        self.fields.add("team", field, self.tr("Choose the team that takes it."))
        self.left.addWidget(field, 1)

    def _choice(self, team: Team, tag: str) -> RadioChoice:
        members = self._directory.members_of(team.id)
        people = plural(len(members), self.tr("member"), self.tr("members"))
        count = self._counts.get(team.id)
        load = "" if count is None else filled(self.tr("%1 open"), str(count))
        cover = self._covering.covers.get(team.id)
        if cover is not None and cover.has_roster:
            return self._covered(team, cover, joined((tier_mark(team.tier), load)), tag)
        return RadioChoice(
            str(team.id),
            team.name,
            joined((tier_mark(team.tier), load)),
            tag=tag,
            side_title=team.phone or self.tr("No phone"),
            side_subtitle=people if members else self.tr("outside the house"),
            icon="call" if team.phone else None,
        )

    def _covered(self, team: Team, cover: Cover, subtitle: str, tag: str) -> RadioChoice:
        """A team with a rota: who is on call, or that nobody is."""
        person = self._directory.person(cover.person_id)
        until = until_words(cover, self._directory, self._covering.now)
        return RadioChoice(
            str(team.id),
            team.name,
            subtitle,
            tag=tag,
            person=person,
            side_title=person or self.tr("No one on call now"),
            side_subtitle=until,
            side_tone="neutral" if person else "warn",
            icon="call" if person and self._phone_of(cover, team) else None,
        )

    def _phone_of(self, cover: Cover, team: Team) -> str:
        """The number of whom a page would call first, else the team's."""
        person = self._directory.people.get(cover.first_id or cover.person_id or UUID(int=0))
        return (person.phone if person else "") or team.phone

    def _show_cover(self) -> None:
        team = self.team
        cover = self._covering.covers.get(team.id) if team else None
        phone = self._phone_of(cover, team) if team and cover else ""
        self._page.show_cover(cover, phone)

    def _build_right(self, handover: tuple[str, str, str]) -> None:
        sentences = [said(text) for text in TEAM_REASONS]
        reason = OwnWordsPicker(
            self.tr("Reason"), sentences, placeholder=self.tr("Choose, or type your own")
        )
        why = self.tr("Say why this team.")
        self.add_field("reason", self.tr("Reason"), reason, required=why, shown=False)
        parts = (
            ("tried", self.tr("Tried"), self.tr("Say what was tried, so nobody repeats it.")),
            ("found", self.tr("Found"), self.tr("Say what was found out, even if it is little.")),
            ("need", self.tr("Need"), self.tr("Say what this team should do.")),
        )
        for (name, label, missing), text in zip(parts, handover, strict=True):
            edit = TextEdit(label, lines=2)
            self.add_field(name, label, edit, required=missing)
            edit.setPlainText(text)
        self.right.addStretch(1)
        self.right.addWidget(Rule())
        self.right.addWidget(self._page)
        if not self._covering.covers:
            fact = self.tr("The owner stays with the service desk, which confirms and closes.")
            self.right.addWidget(PlainLabel(fact, "meta", "fg.subtle", wrap=True))

    def restore(self, draft: Mapping[str, object]) -> None:
        """Show what was typed before, and who would be woken now."""
        super().restore(draft)
        self._show_cover()

    @property
    def is_paging(self) -> bool:
        """Whether whoever is on call for the team is paged as well."""
        return self._page.is_paging

    def called(self) -> str:
        """How to speak of whom a page calls first."""
        team = self.team
        cover = self._covering.covers.get(team.id) if team else None
        first = called_first(cover, self._directory) if cover else ""
        return first_name(first) or (team.name if team else "")

    @property
    def team(self) -> Team | None:
        """The team chosen."""
        key = self.fields.text("team")
        return self._directory.teams.get(UUID(key)) if key else None

    def form(self) -> TeamEscalationForm:
        """The hand-over."""
        text = self.fields.text
        return TeamEscalationForm(
            to_team_id=UUID(text("team")),
            reason=text("reason"),
            tried=text("tried"),
            found=text("found"),
            need=text("need"),
            is_paging=self.is_paging,
        )
