"""The Debian package: the bundle in the places where a system looks for it."""

import hashlib
import os
import platform
import shutil
import subprocess
from pathlib import Path
from typing import Final

from installer import texts
from installer.elf import binaries, oldest_c_library
from installer.licences import Part, debian_copyright
from installer.product import (
    APPSTREAM_ID,
    BUNDLE,
    DIST,
    NAME,
    PROGRAMS,
    SERVICE,
    WORK,
    made_at_s,
    version,
)

TREE: Final = WORK / "deb"


def architecture() -> str:
    """Debian's name for this machine's processor."""
    machine = platform.machine()
    return texts.ARCHITECTURES.get(machine, machine)


def package_file() -> Path:
    """Where the package is written."""
    return DIST / f"{NAME}_{version()}_{architecture()}.deb"


def make_package(parts: list[Part], icons: Path) -> Path:
    """Lay out the tree, pack it and return the package's file.

    Raises:
        subprocess.CalledProcessError: dpkg-deb refused the tree.
    """
    shutil.rmtree(TREE, ignore_errors=True)
    shutil.copytree(BUNDLE, TREE / "usr" / "lib" / NAME, symlinks=True)
    _link_programs()
    _write_texts(parts, icons)
    _write_control()
    settle(TREE)
    file = package_file()
    command = ["dpkg-deb", "--root-owner-group", "-Zzstd", "-z10", "--build", str(TREE), str(file)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return file


def settle(folder: Path) -> None:
    """Give every file the same time everywhere and the rights that an installed file has."""
    for path in sorted([folder, *folder.rglob("*")], reverse=True):
        if not path.is_symlink():
            is_run = path.is_dir() or os.access(path, os.X_OK) or path.name in PROGRAMS
            path.chmod(0o755 if is_run and _may_run(path) else 0o644)
        os.utime(path, (made_at_s(), made_at_s()), follow_symlinks=False)


def _may_run(path: Path) -> bool:
    """Libraries are loaded, not run: of the files only the programs stay executable."""
    return path.is_dir() or path.name in PROGRAMS


def _link_programs() -> None:
    folder = TREE / "usr" / "bin"
    folder.mkdir(parents=True)
    for name in PROGRAMS:
        (folder / name).symlink_to(f"../lib/{NAME}/{name}")


def _write_texts(parts: list[Part], icons: Path) -> None:
    share = TREE / "usr" / "share"
    shutil.copytree(icons / "hicolor", share / "icons" / "hicolor")
    written = {
        share / "applications" / f"{NAME}.desktop": texts.launcher(),
        share / "metainfo" / f"{APPSTREAM_ID}.metainfo.xml": texts.metainfo(),
        share / "doc" / NAME / "copyright": debian_copyright(parts),
        TREE / "usr" / "lib" / "systemd" / "system" / SERVICE: texts.service(),
    }
    for file, text in written.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")


def _write_control() -> None:
    files = [file for file in sorted(TREE.rglob("*")) if file.is_file() and not file.is_symlink()]
    size_kib = sum(-(-file.stat().st_size // 1024) for file in files)
    sums = [
        f"{hashlib.md5(file.read_bytes()).hexdigest()}  {file.relative_to(TREE)}\n"
        for file in files
    ]
    c_library = oldest_c_library(binaries(TREE))
    folder = TREE / "DEBIAN"
    folder.mkdir()
    (folder / "control").write_text(texts.control(architecture(), size_kib, c_library), "utf-8")
    (folder / "md5sums").write_text("".join(sums), "utf-8")
