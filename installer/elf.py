"""What the programs and libraries of a folder ask of the system they run on."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

_MAGIC: Final = b"\x7fELF"
_C_LIBRARY: Final = re.compile(rb"\0GLIBC_(\d+)\.(\d+)(?:\.\d+)?(?=\0)")
_LOADED: Final = re.compile(r"^\s*(\S+) => (not found|/\S+)", re.MULTILINE)
_STRIPPED: Final = (
    *(f"python3.{sys.version_info.minor}", "sqlalchemy", "fontTools", "markupsafe"),
    *("sqlcipher3", "cryptography"),
)


def binaries(folder: Path) -> Iterator[Path]:
    """Programs and libraries below a folder, links left out."""
    for file in sorted(folder.rglob("*")):
        if file.is_file() and not file.is_symlink() and _is_binary(file):
            yield file


def oldest_c_library(files: Iterable[Path]) -> tuple[int, int]:
    """The oldest version of the C library that all the files can run with."""
    found = {(2, 0)}
    for file in files:
        matches = _C_LIBRARY.findall(file.read_bytes())
        found.update((int(major), int(minor)) for major, minor in matches)
    return max(found)


def loaded_libraries(file: Path, contents: Path) -> dict[str, Path | None]:
    """Every library that a file loads, directly or not, with its place; None: not found.

    Args:
        file: A program or library.
        contents: Folder where the program that starts the bundle tells the loader to look first.
    """
    environment = {"PATH": os.defpath, "LD_LIBRARY_PATH": str(contents)}
    command = ["ldd", str(file)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    found = _LOADED.findall(done.stdout)
    return {name: None if place == "not found" else Path(place) for name, place in found}


def strip_symbols(contents: Path) -> bool:
    """Take the debugger's symbols out of Python and of what was compiled for it.

    Qt's and Pillow's libraries come without, and rewriting those breaks some of them. Returns
    False when this machine has no ``strip``; the bundle then is a fifth larger.
    """
    if shutil.which("strip") is None:
        return False
    folders = [contents / name for name in _STRIPPED]
    files = [file for folder in folders if folder.is_dir() for file in binaries(folder)]
    files += [file for file in sorted(contents.glob("libpython*")) if not file.is_symlink()]
    subprocess.run(["strip", "--strip-unneeded", *map(str, files)], check=True)
    return True


def _is_binary(file: Path) -> bool:
    with file.open("rb") as opened:
        return opened.read(4) == _MAGIC
