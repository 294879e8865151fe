"""Texts are cut where their limit is, counted as the provider counts."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from providers.examples import TEXTS

from services.providers import limits
from services.providers.account_checks import plain_key, short_key
from services.providers.limits import Limit, Unit, fit, fit_line, link

TABLE = {name: value for name, value in vars(limits).items() if isinstance(value, Limit)}


@settings(max_examples=100)
@given(TEXTS, st.sampled_from(Unit), st.integers(8, 400))
def test_a_text_fits_and_begins_as_it_began(text, unit, count):
    limit = Limit(count, unit)
    kept = fit(text, limit)
    assert limit.size(kept) <= count
    kept.encode()
    clean = fit(text, Limit(10**9, unit))
    assert len(clean) == len(text)
    if kept != clean:
        assert limit.size(clean) > count
        assert kept.endswith("…")
        assert clean.startswith(kept[:-1])


@settings(max_examples=100)
@given(TEXTS, st.integers(8, 400))
def test_a_line_is_one(text, count):
    line = fit_line(text, Limit(count))
    assert len(line) <= count
    assert len(line.splitlines()) <= 1
    assert line == line.strip()


@pytest.mark.parametrize(
    ("text", "unit", "kept"),
    [
        ("x" * 10, Unit.CHARACTERS, "x" * 10),
        ("x" * 11, Unit.CHARACTERS, "x" * 9 + "…"),
        ("é" * 5, Unit.BYTES, "é" * 5),
        ("é" * 6, Unit.BYTES, "ééé…"),
        ("漢" * 4, Unit.BYTES, "漢漢…"),
        ('"' * 5, Unit.JSON_BYTES, '"' * 5),
        ('"' * 6, Unit.JSON_BYTES, '"""…'),
        ("a\x00\ud800", Unit.CHARACTERS, "a\ufffd\ufffd"),
        ("four words are here", Unit.CHARACTERS, "four word…"),
        ("four and x words", Unit.CHARACTERS, "four and…"),
    ],
)
def test_what_is_counted_is_what_the_provider_counts(text, unit, kept):
    assert fit(text, Limit(10, unit)) == kept


def test_bytes_of_json_are_those_that_are_written():
    for text in ("a", '"', "\\", "\x01", "é", "😀", "\u2028"):
        written = json.dumps({"k": text}, ensure_ascii=False).encode()
        assert Limit(1, Unit.JSON_BYTES).size(text) == len(written) - len(b'{"k": ""}')


def test_a_huge_text_is_cut_without_measuring_all_of_it():
    measured = []

    class Watched(Limit):
        def size(self, text: str) -> int:
            measured.append(len(text))
            return super().size(text)

    fit("\x01" * 5_000_000, Watched(100, Unit.JSON_BYTES))
    assert max(measured) <= 100


@pytest.mark.parametrize(
    ("address", "is_link"),
    [
        ("https://desk.example.com/INC-1?a=b&c=%20#d", True),
        ("http://[::1]:8080/", True),
        ("https://x.example/" + "a" * 1_982, True),
        ("https://x.example/" + "a" * 1_983, False),
        ("javascript:alert(1)", False),
        ("https://x.example/a b", False),
        ("https://x.example/\r\nX: 1", False),
        ("https://x.example/a|b>", False),
        ('https://x.example/"onclick', False),
        ("https://é.example/", False),
        ("https://", False),
        ("", False),
    ],
)
def test_a_link_is_whole_or_none(address, is_link):
    assert link(address) == (address if is_link else "")


def test_the_table_has_what_the_documents_say():
    documented = {
        "PAGERDUTY_SUMMARY": 1_024,
        "PAGERDUTY_DEDUP_KEY": 255,
        "GENIE_MESSAGE": 130,
        "GENIE_ALIAS": 512,
        "GENIE_DESCRIPTION": 15_000,
        "GENIE_NOTE": 25_000,
        "GOALERT_SUMMARY": 1_024,
        "GOALERT_DETAILS": 6_144,
        "NTFY_MESSAGE": 4_096,
    }
    assert {name: TABLE[name].count for name in documented} == documented


@settings(max_examples=100)
@given(st.lists(TEXTS, min_size=2, max_size=2, unique=True), st.integers(20, 60))
def test_two_keys_stay_two(keys, count):
    for shorten in (plain_key, short_key):
        short = [shorten(key, Limit(count)) for key in keys]
        assert all(0 < len(key) <= count and key.isascii() for key in short)
        assert short == [shorten(key, Limit(count)) for key in keys]
        assert short[0] != short[1]


def test_a_readable_key_stays_readable():
    assert plain_key("acme/INC-1042", Limit(60)) == "acme-INC-1042"
    assert short_key("acme/INC-1042", Limit(60)) == "acme/INC-1042"
    assert plain_key("acme/INC-1042", Limit(12)) != plain_key("acme/INC-1043", Limit(12))
