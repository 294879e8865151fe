"""Type roles, and the fonts that carry them, loaded from the installed font packages."""

from dataclasses import dataclass
from importlib.resources import files
from typing import Final

from PySide6.QtGui import QFont, QFontDatabase

INTER: Final = "Inter"
MONO: Final = "JetBrains Mono"
_FILES: Final = (
    ("fontpkg_inter", "Inter[opsz,wght].ttf"),
    ("fontpkg_jetbrains_mono", "JetBrainsMono[wght].ttf"),
)
TABULAR: Final = ".tabular"
_ALWAYS_TABULAR: Final = frozenset({"clock", "badge"})


@dataclass(frozen=True, slots=True)
class TypeRole:
    """Size and line height in logical pixels, weight, letter spacing in per cent."""

    size_px: int
    line_px: int
    weight: int
    spacing_percent: float = 0.0
    family: str = INTER


ROLES: Final[dict[str, TypeRole]] = {
    "display": TypeRole(28, 34, 600, -1.1),
    "clock": TypeRole(22, 28, 600, -0.9),
    "title": TypeRole(18, 24, 600, -1.1),
    "heading": TypeRole(15, 20, 600, -0.7),
    "body": TypeRole(13, 18, 400),
    "body.strong": TypeRole(13, 18, 600),
    "body.medium": TypeRole(13, 18, 500),
    "meta": TypeRole(12, 16, 400),
    "meta.strong": TypeRole(12, 16, 600),
    "meta.medium": TypeRole(12, 16, 500),
    "micro": TypeRole(11, 14, 500),
    "badge": TypeRole(11, 14, 600),
    "overline": TypeRole(11, 14, 600, 3.6),
    "mono": TypeRole(12, 16, 400, family=MONO),
}


class FontNotLoaded(Exception):
    """A bundled font is missing or broken; without it Qt would draw boxes."""


def register_fonts() -> None:
    """Make the bundled families known to Qt; families already known are left alone.

    Raises:
        FontNotLoaded: Qt refused the file.
    """
    known = set(QFontDatabase.families())
    for (package, name), family in zip(_FILES, (INTER, MONO), strict=True):
        if family in known:
            continue
        path = files(package) / "files" / name
        if QFontDatabase.addApplicationFont(str(path)) < 0:
            raise FontNotLoaded(str(path))


def role_of(role: str) -> TypeRole:
    """The measures of a role; ``body.tabular`` has those of ``body``."""
    return ROLES[role.removesuffix(TABULAR)]


def build_font(role: str) -> QFont:
    """The font of a role, with figures of one width for ``clock`` and every ``*.tabular``.

    Other roles keep text figures: Inter's tabular set also widens hyphens and full stops.
    """
    wanted = role_of(role)
    font = QFont(wanted.family)
    font.setPixelSize(wanted.size_px)
    font.setWeight(QFont.Weight(wanted.weight))
    font.setVariableAxis(QFont.Tag("wght"), float(wanted.weight))
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    if wanted.spacing_percent:
        font.setLetterSpacing(QFont.SpacingType.PercentageSpacing, 100.0 + wanted.spacing_percent)
    if role.endswith(TABULAR) or role in _ALWAYS_TABULAR:
        font.setFeature(QFont.Tag("tnum"), 1)
    return font
