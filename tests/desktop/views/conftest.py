"""Every test of a view starts in the light theme."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from desktop.theme.theme import apply_theme


@pytest.fixture(autouse=True)
def light(qapp: QApplication) -> Iterator[None]:
    apply_theme(qapp, "light")
    yield
    apply_theme(qapp, "light")
