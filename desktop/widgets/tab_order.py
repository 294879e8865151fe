"""The order in which Tab goes through what is made as it is needed."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from operator import itemgetter

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractScrollArea, QLayout, QScrollArea, QWidget

_DIRECT = Qt.FindChildOption.FindDirectChildrenOnly


def put_in_reading_order(parts: Iterable[QWidget]) -> None:
    """Let Tab go through these parts as they are read: as their layouts have it."""
    found = [widget for part in parts for widget in in_reading_order(part)]
    for before, after in pairwise(found):
        QWidget.setTabOrder(before, after)


def in_reading_order(widget: QWidget) -> Iterator[QWidget]:
    """What Tab reaches in a widget, itself first, then as its layout has it."""
    if widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
        yield widget
    if isinstance(widget, QScrollArea) and (inside := widget.widget()) is not None:
        yield from in_reading_order(inside)
    elif not isinstance(widget, QAbstractScrollArea) and (layout := widget.layout()) is not None:
        yield from _in_layout(layout, widget.findChildren(QWidget, "", _DIRECT))


def _in_layout(layout: QLayout, widgets: Sequence[QWidget]) -> Iterator[QWidget]:
    """Not by ``itemAt``: PySide keeps the items it returns as children of the layout, and they
    are gone when a widget is taken out, which ends the program at some later time."""
    found: list[tuple[int, QLayout | QWidget]] = [
        *((layout.indexOf(widget), widget) for widget in widgets),
        *((layout.indexOf(inner), inner) for inner in layout.findChildren(QLayout, "", _DIRECT)),
    ]
    for _, part in sorted((each for each in found if each[0] >= 0), key=itemgetter(0)):
        if isinstance(part, QWidget):
            yield from in_reading_order(part)
        else:
            yield from _in_layout(part, widgets)
