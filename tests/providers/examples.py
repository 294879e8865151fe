"""Items to send, and texts of every kind to put into them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from services.providers.provider import Item, Step

AT = datetime(2026, 11, 21, 9, 0, 0, 250_000, tzinfo=UTC)
DESK = "https://desk.example.com"

OPENED = Item(
    key="0193b4a2-7c1e-7a44-9d2e-1f0c5b7a9e10",
    step=Step.OPEN,
    subject_key="acme/INC-1042",
    reference="INC-1042",
    summary="Checkout is failing",
    text="Card payments fail since 08:52.\nDetected by the caller.",
    severity=1,
    at=AT,
    url=f"{DESK}/INC-1042",
    to_name="Kim Lindqvist",
    root_summary="Checkout is failing",
)


def at_step(step: Step, item: Item = OPENED, number: int = 0) -> Item:
    """The same subject, one step on: another delivery with a key of its own."""
    return replace(item, step=step, key=f"{item.key[:-4]}{number:04}")


WICKED = [
    "\r\nBcc: everybody@example.com",
    "=?UTF-8?Q?=0A?=Bcc: x",
    "=?utf-8?b?DQpCY2M6IHg=?=",
    "\x00",
    "\ud800",
    "\u2028",
    "\x85",
    "\x1c",
    "\u202e",
    "😀",
    "e\u0301",
    "漢字" * 40,
    "x" * 90,
    "x" * 20_000,
    "😀" * 5_000,
    '"' * 9_000,
    "\x01" * 3_000,
    '"},{"event_action":"resolve',
    "<script>alert(1)</script>",
    "<https://evil.example|INC-1>",
    "../..",
    "?identifierType=id#",
    "%2e%2e%2f",
    " ",
    "\t",
    "a, b <c@example.com>",
]


def _wicked(number: int) -> str:
    return WICKED[number]


# By number, as Hypothesis would write all of them out.
TEXTS = st.text(st.characters(), max_size=60) | st.lists(
    st.integers(0, len(WICKED) - 1).map(_wicked), max_size=6
).map("".join)
LINKS = st.sampled_from(["", f"{DESK}/a", "javascript:alert(1)", f"{DESK}/{'x' * 1_900}"]) | TEXTS

ITEMS = st.builds(
    Item,
    key=TEXTS,
    step=st.sampled_from(Step),
    subject_key=TEXTS,
    reference=TEXTS,
    summary=TEXTS,
    text=TEXTS,
    severity=st.integers(1, 5),
    at=st.integers(0, 10**9).map(lambda later_s: AT + timedelta(seconds=later_s)),
    url=LINKS,
    acknowledge_url=LINKS,
    decline_url=LINKS,
    to_name=TEXTS,
    may_repeat=st.booleans(),
    root_summary=TEXTS,
)
"""Items with any text in any field; their address is the provider's matter."""


SIGNS = ["x", '"', "\x01", "\x00", "é", "漢", "😀", "<", "&"]
"""Those that take most room, each in another way of counting."""


def longest(sign: str, link_length: int) -> Item:
    """Every text far longer than any provider takes it, and three links of one length."""
    texts = ("key", "subject_key", "reference", "summary", "to_name", "root_summary")
    links = ("url", "acknowledge_url", "decline_url")
    return replace(
        OPENED,
        text=sign * 60_000,
        **dict.fromkeys(texts, sign * 3_000),
        **dict.fromkeys(links, f"{DESK}/".ljust(link_length, "x")),
    )
