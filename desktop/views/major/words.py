"""How the response to a major incident is shown: glyphs and colours, and words beside its own."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from desktop.widgets.paint_badges import Tone
from services.major_incidents.entries import EntryKind, Verdict
from services.major_incidents.words import word_of


def _text(source: object) -> str:
    """Marks a text for translation; the tool reads the call, the program keeps the source."""
    return str(source)


def said(source: str) -> str:
    """A text of this list in the language of the screen."""
    return QCoreApplication.translate("major", source)


@dataclass(frozen=True, slots=True)
class KindLook:
    """Glyph, word and colour of a kind of line, and under which filter it is found."""

    icon: str
    token: str
    filter: str = ""
    word: str = ""


KINDS: Final[dict[str, KindLook]] = {
    "observation": KindLook("watched", "fg.muted"),
    "theory": KindLook("suggestion", "warn.fg"),
    "experiment": KindLook("experiment", "info.fg"),
    "decision": KindLook("decision", "violet.fg", "decisions"),
    "change": KindLook("tag", "fg.muted", "changes"),
    "action": KindLook("monitoring", "info.fg"),
    "communication": KindLook("channel.chat", "accent.fg", "comms"),
    "update": KindLook(
        "status.page", "accent.fg", "comms", _text(QT_TRANSLATE_NOOP("major", "Update sent"))
    ),
    "page": KindLook("bell", "warn.fg", word=_text(QT_TRANSLATE_NOOP("major", "Page"))),
    "role": KindLook("people", "fg.muted", word=_text(QT_TRANSLATE_NOOP("major", "Role"))),
    "milestone": KindLook(
        "major", "danger.fg", "decisions", _text(QT_TRANSLATE_NOOP("major", "Major incident"))
    ),
}
"""Every kind of line of the timeline, by its key."""

WRITTEN: Final = (
    "observation", "decision", "theory", "experiment", "change", "action", "communication",
)  # fmt: skip
"""Kinds that a person writes, in the order in which they are offered."""

PROMPTS: Final = {
    "observation": _text(QT_TRANSLATE_NOOP("major", "What do you see?")),
    "decision": _text(QT_TRANSLATE_NOOP("major", "What was decided?")),
    "theory": _text(QT_TRANSLATE_NOOP("major", "What could be the cause?")),
    "experiment": _text(QT_TRANSLATE_NOOP("major", "What is tried, and what would it show?")),
    "change": _text(QT_TRANSLATE_NOOP("major", "What was changed?")),
    "action": _text(QT_TRANSLATE_NOOP("major", "What is being done?")),
    "communication": _text(QT_TRANSLATE_NOOP("major", "Who was told what?")),
}


def kind_word(kind: str) -> str:
    """The word of a kind of line."""
    return said(KINDS[kind].word) if KINDS[kind].word else said(word_of(EntryKind(kind)))


@dataclass(frozen=True, slots=True)
class VerdictLook:
    """The tag of a verdict."""

    tone: Tone
    icon: str


VERDICTS: Final[dict[Verdict, VerdictLook]] = {
    Verdict.OPEN: VerdictLook("neutral", "info"),
    Verdict.TESTING: VerdictLook("warn", "experiment"),
    Verdict.RUNNING: VerdictLook("info", "monitoring"),
    Verdict.CONFIRMED: VerdictLook("ok", "check"),
    Verdict.RULED_OUT: VerdictLook("neutral", "clear"),
    Verdict.DISPROVED: VerdictLook("danger", "clear"),
}


def verdict_word(verdict: Verdict) -> str:
    """The word of a verdict."""
    return said(word_of(verdict))
