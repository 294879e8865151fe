"""Which update stands in the fields of the composer, so that nothing typed is ever lost."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from desktop.presenters import composer_commands as made
from desktop.presenters.composer_reading import Composing
from desktop.views.composer.update_composer import UpdateComposer
from services.communications.read_models import UpdateItem
from services.communications.status_page import Audience
from services.communications.status_update import StatusUpdate, UpdateMoment, UpdateState
from services.core.drafts import Content
from services.major_incidents.major import ResponsePhase

_COMPARED = ("subject", "summary", "current_status", "next_steps")


@dataclass(frozen=True, slots=True)
class Seen:
    """An update in the fields, and when the words were written that were put there."""

    update_id: UUID
    written_at: datetime


class ComposerFields:
    """Fills the fields for each audience from the record, unless a person wrote there."""

    def __init__(self, composer: UpdateComposer) -> None:
        self._composer = composer
        self._seen: dict[Audience, Seen] = {}
        self._aside: dict[str, Content] = {}
        self._begun: set[Audience] = set()

    def restore(self, content: Content) -> None:
        """Put back a draft; an empty one begins anew."""
        seen: dict[str, Any] = content.get("seen", {})
        self._seen = {
            Audience(one): Seen(UUID(id_), datetime.fromisoformat(at))
            for one, (id_, at) in seen.items()
        }
        self._aside = dict(content.get("aside", {}))
        self._begun = set(Audience) if content else set()
        for audience in Audience:
            empty = made.empty_fields("", UpdateMoment.FIRST)
            self._composer.words[audience].restore({**empty, "page": ""})
        self._composer.restore(content)

    def content(self) -> Content:
        """All that was typed, with what it belongs to."""
        return {
            **self._composer.content(),
            "aside": dict(self._aside),
            "seen": {
                one.value: [str(seen.update_id), seen.written_at.isoformat()]
                for one, seen in self._seen.items()
            },
        }

    def seen(self, audience: Audience) -> Seen | None:
        """The update in the fields of an audience."""
        return self._seen.get(audience)

    def note(self, audience: Audience, update_id: UUID, written_at: datetime) -> None:
        """What stands in the fields is now these words of this update."""
        self._seen[audience] = Seen(update_id, written_at)

    def put(self, audience: Audience, content: Content) -> None:
        """Words that belong to no update of the record, such as one that was stopped."""
        self._seen.pop(audience, None)
        self._begun.add(audience)
        self._composer.put(audience, content)

    def take(self, update: StatusUpdate) -> None:
        """The words of an update of the record instead of what stands there."""
        self.note(update.audience, update.id, update.written_at)
        self._begun.add(update.audience)
        self._composer.words[update.audience].restore(made.fields_of(update))

    def is_stale(self, item: UpdateItem) -> bool:
        """Whether somebody else wrote other words while others are typed here."""
        seen = self._seen.get(item.update.audience)
        return (
            seen is not None
            and seen.update_id == item.update.id
            and seen.written_at != item.update.written_at
        )

    def settle(self, known: Composing) -> None:
        """Put into the fields what belongs there as the record stands now."""
        for audience in Audience:
            item = known.unfinished(audience)
            self._composer.words[audience].begin(known.first_subject(audience))
            if item is None:
                self._settle_without(audience, known)
            else:
                self._settle_with(audience, item)

    def _settle_without(self, audience: Audience, known: Composing) -> None:
        seen = self._seen.get(audience)
        gone = known.item(seen.update_id) if seen is not None else None
        if gone is not None:
            del self._seen[audience]
            if self._says(audience, gone.update):
                self._begun.discard(audience)
        words, moment = self._composer.words[audience], known.next_moment(audience)
        is_stale = words.is_empty() and words.moment is not moment
        if audience not in self._begun or is_stale:
            self._begin(audience, known, moment)

    def _begin(self, audience: Audience, known: Composing, moment: UpdateMoment) -> None:
        """Fields for the next update, or what was laid aside while another one was read."""
        subject = known.first_subject(audience)
        self._begun.add(audience)
        aside = self._aside.pop(audience.value, None)
        phase = known.major.phase if known.major is not None else ResponsePhase.INVESTIGATING
        empty = made.empty_fields(subject, moment, phase)
        self._composer.words[audience].restore(aside or empty)

    def _settle_with(self, audience: Audience, item: UpdateItem) -> None:
        update, seen = item.update, self._seen.get(audience)
        is_other = seen is None or seen.update_id != update.id
        is_empty = self._composer.words[audience].is_empty()
        if self._says(audience, update):
            self.note(audience, update.id, update.written_at)
        elif update.state is UpdateState.IN_REVIEW:
            if not is_empty:
                self._aside[audience.value] = self._composer.words[audience].content()
            self.take(update)
        elif is_other and is_empty:
            self.take(update)

    def _says(self, audience: Audience, update: StatusUpdate) -> bool:
        form = self._composer.words[audience].form(None, is_notifying=None)
        return all(getattr(form, name) == getattr(update, name) for name in _COMPARED)
