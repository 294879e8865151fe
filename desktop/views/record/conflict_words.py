"""A conflict in sentences: what was done here, what a colleague did, and what is offered."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from desktop.text import clock_text, date_text
from services.incidents.errors import NewerNote
from services.incidents.read_models import ConflictItem, Meanwhile, WayOut

Choice = Literal["mine", "theirs", "edit"]
_CONTEXT = "Conflict"
SHORT = 40
"""Longest value that is quoted in a sentence; longer ones are only compared."""

MINE = {
    WayOut.REPEAT: str(QT_TRANSLATE_NOOP("Conflict", "Do it again")),
    WayOut.KEEP_TEXT: str(QT_TRANSLATE_NOOP("Conflict", "Keep text as note")),
}


@dataclass(frozen=True, slots=True)
class Settlement:
    """What a person made of a conflict; ``theirs`` names columns that stay as they are now."""

    command_id: UUID
    choice: Choice
    theirs: frozenset[str] = field(default_factory=frozenset)


def lead(item: ConflictItem, place: int, count: int) -> str:
    """The strong words; several conflicts are counted."""
    if item.code == NewerNote.code and item.meanwhile is not None:
        words = _said("%1 wrote a note while you were writing").replace("%1", item.meanwhile.by)
    elif item.clashes:
        words = _said("%1 changed in two places").replace("%1", item.field)
    else:
        words = _said("Not saved for all: you %1").replace("%1", item.did)
    several = _said(" (%1 of %2)").replace("%1", str(place)).replace("%2", str(count))
    return f"{words}{several if count > 1 else ''}."


def sentence(item: ConflictItem, now: datetime) -> str:
    """Who did what and when, on both sides."""
    other = item.meanwhile
    if item.clashes and max(len(item.mine), len(item.theirs)) <= SHORT:
        return _both_values(item, now)
    if other is None:
        return item.told
    if item.code == NewerNote.code:
        return f"“{other.text.strip()[:240]}” {_when(other.at, now)}"
    theirs = _said("%1 %2 at %3").replace("%1", other.by).replace("%2", other.did)
    yours = _said("you at %1").replace("%1", _when(item.happened_at, now))
    return f"{theirs.replace('%3', _when(other.at, now))}, {yours}."


def _both_values(item: ConflictItem, now: datetime) -> str:
    other: Meanwhile | None = item.meanwhile
    nothing = _said("nothing")
    yours = _said("you %1 at %2").replace("%2", _when(item.happened_at, now))
    yours = yours.replace("%1", item.mine or nothing)
    if other is None:
        return f"{_said('It is %1 now').replace('%1', item.theirs or nothing)}, {yours}."
    theirs = _said("%1 set %2 to %3 at %4").replace("%4", _when(other.at, now))
    theirs = theirs.replace("%3", item.theirs or nothing).replace("%2", item.field)
    return f"{theirs.replace('%1', other.by)}, {yours}."


def labels(item: ConflictItem) -> tuple[str, str]:
    """What the buttons for both sides say; the first is empty where only theirs is left."""
    if item.code == NewerNote.code:
        return _said("Send anyway"), _said("Discard")
    if item.way_out is WayOut.CHOOSE:
        return (
            _labelled(_said("Keep %1"), item.mine, _said("Keep mine")),
            _labelled(_said("Take %1"), item.theirs, _said("Take theirs")),
        )
    mine = MINE.get(item.way_out, "")
    return _said(mine) if mine else "", _said("Let it go") if mine else _said("Dismiss")


def _labelled(pattern: str, value: str, fallback: str) -> str:
    """``Keep P2`` while the value is short, ``Keep mine`` otherwise."""
    return pattern.replace("%1", value) if 0 < len(value) <= 8 else fallback


def _when(moment: datetime, now: datetime) -> str:
    """The time of day, with the date on other days."""
    here = moment.astimezone(now.tzinfo)
    clock = clock_text(here)
    return clock if here.date() == now.date() else f"{clock}, {date_text(here, now)}"


def _said(text: str) -> str:
    return QCoreApplication.translate(_CONTEXT, text)
