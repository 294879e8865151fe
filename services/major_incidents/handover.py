"""The handover pack: what a successor has to know, as text from the record. Pure."""

from collections.abc import Iterable
from datetime import datetime, tzinfo

from services.major_incidents.entries import ASSESSMENT, EntryKind, Verdict
from services.major_incidents.read_models import Console, EntryItem
from services.major_incidents.state_document import title_of
from services.major_incidents.words import span_words, word_of

LAST_DECISIONS = 5
"""So many decisions are told, the newest first."""

NOTHING = "none"
_OPEN = (Verdict.OPEN, Verdict.TESTING, Verdict.RUNNING)


def handover_pack(
    console: Console, now: datetime, zone: tzinfo, next_update_at: datetime | None
) -> str:
    """What is believed, tried, decided and not known, channels, roles and when a word is due.

    Moments are local to ``zone``. ``next_update_at`` is of communications; None is no update due.
    """
    kept = [item for item in console.entries if not item.entry.is_removed]
    theories = [i for i in kept if i.entry.kind is EntryKind.THEORY and i.entry.verdict in _OPEN]
    experiments = [
        i for i in kept if i.entry.kind is EntryKind.EXPERIMENT and i.entry.verdict in _OPEN
    ]
    decisions = [i for i in kept if i.entry.kind is EntryKind.DECISION][:LAST_DECISIONS]
    parts = (
        title_of(console),
        _standing(console, now, zone),
        _listed("Open theories", (_card(i) for i in theories)),
        _listed("Running experiments", (_experiment(i, zone) for i in experiments)),
        _listed("Last decisions", (_decision(i, zone) for i in decisions)),
        _listed("Not known", _unknown(console)),
        _listed("Channels", _channels(console)),
        _listed("Roles", (f"{r.role}: {r.person}" for r in console.roles if r.duty)),
        f"Next update: {_due(next_update_at, now, zone)}",
    )
    return "\n\n".join(parts)


def _standing(console: Console, now: datetime, zone: tzinfo) -> str:
    since = console.item.impact_since
    known = f"{_clock(since, zone)}, {span_words(now - since)} ago" if since else "unknown"
    return f"{word_of(console.major.phase)}. Impact since: {known}."


def _listed(heading: str, lines: Iterable[str]) -> str:
    points = [f"- {line}" for line in lines]
    return "\n".join([f"{heading}:", *points]) if points else f"{heading}: {NOTHING}"


def _card(item: EntryItem) -> str:
    entry = item.entry
    words = [f"{_line(entry.text)} ({word_of(entry.verdict).lower()})"]
    if entry.evidence:
        words.append(_line(entry.evidence))
    return "; ".join(words)


def _experiment(item: EntryItem, zone: tzinfo) -> str:
    entry = item.entry
    owner = f", {item.owner}" if item.owner else ""
    until = f", result due {_clock(entry.until_at, zone)}" if entry.until_at else ""
    return f"{_card(item)}{owner}{until}"


def _decision(item: EntryItem, zone: tzinfo) -> str:
    return f"{_clock(item.entry.happened_at, zone)} {item.author}: {_line(item.entry.text)}"


def _unknown(console: Console) -> Iterable[str]:
    """The questions that nobody has answered, or with what is being done to find out."""
    standing = [item.entry for item in console.document if not item.entry.is_removed]
    known = {one.section for one in standing if one.text and not one.is_unknown}
    for section in ASSESSMENT:
        if section not in known:
            sought = (one.text for one in standing if one.section is section and one.text)
            yield " ".join((word_of(section), *sought))


def _channels(console: Console) -> Iterable[str]:
    for item in console.channels:
        access = f" ({item.channel.access})" if item.channel.access else ""
        yield f"{word_of(item.channel.kind)} {item.name}: {item.address or 'no address'}{access}"


def _due(at: datetime | None, now: datetime, zone: tzinfo) -> str:
    if at is None:
        return NOTHING
    if at < now:
        return f"was due {_clock(at, zone)}, {span_words(now - at)} late"
    return f"{_clock(at, zone)}, in {span_words(at - now)}"


def _clock(at: datetime, zone: tzinfo) -> str:
    """``2026-03-02 14:10``."""
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M")


def _line(text: str) -> str:
    return " ".join(text.split())
