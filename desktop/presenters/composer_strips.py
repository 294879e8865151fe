"""How updates are on their way, in words: held, waiting, read by another, returned, refused."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final
from uuid import UUID

from desktop.presenters.composer_reading import Composing
from desktop.text import clock_text, plural, when_text
from desktop.views.composer.values import ComposerVerb, StripLine
from services.communications.cadence import is_stale
from services.communications.read_models import UpdateItem
from services.communications.status_page import Audience
from services.communications.status_update import UpdateState
from services.communications.transitions import WRITING, senders
from services.paging.page import DeliveryState
from services.paging.words import delay_words
from services.people.person import Role

WHOM: Final = {Audience.INTERNAL: "internal", Audience.EXTERNAL: "external"}


def strips(
    known: Composing,
    viewer_id: UUID,
    roles: frozenset[Role],
    now: datetime,
    *,
    is_online: bool,
) -> Iterator[StripLine]:
    """What to say above the fields, the newest update first."""
    shown: set[UUID] = set()
    for item in known.items:
        state, page_id = item.update.state, item.update.page_id
        if state is UpdateState.HELD:
            yield _held(item, roles, now)
        elif state is UpdateState.QUEUED:
            is_here = item.is_unsent and not is_online
            yield _queued(item, now, is_here=is_here)
        elif state is UpdateState.IN_REVIEW:
            yield _in_review(item, viewer_id, roles, now)
        elif state is UpdateState.DRAFT:
            yield from _draft(known, item)
        elif state is UpdateState.SENT and page_id not in shown:
            shown.add(page_id)
            yield from _failed(item)


def _name(item: UpdateItem) -> str:
    return f"The {WHOM[item.update.audience]} update"


def waited_words(queued_at: datetime, now: datetime) -> str:
    """What is said of an update that nobody got in time: ``waited 3 h and was not sent``."""
    waited = delay_words(max(60, (now - queued_at).total_seconds()))
    return f"waited {waited} and was not sent"


def _held(item: UpdateItem, roles: frozenset[Role], now: datetime) -> StripLine:
    queued_at = item.update.queued_at or item.update.written_at
    may = bool(roles & senders(item.update.audience))
    verbs = (ComposerVerb.SEND_NOW, ComposerVerb.PUT_AWAY) if may else (ComposerVerb.PUT_AWAY,)
    return StripLine(
        update_id=item.update.id,
        tone="warn",
        lead=f"{_name(item)} {waited_words(queued_at, now)}.",
        text=f"“{item.update.summary}” Is it still true?",
        icon="hold",
        verbs=verbs,
    )


def _queued(item: UpdateItem, now: datetime, *, is_here: bool) -> StripLine:
    hold = item.update.hold_until
    stop = (ComposerVerb.STOP,)
    if item.is_unsent and is_stale(item.update, now):
        lead = f"{_name(item)} {waited_words(item.update.queued_at or now, now)}."
        text = f"“{item.update.summary}” It is saved here only, and goes out only if you say so."
        return StripLine(
            update_id=item.update.id, tone="warn", lead=lead, text=text, icon="hold",
            verbs=(ComposerVerb.PUT_AWAY,),
        )  # fmt: skip
    if is_here:
        lead = f"{_name(item)} is not sent yet."
        text = "It is saved here and leaves when this desk is connected; later you are asked."
        return StripLine(
            update_id=item.update.id, tone="warn", lead=lead, text=text, icon="sync.pending",
            verbs=stop,
        )  # fmt: skip
    if hold is not None and hold > now:
        lead = f"{_name(item)} leaves at {clock_text(hold.astimezone(now.tzinfo), seconds=True)}."
    else:
        lead = f"{_name(item)} is on its way."
    return StripLine(update_id=item.update.id, tone="info", lead=lead, icon="send", verbs=stop)


def _in_review(
    item: UpdateItem, viewer_id: UUID, roles: frozenset[Role], now: datetime
) -> StripLine:
    update, verbs = item.update, tuple[ComposerVerb, ...]()
    is_own = update.written_by_id == viewer_id
    if roles & WRITING:
        reading = (ComposerVerb.PASS, ComposerVerb.RETURN)
        verbs = (ComposerVerb.TAKE_BACK,) if is_own or update.reviewed_by_id else reading
    if update.reviewed_by_id is not None:
        at = when_text(update.reviewed_at or update.written_at, now)
        return StripLine(
            update_id=update.id, tone="ok", lead=f"{item.reviewed_by} passed it at {at}.",
            text=f"“{update.review_remark}”" if update.review_remark else "", verbs=verbs,
        )  # fmt: skip
    asked = item.review_asked_of
    if is_own:
        lead = f"{asked} is asked to read it." if asked else "Whoever is there is asked to read it."
        text = "It can be sent once it is passed."
    else:
        lead = f"{item.written_by} asks for a second pair of eyes."
        text = "" if update.review_asked_of_id in (None, viewer_id) else f"{asked} was asked."
    return StripLine(
        update_id=update.id, tone="info", lead=lead, text=text, icon="read", verbs=verbs
    )


def _draft(known: Composing, item: UpdateItem) -> Iterator[StripLine]:
    update = item.update
    if update.replaces_id is not None:
        replaced = known.item(update.replaces_id)
        which = f"update {replaced.ordinal}" if replaced is not None else "an update"
        yield StripLine(
            update_id=update.id, tone="info", lead=f"Corrects {which}.",
            text="It leaves as an edit of that one, and is marked so.", icon="edit",
            verbs=(ComposerVerb.LEAVE_CORRECTION,),
        )  # fmt: skip
    if update.review_remark and update.reviewed_by_id is None:
        yield StripLine(
            update_id=update.id, tone="warn", lead="Returned to be changed:",
            text=f"“{update.review_remark}”", icon="undo",
        )  # fmt: skip


def _failed(item: UpdateItem) -> Iterator[StripLine]:
    failed = [one for one in item.receipts if one.needs_a_person]
    if failed:
        places = failed[0].place if len(failed) == 1 else plural(len(failed), "outlet", "outlets")
        yield StripLine(
            update_id=item.update.id, tone="danger",
            lead=f"Update {item.ordinal} did not reach {places}.",
            text=f"“{failed[0].reason}”" if failed[0].reason else "",
            verbs=(ComposerVerb.SHOW,),
        )  # fmt: skip
    for one in item.receipts:
        if one.state is DeliveryState.UNSURE:
            yield StripLine(
                update_id=item.update.id, tone="warn", icon="hold",
                lead=f"It is not certain that update {item.ordinal} reached {one.place}.",
                text=f"“{one.reason}” It is looked for again." if one.reason else "",
                verbs=(ComposerVerb.SHOW,),
            )  # fmt: skip


def stale_line(item: UpdateItem) -> StripLine:
    """Somebody else wrote other words while others are typed here."""
    return StripLine(
        update_id=item.update.id,
        tone="warn",
        lead=f"{item.written_by} changed this update meanwhile:",
        text=f"“{item.update.summary}” Yours stand below.",
        icon="edit",
        verbs=(ComposerVerb.TAKE_THEIRS, ComposerVerb.KEEP_MINE),
    )
