"""The application without a display, for the tour and the pictures of the screens."""

import os
import sys

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from desktop.application import start_application

# Qt's offscreen platform says this for each menu that opens; it has no category to switch off.
NOT_SUPPORTED = "This plugin does not support "


def start_offscreen() -> QApplication:
    """The application object on Qt's offscreen platform, unless another one is asked for."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    qInstallMessageHandler(_pass_on)
    return start_application(["firstline"])


def _pass_on(_kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    if not message.startswith(NOT_SUPPORTED):
        sys.stderr.write(f"{message}\n")
