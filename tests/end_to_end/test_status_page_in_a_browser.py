"""The status page in a real Chromium: readable for everybody, in both themes, on a phone too."""

from collections.abc import Iterator
from importlib import util
from pathlib import Path
from typing import Any

import pytest
from end_to_end.browser import Browser, browser, chromium
from page_examples import burning, internal, quiet

from services.communications.static_page import INDEX, STILL, WIDGET, files_of

PROGRAM = chromium()
AXE = util.find_spec("axe_core_python")
PHONE, SCREEN = 360, 1280
INCIDENT = "incidents/INC-1042.html"
LOOKS = [
    *(("burning", STILL, theme, width) for theme in ("light", "dark") for width in (PHONE, SCREEN)),
    ("burning", INCIDENT, "light", SCREEN),
    ("burning", INCIDENT, "dark", PHONE),
    ("burning", WIDGET, "light", PHONE),
    ("burning", WIDGET, "dark", PHONE),
    ("internal", STILL, "dark", PHONE),
    ("internal", STILL, "light", SCREEN),
    ("quiet", STILL, "light", PHONE),
    ("quiet", STILL, "dark", SCREEN),
]

pytestmark = [
    pytest.mark.skipif(PROGRAM is None, reason="there is no Chromium on this machine"),
    pytest.mark.skipif(AXE is None, reason="axe-core-python is not installed"),
]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The examples, each in a folder of its own."""
    root = tmp_path_factory.mktemp("site")
    for name, content in (("quiet", quiet()), ("burning", burning()), ("internal", internal())):
        for file, written in files_of(content).items():
            (root / name / file).parent.mkdir(parents=True, exist_ok=True)
            (root / name / file).write_bytes(written)
    return root


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    assert PROGRAM is not None
    with browser(PROGRAM, tmp_path_factory.mktemp("browser")) as opened:
        yield opened


@pytest.fixture(scope="module")
def axe() -> str:
    """The rules, as a script."""
    assert AXE is not None
    assert AXE.origin is not None
    return Path(AXE.origin).with_name("axe.min.js").read_text(encoding="utf-8")


def violations(shown: Browser, axe: str) -> list[Any]:
    """What the rules find on the page that is shown: the rule, and where."""
    shown.run(axe + ";0")
    told = "[r.passes.length, r.violations.map(v => [v.id, v.nodes.map(n => n.html)])]"
    passes, found = shown.run(f"axe.run(document).then(r => {told})")
    assert passes >= 5
    return list(found)


@pytest.mark.parametrize(("name", "file", "theme", "width"), LOOKS)
def test_everybody_can_read_it(
    site: Path, shown: Browser, axe: str, name: str, file: str, theme: str, width: int
) -> None:
    shown.open(site / name / file, theme=theme, width=width)
    assert violations(shown, axe) == []
    assert shown.run("document.documentElement.scrollWidth <= innerWidth")
    assert shown.complaints == []


def test_the_page_that_reloads_differs_in_nothing_else(
    site: Path, shown: Browser, axe: str
) -> None:
    """Who is disturbed by it is offered the page that stands still."""
    shown.open(site / "burning" / INDEX)
    assert [rule for rule, _ in violations(shown, axe)] == ["meta-refresh"]
    where = f"a[href='{STILL}']"
    assert shown.run(f'document.querySelector("{where}").textContent') == "Stop reloading"


@pytest.mark.parametrize(("theme", "colour"), [("light", "241, 243, 245"), ("dark", "16, 19, 23")])
def test_its_own_style_is_the_only_one_that_counts(
    site: Path, shown: Browser, theme: str, colour: str
) -> None:
    shown.open(site / "burning" / STILL, theme=theme)
    background = "getComputedStyle(document.body).backgroundColor"
    assert shown.run(background) == f"rgb({colour})"
    shown.run("document.body.setAttribute('style', 'background: red')")
    shown.run("document.head.append(document.createElement('script'))")
    shown.run(
        "document.body.insertAdjacentHTML('beforeend', '<style>body{background:red}</style>')"
    )
    assert shown.run(background) == f"rgb({colour})"


def test_a_page_that_is_hard_to_read_is_found(site: Path, shown: Browser, axe: str) -> None:
    """Negative control: the same look sees weak contrast, and that the language is lost."""
    page = (site / "burning" / STILL).read_text(encoding="utf-8")
    spoiled = site / "spoiled.html"
    spoiled.write_text(
        page.replace('http-equiv="Content-Security-Policy"', 'name="none"')
        .replace("--subtle: #5f6975", "--subtle: #b0b6bd")
        .replace(' lang="en"', ""),
        encoding="utf-8",
    )
    shown.open(spoiled)
    assert {rule for rule, _ in violations(shown, axe)} == {"color-contrast", "html-has-lang"}
