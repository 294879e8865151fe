"""Buttons that name the act and print its key."""

from dataclasses import dataclass
from typing import Final, Literal

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QEnterEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from desktop.theme.sizes import CONTROL, ICON, RADIUS_CONTROL
from desktop.theme.theme import current_theme
from desktop.widgets.paint import (
    LEFT,
    draw_icon,
    draw_icon_in,
    draw_text,
    focus_frame,
    key_hint,
    key_hint_width,
    rounded,
    text_width,
)

Kind = Literal["primary", "default", "ghost", "tint", "danger"]
_PADDING: Final = 10
_GAP: Final = 8


@dataclass(frozen=True, slots=True)
class _Look:
    fill: str | None
    hover: str
    pressed: str
    line: str | None
    ink: str
    icon: str
    role: str


_LOOKS: Final[dict[Kind, _Look]] = {
    "primary": _Look(
        "accent.solid", "accent.hover", "accent.pressed", None, "accent.on", "accent.on",
        "body.strong",
    ),
    "default": _Look(
        "bg.surface", "bg.hover", "bg.pressed", "line.default", "fg.default", "fg.default",
        "body.medium",
    ),
    "ghost": _Look(None, "bg.pressed", "bg.pressed", None, "fg.muted", "fg.muted", "body.medium"),
    "tint": _Look(
        "accent.tint", "bg.selected", "bg.selected", "accent.line", "accent.fg", "accent.fg",
        "body.medium",
    ),
    "danger": _Look(
        "danger.solid", "danger.solid", "danger.solid", None, "danger.on", "danger.on",
        "body.strong",
    ),
}  # fmt: skip


class Button(QPushButton):
    """A push button 28 or 32 high; at most one ``primary`` in a region."""

    def __init__(
        self,
        text: str,
        kind: Kind = "default",
        *,
        icon: str | None = None,
        keys: str = "",
        height: int = CONTROL,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._kind: Kind = kind
        self._icon = icon
        self._keys = keys
        self.setFixedHeight(height)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setFont(current_theme().font(_LOOKS[kind].role))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAutoDefault(False)
        self._name(text)

    def setText(self, text: str) -> None:
        """Name another act, keeping the accessible name true."""
        super().setText(text)
        self._name(text)
        self.updateGeometry()

    def set_kind(self, kind: Kind) -> None:
        """Change the look."""
        self._kind = kind
        self.updateGeometry()
        self.update()

    def set_icon(self, icon: str | None) -> None:
        """Change the icon, by meaning."""
        self._icon = icon
        self.updateGeometry()
        self.update()

    @property
    def keys(self) -> str:
        """The key printed in the button."""
        return self._keys

    def _name(self, text: str) -> None:
        self.setAccessibleName(text.replace("&", ""))

    def sizeHint(self) -> QSize:
        width = text_width(self.text(), _LOOKS[self._kind].role) + 2 * _PADDING
        if self._icon:
            width += ICON + (6 if self.text() else 0)
        if self._keys:
            width += key_hint_width(self._keys) + _GAP - 4
        return QSize(round(width + 0.49), self.height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def _fill(self, look: _Look) -> QColor | None:
        theme = current_theme()
        if not self.isEnabled():
            return theme.color("bg.surface") if look.fill else None
        if self.isDown() or self.isChecked():
            return theme.color(look.pressed)
        if self.underMouse():
            return theme.color(look.hover)
        return theme.color(look.fill) if look.fill else None

    def _paint_body(self, painter: QPainter, look: _Look) -> None:
        theme = current_theme()
        box = QRectF(self.rect())
        line = theme.color(look.line) if look.line else None
        if not self.isEnabled() and look.fill:
            line = theme.color("line.default")
        if self.hasFocus():
            focus_frame(painter, box)
            inset = 3 if look.line is None and look.fill else 2
            box = box.adjusted(inset, inset, -inset, -inset)
            rounded(painter, box, RADIUS_CONTROL - inset + 1, self._fill(look))
            return
        rounded(painter, box, RADIUS_CONTROL, self._fill(look), line)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = _LOOKS[self._kind]
        painter = QPainter(self)
        self._paint_body(painter, look)
        ink = look.ink if self.isEnabled() else "fg.disabled"
        mark = look.icon if self.isEnabled() else "fg.disabled"
        x = (self.width() - self.sizeHint().width()) / 2 + _PADDING
        if self._icon:
            draw_icon(painter, self._icon, mark, x, (self.height() - ICON) / 2)
            x += ICON + 6
        room = text_width(self.text(), look.role) + 1
        room = min(room, self.width() - x)
        draw_text(painter, QRectF(x, 0, room, self.height()), self.text(), look.role, ink, LEFT)
        if self._keys:
            self._paint_keys(painter, x + room + _GAP - 1, look)
        painter.end()

    def _paint_keys(self, painter: QPainter, x: float, look: _Look) -> None:
        width = key_hint_width(self._keys)
        box = QRectF(round(x), (self.height() - 18) // 2, width, 18)
        solid = self._kind in ("primary", "danger") and self.isEnabled()
        key_hint(painter, box, self._keys, on_solid=solid, pale=not self.isEnabled())


class IconButton(QPushButton):
    """A square button, 24 or 28, that shows only an icon; its name is spoken and in the tip."""

    def __init__(
        self,
        icon: str,
        name: str,
        *,
        keys: str = "",
        size: int = CONTROL,
        token: str = "fg.muted",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icon = icon
        self._token = token
        self.setFixedSize(size, size)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAutoDefault(False)
        self.setAccessibleName(name)
        self.setToolTip(f"{name} ({keys})" if keys else name)

    def set_icon(self, icon: str, token: str | None = None) -> None:
        """Change the icon, by meaning, and its colour if given."""
        self._icon = icon
        self._token = token or self._token
        self.update()

    def sizeHint(self) -> QSize:
        return self.size()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        box = QRectF(self.rect())
        if self.isEnabled() and (self.underMouse() or self.isDown() or self.isChecked()):
            rounded(painter, box, RADIUS_CONTROL, theme.color("bg.pressed"))
        token = self._token if self.isEnabled() else "fg.disabled"
        draw_icon_in(painter, box, self._icon, token)
        if self.hasFocus():
            focus_frame(painter, box)
        painter.end()
