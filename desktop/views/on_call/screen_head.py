"""The head of the on-call screen: which days, which teams, and the one act."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from typing import Final
from uuid import UUID

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from desktop.action_hub import ActionHub, keys_of
from desktop.theme.sizes import GAP_BUTTONS, GUTTER_PANE, PAGE_HEAD
from desktop.views.dialogs.words import filled
from desktop.widgets.buttons import Button, IconButton
from desktop.widgets.labels import PlainLabel
from desktop.widgets.segmented import Segment, SegmentedControl

WEEK, TWO_WEEKS, MONTH = "week", "two_weeks", "month"
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_MORE: Final = (
    "on_call.take", "on_call.swap", "on_call.remove", "on_call.time_off", "on_call.note", "",
    "on_call.findings", "on_call.fairness", "", "on_call.setup",
)  # fmt: skip


def range_words(first: date, days: int) -> str:
    """``17 – 23 November 2025``; what both ends share is said once."""
    last = first + timedelta(days=days - 1)
    end = f"{last.day} {_MONTHS[last.month - 1]} {last.year}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} – {end}"
    start = f"{first.day} {_MONTHS[first.month - 1]}"
    return f"{start} {first.year} – {end}" if first.year != last.year else f"{start} – {end}"


class OnCallHead(QWidget):
    """52 high. ``span_chosen`` carries week, two_weeks or month; ``teams_chosen`` the rosters."""

    span_chosen = Signal(str)
    teams_chosen = Signal(object)

    def __init__(self, hub: ActionHub, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hub = hub
        self._before = IconButton("previous", self.tr("Earlier"), keys=keys_of("on_call.previous"))
        self._after = IconButton("next", self.tr("Later"), keys=keys_of("on_call.next"))
        self._range = PlainLabel("", "body.strong")
        self._today = Button(self.tr("Today"), keys=keys_of("on_call.today"))
        self.span = SegmentedControl(
            self.tr("Days shown"),
            [
                Segment(WEEK, self.tr("Week")),
                Segment(TWO_WEEKS, self.tr("Two weeks")),
                Segment(MONTH, self.tr("Month")),
            ],
        )
        self._teams = Button(self.tr("Teams"), icon="filter")
        self._more = IconButton("more", self.tr("More of on-call"))
        self._override = Button(
            self.tr("Override"), "primary", icon="add", keys=keys_of("on_call.override")
        )
        self._menu = QMenu(self)
        self._teams_menu = QMenu(self)
        self._rosters: tuple[tuple[UUID, str], ...] = ()
        self._hidden: frozenset[UUID] = frozenset()
        self._build()
        self._connect()

    def _build(self) -> None:
        self.setFixedHeight(PAGE_HEAD)
        row = QHBoxLayout(self)
        row.setContentsMargins(GUTTER_PANE + 4, 0, GUTTER_PANE, 0)
        row.setSpacing(GAP_BUTTONS)
        row.addWidget(PlainLabel(self.tr("On-call"), "title"))
        row.addSpacing(8)
        row.addWidget(self._before)
        row.addWidget(self._range)
        row.addWidget(self._after)
        row.addWidget(self._today)
        row.addWidget(self.span)
        row.addStretch(1)
        for widget in (self._teams, self._more, self._override):
            row.addWidget(widget)
        self._range.setMinimumWidth(150)
        self._range.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._teams_menu.setToolTipsVisible(False)
        for id_ in _MORE:
            if id_:
                self._menu.addAction(self._hub.action(id_))
            else:
                self._menu.addSeparator()

    def _connect(self) -> None:
        for button, id_ in (
            (self._before, "on_call.previous"),
            (self._after, "on_call.next"),
            (self._today, "on_call.today"),
            (self._override, "on_call.override"),
        ):
            button.clicked.connect(partial(self._hub.trigger, id_))
        self.span.chosen.connect(self.span_chosen)
        self._teams.clicked.connect(lambda: self._open(self._teams, self._teams_menu))
        self._more.clicked.connect(lambda: self._open(self._more, self._menu))

    def _open(self, button: QWidget, menu: QMenu) -> None:
        menu.popup(button.mapToGlobal(QPoint(0, button.height() + 4)))

    def show_range(self, first: date, days: int) -> None:
        """Say which days are shown."""
        words = range_words(first, days)
        self._range.setText(words)
        self._range.setAccessibleName(words)

    def show_rosters(self, rosters: Sequence[tuple[UUID, str]], hidden: frozenset[UUID]) -> None:
        """Offer rosters to show or hide."""
        if (tuple(rosters), hidden) == (self._rosters, self._hidden):
            return
        self._rosters, self._hidden = tuple(rosters), hidden
        shown = sum(id_ not in hidden for id_, _ in rosters)
        all_shown = shown == len(rosters)
        words = filled(self.tr("Teams %1 of %2"), str(shown), str(len(rosters)))
        self._teams.setText(self.tr("Teams") if all_shown else words)
        self._teams_menu.clear()
        every = self._teams_menu.addAction(self.tr("All"))
        every.triggered.connect(lambda: self.teams_chosen.emit(frozenset()))
        self._teams_menu.addSeparator()
        for id_, name in rosters:
            self._teams_menu.addAction(self._choice(id_, name))

    def _choice(self, id_: UUID, name: str) -> QAction:
        action = QAction(name.replace("&", "&&"), self._teams_menu)
        action.setCheckable(True)
        action.setChecked(id_ not in self._hidden)
        action.triggered.connect(partial(self._toggle, id_))
        return action

    def _toggle(self, id_: UUID, *_: object) -> None:
        self.teams_chosen.emit(self._hidden ^ {id_})

    def set_writable(self, writable: bool) -> None:
        """Offer the act only where there is a roster to act on."""
        for widget in (self._override, self._teams, self._today, self.span, self._before,
                       self._after, self._range):  # fmt: skip
            widget.setVisible(writable)
