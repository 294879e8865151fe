"""Small and plain: what no longer fits on a screen is two things."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from architecture.house import PROGRAMS, ROOT, Function, assert_none, find, modules, write

LONGEST_FILE = 400
LONGEST_FUNCTION = 60
MOST_PUBLIC_METHODS = 15
# A migration lists every column once and is never read as a whole again.
LISTS = "services/admin/migrations/"


def _judged(root: Path) -> dict[str, ast.Module]:
    return {path: tree for path, tree in modules(root).items() if not path.startswith(LISTS)}


def find_long_files(root: Path) -> list[str]:
    folders = (root / folder for folder in (*PROGRAMS, "tests"))
    files = (file for folder in folders for file in sorted(folder.rglob("*.py")))
    lengths = {
        file.relative_to(root).as_posix(): len(file.read_text("utf-8").splitlines())
        for file in files
    }
    return [
        f"{path}: {length} lines, more than {LONGEST_FILE}"
        for path, length in lengths.items()
        if length > LONGEST_FILE and not path.startswith(LISTS)
    ]


def find_long_functions(root: Path) -> list[str]:
    def judge(node: ast.AST) -> Iterator[str]:
        if isinstance(node, Function):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > LONGEST_FUNCTION:
                yield f"{node.name} has {length} lines, more than {LONGEST_FUNCTION}"

    return find(_judged(root), judge)


def find_wide_classes(root: Path) -> list[str]:
    def judge(node: ast.AST) -> Iterator[str]:
        if isinstance(node, ast.ClassDef):
            names = {item.name for item in node.body if isinstance(item, Function)}
            # Qt's overrides keep Qt's names: camelCase is not counted.
            public = {name for name in names if name == name.lower() and name[0] != "_"}
            if len(public) > MOST_PUBLIC_METHODS:
                yield f"{node.name} has {len(public)} public methods, not {MOST_PUBLIC_METHODS}"

    return find(_judged(root), judge)


@pytest.mark.parametrize("check", [find_long_files, find_long_functions, find_wide_classes])
def test_sizes_here(check):
    assert_none(check(ROOT))


@pytest.mark.parametrize("path", ["desktop/x.py", "tests/desktop/test_x.py"])
@pytest.mark.parametrize(("lines", "found"), [(400, 0), (401, 1)])
def test_a_long_file_is_found(tmp_path, path, lines, found):
    write(tmp_path, path, "x = 1\n" * lines)
    assert len(find_long_files(tmp_path)) == found


@pytest.mark.parametrize(("lines", "found"), [(60, 0), (61, 1)])
def test_a_long_function_is_found(tmp_path, lines, found):
    write(tmp_path, "services/x.py", "def f():\n" + "    x = 1\n" * (lines - 1))
    assert len(find_long_functions(tmp_path)) == found


@pytest.mark.parametrize(("methods", "found"), [(15, 0), (16, 1)])
def test_a_wide_class_is_found(tmp_path, methods, found):
    uncounted = "    def _own(self): ...\n    def mousePressEvent(self): ...\n"
    counted = "".join(f"    def act_{n}(self): ...\n" for n in range(methods))
    write(tmp_path, "desktop/x.py", f"class X:\n{uncounted}{counted}")
    assert len(find_wide_classes(tmp_path)) == found
