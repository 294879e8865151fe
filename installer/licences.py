"""The licences of everything in the bundle, collected from where each part was installed."""

import json
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
_TEXT_NAMES: Final = ("LICEN", "COPYING", "NOTICE", "AUTHORS", "BUILD_LICENSES")
# Qt's wheels state their licence and bring no text; the other parts bring theirs.
_STARTER: Final = "pyinstaller"  # its starter is the first part of both programs
_WITHOUT_TEXT: Final = {"pyside6-essentials", "shiboken6"}


@dataclass(frozen=True, slots=True)
class Part:
    """Something in the bundle that others wrote."""

    name: str
    version: str
    licence: str
    texts: tuple[Path, ...]


def python_parts() -> list[Part]:
    """Python and every installed distribution that has a module in the bundle."""
    modules = json.loads(PARTS.read_text("utf-8"))["modules"]
    owners = packages_distributions()
    names = {name for module in modules for name in owners.get(module, ())}
    names = (names | {_STARTER}) - {"firstline"}
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
    return head + "\n".join(rows) + "\n"


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
    texts = [Path(str(file.locate())) for file in found.files or () if _is_licence(file.parts)]
    if name.lower().replace("_", "-") in _WITHOUT_TEXT:
        texts = [COMMON / "LGPL-3", COMMON / "GPL-3"]
    stated = licence.strip().splitlines()[:1] or _classified(found)
    here = tuple(text for text in texts if text.is_file())
    return Part(name, found.version, stated[0][:60], here)


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
