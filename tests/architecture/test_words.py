"""Names are ITIL's (ARCHITECTURE.md): one word per concept, no class that could be anything."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from architecture.house import ROOT, Function, assert_none, find, modules, write

# BusinessService is the word of the catalogue; the others are commands, verb and noun.
ALLOWED_CLASSES = {
    *("BusinessService", "AddBusinessService", "ChangeBusinessService", "ChangeService"),
}
# Names that a library dictates to the class that overrides them: SQLAlchemy's column types, and
# the standard library's web server and reader of HTML.
DICTATED_FUNCTIONS = {
    *("process_bind_param", "process_result_value", "handle_error"),
    *("handle_starttag", "handle_endtag", "handle_data"),
}

VAGUE_ENDINGS = (
    *("Manager", "Helper", "Helpers", "Util", "Utils", "Handler", "Processor"),
    *("Data", "Info", "Object", "Base", "Service"),
)
VAGUE_BEGINNINGS = ("do_", "process_", "handle_")
WRONG_WORDS = {"ticket", "tickets", "postmortem", "postmortems"}


def find_vague_classes(root: Path) -> list[str]:
    def judge(node: ast.AST) -> Iterator[str]:
        name = node.name if isinstance(node, ast.ClassDef) else ""
        if name.endswith(VAGUE_ENDINGS) and name not in ALLOWED_CLASSES:
            yield f"class {name} says nothing"

    return find(modules(root), judge)


def find_vague_functions(root: Path) -> list[str]:
    def judge(node: ast.AST) -> Iterator[str]:
        name = node.name if isinstance(node, Function) else ""
        if name.lstrip("_").startswith(VAGUE_BEGINNINGS) and name not in DICTATED_FUNCTIONS:
            yield f"function {name} says nothing"

    return find(modules(root), judge)


def find_wrong_words(root: Path) -> list[str]:
    def judge(node: ast.AST) -> Iterator[str]:
        for name in _names(node):
            if WRONG_WORDS & set(_words(name)):
                yield f"{name} uses another trade's word"

    paths = [f"{path}:1: file name {path}" for path in modules(root) if _is_wrong_path(path)]
    return paths + find(modules(root), judge)


def _is_wrong_path(path: str) -> bool:
    return bool(WRONG_WORDS & set(_words(path)))


def _names(node: ast.AST) -> list[str]:
    """Identifiers that a node brings in or uses."""
    fields = ("id", "attr", "arg", "name", "asname")
    values = (getattr(node, field, None) for field in fields)
    return [value for value in values if isinstance(value, str)]


def _words(name: str) -> list[str]:
    """``raisedTicketCount`` and ``raised_ticket_count`` are the same three words."""
    return [word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)]


@pytest.mark.parametrize("check", [find_vague_classes, find_vague_functions, find_wrong_words])
def test_names_in_the_product(check):
    assert_none(check(ROOT))


@pytest.mark.parametrize("ending", VAGUE_ENDINGS)
def test_a_vague_class_is_found(tmp_path, ending):
    write(tmp_path, "services/core/x.py", f"class Incident{ending}:\n    pass\n")
    assert find_vague_classes(tmp_path) == [
        f"services/core/x.py:1: class Incident{ending} says nothing"
    ]


def test_people_who_manage_may_be_named(tmp_path):
    write(tmp_path, "services/core/x.py", "incident_manager = 1\n\n\nclass ManagerialPath: ...\n")
    assert find_vague_classes(tmp_path) == find_wrong_words(tmp_path) == []


@pytest.mark.parametrize("name", ["do_it", "process_rows", "_handle_click"])
def test_a_vague_function_is_found(tmp_path, name):
    write(tmp_path, "desktop/x.py", f"class Screen:\n    def {name}(self): ...\n")
    assert find_vague_functions(tmp_path) == [f"desktop/x.py:2: function {name} says nothing"]


@pytest.mark.parametrize(
    "line",
    [
        "ticket = 1",
        "def f(old_ticket): ...",
        "x.ticketCount",
        "class TicketView: ...",
        "f(ticket=1)",
    ],
)
def test_a_wrong_word_is_found(tmp_path, line):
    write(tmp_path, "benchmarks/x.py", line + "\n")
    assert find_wrong_words(tmp_path)


def test_a_wrong_file_name_is_found(tmp_path):
    write(tmp_path, "desktop/ticket_view.py", "")
    assert find_wrong_words(tmp_path)
