"""A dialog inside the window: the screen stays visible under a scrim."""

from typing import Final

from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from desktop.theme.sizes import FOOTER, GAP_BUTTONS, GUTTER_FORM, RADIUS_DIALOG
from desktop.theme.theme import current_theme
from desktop.widgets.badges import PriorityBadge
from desktop.widgets.buttons import Button, IconButton
from desktop.widgets.icon_label import IconLabel
from desktop.widgets.labels import PlainLabel
from desktop.widgets.overlay import Overlay
from desktop.widgets.paint import hairline, rounded, shadow

_MARGIN: Final = 24


class _Panel(QWidget):
    """The sheet of a dialog with a line above its footer."""

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        rounded(painter, QRectF(self.rect()), RADIUS_DIALOG, current_theme().color("bg.surface"))
        hairline(painter, 0, self.height() - FOOTER - 1, self.width(), "line.subtle")
        painter.end()


class DialogFrame(Overlay):
    """Head, body and footer over a scrim; Esc closes, Ctrl+Enter takes the primary act.

    Focus stays inside until it closes and then returns to where it was. ``body`` is an
    empty layout for the caller; a body that meets the edges brings its own margins.
    """

    accepted = Signal()
    rejected = Signal()

    def __init__(
        self,
        host: QWidget,
        title: str,
        *,
        primary: str,
        primary_icon: str | None = None,
        danger: bool = False,
        cancel: str = "",
        size: tuple[int, int] = (900, 560),
    ) -> None:
        super().__init__(host.window())
        self._size = size
        self._returns_to: QWidget | None = None
        self._panel = _Panel(self)
        self.setAccessibleName(title)
        self._panel.setAccessibleName(title)
        self._title = PlainLabel(title, "title")
        self.subject_row = QHBoxLayout()
        self.head = QVBoxLayout()
        self.body = QVBoxLayout()
        self.primary_button = Button(
            primary, "danger" if danger else "primary",
            icon=primary_icon, keys="Ctrl ↵", height=32,
        )  # fmt: skip
        self.cancel_button = Button(cancel or self.tr("Cancel"), keys="Esc", height=32)
        self.close_button = IconButton("close", self.tr("Close"), keys="Esc")
        self._foot_icon = IconLabel("route", "fg.muted")
        self._foot_text = PlainLabel("", "meta", "fg.muted", wrap=True)
        self._build()
        self._connect()

    def _build(self) -> None:
        column = QVBoxLayout(self._panel)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        top = QHBoxLayout()
        top.setContentsMargins(GUTTER_FORM, 16, 16, 0)
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(self._title)
        self.subject_row.setSpacing(8)
        words.addLayout(self.subject_row)
        top.addLayout(words, 1)
        top.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(top)
        self.head.setContentsMargins(GUTTER_FORM, 12, GUTTER_FORM, 0)
        column.addLayout(self.head)
        self.body.setContentsMargins(GUTTER_FORM, 16, GUTTER_FORM, 16)
        self.body.setSpacing(12)
        column.addLayout(self.body, 1)
        column.addWidget(self._footer())

    def _footer(self) -> QWidget:
        footer = QWidget()
        footer.setFixedHeight(FOOTER)
        row = QHBoxLayout(footer)
        row.setContentsMargins(GUTTER_FORM, 0, GUTTER_FORM, 0)
        row.setSpacing(GAP_BUTTONS)
        row.addWidget(self._foot_icon)
        row.addWidget(self._foot_text, 1)
        row.addWidget(self.cancel_button)
        row.addWidget(self.primary_button)
        self._foot_icon.hide()
        return footer

    def _connect(self) -> None:
        self.primary_button.clicked.connect(self.accepted)
        self.cancel_button.clicked.connect(self.reject)
        self.close_button.clicked.connect(self.reject)

    def set_subject(self, priority: int | None, key: str, summary: str) -> None:
        """Say below the title what the dialog is about: badge, key and summary."""
        while (item := self.subject_row.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        if priority is not None:
            self.subject_row.addWidget(PriorityBadge(priority))
        self.subject_row.addWidget(PlainLabel(key, "mono", "fg.muted"))
        self.subject_row.addWidget(PlainLabel(summary, "meta", "fg.muted", elide=True), 1)

    def set_footer(self, text: str, icon: str | None = None, token: str = "fg.muted") -> None:
        """Say at the left of the footer what will happen."""
        self._foot_text.setText(text)
        self._foot_text.set_token(token)
        self._foot_icon.setVisible(icon is not None)
        if icon:
            self._foot_icon.set_icon(icon, token)

    def open(self, first: QWidget | None = None) -> None:
        """Show over the window and give the keyboard to ``first`` or the first field."""
        self._returns_to = QApplication.focusWidget()
        self.setGeometry(self.host.rect())
        self.show()
        self.raise_()
        self._lay_out()
        target = first or self._first_field()
        target.setFocus(Qt.FocusReason.TabFocusReason)

    def reject(self) -> None:
        """Close without the act."""
        self.close_dialog()
        self.rejected.emit()

    def close_dialog(self) -> None:
        """Take the dialog away and give the keyboard back."""
        self.hide()
        if self._returns_to is not None and self._returns_to.isVisible():
            self._returns_to.setFocus(Qt.FocusReason.OtherFocusReason)
        self._returns_to = None
        if self.testAttribute(Qt.WidgetAttribute.WA_DeleteOnClose):
            self.deleteLater()

    def _ring(self) -> list[QWidget]:
        """Everything inside that Tab may reach, in the order it was built.

        Not by ``nextInFocusChain``: PySide takes what that returns for a child of what it was
        asked of, and lets go of half the window when a list inside the dialog closes.
        """
        return [
            widget
            for widget in self.findChildren(QWidget)
            if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
            and widget.isVisible()
            and widget.isEnabled()
        ]

    def _first_field(self) -> QWidget:
        ends = (self.close_button, self.cancel_button, self.primary_button)
        fields = [widget for widget in self._ring() if widget not in ends]
        return fields[0] if fields else self.primary_button

    def focusNextPrevChild(self, forward: bool) -> bool:
        ring = self._ring()
        at = QApplication.focusWidget()
        if not ring:
            return True
        here = ring.index(at) if at in ring else -1
        ring[(here + (1 if forward else -1)) % len(ring)].setFocus(
            Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
        )
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.key() == Qt.Key.Key_Escape:
            self.reject()
        elif enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.primary_button.click()
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def _lay_out(self) -> None:
        width = min(self._size[0], self.width() - 2 * _MARGIN)
        height = min(self._size[1], self.height() - 2 * _MARGIN)
        box = QRect(0, 0, width, height)
        box.moveCenter(self.rect().center())
        self._panel.setGeometry(box)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("bg.scrim"))
        shadow(painter, QRectF(self._panel.geometry()), RADIUS_DIALOG)
        painter.end()
