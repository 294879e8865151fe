"""The files of a status page: complete by themselves, and whatever is typed stays text."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from page_examples import NOW, burning, component, incident, internal, quiet, update

from services.communications.page_content import Indicator
from services.communications.static_feeds import sequence_in
from services.communications.static_page import DIGESTS, INDEX, STILL, SUMMARY, WIDGET, files_of
from services.communications.static_parts import headline, lasted
from services.communications.status_page import ComponentStatus
from services.core.markup import holdable

ATOM = "{http://www.w3.org/2005/Atom}"
HEADLINES = (
    "All systems operational",
    "Under maintenance",
    "Degraded performance",
    "Partial outage",
    "Major outage",
)


class Parsed(HTMLParser):
    """The elements of a page and what can be read on it."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self._is_shown = True
        self.feed(page.decode())

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self._is_shown = tag != "style"

    def handle_endtag(self, tag):
        self._is_shown = True

    def handle_data(self, data):
        if self._is_shown:
            self.words.append(data)

    @property
    def text(self) -> str:
        return "".join(self.words)

    def links(self) -> list[str]:
        return [a["href"] for tag, a in self.elements if tag == "a" and a.get("href")]


def pages(content) -> dict[str, Parsed]:
    files = files_of(content)
    return {name: Parsed(files[name]) for name in files if name.endswith(".html")}


def test_every_link_leads_to_a_file_that_was_written_before():
    written = []
    for name, content in files_of(burning()).items():
        written.append(name)
        if name.endswith(".html"):
            for link in Parsed(content).links():
                target = link.removeprefix("../") if name.startswith("incidents/") else link
                # The index and its twin lead to each other, and to the summary that ends it all.
                if target not in {INDEX, STILL, SUMMARY, "#status"}:
                    assert target in written, (name, link)
    assert written[-3:] == [INDEX, DIGESTS, SUMMARY]


def test_nothing_leads_away_and_nothing_is_loaded():
    for name, page in pages(internal()).items():
        assert not any("://" in link or link.startswith("/") for link in page.links()), name
        assert {tag for tag, _ in page.elements} & {"script", "img", "iframe", "form"} == set()


def test_a_quiet_page_says_so():
    page = pages(quiet())[INDEX].text
    assert "All systems operational" in page
    assert "Nothing in the last 90 days." in page
    assert "Happening now" not in page


def test_a_burning_page_tells_each_word_with_its_marks():
    page = pages(burning())[INDEX].text
    for words in (
        "Partial outage",
        "Card payments fail at checkout",
        "Affects Card payments, Online shop",
        "21 Nov 2026, 14:46 UTC",
        "Edited 21 Nov 2026, 14:32 UTC",
        "Backdated, published 21 Nov 2026, 14:11 UTC",
        "lasted 1\u00a0h\u00a005\u00a0min",
    ):
        assert words in page
    assert page.index("14:46 UTC") < page.index("14:25 UTC") < page.rindex("14:06 UTC")


def test_points_become_a_list():
    elements = pages(internal())["incidents/INC-1042.html"].elements
    assert sum(tag == "li" and a == {"dir": "auto"} for tag, a in elements) == 5


def test_only_the_page_that_reloads_says_so_and_offers_its_still_twin():
    def refresh(page: Parsed) -> list[str | None]:
        return [a["content"] for _, a in page.elements if a.get("http-equiv") == "refresh"]

    found = pages(burning())
    assert {name: refresh(page) for name, page in found.items() if refresh(page)} == {INDEX: ["60"]}
    assert STILL in found[INDEX].links()
    assert INDEX in found[STILL].links()


def test_staff_pages_stay_out_of_search_engines():
    def robots(page: Parsed) -> bool:
        return any(a.get("name") == "robots" for _, a in page.elements)

    assert all(robots(page) for page in pages(internal()).values())
    assert not any(robots(page) for page in pages(burning()).values())


@pytest.mark.parametrize(("status", "words"), list(zip(ComponentStatus, HEADLINES, strict=True)))
def test_the_worst_component_speaks_for_all(status, words):
    content = quiet(components=(component("Shop"), component("Cards", status=status)))
    assert headline(content) == words
    assert words in pages(content)[WIDGET].text


def test_an_open_incident_is_never_all_operational():
    content = quiet(incidents=(incident(7, "Odd", update(1, "monitoring", 5, "We watch it.")),))
    assert headline(content) == "We are working on an incident"
    assert content.indicator is Indicator.MINOR


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0.1, "1 min"), (59, "59 min"), (60, "1 h 00 min"), (24 * 60 + 61, "1 day 1 h")],
)
def test_how_long_it_lasted(minutes, words):
    assert lasted(timedelta(minutes=minutes)).replace("\u00a0", " ") == words


# -- what programs read -----------------------------------------------------------------------


def test_the_summary_has_the_shape_of_statuspage():
    found = json.loads(files_of(burning())[SUMMARY])
    assert found["status"] == {"indicator": "major", "description": "Partial outage"}
    assert found["page"]["url"] == "https://status.northwind.example/"
    assert [c["status"] for c in found["components"]] == [
        "degraded_performance",
        "partial_outage",
        "operational",
        "under_maintenance",
    ]
    (told,) = found["incidents"]
    assert (told["status"], told["impact"], told["resolved_at"]) == ("identified", "critical", None)
    assert told["shortlink"] == "https://status.northwind.example/incidents/INC-1042.html"
    assert [u["display_at"][11:16] for u in told["incident_updates"]] == ["14:46", "14:25", "14:06"]
    assert found["scheduled_maintenances"] == []
    assert sequence_in(files_of(burning())[SUMMARY]) == 57


@pytest.mark.parametrize("summary", [b"", b"[1]", b"{}", b'{"sequence": true}', b'{"sequence": 5'])
def test_what_is_no_summary_of_ours_has_no_sequence(summary):
    assert sequence_in(summary) is None


def test_history_holds_what_is_over_too():
    found = json.loads(files_of(burning())["history.json"])
    assert [i["status"] for i in found["incidents"]] == ["identified", "resolved", "resolved"]
    assert found["incidents"][1]["resolved_at"] == "2026-11-12T14:52:00Z"


def test_an_entry_of_the_feed_keeps_its_id_when_it_is_corrected():
    def ids(content) -> set[str]:
        feed = ElementTree.fromstring(files_of(content)["history.atom"])
        return {entry.findtext(f"{ATOM}id", "") for entry in feed.iter(f"{ATOM}entry")}

    first, *others = burning().incidents
    corrected = replace(first.updates[0], text="Corrected.", edited_at=NOW)
    again = burning(
        incidents=(replace(first, updates=(corrected, *first.updates[1:])), *others),
        address="https://elsewhere.example",
    )
    assert ids(again) == ids(burning())
    assert len(ids(again)) == 7
    assert all(id_.startswith("tag:firstline,2026:") for id_ in ids(again))


@pytest.mark.parametrize(
    "address", ["", "javascript:alert(1)", "http://[", "https://me:pw@status.example"]
)
def test_an_address_that_is_none_is_left_out(address):
    files = files_of(burning(address=address))
    assert json.loads(files[SUMMARY])["page"]["url"] is None
    assert b"me:pw" not in b"".join(files.values())


# -- text stays text --------------------------------------------------------------------------

NASTY = st.sampled_from(
    [
        "<script>alert(1)</script>",
        "</style><b>",
        "]]>",
        '" onload="x',
        "' autofocus='",
        "--><!--",
        "&lt;",
        "{}",
        "javascript:x",
        "\x00\x1b[31m",
        "\u202e",
        "\ufffe\r\n",
    ]
)
TYPED = st.lists(NASTY | st.text(st.characters(codec="utf-8")), max_size=4).map("".join)


def structure(page: bytes) -> list[tuple[str, list[str]]]:
    """The elements of a page and their attributes, without what was typed into them."""
    return [
        (tag, sorted(attributes))
        for tag, attributes in Parsed(page).elements
        if tag not in {"p", "br", "ul", "li"}
    ]


@settings(max_examples=25)
@given(TYPED, TYPED, TYPED)
def test_whatever_is_typed_stays_text(name, described, text):
    def content(name, described, text):
        told = update(1, "investigating", 5, text)
        return burning(
            name=name,
            components=(component(name, "." + described),),
            incidents=(incident(1042, name, told, parts="x"), *burning().incidents[1:]),
        )

    files = files_of(content(name, described, text))
    plain = files_of(content("n", "d", "t"))
    for file, page in files.items():
        if file.endswith(".html"):
            assert structure(page) == structure(plain[file]), file
        elif file.endswith(".json"):
            json.loads(page)
        else:
            ElementTree.fromstring(page)
    assert squeezed(holdable(described)) in squeezed(Parsed(files[INDEX]).text)


def squeezed(text: str) -> str:
    """Without white space, which a page may break anew."""
    return re.sub(r"\s", "", text)
