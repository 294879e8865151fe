"""Reading the repository for the checks of this folder.

Each check is a function from a root folder to a list of findings, so that it can be tried on
a small wrong tree as well as on the product.
"""

import ast
import fnmatch
import os
import subprocess
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("desktop", "services")
PROGRAMS = (*PRODUCT, "benchmarks", "installer")

Function = ast.FunctionDef | ast.AsyncFunctionDef


def write(root: Path, path: str, text: str) -> None:
    """Put a file into a tree that a check shall judge."""
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text, encoding="utf-8")


def assert_none(found: list[str]) -> None:
    """Fail with every finding on a line of its own."""
    assert not found, "\n".join(["", *found])


@cache
def repository_files(root: Path) -> tuple[Path, ...]:
    """Every file that is in git or could be added; without git, all but what is ignored."""
    listing = None
    if (root / ".git").exists():
        listing = _listed_by_git(root)
    files = _walk(root) if listing is None else (root / name for name in listing)
    return tuple(sorted(file for file in files if file.is_file()))


def _listed_by_git(root: Path) -> list[str] | None:
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        done = subprocess.run(command, cwd=root, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None  # no git here, or a checkout that belongs to somebody else
    return [name for name in done.stdout.decode().split("\0") if name]


def _walk(root: Path) -> Iterator[Path]:
    ignored = [".git"]
    if (root / ".gitignore").exists():
        ignored += (root / ".gitignore").read_text(encoding="utf-8").split()
    patterns = [pattern.rstrip("/") for pattern in ignored]
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if not _matches(name, patterns)]
        yield from (Path(folder) / name for name in names if not _matches(name, patterns))


def _matches(name: str, patterns: list[str]) -> bool:
    return any(fnmatch.fnmatch(name, pattern) for pattern in patterns)


def texts(root: Path) -> Iterator[tuple[str, str]]:
    """Path below the root and content of every text file of the repository."""
    for file in repository_files(root):
        content = file.read_bytes()
        if b"\0" not in content[:8192]:
            yield _below(root, file), content.decode("utf-8", errors="replace")


@cache
def modules(root: Path, folders: tuple[str, ...] = PROGRAMS) -> Mapping[str, ast.Module]:
    """Syntax tree of each Python file below ``folders``, by its path below the root."""
    found = (_below(root, f) for folder in folders for f in sorted((root / folder).rglob("*.py")))
    return {path: _parsed(root / path, path) for path in found if "__pycache__" not in path}


@cache
def _parsed(file: Path, name: str) -> ast.Module:
    """The syntax tree of a file; one for all the folders in which it is looked for."""
    return ast.parse(file.read_text(encoding="utf-8"), name)


def _below(root: Path, file: Path) -> str:
    return file.relative_to(root).as_posix()


@cache
def nodes(tree: ast.Module) -> tuple[ast.AST, ...]:
    """Every node of a tree, looked up once for all checks."""
    return tuple(ast.walk(tree))


def find(trees: Mapping[str, ast.Module], judge: Callable[[ast.AST], Iterator[str]]) -> list[str]:
    """``path:line: what`` for all that ``judge`` says about any node of any tree."""
    return [
        f"{path}:{getattr(node, 'lineno', 1)}: {what}"
        for path, tree in trees.items()
        for node in nodes(tree)
        for what in judge(node)
    ]


def imported(node: ast.AST) -> list[str]:
    """Dotted names that an import statement brings, ``from a import b`` as ``a.b``."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [f"{node.module or '.'}.{alias.name}" for alias in node.names]
    return []


def called(node: ast.AST) -> str:
    """What a call names, dotted (``datetime.now``); empty for anything else."""
    return ast.unparse(node.func) if isinstance(node, ast.Call) else ""
