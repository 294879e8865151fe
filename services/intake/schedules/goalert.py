"""GoAlert schedules, as its GraphQL interface gives them to the query of the chapter on imports.

Every rule puts a person, or whose turn it is in a rotation, on call beside the others. Overrides
add, remove and replace; a temporary schedule takes the place of everything while it lasts.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Final

from services.intake.schedules.reading import Place, parse_json
from services.intake.schedules.source import (
    Change,
    SourceException,
    SourceLayer,
    SourcePerson,
    SourceSchedule,
    Turn,
    Window,
)
from services.intake.schedules.windows import EVERY_DAY, daily, until_clock
from services.on_call.wall_clock import wall_clock

_UNITS: Final = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(weeks=1),
}
_LONGEST: Final = 9_000
_FIXED: Final = Turn(timedelta(days=1))
_LONG_AGO: Final = "2000-01-01T00:00"


def goalert_schedules(text: str) -> tuple[SourceSchedule, ...]:
    """The schedule of a file, with its rotations, overrides and temporary schedules.

    Raises:
        ScheduleShapeUnknown: a place does not hold what the interface gives there.
    """
    file = parse_json(text)
    data = file["data"] if file.has("data") else file
    if data["schedule"].is_absent:
        raise data["schedule"].fault("a schedule is expected")
    return (_Reader(data).schedule(),)


class _Reader:
    """Reads the schedule and gathers the people it names."""

    def __init__(self, data: Place) -> None:
        self._data = data
        self._people: dict[str, SourcePerson] = {}
        for one in data["users"].items("nodes"):
            self._person(one)

    def schedule(self) -> SourceSchedule:
        """Layers from the rules, then overrides, then temporary schedules above all."""
        place = self._data["schedule"]
        zone = place["timeZone"].zone()
        rotations = {
            one["id"].text(): self._rotation(one) for one in self._data["rotations"].items("nodes")
        }
        layers = [
            layer
            for target in place["targets"].items()
            for layer in self._layers(target, zone, rotations)
        ]
        temporary = [
            exception
            for one in place["temporarySchedules"].items()
            for exception in self._temporary(one)
        ]
        overrides = [self._override(one) for one in self._data["userOverrides"].items("nodes")]
        return SourceSchedule(
            name=place["name"].text(),
            zone=zone,
            layers=tuple(layers),
            exceptions=(*overrides, *temporary),
            people=tuple(self._people.values()),
        )

    def _rotation(self, place: Place) -> SourceLayer:
        """A rotation that is always on call, from the turn that is under way in the file."""
        zone = place["timeZone"].zone()
        length = place["shiftLength"].whole(1, _LONGEST, absent=1)
        kind = place["type"].choice(*_UNITS, "monthly")
        turn = Turn(months=length) if kind == "monthly" else Turn(length * _UNITS[kind])
        groups = [(self._person(one),) for one in place["users"].items()]
        starts = wall_clock(zone).local(place["start"].moment()).replace(second=0)
        handoffs = place["nextHandoffTimes"].items()
        if groups and handoffs and not place["activeUserIndex"].is_absent:
            active = place["activeUserIndex"].whole(0, len(groups) - 1)
            handoff = wall_clock(zone).local(handoffs[0].moment())
            number = turn.number_before(starts, handoff)
            while turn.after(starts, number + 1) < handoff:
                number += 1
            # Who is on call now is whose turn ``number`` is, whatever was skipped before.
            first = (active - number) % len(groups)
            groups = groups[first:] + groups[:first]
        return SourceLayer(
            name=place["name"].text(),
            zone=zone,
            starts_local=starts,
            turn=turn,
            groups=tuple(groups),
        )

    def _layers(
        self, place: Place, zone: str, rotations: Mapping[str, SourceLayer]
    ) -> list[SourceLayer]:
        target = place["target"]
        kind = target["type"].choice("user", "rotation")
        key = target["id"].text()
        if kind == "rotation" and key not in rotations:
            raise target["id"].fault("the file holds no rotation of this id")
        if kind == "rotation":
            layer = rotations[key]
        else:
            name = self._people[self._person(target)].name
            layer = SourceLayer(
                name=name,
                zone=zone,
                starts_local=Place(_LONG_AGO, "").local(),
                turn=_FIXED,
                groups=((key,),),
            )
        rules = [windows for rule in place["rules"].items() for windows in _windows(rule)]
        if () in rules:
            return [replace(layer, windows=())]
        windows = tuple(window for windows in rules for window in windows)
        return [replace(layer, windows=windows, hours_zone=zone)] if windows else []

    def _temporary(self, place: Place) -> list[SourceException]:
        starts, ends = place["start"].moment(), place["end"].moment()
        reason = "temporary schedule"
        nobody = SourceException(starts_at=starts, ends_at=ends, change=Change.SET, reason=reason)
        return [
            nobody,
            *(
                SourceException(
                    starts_at=shift["start"].moment(),
                    ends_at=shift["end"].moment(),
                    change=Change.ADD,
                    key=self._person(_user_of(shift)),
                    reason=reason,
                )
                for shift in place["shifts"].items()
            ),
        ]

    def _override(self, place: Place) -> SourceException:
        comes, goes = place["addUser"], place["removeUser"]
        if comes.is_absent and goes.is_absent:
            raise place.fault("somebody who comes or goes is expected")
        if comes.is_absent:
            change, key, replaced = Change.REMOVE, self._person(goes), ""
        elif goes.is_absent:
            change, key, replaced = Change.ADD, self._person(comes), ""
        else:
            change = Change.REPLACE
            key, replaced = self._person(comes), self._person(goes)
        return SourceException(
            starts_at=place["start"].moment(),
            ends_at=place["end"].moment(),
            change=change,
            key=key,
            replaced=replaced,
        )

    def _person(self, place: Place) -> str:
        key = place["id"].text()
        name, email = place["name"].text(""), place["email"].text("")
        known = self._people.get(key)
        if known is None or (name and known.name == key):
            self._people[key] = SourcePerson(key, name or key, email)
        return key


def _user_of(shift: Place) -> Place:
    """The user of a shift, of whom the interface may give the id alone."""
    if shift.has("user"):
        return shift["user"]
    return Place({"id": shift["userID"].value}, shift["userID"].where)


def _windows(rule: Place) -> list[tuple[Window, ...]]:
    """The hours of a rule; an empty tuple is always, an empty list never."""
    start, end = rule["start"].clock_time(), rule["end"].clock_time()
    days = rule["weekdayFilter"].items()
    if days and len(days) != 7:
        raise rule["weekdayFilter"].fault("seven days, Sunday first, are expected")
    # Sunday comes first there, Monday here.
    weekdays = tuple((n - 1) % 7 for n, day in enumerate(days) if day.value is True)
    if not days:
        weekdays = EVERY_DAY
    return [daily(start, until_clock(start, end), weekdays)] if weekdays else []
