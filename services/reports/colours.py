"""The few colours of paper: those of the light theme, dark enough to survive a black printer."""

from typing import Final

INK: Final = "#15191E"
MUTED: Final = "#47505C"
SUBTLE: Final = "#5F6975"
PAPER: Final = "#FFFFFF"
CARD: Final = "#F7F8FA"
HAIRLINE: Final = "#E6E9ED"
RULE: Final = "#D3D8DE"
OUTLINE: Final = "#868F9C"
ACCENT: Final = "#0B6B74"
VIOLET: Final = "#6B46B8"
AMBER: Final = "#8A4B00"
AMBER_TINT: Final = "#FDF0DD"
AMBER_LINE: Final = "#E2B071"
GREEN: Final = "#17693F"
RED: Final = "#A3211A"

# Fill, line and ink of each priority badge and severity pill, most pressing first.
PRIORITIES: Final = (
    ("#A8201A", "#A8201A", "#FFFFFF"),
    ("#F2932B", "#C86F0B", "#2A1500"),
    ("#FFF1C2", "#C39A1C", "#5C4200"),
    ("#E6EEFB", "#9DBAEA", "#1F55AB"),
    ("#FFFFFF", "#C3CAD2", "#5F6975"),
)

# Tiers 1 to 4, from light to dark, so that their order reads in grey too; then the ink on each.
TIERS: Final = ("#DDF0F1", "#7DBCC1", "#0B6B74", "#15191E")
TIER_INKS: Final = ("#15191E", "#15191E", "#FFFFFF", "#FFFFFF")

# Surface and line of each person's bars; neighbours differ in grey too, and a name stands on each.
PEOPLE: Final = (
    ("#CFE8EA", "#0B6B74"),
    ("#F3E3C4", "#8A6A1F"),
    ("#DAD3F0", "#6B46B8"),
    ("#D8EACB", "#3F7A2A"),
    ("#F4D3D6", "#A34A55"),
    ("#D3E0F5", "#1F55AB"),
    ("#E6E9ED", "#5F6975"),
    ("#F7DDC9", "#A85A1C"),
)
