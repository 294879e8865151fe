"""What a message says where a provider leaves the words to us."""

from services.providers.limits import LABEL, LINK, Limit, fit_line, link
from services.providers.provider import Item, Step

_BEGINNINGS = {
    Step.OPEN: "",
    Step.UPDATE: "Update: ",
    Step.ACKNOWLEDGE: "Acknowledged: ",
    Step.RESOLVE: "Resolved: ",
}
REPEAT = "(may be a repeat)"


def headline(item: Item) -> str:
    """The reference and the summary, behind a word for the step.

    An item whose earlier attempt may have arrived says so, as two pages look like two incidents.
    """
    summary = item.summary or item.text
    if item.reference and not summary.startswith(item.reference):
        summary = f"{item.reference} {summary}"
    return _BEGINNINGS[item.step] + summary + f" {REPEAT}" * item.may_repeat


def title(item: Item, limit: Limit) -> str:
    """The headline on one line, as much as the limit takes, and never empty."""
    return fit_line(headline(item), limit) or "Firstline"


def links(item: Item, limit: Limit = LINK) -> list[tuple[str, str]]:
    """What a person may open, named: to answer first, then to read."""
    named = [
        ("Acknowledge", item.acknowledge_url),
        ("Can't, next please", item.decline_url),
        (f"Open {item.reference}" if item.reference else "Open", item.url),
    ]
    return [(fit_line(name, LABEL), address) for name, address in named if link(address, limit)]
