"""Sizes in logical pixels, on a grid of four."""

from typing import Final

GUTTER_PANE: Final = 16
GUTTER_FORM: Final = 24
GAP_BUTTONS: Final = 8
GAP_LABEL: Final = 4
GAP_FIELDS: Final = 12
GAP_SECTIONS: Final = 24

CONTROL_SMALL: Final = 24
CONTROL: Final = 28
CONTROL_FORM: Final = 32

ROW_DENSE: Final = 28
ROW: Final = 32
ROW_ROOMY: Final = 40

TABLE_HEAD: Final = 28
PANE_HEAD: Final = 48
PAGE_HEAD: Final = 52
TOP_BAR: Final = 44
STATUS_BAR: Final = 26
TAB_BAR: Final = 38
FOOTER: Final = 56
NAVIGATION: Final = 204
NAVIGATION_NARROW: Final = 52

RADIUS_BADGE: Final = 4
RADIUS_CONTROL: Final = 6
RADIUS_CARD: Final = 8
RADIUS_DIALOG: Final = 10
RADIUS_PALETTE: Final = 12

FOCUS_LINE: Final = 2
SELECTION_BAR: Final = 3
ICON: Final = 16
