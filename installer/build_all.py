"""``installer/build``: the bundle, then the Debian package, then what they weigh."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from installer.bundle import BuildFailed, make_bundle
from installer.debian import make_package, settle
from installer.elf import strip_symbols
from installer.icons import write_icons
from installer.licences import Part, write_licences
from installer.product import BUNDLE, CONTENTS, ROOT, WORK, made_at_s

NO_PACKAGER = (
    "dpkg-deb was not found, so no Debian package was made; the bundle is complete.\n"
    "On Debian and Ubuntu it is part of the package dpkg."
)


def size_bytes(path: Path) -> int:
    """Bytes of a file, or of all files in a folder; links count nothing."""
    if path.is_file():
        return path.stat().st_size
    files = (file for file in path.rglob("*") if not file.is_symlink() and file.is_file())
    return sum(file.stat().st_size for file in files)


def weights(paths: list[Path]) -> list[str]:
    """A line a path: its megabytes and its name."""
    lines = []
    for path in paths:
        name = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
        lines.append(f"{size_bytes(path) / 1e6:8.1f} MB  {name}")
    return lines


def heaviest(folder: Path, count: int = 6) -> list[Path]:
    """The parts of the bundle that weigh most."""
    parts = (part for part in folder.iterdir() if not part.is_symlink())
    return sorted(parts, key=size_bytes, reverse=True)[:count]


def build() -> list[Path]:
    """Make everything that this machine can make; returns what was made."""
    print("Making the bundle; this takes a minute")
    make_bundle()
    if not strip_symbols(BUNDLE / CONTENTS):
        print("strip was not found: the bundle keeps the symbols of a debugger")
    parts = write_licences(BUNDLE / "licences")
    settle(BUNDLE)
    icons = WORK / "icons"
    shutil.rmtree(icons, ignore_errors=True)
    write_icons(icons)
    return [BUNDLE, *_packages(parts, icons)]


def _packages(parts: list[Part], icons: Path) -> list[Path]:
    if shutil.which("dpkg-deb") is None:
        print(NO_PACKAGER)
        return []
    print("Packing")
    return [make_package(parts, icons)]


def main() -> int:
    """Run and tell sizes and time; returns the exit code."""
    began = time.monotonic()
    # Read by the makers of fonts, of Python archives and of the package.
    os.environ["SOURCE_DATE_EPOCH"] = str(made_at_s())
    try:
        made = build()
    except (BuildFailed, subprocess.CalledProcessError) as error:
        print(f"The build failed: {error}", file=sys.stderr)
        return 1
    print("\n".join(weights(made)))
    print("\n".join(["Heaviest in the bundle:", *weights(heaviest(BUNDLE / CONTENTS))]))
    print(f"Done in {time.monotonic() - began:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
