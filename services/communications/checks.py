"""What a composer checks of an update: its pattern, its completeness, and what must not leave.

Pure and quick enough for every key pressed. A finding is a value; ``words`` say to a person what
was found and what would be right.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from services.communications import plain_words
from services.communications.status_page import Audience
from services.communications.status_update import StatusUpdate, UpdateMoment
from services.incidents.priority import Severity
from services.providers import limits

SENTENCES, POINTS = 2, (2, 4)
SHORT = 280
"""An external update longer than this is not read on a phone, in characters."""


class Where(Enum):
    """The field that a finding is about."""

    SUBJECT = "subject"
    SUMMARY = "summary"
    CURRENT_STATUS = "current_status"
    NEXT_STEPS = "next_steps"
    NEXT_UPDATE = "next_update"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words of an update, as somebody types them."""

    audience: Audience
    moment: UpdateMoment
    subject: str = ""
    summary: str = ""
    current_status: str = ""
    next_steps: str = ""
    next_update_at: datetime | None = None
    next_update_where: str = ""
    is_cause_released: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the checks compare with. ``names`` are of the staff; ``own_address`` is the page's.

    ``channels`` are the kinds of the providers that the update goes to, as values.
    """

    key: str
    severity: Severity | None = None
    names: Collection[str] = ()
    own_address: str = ""
    channels: Collection[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something to put right. One that ``is_blocking`` keeps the update from being sent."""

    code: str
    where: Where
    words: str
    is_blocking: bool = False


def words_of(update: StatusUpdate) -> Words:
    """The words of an update that is kept."""
    return Words(
        audience=update.audience,
        moment=update.moment,
        subject=update.subject,
        summary=update.summary,
        current_status=update.current_status,
        next_steps=update.next_steps,
        next_update_at=update.next_update_at,
        next_update_where=update.next_update_where,
        is_cause_released=update.is_cause_released,
    )


def points_of(text: str) -> tuple[str, ...]:
    """The points of a section: its lines, without what people put before them."""
    lines = (re.sub(r"^\s*(?:[-*•–]|\d+[.)])\s+", "", line).strip() for line in text.splitlines())
    return tuple(line for line in lines if line)


_ABBREVIATED = re.compile(r"(?i)\b(?:e\.g|i\.e|approx|etc|no|vs|ca|mr|mrs|ms|dr)\.$")


def sentences_of(text: str) -> tuple[str, ...]:
    """The sentences of a text. Each line ends one."""
    found: list[str] = []
    for line in text.splitlines():
        begun = ""
        for part in re.split(r"(?<=[.!?…])\s+", line.strip()):
            begun = f"{begun} {part}".strip()
            if begun and not _ABBREVIATED.search(begun):
                found.append(begun)
                begun = ""
        if begun:
            found.append(begun)
    return tuple(found)


def subject_of(known: Known, summary: str) -> str:
    """The subject of an internal update: ``INC-1042 - SEV 1 - VPN drops``."""
    return f"{_beginning(known)}{summary}"


def _beginning(known: Known) -> str:
    severity = f"SEV {known.severity.value[-1]}" if known.severity else "SEV unknown"
    return f"{known.key} - {severity} - "


def findings(words: Words, known: Known) -> tuple[Finding, ...]:
    """All that there is to put right; what blocks comes first."""
    check = _internal if words.audience is Audience.INTERNAL else _external
    found = (*_everywhere(words), *check(words, known), *_too_long(words, known))
    return tuple(sorted(found, key=lambda finding: not finding.is_blocking))


def blocking(words: Words, known: Known) -> tuple[Finding, ...]:
    """What keeps the update from being sent."""
    return tuple(finding for finding in findings(words, known) if finding.is_blocking)


def texts(words: Words) -> Iterator[tuple[Where, str]]:
    """Every text of an update, with its place. An external one has no sections."""
    yield Where.SUBJECT, words.subject
    yield Where.SUMMARY, words.summary
    if words.audience is Audience.INTERNAL:
        yield Where.CURRENT_STATUS, words.current_status
        yield Where.NEXT_STEPS, words.next_steps
    yield Where.NEXT_UPDATE, words.next_update_where


def _everywhere(words: Words) -> Iterator[Finding]:
    for where, text in texts(words):
        for secret in plain_words.secrets_in(text):
            shown = f"{secret[:6]}…"
            said = f"“{shown}” looks like a password, a key or a token. It must not leave."
            yield Finding(code="secret", where=where, words=said, is_blocking=True)
    for where, text in ((Where.SUBJECT, words.subject), (Where.SUMMARY, words.summary)):
        if not text.strip():
            said = f"The {where.value} is empty."
            yield Finding(code="empty", where=where, words=said, is_blocking=True)
    count = len(sentences_of(words.summary))
    if count > SENTENCES:
        yield Finding(
            code="sentences",
            where=Where.SUMMARY,
            words=f"{count} sentences; one or two are read.",
            is_blocking=words.audience is Audience.EXTERNAL,
        )


def _internal(words: Words, known: Known) -> Iterator[Finding]:
    beginning = _beginning(known)
    if words.subject and not words.subject.startswith(beginning):
        said = f"The subject begins with “{beginning.rstrip(' -')}”, so that staff find the room."
        has_key = re.search(rf"(?<!\w){re.escape(known.key)}(?!\w)", words.subject) is not None
        yield Finding(code="subject", where=Where.SUBJECT, words=said, is_blocking=not has_key)
    if words.moment is UpdateMoment.FOLLOW_UP:
        sections = (
            (Where.CURRENT_STATUS, "Current status", words.current_status),
            (Where.NEXT_STEPS, "Next steps", words.next_steps),
        )
        least, most = POINTS
        for where, name, text in sections:
            count = len(points_of(text))
            if not least <= count <= most:
                said = f"{name} has {count} points; {least} to {most} are read."
                yield Finding(code="points", where=where, words=said)
    if words.moment is not UpdateMoment.FINAL and not _says_next(words):
        said = "Say when and where the next update comes."
        yield Finding(code="next-update", where=Where.NEXT_UPDATE, words=said)


def _external(words: Words, known: Known) -> Iterator[Finding]:
    own_host = plain_words.host_of(known.own_address)
    for where, text in texts(words):
        for inside in plain_words.insides_in(text, own_host):
            said = f"“{inside}” is inside the house: no links, hosts, addresses or paths."
            yield Finding(code="internal-link", where=where, words=said, is_blocking=True)
        for name in plain_words.names_in(text, known.names):
            said = f"{name} is named: customers read of no person."
            yield Finding(code="person-named", where=where, words=said, is_blocking=True)
        for jargon, plainer in plain_words.jargon_in(text):
            said = f"“{jargon}” is a word of the trade; perhaps “{plainer}”."
            yield Finding(code="jargon", where=where, words=said)
        cause = plain_words.cause_in(text)
        if cause and not words.is_cause_released:
            said = f"“{cause}” tells of a cause that has not been released."
            yield Finding(code="cause", where=where, words=said, is_blocking=True)
    if len(words.summary) > SHORT:
        said = f"{len(words.summary)} characters; up to {SHORT} are read on a phone."
        yield Finding(code="long", where=Where.SUMMARY, words=said)


# -- completeness -----------------------------------------------------------------------------


class Point(Enum):
    """One of the five things that an internal update says, known or not."""

    IMPACT = "impact"
    HOW_MANY = "how_many"
    ROOT_CAUSE = "root_cause"
    RESTORATION = "restoration"
    NEXT_UPDATE = "next_update"


@dataclass(frozen=True, slots=True, kw_only=True)
class PointCheck:
    """Whether a point is said. ``words`` ask for it; “unknown” is an answer too."""

    point: Point
    words: str
    is_met: bool


_ASKED = {
    Point.IMPACT: "Actual impact on customers",
    Point.HOW_MANY: "How many, inside and outside",
    Point.ROOT_CAUSE: "Root cause, or “not yet known”",
    Point.RESTORATION: "When it will be restored, or “unknown”",
    Point.NEXT_UPDATE: "When and where the next update comes",
}
_UNKNOWN = (
    r"(?:unknown|not (?:yet |currently )?(?:known|clear)|no (?:estimate|eta)|(?:do|does) not know)"
)
_OUTSIDE = r"(?:customers?|clients?|users?|subscribers?|guests?|patients?|external(?:ly)?|outside)"
_INSIDE = r"(?:staff|employees?|colleagues?|agents?|teams?|internal(?:ly)?|inside|offices?|users?)"
_QUANTITY = (
    r"(?:\d[\d,.]*\s*%?|all|none|no|nobody|some|most|many|few|several|every(?:one|body)?|half"
    r"|a third|a quarter|dozens|hundreds|thousands|one|two|three)"
)
_EFFECT = (
    r"(?:can(?:not|'t|’t)|could not|unable|fail\w*|slow\w*|down|unavailable|affect\w*|drop\w*"
    r"|error\w*|los[est]\w*|delay\w*|degrad\w*|interrupt\w*|without|no access|impact\w*"
    r"|sees?|saw)"
)
_MOMENT = (
    r"(?:\d{1,2}[:.]\d{2}|\d+\s*(?:min\w*|h\b|hours?|days?)|noon|midnight|today|tomorrow|tonight)"
)


def completeness(words: Words) -> tuple[PointCheck, ...]:
    """The five points, each met by what is written; an external update has none to meet."""
    if words.audience is Audience.EXTERNAL:
        return ()
    said = [
        sentence
        for _, text in texts(words)
        for line in points_of(plain_words.as_read(text))
        for sentence in sentences_of(line)
    ]
    met = {
        Point.IMPACT: _any(said, _OUTSIDE, _EFFECT) or _any(said, "impact", _UNKNOWN),
        Point.HOW_MANY: _any(said, "how many", _UNKNOWN)
        or (_counted(said, _OUTSIDE) and _counted(said, _INSIDE)),
        Point.ROOT_CAUSE: _any(said, r"(?:root )?cause[ds]?|because of|due to"),
        Point.RESTORATION: _any(said, _RESTORED, f"{_MOMENT}|{_UNKNOWN}")
        or (words.moment is UpdateMoment.FINAL and _any(said, _RESTORED)),
        Point.NEXT_UPDATE: _says_next(words)
        or _any(said, r"next update|next word", _MOMENT)
        or (
            words.moment is UpdateMoment.FINAL
            and _any(said, r"no (?:further|more) (?:updates?|words?)")
        ),
    }
    return tuple(
        PointCheck(point=point, words=asked, is_met=met[point]) for point, asked in _ASKED.items()
    )


_RESTORED = r"(?:eta|estimat\w*|expect\w*|restor\w*|recover\w*|resolv\w*|fixed|back|works? again)"


def _any(sentences: Sequence[str], *patterns: str) -> bool:
    """Whether one sentence holds all of the patterns."""
    return any(
        all(re.search(rf"(?i)(?<!\w)(?:{pattern})(?!\w)", sentence) for pattern in patterns)
        for sentence in sentences
    )


def _counted(sentences: Sequence[str], group: str) -> bool:
    return _any(sentences, group, f"{_QUANTITY}|{_UNKNOWN}")


def _says_next(words: Words) -> bool:
    return words.next_update_at is not None and bool(words.next_update_where.strip())


# -- channels ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Room:
    """How long the subject and the whole text of an update may be at one kind of provider."""

    subject: limits.Limit
    text: limits.Limit


ROOMS = {
    "email": Room(limits.MAIL_SUBJECT, limits.MAIL_TEXT),
    "webhook": Room(limits.WEBHOOK_SUMMARY, limits.WEBHOOK_TEXT),
    "slack": Room(limits.SLACK_SUMMARY, limits.SLACK_TEXT),
    "teams": Room(limits.TEAMS_SUMMARY, limits.TEAMS_TEXT),
    "matrix": Room(limits.MATRIX_SUMMARY, limits.MATRIX_TEXT),
    "mattermost": Room(limits.MATTERMOST_SUMMARY, limits.MATTERMOST_TEXT),
    "ntfy": Room(limits.NTFY_TITLE, limits.NTFY_MESSAGE),
    "apprise": Room(limits.APPRISE_TITLE, limits.APPRISE_TEXT),
    "twilio_sms": Room(limits.TWILIO_WORDS, limits.TWILIO_WORDS),
}
"""By the kind of provider; elsewhere there is room for all that an update may have."""


def whole_text(words: Words) -> str:
    """The update as one text, as channels show it that know no sections."""
    parts = [words.summary.strip()]
    if words.audience is Audience.INTERNAL:
        for name, text in (
            ("Current status", words.current_status),
            ("Next steps", words.next_steps),
        ):
            points = points_of(text)
            if points:
                parts.append("\n".join((f"{name}:", *(f"- {point}" for point in points))))
    if next_update := next_update_words(words):
        parts.append(f"Next update: {next_update}")
    return "\n\n".join(part for part in parts if part)


def next_update_words(words: Words) -> str:
    """When and where: ``2 March, 09:30 UTC, by e-mail``; empty where nothing is promised."""
    told = []
    if words.next_update_at is not None:
        told.append(f"{words.next_update_at.day} {words.next_update_at:%B, %H:%M} UTC")
    if words.next_update_where.strip():
        told.append(words.next_update_where.strip())
    return ", ".join(told)


def preview(words: Words, channel: str) -> tuple[str, str]:
    """Subject and text as a channel will show them, cut where it cuts."""
    room = ROOMS.get(channel)
    text = whole_text(words)
    if room is None:
        return words.subject, text
    return limits.fit_line(words.subject, room.subject), limits.fit(text, room.text)


def _too_long(words: Words, known: Known) -> Iterator[Finding]:
    for channel in known.channels:
        subject, text = preview(words, channel)
        if subject != limits.fit_line(words.subject, limits.MAIL_TEXT):
            said = f"Too long for {channel}: it is cut after “{subject[-20:]}”"
            yield Finding(code="too-long", where=Where.SUBJECT, words=said)
        if text != whole_text(words):
            said = f"Too long for {channel}: it is cut after “{text[-20:]}”"
            yield Finding(code="too-long", where=Where.SUMMARY, words=said)
