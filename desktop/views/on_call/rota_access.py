"""The bars of the rota for screen readers: a list of buttons, each with its whole name.

Qt keeps pointers to the interfaces it was given and no reference, so that none may go before Qt
does: there is one for each place in a list, and what it tells is what stands at that place now.
"""

from functools import cache
from typing import Any
from weakref import ref

import shiboken6
from PySide6.QtCore import QObject, QPoint, QRect
from PySide6.QtGui import QAccessible, QAccessibleInterface, QColor, QWindow
from PySide6.QtWidgets import QAccessibleWidget

from desktop.views.on_call.rota_grid import RotaGrid
from desktop.views.on_call.rota_layout import Placed

_kept: list[QAccessibleInterface] = []
_NOTHING: Any = None
"""What Qt expects where there is no interface; its Python signatures leave that out."""


class SpokenBar(QAccessibleInterface):
    """The bar at one place: a button that says who is on call for what, from when until when."""

    def __init__(self, grid: RotaGrid, at: int) -> None:
        super().__init__()
        self._grid = ref(grid)
        self._at = at

    @property
    def _here(self) -> tuple[RotaGrid, Placed] | None:
        grid = self._grid()
        if grid is None or not shiboken6.isValid(grid):
            return None
        bars = list(grid.layout_now.bars())
        return (grid, bars[self._at]) if self._at < len(bars) else None

    def isValid(self) -> bool:
        return self._here is not None

    def object(self) -> QObject:
        return _NOTHING  # type: ignore[no-any-return]

    def window(self) -> QWindow:
        return self._here[0].window().windowHandle() if self._here else _NOTHING

    def parent(self) -> QAccessibleInterface:
        return QAccessible.queryAccessibleInterface(self._here[0]) if self._here else _NOTHING

    def child(self, index: int) -> QAccessibleInterface:
        return _NOTHING  # type: ignore[no-any-return]

    def childAt(self, x: int, y: int) -> QAccessibleInterface:
        return _NOTHING  # type: ignore[no-any-return]

    def childCount(self) -> int:
        return 0

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        return -1

    def rect(self) -> QRect:
        if self._here is None:
            return QRect()
        grid, placed = self._here
        return grid.screen_box(placed)

    def role(self) -> QAccessible.Role:
        return QAccessible.Role.Button

    def state(self) -> QAccessible.State:
        state = QAccessible.State()
        if self._here is not None:
            grid, placed = self._here
            state.focusable = True
            state.focused = grid.hasFocus() and grid.current == placed
        return state

    def text(self, kind: QAccessible.Text) -> str:
        is_name = kind == QAccessible.Text.Name and self._here is not None
        return self._here[1].bar.spoken if is_name and self._here else ""

    def setText(self, kind: QAccessible.Text, text: str) -> None:
        """A bar is named by what it stands for."""

    def backgroundColor(self) -> QColor:
        return QColor()

    def foregroundColor(self) -> QColor:
        return QColor()


class SpokenRota(QAccessibleWidget):
    """The rota with its bars in reading order."""

    def __init__(self, grid: RotaGrid) -> None:
        super().__init__(grid, QAccessible.Role.List, grid.accessibleName())
        self._grid = ref(grid)
        self._bars: list[SpokenBar] = []

    def childCount(self) -> int:
        grid = self._grid()
        if grid is None or not shiboken6.isValid(grid):
            return 0
        count = sum(1 for _ in grid.layout_now.bars())
        for at in range(len(self._bars), count):
            self._bars.append(SpokenBar(grid, at))
            _kept.append(self._bars[at])
        return count

    def child(self, index: int) -> QAccessibleInterface:
        return self._bars[index] if 0 <= index < self.childCount() else _NOTHING

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        return self._bars.index(child) if child in self._bars else -1

    def childAt(self, x: int, y: int) -> QAccessibleInterface:
        shown = self._bars[: self.childCount()]
        return next((bar for bar in shown if bar.rect().contains(QPoint(x, y))), _NOTHING)

    def focusChild(self) -> QAccessibleInterface:
        shown = self._bars[: self.childCount()]
        return next((bar for bar in shown if bar.state().focused), _NOTHING)


@cache
def speak_rotas() -> None:
    """Let Qt ask for the bars of every rota, from now on."""
    QAccessible.installFactory(_made)


def _made(_: str, thing: Any) -> QAccessibleInterface | None:
    if not isinstance(thing, RotaGrid):
        return None
    _kept.append(SpokenRota(thing))
    return _kept[-1]
