"""The licences of everything in the bundle, collected from where each part was installed."""

import json
import re
import shutil
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from importlib.metadata import Distribution, distribution, packages_distributions
from pathlib import Path
from typing import Final

from installer.bundle import PARTS
from installer.product import ROOT

COMMON: Final = Path("/usr/share/common-licenses")
NOTICES: Final = ROOT / "installer" / "notices"
"""Texts that a part owes and its wheel does not bring, in a folder by the part's name."""
_TEXT_NAMES: Final = ("LICEN", "COPYING", "NOTICE", "AUTHORS", "BUILD_LICENSES", "SBOMS")
STARTER: Final = "pyinstaller"  # its starter is the first part of every program
_SOURCES: Final = ("code", "repository", "source")
_LESSER: Final = "LGPL-3"
# It adds to the GPL, so that it is given together with it.
_LESSER_TEXTS: Final = (COMMON / "LGPL-3", COMMON / "GPL-3")
_LESSER_NOTICE: Final = """\
Firstline uses {names} and the Qt that comes with PySide6.
They are under the GNU Lesser General Public License, version 3. Its text and that of the GNU
General Public License are in their folders here. Each of their libraries and modules is a file of
its own in the folder lib and is loaded while the program runs, so that a changed one can take its
place; you may take Firstline apart to find out how. Their source, in the versions named above, is
offered at no charge at

{sources}
    Qt: https://download.qt.io/official_releases/

Whoever passes this bundle on passes this offer on with it.
"""


@dataclass(frozen=True, slots=True)
class Part:
    """Something in the bundle that others wrote."""

    name: str
    version: str
    licence: str
    texts: tuple[Path, ...]
    source: str = ""
    """Where its makers give its source."""


def python_parts() -> list[Part]:
    """Python and every installed distribution that has a module or library in the bundle."""
    taken = json.loads(PARTS.read_text("utf-8"))
    libraries = {re.split(r"[./]", place)[0] for place, _ in taken["binaries"]}
    modules = {*taken["modules"], *libraries}
    owners = packages_distributions()
    names = {name for module in modules for name in owners.get(module, ())}
    names = (names | {STARTER}) - {"firstline"}
    parts = [_part_of(distribution(name)) for name in sorted(names, key=str.lower)]
    return [_python(), *parts]


def system_parts() -> list[Part]:
    """The Debian packages whose libraries were taken from the building machine."""
    if shutil.which("dpkg-query") is None:
        return []
    names = sorted({name for file in _system_libraries() for name in _packages_of(file)})
    return [_debian_part(name) for name in names]


def write_licences(folder: Path) -> list[Part]:
    """Put every licence text into the folder, one folder a part, and return the parts."""
    parts = [*python_parts(), *system_parts()]
    for part in parts:
        for number, text in enumerate(sorted(part.texts)):
            target = folder / part.name / text.name
            if target.exists():
                target = target.with_name(f"{number}-{text.name}")
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(text, target)
    shutil.copyfile(ROOT / "LICENSE", folder / "LICENSE")
    (folder / "README").write_text(overview(parts), "utf-8")
    return parts


def overview(parts: list[Part]) -> str:
    """All parts in a table of text."""
    head = "Firstline is under the Apache License 2.0. It brings these parts with it:\n\n"
    rows = [f"{part.name:<28} {part.version:<22} {part.licence}" for part in parts]
    return head + "\n".join(rows) + "\n\n" + lesser_notice(parts)


def lesser_notice(parts: list[Part]) -> str:
    """What the Lesser General Public License asks to be told of the parts under it."""
    lesser = [part for part in parts if _LESSER in part.licence]
    sources = [f"    {part.name} {part.version}: {part.source}" for part in lesser]
    names = ", ".join(part.name for part in lesser)
    return _LESSER_NOTICE.format(names=names, sources="\n".join(sources))


def debian_copyright(parts: list[Part]) -> str:
    """The file ``copyright`` of the Debian package."""
    listed = "\n".join(f" {part.name} {part.version}: {part.licence}" for part in parts)
    return (
        "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n"
        "Upstream-Name: Firstline\n"
        "Comment: Parts by others, whose licences are in /usr/lib/firstline/licences:\n"
        f"{listed}\n\n"
        "Files: *\n"
        "Copyright: The Firstline authors\n"
        "License: Apache-2.0\n"
        " The full text is in /usr/share/common-licenses/Apache-2.0.\n"
    )


def _python() -> Part:
    text = Path(sysconfig.get_path("stdlib")) / "LICENSE.txt"
    version = sys.version.partition(" ")[0]
    return Part("python", version, "PSF-2.0", (text,) if text.is_file() else ())


def _part_of(found: Distribution) -> Part:
    name = found.metadata["Name"]
    licence = _field(found, "License-Expression") or _field(found, "License")
    stated = (licence.strip().splitlines()[:1] or _classified(found))[0][:60]
    texts = [Path(str(file.locate())) for file in found.files or () if _is_licence(file.parts)]
    texts += (NOTICES / name).glob("*")
    texts += _LESSER_TEXTS if _LESSER in stated else ()
    here = tuple(text for text in texts if text.is_file())
    return Part(name, found.version, stated, here, _source(found))


def _source(found: Distribution) -> str:
    for entry in found.metadata.get_all("Project-URL") or ():
        label, _, address = str(entry).partition(", ")
        if label.lower() in _SOURCES:
            return address
    return ""


def _field(found: Distribution, name: str) -> str:
    values = found.metadata.get_all(name) or [""]
    return str(values[0])


def _classified(found: Distribution) -> list[str]:
    names = [str(value) for value in found.metadata.get_all("Classifier") or ()]
    stated = [name.rpartition(" :: ")[2] for name in names if name.startswith("License ::")]
    return stated or ["see its text"]


def _is_licence(parts: tuple[str, ...]) -> bool:
    in_metadata = parts[0].endswith(".dist-info")
    return in_metadata and any(part.upper().startswith(_TEXT_NAMES) for part in parts[1:])


def _system_libraries() -> list[Path]:
    taken = json.loads(PARTS.read_text("utf-8"))["binaries"]
    outside = (sys.prefix, sys.base_prefix)
    files = [Path(source) for place, source in taken if "/" not in place]
    return [file for file in files if file.is_absolute() and not str(file).startswith(outside)]


def _packages_of(file: Path) -> list[str]:
    for candidate in (file, file.resolve(), Path("/usr") / str(file).lstrip("/")):
        command = ["dpkg-query", "--search", str(candidate)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return [line.partition(":")[0] for line in done.stdout.splitlines()]
    return []


def _debian_part(name: str) -> Part:
    command = ["dpkg-query", "--show", "--showformat=${Version}\n", name]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    text = Path("/usr/share/doc") / name / "copyright"
    texts = (text,) if text.is_file() else ()
    return Part(name, done.stdout.splitlines()[0], "see its text", texts)
