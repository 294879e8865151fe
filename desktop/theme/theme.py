"""The look in use: colours, fonts and icons by name, switched in one call."""

from dataclasses import dataclass, field
from typing import Final, Literal

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QStyleFactory

from desktop.theme.fonts import TypeRole, build_font, register_fonts, role_of
from desktop.theme.icons import svg_of
from desktop.theme.style import palette_of, style_sheet_of
from desktop.theme.tokens import TOKENS

ThemeName = Literal["light", "dark"]
_RATIOS: Final = (1.0, 2.0)


@dataclass(frozen=True, eq=False)
class Theme:
    """Colours, fonts and icons of one look; what was built once is kept."""

    name: ThemeName
    _colors: dict[str, QColor] = field(default_factory=dict, repr=False)
    _fonts: dict[str, QFont] = field(default_factory=dict, repr=False)
    _metrics: dict[str, QFontMetricsF] = field(default_factory=dict, repr=False)
    _pixmaps: dict[tuple[str, str, int, float], QPixmap] = field(default_factory=dict, repr=False)

    @property
    def is_dark(self) -> bool:
        """Whether light text stands on dark ground."""
        return self.name == "dark"

    def color(self, token: str) -> QColor:
        """The colour of a token; raises ``KeyError`` for an unknown one."""
        if token not in self._colors:
            self._colors[token] = QColor(TOKENS[self.name][token])
        return self._colors[token]

    def faded(self, token: str, alpha: float) -> QColor:
        """The colour of a token with an opacity between 0 and 1."""
        color = QColor(self.color(token))
        color.setAlphaF(alpha)
        return color

    def role(self, role: str) -> TypeRole:
        """Size, line height, weight and spacing of a type role."""
        return role_of(role)

    def font(self, role: str) -> QFont:
        """The font of a type role."""
        if role not in self._fonts:
            self._fonts[role] = build_font(role)
        return self._fonts[role]

    def metrics(self, role: str) -> QFontMetricsF:
        """Measures of the font of a type role."""
        if role not in self._metrics:
            self._metrics[role] = QFontMetricsF(self.font(role))
        return self._metrics[role]

    def pixmap(self, meaning: str, token: str, size: int, ratio: float = 1.0) -> QPixmap:
        """An icon in the colour of a token, ``size`` logical pixels square."""
        key = (meaning, token, size, ratio)
        if key not in self._pixmaps:
            self._pixmaps[key] = _render(svg_of(meaning), self.color(token), size, ratio)
        return self._pixmaps[key]

    def icon(self, meaning: str, token: str = "fg.muted", size: int = 16) -> QIcon:
        """An icon for menus and native controls, pale where the control is disabled."""
        icon = QIcon()
        for ratio in _RATIOS:
            icon.addPixmap(self.pixmap(meaning, token, size, ratio))
            pale = self.pixmap(meaning, "fg.disabled", size, ratio)
            icon.addPixmap(pale, QIcon.Mode.Disabled)
        return icon


def _render(svg: str, color: QColor, size: int, ratio: float) -> QPixmap:
    pixmap = QPixmap(round(size * ratio), round(size * ratio))
    pixmap.fill(Qt.GlobalColor.transparent)
    renderer = QSvgRenderer(QByteArray(svg.replace("currentColor", color.name()).encode()))
    painter = QPainter(pixmap)
    painter.setOpacity(color.alphaF())
    renderer.render(painter, QRectF(pixmap.rect()))
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


THEMES: Final[dict[ThemeName, Theme]] = {"light": Theme("light"), "dark": Theme("dark")}
_in_use: list[Theme] = [THEMES["light"]]


def current_theme() -> Theme:
    """The theme every widget and painter draws with at this moment."""
    return _in_use[0]


def apply_theme(app: QApplication, name: ThemeName) -> Theme:
    """Dress the whole application; every open window repaints once."""
    register_fonts()
    theme = THEMES[name]
    _in_use[0] = theme
    windows = [window for window in app.topLevelWidgets() if window.isVisible()]
    for window in windows:
        window.setUpdatesEnabled(False)
    if app.style().objectName().lower() != "fusion":
        app.setStyle(QStyleFactory.create("Fusion"))
    app.setFont(theme.font("body"))
    app.setPalette(palette_of(TOKENS[name]))
    app.setStyleSheet(style_sheet_of(TOKENS[name]))
    for window in windows:
        window.setUpdatesEnabled(True)
        window.update()
    return theme
