"""What is proven of the Debian package, unpacked but not installed."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from installer import texts
from installer.checks_bundle import import_log, open_desk, told_help, told_version
from installer.debian import package_file
from installer.elf import binaries, loaded_libraries, oldest_c_library
from installer.product import APPSTREAM_ID, CONTENTS, NAME, PROGRAMS, SERVICE, version
from installer.proof import CannotTell, Guest, NotProven
from installer.trimming import is_of_the_system

# Only the Wayland windows load it. Every Wayland desktop brings it; without one, X11 is used.
OPTIONAL_LIBRARIES = frozenset({"libwayland-cursor.so.0"})
EXPECTED = (
    *(f"./usr/bin/{name}" for name in PROGRAMS),
    *(f"./usr/lib/{NAME}/{name}" for name in PROGRAMS),
    f"./usr/share/applications/{NAME}.desktop",
    f"./usr/share/metainfo/{APPSTREAM_ID}.metainfo.xml",
    f"./usr/share/icons/hicolor/scalable/apps/{NAME}.svg",
    f"./usr/share/icons/hicolor/256x256/apps/{NAME}.png",
    f"./usr/share/doc/{NAME}/copyright",
    f"./usr/lib/systemd/system/{SERVICE}",
)


class PackageChecks:
    """The package, looked into, unpacked and started by a guest."""

    def __init__(self, guest: Guest, root: Path) -> None:
        self._guest = guest
        self._root = root
        self._file = package_file()

    def all(self) -> Iterator[tuple[str, Callable[[], str]]]:
        """Each check with its name; without dpkg-deb there is one."""
        if shutil.which("dpkg-deb") is None:
            yield "package", _no_packager
            return
        yield "package, control", self.control
        yield "package, contents", self.contents
        yield "package, unpacked", self.unpacked
        yield "package, libraries", self.libraries
        yield "package, C library", self.c_library
        yield "package, version", self.version
        yield "package, administrator's help", self.admin_help
        yield "package, desk", self.desk
        yield "package, service", self.service
        yield "package, launcher", self.launcher
        yield "package, AppStream", self.appstream

    def control(self) -> str:
        """The package says what it is and needs."""
        told = self._guest.output_of("dpkg-deb", "--info", self._file)
        wanted = [f"Package: {NAME}", f"Version: {version()}"]
        wanted += [f"Recommends: {texts.RECOMMENDED}", f"Suggests: {texts.SUGGESTED}"]
        for line in wanted:
            if f" {line}\n" not in told:
                raise NotProven(f"{line!r} is not in:\n{told}")
        depends = self._field("Depends")
        missing = [name for name in texts.LIBRARIES if name not in depends.split(", ")]
        if missing:
            raise NotProven(f"does not depend on {', '.join(missing)}")
        return f"{NAME} {version()}, {len(depends.split(', '))} dependencies"

    def contents(self) -> str:
        """Everything is below /usr and owned by root, nothing may be written by others."""
        lines = self._guest.output_of("dpkg-deb", "--contents", self._file).splitlines()
        paths = set()
        for line in lines:
            rights, owner, _, _, _, path = line.split(maxsplit=5)
            path = path.partition(" -> ")[0]
            paths.add(path)
            loose = rights[8] == "w" and rights[0] != "l"
            if owner != "root/root" or loose or not path.startswith(("./usr/", "./")):
                raise NotProven(f"not fit for a system: {line}")
        strange = [path for path in paths if path != "./" and not path.startswith("./usr/")]
        missing = [path for path in EXPECTED if path not in paths]
        if strange or missing:
            raise NotProven(f"strange: {strange}; missing: {missing}")
        return f"{len(paths)} entries, all below /usr"

    def unpacked(self) -> str:
        """The package can be unpacked."""
        self._guest.output_of("dpkg-deb", "--extract", self._file, self._root)
        return f"{sum(1 for _ in self._root.rglob('*'))} entries"

    def libraries(self) -> str:
        """The loader finds every library: in the package, or among those it depends on."""
        files = list(binaries(self._root))
        outside: set[str] = set()
        for file in files:
            loaded = loaded_libraries(file, self._root / "usr" / "lib" / NAME / CONTENTS)
            missing = {name for name, place in loaded.items() if place is None}
            if missing - OPTIONAL_LIBRARIES:
                raise NotProven(f"{file.relative_to(self._root)} lacks {sorted(missing)}")
            outside.update(name for name, place in loaded.items() if place and self._is_out(place))
        wanted = outside - OPTIONAL_LIBRARIES
        strange = sorted(name for name in wanted if not is_of_the_system(name))
        if strange:
            raise NotProven(f"taken from this system and not depended on: {strange}")
        return f"{len(files)} files lack none; {len(outside)} are the system's"

    def c_library(self) -> str:
        """The package asks for a C library that is new enough for its files."""
        needed = oldest_c_library(binaries(self._root))
        stated = self._field("Depends").partition(",")[0]
        if stated != texts.depends(needed).partition(",")[0]:
            raise NotProven(f"states {stated}, but its files need {needed[0]}.{needed[1]}")
        return stated

    def version(self) -> str:
        """The desk starts through the link in /usr/bin."""
        return told_version(self._guest, self._program("firstline"))

    def admin_help(self) -> str:
        """The administrator's program starts through its link."""
        return told_help(self._guest, self._program("firstline-admin"), "import")

    def desk(self) -> str:
        """The unpacked desk opens what the unpacked program imported."""
        import_log(self._guest, self._program("firstline-admin"))
        return open_desk(self._guest, self._program("firstline"))

    def service(self) -> str:
        """systemd accepts the service, and its program starts; nothing turns it on by itself."""
        told_help(self._guest, self._program("firstline-dispatcher"), "--secrets")
        enabled = [path for path in self._root.rglob(SERVICE) if path.is_symlink()]
        if enabled:
            raise NotProven(f"enabled by {enabled}")
        file = self._root / "usr" / "lib" / "systemd" / "system" / SERVICE
        installed = file.read_text("utf-8")
        # It is looked at where it was unpacked, and so must be what it starts.
        here = self._guest.home / SERVICE
        here.write_text(installed.replace("/usr/bin", str(self._root / "usr" / "bin")), "utf-8")
        if shutil.which("systemd-analyze") is None:
            raise CannotTell("systemd-analyze is not installed")
        # What it ignores it only tells of.
        verify = 'exec systemd-analyze verify --man=no "$0" 2>&1'
        if told := self._guest.output_of("sh", "-c", verify, here):
            raise NotProven(f"systemd-analyze says:\n{told}")
        return "accepted by systemd-analyze, turned on by nobody"

    def launcher(self) -> str:
        """Desktops accept the launcher."""
        file = self._root / "usr" / "share" / "applications" / f"{NAME}.desktop"
        return self._validated("desktop-file-validate", file)

    def appstream(self) -> str:
        """Software centres accept the description."""
        file = self._root / "usr" / "share" / "metainfo" / f"{APPSTREAM_ID}.metainfo.xml"
        return self._validated("appstreamcli", "validate", "--no-net", "--pedantic", file)

    def _validated(self, tool: str, *arguments: object) -> str:
        if shutil.which(tool) is None:
            raise CannotTell(f"{tool} is not installed")
        self._guest.output_of(tool, *arguments)
        return f"accepted by {tool}"

    def _is_out(self, place: Path) -> bool:
        return not place.resolve().is_relative_to(self._root.resolve())

    def _field(self, name: str) -> str:
        return self._guest.output_of("dpkg-deb", "--field", self._file, name).strip()

    def _program(self, name: str) -> Path:
        return self._root / "usr" / "bin" / name


def _no_packager() -> str:
    raise CannotTell("dpkg-deb is not installed, so no package was made")
