"""The fonts of the paper: made once into a folder, then known to reportlab."""

import os
import tempfile
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path
from typing import Final

from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont


@dataclass(frozen=True, slots=True)
class StaticFont:
    """One weight of an installed variable font, and the file it becomes."""

    name: str
    package: str
    variable: str
    axes: tuple[tuple[str, float], ...]

    @property
    def file(self) -> str:
        """File name; the edition changes when the way of making does."""
        return f"{self.name}.{_EDITION}.ttf"


_EDITION: Final = 1
_INTER: Final = ("fontpkg_inter", "Inter[opsz,wght].ttf")
_MONO: Final = ("fontpkg_jetbrains_mono", "JetBrainsMono[wght].ttf")

REGULAR: Final = "Inter-Regular"
STRONG: Final = "Inter-SemiBold"
MONO: Final = "JetBrainsMono-Regular"
FONTS: Final = (
    StaticFont(REGULAR, *_INTER, axes=(("opsz", 14), ("wght", 400))),
    StaticFont(STRONG, *_INTER, axes=(("opsz", 14), ("wght", 600))),
    StaticFont(MONO, *_MONO, axes=(("wght", 400),)),
)
SHIPPED: Final = Path(__file__).resolve().parents[2] / "resources" / "fonts"


def prepare_fonts(folder: Path) -> None:
    """Put the static fonts into the folder unless they are there; about 0.4 s a font.

    Each file appears whole or not at all, so that two programs may do this at the same time.
    """
    missing = [font for font in FONTS if not _file_of(font, folder).is_file()]
    if missing:
        folder.mkdir(parents=True, exist_ok=True)
    for font in missing:
        _make(font, folder)


def use_fonts(folder: Path) -> None:
    """Make the fonts known to reportlab, preparing what is missing; done once in a program."""
    known = set(pdfmetrics.getRegisteredFontNames())
    if all(font.name in known for font in FONTS):
        return
    prepare_fonts(folder)
    for font in FONTS:
        pdfmetrics.registerFont(_load(font, folder))
    # Without these, a Helvetica that is not embedded stays in every file, a fifth larger.
    rl_config.canvas_basefontname = REGULAR
    rl_config.useA85 = 0


def glyph_widths(name: str) -> dict[int, float]:
    """Width of each character that the font can draw, in thousandths of the type size."""
    font = pdfmetrics.getFont(name)
    assert isinstance(font, TTFont), f"{name} is not one of ours"
    face = font.face
    return {code: face.charWidths.get(code, face.defaultWidth) for code in face.charToGlyph}


def _file_of(font: StaticFont, folder: Path) -> Path:
    """Where the font lies: shipped with the program, else in the folder."""
    shipped = SHIPPED / font.file
    return shipped if shipped.is_file() else folder / font.file


def _load(font: StaticFont, folder: Path) -> TTFont:
    """The font for reportlab; a damaged file in the folder is made again."""
    try:
        return TTFont(font.name, str(_file_of(font, folder)))
    except TTFError:
        folder.mkdir(parents=True, exist_ok=True)
        _make(font, folder)
        return TTFont(font.name, str(folder / font.file))


def _make(font: StaticFont, folder: Path) -> None:
    from services.reports.font_making import make_static

    descriptor, part = tempfile.mkstemp(prefix=f"{font.name}.", suffix=".part", dir=folder)
    os.close(descriptor)
    unfinished = Path(part)
    try:
        with as_file(files(font.package) / "files" / font.variable) as variable:
            make_static(variable, dict(font.axes), font.name, unfinished)
        unfinished.replace(folder / font.file)
    finally:
        unfinished.unlink(missing_ok=True)
