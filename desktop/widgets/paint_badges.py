"""Painters of badges: priority, severity, tags, counts and people. Each is kept as a pixmap."""

from collections.abc import Callable
from typing import Final, Literal

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPixmap

from desktop.theme.theme import current_theme
from desktop.widgets.paint import (
    CENTER,
    LEFT,
    draw_icon,
    draw_icon_in,
    draw_text,
    ratio_of,
    rounded,
    text_width,
)

Tone = Literal["neutral", "accent", "danger", "warn", "ok", "info", "violet"]
PRIORITY_WIDTH: Final = 38
PRIORITY_HEIGHT: Final = 18
SEVERITY_WIDTH: Final = 62
SEVERITY_HEIGHT: Final = 20
TAG_HEIGHT: Final = 20
AVATAR_TINTS: Final = 6
_KEPT: Final = 600
_pixmaps: dict[tuple[str, str, float], QPixmap] = {}

# Points of the chevrons and bars around the point (10.5, 9) of the badge.
_MARKS: Final[dict[int, tuple[tuple[tuple[float, float], ...], ...]]] = {
    1: (((-3.5, -0.7), (0, -4.0), (3.5, -0.7)), ((-3.5, 3.7), (0, 0.4), (3.5, 3.7))),
    2: (((-3.5, 1.7), (0, -1.7), (3.5, 1.7)),),
    3: (((-3.5, -2.0), (3.5, -2.0)), ((-3.5, 2.0), (3.5, 2.0))),
    4: (((-3.5, -1.7), (0, 1.7), (3.5, -1.7)),),
    5: (((-3.0, 0.0), (3.0, 0.0)),),
}


def draw_kept(
    painter: QPainter,
    key: str,
    at: QPointF,
    size: tuple[int, int],
    paint: Callable[[QPainter], None],
) -> None:
    """Paint through a pixmap kept by key, theme and device ratio."""
    ratio = ratio_of(painter)
    place = (key, current_theme().name, ratio)
    if place not in _pixmaps:
        if len(_pixmaps) >= _KEPT:
            _pixmaps.clear()
        _pixmaps[place] = _painted(size, ratio, paint)
    painter.drawPixmap(QPointF(round(at.x()), round(at.y())), _pixmaps[place])


def _painted(size: tuple[int, int], ratio: float, paint: Callable[[QPainter], None]) -> QPixmap:
    pixmap = QPixmap(round(size[0] * ratio), round(size[1] * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint(painter)
    painter.end()
    return pixmap


def priority_badge(painter: QPainter, at: QPointF, priority: int) -> None:
    """The badge of a priority from 1 to 5, 38 x 18: chevron, letter and fill.

    One that only a newer program knows has no chevron.
    """

    def paint(brush: QPainter) -> None:
        theme = current_theme()
        box = QRectF(0, 0, PRIORITY_WIDTH, PRIORITY_HEIGHT)
        name = f"p{priority if priority in _MARKS else max(_MARKS)}"
        rounded(brush, box, 4, theme.color(f"{name}.bg"), theme.color(f"{name}.line"))
        pen = QPen(theme.color(f"{name}.fg"), 1.7)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        brush.setPen(pen)
        for mark in _MARKS.get(priority, ()):
            brush.drawPolyline([QPointF(10.5 + x, 9 + y) for x, y in mark])
        draw_text(brush, QRectF(18.5, 0, 19, 18), f"P{priority}", "badge", f"{name}.fg", LEFT)

    draw_kept(painter, f"priority {priority}", at, (PRIORITY_WIDTH, PRIORITY_HEIGHT), paint)


def severity_pill(painter: QPainter, at: QPointF, severity: int) -> None:
    """The pill of a severity from 1 to 3, 62 x 20, with a siren."""

    def paint(brush: QPainter) -> None:
        theme = current_theme()
        box = QRectF(0, 0, SEVERITY_WIDTH, SEVERITY_HEIGHT)
        if severity == 3:
            rounded(brush, box, 10, theme.color("bg.surface"), theme.color("line.control"))
            ink = "fg.muted"
        else:
            name = f"p{severity}"
            rounded(brush, box, 10, theme.color(f"{name}.bg"), theme.color(f"{name}.line"))
            ink = f"{name}.fg"
        draw_icon(brush, "major", ink, 8, 4, 12)
        draw_text(brush, QRectF(23, 0, 38, 20), f"SEV {severity}", "overline", ink)

    draw_kept(painter, f"severity {severity}", at, (SEVERITY_WIDTH, SEVERITY_HEIGHT), paint)


def _tone_tokens(tone: Tone) -> tuple[str, str, str]:
    if tone == "neutral":
        return "bg.tag", "line.default", "fg.muted"
    return f"{tone}.tint", f"{tone}.line", f"{tone}.fg"


def tag_width(text: str, icon: str | None = None) -> int:
    """Width of a tag in logical pixels."""
    return round(text_width(text, "micro") + 0.49) + (30 if icon else 14)


def tag(
    painter: QPainter,
    rect: QRectF,
    text: str,
    tone: Tone = "neutral",
    icon: str | None = None,
) -> None:
    """A tag 20 high in one of seven tones."""
    theme = current_theme()
    ground, line, ink = _tone_tokens(tone)
    rounded(painter, rect, 4, theme.color(ground), theme.color(line))
    room = rect.adjusted(7, 0, -6, 0)
    if icon:
        draw_icon(painter, icon, ink, rect.left() + 6, rect.center().y() - 6, 12)
        room.setLeft(rect.left() + 22)
    draw_text(painter, room, text, "micro", ink)


def count_pill_width(text: str) -> int:
    """Width of a count in a pill."""
    return max(22, round(text_width(text, "meta.medium")) + 14)


def count_pill(painter: QPainter, rect: QRectF, text: str, tone: Tone) -> None:
    """A count that asks for attention, in a pill 18 high."""
    theme = current_theme()
    ground, line, ink = _tone_tokens(tone)
    rounded(painter, rect, rect.height() / 2, theme.color(ground), theme.color(line))
    draw_text(painter, rect, text, "meta.medium.tabular", ink, CENTER)


def small_count(painter: QPainter, rect: QRectF, text: str, tone: Tone) -> None:
    """A count at the corner of an icon, 16 square."""
    theme = current_theme()
    ground, line, ink = _tone_tokens(tone)
    rounded(painter, rect, rect.height() / 2, theme.color(ground), theme.color(line))
    draw_text(painter, rect, text if len(text) < 2 else "9+", "badge", ink, CENTER)


def initials_of(name: str) -> str:
    """First letters of the first and the last word of a name."""
    words = [word for word in name.split() if word[0].isalnum()]
    if not words:
        return "?"
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


def tint_of(name: str) -> int:
    """Number from 1 to 6 of the tint of a person; the same on every desk."""
    return sum(name.encode()) % AVATAR_TINTS + 1


def avatar(
    painter: QPainter, at: QPointF, size: int, name: str, *, ring: bool = False, tint: int = 0
) -> None:
    """Initials on a disc; an empty name is the dashed ring of nobody."""

    def paint(brush: QPainter) -> None:
        box = QRectF(0, 0, size, size)
        if not name:
            _nobody(brush, box)
            return
        theme = current_theme()
        number = tint or tint_of(name)
        disc = box
        if ring:
            rounded(brush, box, size / 2, line=theme.color("accent.solid"), line_px=1.5)
            disc = box.adjusted(2.5, 2.5, -2.5, -2.5)
        rounded(brush, disc, disc.width() / 2, theme.color(f"av.{number}.bg"))
        role = "meta.medium" if size >= 28 and not ring else "micro"
        if size < 20:
            _small_initials(brush, box, initials_of(name), f"av.{number}.fg")
            return
        draw_text(brush, box, initials_of(name), role, f"av.{number}.fg", CENTER)

    draw_kept(painter, f"avatar {size} {name} {ring} {tint}", at, (size, size), paint)


def _small_initials(painter: QPainter, box: QRectF, letters: str, token: str) -> None:
    font = current_theme().font("micro")
    smaller = type(font)(font)
    smaller.setPixelSize(8)
    painter.setFont(smaller)
    painter.setPen(current_theme().color(token))
    painter.drawText(box, CENTER, letters)


def _nobody(painter: QPainter, box: QRectF) -> None:
    pen = QPen(current_theme().color("line.control"), 1.2)
    pen.setDashPattern([2.6, 1.8])
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(box.adjusted(1, 1, -1, -1))
    middle = box.center()
    painter.setPen(QPen(current_theme().color("fg.subtle"), 1.3))
    painter.drawLine(QLineF(middle.x() - 3.5, middle.y(), middle.x() + 3.5, middle.y()))
    painter.drawLine(QLineF(middle.x(), middle.y() - 3.5, middle.x(), middle.y() + 3.5))


def marker(painter: QPainter, rect: QRectF, icon: str, tone: Tone = "neutral") -> None:
    """A round mark with an icon, as at the left of a history line."""
    theme = current_theme()
    ground, line, ink = _tone_tokens(tone)
    fill = theme.color("bg.surface") if tone == "neutral" else theme.color(ground)
    rounded(painter, rect, rect.width() / 2, fill, theme.color(line))
    draw_icon_in(painter, rect, icon, ink, 12)
