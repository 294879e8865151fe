"""The forms of rosters, their rotations and their holidays."""

from uuid import UUID

from desktop.views.catalogue.entry_fields import EntryForm
from desktop.views.dialogs.choosing import NONE, key_of, team_items, uuid_of
from desktop.views.on_call.setup_controls import OrderedPeople
from desktop.views.on_call.setup_forms import HolidayForm, Planning, RosterForm, RotationForm
from desktop.widgets.choices import CheckRow
from desktop.widgets.inputs import LineEdit
from desktop.widgets.picker import Picker
from desktop.widgets.picker_list import PickerItem
from desktop.widgets.segmented import Segment, SegmentedControl
from services.core.text import Limit
from services.on_call.roster import HolidayRule, RotationUnit
from services.on_call.wall_clock import zone_names

MOST_DIGITS = 4


def zone_picker(name: str) -> Picker:
    """Every zone that has rules, to be found by typing."""
    picker = Picker(name, placeholder="Europe/Berlin", icon="clock")
    picker.set_items([PickerItem(zone, zone) for zone in zone_names()])
    return picker


def roster_items(planning: Planning) -> list[PickerItem]:
    """Rosters in use."""
    return [
        PickerItem(one.name, key_of(one.id), icon="on.call") for one in planning.book.active_rosters
    ]


def people_items(planning: Planning) -> list[PickerItem]:
    """Everybody who may be on call, with their teams."""
    names = planning.names
    return [
        PickerItem(
            person.name,
            key_of(person.id),
            ", ".join(sorted(names.team(id_) for id_ in names.teams_of(person.id))),
            person=person.name,
        )
        for person in names.agents
    ]


class RosterEntryForm(EntryForm[Planning]):
    """A roster, its team and its zone."""

    def add_fields(self) -> None:
        """Name and team, zone, catch-all."""
        self._team = Picker(self.tr("Team"), placeholder=self.tr("No team"), icon="team")
        self.add_row(self.name_field(), ("team", self.tr("Team"), self._team, ""))
        zone = self.tr("Time zone: handovers follow its wall clock")
        self.add_row(
            ("time_zone", zone, zone_picker(self.tr("Time zone")), self.tr("Choose a zone."))
        )
        catch_all = CheckRow(
            self.tr("Catch-all"), self.tr("Called for ever when nobody else answers a page")
        )
        self.add_row(("is_catch_all", "", catch_all, ""))

    def show_directory(self, directory: Planning) -> None:
        """Offer teams."""
        none = PickerItem(self.tr("No team"), NONE)
        self._team.set_items([*team_items(directory.names), none])

    def values(self, directory: Planning, id_: UUID | None) -> dict[str, object]:
        """Values of a roster."""
        one = directory.book.roster(id_)
        return {
            "name": one.name if one else "",
            "team": key_of(one.team_id) if one else "",
            "time_zone": one.time_zone if one else "",
            "is_catch_all": one.is_catch_all if one else not directory.book.rosters,
            "is_active": one.is_active if one else True,
        }

    def form(self) -> RosterForm:
        """The roster."""
        return RosterForm(
            roster_id=self.entry_id,
            name=self.fields.text("name"),
            team_id=uuid_of(self.fields.text("team")),
            time_zone=self.fields.text("time_zone"),
            is_catch_all=self.fields.is_on("is_catch_all"),
            is_active=self.fields.is_on("is_active"),
        )


class RotationEntryForm(EntryForm[Planning]):
    """Who takes turns, how long one lasts, and in which hours."""

    def add_fields(self) -> None:
        """Roster and name, people, turns, beginning and end, hours."""
        roster = self.tr("Roster (decided when it is added)")
        self._roster = Picker(self.tr("Roster"), icon="on.call")
        self.add_row(
            self.name_field(), ("roster", roster, self._roster, self.tr("Choose a roster."))
        )
        people = self.tr("People in the order of their turns")
        self._people = OrderedPeople(people, self.tr("Add a person"))
        self.add_row(("people", people, self._people, ""))
        units = [
            Segment(RotationUnit.HOUR.value, self.tr("Hours")),
            Segment(RotationUnit.DAY.value, self.tr("Days")),
            Segment(RotationUnit.WEEK.value, self.tr("Weeks")),
            Segment(RotationUnit.MONTH.value, self.tr("Months")),
        ]
        length, unit = self.tr("A turn lasts"), self.tr("Counted in")
        self.add_row(
            ("length", length, LineEdit(length, limit=MOST_DIGITS), self.tr("Write a number.")),
            ("unit", unit, SegmentedControl(unit, units, height=32, stretch=True), ""),
        )
        begins, ends = self.tr("First turn begins"), self.tr("Last turn ends")
        begin = LineEdit(begins, placeholder="2026-01-05 09:00", limit=16)
        end = LineEdit(ends, placeholder=self.tr("never"), limit=16)
        self.add_row(
            ("starts_at", begins, begin, self.tr("Write a day and a time.")),
            ("ends_at", ends, end, ""),
        )
        hours = self.tr("Only in these hours (empty is always)")
        restriction = LineEdit(
            hours, placeholder="mon-fri 08:00-18:00; sat 10:00-14:00", limit=Limit.LINE.value
        )
        layer = self.tr("Layer: the highest counts")
        self.add_row(
            ("restriction", hours, restriction, ""),
            ("layer", layer, LineEdit(layer, limit=MOST_DIGITS), ""),
        )
        holidays = [
            Segment(HolidayRule.AS_USUAL.value, self.tr("As usual")),
            Segment(HolidayRule.OFF.value, self.tr("Not on holidays")),
            Segment(HolidayRule.ONLY.value, self.tr("Only on holidays")),
        ]
        rule = self.tr("On holidays of the roster")
        self.add_row(
            ("holiday_rule", rule, SegmentedControl(rule, holidays, height=32, stretch=True), "")
        )
        backup = CheckRow(self.tr("Backup"), self.tr("Stands behind whoever is primary"))
        self.add_row(("is_backup", "", backup, ""))

    def show_directory(self, directory: Planning) -> None:
        """Offer rosters and people."""
        self._roster.set_items(roster_items(directory))
        self._people.set_offered(people_items(directory))

    def set_changeable(self, changeable: bool) -> None:
        """Let the fields be edited, or keep them readable and fixed."""
        super().set_changeable(changeable)
        self._people.set_changeable(changeable)

    def values(self, directory: Planning, id_: UUID | None) -> dict[str, object]:
        """Values of a rotation."""
        one = next((r for r in directory.book.rotations if r.id == id_), None)
        self._roster.setEnabled(one is None)
        if one is None:
            return {
                "name": "", "roster": "", "people": [], "length": "1",
                "unit": RotationUnit.WEEK.value, "starts_at": "", "ends_at": "",
                "restriction": "", "layer": "0", "is_backup": False,
                "holiday_rule": HolidayRule.AS_USUAL.value, "is_active": True,
            }  # fmt: skip
        return {
            "name": one.name,
            "roster": key_of(one.roster_id),
            "people": [str(id_) for id_ in one.person_ids],
            "length": str(one.length),
            "unit": one.unit.value,
            "starts_at": one.starts_at_local.replace("T", " "),
            "ends_at": one.ends_at_local.replace("T", " "),
            "restriction": one.restriction,
            "layer": str(one.layer),
            "is_backup": one.is_backup,
            "holiday_rule": one.holiday_rule.value,
            "is_active": one.is_active,
        }

    def form(self) -> RotationForm:
        """The rotation."""
        text, roster_id = self.fields.text, uuid_of(self.fields.text("roster"))
        assert roster_id is not None
        return RotationForm(
            rotation_id=self.entry_id,
            roster_id=roster_id,
            name=text("name"),
            person_ids=tuple(UUID(key) for key in self._people.keys),
            unit=RotationUnit(text("unit")),
            length=number_of(text("length")),
            starts_at_local=text("starts_at").replace(" ", "T"),
            ends_at_local=text("ends_at").replace(" ", "T"),
            restriction=text("restriction"),
            layer=number_of(text("layer")),
            is_backup=self.fields.is_on("is_backup"),
            holiday_rule=HolidayRule(text("holiday_rule")),
            is_active=self.fields.is_on("is_active"),
        )


class HolidayEntryForm(EntryForm[Planning]):
    """A day off of a roster."""

    def add_fields(self) -> None:
        """Name, roster and day."""
        self._roster = Picker(self.tr("Roster"), icon="on.call")
        day = self.tr("Day (decided when it is added)")
        self._day = LineEdit(day, placeholder="2026-12-25", limit=10)
        self.add_row(
            self.name_field(),
            ("roster", self.tr("Roster"), self._roster, self.tr("Choose a roster.")),
        )
        self.add_row(("on_date", day, self._day, self.tr("Write a day.")))

    def show_directory(self, directory: Planning) -> None:
        """Offer rosters."""
        self._roster.set_items(roster_items(directory))

    def values(self, directory: Planning, id_: UUID | None) -> dict[str, object]:
        """Values of a holiday."""
        one = next((h for h in directory.book.holidays if h.id == id_), None)
        self._roster.setEnabled(one is None)
        self._day.setReadOnly(one is not None)
        return {
            "name": one.name if one else "",
            "roster": key_of(one.roster_id) if one else "",
            "on_date": one.on_date if one else "",
            "is_active": one.is_active if one else True,
        }

    def form(self) -> HolidayForm:
        """The holiday."""
        roster_id = uuid_of(self.fields.text("roster"))
        assert roster_id is not None
        return HolidayForm(
            holiday_id=self.entry_id,
            roster_id=roster_id,
            on_date=self.fields.text("on_date"),
            name=self.fields.text("name"),
            is_active=self.fields.is_on("is_active"),
        )


def number_of(text: str) -> int:
    """The number that was typed; 0, which the rules refuse where they must, for anything else."""
    return int(text) if text.isdecimal() else 0
