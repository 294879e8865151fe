"""The type roles of the paper, those of the screen in logical pixels."""

from typing import Final

from services.reports import colours
from services.reports.fonts import MONO, REGULAR, STRONG
from services.reports.text import Type

NUMBER: Final = Type(STRONG, 28, 36, colours.INK, -1.1)
SUMMARY: Final = Type(STRONG, 18, 24, colours.INK, -0.8)
FIGURE: Final = Type(STRONG, 20, 28, colours.INK, -0.8)
FIGURE_LONG: Final = Type(STRONG, 16, 28, colours.INK, -0.6)
HEADING: Final = Type(STRONG, 15, 20, colours.INK, -0.5)
BODY: Final = Type(REGULAR, 13, 20, colours.INK)
BODY_STRONG: Final = Type(STRONG, 13, 20, colours.INK)
BODY_MUTED: Final = Type(REGULAR, 13, 20, colours.MUTED)
META: Final = Type(REGULAR, 12, 16, colours.SUBTLE)
META_INK: Final = Type(REGULAR, 12, 16, colours.INK)
META_STRONG: Final = Type(STRONG, 12, 16, colours.INK)
MICRO: Final = Type(REGULAR, 11, 16, colours.SUBTLE)
MICRO_STRONG: Final = Type(STRONG, 11, 16, colours.MUTED)
CODE: Final = Type(MONO, 12, 20, colours.INK)
NOTICE: Final = Type(REGULAR, 12, 16, colours.AMBER)
LEFT_OUT: Final = Type(STRONG, 12, 16, colours.AMBER)
BRAND: Final = Type(STRONG, 12, 16, colours.MUTED)
BADGE_PX: Final = 11.0
