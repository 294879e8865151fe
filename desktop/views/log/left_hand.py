"""W, A, S and D as arrow keys, for a person whose other hand holds the phone."""

from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

_ARROWS: Final = {
    Qt.Key.Key_W: Qt.Key.Key_Up,
    Qt.Key.Key_A: Qt.Key.Key_Left,
    Qt.Key.Key_S: Qt.Key.Key_Down,
    Qt.Key.Key_D: Qt.Key.Key_Right,
}


class LeftHandKeys(QObject):
    """Makes the buttons inside a control listen to W, A, S and D as well."""

    def __init__(self, *controls: QWidget) -> None:
        super().__init__(controls[0])
        for control in controls:
            for button in control.findChildren(QAbstractButton):
                button.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            arrow = _ARROWS.get(Qt.Key(event.key()))
            if arrow is not None and not event.modifiers():
                none = Qt.KeyboardModifier.NoModifier
                QApplication.sendEvent(watched, QKeyEvent(QEvent.Type.KeyPress, arrow, none))
                return True
        return False
