"""What a replay shows: the lines of a past timeline as they come in the drill. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from desktop.presenters.major_lines import lines
from desktop.presenters.major_page import Reading
from desktop.text import clock_text, duration_text
from desktop.views.major.replay_strip import ReplayView
from desktop.views.major.values import LineView
from services.major_incidents.replay import HELD, Playback, arrivals

MARK = "DRILL"


@dataclass(frozen=True, slots=True)
class PastLine:
    """A line of the past incident, and how far into it that became known."""

    position: timedelta
    line: LineView


def past_lines(past: Reading) -> tuple[PastLine, ...]:
    """The whole timeline of a past incident, as it became known; what was struck out stays out."""
    told = reversed([line for line in lines(past) if not line.is_removed])
    known = sorted(told, key=lambda line: line.written_at)
    return tuple(PastLine(line.written_at - known[0].written_at, line) for line in known)


def come(
    past: Sequence[PastLine], played: Sequence[Playback], now: datetime
) -> tuple[LineView, ...]:
    """The lines that have come in the drill by now. They can be read and copied, nothing more."""
    moments = arrivals([one.position for one in past], played, now)
    return tuple(
        _in_drill(one.line, at, now)
        for one, at in zip(past, moments, strict=True)
        if at is not None
    )


def _in_drill(line: LineView, at: datetime, now: datetime) -> LineView:
    marked = f"{MARK} {line.time} · {line.text}"
    return replace(
        line,
        key=f"replay {line.key}",
        time=clock_text(at.astimezone(now.tzinfo)),
        text=marked,
        happened_at=at,
        written_at=at,
        entry_id=None,
        is_pinned=False,
        tip=f"{MARK}: it was {line.time} in the incident that is played again.\n{line.tip}",
    )


def next_position(
    past: Sequence[PastLine], played: Sequence[Playback], now: datetime
) -> int | None:
    """Whole seconds into the past incident at which something comes next; None at its end."""
    moments = arrivals([one.position for one in past], played, now)
    ahead = [one.position for one, at in zip(past, moments, strict=True) if at is None]
    return -(-ahead[0] // timedelta(seconds=1)) if ahead else None


def replay_view(
    story: str,
    past: Sequence[PastLine],
    played: Sequence[Playback],
    now: datetime,
    *,
    speed: int,
    why_not: str,
) -> ReplayView:
    """How the replay stands; ``speed`` is that at which it goes on once it is let."""
    steered = played[-1]
    total = past[-1].position
    at = min(steered.position(now), total)
    is_over = next_position(past, played, now) is None
    is_playing = steered.speed != HELD and not is_over and not why_not
    clock = past[0].line.written_at + at
    length = total / timedelta(seconds=1) or 1.0
    return ReplayView(
        story=story,
        position=f"{clock_text(clock.astimezone(now.tzinfo))}, {duration_text(at)} of "
        f"{duration_text(total)}",
        state=_state(steered, is_over=is_over, is_playing=is_playing),
        share=at / timedelta(seconds=1) / length,
        marks=tuple(one.position / timedelta(seconds=1) / length for one in past),
        is_playing=is_playing,
        speed=speed,
        why_not=why_not or ("All of it has been played" if is_over else ""),
    )


def _state(steered: Playback, *, is_over: bool, is_playing: bool) -> str:
    if is_over:
        return "Played to the end"
    if is_playing:
        return f"Playing {steered.speed}×"
    return "Held" if steered.since is not None else "Not begun"
