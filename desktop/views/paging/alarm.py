"""One's own pages, in a window that stays on top and never takes the keyboard."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Final

from PySide6.QtCore import QElapsedTimer, QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from desktop.text import ago_text, incident_key
from desktop.theme.theme import current_theme
from desktop.views.dialogs.words import filled
from desktop.views.paging.snoozing import snooze_choices
from desktop.widgets.badges import PriorityBadge, SeverityPill
from desktop.widgets.banner import announce
from desktop.widgets.buttons import Button
from desktop.widgets.card import Rule
from desktop.widgets.icon_label import IconLabel
from desktop.widgets.labels import PlainLabel
from desktop.widgets.paint import rounded
from services.paging.read_models import OwnPage

AT_MOST: Final = 3
"""How many pages are shown at once; the rest is counted."""

UNINVITED_MS: Final = 500
"""The keyboard comes this soon only from a window manager that ignores how we are shown."""

_WIDTH: Final = 460
_MARGIN: Final = 16
_BAR: Final = 4
_FLAGS: Final = (
    Qt.WindowType.Tool | Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint
)


class OwnPageRow(QWidget):
    """One page: what burns, who asks, and four ways to answer."""

    acknowledged = Signal(object)
    declined = Signal(object)
    snoozed = Signal(object, int)
    opened = Signal(object)

    def __init__(self, page: OwnPage, now: datetime, *, is_online: bool) -> None:
        super().__init__()
        self._page, self._now = page, now
        self.acknowledge = Button(self.tr("Acknowledge"), "primary", icon="apply", height=32)
        self.decline = Button(self.tr("Can't, next please"), height=32)
        self.snooze = Button(self.tr("Snooze"), icon="paused", height=32)
        self.open_incident = Button(self.tr("Open"), "ghost", height=32)
        self._menu = QMenu(self)
        self._build(is_online)
        self.acknowledge.clicked.connect(partial(self._tell, self.acknowledged))
        self.decline.clicked.connect(partial(self._tell, self.declined))
        self.open_incident.clicked.connect(partial(self._tell, self.opened))
        self.snooze.clicked.connect(self._open_snoozes)
        self.setAccessibleName(self.spoken)

    @property
    def spoken(self) -> str:
        """The page in one sentence."""
        page = self._page
        what = page.summary or self.tr("Confidential incident")
        return f"{incident_key(page.number)}, {what}. {self._asks()}"

    def _asks(self) -> str:
        page = self._page
        who = filled(self.tr("%1 asks"), page.asked_by) if page.asked_by else ""
        if page.team:
            who = filled(self.tr("%1, for %2"), who, page.team)
        ago = ago_text(self._now - page.called_at)
        return f"{who}  ·  {ago}" if who else ago

    def _build(self, is_online: bool) -> None:
        page = self._page
        column = QVBoxLayout(self)
        column.setContentsMargins(_MARGIN + _BAR, 12, _MARGIN, 14)
        column.setSpacing(6)
        head = QHBoxLayout()
        head.setSpacing(8)
        if page.severity is not None:
            head.addWidget(SeverityPill(int(page.severity.value[-1])))
        if page.priority is not None:
            head.addWidget(PriorityBadge(int(page.priority)))
        head.addWidget(PlainLabel(incident_key(page.number), "mono", "fg.muted"))
        head.addStretch(1)
        head.addWidget(PlainLabel(self._asks(), "meta", "fg.muted"))
        column.addLayout(head)
        title = page.summary or self.tr("Confidential incident")
        column.addWidget(PlainLabel(title, "heading", wrap=True))
        if page.reason:
            column.addWidget(PlainLabel(page.reason, "body", "fg.muted", wrap=True))
        if note := self._note(is_online):
            column.addWidget(PlainLabel(note, "meta.medium", "warn.fg", wrap=True))
        buttons = QHBoxLayout()
        buttons.setContentsMargins(0, 4, 0, 0)
        buttons.setSpacing(8)
        for button in (self.acknowledge, self.decline, self.snooze):
            button.setEnabled(is_online and not page.is_answering)
            buttons.addWidget(button)
        buttons.addStretch(1)
        buttons.addWidget(self.open_incident)
        column.addLayout(buttons)

    def _note(self, is_online: bool) -> str:
        if not is_online and self._page.is_answering:
            return self.tr("Your answer is not saved for all: others go on being called.")
        if not is_online:
            return self.tr("Offline: answering needs the connection. Call whoever asks.")
        return self.tr("Your answer is on its way.") if self._page.is_answering else ""

    def _tell(self, signal: object, *_: object) -> None:
        signal.emit(self._page)  # type: ignore[attr-defined]

    def _open_snoozes(self) -> None:
        self._menu.clear()
        for words, seconds in snooze_choices(self._now):
            action = self._menu.addAction(words)
            action.triggered.connect(partial(self._snooze, seconds))
        corner = self.snooze.rect().bottomLeft()
        self._menu.popup(self.snooze.mapToGlobal(corner))

    def _snooze(self, seconds: int, *_: object) -> None:
        self.snoozed.emit(self._page, seconds)


class PageAlarm(QWidget):
    """Every own page that waits, the newest on top, in the lower right corner of the screen.

    It is shown without being activated and takes the keyboard only when it is clicked, so that
    nothing typed elsewhere is lost to it.
    """

    acknowledged = Signal(object)
    declined = Signal(object)
    snoozed = Signal(object, int)
    opened = Signal(object)
    muted = Signal(bool)

    def __init__(self) -> None:
        super().__init__(None, _FLAGS)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        self.setAttribute(Qt.WidgetAttribute.WA_MacAlwaysShowToolWindow)
        self.setWindowTitle(self.tr("Firstline: you are paged"))
        self.setFixedWidth(_WIDTH)
        self._mark = IconLabel("bell", "danger.fg")
        self._title = PlainLabel("", "body.strong")
        self._sound = Button("", "ghost", height=24)
        self._is_loud = True
        self._rows = QVBoxLayout()
        self._pages: list[OwnPageRow] = []
        self._rest = PlainLabel("", "meta", "fg.muted")
        self._shown: tuple[object, ...] = ()
        self._since = QElapsedTimer()
        self._returns_to: QWidget | None = None
        self._build()
        self._sound.clicked.connect(lambda: self.muted.emit(self._is_loud))

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(_MARGIN + _BAR, 10, _MARGIN, 8)
        head.setSpacing(8)
        head.addWidget(self._mark)
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self._sound)
        self._rows.setSpacing(0)
        self._rest.setContentsMargins(_MARGIN + _BAR, 8, _MARGIN, 10)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(Rule("line.default"))
        column.addLayout(self._rows)
        column.addWidget(self._rest)

    def show_pages(
        self, pages: Sequence[OwnPage], now: datetime, *, is_online: bool, is_loud: bool
    ) -> None:
        """Show what waits; without any the window goes by itself."""
        if not pages:
            self._shown = ()
            self.hide()
            return
        minute = now.replace(second=0, microsecond=0)
        wanted = (tuple(pages), minute, is_online, is_loud)
        if wanted != self._shown:
            self._shown = wanted
            self._fill(pages, now, is_online)
            self._show_sound(is_loud)
            self._place()
        self.show()

    def come_forward(self) -> None:
        """Lie on top again without taking the keyboard, and be heard by a screen reader."""
        self.raise_()
        announce(self, self.accessibleName(), urgent=True)

    def take_keyboard(self) -> None:
        """The person asked to answer by keys."""
        if self._pages:
            self._returns_to = None
            self.raise_()
            self.activateWindow()
            self._pages[0].acknowledge.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def showEvent(self, event: QShowEvent) -> None:
        self._since.start()
        self._returns_to = QApplication.focusWidget()
        super().showEvent(event)

    def event(self, event: QEvent) -> bool:
        """Where the keyboard comes without being asked, it goes back to where it was."""
        if event.type() == QEvent.Type.WindowActivate and self._is_uninvited():
            self._give_back()
        return super().event(event)

    def _is_uninvited(self) -> bool:
        return self._since.elapsed() < UNINVITED_MS and not self.underMouse()

    def _give_back(self) -> None:
        before = self._returns_to
        if before is not None and before.isVisible():
            before.window().activateWindow()
            before.setFocus(Qt.FocusReason.OtherFocusReason)

    def rows(self) -> list[OwnPageRow]:
        """The pages on screen."""
        return list(self._pages)

    def _fill(self, pages: Sequence[OwnPage], now: datetime, is_online: bool) -> None:
        while (item := self._rows.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        self._pages.clear()
        many = filled(self.tr("%1 pages wait for you"), str(len(pages)))
        self._title.setText(self.tr("You are paged") if len(pages) == 1 else many)
        for page in pages[:AT_MOST]:
            if self._rows.count():
                self._rows.addWidget(Rule())
            row = OwnPageRow(page, now, is_online=is_online)
            row.acknowledged.connect(self.acknowledged)
            row.declined.connect(self.declined)
            row.snoozed.connect(self.snoozed)
            row.opened.connect(self.opened)
            self._rows.addWidget(row)
            self._pages.append(row)
        self._rest.setVisible(len(pages) > AT_MOST)
        self._rest.setText(filled(self.tr("and %1 more"), str(len(pages) - AT_MOST)))
        words = [self._title.text(), *(row.spoken for row in self.rows())]
        self.setAccessibleName(". ".join(words))

    def _show_sound(self, is_loud: bool) -> None:
        self._is_loud = is_loud
        self._sound.setText(self.tr("Mute") if is_loud else self.tr("Sound on"))

    def _place(self) -> None:
        self.adjustSize()
        screen = QGuiApplication.primaryScreen()
        if screen is not None:
            room = screen.availableGeometry()
            self.move(
                room.right() - self.width() - _MARGIN, room.bottom() - self.height() - _MARGIN
            )

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        box = QRectF(self.rect())
        rounded(painter, box, 0, theme.color("bg.raised"), theme.color("line.strong"))
        painter.fillRect(QRectF(1, 1, _BAR, self.height() - 2), theme.color("danger.solid"))
        painter.end()
