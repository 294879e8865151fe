"""Who else is at this record just now: small initials with a ring, and what they do."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.views.tips import plain_tip
from desktop.widgets.badges import Avatar
from desktop.widgets.banner import announce
from desktop.widgets.labels import PlainLabel

_MOST: Final = 3
"""Initials that have room beside the key; the tip names everybody."""


@dataclass(frozen=True, slots=True)
class Companion:
    """A colleague who has the same record open."""

    name: str
    is_writing: bool


class Company(QWidget):
    """Hidden while nobody else is here."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[Companion, ...] = ()
        self._avatars = tuple(Avatar("", size=24, ring=True) for _ in range(_MOST))
        self._word = PlainLabel("", "meta", "fg.muted")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for avatar in self._avatars:
            row.addWidget(avatar)
        row.addWidget(self._word)
        self.hide()

    def show_company(self, companions: Sequence[Companion]) -> None:
        """Show who is here, writers first; said aloud when somebody begins to write."""
        before, self._shown = (
            self._shown,
            tuple(sorted(companions, key=lambda c: (not c.is_writing, c.name))),
        )
        names = [companion.name for companion in self._shown]
        for place, avatar in enumerate(self._avatars):
            avatar.setVisible(place < len(names))
            avatar.set_name(names[place] if place < len(names) else "")
        writes = any(companion.is_writing for companion in self._shown)
        self._word.setText(self.tr("writing") if writes else self.tr("viewing"))
        sentences = " ".join(self._sentence(companion) for companion in self._shown)
        self.setAccessibleName(sentences)
        self.setToolTip(plain_tip(sentences))
        self.setVisible(bool(names))
        if writes and self._shown != before:
            announce(self, sentences)

    def _sentence(self, companion: Companion) -> str:
        if companion.is_writing:
            return self.tr("%1 is writing.").replace("%1", companion.name)
        return self.tr("%1 is reading this.").replace("%1", companion.name)
