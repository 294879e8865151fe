"""The documents say what the program does: keys, texts of errors, paths, decisions."""

import ast
import importlib
import json
import pkgutil
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from string import Formatter

import pytest
from architecture.house import ROOT, assert_none, texts, write

import desktop
import services
from desktop.actions import ACTIONS, MENUS, ActionSpec
from services.admin.postgres_schema import trigger_statements
from services.core.errors import AppError
from services.registry import guard_statements
from services.sync.guards import PREFIX

KEYS = "docs/keys.md"
ERRORS = "resources/i18n/errors_en.json"
PARTS = {"happened", "safe", "next", "late"}
SCREENSHOT = "docs/images/queue_light.png"
LARGEST_PICTURE = 300_000
# Alembic runs what it finds here by itself; there are no errors in it.
NOT_IMPORTED = "services.admin.migrations."

ROW = re.compile(r"^\| (?P<text>[^|]+?) \| (?P<keys>[^|]+?) \|", re.MULTILINE)
HEADING = re.compile(r"^## (?P<name>.+)$", re.MULTILINE)
CODE = re.compile(r"`([^`\n]+)`")
REFUSAL = re.compile(re.escape(PREFIX) + r"([a-z-]+)")
HYPHENATED = re.compile(r"[a-z]+(?:-[a-z]+)+")
PATH = re.compile(r"(?<![\w./])((?:[\w*.-]+/)+[\w*.-]*)")


# -- keys -------------------------------------------------------------------------------------


def find_wrong_keys(root: Path, actions: Sequence[ActionSpec] = ACTIONS) -> list[str]:
    """Actions whose keys the page leaves out or tells wrongly, and rows no action stands for."""
    told = documented_keys((root / KEYS).read_text(encoding="utf-8"))
    real = {
        (spec.menu, spec.text.rstrip("…")): {spelled(k) for k in (*spec.keys, *spec.window_keys)}
        for spec in actions
        if spec.keys or spec.window_keys
    }
    return [
        f"{KEYS}: {menu}, {text}: {sorted(told.get((menu, text), ()))}, not {sorted(keys)}"
        for (menu, text), keys in real.items()
        if told.get((menu, text)) != keys
    ] + [f"{KEYS}: {menu}, {text} is no action with keys" for menu, text in told.keys() - real]


def documented_keys(page: str) -> dict[tuple[str, str], set[str]]:
    """Keys by menu and text, from the tables below the headings that are menus."""
    names = [*HEADING.finditer(page)]
    ends = [match.start() for match in names[1:]] + [len(page)]
    found = {}
    for heading, end in zip(names, ends, strict=True):
        if heading["name"] in MENUS:
            for row in ROW.finditer(page, heading.end(), end):
                if keys := set(CODE.findall(row["keys"])):
                    found[heading["name"], row["text"]] = keys
    return found


def spelled(key: str) -> str:
    """A key as the page writes it; the question mark is one key, wherever a keyboard has it."""
    return "?" if key == "Shift+?" else key.replace(", ", " ").replace(" ", " then ")


# -- errors -----------------------------------------------------------------------------------


@cache
def error_codes() -> frozenset[str]:
    """Codes of every fact the program can tell: raised here, or refused by a shared database."""
    for package in (services, desktop):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.startswith(NOT_IMPORTED) and not module.name.endswith("__main__"):
                importlib.import_module(module.name)
    raised = {kind.code for kind in _kinds_of(AppError)}
    guards = (*guard_statements(), *trigger_statements())
    guarded = set(REFUSAL.findall("\n".join(guards)))
    return frozenset(raised | guarded | _codes_of_the_protocol())


def _kinds_of(kind: type[AppError]) -> Iterator[type[AppError]]:
    for below in kind.__subclasses__():
        if below.__module__.startswith(("services.", "desktop.")):
            yield below
        yield from _kinds_of(below)


def _codes_of_the_protocol() -> set[str]:
    """What the embedded shared database answers where no guard does."""
    path = ROOT / "services/sync/shared_sqlite.py"
    return {
        node.value
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if HYPHENATED.fullmatch(node.value)
    }


def find_wrong_texts(root: Path, codes: Collection[str]) -> list[str]:
    """Codes without a sentence, sentences without a code, and sentences that are none."""
    told = json.loads((root / ERRORS).read_text(encoding="utf-8"))
    return [
        *(f"{ERRORS}: {code} has no text" for code in sorted(set(codes) - told.keys())),
        *(f"{ERRORS}: nothing tells {code}" for code in sorted(told.keys() - set(codes))),
        *(f"{ERRORS}: {code}: {what}" for code, text in told.items() for what in _faults(text)),
    ]


def _faults(text: Mapping[str, str]) -> Iterator[str]:
    if text.keys() - PARTS:
        yield f"unknown parts {sorted(text.keys() - PARTS)}"
    if not text.get("happened"):
        yield "does not say what happened"
    for part in filter(None, text.values()):
        if not part.endswith((".", "?")):
            yield f"“{part}” is no sentence"
        try:
            fields = [name for _, name, _, _ in Formatter().parse(part) if name is not None]
        except ValueError:
            yield f"“{part}” cannot be filled in"
        else:
            if not all(map(str.isidentifier, fields)):
                yield f"“{part}” has a gap without a name"


MADE_BY_A_BUILD = {"build", "dist"}


# -- paths and decisions ----------------------------------------------------------------------


def find_dead_paths(root: Path) -> list[str]:
    """Files and folders that a document names in code type and that are not there."""
    folders = {entry.name for entry in root.iterdir() if entry.is_dir()} - MADE_BY_A_BUILD
    return [
        f"{path}: {named} is not there"
        for path, text in texts(root)
        if path.endswith(".md")
        for code in CODE.findall(text)
        for named in PATH.findall(code)
        if named.split("/")[0] in folders and not any(root.glob(named.rstrip("/")))
    ]


def find_wrong_decisions(root: Path) -> list[str]:
    """Gaps in the numbers of decisions, and decisions that leave out a part."""
    files = sorted((root / "docs/adr").glob("*.md"))
    found = [
        f"docs/adr/{file.name} is not number {number}"
        for number, file in enumerate(files, start=1)
        if not re.fullmatch(rf"{number:04d}_[a-z0-9_]+\.md", file.name)
    ]
    for file in files:
        text = file.read_text(encoding="utf-8")
        first = rf"# {file.name[:4]} · .+\n\nDate: \d{{4}}-\d\d-\d\d\n"
        if not re.match(first, text):
            found.append(f"docs/adr/{file.name}: number, title and date come first")
        if HEADING.findall(text) != ["Context", "Decision", "Consequences"]:
            found.append(f"docs/adr/{file.name}: context, decision and consequences, no more")
    return found


@pytest.mark.parametrize("check", [find_wrong_keys, find_dead_paths, find_wrong_decisions])
def test_documents_of_the_product(check):
    assert_none(check(ROOT))


def test_every_error_has_its_words():
    assert_none(find_wrong_texts(ROOT, error_codes()))


def test_codes_are_found_wherever_they_come_from():
    raised, guarded, answered = "not-handed-back", "records-are-kept", "table-not-writable"
    assert {raised, guarded, answered, "profile-in-use"} <= error_codes()


def test_the_screenshot_is_there_and_small():
    assert (ROOT / SCREENSHOT).stat().st_size <= LARGEST_PICTURE
    assert SCREENSHOT in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", ["./run", "./test"])
def test_the_two_commands_are_told(command):
    assert command in (ROOT / "README.md").read_text(encoding="utf-8")


# -- the checks themselves --------------------------------------------------------------------

ONE_ACTION = (ActionSpec(id="a.b", text="Look…", menu="Go", keys=("G, L",), window_keys=("F9",)),)


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ("| Look | `G then L` `F9` |", 0),
        ("| Look | `G then L` |", 1),
        ("| Look | `G then L` `F9` `F8` |", 1),
        ("| Look | `G then L` `F9` |\n| Leap | `F8` |", 1),
        ("", 1),
    ],
)
def test_a_wrong_key_is_found(tmp_path, row, found):
    write(tmp_path, KEYS, f"# Keys\n\n## Go\n\n| What | Keys |\n| --- | --- |\n{row}\n")
    assert len(find_wrong_keys(tmp_path, ONE_ACTION)) == found


def test_keys_below_other_headings_are_free(tmp_path):
    page = "## Go\n| Look | `G then L` `F9` |\n\n## In dialogs\n| Commit | `Ctrl+Enter` |\n"
    write(tmp_path, KEYS, page)
    assert find_wrong_keys(tmp_path, ONE_ACTION) == []


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ({"a-b": {"happened": "It rains.", "safe": "{file} is dry."}}, 0),
        ({}, 1),
        ({"a-b": {"happened": "It rains."}, "c-d": {"happened": "It snows."}}, 1),
        ({"a-b": {"happened": ""}}, 1),
        ({"a-b": {"happened": "It rains"}}, 1),
        ({"a-b": {"happened": "It rains.", "why": "Clouds."}}, 1),
        ({"a-b": {"happened": "It {} rains."}}, 1),
        ({"a-b": {"happened": "It {rains."}}, 1),
    ],
)
def test_a_wrong_text_is_found(tmp_path, told, found):
    write(tmp_path, ERRORS, json.dumps(told))
    assert len(find_wrong_texts(tmp_path, {"a-b"})) == found


@pytest.mark.parametrize(
    ("named", "found"),
    [
        ("docs/b.md", 1),
        ("docs/a.md", 0),
        ("see docs/*.md", 0),
        ("docs/", 0),
        ("elsewhere/b.md", 0),
        ("/docs/b.md", 0),
    ],
)
def test_a_dead_path_is_found(tmp_path, named, found):
    write(tmp_path, "docs/a.md", f"Look at `{named}`.")
    assert len(find_dead_paths(tmp_path)) == found


GOOD = "# 0001 · Tea\n\nDate: 2026-11-21\n\n## Context\n\n## Decision\n\n## Consequences\n"


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("0001_tea.md", GOOD, 0),
        ("0002_tea.md", GOOD.replace("0001", "0002"), 1),
        ("0001_tea.md", GOOD.replace("Date", "Day"), 1),
        ("0001_tea.md", GOOD.replace("## Decision\n", ""), 1),
    ],
)
def test_a_wrong_decision_is_found(tmp_path, name, text, found):
    write(tmp_path, f"docs/adr/{name}", text)
    assert len(find_wrong_decisions(tmp_path)) == found
