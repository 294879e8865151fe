"""The part of the escalation form that pages: whether, whom, and through which steps."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.views.dialogs.words import filled, first_name
from desktop.views.paging.cover_words import called_first, policy_words
from desktop.widgets.card import Card
from desktop.widgets.choices import CheckRow
from desktop.widgets.icon_label import IconLabel
from desktop.widgets.labels import PlainLabel
from services.incidents.directory import Directory
from services.incidents.incident import Incident
from services.paging.read_models import Cover


class PagePart(QWidget):
    """A check that follows the policy until a person sets it, and who will be woken, in words.

    Offline it says that the page waits, and offers the number to call by hand.
    """

    changed = Signal()

    def __init__(self, incident: Incident, directory: Directory, *, is_online: bool) -> None:
        super().__init__()
        self._incident, self._directory, self._is_online = incident, directory, is_online
        self._cover: Cover | None = None
        self._is_set_by_hand = False
        self._check = CheckRow(self.tr("Page now"), " ")
        self._wakes = PlainLabel("", "meta", "fg.muted", wrap=True)
        self._offline = Card("warn.tint", "warn.line", margins=(12, 6, 12, 6))
        self._offline.body.setSpacing(2)
        self._phone = PlainLabel("", "heading", selectable=True)
        self._whose = PlainLabel("", "meta", "fg.muted")
        self._build()
        self._check.clicked.connect(self._set_by_hand)
        self._check.toggled.connect(lambda _: self._tell())
        self.hide()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self._check)
        indented = QHBoxLayout()
        indented.setContentsMargins(25, 0, 0, 0)
        indented.addWidget(self._wakes, 1)
        column.addLayout(indented)
        waits = self.tr("Offline: the page waits for connection. Call now:")
        self._offline.body.addWidget(PlainLabel(waits, "meta.medium", "warn.fg", wrap=True))
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(IconLabel("call", "warn.fg"))
        row.addWidget(self._phone)
        row.addWidget(self._whose, 1)
        self._offline.body.addLayout(row)
        column.addWidget(self._offline)

    def show_cover(self, cover: Cover | None, phone: str = "") -> None:
        """Show who would be woken; the check follows the policy unless it was set by hand."""
        self._cover = cover
        self.setVisible(cover is not None)
        if cover is None:
            return
        name = called_first(cover, self._directory)
        title = filled(self.tr("Page %1 now"), first_name(name)) if name else self.tr("Page now")
        self._check.set_texts(title, policy_words(cover, self._incident))
        if not self._is_set_by_hand:
            self._check.setChecked(cover.silence is None)
        self._wakes.setText(cover.wakes)
        self._check.setAccessibleDescription(
            f"{policy_words(cover, self._incident)}. {cover.wakes}"
        )
        self._phone.setText(phone or self.tr("No phone known"))
        self._whose.setText(name)
        self._tell()

    @property
    def is_paging(self) -> bool:
        """Whether a page is asked for."""
        return self._cover is not None and self._check.isChecked()

    def _set_by_hand(self) -> None:
        self._is_set_by_hand = True

    def _tell(self) -> None:
        waits = not self._is_online and self._check.isChecked()
        self._offline.setVisible(waits)
        self._wakes.setVisible(not waits)
        self.changed.emit()
