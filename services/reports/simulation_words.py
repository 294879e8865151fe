"""What the simulator found, in words for paper and terminal."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from services.on_call.policy import CalledAs, EscalationPolicy
from services.on_call.simulation import (
    ClockShift,
    FirstCalled,
    Outlook,
    SimulatedCall,
    Weak,
    Weakness,
)
from services.on_call.wall_clock import wall_clock
from services.people.contact import ContactKind
from services.reports.words import counted, day

NOBODY: Final = "Nobody"
_MINUTE: Final = timedelta(minutes=1)
_HOUR: Final = timedelta(hours=1)
_WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_KINDS: Final = {
    ContactKind.PUSH: "push message",
    ContactKind.SMS: "text message",
    ContactKind.VOICE: "phone call",
    ContactKind.EMAIL: "e-mail",
    ContactKind.CHAT: "chat",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulated:
    """All that is told of one policy: a page at one moment, and the time ahead.

    ``people``, ``rosters`` and ``destinations`` are names by id. ``computed_at`` is when the
    records were read, ``by`` who asked.
    """

    policy: EscalationPolicy
    at: datetime
    calls: tuple[SimulatedCall, ...]
    outlook: Outlook
    people: Mapping[UUID, str]
    rosters: Mapping[UUID, str]
    destinations: Mapping[UUID, str]
    zone: ZoneInfo
    zone_version: str
    computed_at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class CallLine:
    """One line of the timeline; ``is_lost`` where nothing leaves."""

    minute: str
    who: str
    how: str
    step: str
    why: str
    is_lost: bool


@dataclass(frozen=True, slots=True)
class WeakLine:
    """All spans of one weakness: the fact, how long it lasts, and when it is met first."""

    fact: str
    extent: str


def call_line(found: Simulated, call: SimulatedCall) -> CallLine:
    """A call in words."""
    return CallLine(
        minute=str(call.offset // _MINUTE),
        who=_who(found, call),
        how=_how(found, call),
        step="Catch-all" if call.is_catch_all else _step(call),
        why=_why(found, call),
        is_lost=call.kind is None and call.destination_id is None,
    )


def weak_lines(found: Simulated) -> list[WeakLine]:
    """What a page would run into, the worst first; nothing in the best case."""
    grouped: dict[tuple[Weakness, int | None, UUID | None], list[Weak]] = {}
    for weak in found.outlook.weaknesses:
        key = (weak.weakness, weak.position, weak.person_id)
        grouped.setdefault(key, []).append(weak)
    order = (
        *(Weakness.NOBODY, Weakness.ONLY_CATCH_ALL),
        *(Weakness.EMPTY_STEP, Weakness.UNREACHABLE),
    )
    keys = sorted(grouped, key=lambda key: (order.index(key[0]), grouped[key][0].starts_at))
    return [WeakLine(_fact(found, key), _extent(found, grouped[key])) for key in keys]


def called_first(found: Simulated, first: FirstCalled) -> str:
    """Who is called first, and whether it is only because nobody else is reached."""
    names = first_names(found, first)
    return f"{names} as the catch-all" if first.is_catch_all and names != NOBODY else names


def first_names(found: Simulated, first: FirstCalled) -> str:
    """Who is called first, or that nobody is."""
    names = sorted(found.people.get(id_, "") for id_ in first.person_ids)
    names += sorted(found.destinations.get(id_, "") for id_ in first.channel_ids)
    return ", ".join(names) or NOBODY


def clock_sentence(change: ClockShift) -> str:
    """When clocks are put forward or back, and where."""
    local = change.at.astimezone(wall_clock(change.zones[0]).zone)
    was = local.replace(tzinfo=None) - change.by
    way = "forward" if change.is_forward else "back"
    when = f"{_WEEKDAYS[local.weekday()]} {day(local)}"
    return (
        f"{when}: clocks are put {way} from {was:%H:%M} to {local:%H:%M}"
        f" in {', '.join(change.zones)}."
    )


def clock_mark(change: ClockShift) -> str:
    """By how much: ``+1 h``, ``−30 min``."""
    return ("+" if change.is_forward else "−") + hours(abs(change.by))


def moment(found: Simulated, at: datetime) -> str:
    """Weekday, day and minute: ``Mon 2 Mar 2026 09:30``."""
    local = at.astimezone(found.zone)
    return f"{_WEEKDAYS[local.weekday()]} {day(local)} {local:%H:%M}"


def short_day(local: datetime) -> str:
    """A day without its year: ``2 Mar``."""
    return day(local).rsplit(" ", 1)[0]


def weekdays() -> Iterable[str]:
    """The short names of the days, from Monday."""
    return _WEEKDAYS


def hours(span: timedelta) -> str:
    """A length in hours: ``14.5 h``, in minutes below one."""
    if span < _HOUR:
        return f"{span // _MINUTE} min"
    return f"{span / _HOUR:,.1f} h".replace(".0 h", " h")


def _who(found: Simulated, call: SimulatedCall) -> str:
    if call.person_id is not None:
        return found.people.get(call.person_id, "")
    if call.destination_id is not None:
        return found.destinations.get(call.destination_id, "")
    return NOBODY


def _how(found: Simulated, call: SimulatedCall) -> str:
    if call.kind is not None:
        return _KINDS[call.kind]
    if call.person_id is not None:
        return "cannot be reached"
    return "channel" if call.destination_id is not None else "the next step follows at once"


def _step(call: SimulatedCall) -> str:
    again = f", round {call.round + 1}" if call.round else ""
    return f"Step {call.position + 1}{again}"


def _why(found: Simulated, call: SimulatedCall) -> str:
    if call.roster_id is not None:
        return f"on call, {found.rosters.get(call.roster_id, '')}"
    return {
        CalledAs.PERSON: "named by the step",
        CalledAs.TEAM: "leads the team, nobody is on call",
        CalledAs.CATCH_ALL: "nobody is on call",
    }.get(call.called_as or CalledAs.ROSTER, "")


def _fact(found: Simulated, key: tuple[Weakness, int | None, UUID | None]) -> str:
    weakness, position, person_id = key
    if weakness is Weakness.UNREACHABLE and person_id is not None:
        return f"No verified contact method: {found.people.get(person_id, '')}"
    if weakness is Weakness.EMPTY_STEP:
        return f"Step {(position or 0) + 1} reaches nobody"
    if weakness is Weakness.ONLY_CATCH_ALL:
        return "No step reaches anybody, only the catch-all does"
    return "Nobody is reached at all"


def _extent(found: Simulated, spans: list[Weak]) -> str:
    whole = sum((span.ends_at - span.starts_at for span in spans), timedelta())
    times = "" if len(spans) == 1 else f" in {counted(len(spans), 'span', 'spans')}"
    return f"{hours(whole)}{times}, first from {moment(found, spans[0].starts_at)}"
