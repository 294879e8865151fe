"""How texts fit into SMS."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from providers.examples import TEXTS

from services.providers.sms import GSM_7, READABLE, UCS_2, coding_of, compose, parts_of, plain

LINK = " https://desk.example.com/a/x7Qm #0a1b2c"
WORDS = "INC-42 SEV1 Checkout is failing since card payments time out"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("Ж" * 70, 1),
        ("Ж" * 71, 2),
        ("a" * 69 + "Ж", 1),
        ("a" * 159 + "Ж", 3),
        ("🔥" * 35, 1),
        ("🔥" * 36, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
    ],
)
def test_an_sms_holds_160_plain_or_70_other_characters(text, parts):
    assert parts_of(text) == parts


@pytest.mark.parametrize(
    ("text", "read_as"),
    [
        ("“Kasse” – fällt aus…", '"Kasse" - fällt aus...'),
        ("Žluťoučký kůň", "Zlutoucky kun"),
        ("Łódź", "Lodz"),
        ("“½” …", "“½” …"),
        ("Касса й", "Касса й"),
        ("漢字 🔥", "漢字 🔥"),
        ("\ufffd", "?"),
    ],
)
def test_what_reads_the_same_is_written_plainly(text, read_as):
    assert plain(text) == read_as


def test_words_are_cut_to_keep_one_sms_and_the_whole_link():
    text = compose("a" * 300, LINK)
    assert text == "a" * 117 + "..." + LINK
    assert (GSM_7.size(text), parts_of(text)) == (160, 1)


def test_an_sms_more_is_taken_where_too_few_words_would_be_left():
    long = " https://desk.example.com/a/" + "x" * 90
    text = compose(WORDS, long)
    assert text == WORDS + long
    assert parts_of(text) == 2


@given(TEXTS, st.text("abc:/€", max_size=600))
def test_the_tail_is_whole_and_the_words_readable(words, tail):
    text = compose(words, tail)
    assert text.endswith(tail)
    kept = text[: len(text) - len(tail)]
    coding = coding_of(words + tail)
    if kept != words:
        begun = kept.removesuffix("...")
        assert words.startswith(begun)
        assert kept == begun + "..."
        # Spaces before the cut go too, and of a character of two units nothing is left.
        spaces = len(words[len(begun) :]) - len(words[len(begun) :].lstrip())
        assert coding.size(kept) + spaces >= READABLE - 1


@given(TEXTS)
def test_writing_it_plainly_never_costs_more(text):
    written = plain(text)
    assert written == text or coding_of(written) is GSM_7
    assert coding_of(text) is UCS_2 or written == text
