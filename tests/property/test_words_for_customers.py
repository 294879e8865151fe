"""Secrets, what is inside the house and names of staff never reach customers, however put."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from unittest.mock import patch
from uuid import uuid4

from builders import DANA, START
from hypothesis import given, settings
from hypothesis import strategies as st

from services.communications import checks, plain_words
from services.communications.checks import Known
from services.communications.errors import UpdateNotFit
from services.communications.message import message_of, message_text
from services.communications.status_page import Audience
from services.communications.status_update import StatusUpdate, UpdateMoment

STAFF = ("Dana Owl", "Theo van Dijk", "Zoë Ångström", "Will May")
KNOWN = Known(key="INC-7", names=STAFF, own_address="https://status.example.com")
HEX, LETTERS = "0123456789abcdef", "abcdefghijklmnopqrstuvwxyz0123456789"


def text_of(alphabet: str, least: int, most: int) -> st.SearchStrategy[str]:
    return st.text(alphabet, min_size=least, max_size=most)


BYTE = st.integers(0, 255).map(str)
SECRETS = st.one_of(
    st.sampled_from(["ghp_", "glpat-", "xoxb-", "sk_live_", "npm_"]).flatmap(
        lambda head: text_of(LETTERS, 16, 30).map(head.__add__)
    ),
    text_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16, 16).map("AKIA".__add__),
    text_of(LETTERS, 12, 20).map("eyJ".__add__),
    text_of(HEX, 32, 64),
    st.tuples(
        st.sampled_from(["password", "API key", "db_token", "Secret"]),
        st.sampled_from([": ", "=", " = "]),
        text_of(LETTERS, 4, 12),
    ).map("".join),
)
INSIDE = st.one_of(
    st.tuples(BYTE, BYTE, BYTE, BYTE).map(".".join),
    text_of(LETTERS, 1, 9).map("https://{}.corp.example/x".format),
    text_of(LETTERS, 1, 9).map("wiki-{}.internal".format),
    st.sampled_from(["db-01", "srv-mail-2", "k8s-node-17", "fe80::1", "localhost:8080"]),
    text_of(LETTERS, 2, 9).map("/etc/{}.conf".format),
    text_of(LETTERS, 2, 9).map("C:\\{}".format),
    text_of(LETTERS, 2, 9).map(r"\\files\{}".format),
)
NAMES = st.sampled_from(
    [*STAFF, "Dana", "Theo's", "DIJK", "Zoë", "dana owl", "Will\nMay", "dana.owl@example.com"]
)
AROUND = st.lists(
    st.sampled_from(["We", "are", "working", "on", "payments", "now", "with"]), max_size=4
).map(" ".join)
HIDING = st.sampled_from(["", "\u200b", "\u2060", "\ufeff", "\u00ad"])
FIELDS = st.sampled_from(["subject", "summary", "next_update_where"])


@st.composite
def leaks(draw: st.DrawFn) -> tuple[str, str]:
    """A field, and a text for it that must not reach customers."""
    piece, hidden = draw(st.one_of(SECRETS, INSIDE, NAMES)), draw(HIDING)
    at = draw(st.integers(0, len(piece)))
    return draw(FIELDS), f"{draw(AROUND)} {piece[:at]}{hidden}{piece[at:]} {draw(AROUND)}"


def built(field: str, text: str) -> str:
    """What would leave, or nothing where it is refused."""
    words = {"subject": "Problems", "summary": "Payments fail.", field: text}
    update = StatusUpdate(
        id=uuid4(),
        incident_id=uuid4(),
        page_id=uuid4(),
        audience=Audience.EXTERNAL,
        moment=UpdateMoment.FIRST,
        written_by_id=DANA,
        written_at=START,
        **words,
    )
    with suppress(UpdateNotFit):
        return message_text(message_of(update, KNOWN, ()))
    return ""


@settings(max_examples=150)
@given(leaks())
def test_nothing_that_must_not_leave_ever_does(leak: tuple[str, str]) -> None:
    assert built(*leak) == ""


@settings(max_examples=30)
@given(FIELDS, AROUND)
def test_plain_words_do_leave(field: str, text: str) -> None:
    assert built(field, f"Now {text}") != ""


@contextmanager
def broken(name: str) -> Iterator[None]:
    """One of the three ways of looking, blind."""
    with patch.object(plain_words, name, lambda *_: iter(())):
        yield


def test_each_way_of_looking_is_needed() -> None:
    """Negative control: without it something leaves, so that the test above would turn red."""
    for name, piece in (
        ("secrets_in", "glpat-abcdefgh"),
        ("insides_in", "10.1.2.3"),
        ("names_in", "Dana"),
    ):
        assert built("summary", piece) == ""
        with broken(name):
            assert piece in built("summary", piece)
    assert checks.plain_words is plain_words
