"""Hands and eyes of a tour: real keys and clicks in, pictures and waiting out."""

import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QEventLoop, QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from desktop.main_window import MainWindow
from desktop.widgets.dialog import DialogFrame

W = TypeVar("W", bound=QWidget)

PATIENCE_S = 60.0
"""How long a tour waits for something to be seen before the step has failed."""

STEP_MS = 10


def pause(milliseconds: int) -> None:
    """Let the program run for a while.

    Not ``QTest.qWait``: it keeps Python's lock while it waits, so no other thread gets on.
    """
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


Look = Callable[..., object]
"""Asks the shared database past the program: a query with its values, answered by one value."""


def look_into(path: Path) -> Look:
    """Asks an embedded shared database, each time through a connection of its own."""

    def look(sql: str, *values: object) -> object:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
        try:
            row = connection.execute(sql, values).fetchone()
        finally:
            connection.close()
        return None if row is None else row[0]

    return look


class NotSeen(AssertionError):
    """What a step waited for did not come."""


@dataclass
class Driver:
    """Drives one window and reads back what it did to the shared database."""

    window: MainWindow
    look: Look
    folder: Path
    is_idle: Callable[[], bool]
    pictures: list[int] = field(default_factory=lambda: [0])
    """How many were taken; the desks of one story count together."""

    # -- hands ----------------------------------------------------------------------------

    def keys(self, text: str) -> None:
        """Type a text, key by key, into whatever has the keyboard at that moment."""
        for letter in text:
            held = Qt.KeyboardModifier.NoModifier
            if letter.isupper():
                held = Qt.KeyboardModifier.ShiftModifier
            if letter.isascii():
                QTest.keyClicks(self._target(), letter, held)
            else:  # the test library knows keys of ASCII only
                QTest.sendKeyEvent(
                    QTest.KeyAction.Click, self._target(), Qt.Key.Key_unknown, letter, held
                )

    def press(self, key: Qt.Key, *modifiers: Qt.KeyboardModifier) -> None:
        """Press a key that is no letter, or a letter with modifiers."""
        held = Qt.KeyboardModifier.NoModifier
        for modifier in modifiers:
            held |= modifier
        QTest.keyClick(self._target(), key, held)

    def write(self, field: QWidget, text: str) -> None:
        """Click into a field and type."""
        self.click(field)
        QTest.keyClicks(field, text)

    def click(self, widget: QWidget, at: QPoint | None = None) -> None:
        """Click where a hand would."""
        self.until(widget.isVisible, f"{widget.accessibleName() or widget} to be visible")
        self.until(widget.isEnabled, f"{widget.accessibleName() or widget} to be enabled")
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=at or widget.rect().center())

    def _target(self) -> QWidget:
        target = QApplication.focusWidget()
        return target if target is not None else self.window

    # -- eyes -----------------------------------------------------------------------------

    def until(self, seen: Callable[[], object], what: str, patience_s: float = PATIENCE_S) -> None:
        """Let the program run until something is so.

        Raises:
            NotSeen: it did not come in time.
        """
        end = time.monotonic() + patience_s
        while not seen():
            if time.monotonic() > end:
                raise NotSeen(f"waited {patience_s:.0f} s for {what}")
            pause(STEP_MS)

    def settle(self) -> None:
        """Wait until nothing is being read, given or sent, and everything is painted."""
        self.until(self.is_idle, "the desk to be idle")
        pause(2 * STEP_MS)
        self.until(self.is_idle, "the desk to be idle")

    def dialog(self) -> DialogFrame:
        """The dialog that is open."""
        self.until(self.dialogs, "a dialog to open")
        return self.dialogs()[-1]

    def no_dialog(self) -> None:
        """Wait until no dialog is open."""
        self.until(lambda: not self.dialogs(), "the dialog to close")

    def dialogs(self) -> list[DialogFrame]:
        """Every dialog that is open."""
        return [d for d in self.window.findChildren(DialogFrame) if d.isVisible()]

    def named(self, kind: type[W], name: str, root: QWidget | None = None) -> W:
        """The visible widget of a kind with this accessible name or text."""
        found: list[W] = []

        def look() -> bool:
            found[:] = [
                w
                for w in (root or self.window).findChildren(kind)
                if w.isVisible() and name in (w.accessibleName(), _text(w))
            ]
            return bool(found)

        self.until(look, f"“{name}” to be seen")
        return found[0]

    def shown(self, kind: type[W], root: QWidget | None = None) -> W:
        """The first visible widget of a kind."""
        found: list[W] = []

        def look() -> bool:
            found[:] = [w for w in (root or self.window).findChildren(kind) if w.isVisible()]
            return bool(found)

        self.until(look, f"a {kind.__name__}")
        return found[0]

    def picture(self, name: str, of: QWidget | None = None) -> Path:
        """Leave a numbered picture of the window, or of one that stands above it."""
        self.settle()
        self.pictures[0] += 1
        path = self.folder / f"{self.pictures[0]:02d}_{name}.png"
        (of or self.window).grab().save(str(path))
        return path

    # -- the shared database, through a connection of its own -----------------------------

    def found(self, sql: str, *values: object) -> object:
        """The first value a query finds in the shared database, or None."""
        return self.look(sql, *values)

    def until_found(self, expected: object, sql: str, *values: object) -> None:
        """Wait until the shared database says what is expected."""
        self.until(
            lambda: self.found(sql, *values) == expected,
            f"the shared database to hold {expected!r}, it holds {self.found(sql, *values)!r}",
        )


def _text(widget: QWidget) -> str:
    return widget.text() if isinstance(widget, QAbstractButton) else ""
