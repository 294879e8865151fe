"""Every test of a view starts in the light theme; a window is there for those that ask."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.main_window import MainWindow
from desktop.theme.theme import apply_theme


@pytest.fixture(autouse=True)
def light(qapp: QApplication) -> Iterator[None]:
    apply_theme(qapp, "light")
    yield
    apply_theme(qapp, "light")


@pytest.fixture
def window(qtbot: QtBot) -> MainWindow:
    """The window of the program, shown."""
    window = MainWindow()
    qtbot.addWidget(window, before_close_func=lambda shown: setattr(shown, "_may_close", True))
    window.resize(1440, 900)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    return window
