"""Rules are pure: time and ids come in as arguments, nothing is read or sent."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from architecture.house import ROOT, assert_none, called, find, imported, modules, write

IMPURE_MODULES = {
    *("sqlalchemy", "sqlite3", "psycopg", "alembic"),
    *("requests", "urllib", "http", "socket", "smtplib"),
    *("PySide6", "shiboken6"),
    *("time", "random", "secrets", "os", "pathlib", "subprocess", "threading", "logging"),
}
CLOCKS_AND_CHANCE = {"now", "utcnow", "today", "uuid1", "uuid4", "time", "monotonic", "random"}
OWNERS_OF_CLOCKS = {"datetime", "date", "time", "uuid", "random", "dt"}


def _trees(root: Path, *names: str) -> dict[str, ast.Module]:
    """Modules ``services/PRACTICE/NAME.py``, or those of a folder of that name."""
    return {
        path: tree
        for path, tree in modules(root).items()
        if path.startswith("services/") and {Path(path).stem, Path(path).parent.name} & set(names)
    }


def find_impure_imports(root: Path) -> list[str]:
    def judge(node: ast.AST) -> Iterator[str]:
        for name in imported(node):
            if name.split(".")[0] in IMPURE_MODULES:
                yield f"a rule imports {name}"

    return find(_trees(root, "lifecycle"), judge)


def find_clocks_and_chance(root: Path) -> list[str]:
    def judge(node: ast.AST) -> Iterator[str]:
        owner, _, name = called(node).rpartition(".")
        is_own = owner and not OWNERS_OF_CLOCKS & set(owner.split("."))
        if name in CLOCKS_AND_CHANCE and not is_own:
            yield f"a rule calls {called(node)}"

    return find(_trees(root, "lifecycle", "commands"), judge)


@pytest.mark.parametrize("check", [find_impure_imports, find_clocks_and_chance])
def test_rules_of_the_product_are_pure(check):
    assert_none(check(ROOT))


@pytest.mark.parametrize(
    "line",
    [
        "import sqlalchemy.orm",
        "from requests import Session",
        "from PySide6.QtCore import QObject",
        "import time",
        "def f():\n    import random",
    ],
)
def test_an_impure_import_is_found(tmp_path, line):
    write(tmp_path, "services/incidents/lifecycle.py", line + "\n")
    assert len(find_impure_imports(tmp_path)) == 1


def test_other_modules_may_import_them(tmp_path):
    write(tmp_path, "services/incidents/tables.py", "import sqlalchemy\n")
    assert find_impure_imports(tmp_path) == []


@pytest.mark.parametrize("module", ["lifecycle", "commands"])
@pytest.mark.parametrize(
    "call",
    ["datetime.now(UTC)", "datetime.datetime.utcnow()", "time.time()", "uuid4()", "uuid.uuid4()"],
)
def test_a_clock_or_chance_is_found(tmp_path, module, call):
    write(tmp_path, f"services/incidents/{module}.py", f"x = {call}\n")
    assert find_clocks_and_chance(tmp_path) == [
        f"services/incidents/{module}.py:1: a rule calls {call.split('(')[0]}"
    ]


def test_a_clock_that_came_in_is_fine(tmp_path):
    write(tmp_path, "services/incidents/commands.py", "def f(clock):\n    return clock.now()\n")
    assert find_clocks_and_chance(tmp_path) == []
