"""The brush strokes of the rota: bars told apart by pattern as well as by tint."""

from functools import lru_cache
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from desktop.theme.sizes import RADIUS_CONTROL
from desktop.theme.theme import current_theme
from desktop.views.on_call.values import Bar, BarKind
from desktop.widgets.paint import (
    CENTER,
    draw_icon,
    draw_text,
    focus_frame,
    hatch,
    rounded,
    text_width,
)
from desktop.widgets.paint_badges import draw_kept, initials_of, tint_of

RADIUS: Final = RADIUS_CONTROL - 1
_DISC: Final = 20
_CHEVRON: Final = 12
_HATCH_STEP: Final = 5


def short_name(name: str) -> str:
    """``Priya R.``: the first word and the first letter of the last."""
    words = name.split()
    return f"{words[0]} {words[-1][0]}." if len(words) > 1 else name


def paint_bar(
    painter: QPainter,
    box: QRectF,
    bar: Bar,
    *,
    goes_left: bool = False,
    goes_right: bool = False,
    with_keyboard: bool = False,
) -> None:
    """A bar with its person; chevrons where it goes on beyond the page."""
    if bar.kind is BarKind.GAP:
        paint_gap(painter, box)
    else:
        _paint_ground(painter, box, bar)
        _paint_person(painter, box, bar, goes_left=goes_left, goes_right=goes_right)
    if with_keyboard:
        focus_frame(painter, box.adjusted(-3, -3, 3, 3), RADIUS + 3)


def paint_gap(painter: QPainter, box: QRectF) -> None:
    """Nobody is on call although somebody should be."""
    theme = current_theme()
    hatch(painter, box, theme.color("danger.line"), theme.color("danger.tint"),
          radius=RADIUS, step=_HATCH_STEP, line_px=1.1)  # fmt: skip
    rounded(painter, box, RADIUS, line=theme.color("danger.solid"), line_px=1.5)
    if box.width() >= 22:
        left = box.left() + 8 if box.width() >= 44 else box.center().x() - 8
        draw_icon(painter, "danger", "danger.fg", left, box.center().y() - 8)


def _paint_ground(painter: QPainter, box: QRectF, bar: Bar) -> None:
    theme = current_theme()
    tint = tint_of(bar.person)
    ground, ink = f"av.{tint}.bg", f"av.{tint}.fg"
    if bar.kind is BarKind.BACKUP:
        rounded(painter, box, RADIUS, theme.color("bg.surface"), theme.color("line.default"))
    else:
        rounded(painter, box, RADIUS, theme.color(ground))
    if bar.is_override:
        hatch(painter, box, theme.faded(ink, 0.26), radius=RADIUS, step=_HATCH_STEP, line_px=1.1)
        rounded(painter, box, RADIUS, line=theme.color(ink), line_px=1.5)
    if bar.is_you:
        rounded(painter, box, RADIUS, line=theme.color("accent.solid"), line_px=2)


def _paint_person(
    painter: QPainter, box: QRectF, bar: Bar, *, goes_left: bool, goes_right: bool
) -> None:
    is_backup = bar.kind is BarKind.BACKUP
    ink = f"av.{tint_of(bar.person)}.fg"
    words = "fg.default" if is_backup else ink
    left, right = box.left() + 5, box.right() - 6
    middle = box.center().y() - _CHEVRON / 2
    if goes_right and box.width() >= 64:
        draw_icon(painter, "right", words, right - _CHEVRON + 2, middle, _CHEVRON)
        right -= _CHEVRON + 2
    if goes_left and box.width() >= 64:
        draw_icon(painter, "left", words, left - 2, middle, _CHEVRON)
        left += _CHEVRON
    letters = initials_of(bar.person)
    if right - left < _DISC + 14:
        if text_width(letters, "micro") <= box.width() - 4:
            draw_text(painter, box, letters, "micro", words, CENTER)
        return
    _paint_disc(painter, QPointF(left, box.top() + 4), letters, bar)
    name = left + _DISC + 8
    _paint_name(painter, QRectF(name, box.top(), right - name, box.height()), bar, words)


def _paint_disc(painter: QPainter, at: QPointF, letters: str, bar: Bar) -> None:
    tint = tint_of(bar.person)
    ground = f"av.{tint}.bg" if bar.kind is BarKind.BACKUP else "bg.surface"

    def paint(brush: QPainter) -> None:
        disc = QRectF(0, 0, _DISC, _DISC)
        rounded(brush, disc, _DISC / 2, current_theme().color(ground))
        draw_text(brush, disc, letters, "micro", f"av.{tint}.fg", CENTER)

    draw_kept(painter, f"rota {ground} {letters} {tint}", at, (_DISC, _DISC), paint)


def _paint_name(painter: QPainter, room: QRectF, bar: Bar, ink: str) -> None:
    name, remark = _fitting(bar.person, bar.is_you, bar.kind is BarKind.BACKUP, int(room.width()))
    if not name:
        return
    taken = draw_text(painter, room, name, "body.medium", ink)
    if remark:
        draw_text(painter, room.adjusted(taken + 6, 0, 0, 0), remark, "meta", "fg.subtle")


@lru_cache(maxsize=1024)
def _fitting(person: str, is_you: bool, is_backup: bool, room: int) -> tuple[str, str]:
    """The longest form of a name that fits as a whole: no bar ends in an ellipsis."""
    short = short_name(person)
    names = [f"{short} (you)", short] if is_you else [short]
    remarks = ["backup", ""] if is_backup else [""]
    for name in (*names, person.split()[0]):
        for remark in remarks:
            wanted = text_width(name, "body.medium")
            if remark:
                wanted += 6 + text_width(remark, "meta")
            if wanted <= room:
                return name, remark
    return "", ""


def paint_draft(painter: QPainter, box: QRectF, words: str) -> None:
    """Where a bar would be: what is being drawn, dragged or moved by keys."""
    theme = current_theme()
    rounded(painter, box, RADIUS, theme.faded("accent.tint", 0.85))
    pen = QPen(theme.color("focus"), 2, Qt.PenStyle.DashLine)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), RADIUS, RADIUS)
    painter.restore()
    if text_width(words, "micro") <= box.width() - 10:
        draw_text(painter, box, words, "micro", "accent.fg", CENTER)


def paint_target(painter: QPainter, box: QRectF) -> None:
    """The bar something would be dropped on."""
    focus_frame(painter, box.adjusted(-2, -2, 2, 2), RADIUS + 2)
