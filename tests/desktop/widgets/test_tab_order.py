"""Tab goes through what is shown as it is read, and nothing is left of asking for that order."""

import gc

from PySide6.QtWidgets import QHBoxLayout, QLabel, QLayoutItem, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop.widgets.tab_order import in_reading_order


def a_form(qtbot: QtBot) -> QWidget:
    """Made in another order than it is read in."""
    form = QWidget()
    qtbot.addWidget(form)
    last, layout, row = QPushButton("last", form), QVBoxLayout(form), QHBoxLayout()
    layout.addWidget(QLabel("nothing to press"))
    layout.addWidget(QPushButton("first"))
    layout.addLayout(row)
    row.addWidget(QPushButton("left"))
    row.addWidget(QPushButton("right"))
    layout.addWidget(last)
    return form


def items() -> int:
    """Wrappers of what a layout holds by itself; they outlive it without knowing."""
    gc.collect()
    return sum(type(each).__name__ == "QWidgetItem" for each in gc.get_objects())


def test_tab_goes_as_the_layout_has_it(qtbot: QtBot) -> None:
    found = [
        part.text() for part in in_reading_order(a_form(qtbot)) if isinstance(part, QPushButton)
    ]
    assert found == ["first", "left", "right", "last"]


def test_no_item_of_a_layout_is_kept(qtbot: QtBot) -> None:
    form, before = a_form(qtbot), items()
    list(in_reading_order(form))
    assert items() == before
    layout = form.layout()
    assert layout is not None
    kept: QLayoutItem | None = layout.itemAt(0)
    assert kept is not None
    del kept
    assert items() > before, "the count does not see what is kept"
