"""The brush strokes everything else is painted with: boxes, text, icons, focus, hatch, shadow."""

from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPen

from desktop.theme.sizes import FOCUS_LINE, RADIUS_CONTROL
from desktop.theme.theme import current_theme
from desktop.widgets.text_audit import note_shortened

AlignmentFlag = Qt.AlignmentFlag
LEFT: Final = AlignmentFlag.AlignLeft | AlignmentFlag.AlignVCenter
CENTER: Final = AlignmentFlag.AlignCenter
RIGHT: Final = AlignmentFlag.AlignRight | AlignmentFlag.AlignVCenter
_SHADOW_RINGS: Final = 22
_SHADOW_DROP: Final = 8
_ELIDED_KEPT: Final = 4096
_elided: dict[tuple[str, str, int], str] = {}


def ratio_of(painter: QPainter) -> float:
    """Device pixels per logical pixel of what is painted on."""
    return painter.device().devicePixelRatioF()


def rounded(
    painter: QPainter,
    rect: QRectF,
    radius: float,
    fill: QColor | None = None,
    line: QColor | None = None,
    line_px: float = 1.0,
) -> None:
    """A rounded box whose line lies inside ``rect``."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(QBrush(fill) if fill is not None else Qt.BrushStyle.NoBrush)
    if line is None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawRoundedRect(rect, radius, radius)
    else:
        half = line_px / 2
        painter.setPen(QPen(line, line_px))
        inner = rect.adjusted(half, half, -half, -half)
        painter.drawRoundedRect(inner, radius - half, radius - half)
    painter.restore()


def hairline(
    painter: QPainter, x: int, y: int, length: int, token: str, *, down: bool = False
) -> None:
    """A crisp line of one pixel, to the right or down."""
    box = QRect(x, y, 1, length) if down else QRect(x, y, length, 1)
    painter.fillRect(box, current_theme().color(token))


def text_width(text: str, role: str) -> float:
    """Width of a text in a type role, in logical pixels."""
    return current_theme().metrics(role).horizontalAdvance(text)


def shortened(text: str, role: str, width: float) -> str:
    """The text, or as much of it as fits followed by an ellipsis."""
    metrics = current_theme().metrics(role)
    wanted = metrics.horizontalAdvance(text)
    if wanted <= width + 0.5:
        return text
    note_shortened(text, role, wanted, width)
    key = (text, role, int(width))
    if key not in _elided:
        if len(_elided) >= _ELIDED_KEPT:
            _elided.clear()
        _elided[key] = metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
    return _elided[key]


def draw_text(
    painter: QPainter,
    rect: QRectF | QRect,
    text: str,
    role: str = "body",
    color: str | QColor = "fg.default",
    align: AlignmentFlag = LEFT,
) -> float:
    """Paint one line, shortened to fit; the result is the width it took."""
    theme = current_theme()
    box = QRectF(rect)
    line = shortened(text, role, box.width())
    painter.setFont(theme.font(role))
    painter.setPen(theme.color(color) if isinstance(color, str) else color)
    painter.drawText(box, align | Qt.TextFlag.TextSingleLine, line)
    return theme.metrics(role).horizontalAdvance(line)


def draw_icon(
    painter: QPainter, meaning: str, token: str, x: float, y: float, size: int = 16
) -> None:
    """Paint an icon with its upper left corner on a whole pixel."""
    pixmap = current_theme().pixmap(meaning, token, size, ratio_of(painter))
    painter.drawPixmap(QPointF(round(x), round(y)), pixmap)


def draw_icon_in(
    painter: QPainter, rect: QRectF | QRect, meaning: str, token: str, size: int = 16
) -> None:
    """Paint an icon in the middle of a box."""
    middle = QRectF(rect).center()
    draw_icon(painter, meaning, token, middle.x() - size / 2, middle.y() - size / 2, size)


def focus_frame(painter: QPainter, rect: QRectF, radius: float = RADIUS_CONTROL) -> None:
    """The two pixel line on the edge of the control that has the keyboard."""
    rounded(painter, rect, radius, line=current_theme().color("focus"), line_px=FOCUS_LINE)


def key_hint_width(keys: str) -> int:
    """Width of the box of a key, at least 18."""
    return max(18, round(text_width(keys, "micro")) + 10)


def key_hint(
    painter: QPainter, rect: QRectF, keys: str, *, on_solid: bool = False, pale: bool = False
) -> None:
    """A key in its box, 18 high; ``on_solid`` for the ground of a filled button."""
    theme = current_theme()
    if on_solid:
        rounded(painter, rect, 4, fill=theme.faded("accent.on", 0.22))
        draw_text(painter, rect, keys, "micro", "accent.on", CENTER)
        return
    rounded(painter, rect, 4, theme.color("bg.surface"), theme.color("line.default"))
    draw_text(painter, rect, keys, "micro", "fg.disabled" if pale else "fg.muted", CENTER)


def hatch(
    painter: QPainter,
    rect: QRectF,
    line: QColor,
    ground: QColor | None = None,
    *,
    radius: float = 0,
    step: float = 4,
    line_px: float = 1.3,
) -> None:
    """Diagonal lines clipped to a rounded box: the pattern that says breach or pause."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    clip = QPainterPath()
    clip.addRoundedRect(rect, radius, radius)
    painter.setClipPath(clip, Qt.ClipOperation.IntersectClip)
    if ground is not None:
        painter.fillRect(rect, ground)
    painter.setPen(QPen(line, line_px))
    x = rect.left() - rect.height()
    while x < rect.right():
        painter.drawLine(QPointF(x, rect.bottom()), QPointF(x + rect.height(), rect.top()))
        x += step
    painter.restore()


def shadow(painter: QPainter, rect: QRectF, radius: float) -> None:
    """A soft shadow below a raised box, laid in rings that grow fainter."""
    theme = current_theme()
    full = theme.color("shadow").alphaF()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.faded("shadow", full * 1.3 / _SHADOW_RINGS))
    for ring in range(_SHADOW_RINGS, 0, -1):
        grown = rect.adjusted(-ring, -ring, ring, ring).translated(0, _SHADOW_DROP)
        painter.drawRoundedRect(grown, radius + ring, radius + ring)
    painter.restore()


def check_box(painter: QPainter, rect: QRectF, *, checked: bool, enabled: bool = True) -> None:
    """A check box 16 square."""
    theme = current_theme()
    if checked:
        fill = theme.color("accent.solid" if enabled else "line.default")
        rounded(painter, rect, 4, fill)
        _tick(painter, rect)
    else:
        line = theme.color("line.control" if enabled else "line.default")
        rounded(painter, rect, 4, theme.color("bg.surface"), line, 1.5)


def _tick(painter: QPainter, rect: QRectF) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(current_theme().color("accent.on"), 1.8)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    points = ((0.26, 0.52), (0.43, 0.69), (0.74, 0.34))
    size = rect.width()
    painter.drawPolyline([rect.topLeft() + QPointF(x * size, y * size) for x, y in points])
    painter.restore()


def radio(painter: QPainter, rect: QRectF, *, checked: bool) -> None:
    """A radio button 16 square."""
    theme = current_theme()
    line = theme.color("focus" if checked else "line.control")
    rounded(painter, rect, rect.width() / 2, theme.color("bg.surface"), line, 1.5)
    if checked:
        dot = rect.adjusted(4, 4, -4, -4)
        rounded(painter, dot, dot.width() / 2, theme.color("focus"))
