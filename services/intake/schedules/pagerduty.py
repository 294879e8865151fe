"""PagerDuty schedules, as its REST API gives them: ``GET /schedules/{id}?since=…&until=…``.

One person is on call at a time: the highest layer that has somebody, and an override above all.
The API lists the highest layer first. What it renders itself (``final_schedule``) is believed.
"""

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
    rendered_of,
)
from services.intake.schedules.windows import EVERY_DAY, daily
from services.on_call.wall_clock import wall_clock

_LONGEST_S: Final = 366 * 86_400
_WEEK_S: Final = 7 * 86_400


def pagerduty_schedules(text: str) -> tuple[SourceSchedule, ...]:
    """The schedules of a file; overrides may stand beside a schedule as the API lists them.

    Raises:
        ScheduleShapeUnknown: a place does not hold what the API gives there.
    """
    file = parse_json(text)
    found = [file["schedule"]] if file.has("schedule") else file["schedules"].items()
    if not found:
        raise file["schedule"].fault("a schedule is expected")
    return tuple(_Reader().schedule(place, file["overrides"]) for place in found)


class _Reader:
    """Reads one schedule and gathers the people it names."""

    def __init__(self) -> None:
        self._people: dict[str, SourcePerson] = {}

    def schedule(self, place: Place, beside: Place) -> SourceSchedule:
        """The schedule; overrides of the schedule itself, else those beside it."""
        for one in place["users"].items():
            self._person(one)
        zone = place["time_zone"].zone()
        layers = place["schedule_layers"].items()
        overrides = place["overrides"].items() or beside.items()
        if not overrides:
            overrides = _entries(place["overrides_subschedule"])
        return SourceSchedule(
            name=place["name"].text(place["summary"].text("")) or place["id"].text(),
            zone=zone,
            layers=tuple(
                self._layer(layer, zone, len(layers) - number)
                for number, layer in enumerate(layers)
            ),
            exceptions=tuple(self._override(one) for one in overrides),
            rendered=self._rendered(place["final_schedule"]),
            people=tuple(self._people.values()),
        )

    def _layer(self, place: Place, zone: str, rank: int) -> SourceLayer:
        turn_s = place["rotation_turn_length_seconds"].whole(60, _LONGEST_S)
        turn = timedelta(seconds=turn_s)
        groups = tuple((self._person(one),) for one in place["users"].items())
        starts = place["start"].moment()
        local = wall_clock(zone).local(place["rotation_virtual_start"].moment())
        # Turns are counted on both sides of the virtual start.
        rounds = (local - wall_clock(zone).local(starts)) // (turn * max(1, len(groups))) + 1
        local -= max(0, rounds) * turn * len(groups)
        ends = place["end"]
        return SourceLayer(
            name=place["name"].text("") or f"layer {rank}",
            rank=rank,
            zone=zone,
            starts_local=local,
            not_before=starts,
            ends_at=None if ends.is_absent else ends.moment(),
            turn=Turn(turn),
            groups=groups,
            windows=tuple(w for one in place["restrictions"].items() for w in _windows(one)),
        )

    def _override(self, place: Place) -> SourceException:
        return SourceException(
            starts_at=place["start"].moment(),
            ends_at=place["end"].moment(),
            change=Change.SET,
            key=self._person(place["user"]),
        )

    def _person(self, place: Place) -> str:
        """The user, who stands in a layer within an object of their own."""
        user = place["user"] if place.has("user") else place
        key = user["id"].text()
        name = user["name"].text("") or user["summary"].text("")
        known = self._people.get(key)
        if known is None or (name and known.name == key):
            self._people[key] = SourcePerson(key, name or key, user["email"].text(""))
        return key

    def _rendered(self, place: Place) -> Rendered | None:
        spans = [
            Held(one["start"].moment(), one["end"].moment(), self._person(one["user"]))
            for one in _entries(place)
        ]
        return rendered_of(spans)


def _entries(place: Place) -> list[Place]:
    return [] if place.is_absent else place["rendered_schedule_entries"].items()


def _windows(place: Place) -> tuple[Window, ...]:
    kind = place["type"].choice("daily_restriction", "weekly_restriction")
    start = place["start_time_of_day"].clock_time()
    length = timedelta(seconds=place["duration_seconds"].whole(1, _WEEK_S))
    if kind == "daily_restriction":
        return daily(start, length, EVERY_DAY)
    return (Window(place["start_day_of_week"].whole(1, 7) - 1, start, length),)
