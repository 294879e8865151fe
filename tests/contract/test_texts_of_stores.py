"""What the validator lets pass every store keeps, and what it refuses no store has to judge.

Each store is a name with a function that keeps a text in a column of its own and reads it back;
another database joins by one more entry in ``STORES``.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from builders import START
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from services.core.cipher import new_key
from services.core.clock import ManualClock
from services.core.database import connect, single
from services.core.drafts import Drafts
from services.core.errors import InvalidText
from services.core.text import Limit, clean_line, clean_text, ensure_storable

Keep = Callable[[str], str]
"""Keeps a text and returns what is read back; raises what the store raises."""

HALVES = ("\x00", "\ud800", "\udfff", "\ud83d\ude00")
DIRECTIONS = ("\u202e", "\u2066", "\u200f", "مرحبا", "שלום")
COMPOSED = ("e\u0301", "\u1e9b\u0323", "👩\u200d🚒", "🇩🇪", "\ufeff", "\ufffe", "\U0010ffff")
ENDS = ("\r\n", "\x85", "\u2028", "\x1a", "\x7f", "'")
SPECIAL = st.sampled_from((*HALVES, *DIRECTIONS, *COMPOSED, *ENDS))
TEXTS = st.lists(st.text(st.characters(), max_size=12) | SPECIAL, max_size=12).map("".join)
HUGE = 5_000_000
MOMENT = ManualClock(START).now()


@contextmanager
def sqlite_store(folder: Path, *, is_encrypted: bool) -> Iterator[Keep]:
    """The embedded shared database and the cache keep texts like this."""
    key = new_key() if is_encrypted else None
    with closing(connect(folder / "texts.db", key=key)) as connection:
        limit = Limit.DESCRIPTION.value
        connection.execute(
            f"CREATE TABLE kept (text TEXT NOT NULL CHECK (length(text) <= {limit}))"
        )

        def keep(text: str) -> str:
            connection.execute("DELETE FROM kept")
            connection.execute("INSERT INTO kept VALUES (?)", (text,))
            length = single(connection, "SELECT length(text) FROM kept")
            assert length == len(text), "the store counts other characters"
            return str(single(connection, "SELECT text FROM kept"))

        yield keep


@contextmanager
def plain(folder: Path) -> Iterator[Keep]:
    with sqlite_store(folder, is_encrypted=False) as keep:
        yield keep


@contextmanager
def encrypted(folder: Path) -> Iterator[Keep]:
    with sqlite_store(folder, is_encrypted=True) as keep:
        yield keep


STORES = {"sqlite": plain, "sqlcipher": encrypted}


@pytest.fixture(scope="module", params=STORES)
def store(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Keep]:
    with STORES[request.param](tmp_path_factory.mktemp(request.param)) as keep:
        yield keep


@given(text=TEXTS)
@example(text="\x00")
@example(text="\ud800")
@example(text="a" * Limit.DESCRIPTION.value)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_let_pass_is_kept(store: Keep, text: str) -> None:
    for clean, limit in ((clean_text, Limit.DESCRIPTION), (clean_line, Limit.DESCRIPTION)):
        try:
            cleaned = clean(text, limit, field="text")
        except InvalidText:
            continue
        assert store(cleaned) == cleaned
        assert clean(cleaned, limit, field="text") == cleaned, "cleaning twice changes it"


@given(text=TEXTS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_a_store_cannot_keep_is_refused_before(store: Keep, text: str) -> None:
    try:
        is_kept = store(text) == text
    except (UnicodeEncodeError, AssertionError, sqlite3.Error):
        is_kept = False
    if not is_kept:
        with pytest.raises(InvalidText):
            ensure_storable(text, field="text")


@pytest.mark.parametrize("unit", ["x", "é", "👩\u200d🚒", "\u202eش", "\n"])
def test_five_million_characters_come_back(store: Keep, unit: str) -> None:
    text = (unit * HUGE)[: HUGE - 1] + "."
    assert store(clean_text(text, Limit.DESCRIPTION, field="text")) == text.strip()
    with pytest.raises(InvalidText, match="5,000,001 characters"):
        clean_text("x" * (HUGE + 1), Limit.DESCRIPTION, field="text")


@pytest.mark.parametrize("text", ["a\x00b", "\ud800", "\ude00\ud83d"])
def test_without_the_validator_the_stores_would_differ(store: Keep, text: str) -> None:
    """The control: these are what the validator is for."""
    with pytest.raises((UnicodeEncodeError, AssertionError)):
        store(text)
    with pytest.raises(InvalidText):
        ensure_storable(text, field="text")


@given(text=TEXTS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_draft_keeps_whatever_was_typed(tmp_path: Path, text: str) -> None:
    """Text that cannot be sent can still be kept until it is corrected."""
    with closing(Drafts(tmp_path / "drafts.db")) as drafts:
        drafts.save("note/1", {"text": text}, MOMENT)
        # Two halves of a character beside each other are that character.
        whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
        assert drafts.load("note/1") == {"text": whole}
