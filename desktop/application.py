"""The Qt application: one for each profile, with its lock, its log and its signals."""

import logging
import logging.handlers
import signal
from collections.abc import Callable
from importlib import resources

from PySide6.QtCore import QLockFile, QTimer
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QApplication

from services.core.errors import AppError
from services.core.paths import Home

LOG_SIZE_BYTES = 2_000_000


class ProfileInUse(AppError):
    """Another window works with this profile."""

    code = "profile-in-use"


def start_application(arguments: list[str]) -> QApplication:
    """The one application object, with the names the desktop knows it by."""
    application = QApplication(arguments)
    application.setApplicationName("firstline")
    application.setApplicationDisplayName("Firstline")
    application.setDesktopFileName("firstline")
    application.setWindowIcon(window_icon())
    # The program ends when it says so: while pages are open it goes on without its window.
    application.setQuitOnLastWindowClosed(False)
    return application


def window_icon() -> QIcon:
    """The mark of the program, for task bars and window lists."""
    drawn = (resources.files("resources") / "icons" / "firstline.svg").read_bytes()
    pixmap = QPixmap()
    pixmap.loadFromData(drawn, "svg")
    return QIcon(pixmap)


def lock_profile(home: Home) -> QLockFile:
    """Hold this profile for one window.

    Raises:
        ProfileInUse: another window holds it.
    """
    home.create()
    lock = QLockFile(str(home.lock))
    lock.setStaleLockTime(0)
    if not lock.tryLock(100):
        raise ProfileInUse(folder=str(home.data))
    return lock


def log_to(home: Home) -> None:
    """Write the log into the profile's folder, at most two files of 2 MB."""
    home.create()
    handler = logging.handlers.RotatingFileHandler(
        home.log / "firstline.log", maxBytes=LOG_SIZE_BYTES, backupCount=1, encoding="utf-8"
    )
    handler.setFormatter(
        logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s", "%Y-%m-%dT%H:%M:%S")
    )
    logging.basicConfig(level=logging.INFO, handlers=[handler])


def quit_on_signals(application: QApplication, quit_: Callable[[], None]) -> QTimer:
    """Let Ctrl-C and a polite kill end the program in order."""
    for name in (signal.SIGINT, signal.SIGTERM):
        # Later, not within whatever the signal interrupted.
        signal.signal(name, lambda *_: QTimer.singleShot(0, quit_))
    heartbeat = QTimer(application, interval=250)
    heartbeat.timeout.connect(lambda: None)
    heartbeat.start()
    return heartbeat
