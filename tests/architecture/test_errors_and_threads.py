"""An error is a fact or a bug, and threads meet in one place."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from architecture.house import PRODUCT, ROOT, assert_none, find, imported, modules, write

# The few places that may take any error, with the reason. Not more than three.
MAY_CATCH_ALL: dict[str, str] = {
    "services/core/database.py": "rolls a transaction back and raises again",
    "services/core/secrets.py": "the library of each system's keyring raises errors of its own",
    "services/dispatcher/poison.py": "a bug in one delivery must not keep the others from leaving",
}
# Places outside the folders below that may name a thread, with the reason.
MAY_NAME_THREADS = {
    "services/core/drafts.py": "replaces a damaged file while other threads save",
    "services/core/database.py": "asks which thread runs, to refuse SQL on the GUI thread",
}

THREADED_FOLDERS = ("desktop/bridge/", "services/sync/", "services/dispatcher/")
THREAD_MODULES = {"threading", "_thread", "concurrent", "multiprocessing", "asyncio", "queue"}
THREAD_NAMES = {"QThread", "QThreadPool", "QRunnable", "processEvents"}
ALL_ERRORS = {"Exception", "BaseException"}


def find_broad_excepts(root: Path) -> list[str]:
    def judge(node: ast.AST) -> Iterator[str]:
        if isinstance(node, ast.ExceptHandler) and _takes_all(node):
            yield "takes every error"

    trees = {path: tree for path, tree in modules(root).items() if path not in MAY_CATCH_ALL}
    return find(trees, judge)


def _takes_all(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return bool(ALL_ERRORS & {ast.unparse(kind).rpartition(".")[2] for kind in kinds})


def find_threads(root: Path) -> list[str]:
    def judge(node: ast.AST) -> Iterator[str]:
        for name in imported(node):
            if name.split(".")[0] in THREAD_MODULES or name.rpartition(".")[2] in THREAD_NAMES:
                yield f"imports {name}"
        if isinstance(node, ast.Attribute) and node.attr in THREAD_NAMES:
            yield f"uses {node.attr}"

    trees = {
        path: tree
        for path, tree in modules(root, PRODUCT).items()
        if not path.startswith(THREADED_FOLDERS) and path not in MAY_NAME_THREADS
    }
    return find(trees, judge)


@pytest.mark.parametrize("check", [find_broad_excepts, find_threads])
def test_errors_and_threads_of_the_product(check):
    assert_none(check(ROOT))


def test_few_places_take_every_error():
    assert len(MAY_CATCH_ALL) <= 3


@pytest.mark.parametrize("listed", [*MAY_CATCH_ALL, *MAY_NAME_THREADS])
def test_a_listed_place_exists(listed):
    assert (ROOT / listed).exists()


@pytest.mark.parametrize(
    "clause", ["except:", "except Exception:", "except (OSError, BaseException) as e:"]
)
def test_a_broad_except_is_found(tmp_path, clause):
    write(tmp_path, "desktop/x.py", f"try:\n    x()\n{clause}\n    pass\n")
    assert find_broad_excepts(tmp_path) == ["desktop/x.py:3: takes every error"]


def test_a_named_error_is_fine(tmp_path):
    write(tmp_path, "desktop/x.py", "try:\n    x()\nexcept (OSError, ValueError):\n    pass\n")
    assert find_broad_excepts(tmp_path) == []


@pytest.mark.parametrize(
    "line",
    [
        "import threading",
        "from concurrent.futures import ThreadPoolExecutor",
        "from PySide6.QtCore import QThread",
        "application.processEvents()",
        "QtCore.QThreadPool.globalInstance()",
    ],
)
def test_a_thread_is_found(tmp_path, line):
    write(tmp_path, "desktop/views/x.py", line + "\n")
    write(tmp_path, "desktop/bridge/x.py", line + "\n")
    found = find_threads(tmp_path)
    assert len(found) == 1
    assert found[0].startswith("desktop/views/x.py:1:")
