"""How paging stands, for a person at a terminal and for a script that reads the exit code."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from services.dispatcher.beats import Beat
from services.dispatcher.opening import ReadBeats
from services.paging.engine import Alarm, PagingEngine
from services.sync.paging_standing import PagingStanding

WELL, NOT_WELL = 0, 1


def status(engine: PagingEngine, read_beats: ReadBeats) -> tuple[str, int]:
    """The table, and the exit code: 0 where nothing is wrong and a dispatcher lives.

    Raises:
        AppError: the database does not answer.
    """
    standing = engine.fire_due()
    alarms = engine.audit()
    is_well = standing.dispatcher_count > 0 and not alarms
    return table(standing, alarms, read_beats()), WELL if is_well else NOT_WELL


def confirmed(engine: PagingEngine) -> str:
    """What came of the word of an operator that the clock is right.

    Raises:
        AppError: the database does not answer.
    """
    if engine.confirm_clock():
        return "The clock is confirmed. What is due by it goes out now."
    return "Nothing to confirm: the clock was not stepped forward, or has come back."


def table(standing: PagingStanding, alarms: Sequence[Alarm], beats: Sequence[Beat] = ()) -> str:
    """Two columns, a line for each alarm, and what is known of each dispatcher."""
    rows = [
        ("Dispatchers", _dispatchers(standing)),
        ("Open pages", str(standing.open_pages)),
        ("Deliveries under way", str(standing.waiting_deliveries)),
        *_clock(standing),
        ("Alarms", str(len(alarms)) if alarms else "none"),
    ]
    lines = [f"{name:<22}{text}" for name, text in rows]
    for alarm in sorted(alarms, key=lambda alarm: (alarm.kind, str(alarm.subject_id))):
        since = _ago(standing.now, alarm.since)
        lines.append(f"  {alarm.kind:<26} {alarm.subject_id or ''!s:<36} {since}".rstrip())
    for beat in beats:
        lines += _about(beat, standing.now)
    return "\n".join(lines)


def _about(beat: Beat, now: datetime) -> Iterator[str]:
    """When a dispatcher began and was last heard of, what it holds, and whom it cannot reach."""
    heard = f"{'stopped' if beat.is_stopped else 'heard of'} {_ago(now, beat.seen_at)}"
    yield f"  {beat.dispatcher:<32} began {_ago(now, beat.started_at)}, {heard}, sends {beat.held}"
    for id_ in beat.open_breakers:
        yield f"    cannot reach {id_}"
    for id_, why in beat.unread:
        yield f"    cannot read the mailbox of {id_}: {why}"


def _clock(standing: PagingStanding) -> list[tuple[str, str]]:
    if not standing.clock_ahead:
        return []
    ahead = round(standing.clock_ahead / timedelta(minutes=1))
    return [("Clock", f"stepped {ahead} min ahead: put it right, or --confirm-clock")]


def _dispatchers(standing: PagingStanding) -> str:
    if standing.last_beat_at is None:
        return "none, ever"
    ago = _ago(standing.now, standing.last_beat_at)
    return f"{standing.dispatcher_count or 'none'} within a minute, last heard of {ago}"


def _ago(now: datetime, then: datetime) -> str:
    seconds = max(0, (now - then) // timedelta(seconds=1))
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit} ago"
    return f"{seconds} s ago"
