"""What an import of a schedule did and proved, as plain text."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from services.intake.equivalence import Difference, Proof
from services.intake.schedules.draft import ScheduleDraft
from services.on_call.wall_clock import wall_clock

_HOUR = timedelta(hours=1)


def report_of(draft: ScheduleDraft, proof: Proof, names: Mapping[str, str]) -> str:
    """Part by part what became of it, and the proof; ``names`` are people by their keys."""
    return "\n".join(_lines(draft, proof, names)) + "\n"


def hours(span: timedelta) -> str:
    """A length in hours: ``53.0``."""
    return f"{span / _HOUR:,.1f}"


def _lines(draft: ScheduleDraft, proof: Proof, names: Mapping[str, str]) -> Iterator[str]:
    source = draft.source
    yield f"Schedule “{source.name}”, {source.zone}"
    yield ""
    widest = max((len(line.part) for line in draft.lines), default=0)
    for line in draft.lines:
        yield f"  {line.part:<{widest}}  →  {line.became}"
    for key, name in names.items():
        yield f"  {key} is {name}" if key != name else f"  {name}"
    for remark in draft.remarks:
        yield f"  Note: {remark}"
    yield ""
    yield from _proof(proof, source.zone, names)


def _proof(proof: Proof, zone: str, names: Mapping[str, str]) -> Iterator[str]:
    days = (proof.ends_at - proof.starts_at) / timedelta(days=1)
    since, until = _moment(proof.starts_at, zone), _moment(proof.ends_at, zone)
    yield f"Proof over {days:g} days, from {since} to {until}, every instant compared:"
    if proof.rendered:
        first, last = (_moment(edge, zone) for edge in proof.rendered)
        yield f"  From {first} to {last} the export itself says who is on call; that is believed."
    if proof.is_equal:
        changes = f"{proof.changes:,} changes of who is on call"
        yield f"  EQUAL. The same people are on call at every instant, through {changes}."
        return
    share = proof.differing / (proof.ends_at - proof.starts_at)
    yield (
        f"  DIFFERENT for {hours(proof.differing)} hours ({share:.2%})"
        f" in {len(proof.differences):,} span{'s' * (len(proof.differences) > 1)}."
    )
    yield ""
    rows = [("from", "until", "hours", "schedule", "roster")]
    rows += [_row(one, zone, names) for one in proof.differences]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    for row in rows:
        start, end, length, before, after = row
        yield (
            f"  {start:<{widths[0]}}  {end:<{widths[1]}}  {length:>{widths[2]}}"
            f"  {before:<{widths[3]}}  {after}"
        )


def _row(
    difference: Difference, zone: str, names: Mapping[str, str]
) -> tuple[str, str, str, str, str]:
    return (
        _moment(difference.starts_at, zone),
        _moment(difference.ends_at, zone),
        hours(difference.ends_at - difference.starts_at),
        _people(difference.before, names),
        _people(difference.after, names),
    )


def _people(keys: Iterable[str], names: Mapping[str, str]) -> str:
    return ", ".join(sorted(names.get(key, key) for key in keys)) or "nobody"


def _moment(moment: datetime, zone: str) -> str:
    return moment.astimezone(wall_clock(zone).zone).strftime("%Y-%m-%d %H:%M %Z")
