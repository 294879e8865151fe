"""What is proven of the folder ``dist/firstline``."""

from collections.abc import Callable, Iterator
from pathlib import Path

from installer.elf import binaries
from installer.licences import STARTER, lesser_notice, python_parts, system_parts
from installer.product import BUNDLE, CONTENTS, ROOT, TITLE, version
from installer.proof import (
    TOUR_PATIENCE_S,
    Guest,
    NotProven,
    numbers_of,
    write_log,
)
from installer.requirements import canonical, required_parts
from installer.trimming import REPLACEABLE


class BundleChecks:
    """The bundle, started by a guest."""

    def __init__(self, guest: Guest) -> None:
        self._guest = guest
        self._desk = BUNDLE / "firstline"
        self._admin = BUNDLE / "firstline-admin"
        self._dispatcher = BUNDLE / "firstline-dispatcher"

    def all(self) -> Iterator[tuple[str, Callable[[], str]]]:
        """Each check with its name, but for the tour."""
        yield "bundle, version", self.version
        yield "bundle, help", self.help
        yield "bundle, administrator's help", self.admin_help
        yield "bundle, dispatcher's help", self.dispatcher_help
        yield "bundle, import", self.imports
        yield "bundle, desk", self.desk
        yield "bundle, fonts of the paper", self.fonts
        yield "bundle, texts", self.texts
        yield "bundle, parts", self.parts
        yield "bundle, licences", self.licences

    def version(self) -> str:
        """The program knows its version."""
        return told_version(self._guest, self._desk)

    def help(self) -> str:
        """The program explains itself."""
        return told_help(self._guest, self._desk, "--tour")

    def admin_help(self) -> str:
        """The administrator's program explains itself."""
        return told_help(self._guest, self._admin, "import")

    def dispatcher_help(self) -> str:
        """The dispatcher explains itself."""
        return told_help(self._guest, self._dispatcher, "--secrets")

    def imports(self) -> str:
        """The administrator's program makes a shared database and fills it."""
        return import_log(self._guest, self._admin)

    def desk(self) -> str:
        """The desk opens what was imported."""
        return open_desk(self._guest, self._desk)

    def fonts(self) -> str:
        """The fonts of the paper were made at build time."""
        from services.reports.fonts import FONTS

        folder = BUNDLE / CONTENTS / "resources" / "fonts"
        missing = [font.file for font in FONTS if not (folder / font.file).is_file()]
        if missing:
            raise NotProven(f"not in {folder}: {', '.join(missing)}")
        return f"{len(FONTS)} shipped"

    def texts(self) -> str:
        """No file of text tells where it was made."""
        compiled = set(binaries(BUNDLE))
        files = [file for file in BUNDLE.rglob("*") if file.is_file() and file not in compiled]
        for file in files:
            if f"{ROOT}/".encode() in file.read_bytes():
                raise NotProven(f"{file.relative_to(BUNDLE)} names the folder {ROOT}")
        return f"{len(files)} files name no folder of this machine"

    def parts(self) -> str:
        """All that others wrote in Python is required by the product, not by its tests or tools."""
        found = {canonical(part.name) for part in python_parts()} - {"python", STARTER}
        if strange := found - required_parts():
            raise NotProven(f"nothing requires {', '.join(sorted(strange))}")
        return f"{len(found)} distributions, all required"

    def licences(self) -> str:
        """The licence of every part is there, and modules under the LGPL can be replaced."""
        parts = [*python_parts(), *system_parts()]
        folder = BUNDLE / "licences"
        without = [part.name for part in parts if not any(folder.glob(f"{part.name}/*"))]
        if without or lesser_notice(parts) not in (folder / "README").read_text("utf-8"):
            raise NotProven(f"{folder} lacks a licence or a notice: {', '.join(without)}")
        files = {name: list((BUNDLE / CONTENTS / name).glob("*.pyc")) for name in REPLACEABLE}
        if fixed := [name for name, modules in files.items() if not modules]:
            raise NotProven(f"within the program and not replaceable: {', '.join(fixed)}")
        return f"{len(parts)} parts with their texts"

    def tour(self) -> str:
        """The real windows take one incident through its life and print it."""
        folder = self._guest.home / "tour"
        told = self._guest.output_of(self._desk, "--tour", folder, patience_s=TOUR_PATIENCE_S)
        pictures = len(list(folder.rglob("*.png")))
        papers = list(folder.rglob("*.pdf"))
        if not pictures or not papers:
            raise NotProven(f"left {pictures} pictures and {len(papers)} PDFs in {folder}")
        for paper in papers:
            check_paper(paper)
        steps = sum(line.startswith("ok") for line in told.splitlines())
        return f"{steps} steps, {pictures} pictures, {len(papers)} PDF"


def told_version(guest: Guest, program: Path) -> str:
    """What a program says of its version, which must be the one of the project."""
    told = guest.output_of(program, "--version").strip()
    if told != f"{TITLE} {version()}":
        raise NotProven(f"says {told!r}, not {TITLE} {version()}")
    return told


def told_help(guest: Guest, program: Path, word: str) -> str:
    """The first words of a program's help, which must mention a word."""
    told = guest.output_of(program, "--help")
    if not told.startswith("usage:") or word not in told:
        raise NotProven(f"its help does not mention {word}:\n{told}")
    return f"{len(told.splitlines())} lines, {word} among them"


def import_log(guest: Guest, admin: Path) -> str:
    """Import a log of one incident into the guest's home."""
    log, report = guest.home / "log.csv", guest.home / "import.json"
    write_log(log)
    guest.output_of(admin, "import", "servicenow", log, "--report", report)
    numbers = numbers_of(report)
    if (numbers["events"], numbers["incidents"], numbers["refused"]) != (2, 1, 0):
        raise NotProven(f"expected 2 events of 1 incident, got {numbers}")
    return f"{numbers['events']} events of {numbers['incidents']} incident"


def open_desk(guest: Guest, program: Path) -> str:
    """Start the desk twice on the guest's home and say how long each took."""
    preferences = guest.home / ".local" / "share" / "firstline" / "preferences.json"
    first_s = guest.seconds_to_queue(program, preferences)
    second_s = guest.seconds_to_queue(program, preferences)
    return f"queue after {first_s:.2f} s, then {second_s:.2f} s"


def check_paper(paper: Path) -> None:
    """A PDF must be whole and carry its own fonts."""
    content = paper.read_bytes()
    if not content.startswith(b"%PDF-") or b"%%EOF" not in content[-32:]:
        raise NotProven(f"{paper.name} is not a whole PDF")
    if b"+Inter" not in content:
        raise NotProven(f"{paper.name} does not embed Inter")
