"""Glyphs of the states of an incident: a shape each, so that colour is never alone."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen

from desktop.theme.theme import current_theme
from desktop.widgets.paint_badges import draw_kept

GLYPH: Final = 14
_RING: Final = QRectF(1.5, 1.5, 11, 11)

WORDS: Final[dict[str, str]] = {
    "new": str(QT_TRANSLATE_NOOP("states", "New")),
    "assigned": str(QT_TRANSLATE_NOOP("states", "Assigned")),
    "in_progress": str(QT_TRANSLATE_NOOP("states", "In progress")),
    "on_hold": str(QT_TRANSLATE_NOOP("states", "On hold")),
    "escalated": str(QT_TRANSLATE_NOOP("states", "Escalated")),
    "resolved": str(QT_TRANSLATE_NOOP("states", "Resolved")),
    "closed": str(QT_TRANSLATE_NOOP("states", "Closed")),
    "cancelled": str(QT_TRANSLATE_NOOP("states", "Cancelled")),
    "reopened": str(QT_TRANSLATE_NOOP("states", "Reopened")),
    "proposed": str(QT_TRANSLATE_NOOP("states", "Proposed")),
    "fixing": str(QT_TRANSLATE_NOOP("states", "Fixing")),
    "monitoring": str(QT_TRANSLATE_NOOP("states", "Monitoring")),
    "reviewed": str(QT_TRANSLATE_NOOP("states", "Reviewed")),
    "rejected": str(QT_TRANSLATE_NOOP("states", "Rejected")),
    "demoted": str(QT_TRANSLATE_NOOP("states", "Demoted")),
}


def state_word(state: str) -> str:
    """The translated word of a state; one that only a newer program knows is its own word."""
    return QCoreApplication.translate("states", WORDS.get(state, state))


def state_glyph(painter: QPainter, at: QPointF, state: str) -> None:
    """The glyph of a state, 14 square with a ring of 11; an empty ring if it is unknown."""
    draw_kept(painter, f"state {state}", at, (GLYPH, GLYPH), _GLYPHS.get(state, _unknown))


def _pen(painter: QPainter, token: str, width: float = 1.5) -> QPen:
    pen = QPen(current_theme().color(token), width)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    return pen


def _unknown(painter: QPainter) -> None:
    _pen(painter, "fg.subtle")
    painter.drawEllipse(_RING)


def _line(painter: QPainter, *points: tuple[float, float]) -> None:
    painter.drawPolyline([QPointF(x, y) for x, y in points])


def _new(painter: QPainter) -> None:
    pen = _pen(painter, "fg.muted")
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    pen.setDashPattern([1.75, 1.32])
    painter.setPen(pen)
    painter.drawEllipse(_RING)


def _assigned(painter: QPainter) -> None:
    _pen(painter, "fg.muted")
    painter.drawEllipse(_RING)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(current_theme().color("fg.muted"))
    painter.drawEllipse(QPointF(7, 7), 1.8, 1.8)


def _half(painter: QPainter, token: str) -> None:
    _pen(painter, token)
    painter.drawEllipse(_RING)
    half = QPainterPath(QPointF(7, 7))
    half.arcTo(QRectF(3.6, 3.6, 6.8, 6.8), 90, -180)
    half.closeSubpath()
    painter.fillPath(half, current_theme().color(token))


def _in_progress(painter: QPainter) -> None:
    _half(painter, "accent.fg")


def _fixing(painter: QPainter) -> None:
    _half(painter, "danger.fg")


def _monitoring(painter: QPainter) -> None:
    _half(painter, "ok.fg")


def _on_hold(painter: QPainter) -> None:
    _pen(painter, "warn.fg")
    painter.drawEllipse(_RING)
    _line(painter, (5.6, 5.1), (5.6, 8.9))
    _line(painter, (8.4, 5.1), (8.4, 8.9))


def _escalated(painter: QPainter) -> None:
    _pen(painter, "violet.fg")
    painter.drawEllipse(_RING)
    _pen(painter, "violet.fg", 1.4)
    _line(painter, (7, 9.8), (7, 4.6))
    _line(painter, (4.9, 6.6), (7, 4.5), (9.1, 6.6))


def _resolved(painter: QPainter) -> None:
    _pen(painter, "ok.fg")
    painter.drawEllipse(_RING)
    _pen(painter, "ok.fg", 1.4)
    _line(painter, (4.7, 7.2), (6.4, 8.9), (9.4, 5.3))


def _disc(painter: QPainter, token: str) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(current_theme().color(token))
    painter.drawEllipse(QRectF(0.9, 0.9, 12.2, 12.2))
    _pen(painter, "bg.surface", 1.5)


def _closed(painter: QPainter) -> None:
    _disc(painter, "fg.subtle")
    _line(painter, (4.5, 7.2), (6.3, 9.0), (9.5, 5.2))


def _cancelled(painter: QPainter) -> None:
    _pen(painter, "fg.subtle")
    painter.drawEllipse(_RING)
    _line(painter, (5.2, 5.2), (8.8, 8.8))
    _line(painter, (8.8, 5.2), (5.2, 8.8))


def _reopened(painter: QPainter) -> None:
    _pen(painter, "danger.fg")
    painter.drawArc(_RING, 50 * 16, 285 * 16)
    _line(painter, (8.2, 0.9), (11.2, 2.9), (8.7, 5.3))


_GLYPHS: Final[dict[str, Callable[[QPainter], None]]] = {
    "new": _new,
    "assigned": _assigned,
    "in_progress": _in_progress,
    "on_hold": _on_hold,
    "escalated": _escalated,
    "resolved": _resolved,
    "closed": _closed,
    "cancelled": _cancelled,
    "reopened": _reopened,
    "proposed": _new,
    "fixing": _fixing,
    "monitoring": _monitoring,
    "reviewed": _closed,
    "rejected": _cancelled,
    "demoted": _cancelled,
}
