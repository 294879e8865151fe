"""Tips that show a text as it was typed."""

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QAbstractItemView, QToolTip


def plain_tip(text: str) -> str:
    """A tip that Qt cannot take for markup of its author."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace("\n", "<br>")
    return f"<span>{escaped}</span>" if text else ""


def show_tip(
    event: QHelpEvent, view: QAbstractItemView, index: QModelIndex | QPersistentModelIndex
) -> bool:
    """Answer a view's question for a tip; False when it asked for something else."""
    if event.type() != QEvent.Type.ToolTip:
        return False
    tip = index.data(Qt.ItemDataRole.ToolTipRole) if index.isValid() else None
    QToolTip.showText(event.globalPos(), plain_tip(str(tip or "")), view)
    return True
