"""Escalating: to a team with more skill, or up the management line."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from desktop.views.dialogs.escalate_line import LinePage
from desktop.views.dialogs.escalate_team import Covering, TeamPage
from desktop.views.dialogs.fields import focus_on
from desktop.views.dialogs.form_dialog import FormDialog, Subject
from desktop.views.dialogs.forms import LineEscalationForm, TeamEscalationForm
from desktop.views.dialogs.words import filled, first_name, tier_mark
from desktop.widgets.card import Rule
from desktop.widgets.segmented import Segment, SegmentedControl
from services.incidents.directory import Directory
from services.incidents.incident import Incident
from services.incidents.read_models import EscalationItem

TEAM, LINE = "team", "line"


class EscalateDialog(FormDialog):
    """Both ways to escalate; emits ``TeamEscalationForm`` or ``LineEscalationForm``."""

    def __init__(
        self,
        host: QWidget,
        incident: Incident,
        directory: Directory,
        now: datetime,
        *,
        open_counts: Mapping[UUID, int] | None = None,
        handover: tuple[str, str, str] = ("", "", ""),
        told: tuple[EscalationItem, ...] = (),
        start: str = TEAM,
        may_team: bool = True,
        may_line: bool = True,
        covering: Covering | None = None,
    ) -> None:
        super().__init__(
            host, self.tr("Escalate incident"), primary=self.tr("Escalate"), icon="escalate",
            subject=Subject.of(incident), width=900, height=660 if covering else 560,
        )  # fmt: skip
        self._incident, self._directory = incident, directory
        self._ways = SegmentedControl(
            self.tr("Way"),
            [Segment(TEAM, self.tr("To another team"), "escalate.team")] * may_team
            + [Segment(LINE, self.tr("Up the management line"), "escalate.management")] * may_line,
            height=32,
            current=start if (may_team if start == TEAM else may_line) else None,
        )
        self.team = TeamPage(
            incident, directory, open_counts or {}, handover, covering or Covering(now=now)
        )
        self.line = LinePage(incident, directory, now, told)
        self._pages = QStackedWidget()
        self._lay_out_fields()
        self._ways.chosen.connect(self._show_way)
        self.team.changed.connect(self._page_changed)
        self.line.changed.connect(self._page_changed)
        self._show_way(self._ways.current)

    def _lay_out_fields(self) -> None:
        row = QHBoxLayout()
        row.addWidget(self._ways)
        row.addStretch(1)
        self.head.addLayout(row)
        margins = self.head.contentsMargins()
        margins.setBottom(14)
        self.head.setContentsMargins(margins)
        self._pages.addWidget(self.team)
        self._pages.addWidget(self.line)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(0)
        self.body.addWidget(Rule("line.default"))
        self.body.addWidget(self._pages, 1)

    @property
    def way(self) -> str:
        """``team`` or ``line``."""
        return self._ways.current

    @property
    def is_paging(self) -> bool:
        """Whether whoever is on call for the team is paged as well."""
        return self.way == TEAM and self.team.is_paging

    def _show_way(self, way: str) -> None:
        self._pages.setCurrentIndex(0 if way == TEAM else 1)
        self._tell()

    def _page_changed(self) -> None:
        self._note_change()
        self._tell()

    def _tell(self) -> None:
        if self.way == TEAM:
            self._tell_team()
        else:
            self._tell_line()

    def _tell_team(self) -> None:
        team = self.team.team
        name = team.name if team else ""
        button = filled(self.tr("Escalate to %1"), name) if name else self.tr("Escalate")
        if self.is_paging:
            button = self.tr("Escalate and page")
        self.primary_button.setText(button)
        self.primary_button.set_icon("escalate")
        here = self._directory.teams.get(self._incident.team_id)
        start = f"{here.name} {tier_mark(here.tier)}" if here else ""
        end = f"{name} {tier_mark(team.tier)}" if team else self.tr("choose a team")
        owner = self._directory.person(self._incident.owner_id) or self.tr("nobody yet")
        owner_team = self._directory.team(self._incident.owner_team_id)
        sentence = self.tr("%1 → %2. Owner stays %3, %4.")
        self.set_footer(filled(sentence, start, end, owner, owner_team), "route")

    def _tell_line(self) -> None:
        person = self.line.person
        if person is None:
            self.primary_button.setText(self.tr("Record"))
            self.set_footer(self.tr("Assignment does not change."), "people")
            return
        name = first_name(person.name)
        self.primary_button.setText(filled(self.tr("Record and tell %1"), name))
        self.primary_button.set_icon("call")
        verb = self.tr("Call %1") if person.phone else self.tr("Tell %1")
        text = self.tr("Assignment does not change. %1: Firstline records that they were told.")
        self.set_footer(filled(text, filled(verb, name)), "people")

    def content(self) -> dict[str, object]:
        """What was typed on both pages."""
        return {
            "way": self.way,
            TEAM: self.team.fields.content(),
            LINE: self.line.fields.content(),
        }

    def restore(self, draft: Mapping[str, object]) -> None:
        """Show what was typed before."""
        for name, page in ((TEAM, self.team), (LINE, self.line)):
            kept = draft.get(name)
            if isinstance(kept, Mapping):
                page.restore(kept)
        self._ways.set_current(str(draft.get("way", self.way)))
        self._show_way(self.way)

    def problems(self) -> dict[str, str]:
        """What is missing on the page that is shown."""
        return (self.team if self.way == TEAM else self.line).fields.missing()

    def _point_at(self, problems: Mapping[str, str]) -> None:
        (self.team if self.way == TEAM else self.line).point_at(problems)

    def show_error(self, name: str, sentence: str) -> None:
        """Say why it was refused, below a field of the page shown or in the footer."""
        page = self.team if self.way == TEAM else self.line
        if name in page.fields:
            page.point_at({name: sentence})
        else:
            self.set_footer(sentence, "error", "danger.fg")

    def open(self, first: QWidget | None = None) -> None:
        """Show, with the keyboard where the first decision is still open."""
        page = self.team if self.way == TEAM else self.line
        chosen = page.fields.text("team" if self.way == TEAM else "person")
        super().open(first)
        if first is None:
            focus_on(page.fields.control("team" if self.way == TEAM and not chosen else "reason"))

    def form(self) -> TeamEscalationForm | LineEscalationForm:
        """The hand-over, or the call."""
        return self.team.form() if self.way == TEAM else self.line.form()
