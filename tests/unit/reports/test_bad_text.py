"""Whatever is typed stays text, and no amount of it stops a report."""

import re
from dataclasses import replace

import pytest
from unit.reports.bad_text import BAD_TEXTS, BROKEN, EMOJI, nasty
from unit.reports.pdf_reading import names_inside, packed, packed_text, page_texts
from unit.reports.report_examples import VPN, with_incident
from unit.reports.vpn_timeline import at, entry

from services.reports.text import CHARACTER_LIMIT, LINE_LIMIT, clean

DRAWABLE = [text for text in BAD_TEXTS if "日" not in text and "ع" not in text]
FORBIDDEN = {"/URI", "/JavaScript", "/JS", "/Image", "/Annots", "/EmbeddedFile", "/Launch"}


def described(text: str):
    return with_incident(VPN, description=text)


@pytest.mark.parametrize("text", DRAWABLE)
def test_text_comes_back_as_typed(printed, text):
    assert packed(text) in packed_text(printed(described(text)))


@pytest.mark.parametrize("text", ["日本語のテキスト", "מילים", "نص"])
def test_what_the_fonts_lack_stays_in_the_text_layer(printed, text):
    found = packed_text(printed(described(f"before {text} after")))
    assert sorted(set(text) - set(found)) == []


def test_an_emoji_is_printed_by_its_name(printed):
    found = packed_text(printed(described(f"before {EMOJI} after")))
    assert "before" + packed("works again [grinning face][party popper] [man]") in found
    assert "[D][E]after" in found


def test_right_to_left_letters_stay_in_the_order_they_were_typed(printed):
    assert "before מילים after" in page_texts(printed(described("before מילים after")))[0]


def test_bad_text_in_every_field_brings_in_nothing(printed):
    pdf = printed(nasty())
    assert names_inside(pdf) & FORBIDDEN == set()
    assert "root:" not in "".join(page_texts(pdf))
    assert packed(BAD_TEXTS[1]) in packed_text(pdf)


def test_the_search_for_names_finds_what_is_there(printed):
    assert {"/Page", "/Font", "/FontFile2", "/ToUnicode"} <= names_inside(printed(VPN))


def test_what_cannot_be_seen_is_left_out():
    assert clean(BROKEN) == "nul bell half□ joined hiddenright"
    assert clean("a\r\nb\rc\u2028d\te") == "a\nb\nc\nd    e"
    assert "\u200d" not in clean(EMOJI)


def test_five_megabytes_are_cut_with_a_sentence(printed):
    text = ("lorem ipsum dolor sit amet " * 200_000)[:5_000_000]
    pages = page_texts(printed(described(text)))
    left_out = f"{5_000_000 - CHARACTER_LIMIT:,} of 5,000,000 characters are left out here."
    assert packed(left_out) in packed("".join(pages))
    assert len(pages) < 100


def test_text_below_the_limit_is_whole(printed):
    found = packed_text(printed(described("word " * 20_000 + "THE END")))
    assert found.count("word") >= 20_000
    assert "THEEND" in found
    assert "leftout" not in found


def test_ten_thousand_lines_flow_over_pages(printed):
    lines = [f"line {number}." for number in range(10_000)]
    found = packed_text(printed(described("\n".join(lines))))
    numbers = [int(n) for n in re.findall(r"line(\d+)\.", found)]
    assert numbers == list(range(10_000))


def test_endless_empty_lines_are_cut(printed):
    pages = page_texts(printed(described("a" + "\n" * 199_000 + "b")))
    assert len(pages) < LINE_LIMIT / 30
    assert "leftouthere" in packed("".join(pages))


def test_a_very_long_word_is_broken(printed):
    long, short = (packed_text(printed(described("W" * count))) for count in (5_000, 0))
    assert long.count("W") - short.count("W") == 5_000


def test_two_thousand_entries(printed):
    timeline = tuple(entry(n, "Maya", f"wrote entry {n} of many") for n in range(2_000))[::-1]
    pages = page_texts(printed(replace(VPN, timeline=timeline)))
    numbers = [int(n) for n in re.findall(r"entry(\d+)ofmany", packed("".join(pages)))]
    assert numbers == list(range(2_000))
    assert sum("Happened" in page for page in pages) >= len(pages) - 4


def test_many_long_entries_stay_printable(printed):
    timeline = tuple(entry(n, "Maya", "wrote a note", "x " * 10_000) for n in range(200))
    pages = page_texts(printed(replace(VPN, timeline=timeline)))
    assert len(pages) < 700
    assert "leftouthere" in packed("".join(pages))


def test_an_indent_wider_than_the_page_keeps_its_word(printed):
    assert "deep" in packed_text(printed(described(" " * 5_000 + "deep")))


def test_times_before_reporting_do_not_break_it(printed):
    assert "timescontradict" in packed_text(printed(with_incident(VPN, resolved_at=at(-5))))
