"""Imports stand at the top, name what they mean, and keep the start quick.

Which package may import which is checked by import-linter (pyproject.toml).
"""

import ast
import json
import os
import subprocess
import sys
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

import pytest
from architecture.house import (
    PRODUCT,
    ROOT,
    Function,
    assert_none,
    called,
    find,
    imported,
    modules,
    write,
)

# What is slow to import may be imported where it is used: module -> top-level names.
LOCAL_IMPORTS: dict[str, set[str]] = {
    "desktop/__main__.py": {"desktop.bootstrap", "desktop.tour"},
    "desktop/bootstrap.py": {"services.intake.sample", "services.reports.fonts"},
    "desktop/bridge/dispatcher_thread.py": {"services.dispatcher.embedded"},
    "desktop/bridge/profile.py": {"desktop.bridge.team_database"},
    "desktop/presenters/print_presenter.py": {"pypdfium2", "services.reports.incident_report"},
    "desktop/presenters/simulator_presenter.py": {"services.reports.simulation_report"},
    "services/admin/private_certificates.py": {"cryptography"},
    "services/admin/private_postgres.py": {"psycopg"},
    "services/admin/simulate_command.py": {"services.reports.simulation_report"},
    "services/admin/schema.py": {"services.admin.migrations.run"},
    "services/core/secrets.py": {"keyring"},
    "services/intake/schedules/calendar_file.py": {"icalendar"},
    "services/core/cipher.py": {"sqlcipher3.dbapi2"},
    "services/dispatcher/notice.py": {"apprise"},
    "services/dispatcher/publishing_sftp.py": {"paramiko"},
    "services/reports/calendar_feed.py": {"icalendar"},
    "services/reports/fonts.py": {"services.reports.font_making"},
    "services/reports/state_document.py": {"services.reports.state_document_paper"},
}
# Modules that may import by a name known only at run time, with the reason.
MAY_IMPORT_BY_NAME: dict[str, str] = {}
SLOW_AT_START = (
    *("reportlab", "pypdfium2", "alembic", "requests"),
    *("psycopg", "keyring", "sqlcipher3", "cryptography", "PySide6.QtNetwork"),
    *("services.dispatcher.runner", "services.dispatcher.transport"),
)


def find_local_imports(
    root: Path, allowed: Mapping[str, Collection[str]] = LOCAL_IMPORTS
) -> list[str]:
    return [
        f"{path}:{line}: imports {name} inside a function"
        for path, line, name in _local_imports(root)
        if not set(_prefixes(name)) & set(allowed.get(path, ()))
    ]


def _local_imports(root: Path) -> Iterator[tuple[str, int, str]]:
    for path, tree in modules(root, PRODUCT).items():
        inside = {
            statement: None
            for node in ast.walk(tree)
            if isinstance(node, Function)
            for statement in ast.walk(node)
        }
        for node in inside:
            for name in imported(node):
                yield path, getattr(node, "lineno", 1), name


def _prefixes(name: str) -> list[str]:
    """``a.b.c`` may be allowed as ``a``, ``a.b`` or in full."""
    parts = name.split(".")
    return [".".join(parts[:count]) for count in range(1, len(parts) + 1)]


def find_hidden_imports(root: Path) -> list[str]:
    def judge(node: ast.AST) -> Iterator[str]:
        if isinstance(node, ast.ImportFrom) and node.names[0].name == "*":
            yield "imports everything"
        if isinstance(node, ast.ImportFrom) and node.level:
            yield "imports relatively"
        if called(node).rpartition(".")[2] in {"import_module", "__import__"}:
            yield f"hides an import in {called(node)}"

    trees = modules(root, PRODUCT).items()
    return find({path: tree for path, tree in trees if path not in MAY_IMPORT_BY_NAME}, judge)


def find_talking_packages(root: Path) -> list[str]:
    """``__init__.py`` files that hold more than a docstring: each thing has one home."""
    return [
        f"{path}: holds more than a docstring"
        for path, tree in modules(root).items()
        if path.endswith("__init__.py")
        if len(tree.body) > (ast.get_docstring(tree) is not None)
    ]


def find_missing_packages(root: Path) -> list[str]:
    """Folders of modules without ``__init__.py``, which the import contracts would not see."""
    paths = modules(root, PRODUCT)
    folders = {str(Path(path).parent) for path in paths}
    return sorted(f"{f}: no __init__.py" for f in folders if f"{f}/__init__.py" not in paths)


def slow_imports_at_start(root: Path, slow: Collection[str] = SLOW_AT_START) -> list[str]:
    """Which of ``slow`` are loaded once ``desktop.bootstrap`` is."""
    program = "import desktop.bootstrap, json, sys; print(json.dumps(list(sys.modules)))"
    environment = {**os.environ, "PYTHONPATH": str(root)}
    command = [sys.executable, "-P", "-c", program]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return sorted(set(slow) & set(json.loads(done.stdout)))


CHECKS = [find_local_imports, find_hidden_imports, find_talking_packages, find_missing_packages]


@pytest.mark.parametrize("check", CHECKS)
def test_imports_of_the_product(check):
    assert_none(check(ROOT))


def test_every_allowed_local_import_is_still_there():
    found = {(at, prefix) for at, _, whole in _local_imports(ROOT) for prefix in _prefixes(whole)}
    allowed = {(path, name) for path, names in LOCAL_IMPORTS.items() for name in names}
    assert allowed - found == set()


def test_the_start_loads_nothing_slow():
    if not (ROOT / "desktop/bootstrap.py").exists():
        pytest.skip("desktop/bootstrap.py does not exist yet")
    assert slow_imports_at_start(ROOT) == []


def test_the_start_keeps_no_source_in_memory():
    program = "from desktop.__main__ import desk_program as imported; imported(); import linecache"
    command = [sys.executable, "-c", f"{program}; print(len(linecache.cache))"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "0\n"


def test_a_slow_import_at_start_is_found(tmp_path):
    write(tmp_path, "desktop/bootstrap.py", "import sqlite3\n")
    assert slow_imports_at_start(tmp_path, ("sqlite3", "smtplib")) == ["sqlite3"]


@pytest.mark.parametrize("line", ["import reportlab.pdfgen", "from reportlab import pdfgen"])
def test_a_local_import_is_found_unless_listed(tmp_path, line):
    write(tmp_path, "desktop/x.py", f"import json\n\n\ndef f():\n    def g():\n        {line}\n")
    assert find_local_imports(tmp_path) == [
        "desktop/x.py:6: imports reportlab.pdfgen inside a function"
    ]
    assert find_local_imports(tmp_path, {"desktop/x.py": {"reportlab"}}) == []


@pytest.mark.parametrize(
    "line",
    ["from a import *", "from . import a", "importlib.import_module('a')", "__import__('a')"],
)
def test_a_hidden_import_is_found(tmp_path, line):
    write(tmp_path, "services/x.py", line + "\n")
    assert len(find_hidden_imports(tmp_path)) == 1


@pytest.mark.parametrize(
    ("text", "found"), [("", 0), ('"""Doc."""\n', 0), ("from a import b\n", 1)]
)
def test_a_talking_package_is_found(tmp_path, text, found):
    write(tmp_path, "desktop/__init__.py", text)
    assert len(find_talking_packages(tmp_path)) == found


def test_a_missing_package_is_found(tmp_path):
    write(tmp_path, "desktop/views/x.py", "")
    assert find_missing_packages(tmp_path) == ["desktop/views: no __init__.py"]
