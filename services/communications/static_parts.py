"""What the pages of a status page are made of: head, icons, times, texts, and their words."""

from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from importlib import resources
from typing import Final

from services.communications.page_content import Indicator, PageContent, PageUpdate
from services.communications.status_page import Audience, ComponentStatus
from services.core.markup import Markup, element, joined, written
from services.major_incidents.major import ResponsePhase

RELOADED_EVERY_S: Final = 60

PHASES: Final = {
    ResponsePhase.INVESTIGATING: "Investigating",
    ResponsePhase.IDENTIFIED: "Identified",
    ResponsePhase.MONITORING: "Monitoring",
    ResponsePhase.RESOLVED: "Resolved",
}

STATUSES: Final = {
    ComponentStatus.OPERATIONAL: "Operational",
    ComponentStatus.UNDER_MAINTENANCE: "Under maintenance",
    ComponentStatus.DEGRADED_PERFORMANCE: "Degraded performance",
    ComponentStatus.PARTIAL_OUTAGE: "Partial outage",
    ComponentStatus.MAJOR_OUTAGE: "Major outage",
}

TONES: Final = {
    ComponentStatus.OPERATIONAL: "ok",
    ComponentStatus.UNDER_MAINTENANCE: "info",
    ComponentStatus.DEGRADED_PERFORMANCE: "warn",
    ComponentStatus.PARTIAL_OUTAGE: "warn",
    ComponentStatus.MAJOR_OUTAGE: "bad",
}

INDICATOR_TONES: Final = {
    Indicator.NONE: "ok",
    Indicator.MINOR: "warn",
    Indicator.MAJOR: "warn",
    Indicator.CRITICAL: "bad",
}

# Each status has a shape of its own: colour alone says nothing to many people.
# Source: Lucide (ISC), drawn with lines of two units in a square of 24.
_SHAPES: Final = {
    ComponentStatus.OPERATIONAL: '<circle cx="12" cy="12" r="10"/>'
    '<path d="m8 12.4 2.7 2.7L16 9.6"/>',
    ComponentStatus.UNDER_MAINTENANCE: '<path d="M14.7 6.3a1 1 0 0 0 0 1.4l1.6 1.6a1 1 0 0 0 1.4 0'
    "l3.77-3.77a6 6 0 0 1-7.94 7.94l-6.91 6.91a2.12 2.12 0 0 1-3-3l6.91-6.91a6 6 0 0 1 7.94-7.94"
    'l-3.76 3.76z"/>',
    ComponentStatus.DEGRADED_PERFORMANCE: '<circle cx="12" cy="12" r="10"/><path d="M8 12h8"/>',
    ComponentStatus.PARTIAL_OUTAGE: '<path d="m21.73 18-8-14a2 2 0 0 0-3.48 0l-8 14A2 2 0 0 0 4 21'
    'h16a2 2 0 0 0 1.73-3"/><path d="M12 9v4"/><path d="M12 17h.01"/>',
    ComponentStatus.MAJOR_OUTAGE: '<path d="M7.86 2h8.28L22 7.86v8.28L16.14 22H7.86L2 16.14V7.86z'
    '"/>'
    '<path d="m15 9-6 6"/><path d="m9 9 6 6"/>',
}


def headline(content: PageContent) -> str:
    """How all is, in a few words."""
    if content.worst_status is not ComponentStatus.OPERATIONAL:
        return STATUSES[content.worst_status]
    count = len(content.open_incidents)
    if not count:
        return "All systems operational"
    return "We are working on an incident" if count == 1 else f"We are working on {count} incidents"


def shown_status(content: PageContent) -> ComponentStatus:
    """The status whose shape stands for all."""
    if content.worst_status is ComponentStatus.OPERATIONAL and content.open_incidents:
        return ComponentStatus.DEGRADED_PERFORMANCE
    return content.worst_status


def icon(status: ComponentStatus) -> Markup:
    """The shape of a status; the words beside it say the same."""
    return element(
        "svg", written(_SHAPES[status]), viewBox="0 0 24 24", aria_hidden="true", focusable="false"
    )


# -- times ------------------------------------------------------------------------------------


def iso(at: datetime) -> str:
    """``2026-11-21T14:05:00Z``."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def day(at: datetime) -> str:
    """``21 November 2026``."""
    told = at.astimezone(UTC)
    return f"{told.day} {_MONTHS[told.month - 1]} {told.year}"


_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
)


def moment(at: datetime) -> Markup:
    """Date and time of day, with the zone: no reader has to guess."""
    told = at.astimezone(UTC)
    short = f"{told.day} {_MONTHS[told.month - 1][:3]} {told.year}, {told:%H:%M} UTC"
    return element("time", short, datetime=iso(at))


def lasted(span: timedelta) -> str:
    """``2 days 3 h``, ``1 h 05 min`` or ``12 min``; under a minute is a minute."""
    minutes = max(1, round(span / timedelta(minutes=1)))
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        return f"{days}\u00a0{'day' if days == 1 else 'days'}\u00a0{hours}\u00a0h"
    return f"{hours}\u00a0h\u00a0{minutes:02}\u00a0min" if hours else f"{minutes}\u00a0min"


# -- texts ------------------------------------------------------------------------------------


def paragraphs(text: str) -> Markup:
    """Typed text: an empty line parts paragraphs, ``• `` begins a point."""
    blocks = (block.strip("\n") for block in text.replace("\r\n", "\n").split("\n\n"))
    return joined(*(made for block in blocks if block.strip() for made in _block(block)))


def _block(block: str) -> Iterator[Markup]:
    """Lines as they stand, and points in a row as a list."""
    lines: list[str] = []
    points: list[str] = []
    for line in (*block.split("\n"), ""):
        if points and not line.startswith(POINT):
            yield element("ul", *(element("li", point, dir="auto") for point in points))
            points = []
        if line.startswith(POINT):
            if lines:
                yield _lines(lines)
                lines = []
            points.append(line.removeprefix(POINT))
        elif line:
            lines.append(line)
    if lines:
        yield _lines(lines)


POINT: Final = "• "


def _lines(lines: list[str]) -> Markup:
    broken = joined(lines[0], *(joined(element("br"), line) for line in lines[1:]))
    return element("p", broken, dir="auto")


def update_item(update: PageUpdate, heading: str) -> Markup:
    """One word about an incident: when, how far it was, what was said, and what came of it."""
    marks = []
    if update.is_backdated:
        marks.append(joined("Backdated, published ", moment(update.sent_at)))
    if update.edited_at is not None:
        marks.append(joined("Edited ", moment(update.edited_at)))
    return element(
        "li",
        element("div", moment(update.told_at), class_="when"),
        element(
            "div",
            element(heading, PHASES[update.phase]),
            element("div", paragraphs(update.text), class_="text"),
            *(element("p", mark, class_="mark") for mark in marks),
        ),
    )


# -- the frame --------------------------------------------------------------------------------


def document(
    content: PageContent, title: str, body: Markup, *, home: str, style: str, reloads: bool = False
) -> bytes:
    """A whole page. ``home`` leads from it to the folder of the status page.

    Nothing is loaded from anywhere, and no script runs: the page says so to the browser.
    """
    css = _style(style)
    # A digest instead of "inline is fine": an element that somebody smuggled in stays powerless.
    digest = b64encode(sha256(css.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:;"
        " base-uri 'none'; form-action 'none'"
    )
    metas = [
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("meta", name="referrer", content="no-referrer"),
    ]
    if not home:  # the page of an incident stays as it is while others change
        metas.append(element("meta", name="sequence", content=str(content.sequence)))
    if content.audience is Audience.INTERNAL:
        metas.append(element("meta", name="robots", content="noindex"))
    if reloads:
        metas.append(element("meta", http_equiv="refresh", content=str(RELOADED_EVERY_S)))
    head = element(
        "head",
        *metas,
        element("title", title),
        element("link", rel="icon", href="data:,"),
        element(
            "link",
            rel="alternate",
            type="application/atom+xml",
            title=content.name,
            href=f"{home}history.atom",
        ),
        element("style", written(css)),
    )
    page = joined(written("<!DOCTYPE html>\n"), element("html", head, body, lang="en"))
    return f"{page}\n".encode()


@cache
def _style(name: str) -> str:
    file = resources.files("resources") / "status_page" / f"{name}.css"
    return file.read_text(encoding="utf-8").strip()
