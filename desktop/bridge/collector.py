"""Collects garbage on the GUI thread only.

A widget in a reference cycle is destroyed by whichever thread happens to collect it. Qt objects
must go where they live, so the collector of the whole program runs here, from a timer.
"""

import gc

from PySide6.QtCore import QObject, QTimer, Slot

EVERY_MS = 1_000
YOUNG, MIDDLE, OLD = 2_000, 10, 10
"""Objects, and collections of the generation below, after which a generation is collected."""


class Collector(QObject):
    """Takes over garbage collection until stopped."""

    def __init__(self) -> None:
        super().__init__()
        gc.disable()
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(self._collect)
        self._timer.start()

    @Slot()
    def _collect(self) -> None:
        young, middle, old = gc.get_count()
        if old > OLD:
            gc.collect(2)
        elif middle > MIDDLE:
            gc.collect(1)
        elif young > YOUNG:
            gc.collect(0)

    def stop(self) -> None:
        """Give garbage collection back, after what is here was collected here."""
        self._timer.stop()
        gc.collect()
        gc.enable()
