"""Columns of widgets that are filled anew."""

from PySide6.QtWidgets import QVBoxLayout


def emptied(column: QVBoxLayout) -> None:
    """Take all widgets out of a column."""
    while (item := column.takeAt(0)) is not None:
        if (old := item.widget()) is not None:
            old.hide()
            old.deleteLater()
