"""Finds texts that did not fit, so that a test can name each of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget


@dataclass(frozen=True, slots=True)
class ShortenedText:
    """A text that was painted with an ellipsis, and the widths it wanted and got."""

    text: str
    role: str
    wanted_px: float
    given_px: float


_watchers: list[list[ShortenedText]] = []


def note_shortened(text: str, role: str, wanted_px: float, given_px: float) -> None:
    """Tell everybody who watches that a text was shortened."""
    for watcher in _watchers:
        watcher.append(ShortenedText(text, role, wanted_px, given_px))


@contextmanager
def watch_shortened() -> Iterator[list[ShortenedText]]:
    """Collects each text that is shortened while the context lasts."""
    found: list[ShortenedText] = []
    _watchers.append(found)
    try:
        yield found
    finally:
        _watchers.remove(found)


def clipped_labels(root: QWidget) -> list[str]:
    """Texts of visible labels below ``root`` that need more room than they have."""
    return [
        label.text()
        for label in root.findChildren(QLabel)
        if label.isVisibleTo(root) and _is_clipped(label)
    ]


def _is_clipped(label: QLabel) -> bool:
    if not label.text() or label.property("elides"):
        return False
    if label.wordWrap():
        return label.heightForWidth(label.width()) > label.height()
    room = label.contentsRect().width()
    shown = label.fontMetrics().size(Qt.TextFlag.TextSingleLine, label.text())
    return shown.width() > room
