"""The state document in four forms: the same words in each, and whatever is typed stays text."""

import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from unit.reports.pdf_reading import names_inside, packed, packed_text, page_texts
from unit.reports.state_document_examples import checkout, filled_with
from unit.reports.test_bad_text import FORBIDDEN

from services.core.markup import holdable
from services.reports.state_document import DocumentFormat, export
from services.reports.state_document_blocks import DRILL
from services.reports.state_document_markup import BEGIN, END

SPACES = 'xmlns:ac="urn:ac"'
OURS = {"text", "softbreak", "hardbreak", "strong_open", "strong_close", "html_inline"}
BLOCKS = {
    f"{name}_{end}"
    for name in ("heading", "paragraph", "table", "thead", "tbody", "tr", "th", "td")
    for end in ("open", "close")
} | {"inline"}


def squeezed(text: str) -> str:
    """Without white space, which each form breaks in its own way."""
    return re.sub(r"\s", "", text)


class Html(HTMLParser):
    """The elements and the words of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, tuple[str, ...]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, tuple(name for name, _ in attrs)))

    def handle_data(self, data):
        self.text += data


def markdown_words(written: str) -> str:
    """What a reader of Markdown sees; anything but our own structure fails."""
    words = []
    for token in MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(written):
        assert token.type in BLOCKS, token
        for part in token.children or ():
            assert part.type in OURS, part
            assert part.type != "html_inline" or part.content == "<br>"
            if part.type == "text":
                words.append(part.content)
    return "".join(words)


def storage(written: str) -> ElementTree.Element:
    return ElementTree.fromstring(f"<page {SPACES}>{written}</page>")


def words_of(document, format_: DocumentFormat) -> str:
    """All words of a text form."""
    written = export(document, format_).decode()
    if format_ is DocumentFormat.MARKDOWN:
        return markdown_words(written)
    if format_ is DocumentFormat.HTML:
        return Html(written).text
    return "".join(storage(written).itertext())


TEXT_FORMS = [f for f in DocumentFormat if f is not DocumentFormat.PDF]
TELLS = (
    "One in three",
    "Payment could not be processed",
    "Not answered yet.",
    "Removed: All payments fail.",
    "How to revert",
    "deploy forward shop-1",
    "Ruled out",
    "entered 14:17",
    "Impact ended",
    "21 Nov 2026, 14:52 UTC",
    "Bring card payments back",
    "Database expert: Omar Reyes",
    "Work stream: Gateway B",
    "21 Nov, 14:43",
    "Under way",
)


@pytest.mark.parametrize("format_", TEXT_FORMS)
def test_each_form_tells_all(format_):
    words = squeezed(words_of(checkout(), format_)).lower()
    for told in TELLS:
        assert squeezed(told).lower() in words
    # An answer that nobody knows is said, not left out.
    assert words.count("unknown") == 3
    assert squeezed(DRILL).lower() not in words
    drill = words_of(checkout(is_drill=True), format_)
    assert squeezed(DRILL) in squeezed(drill)


def test_paper_tells_all_on_pages_that_are_numbered():
    pdf = export(checkout(is_drill=True), DocumentFormat.PDF)
    words = packed_text(pdf).lower()
    for told in (*TELLS, DRILL):
        assert packed(told).lower() in words
    pages = page_texts(pdf)
    assert all(f"Page {n} of {len(pages)}" in page for n, page in enumerate(pages, start=1))
    assert export(checkout(is_drill=True), DocumentFormat.PDF) == pdf


def test_confluence_gets_only_what_is_between_our_anchors():
    children = list(storage(export(checkout(), DocumentFormat.CONFLUENCE).decode()))
    assert "".join(children[0].itertext()) == BEGIN
    assert "".join(children[-1].itertext()) == END


def test_a_web_page_needs_no_other_file():
    page = export(checkout(), DocumentFormat.HTML).decode()
    names = {name for _, attributes in Html(page).elements for name in attributes}
    assert names & {"src", "href", "onclick"} == set()


# -- text stays text --------------------------------------------------------------------------

NASTY = (
    "<script>alert(1)</script>",
    "]]>",
    "</style><img src=x onerror=alert(1)>",
    "``` code",
    "`tick`",
    "a | b",
    "|---|",
    "# head",
    "- point",
    "1. one",
    "> quote",
    "***",
    "===",
    "[a](http://x) ![b](y)",
    "http://x.example www.x.example a@b.example",
    "    four spaces",
    "\tTab",
    "a\\",
    "&lt;&#x3c;",
    "<ac:structured-macro ac:name='html'/>",
    "{html}x{html}",
    "~~gone~~ **bold** _it_",
    "line\r\n\r\nline\x0b\x85\u2028x",
    "\x00\x1b[31m\ufffe",
    "[x]: http://y",
    "<!-- -->",
)
TYPED = st.lists(st.sampled_from(NASTY) | st.text(st.characters(codec="utf-8")), max_size=4).map(
    "\n".join
)


def assert_text_stays_text(text: str) -> None:
    plain = filled_with("x")
    document = filled_with(text)
    wanted = squeezed(holdable(text))
    for format_ in TEXT_FORMS:
        assert wanted in squeezed(words_of(document, format_)), format_
    page = Html(export(document, DocumentFormat.HTML).decode())
    known = set(Html(export(plain, DocumentFormat.HTML).decode()).elements) | {("br", ())}
    assert set(page.elements) <= known
    tags = {
        child.tag for child in storage(export(document, DocumentFormat.CONFLUENCE).decode()).iter()
    }
    ours = {c.tag for c in storage(export(plain, DocumentFormat.CONFLUENCE).decode()).iter()}
    assert tags <= ours | {"br"}


@pytest.mark.parametrize("text", NASTY)
def test_markup_that_is_typed_is_read_as_typed(text):
    assert_text_stays_text(f"before {text} after")
    assert_text_stays_text(f"{text}\n{text}")


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(TYPED)
def test_whatever_is_typed_stays_text(text):
    assert_text_stays_text(text)


@pytest.mark.parametrize("text", ["<b>x</b>", "    code", "- point", "![b](y)", "`code`"])
def test_text_that_is_not_escaped_is_seen(text):
    """Negative control: the same reader sees what would not stay text."""
    with pytest.raises(AssertionError):
        markdown_words(text)


def test_whatever_is_typed_stays_text_on_paper():
    pdf = export(filled_with("\n".join(NASTY)), DocumentFormat.PDF)
    assert names_inside(pdf) & FORBIDDEN == set()
    found = packed_text(pdf)
    for text in ("<script>alert(1)</script>", "]]>", "[a](http://x)![b](y)", "&lt;&#x3c;"):
        assert packed(text) in found
