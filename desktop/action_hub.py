"""The actions of one window: one signal for all, menus, keys, and what is possible now."""

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from desktop.action_keys import gives_way
from desktop.actions import ACTIONS, BY_ID, MENUS, ActionSpec, Scope
from desktop.theme.theme import current_theme

_SCOPES_OF: Final[dict[Scope, frozenset[Scope]]] = {
    Scope.EVERYWHERE: frozenset({Scope.EVERYWHERE}),
    Scope.RECORD: frozenset({Scope.EVERYWHERE, Scope.RECORD}),
    Scope.LIST: frozenset({Scope.LIST}),
    Scope.ON_CALL: frozenset({Scope.EVERYWHERE, Scope.ON_CALL}),
    Scope.MAJOR: frozenset({Scope.EVERYWHERE, Scope.MAJOR}),
}
_MOVES: Final = (
    (Scope.LIST, "J K", str(QT_TRANSLATE_NOOP("actions", "move"))),
    (Scope.ON_CALL, "← →", str(QT_TRANSLATE_NOOP("actions", "shift, week"))),
)
"""Keys that a list or a grid answers by itself."""


class ActionHub(QObject):
    """Tells which action was asked for, whichever way: key, menu or button.

    ``triggered`` carries the id of an action that is possible; ``blocked`` that of one whose
    key was pressed though it is not, so that somebody can say why.
    """

    triggered = Signal(str)
    blocked = Signal(str)
    permissions_changed = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._actions: dict[str, QAction] = {}
        self._shortcuts: list[QShortcut] = []
        self._menus: dict[str, QMenu] = {}
        self._with_single_keys = True
        self._is_suspended = False
        self._may: Callable[[str], bool] | None = None
        self._refusals: dict[str, str] = {}
        for spec in ACTIONS:
            self._actions[spec.id] = self._action(spec)
        self.set_incident(None)

    def _action(self, spec: ActionSpec) -> QAction:
        action = QAction(self._label(spec), self)
        action.setShortcuts([QKeySequence(key) for key in spec.window_keys])
        action.setCheckable(spec.is_choice)
        action.setChecked(spec.is_choice)
        action.triggered.connect(partial(self.trigger, spec.id))
        self._window.addAction(action)
        return action

    def _label(self, spec: ActionSpec) -> str:
        text = text_of(spec.id)
        if spec.keys and not spec.window_keys and self._with_single_keys:
            return f"{text}\t{spec.shown_keys}"
        return text

    def action(self, id_: str) -> QAction:
        """The action of an id, for a menu of one's own."""
        return self._actions[id_]

    def menu(self, name: str) -> QMenu:
        """A menu of the bar, for what is not an action: themes, densities."""
        return self._menus[name]

    def may(self, id_: str) -> bool:
        """Whether an action is possible now."""
        spec = BY_ID[id_]
        if self.why_not(id_):
            return False
        if not spec.act and not spec.needs_incident:
            return True
        if self._may is None:
            return False
        wanted = (spec.act,) if spec.act else spec.any_of
        return not wanted or any(map(self._may, wanted))

    def why_not(self, id_: str) -> str:
        """Why an action is off though no permission of the incident says so, or empty."""
        return self._refusals.get(id_, "")

    def refuse(self, id_: str, why: str) -> None:
        """Switch an action off and say why; an empty reason lets it pass again."""
        if why != self.why_not(id_):
            self._refusals[id_] = why
            action = self._actions[id_]
            action.setEnabled(self.may(id_) and not self._is_suspended)
            action.setStatusTip(why)
            self.permissions_changed.emit()

    def trigger(self, id_: str, *_: object) -> None:
        """Ask for an action; one that is not possible now is reported as blocked."""
        (self.triggered if self.may(id_) else self.blocked).emit(id_)

    def set_incident(self, may: Callable[[str], bool] | None) -> None:
        """Say what the viewer may do with the incident shown; None when none is shown."""
        self._may = may
        for id_, action in self._actions.items():
            action.setEnabled(self.may(id_) and not self._is_suspended)
        self.permissions_changed.emit()

    def bind(self, panel: QWidget, scope: Scope) -> None:
        """Listen to single keys while the keyboard is in a panel."""
        for spec in ACTIONS:
            if spec.scope not in _SCOPES_OF[scope]:
                continue
            for key in spec.keys:
                if gives_way(spec, key, scope):
                    continue
                shortcut = QShortcut(QKeySequence(key), panel)
                shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
                shortcut.setAutoRepeat(spec.id in ("list.next", "list.previous"))
                shortcut.activated.connect(partial(self.trigger, spec.id))
                shortcut.setEnabled(self._with_single_keys)
                self._shortcuts.append(shortcut)

    @property
    def with_single_keys(self) -> bool:
        """Whether single letters act."""
        return self._with_single_keys

    def set_single_keys(self, enabled: bool) -> None:
        """Switch single letters on or off as a group."""
        self._with_single_keys = enabled
        self._arm()
        self._actions["keys.single"].setChecked(enabled)
        for spec in ACTIONS:
            self._actions[spec.id].setText(self._label(spec))
        self.permissions_changed.emit()

    def suspend(self, is_suspended: bool) -> None:
        """Keep all keys quiet while a dialog stands over the window."""
        self._is_suspended = is_suspended
        self._arm()
        for id_, action in self._actions.items():
            action.setEnabled(not is_suspended and self.may(id_))

    def _arm(self) -> None:
        for shortcut in self._shortcuts:
            shortcut.setEnabled(self._with_single_keys and not self._is_suspended)

    def fill(self, bar: QMenuBar) -> None:
        """Build the menus of the window."""
        for name in MENUS:
            menu = bar.addMenu(QCoreApplication.translate("menus", name))
            self._menus[name] = menu
            group = 0
            for spec in (spec for spec in ACTIONS if spec.menu == name):
                if spec.group != group:
                    menu.addSeparator()
                    group = spec.group
                menu.addAction(self._actions[spec.id])
        self.repaint_icons()

    def repaint_icons(self) -> None:
        """Draw the icons in the menus again, after the theme changed."""
        for spec in ACTIONS:
            if spec.icon:
                self._actions[spec.id].setIcon(current_theme().icon(spec.icon))

    def hints(self, shown: frozenset[Scope]) -> list[tuple[str, str]]:
        """Keys and words for the status bar: what is possible now where these scopes are shown."""
        found = [
            (keys, QCoreApplication.translate("actions", word))
            for scope, keys, word in _MOVES
            if scope in shown and self._with_single_keys
        ]
        for spec in ACTIONS:
            if not spec.hint or spec.scope not in {Scope.EVERYWHERE, *shown}:
                continue
            if self.may(spec.id):
                keys = spec.shown_keys if self._with_single_keys else (*spec.window_keys, "")[0]
                word = QCoreApplication.translate("actions", spec.hint)
                found += [(keys, word)] if keys else []
        return found


def text_of(id_: str) -> str:
    """The translated text of an action."""
    return QCoreApplication.translate("actions", BY_ID[id_].text)


def keys_of(id_: str) -> str:
    """The key of an action as it is printed beside its verb."""
    return BY_ID[id_].shown_keys
