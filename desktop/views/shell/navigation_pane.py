"""The places at the left of the window, and the one button that is always there."""

from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from desktop.action_hub import ActionHub, keys_of, text_of
from desktop.actions import BY_ID, Scope
from desktop.theme.sizes import NAVIGATION, NAVIGATION_NARROW
from desktop.theme.theme import current_theme
from desktop.views.shell.presence import Presence, WorkAs
from desktop.widgets.buttons import Button, IconButton
from desktop.widgets.navigation import NavItem, NavList
from services.incidents.read_models import Worklist

PLACES: Final = (
    Worklist.MY_WORK, Worklist.TEAM_QUEUE, Worklist.UNASSIGNED, Worklist.NEEDS_TRIAGE,
    Worklist.ESCALATED_TO_US, Worklist.CONFIRM_AND_CLOSE, Worklist.ALL_INCIDENTS,
)  # fmt: skip
OPERATIONS: Final = ("major", "on_call")
"""Screens that are no list of incidents, by name."""


class NavigationPane(QWidget):
    """204 wide, or 52 with icons alone."""

    worklist_chosen = Signal(object)

    def __init__(self, hub: ActionHub, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hub = hub
        self._counts: dict[Worklist, int] = {}
        self._majors = 0
        self._log = Button(text_of("incident.log"), "primary", icon="add", keys="N", height=32)
        self._log_icon = IconButton(
            "add", text_of("incident.log"), keys=keys_of("incident.log"), token="accent.fg"
        )
        self.places = NavList(self.tr("Views"))
        self.presence = Presence()
        self._build()
        self._connect()
        self.set_counts({})

    def _build(self) -> None:
        self._log.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 12, 1, 0)
        column.setSpacing(0)
        head = QVBoxLayout()
        head.setContentsMargins(12, 0, 11, 10)
        head.addWidget(self._log)
        head.addWidget(self._log_icon)
        column.addLayout(head)
        column.addWidget(self.places, 1)
        column.addWidget(self.presence)
        self.set_narrow(False)

    def _connect(self) -> None:
        for button in (self._log, self._log_icon):
            button.clicked.connect(lambda: self._hub.trigger("incident.log"))
        self.places.chosen.connect(self._choose)
        self._hub.triggered.connect(self._go)
        self._hub.bind(self, Scope.EVERYWHERE)

    def _choose(self, key: str) -> None:
        if key in OPERATIONS:
            self._hub.trigger(f"go.{key}")
        else:
            self.worklist_chosen.emit(Worklist(key))

    def _go(self, id_: str) -> None:
        key = id_.removeprefix("go.")
        if id_.startswith("go.") and key not in OPERATIONS:
            self.worklist_chosen.emit(Worklist(key))

    def set_counts(self, counts: Mapping[Worklist, int]) -> None:
        """Show how much each place holds; work that waits for triage is marked."""
        is_first = not self.places.count()
        changed = {place: n for place, n in counts.items() if self._counts.get(place) != n}
        self._counts.update(counts)
        toned = Worklist.NEEDS_TRIAGE in changed
        if is_first or toned:
            lists = [self._item(place) for place in PLACES]
            self.places.show_rows([*lists, *self._operations()], self.places.current)
            return
        for place, count in changed.items():
            self.places.set_count(place.value, count)

    def set_majors(self, count: int) -> None:
        """Show how many major incidents are open."""
        if count != self._majors:
            self._majors = count
            lists = [self._item(place) for place in PLACES]
            self.places.show_rows([*lists, *self._operations()], self.places.current)

    def _operations(self) -> list[NavItem]:
        head = NavItem("", self.tr("Operations"))
        return [head, *(self._operation(key) for key in OPERATIONS)]

    def _operation(self, key: str) -> NavItem:
        id_ = f"go.{key}"
        count = self._majors if key == "major" else 0
        return NavItem(key, text_of(id_), BY_ID[id_].icon, count, "danger" if count else "")

    def _item(self, place: Worklist) -> NavItem:
        id_ = f"go.{place.value}"
        count = self._counts.get(place, 0)
        is_warning = place is Worklist.NEEDS_TRIAGE and count > 0
        tone = "warn" if is_warning else ""
        return NavItem(place.value, text_of(id_), BY_ID[id_].icon, count, tone)  # type: ignore[arg-type]

    def set_current(self, place: str) -> None:
        """Mark the place shown: a list or a screen; anything else marks none."""
        self.places.set_current(place)

    def show_person(self, name: str, subtitle: str, people: Sequence[WorkAs]) -> None:
        """Show who works here."""
        self.presence.show_person(name, subtitle, people)

    @property
    def is_narrow(self) -> bool:
        """Whether only icons are shown."""
        return self.width() <= NAVIGATION_NARROW

    def set_narrow(self, narrow: bool) -> None:
        """Show icons alone, or icons and words."""
        self._log.setVisible(not narrow)
        self._log_icon.setVisible(narrow)
        self.setFixedWidth(NAVIGATION_NARROW if narrow else NAVIGATION)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("bg.app"))
        painter.fillRect(self.width() - 1, 0, 1, self.height(), theme.color("line.default"))
        painter.end()
