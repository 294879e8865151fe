"""A field for a day and a time that understands what people type on the telephone."""

import re
from datetime import UTC, datetime, timedelta
from typing import Final

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from desktop.text import clock_text, date_text
from desktop.widgets.inputs import LineEdit

_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov",
                  "dec")  # fmt: skip
_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_CLOCK: Final = re.compile(r"\b(\d{1,2})[:.h](\d{2})\b")
_ISO: Final = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b")
_DATE: Final = re.compile(r"\b(\d{1,2})\.?\s+([a-z]{3})[a-z]*\.?(?:\s+(\d{4}))?", re.IGNORECASE)
_STEPS: Final = {
    Qt.Key.Key_Up: timedelta(minutes=5),
    Qt.Key.Key_Down: timedelta(minutes=-5),
    Qt.Key.Key_PageUp: timedelta(days=1),
    Qt.Key.Key_PageDown: timedelta(days=-1),
}


def shown_when(at: datetime) -> str:
    """``Wed 14 Oct 2026, 10:42`` in the zone ``at`` carries."""
    other_year = at.replace(year=1)
    return f"{_DAYS[at.weekday()]} {date_text(at, other_year)}, {clock_text(at)}"


def understood(text: str, before: datetime) -> datetime | None:
    """The moment a text names; what it leaves out is taken from ``before``.

    Understands ``9:15``, ``16 Oct``, ``16 Oct 9:15``, ``2026-10-16 9:15`` and what
    ``shown_when`` writes; None for anything else.
    """
    clock, day = _CLOCK.search(text), _ISO.search(text) or _DATE.search(text)
    if clock is None and day is None:
        return None
    try:
        at = before
        if day is not None:
            year, month, number = _date_of(day, before)
            at = at.replace(year=year, month=month, day=number)
        if clock is not None:
            at = at.replace(hour=int(clock[1]), minute=int(clock[2]), second=0, microsecond=0)
    except ValueError:
        return None
    return at


def _date_of(found: re.Match[str], before: datetime) -> tuple[int, int, int]:
    if found.re is _ISO:
        return int(found[1]), int(found[2]), int(found[3])
    month = _MONTHS.index(found[2].casefold()) + 1
    return int(found[3] or before.year), month, int(found[1])


class WhenField(LineEdit):
    """A day and a time in the zone of this desk, given in UTC; arrows and the wheel change it."""

    changed = Signal()

    def __init__(self, name: str, at: datetime, parent: QWidget | None = None) -> None:
        super().__init__(name, icon="clock", parent=parent)
        self._at = at
        self._is_understood = True
        self.set_when(at)
        self.textEdited.connect(self._read)
        self.editingFinished.connect(self._write)

    @property
    def when(self) -> datetime:
        """The moment, in UTC; exactly as given until somebody edits it."""
        return self._at.astimezone(UTC)

    @property
    def is_understood(self) -> bool:
        """Whether what was typed names a moment."""
        return self._is_understood

    def set_when(self, at: datetime) -> None:
        """Show a moment without telling."""
        self._at = at
        self._is_understood = True
        with QSignalBlocker(self):
            self.setText(shown_when(at.astimezone()))
            self.setCursorPosition(0)

    def _read(self, text: str) -> None:
        found = understood(text, self._at.astimezone())
        self._is_understood = found is not None
        if found is not None:
            self._at = found
        self.changed.emit()

    def _write(self) -> None:
        if self._is_understood:
            self.set_when(self._at)

    def _step(self, by: timedelta) -> None:
        self.set_when(self._at + by)
        self.changed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is not None and not event.modifiers():
            self._step(step)
            return
        super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus() and event.angleDelta().y():
            self._step(timedelta(minutes=5 if event.angleDelta().y() > 0 else -5))
        event.accept()
