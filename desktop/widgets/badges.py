"""Badges as widgets: what the painters draw, with a size and a spoken name."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.widgets.paint import draw_text, key_hint, key_hint_width, text_width
from desktop.widgets.paint_badges import (
    PRIORITY_HEIGHT,
    PRIORITY_WIDTH,
    SEVERITY_HEIGHT,
    SEVERITY_WIDTH,
    TAG_HEIGHT,
    Tone,
    avatar,
    marker,
    priority_badge,
    severity_pill,
    tag,
    tag_width,
)
from desktop.widgets.paint_states import GLYPH, state_glyph, state_word


class Badge(QWidget):
    """A painted thing of fixed size that never takes the keyboard."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self.paint(painter)
        painter.end()

    def paint(self, painter: QPainter) -> None:
        """Draw the badge; each kind says how."""
        raise NotImplementedError


class PriorityBadge(Badge):
    """The badge of a priority from 1 to 5."""

    def __init__(self, priority: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.set_priority(priority)

    def set_priority(self, priority: int) -> None:
        """Show another priority."""
        self._priority = priority
        self.setAccessibleName(self.tr("Priority %1").replace("%1", str(priority)))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(PRIORITY_WIDTH, PRIORITY_HEIGHT)

    def paint(self, painter: QPainter) -> None:
        priority_badge(painter, QPointF(0, 0), self._priority)


class SeverityPill(Badge):
    """The pill of a severity from 1 to 3."""

    def __init__(self, severity: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.set_severity(severity)

    def set_severity(self, severity: int) -> None:
        """Show another severity."""
        self._severity = severity
        self.setAccessibleName(self.tr("Severity %1").replace("%1", str(severity)))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(SEVERITY_WIDTH, SEVERITY_HEIGHT)

    def paint(self, painter: QPainter) -> None:
        severity_pill(painter, QPointF(0, 0), self._severity)


class StateLabel(Badge):
    """Glyph and word of a state."""

    def __init__(self, state: str, role: str = "body", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._role = role
        self.set_state(state)

    def set_state(self, state: str) -> None:
        """Show another state."""
        self._state = state
        self.setAccessibleName(state_word(state))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        width = GLYPH + 6 + text_width(state_word(self._state), self._role)
        return QSize(round(width + 0.99), 20)

    def paint(self, painter: QPainter) -> None:
        state_glyph(painter, QPointF(0, (self.height() - GLYPH) // 2), self._state)
        room = QRectF(self.rect()).adjusted(GLYPH + 6, 0, 1, 0)
        draw_text(painter, room, state_word(self._state), self._role)


class Tag(Badge):
    """A short mark, 20 high, in one of seven tones."""

    def __init__(
        self,
        text: str,
        tone: Tone = "neutral",
        *,
        icon: str | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._tone: Tone = tone
        self._icon = icon
        self.set_text(text)

    def set_text(self, text: str) -> None:
        """Show another text."""
        self._text = text
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def set_tone(self, tone: Tone, icon: str | None = None) -> None:
        """Show another tone, with or without an icon."""
        self._tone, self._icon = tone, icon
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(tag_width(self._text, self._icon), TAG_HEIGHT)

    def paint(self, painter: QPainter) -> None:
        tag(painter, QRectF(self.rect()), self._text, self._tone, self._icon)


class Avatar(Badge):
    """Initials of a person; an empty name shows that nobody is assigned."""

    def __init__(
        self,
        name: str = "",
        *,
        size: int = 28,
        ring: bool = False,
        tint: int = 0,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._size = size
        self._ring = ring
        self._tint = tint
        self.set_name(name)

    def set_name(self, name: str) -> None:
        """Show another person, or nobody."""
        self._name = name
        self.setAccessibleName(name or self.tr("Nobody assigned"))
        self.update()

    def set_ring(self, ring: bool) -> None:
        """Show or lift the ring of "you" or "here now"."""
        self._ring = ring
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._size, self._size)

    def paint(self, painter: QPainter) -> None:
        avatar(painter, QPointF(0, 0), self._size, self._name, ring=self._ring, tint=self._tint)


class Marker(Badge):
    """A round mark with an icon, 22 wide, at the left of a history line."""

    def __init__(
        self, icon: str, tone: Tone = "neutral", name: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._icon = icon
        self._tone: Tone = tone
        self.setAccessibleName(name)

    def sizeHint(self) -> QSize:
        return QSize(22, 22)

    def paint(self, painter: QPainter) -> None:
        marker(painter, QRectF(self.rect()), self._icon, self._tone)


class KeyHint(Badge):
    """A key in its box."""

    def __init__(self, keys: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keys = keys
        self.setAccessibleName(keys)

    def sizeHint(self) -> QSize:
        return QSize(key_hint_width(self._keys), 18)

    def paint(self, painter: QPainter) -> None:
        key_hint(painter, QRectF(self.rect()), self._keys)
