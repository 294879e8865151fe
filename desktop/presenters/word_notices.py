"""Alarms those who owe the next word about a major incident, before it is late and once it is."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication

from desktop.presenters.composer_strips import WHOM
from desktop.presenters.word_banner import Ask, WordBanner
from desktop.text import incident_key, when_text
from services.communications.cadence import Because
from services.communications.queries import DUE_TABLES, words_due
from services.communications.read_models import DueItem
from services.communications.status_page import Audience
from services.core.tables import read_records
from services.major_incidents.major import HoldingState, ResponseRole, RoleHolding
from services.major_incidents.tables import role_holding

SOON = timedelta(minutes=10)
_SINCE: Final = "Nobody has been told since."
_LATE: Final = {
    Because.FIRST: "Nobody has been told yet.",
    Because.PLAN: _SINCE,
    Because.PROMISE: _SINCE,
    Because.END: "Nobody has been told that it is over.",
}
_COMMUNICATING: Final = {
    Audience.INTERNAL: ResponseRole.INTERNAL_COMMUNICATIONS,
    Audience.EXTERNAL: ResponseRole.EXTERNAL_COMMUNICATIONS,
}

Due = tuple[tuple[DueItem, ...], tuple[RoleHolding, ...]]
"""The words that are due some time, and who has which role in the responses."""


def responsible(
    holdings: Iterable[RoleHolding], audience: Audience, ended_at: datetime | None = None
) -> frozenset[UUID]:
    """Who owes the next word to an audience: who holds communications, else the one in charge.

    Once the response has ended, it is who held that until then.
    """
    held = [
        one
        for one in holdings
        if one.state is HoldingState.HELD
        or (ended_at is not None and one.accepted_at is not None and one.ended_at == ended_at)
    ]
    communicating = {ResponseRole.COMMUNICATIONS_MANAGER, _COMMUNICATING[audience]}
    found = frozenset(one.person_id for one in held if one.role in communicating)
    in_charge = (one.person_id for one in held if one.role is ResponseRole.INCIDENT_MANAGER)
    return found or frozenset(in_charge)


def owed(due: Due, person_id: UUID) -> Iterator[DueItem]:
    """The words that a person owes, the most pressing first."""
    items, holdings = due
    for item in items:
        of_it = (one for one in holdings if one.major_id == item.major_id)
        if person_id in responsible(of_it, item.audience, item.ended_at):
            yield item


class WordNotices(WordBanner[Due]):
    """Asks for what is owed within ten minutes, or has been owed for longer.

    ``told`` carries title and text for the system to say, once when a word is due soon and once
    when it is late; ``quiet`` says that nothing is owed any more.
    """

    PLACE = "late word"
    TABLES = DUE_TABLES | {RoleHolding.TABLE}
    ICON = "clock.warn"
    VERB = "Write it"
    MORE = ("more update is owed", "more updates are owed")

    told = Signal(str, str)
    quiet = Signal()

    def read(self, connection: sa.Connection) -> Due:
        items = words_due(connection)
        of_them = role_holding.c.major_id.in_([item.major_id for item in items])
        return items, tuple(read_records(connection, RoleHolding, role_holding, of_them))

    def ages(self, found: Due) -> bool:
        return bool(found[0])

    def asks(self, found: Due) -> Sequence[Ask]:
        soon = self._desk.clock.now() + SOON
        owing = owed(found, self._desk.viewer.person_id)
        return [self._ask(item) for item in owing if item.due.at <= soon]

    def _ask(self, item: DueItem) -> Ask:
        now = self._desk.now_here()
        is_late, at = item.due.is_late(now), when_text(item.due.at, now)
        stands = f"was due at {at}" if is_late else f"is due at {at}"
        which = "last " if item.due.because is Because.END else ""
        return Ask(
            kind=f"{item.incident_id} {item.audience.value} {item.due.at} {is_late}",
            incident_id=item.incident_id,
            audience=item.audience,
            tone="danger" if is_late else "warn",
            lead=f"{incident_key(item.number)}: the {which}{WHOM[item.audience]} update {stands}.",
            text=_LATE[item.due.because] if is_late else f"You owe the {which or 'next '}word.",
            summary=item.summary,
        )

    def came(self, fresh: Sequence[Ask]) -> None:
        for ask in fresh:
            self.told.emit(ask.lead, ask.summary)
            QApplication.alert(self._window)
        if not self._shown:
            self.quiet.emit()
