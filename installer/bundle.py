"""The folder that runs without Python: the programs, their libraries and the product's files."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from installer.product import BUNDLE, CONTENTS, DIST, ROOT, WORK

PARTS: Final = WORK / "parts.json"
"""Modules and libraries that the last build took, for the licences."""
STATIC_FONTS: Final = WORK / "fonts"
_SPEC: Final = ROOT / "installer" / "firstline.spec"


class BuildFailed(Exception):
    """A tool that the build needs refused; its own words are in the log."""


def product_files() -> list[tuple[str, str]]:
    """Files of the product that are read while it runs, with their folder in the bundle."""
    wanted = [
        *(file for file in (ROOT / "resources").rglob("*") if _is_read_by_the_product(file)),
        *(ROOT / "services" / "admin" / "migrations").rglob("*.py"),
        *(ROOT / "services" / "admin" / "migrations").rglob("*.mako"),
    ]
    return [(str(file), str(file.parent.relative_to(ROOT))) for file in sorted(wanted)]


def _is_read_by_the_product(file: Path) -> bool:
    return file.is_file() and file.suffix not in {".py", ".pyc"}


def make_fonts() -> None:
    """Make the fonts of the paper now, so that nobody waits for them at the first print."""
    from services.reports.fonts import prepare_fonts

    shutil.rmtree(STATIC_FONTS, ignore_errors=True)
    prepare_fonts(STATIC_FONTS)


def make_bundle() -> Path:
    """Make the folder anew and return it.

    Raises:
        BuildFailed: PyInstaller ended with an error.
    """
    shutil.rmtree(BUNDLE, ignore_errors=True)
    WORK.mkdir(parents=True, exist_ok=True)
    make_fonts()
    run_packager()
    if not (BUNDLE / CONTENTS).is_dir():
        raise BuildFailed(f"PyInstaller left no {BUNDLE}")
    return BUNDLE


def run_packager() -> None:
    """Run PyInstaller on the list of parts."""
    command = [
        *(sys.executable, "-m", "PyInstaller", str(_SPEC), "--noconfirm", "--log-level", "WARN"),
        *("--distpath", str(DIST), "--workpath", str(WORK / "pyinstaller")),
    ]
    # The order of sets goes into the archives.
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    done = subprocess.run(command, cwd=ROOT, env=environment, check=False)
    if done.returncode != 0:
        raise BuildFailed(f"PyInstaller ended with {done.returncode}")
