"""Asks about updates that waited too long to go out by themselves, whatever screen is open."""

from collections.abc import Sequence

import sqlalchemy as sa

from desktop.presenters.composer_strips import WHOM, waited_words
from desktop.presenters.word_banner import Ask, WordBanner
from desktop.text import incident_key
from services.communications.queries import UPDATE_TABLES, held_updates
from services.communications.read_models import HeldUpdate
from services.communications.transitions import senders


class HeldNotices(WordBanner[tuple[HeldUpdate, ...]]):
    """A person is asked about their own updates, and about those that they may send."""

    PLACE = "held word"
    TABLES = UPDATE_TABLES | {"pending"}
    ICON = "hold"
    VERB = "Decide"
    MORE = ("more waits for your word", "more wait for your word")

    def read(self, connection: sa.Connection) -> tuple[HeldUpdate, ...]:
        return held_updates(connection)

    def ages(self, found: tuple[HeldUpdate, ...]) -> bool:
        return any(one.held_from is not None for one in found)

    def asks(self, found: tuple[HeldUpdate, ...]) -> Sequence[Ask]:
        now, viewer_id = self._desk.clock.now(), self._desk.viewer.person_id
        roles = self._desk.directory.roles_of(viewer_id)
        return [
            Ask(
                kind=str(one.update_id),
                incident_id=one.incident_id,
                audience=one.audience,
                tone="warn",
                lead=f"{incident_key(one.number)}: the {WHOM[one.audience]} update"
                f" {waited_words(one.queued_at, now)}.",
                text=f"Is “{one.subject}” still true?",
            )
            for one in found
            if (one.held_from is None or one.held_from < now)
            and (one.queued_by_id == viewer_id or roles & senders(one.audience))
        ]
