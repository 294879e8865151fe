"""The form of an escalation policy with its steps."""

from uuid import UUID

from desktop.views.catalogue.entry_fields import EntryForm
from desktop.views.dialogs.choosing import NONE, key_of, team_items, uuid_of
from desktop.views.dialogs.controls import Checklist
from desktop.views.on_call.setup_controls import PolicySteps
from desktop.views.on_call.setup_forms import Planning, PolicyForm
from desktop.views.on_call.setup_rosters import (
    MOST_DIGITS,
    number_of,
    people_items,
    roster_items,
    zone_picker,
)
from desktop.widgets.choices import CheckRow
from desktop.widgets.inputs import LineEdit
from desktop.widgets.picker import Picker
from desktop.widgets.picker_list import PickerItem
from services.core.text import Limit
from services.on_call.policy import EscalationPolicy
from services.on_call.policy_acts import StepDraft, draft_of

_MINUTE = 60
_LISTS = ("severities", "priorities", "out_of_hours_severities", "out_of_hours_priorities")


class PolicyEntryForm(EntryForm[Planning]):
    """For which incidents it pages, whom it calls in which order, and for how long."""

    def add_fields(self) -> None:
        """Name and team, steps, for which incidents, hours, and what comes after."""
        self._team = Picker(
            self.tr("Team"), placeholder=self.tr("Teams without one of their own"), icon="team"
        )
        self.add_row(self.name_field(), ("team", self.tr("Team"), self._team, ""))
        self._steps = PolicySteps(self.tr("Steps"))
        label = self.tr("Steps; after the last one the catch-all is called for ever")
        self.add_row(("steps", label, self._steps, ""))
        self._digits = {
            name: Checklist(words, nothing=self.tr("None"), icon="bell")
            for name, words in (
                ("severities", self.tr("Pages for severities")),
                ("priorities", self.tr("Without a severity, for priorities")),
                ("out_of_hours_severities", self.tr("Out of hours for severities")),
                ("out_of_hours_priorities", self.tr("Out of hours for priorities")),
            )
        }
        names = list(self._digits)
        for pair in (names[:2], names[2:]):
            self.add_row(
                *((n, self._digits[n].accessibleName().split(":")[0], self._digits[n], "")
                  for n in pair)
            )  # fmt: skip
        for name, checklist in self._digits.items():
            sign, most = ("SEV ", 3) if "severities" in name else ("P", 5)
            checklist.set_offered([PickerItem(f"{sign}{n}", str(n)) for n in range(1, most + 1)])
        hours, zone = self.tr("Business hours (empty is always)"), self.tr("In the zone")
        business = LineEdit(hours, placeholder="mon-fri 08:00-18:00", limit=Limit.LINE.value)
        self.add_row(
            ("business_hours", hours, business, ""),
            ("time_zone", zone, zone_picker(zone), self.tr("Choose a zone.")),
        )
        again = self.tr("All steps again, times")
        timeout = self.tr("Answered pages reopen after, minutes (0 never)")
        self.add_row(
            ("repeat_count", again, LineEdit(again, limit=MOST_DIGITS), ""),
            ("timeout", timeout, LineEdit(timeout, limit=MOST_DIGITS + 1), ""),
        )
        everyone = CheckRow(
            self.tr("Everybody answers"), self.tr("Each person called acknowledges for themselves")
        )
        self.add_row(("is_everyone", "", everyone, ""))

    def show_directory(self, directory: Planning) -> None:
        """Offer teams, and everything a step can call."""
        none = PickerItem(self.tr("Teams without one of their own"), NONE)
        teams = team_items(directory.names)
        self._team.set_items([*teams, none])
        offered = [
            *_named("roster_ids", self.tr("Roster"), roster_items(directory)),
            *_named("team_ids", self.tr("Team"), teams),
            *_named("person_ids", self.tr("Person"), people_items(directory)),
            *(
                PickerItem(d.name, f"destination_ids {d.id}", self.tr("Channel"))
                for d in directory.destinations
            ),
        ]
        self._steps.set_offered(offered)

    def set_changeable(self, changeable: bool) -> None:
        """Let the fields be edited, or keep them readable and fixed."""
        super().set_changeable(changeable)
        self._steps.set_changeable(changeable)

    def values(self, directory: Planning, id_: UUID | None) -> dict[str, object]:
        """Values of a policy; a new one is as the record's defaults are."""
        known = next((p for p in directory.book.policies if p.id == id_), None)
        one = known or EscalationPolicy(id=UUID(int=0), name="")
        steps = [s for s in directory.book.steps if s.policy_id == id_ and s.is_active]
        drafts = [draft_of(step) for step in sorted(steps, key=lambda step: step.position)]
        return {
            "name": one.name,
            "team": key_of(one.team_id),
            "steps": [draft.to_text() for draft in drafts or [StepDraft()]],
            **{name: list(getattr(one, name)) for name in _LISTS},
            "business_hours": one.business_hours,
            "time_zone": one.time_zone if known else "",
            "repeat_count": str(one.repeat_count),
            "timeout": str(one.acknowledge_timeout_s // _MINUTE),
            "is_everyone": one.is_everyone,
            "is_active": one.is_active,
        }

    def form(self) -> PolicyForm:
        """The policy."""
        text = self.fields.text
        digits = {name: "".join(self._digits[name].keys) for name in _LISTS}
        return PolicyForm(
            policy_id=self.entry_id,
            name=text("name"),
            team_id=uuid_of(text("team")),
            steps=tuple(self._steps.texts),
            business_hours=text("business_hours"),
            time_zone=text("time_zone"),
            repeat_count=number_of(text("repeat_count")),
            acknowledge_timeout_s=number_of(text("timeout")) * _MINUTE,
            is_everyone=self.fields.is_on("is_everyone"),
            is_active=self.fields.is_on("is_active"),
            **digits,
        )


def _named(kind: str, word: str, items: list[PickerItem]) -> list[PickerItem]:
    """Items as targets of a step: the kind is part of the key, and told."""
    return [PickerItem(item.title, f"{kind} {item.payload}", word) for item in items]
