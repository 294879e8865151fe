"""What a message says where a provider leaves the words to us."""

from services.providers.limits import LABEL, LINK, Limit, fit_line, link
from services.providers.provider import Item, Step, UpdateMessage

_BEGINNINGS = {
    Step.OPEN: "",
    Step.UPDATE: "Update: ",
    Step.ACKNOWLEDGE: "Acknowledged: ",
    Step.RESOLVE: "Resolved: ",
}
REPEAT = "(may be a repeat)"
INTERNAL = "internal"
"""The audience that may follow links to the desk."""


def headline(item: Item) -> str:
    """The reference and the summary, behind a word for the step.

    An item whose earlier attempt may have arrived says so, as two pages look like two incidents.
    A status update has a subject of its own.
    """
    if item.update is not None:
        return "Correction: " * item.update.is_correction + (item.update.subject or item.summary)
    summary = item.summary or item.text
    if item.reference and not summary.startswith(item.reference):
        summary = f"{item.reference} {summary}"
    return _BEGINNINGS[item.step] + summary + f" {REPEAT}" * item.may_repeat


def title(item: Item, limit: Limit) -> str:
    """The headline on one line, as much as the limit takes, and never empty."""
    return fit_line(headline(item), limit) or "Firstline"


def told(item: Item) -> str:
    """What is said below the headline."""
    if item.update is None:
        return item.text
    return "\n\n".join([phase(item.update), *paragraphs(item.update)])


def phase(update: UpdateMessage) -> str:
    """How far the response is, in a word of a status page."""
    return update.phase.capitalize()


def paragraphs(update: UpdateMessage) -> list[str]:
    """The text of a status update: what it is about, what is, what follows, and when."""
    written = [
        update.summary.strip(),
        _points("Current status", update.current_status),
        _points("Next steps", update.next_steps),
        f"Next update: {update.next_update.strip()}" * bool(update.next_update.strip()),
    ]
    return [text for text in written if text]


def _points(name: str, points: tuple[str, ...]) -> str:
    listed = [f"- {point.strip()}" for point in points if point.strip()]
    return "\n".join([f"{name}:", *listed]) if listed else ""


def links(item: Item, limit: Limit = LINK) -> list[tuple[str, str]]:
    """What a person may open, named: to answer first, then to read.

    Nothing of ours is shown to the outside.
    """
    if item.update is not None and item.update.audience != INTERNAL:
        return []
    named = [
        ("Acknowledge", item.acknowledge_url),
        ("Can't, next please", item.decline_url),
        (f"Open {item.reference}" if item.reference else "Open", item.url),
    ]
    return [(fit_line(name, LABEL), address) for name, address in named if link(address, limit)]
