"""The on-call screen: the rota, who is on call now, what comes next."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from desktop.action_hub import ActionHub
from desktop.actions import Scope
from desktop.views.on_call.handovers import HandoverStrip, Legend, strip_with_legend
from desktop.views.on_call.now_panel import NowPanel
from desktop.views.on_call.rota_access import speak_rotas
from desktop.views.on_call.rota_grid import RotaGrid
from desktop.views.on_call.screen_head import OnCallHead
from desktop.views.on_call.values import Bar, NextHandover, RosterRow, RotaPage
from desktop.widgets.banner import announce
from desktop.widgets.buttons import Button
from desktop.widgets.card import Rule, Screen
from desktop.widgets.placeholders import EmptyState


class OnCallScreen(Screen):
    """Emits what was asked through its parts and changes nothing.

    ``setup_requested`` comes from the empty state alone; all other acts come from the hub.
    """

    setup_requested = Signal()

    def __init__(self, hub: ActionHub, parent: QWidget | None = None) -> None:
        super().__init__("bg.surface", parent)
        speak_rotas()
        self._hub = hub
        self.head = OnCallHead(hub)
        nothing = RotaPage(
            first_day=date(2000, 1, 3), days=7, zone=UTC, now=datetime(2000, 1, 3, tzinfo=UTC)
        )
        self.grid = RotaGrid(nothing)
        self.now = NowPanel()
        self.handovers = HandoverStrip()
        self.legend = Legend()
        self._empty = EmptyState("on.call", "", "")
        self._add = self._empty.add_button(Button(self.tr("Add roster"), "primary", icon="add"))
        self._stack = QStackedWidget()
        self._menu = QMenu(self)
        self._build()
        self.grid.bar_opened.connect(self._open_menu)
        self.grid.hinted.connect(self.legend.say)
        self.grid.hinted.connect(lambda words: announce(self, words) if words else None)
        self._add.clicked.connect(self.setup_requested)
        hub.bind(self, Scope.ON_CALL)

    def _build(self) -> None:
        left = QWidget()
        below = QVBoxLayout(left)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(0)
        below.addWidget(self.grid.head)
        below.addWidget(self.grid, 1)
        below.addWidget(strip_with_legend(self.handovers, self.legend))
        whole = QWidget()
        row = QHBoxLayout(whole)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(left, 1)
        row.addWidget(Rule("line.default", upright=True))
        row.addWidget(self.now)
        self._stack.addWidget(whole)
        self._stack.addWidget(self._empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(Rule("line.default"))
        column.addWidget(self._stack, 1)

    def _open_menu(self, row: RosterRow, bar: Bar) -> None:
        """What can be done with a bar, below it."""
        placed = self.grid.current
        if placed is None:
            return
        self._menu.clear()
        own = "on_call.swap" if bar.is_you else "on_call.take"
        cancel = ["on_call.remove"] if bar.override_id else []
        acts = [
            own,
            "on_call.override",
            *cancel,
            "",
            "on_call.note",
            "on_call.call",
            "on_call.page",
        ]
        for id_ in acts:
            if id_:
                self._menu.addAction(self._hub.action(id_))
            else:
                self._menu.addSeparator()
        self._menu.popup(self.grid.screen_box(placed).bottomLeft())

    def panes(self) -> list[QWidget]:
        """Where F6 goes."""
        if self._stack.currentWidget() is self._empty:
            return [self._empty]
        return [self.head, self.grid, self.handovers, self.now]

    def show_page(self, page: RotaPage) -> None:
        """Show the rota."""
        self._stack.setCurrentIndex(0)
        self.head.set_writable(True)
        self.head.show_range(page.first_day, page.days)
        self.grid.show_page(page)

    def show_handovers(self, handovers: Sequence[NextHandover]) -> None:
        """Show what comes next."""
        self.handovers.show_handovers(handovers)

    def show_rosters(self, rosters: Sequence[tuple[UUID, str]], hidden: frozenset[UUID]) -> None:
        """Say which rosters there are and which of them are hidden."""
        self.head.show_rosters(rosters, hidden)

    def show_nothing(self, *, may_add: bool) -> None:
        """There is no roster yet: say what to do, and to whom it falls."""
        line = self.tr("Nobody is on call yet")
        if may_add:
            text = self.tr("A roster says who takes turns for a team. Add the first one here.")
        else:
            text = self.tr("A roster says who takes turns for a team. An administrator adds it.")
        self._empty.set_texts(line, text)
        self._add.setVisible(may_add)
        self.head.set_writable(False)
        self._stack.setCurrentWidget(self._empty)

    def focus_grid(self) -> None:
        """Give the keyboard to the rota."""
        self.grid.setFocus(Qt.FocusReason.OtherFocusReason)
