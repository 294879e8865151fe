"""What Qt's own controls are told: a palette, and one small style sheet for the native ones."""

from collections.abc import Mapping
from string import Template
from typing import Final

from PySide6.QtGui import QColor, QPalette

from desktop.theme.style_sheet import STYLE_SHEET

_ROLES: Final[dict[QPalette.ColorRole, str]] = {
    QPalette.ColorRole.Window: "bg.surface",
    QPalette.ColorRole.WindowText: "fg.default",
    QPalette.ColorRole.Base: "bg.surface",
    QPalette.ColorRole.AlternateBase: "bg.subtle",
    QPalette.ColorRole.Text: "fg.default",
    QPalette.ColorRole.PlaceholderText: "fg.subtle",
    QPalette.ColorRole.Button: "bg.surface",
    QPalette.ColorRole.ButtonText: "fg.default",
    QPalette.ColorRole.BrightText: "fg.inverse",
    QPalette.ColorRole.ToolTipBase: "bg.tooltip",
    QPalette.ColorRole.ToolTipText: "fg.ontooltip",
    QPalette.ColorRole.Highlight: "accent.solid",
    QPalette.ColorRole.HighlightedText: "accent.on",
    QPalette.ColorRole.Accent: "accent.solid",
    QPalette.ColorRole.Link: "accent.fg",
    QPalette.ColorRole.LinkVisited: "accent.fg",
    QPalette.ColorRole.Light: "bg.raised",
    QPalette.ColorRole.Midlight: "bg.subtle",
    QPalette.ColorRole.Mid: "line.default",
    QPalette.ColorRole.Dark: "line.control",
    QPalette.ColorRole.Shadow: "line.strong",
}
_TEXT_ROLES: Final = (
    QPalette.ColorRole.WindowText,
    QPalette.ColorRole.Text,
    QPalette.ColorRole.ButtonText,
)


def palette_of(tokens: Mapping[str, str]) -> QPalette:
    """The palette of a theme; text of disabled controls is pale in every role."""
    palette = QPalette()
    for role, token in _ROLES.items():
        palette.setColor(role, QColor(tokens[token]))
    for role in _TEXT_ROLES:
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(tokens["fg.disabled"]))
    return palette


class _TokenTemplate(Template):
    """``${bg.app}``: names of tokens hold dots."""

    idpattern = r"[a-z0-9.]+"


def style_sheet_of(tokens: Mapping[str, str]) -> str:
    """The style sheet of the application with every ``${token}`` filled in."""
    return _TokenTemplate(STYLE_SHEET).substitute(tokens)
