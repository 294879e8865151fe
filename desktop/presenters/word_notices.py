"""Alarms those who owe the next word about a major incident, before it is late and once it is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

from desktop.main_window import MainWindow
from desktop.presenters.desk import Desk
from desktop.text import incident_key, plural, when_text
from desktop.widgets.banner import Banner
from services.communications.cadence import Because
from services.communications.queries import DUE_TABLES, words_due
from services.communications.read_models import DueItem
from services.communications.status_page import Audience
from services.core.tables import read_records
from services.major_incidents.major import HoldingState, ResponseRole, RoleHolding
from services.major_incidents.tables import role_holding
from services.sync.book import ChangeSet

LATE: Final = "late word"
"""The place of the banner above the screen."""

SOON = timedelta(minutes=10)
LOOKS_EVERY_MS: Final = 5_000
_WHOM: Final = {Audience.INTERNAL: "internal", Audience.EXTERNAL: "external"}
_COMMUNICATING: Final = {
    Audience.INTERNAL: ResponseRole.INTERNAL_COMMUNICATIONS,
    Audience.EXTERNAL: ResponseRole.EXTERNAL_COMMUNICATIONS,
}


@dataclass(frozen=True, slots=True)
class Owed:
    """A word that somebody at this desk owes: ``kind`` changes when there is something new."""

    item: DueItem
    is_late: bool

    @property
    def kind(self) -> str:
        """Which word it is, and whether it is late."""
        item = self.item
        return f"{item.incident_id} {item.audience.value} {item.due.at} {self.is_late}"


def responsible(holdings: Iterable[RoleHolding], audience: Audience) -> frozenset[UUID]:
    """Who owes the next word to an audience: who holds communications, else the one in charge."""
    held = [one for one in holdings if one.state is HoldingState.HELD]
    communicating = {ResponseRole.COMMUNICATIONS_MANAGER, _COMMUNICATING[audience]}
    found = frozenset(one.person_id for one in held if one.role in communicating)
    in_charge = (one.person_id for one in held if one.role is ResponseRole.INCIDENT_MANAGER)
    return found or frozenset(in_charge)


def owed(
    items: Iterable[DueItem], holdings: Iterable[RoleHolding], person_id: UUID, now: datetime
) -> tuple[Owed, ...]:
    """What a person owes within ten minutes, or has owed for longer, the most pressing first."""
    known = tuple(holdings)
    return tuple(
        Owed(item, item.due.is_late(now))
        for item in items
        if item.due.at - now <= SOON
        and person_id
        in responsible((h for h in known if h.major_id == item.major_id), item.audience)
    )


class WordNotices(QObject):
    """Puts the banner up and takes it away by itself.

    ``wanted`` carries the incident and the audience somebody wants to write to; ``told`` title
    and text for the system to say, once when a word is due soon and once when it is late.
    """

    wanted = Signal(object, object)
    told = Signal(str, str)
    quiet = Signal()

    def __init__(self, desk: Desk, window: MainWindow) -> None:
        super().__init__()
        self._desk = desk
        self._window = window
        self._items: tuple[DueItem, ...] = ()
        self._holdings: tuple[RoleHolding, ...] = ()
        self._told: frozenset[str] = frozenset()
        self._shown: tuple[str, ...] = ()
        # It ends with the window: a closed one alarms nobody.
        self._timer = QTimer(window, interval=LOOKS_EVERY_MS)
        self._timer.timeout.connect(self.look)
        desk.changed.connect(self._on_change)
        desk.directory_changed.connect(self._read)
        desk.viewer_changed.connect(self._read)

    def _on_change(self, change: ChangeSet) -> None:
        if change.is_everything or change.tables & (DUE_TABLES | {RoleHolding.TABLE}):
            self._read()

    def _read(self) -> None:
        self._desk.read(self, "words due", _read, self._take)

    def _take(self, found: tuple[tuple[DueItem, ...], tuple[RoleHolding, ...]]) -> None:
        self._items, self._holdings = found
        if self._items and not self._timer.isActive():
            self._timer.start()
        elif not self._items:
            self._timer.stop()
        self.look()

    def look(self) -> None:
        """Say what is owed as it stands now."""
        now = self._desk.clock.now()
        found = owed(self._items, self._holdings, self._desk.viewer.person_id, now)
        kinds = tuple(one.kind for one in found)
        if kinds == self._shown:
            return
        self._shown = kinds
        known, self._told = self._told, frozenset(kinds)
        if not found:
            self._window.clear_banner(LATE)
            self.quiet.emit()
            return
        self._show(found[0], len(found) - 1)
        for one in found:
            if one.kind not in known:
                self.told.emit(self._lead(one), one.item.summary)
                QApplication.alert(self._window)

    def _lead(self, one: Owed) -> str:
        item = one.item
        at = when_text(item.due.at, self._desk.now_here())
        stands = f"was due at {at}" if one.is_late else f"is due at {at}"
        return f"{incident_key(item.number)}: the {_WHOM[item.audience]} update {stands}."

    def _show(self, one: Owed, more: int) -> None:
        owed_too = plural(more, "more update is owed", "more updates are owed")
        others = f" {owed_too}." if more else ""
        since = "yet" if one.item.due.because is Because.FIRST else "since"
        tail = f"Nobody has been told {since}." if one.is_late else "You owe the next word."
        banner = Banner(
            "danger" if one.is_late else "warn",
            self._lead(one),
            f"{tail}{others}",
            icon="clock.warn",
            square=True,
        )
        write = banner.add_button("Write it", icon="status.page")
        item = one.item
        write.clicked.connect(lambda: self.wanted.emit(item.incident_id, item.audience))
        self._window.show_banner(banner, LATE)


def _read(
    connection: sa.Connection,
) -> tuple[tuple[DueItem, ...], tuple[RoleHolding, ...]]:
    items = words_due(connection)
    ids = [item.major_id for item in items]
    of_them = role_holding.c.major_id.in_(ids)
    return items, tuple(read_records(connection, RoleHolding, role_holding, of_them))
