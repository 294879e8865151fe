"""Grafana OnCall schedules, as its API gives them: schedules, shifts, users and final shifts.

A shift repeats by an iCalendar rule; its groups of users take turns at each repetition. Of all
shifts those of the highest level that have somebody count, and an override above all.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from services.intake.schedules.reading import Place, parse_json
from services.intake.schedules.recurrence import RuleUnusable, occurrences
from services.intake.schedules.source import (
    DAY,
    Held,
    Rendered,
    SourceLayer,
    SourcePerson,
    SourceSchedule,
    Turn,
    Window,
    rendered_of,
)
from services.intake.schedules.windows import EVERY_DAY
from services.on_call.spans import Span
from services.on_call.wall_clock import wall_clock

_DAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_UNITS: Final = {
    "hourly": timedelta(hours=1),
    "daily": DAY,
    "weekly": timedelta(weeks=1),
}
_ABOVE_ALL: Final = 1_000
_LONGEST_S: Final = 366 * 86_400
_MOST_REPEATS: Final = 999
_ONCE: Final = Turn(DAY)


def grafana_schedules(text: str, span: Span) -> tuple[SourceSchedule, ...]:
    """The schedules of a file; what repeats without end is read within the span.

    Raises:
        ScheduleShapeUnknown: a place does not hold what the API gives there.
    """
    file = parse_json(text)
    places = [file["schedule"]] if file.has("schedule") else file["schedules"].items("results")
    if not places:
        raise file["schedule"].fault("a schedule is expected")
    return tuple(_Reader(file, span).schedule(place) for place in places)


class _Reader:
    """Reads one schedule and gathers the people it names."""

    def __init__(self, file: Place, span: Span) -> None:
        self._file = file
        self._span = span
        self._people: dict[str, SourcePerson] = {}
        self._remarks: list[str] = []
        for one in file["users"].items("results"):
            key = one["id"].text()
            name = one["name"].text("") or one["username"].text("")
            self._people[key] = SourcePerson(key, name or key, one["email"].text(""))

    def schedule(self, place: Place) -> SourceSchedule:
        """The schedule with the shifts it names, or all where it names none."""
        zone = place["time_zone"].zone()
        shifts = self._file["on_call_shifts"].items("results")
        named = [one.text() for one in place["shifts"].items()]
        if named:
            known = {one["id"].text(): one for one in shifts}
            for one, key in zip(place["shifts"].items(), named, strict=True):
                if key not in known:
                    raise one.fault("the file holds no shift of this id")
            shifts = [known[key] for key in named]
        if place.has("ical_url_primary") or place.has("ical_url_overrides"):
            self._remarks.append("Shifts that come from a calendar's address are not in this file.")
        layers = [self._layer(one, zone) for one in shifts]
        return SourceSchedule(
            name=place["name"].text(),
            zone=zone,
            layers=tuple(layer for layer in layers if layer.groups),
            rendered=self._rendered(self._file["final_shifts"]),
            people=tuple(self._people.values()),
            remarks=tuple(self._remarks),
        )

    def _layer(self, place: Place, zone: str) -> SourceLayer:
        kind = place["type"].choice("rolling_users", "recurrent_event", "single_event", "override")
        own_zone = zone if place["time_zone"].is_absent else place["time_zone"].zone()
        starts = place["start"].local()
        length = timedelta(seconds=place["duration"].whole(60, _LONGEST_S))
        layer = SourceLayer(
            name=place["name"].text(place["id"].text("shift")),
            rank=_ABOVE_ALL if kind == "override" else place["level"].whole(0, 99, absent=0),
            zone=own_zone,
            starts_local=starts,
            not_before=wall_clock(own_zone).first(starts),
            ends_at=self._until(place["until"]),
            turn=_ONCE,
            groups=self._groups(place, kind),
        )
        if place["frequency"].is_absent or kind == "single_event":
            return replace(layer, ends_at=wall_clock(own_zone).last(starts + length))
        return self._repeated(place, layer, length)

    def _groups(self, place: Place, kind: str) -> tuple[tuple[str, ...], ...]:
        if kind in {"rolling_users", "override"} and place["rolling_users"].items():
            groups = [
                tuple(self._person(user) for user in group.items())
                for group in place["rolling_users"].items()
            ]
            first = place["start_rotation_from_user_index"].whole(0, len(groups) - 1, absent=0)
            return tuple(groups[first:] + groups[:first])
        users = tuple(self._person(user) for user in place["users"].items())
        return (users,) if users else ()

    def _repeated(self, place: Place, layer: SourceLayer, length: timedelta) -> SourceLayer:
        """The layer with its turns, where weekdays and hours can say them; else with its events."""
        frequency = place["frequency"].choice(*_UNITS, "monthly")
        interval = place["interval"].whole(1, _MOST_REPEATS, absent=1)
        days = tuple(one.choice(*_DAYS) for one in place["by_day"].items())
        is_plain = place["by_month"].is_absent and place["by_monthday"].is_absent
        unit = _UNITS.get(frequency)
        if unit and is_plain and not days and length == interval * unit:
            return replace(layer, turn=Turn(length))
        is_weekly = frequency == "weekly" and interval == 1 and length <= DAY
        if is_weekly and is_plain and days:
            return _weekly(layer, days, place["week_start"].text("MO"), length)
        if frequency == "daily" and interval == 1 and length <= DAY and is_plain and not days:
            since = _since_midnight(layer.starts_local)
            windows = tuple(Window(weekday, since, length) for weekday in EVERY_DAY)
            return replace(layer, turn=Turn(DAY), windows=windows, is_by_event=True)
        return self._with_events(place, layer, length, frequency, interval * len(layer.groups))

    def _with_events(
        self, place: Place, layer: SourceLayer, length: timedelta, frequency: str, every: int
    ) -> SourceLayer:
        """Each group's events repeat by a rule of their own, begun some repetitions apart."""
        clock = wall_clock(layer.zone)
        rule = _rule(place, frequency, every)
        plain = f"FREQ={frequency.upper()};INTERVAL={every // len(layer.groups)}"
        events = []
        try:
            begins = occurrences(
                f"{plain};COUNT={len(layer.groups)}",
                layer.starts_local,
                clock,
                Span(layer.not_before or self._span.starts_at, self._span.ends_at),
            )
            for group, first in zip(layer.groups, begins, strict=False):
                for local in occurrences(rule, first, clock, self._span):
                    opens, closes = clock.first(local), clock.last(local + length)
                    events += [Held(opens, closes, key) for key in group]
        except RuleUnusable as error:
            raise place.fault(f"its repetition cannot be used: {error}") from error
        return replace(layer, events=tuple(events)) if events else replace(layer, groups=())

    def _until(self, place: Place) -> datetime | None:
        return None if place.is_absent else place.moment()

    def _person(self, place: Place) -> str:
        key = place.text()
        self._people.setdefault(key, SourcePerson(key, key))
        return key

    def _rendered(self, place: Place) -> Rendered | None:
        spans = []
        for one in place.items("results"):
            key = one["user_pk"].text()
            name, email = one["user_username"].text(""), one["user_email"].text("")
            self._people.setdefault(key, SourcePerson(key, name or key, email))
            spans.append(Held(one["shift_start"].moment(), one["shift_end"].moment(), key))
        return rendered_of(spans)


def _weekly(
    layer: SourceLayer, days: tuple[str, ...], week_start: str, length: timedelta
) -> SourceLayer:
    """Turns that begin with the week, on the hour at which its events begin."""
    first = _DAYS.index(week_start) if week_start in _DAYS else 0
    starts = layer.starts_local
    anchor = starts - (starts.weekday() - first) % 7 * DAY
    since = _since_midnight(starts)
    weekdays = sorted({_DAYS.index(day) for day in days})
    windows = tuple(Window(weekday, since, length) for weekday in weekdays)
    turn = Turn(timedelta(weeks=1))
    return replace(layer, starts_local=anchor, turn=turn, windows=windows, is_by_event=True)


def _since_midnight(local: datetime) -> timedelta:
    return timedelta(hours=local.hour, minutes=local.minute, seconds=local.second)


def _rule(place: Place, frequency: str, every: int) -> str:
    parts: Mapping[str, list[str]] = {
        "BYDAY": [one.choice(*_DAYS) for one in place["by_day"].items()],
        "BYMONTH": [str(one.whole(1, 12)) for one in place["by_month"].items()],
        "BYMONTHDAY": [str(one.whole(-31, 31)) for one in place["by_monthday"].items()],
    }
    more = "".join(f";{name}={','.join(values)}" for name, values in parts.items() if values)
    week = place["week_start"].text("MO")
    start = f";WKST={week}" if week in _DAYS else ""
    return f"FREQ={frequency.upper()};INTERVAL={every}{start}{more}"
