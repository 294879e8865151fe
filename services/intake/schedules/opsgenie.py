"""Opsgenie schedules, as its API gives them: ``GET /v2/schedules?expand=rotation``.

Rotations of one schedule are on call beside each other. An override puts its person on call alone,
or nobody, in the whole schedule or in some of its rotations.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from services.intake.schedules.reading import Place, parse_json
from services.intake.schedules.source import (
    Change,
    Held,
    Rendered,
    SourceException,
    SourceLayer,
    SourcePerson,
    SourceSchedule,
    Turn,
    Window,
)
from services.intake.schedules.windows import (
    EVERY_DAY,
    WEEKDAYS,
    daily,
    until_clock,
    until_weekday,
)
from services.on_call.wall_clock import wall_clock

_UNITS: Final = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(weeks=1),
}
_LONGEST: Final = 9_999


def opsgenie_schedules(text: str) -> tuple[SourceSchedule, ...]:
    """The schedules of a file; beside ``data`` it may hold ``overrides`` and a ``timeline``.

    Raises:
        ScheduleShapeUnknown: a place does not hold what the API gives there.
    """
    file = parse_json(text)
    found = file["data"].items() if isinstance(file["data"].value, list) else [file["data"]]
    if not found or found[0].is_absent:
        raise file["data"].fault("a schedule is expected")
    is_one = len(found) == 1
    return tuple(_Reader(place, file, is_one=is_one).schedule() for place in found)


class _Reader:
    """Reads one schedule and gathers the people it names."""

    def __init__(self, place: Place, file: Place, *, is_one: bool) -> None:
        self._place = place
        self._file = file
        self._is_one = is_one
        self._people: dict[str, SourcePerson] = {}
        self._remarks: list[str] = []

    def schedule(self) -> SourceSchedule:
        """The schedule, with the overrides and the timeline that belong to it."""
        place = self._place
        zone = place["timezone"].zone()
        if place["enabled"].value is False:
            self._remarks.append("The schedule is disabled in the source.")
        layers = [self._layer(one, zone) for one in place["rotations"].items()]
        exceptions = [
            exception
            for one in self._own(self._file["overrides"].items("data"))
            for exception in self._exceptions(one, layers)
        ]
        rendered = None
        timeline = self._file["timeline"]
        if timeline.has("data"):
            timeline = timeline["data"]
        if not timeline.is_absent and self._own([timeline]):
            rendered = self._rendered(timeline)
        return SourceSchedule(
            name=place["name"].text(),
            zone=zone,
            people=tuple(self._people.values()),
            layers=tuple(layers),
            exceptions=tuple(exceptions),
            rendered=rendered,
            remarks=tuple(self._remarks),
        )

    def _own(self, places: Sequence[Place]) -> list[Place]:
        """Those that name this schedule as theirs, or none where there is only one."""
        own = (self._place["id"].value, self._place["name"].value)
        found = []
        for place in places:
            parent = place["_parent"]
            names = (parent["id"].value, parent["name"].value) if not parent.is_absent else ()
            if any(name is not None and name in own for name in names) or (
                self._is_one and not names
            ):
                found.append(place)
        return found

    def _layer(self, place: Place, zone: str) -> SourceLayer:
        starts = place["startDate"].moment()
        unit = _UNITS[place["type"].choice(*_UNITS)]
        groups = tuple(self._group(one) for one in place["participants"].items())
        if not groups:
            raise place["participants"].fault("at least one participant is expected")
        ends = place["endDate"]
        return SourceLayer(
            name=place["name"].text(place.where),
            zone=zone,
            starts_local=wall_clock(zone).local(starts),
            not_before=starts,
            ends_at=None if ends.is_absent else ends.moment(),
            turn=Turn(place["length"].whole(1, _LONGEST, absent=1) * unit),
            groups=groups,
            windows=_windows(place["timeRestriction"]),
        )

    def _group(self, place: Place) -> tuple[str, ...]:
        kind = place["type"].choice("user", "none", "team", "escalation", "schedule", "group")
        if kind == "user":
            return (self._person(place),)
        if kind != "none":
            name = place["name"].text(place["id"].text(kind))
            self._remarks.append(
                f"The {kind} “{name}” takes turns; a rotation has people alone, so nobody does."
            )
        return ()

    def _person(self, place: Place) -> str:
        username = place["username"].text("") or place["name"].text("")
        key = username or place["id"].text()
        email = username if "@" in username else ""
        self._people.setdefault(key, SourcePerson(key, username.partition("@")[0] or key, email))
        return key

    def _exceptions(self, place: Place, layers: list[SourceLayer]) -> list[SourceException]:
        user = place["user"]
        key = "" if user["type"].choice("user", "none") == "none" else self._person(user)
        starts, ends = place["startDate"].moment(), place["endDate"].moment()
        rotations = place["rotations"].items()
        whole = SourceException(starts_at=starts, ends_at=ends, change=Change.SET, key=key)
        named = {rotation["name"].text("") for rotation in rotations}
        if not rotations or {layer.name for layer in layers} <= named:
            return [whole]
        # Only some rotations step aside: their people go, and nobody else does.
        going = {k for layer in layers if layer.name in named for g in layer.groups for k in g}
        self._remarks.append(
            f"An override from {starts:%Y-%m-%d %H:%M} UTC is for some rotations; whoever is in"
            " one of these and in another as well is taken off both."
        )
        removed = [
            replace(whole, change=Change.REMOVE, key=person) for person in sorted(going - {key})
        ]
        return [*removed, *([replace(whole, change=Change.ADD)] if key else [])]

    def _rendered(self, timeline: Place) -> Rendered:
        spans = []
        for rotation in timeline["finalTimeline"]["rotations"].items():
            for period in rotation["periods"].items():
                recipient = period["recipient"]
                if not recipient.is_absent and recipient["type"].value == "user":
                    start, end = period["startDate"].moment(), period["endDate"].moment()
                    spans.append(Held(start, end, self._person(recipient)))
        starts, ends = timeline["startDate"].moment(), timeline["endDate"].moment()
        return Rendered(starts, ends, tuple(spans))


def _windows(place: Place) -> tuple[Window, ...]:
    if place.is_absent:
        return ()
    if place["type"].choice("time-of-day", "weekday-and-time-of-day") == "time-of-day":
        one = place["restriction"]
        start, end = _time(one, "start"), _time(one, "end")
        return daily(start, until_clock(start, end), EVERY_DAY)
    found: list[Window] = []
    for one in place["restrictions"].items():
        first = WEEKDAYS.index(one["startDay"].choice(*WEEKDAYS))
        last = WEEKDAYS.index(one["endDay"].choice(*WEEKDAYS))
        window = until_weekday(first, _time(one, "start"), last, _time(one, "end"))
        if not window:
            return ()
        found += window
    return tuple(found)


def _time(place: Place, which: str) -> timedelta:
    hour = place[f"{which}Hour"].whole(0, 24)
    return timedelta(hours=hour, minutes=place[f"{which}Min"].whole(0, 59, absent=0))
