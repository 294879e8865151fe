"""Who works here, at the bottom of the navigation, and the menu of what is personal."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeVar
from uuid import UUID

from PySide6.QtCore import (
    QT_TRANSLATE_NOOP,
    QCoreApplication,
    QPoint,
    QPointF,
    QRectF,
    QSize,
    Signal,
)
from PySide6.QtGui import QAction, QActionGroup, QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QPushButton, QSizePolicy, QWidget

from desktop.theme.sizes import NAVIGATION_NARROW
from desktop.theme.theme import current_theme
from desktop.views.queue.list_head import DENSITIES
from desktop.widgets.paint import draw_icon, draw_text, focus_frame, rounded
from desktop.widgets.paint_badges import avatar

Key = TypeVar("Key", str, int)
_AVATAR: Final = 28
THEMES: Final = {
    "system": str(QT_TRANSLATE_NOOP("Presence", "Follow the system")),
    "light": str(QT_TRANSLATE_NOOP("Presence", "Light")),
    "dark": str(QT_TRANSLATE_NOOP("Presence", "Dark")),
}


@dataclass(frozen=True, slots=True)
class WorkAs:
    """A person one can work as, with the roles in words."""

    id: UUID
    name: str
    roles: str


class Presence(QPushButton):
    """Avatar, name and team; a click opens the menu."""

    work_as_requested = Signal(object)
    theme_chosen = Signal(str)
    density_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._subtitle = "", ""
        self.setAccessibleName(self.tr("You"))
        self.setFixedHeight(48)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._menu = QMenu(self)
        self.work_as_menu = QMenu(self.tr("Work as"), self)
        self.theme_menu = QMenu(self.tr("Appearance"), self)
        self.density_menu = QMenu(self.tr("Row height"), self)
        for menu in (self.work_as_menu, self.theme_menu, self.density_menu):
            self._menu.addMenu(menu)
        self._people = QActionGroup(self)
        self._themes = self._choices(
            self.theme_menu, {k: self.tr(t) for k, t in THEMES.items()}, self.theme_chosen.emit
        )
        self._heights = self._choices(
            self.density_menu,
            {px: self._density_word(text) for px, text in DENSITIES.items()},
            self.density_chosen.emit,
        )
        self.clicked.connect(self._open)

    def _density_word(self, text: str) -> str:
        return QCoreApplication.translate("ListHead", text)

    def _choices(
        self, menu: QMenu, texts: Mapping[Key, str], tell: Callable[[Key], None]
    ) -> dict[Key, QAction]:
        group = QActionGroup(self)
        found: dict[Key, QAction] = {}
        for key, text in texts.items():
            action = menu.addAction(text)
            action.setCheckable(True)
            group.addAction(action)
            action.triggered.connect(partial(_tell, tell, key))
            found[key] = action
        return found

    def show_person(self, name: str, subtitle: str, people: Sequence[WorkAs]) -> None:
        """Show who works here and whom one may work as."""
        self._name, self._subtitle = name, subtitle
        self.setAccessibleName(
            self.tr("You are %1, %2").replace("%1", name).replace("%2", subtitle)
        )
        self.setToolTip(f"{name}\n{subtitle}")
        self.work_as_menu.clear()
        self.work_as_menu.menuAction().setVisible(bool(people))
        for person in people:
            text = f"{person.name}\t{person.roles}".replace("&", "&&")
            action = self.work_as_menu.addAction(text)
            action.setCheckable(True)
            action.setChecked(person.name == name)
            action.triggered.connect(
                lambda _=False, id_=person.id: self.work_as_requested.emit(id_)
            )
        self.update()

    def set_theme(self, theme: str) -> None:
        """Check the appearance in use: system, light or dark."""
        self._themes[theme].setChecked(True)

    def set_density(self, height: int) -> None:
        """Check the row height in use."""
        self._heights[height].setChecked(True)

    def _open(self) -> None:
        self._menu.popup(self.mapToGlobal(QPoint(8, -self._menu.sizeHint().height())))

    def sizeHint(self) -> QSize:
        return QSize(NAVIGATION_NARROW, 48)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        painter.fillRect(0, 0, self.width(), 1, theme.color("line.default"))
        narrow = self.width() < NAVIGATION_NARROW + 8
        x = (self.width() - _AVATAR) / 2 if narrow else 13
        if self.underMouse() or self.isDown():
            hover = QRectF(self.rect()).adjusted(4, 4, -4, -3)
            rounded(painter, hover, 6, theme.color("bg.pressed"))
        avatar(painter, QPointF(x, 11), _AVATAR, self._name)
        dot = QRectF(x + 19, 30, 10, 10)
        rounded(painter, dot, 5, theme.color("ok.solid"), theme.color("bg.app"), 2)
        if not narrow:
            self._paint_words(painter)
        if self.hasFocus():
            focus_frame(painter, QRectF(self.rect()).adjusted(4, 4, -4, -3))
        painter.end()

    def _paint_words(self, painter: QPainter) -> None:
        room = QRectF(52, 8, self.width() - 52 - 32, 18)
        draw_text(painter, room, self._name, "body.medium")
        draw_text(painter, room.translated(0, 17), self._subtitle, "meta", "fg.muted")
        draw_icon(painter, "select", "fg.subtle", self.width() - 28, 17)


def _tell(tell: Callable[[Key], None], key: Key, *_: object) -> None:
    """Leave out the checked state that a menu adds."""
    tell(key)
