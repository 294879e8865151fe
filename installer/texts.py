"""The texts by which Linux knows the product: control file, launcher, service, AppStream."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from installer.product import APPSTREAM_ID, NAME, ROOT, SERVICE, made_at_s, summary, version

C_LIBRARY: Final = (2, 34)
"""What Qt asks for; the Python of the building machine may ask for a newer one."""
LIBRARIES: Final = (
    *("libegl1", "libgl1", "libglib2.0-0", "libxkbcommon0", "libxkbcommon-x11-0"),
    *("libfontconfig1", "libdbus-1-3", "libxcb-cursor0", "libxcb-icccm4", "libxcb-keysyms1"),
    "libxcb-shape0",
)
RECOMMENDED: Final = "gnome-keyring | kwalletmanager"
SUGGESTED: Final = "postgresql"
"""A team's server is elsewhere; only a trial of one needs it here."""
ARCHITECTURES: Final = {"x86_64": "amd64", "aarch64": "arm64"}
_DESCRIPTION: Final = (
    "Firstline takes an IT incident through its whole life: log, categorise,",
    "prioritise, diagnose, escalate, resolve, confirm, close and print. It works",
    "from a copy on this machine and goes on when the network does not.",
    ".",
    "This package holds the desk (firstline), the program that keeps the shared",
    "database (firstline-admin) and the one that leads pages for a team",
    "(firstline-dispatcher), with all they need to run.",
)


def depends(c_library: tuple[int, int]) -> str:
    """The field ``Depends``, given the oldest C library that the files can run with."""
    major, minor = max(C_LIBRARY, c_library)
    return ", ".join((f"libc6 (>= {major}.{minor})", *LIBRARIES))


def control(architecture: str, size_kib: int, c_library: tuple[int, int]) -> str:
    """The control file of the Debian package."""
    fields = (
        ("Package", NAME),
        ("Version", version()),
        ("Architecture", architecture),
        ("Maintainer", "The Firstline authors <firstline@localhost>"),
        ("Installed-Size", str(size_kib)),
        ("Depends", depends(c_library)),
        ("Recommends", RECOMMENDED),
        ("Suggests", SUGGESTED),
        ("Section", "utils"),
        ("Priority", "optional"),
        ("Description", summary()),
    )
    lines = [f"{name}: {value}" for name, value in fields]
    return "\n".join([*lines, *(f" {line}" for line in _DESCRIPTION), ""])


def launcher() -> str:
    """The desktop entry."""
    return _filled(ROOT / "installer" / "linux" / "firstline.desktop")


def service() -> str:
    """What systemd starts, once an administrator has said for which database."""
    return _filled(ROOT / "installer" / "linux" / SERVICE)


def metainfo() -> str:
    """What software centres show, in AppStream's format."""
    return _filled(ROOT / "installer" / "linux" / "metainfo.xml")


def _filled(template: Path) -> str:
    day = datetime.fromtimestamp(made_at_s(), UTC).date().isoformat()
    values = {
        "@ID@": APPSTREAM_ID,
        "@SUMMARY@": summary(),
        "@VERSION@": version(),
        "@DATE@": day,
    }
    text = template.read_text("utf-8")
    for name, value in values.items():
        text = text.replace(name, value)
    return text
