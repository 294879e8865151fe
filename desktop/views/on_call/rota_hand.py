"""The hand on the rota: drawing, resizing and swapping bars, with the mouse or with keys."""

from dataclasses import replace
from datetime import datetime, tzinfo

from PySide6.QtCore import QObject, QPoint, QRect, Signal
from PySide6.QtWidgets import QApplication

from desktop.text import clock_text
from desktop.views.dialogs.words import filled
from desktop.views.on_call.geometry import Place
from desktop.views.on_call.rota_head import DAYS
from desktop.views.on_call.rota_layout import Placed, RotaLayout
from desktop.views.on_call.rota_rows import draft_box
from desktop.views.on_call.values import Bar, BarKind
from desktop.views.on_call.wishes import Draft, Hold, span_to


class RotaHand(QObject):
    """Holds at most one draft. Letting go asks for it; Esc forgets it.

    ``moved`` carries what to paint again, ``hinted`` what letting go would do.
    """

    wished = Signal(object)
    moved = Signal(QRect)
    hinted = Signal(str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.draft: Draft | None = None
        self._layout: RotaLayout | None = None
        self._pressed: tuple[QPoint, Placed | None] | None = None

    # -- the mouse --------------------------------------------------------------------------

    def press(self, layout: RotaLayout, placed: Placed | None, point: QPoint) -> None:
        """Take hold of a bar or of free ground."""
        self._pressed = None
        in_days = point.x() >= layout.scale.left and layout.row_at(point.y()) >= 0
        if placed is not None or in_days:
            self._pressed = (point, placed)

    def drag(self, layout: RotaLayout, point: QPoint) -> None:
        """Move what is held; a shaky click moves nothing."""
        if self._pressed is None:
            return
        start, placed = self._pressed
        if self.draft is None:
            if (point - start).manhattanLength() < QApplication.startDragDistance():
                return
            self._set(layout, self._begun(layout, placed, start))
        draft = self.draft
        assert draft is not None
        if draft.hold is Hold.WHOLE:
            other = layout.bar_at(point)
            self._set(layout, _onto(draft, other))
        else:
            x = point.x() if draft.bar is None else _edge(layout, draft) + point.x() - start.x()
            x = min(max(x, layout.scale.left), layout.scale.right)
            self._stretch(layout, layout.scale.moment(x))

    def _begun(self, layout: RotaLayout, placed: Placed | None, at: QPoint) -> Draft:
        if placed is not None and placed.bar.kind is not BarKind.GAP:
            return _held(placed, layout.hold_at(placed, at))
        row = layout.row_at(at.y())
        lane = layout.lane_at(row, at.y())
        lanes, moment = layout.row(row).lanes, layout.scale.moment(at.x())
        return Draft(
            hold=Hold.EMPTY,
            roster_id=layout.row(row).roster_id,
            place=Place(row, lane, -1),
            starts_at=moment,
            ends_at=moment,
            anchor=moment,
            is_backup=bool(lanes) and lanes[lane].is_backup,
        )

    # -- keys -------------------------------------------------------------------------------

    def push(
        self, layout: RotaLayout, current: Placed | None, across: int, down: int, *, begins: bool
    ) -> None:
        """Move an end of the current bar by a step, or look for the bar to swap with."""
        if current is None or current.bar.kind is BarKind.GAP:
            return
        if down:
            self._look_for_other(layout, current, down)
            return
        hold = Hold.START if begins else Hold.END
        if self.draft is None or self.draft.hold is not hold:
            self._set(layout, _held(current, hold))
        draft = self.draft
        assert draft is not None
        end = draft.starts_at if begins else draft.ends_at
        self._stretch(layout, end + across * layout.scale.step)

    def _look_for_other(self, layout: RotaLayout, current: Placed, down: int) -> None:
        others = [p for p in layout.bars() if _may_swap(current, p)]
        if not others:
            return
        draft = self.draft or _held(current, Hold.WHOLE)
        found = [at for at, p in enumerate(others) if p.place == draft.target]
        at = (found[0] + down) % len(others) if found else (0 if down > 0 else -1)
        self._set(layout, _onto(replace(draft, hold=Hold.WHOLE), others[at]))

    # -- the draft --------------------------------------------------------------------------

    def _stretch(self, layout: RotaLayout, to: datetime) -> None:
        assert self.draft is not None
        starts_at, ends_at = span_to(self.draft, to, layout.scale)
        if (starts_at, ends_at) != (self.draft.starts_at, self.draft.ends_at):
            self._set(layout, replace(self.draft, starts_at=starts_at, ends_at=ends_at))

    def _set(self, layout: RotaLayout, draft: Draft | None) -> None:
        for one, where in ((self.draft, self._layout), (draft, layout)):
            if one is not None and where is not None:
                self.moved.emit(_box_of(where, one))
        self.draft, self._layout = draft, layout
        self.hinted.emit(self._words(layout.page.zone) if draft is not None else "")

    def _words(self, zone: tzinfo) -> str:
        draft = self.draft
        assert draft is not None
        if draft.hold is Hold.WHOLE:
            if draft.bar is None or draft.target_bar is None:
                return self.tr("Drop it on the bar to swap it with")
            mine, theirs = _named(draft.bar, zone), _named(draft.target_bar, zone)
            return filled(self.tr("Swap %1 with %2"), mine, theirs)
        span = span_words(draft.starts_at, draft.ends_at, zone)
        if draft.bar is None:
            return filled(self.tr("Override %1"), span)
        return filled(self.tr("%1: %2"), draft.bar.person, span)

    def drop(self) -> None:
        """Let go of the draft and ask for it."""
        wish = self.draft.wish() if self.draft is not None else None
        self.let_go()
        if wish is not None:
            self.wished.emit(wish)

    def let_go(self) -> None:
        """Forget the draft."""
        self._pressed = None
        if self.draft is not None and self._layout is not None:
            self._set(self._layout, None)


def _held(placed: Placed, hold: Hold) -> Draft:
    bar = placed.bar
    return Draft(
        hold=hold,
        roster_id=placed.roster_id,
        place=placed.place,
        starts_at=bar.starts_at,
        ends_at=bar.ends_at,
        anchor=bar.starts_at,
        is_backup=bar.kind is BarKind.BACKUP,
        bar=bar,
    )


def _edge(layout: RotaLayout, draft: Draft) -> float:
    """Where the end was that is being dragged: it follows the hand without a jump."""
    assert draft.bar is not None
    is_start = draft.hold is Hold.START
    return layout.scale.x(draft.bar.starts_at if is_start else draft.bar.ends_at)


def _may_swap(one: Placed, other: Placed) -> bool:
    return (
        one.roster_id == other.roster_id
        and one.bar.kind is other.bar.kind
        and one.bar.person_id != other.bar.person_id
    )


def _onto(draft: Draft, other: Placed | None) -> Draft:
    """The draft held over a bar it can be swapped with, or over nothing."""
    if other is None or other.roster_id != draft.roster_id or draft.bar is None:
        return replace(draft, target=None, target_bar=None)
    if other.bar.kind is not draft.bar.kind or other.bar.person_id == draft.bar.person_id:
        return replace(draft, target=None, target_bar=None)
    return replace(draft, target=other.place, target_bar=other.bar)


def _box_of(layout: RotaLayout, draft: Draft) -> QRect:
    if draft.hold is Hold.WHOLE:
        if draft.target is None or draft.target_bar is None:
            return QRect()
        box = layout.box_of(draft.target.row, draft.target.lane, draft.target_bar)
    else:
        box = draft_box(layout, draft)
    return box.adjusted(-4, -4, 4, 4).toAlignedRect()


def _named(bar: Bar, zone: tzinfo) -> str:
    return f"{bar.person}, {span_words(bar.starts_at, bar.ends_at, zone)}"


def moment_words(at: datetime, zone: tzinfo) -> str:
    """``Fri 18:00`` in a zone."""
    local = at.astimezone(zone)
    return f"{DAYS[local.weekday()]} {clock_text(local)}"


def span_words(starts_at: datetime, ends_at: datetime, zone: tzinfo) -> str:
    """``Fri 18:00 to Sat 09:00``."""
    return f"{moment_words(starts_at, zone)} to {moment_words(ends_at, zone)}"
