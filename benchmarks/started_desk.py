"""The other side of cold_start: starts a desk or an empty window, tells when it can be used.

    python -m benchmarks.started_desk desk|window STARTED

STARTED is the monotonic time at which the parent began. One line of JSON is printed once the
first rows (or the empty window) are painted; ``FIRSTLINE_HOME`` names the desk.
"""

import json
import sys
import time
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget

LATER_MS = 1_500
PATIENCE_MS = 60_000


class PaintWatch(QObject):
    """Waits for the first paint event that shows what is meant, then for its end."""

    def __init__(self, application: QApplication, kind: str, started: float) -> None:
        super().__init__()
        self._application = application
        self._kind = kind
        self._started = started
        self._found: dict[str, float | int] = {}
        application.installEventFilter(self)
        QTimer.singleShot(PATIENCE_MS, lambda: application.exit(1))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not self._found and event.type() == QEvent.Type.Paint and self._is_meant(watched):
            self._found = {"imported_s": 0.0}
            QTimer.singleShot(0, self._note)
        return False

    def _is_meant(self, watched: QObject) -> bool:
        if self._kind == "window":
            return isinstance(watched, QWidget)
        from desktop.views.queue.worklist_view import WorklistView

        table = watched.parent()
        if not isinstance(table, WorklistView) or watched is not table.viewport():
            return False
        model = table.model()
        number = model.number_at(0)  # type: ignore[attr-defined]
        return number is not None and model.row_of(number) is not None  # type: ignore[attr-defined]

    def _note(self) -> None:
        self._application.removeEventFilter(self)
        self._found = {"usable_s": time.perf_counter() - self._started, **memory()}
        QTimer.singleShot(LATER_MS, self._finish)

    def _finish(self) -> None:
        later = {f"later_{name}": value for name, value in memory().items()}
        print(json.dumps({**self._found, **later}), flush=True)
        for widget in self._application.topLevelWidgets():
            widget.close()
        self._application.quit()


def memory() -> dict[str, int]:
    """Resident and proportional memory of this process in kB."""
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    values = {line.split(":")[0]: line.split()[1] for line in lines if ": " in line}
    return {"rss_kb": int(values["Rss"]), "pss_kb": int(values["Pss"])}


def show_window(started: float) -> int:
    """An empty window, as small as a program of this kind can be."""
    application = QApplication(sys.argv[:1])
    watch = PaintWatch(application, "window", started)
    window = QWidget()
    window.resize(1440, 900)
    window.show()
    code = application.exec()
    del watch
    return code


def show_desk(started: float) -> int:
    """The desk, by the way ``python -m desktop`` takes."""
    from desktop.__main__ import desk_program

    def run(application: QApplication) -> int:
        watch = PaintWatch(application, "desk", started)
        code = application.exec()
        del watch
        return code

    return desk_program()(run)


if __name__ == "__main__":
    kind, since = sys.argv[1], float(sys.argv[2])
    sys.exit(show_window(since) if kind == "window" else show_desk(since))
