"""The column beside the form: what is still missing, and what the caller reported before."""

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.theme.sizes import GUTTER_PANE
from desktop.views.dialogs.controls import scrolled
from desktop.views.log.cards import EarlierCard, QuietHint, ReadinessCard
from desktop.widgets.card import Surface
from services.incidents.read_models import RelatedItem


class AssistColumn(Surface):
    """Cards that help; none of them ever takes the keyboard."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("bg.app", parent)
        self.readiness = ReadinessCard()
        self.earlier = EarlierCard()
        self._hint = QuietHint(
            "history", self.tr("Earlier incidents appear here once the caller is known.")
        )
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(GUTTER_PANE, GUTTER_PANE, GUTTER_PANE, GUTTER_PANE)
        column.setSpacing(12)
        column.addWidget(self.readiness)
        column.addWidget(self.earlier)
        column.addWidget(self._hint)
        column.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolled(holder))
        self.earlier.hide()

    def show_caller(self, known: bool) -> None:
        """Make room for what a known caller reported before; it arrives a moment later."""
        self._hint.setVisible(not known)
        if not known:
            self.earlier.hide()

    def show_earlier(self, caller: str, items: Sequence[RelatedItem], now: datetime) -> None:
        """Show earlier incidents of the caller."""
        self.earlier.show_items(caller, items, now)
        self.earlier.setVisible(bool(caller))
