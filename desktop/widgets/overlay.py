"""Where things that float above a screen are put: inside the window, never in one of their own."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget


class Overlay(QWidget):
    """Covers the whole of its host and follows its size."""

    def __init__(self, host: QWidget) -> None:
        super().__init__(host)
        self._host = host
        host.installEventFilter(self)
        self.setGeometry(host.rect())
        self.hide()

    @property
    def host(self) -> QWidget:
        """What it covers."""
        return self._host

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # While the collector takes a window apart, events still arrive after the attributes left.
        host: QWidget | None = getattr(self, "_host", None)
        if host is not None and watched is host and event.type() == QEvent.Type.Resize:
            self.setGeometry(host.rect())
        return False


def floating_host(widget: QWidget) -> QWidget:
    """The overlay a widget stands in, else its window: what a popup is laid upon."""
    step: QWidget | None = widget
    while step is not None:
        if isinstance(step, Overlay):
            return step
        step = step.parentWidget()
    return widget.window()
