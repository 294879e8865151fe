"""The window: menus, navigation, a stack of screens, the status bar and what floats above."""

from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtCore import QChildEvent, QEvent, QObject, Qt, Signal
from PySide6.QtGui import QCloseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from desktop.action_hub import ActionHub
from desktop.actions import Scope
from desktop.theme.theme import current_theme
from desktop.views.major.pill import MajorPill
from desktop.views.shell.keys_sheet import KeysSheet
from desktop.views.shell.navigation_pane import NavigationPane
from desktop.views.shell.presence import WorkAs
from desktop.views.shell.status_bar import StatusBar, SyncView
from desktop.views.shell.top_bar import TopBar
from desktop.widgets.banner import Banner
from desktop.widgets.dialog import DialogFrame
from desktop.widgets.snackbar import Snackbar
from services.incidents.read_models import Worklist

_NARROW_BELOW: Final = 1280
_START: Final = (1440, 900)
_LEAST: Final = (1120, 700)
_SCOPES: Final = {
    "queue": frozenset({Scope.RECORD, Scope.LIST}),
    "on_call": frozenset({Scope.ON_CALL}),
    "major_console": frozenset({Scope.MAJOR}),
}
"""Where single keys of their own are listened to, by screen."""
_WIDE: Final = frozenset({"major_console"})
"""Screens that need the room of the navigation."""


class MainWindow(QWidget):
    """Holds the screens; knows nothing of incidents beyond the names of their lists.

    Closing and quitting ask first: ``close_requested`` or ``quit_requested`` is emitted and the
    window stays until :meth:`close_now`.
    """

    worklist_chosen = Signal(object)
    work_as_requested = Signal(object)
    theme_chosen = Signal(str)
    density_chosen = Signal(int)
    pending_changes_requested = Signal()
    undo_requested = Signal()
    close_requested = Signal()
    quit_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.hub = ActionHub(self)
        self.navigation = NavigationPane(self.hub)
        self.status = StatusBar()
        self.screens = QStackedWidget()
        self._top = TopBar(self.hub)
        self._screens: dict[str, QWidget] = {}
        self._banners: dict[str, Banner] = {}
        self._snackbar: Snackbar
        self._is_narrow_by_hand: bool | None = None
        self._may_close = False
        self._open_dialogs: set[int] = set()
        self._build()
        self._connect()

    def _build(self) -> None:
        self.setWindowTitle("Firstline")
        self.setMinimumSize(*_LEAST)
        self.resize(*_START)
        self._body = QVBoxLayout()
        self._body.setSpacing(0)
        self._body.addWidget(self.screens, 1)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.navigation)
        middle.addLayout(self._body, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._top)
        column.addLayout(middle, 1)
        column.addWidget(self.status)
        self._snackbar = Snackbar(self)
        view = self.hub.menu("View")
        view.addSeparator()
        view.addMenu(self.navigation.presence.theme_menu)
        view.addMenu(self.navigation.presence.density_menu)

    def _connect(self) -> None:
        presence = self.navigation.presence
        presence.work_as_requested.connect(self.work_as_requested)
        presence.theme_chosen.connect(self.theme_chosen)
        presence.density_chosen.connect(self.density_chosen)
        self.navigation.worklist_chosen.connect(self.worklist_chosen)
        self.status.pending_changes_requested.connect(self.pending_changes_requested)
        self._snackbar.action_requested.connect(self.undo_requested)
        self.hub.triggered.connect(self._act)
        self.hub.permissions_changed.connect(self._tell_keys)

    def _act(self, id_: str) -> None:
        if id_ == "edit.undo":
            self._snackbar.dismiss()
            self.undo_requested.emit()
        elif id_ == "view.navigation":
            self._is_narrow_by_hand = not self.navigation.is_narrow
            self.navigation.set_narrow(self._is_narrow_by_hand)
        elif id_ in ("pane.next", "pane.previous"):
            self._step_pane(1 if id_ == "pane.next" else -1)
        elif id_ == "keys.single":
            self.hub.set_single_keys(not self.hub.with_single_keys)
        elif id_ == "help.keys":
            self.open_dialog(KeysSheet(self, with_single_keys=self.hub.with_single_keys))
        elif id_ == "sync.pending":
            self.pending_changes_requested.emit()
        elif id_ == "app.quit":
            self.quit_requested.emit()

    # Screens

    def add_screen(self, name: str, screen: QWidget) -> None:
        """Put a screen into the stack; one with ``panes()`` says where F6 goes."""
        self._screens[name] = screen
        self.screens.addWidget(screen)
        self._tell_keys()

    def show_screen(self, name: str, worklist: Worklist | None = None) -> None:
        """Show a screen and mark the place in the navigation it stands for."""
        self.screens.setCurrentWidget(self._screens[name])
        self.navigation.set_current(worklist.value if worklist else name)
        self._fit_navigation()
        self._tell_keys()

    @property
    def screen_name(self) -> str:
        """Name of the screen shown."""
        current = self.screens.currentWidget()
        return next((name for name, screen in self._screens.items() if screen is current), "")

    def _tell_keys(self) -> None:
        self.status.set_keys(self.hub.hints(_SCOPES.get(self.screen_name, frozenset())))

    def _step_pane(self, by: int) -> None:
        """Give the keyboard to the next pane: navigation, those of the screen, status bar."""
        own = getattr(self.screens.currentWidget(), "panes", None)
        of_screen: list[QWidget] = own() if callable(own) else []
        panes = [self.navigation.places, *of_screen, self.status.sync]
        at = QApplication.focusWidget()
        here = [
            i for i, p in enumerate(panes) if at is not None and (p is at or p.isAncestorOf(at))
        ]
        start = here[-1] if here else (-1 if by > 0 else 0)
        target = panes[(start + by) % len(panes)]
        if target.focusPolicy() == Qt.FocusPolicy.NoFocus:
            target = _first_inside(target) or target
        target.setFocus(Qt.FocusReason.TabFocusReason)

    # What is pushed in

    @property
    def major_pill(self) -> MajorPill:
        """The pill of the top bar that says which major incident is open."""
        return self._top.major

    def set_counts(self, counts: Mapping[Worklist, int]) -> None:
        """Show how much each list holds."""
        self.navigation.set_counts(counts)

    def set_presence(self, name: str, subtitle: str, people: Sequence[WorkAs] = ()) -> None:
        """Show who works here and whom one may work as."""
        self.navigation.show_person(name, subtitle, people)

    def set_sync_state(self, view: SyncView) -> None:
        """Show how sync stands."""
        self.status.sync.show_view(view)

    def show_banner(self, banner: Banner, place: str = "sync") -> None:
        """Put a banner above the screen in place of the one shown there, and say it."""
        self.clear_banner(place)
        self._banners[place] = banner
        self._body.insertWidget(len(self._banners) - 1, banner)
        banner.show()
        banner.announce()

    def clear_banner(self, place: str = "sync") -> None:
        """Take the banner of a place away."""
        banner = self._banners.pop(place, None)
        if banner is not None:
            banner.hide()
            banner.deleteLater()

    def snack(self, text: str, undo: bool = False) -> None:
        """Say what was done; with ``undo`` its key is offered and ``undo_requested`` follows."""
        self._snackbar.show_text(text, action=self.tr("Undo") if undo else "")

    def snack_stop(self, text: str, seconds: int) -> None:
        """Say what goes out in so many seconds; as long, ``undo_requested`` stops it."""
        self._snackbar.show_text(text, action=self.tr("Stop"), shown_ms=seconds * 1_000)

    def open_dialog(self, dialog: DialogFrame, first: QWidget | None = None) -> None:
        """Open a dialog over the window; it is deleted once it has closed."""
        dialog.setProperty("is_fleeting", True)
        dialog.open(first)

    def close_now(self) -> None:
        """Close without asking."""
        self._may_close = True
        self.close()

    # Size and place

    def save_state(self) -> dict[str, object]:
        """What to remember until the next start."""
        return {
            "width": self.width(),
            "height": self.height(),
            "is_maximized": self.isMaximized(),
            "is_narrow": self._is_narrow_by_hand,
            "with_single_keys": self.hub.with_single_keys,
        }

    def restore_state(self, state: Mapping[str, object]) -> None:
        """Take up what was remembered; unknown or wrong values are left out."""
        width, height = state.get("width"), state.get("height")
        if isinstance(width, int) and isinstance(height, int):
            self.resize(max(width, _LEAST[0]), max(height, _LEAST[1]))
        narrow = state.get("is_narrow")
        if isinstance(narrow, bool):
            self._is_narrow_by_hand = narrow
            self.navigation.set_narrow(narrow)
        if state.get("with_single_keys") is False:
            self.hub.set_single_keys(False)
        if state.get("is_maximized") is True:
            self.setWindowState(Qt.WindowState.WindowMaximized)

    # What Qt calls

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_navigation()

    def _fit_navigation(self) -> None:
        """Show icons alone where the screen needs the room, unless somebody chose otherwise."""
        if self._is_narrow_by_hand is None:
            is_wide = self.screen_name in _WIDE
            self.navigation.set_narrow(is_wide or self.width() < _NARROW_BELOW)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "hub"):
            self.hub.repaint_icons()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._may_close:
            event.accept()
            return
        event.ignore()
        self.close_requested.emit()

    def childEvent(self, event: QChildEvent) -> None:
        super().childEvent(event)
        if event.type() == QEvent.Type.ChildPolished and isinstance(event.child(), DialogFrame):
            event.child().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys of the window keep quiet while a dialog stands over it."""
        if isinstance(watched, DialogFrame):
            if event.type() == QEvent.Type.Show:
                self._open_dialogs.add(id(watched))
                self.hub.suspend(True)
            elif event.type() == QEvent.Type.Hide:
                self._open_dialogs.discard(id(watched))
                self.hub.suspend(bool(self._open_dialogs))
                if watched.isHidden() and watched.property("is_fleeting"):
                    watched.deleteLater()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), current_theme().color("bg.surface"))
        painter.end()


def _first_inside(pane: QWidget) -> QWidget | None:
    """The first widget of a pane that takes the keyboard."""
    inside = (w for w in pane.findChildren(QWidget) if w.isVisible() and w.isEnabled())
    return next((w for w in inside if w.focusPolicy() & Qt.FocusPolicy.TabFocus), None)
