"""What nobody caught, from any thread: logged with its traceback and told once."""

import logging
import sys
import threading
import traceback
from types import TracebackType

from PySide6.QtCore import QObject, Signal

log = logging.getLogger(__name__)


class Bugs(QObject):
    """Tells bugs on the GUI thread. A thread that dies of one is told too."""

    found = Signal(str)

    def install(self) -> None:
        """Take what nobody caught."""
        sys.excepthook = self._take
        threading.excepthook = self._take_from_thread

    def _take_from_thread(self, told: threading.ExceptHookArgs) -> None:
        if told.exc_value is not None:
            self._take(told.exc_type, told.exc_value, told.exc_traceback)

    def _take(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        text = "".join(traceback.format_exception(kind, error, trace))
        log.error("bug %s", text)
        sys.stderr.write(text)
        self.found.emit(text)
