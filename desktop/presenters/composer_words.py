"""The composer in words: sides, strips, history and previews, from what was read."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from desktop.presenters.composer_reading import Composing
from desktop.presenters.composer_strips import WHOM, strips
from desktop.text import plural, when_text
from desktop.views.composer.values import (
    CheckLine,
    ComponentChoice,
    ComposerView,
    FindingLine,
    Judged,
    PageChoice,
    PreviewLine,
    ReceiptLine,
    Side,
    StripLine,
    TemplateChoice,
    ToldLine,
)
from desktop.views.status_pages.entries import outlet_name
from services.communications import checks
from services.communications.checks import Point, Where, Words
from services.communications.read_models import PageSettings, Receipt, UpdateItem
from services.communications.status_page import Audience
from services.communications.status_update import UpdateState
from services.communications.templates import filled
from services.communications.transitions import KEEPING, WRITING, senders
from services.core.records import is_known
from services.paging.destination import ProviderKind
from services.paging.page import DeliveryState
from services.people.person import Role

WHY_NOT_WRITE: Final = "Agents and communications managers write updates. You can read them."
WHY_NOT_SEND: Final = {
    Audience.INTERNAL: "The service desk, incident and communications managers send to staff.",
    Audience.EXTERNAL: "Only an incident or a communications manager sends to customers.",
}
_SHOWN_OUTLETS: Final = 3
_PRESETS_S: Final = (900, 1_800, 3_600)
_POINTS: Final = {
    Point.IMPACT: ("Actual impact on customers", "say what they see"),
    Point.HOW_MANY: ("How many, inside and outside", "or say “unknown”"),
    Point.ROOT_CAUSE: ("Root cause", "say “not yet known”"),
    Point.RESTORATION: ("Estimate for restoration", "say “no estimate yet”"),
    Point.NEXT_UPDATE: ("When and where the next update comes", "choose both"),
}  # fmt: skip
_FIELDS: Final = {Where.NEXT_UPDATE: "next"}
_SAID_ELSEWHERE: Final = frozenset({"empty", "next-update"})
"""Findings that the fields or the card of the check say by themselves."""

_CHANNEL_ICONS: Final = {
    ProviderKind.EMAIL: "channel.email",
    ProviderKind.TWILIO_SMS: "phone",
    ProviderKind.SLACK: "channel.chat",
    ProviderKind.TEAMS: "channel.chat",
    ProviderKind.MATRIX: "channel.chat",
    ProviderKind.MATTERMOST: "channel.chat",
}
_RECEIPTS: Final = {
    DeliveryState.DELIVERED: ("check.met", "ok.fg", "Delivered"),
    DeliveryState.WAITING: ("clock", "fg.muted", "Waiting"),
    DeliveryState.SENDING: ("refresh", "fg.muted", "Being sent"),
    DeliveryState.UNSURE: ("refresh", "warn.fg", "May have arrived, asked again"),
    DeliveryState.REFUSED: ("danger", "danger.fg", "Refused"),
    DeliveryState.DEAD: ("danger", "danger.fg", "Given up"),
    DeliveryState.SUPERSEDED: ("clear", "fg.subtle", "Not wanted any more"),
    DeliveryState.BUNDLED: ("check.met", "ok.fg", "Sent with others"),
}


def composer_view(
    known: Composing,
    viewer_id: UUID,
    now: datetime,
    *,
    is_online: bool,
    first: tuple[StripLine, ...] = (),
) -> ComposerView:
    """All that the composer shows beside what is typed; ``first`` above everything."""
    roles = known.names.roles_of(viewer_id)
    return ComposerView(
        key=known.key,
        sides={audience: _side(known, audience, roles, now) for audience in Audience},
        components=tuple(
            ComponentChoice(
                id=item.component.id,
                page_id=page_id,
                name=item.component.name,
                status=item.status,
            )
            for page_id, items in known.components.items()
            for item in items
        ),
        strips=(*first, *strips(known, viewer_id, roles, now, is_online=is_online)),
        told=tuple(_told(item, roles, now) for item in known.items if _is_told(item)),
        may_set_up=bool(roles & KEEPING),
    )


def _side(known: Composing, audience: Audience, roles: frozenset[Role], now: datetime) -> Side:
    last, unfinished = known.last_told(audience), known.unfinished(audience)
    pages = known.pages(audience)
    told = [item.ordinal for item in known.items if item.update.audience is audience]
    every_s = known.every_s(audience, now)
    planned = () if every_s is None else (every_s,)
    in_review = unfinished is not None and unfinished.update.state is UpdateState.IN_REVIEW
    return Side(
        number=_number(known, unfinished, max(told, default=0) + 1),
        copies=f"update {last.ordinal}" if last is not None and unfinished is None else "",
        pages=tuple(_page_choice(known, page) for page in pages),
        templates=_templates(known, audience),
        places=tuple(page.page.name for page in pages),
        next_after_s=tuple(dict.fromkeys((*planned, *_PRESETS_S))),
        is_locked=in_review,
        is_passed=unfinished is not None and unfinished.update.reviewed_by_id is not None,
        why_not_write="" if roles & WRITING else WHY_NOT_WRITE,
        why_not_send="" if roles & senders(audience) else WHY_NOT_SEND[audience],
    )


def _number(known: Composing, unfinished: UpdateItem | None, next_one: int) -> int:
    """A correction has the number of what it corrects."""
    if unfinished is None or unfinished.update.replaces_id is None:
        return next_one
    replaced = known.item(unfinished.update.replaces_id)
    return replaced.ordinal if replaced is not None else next_one


def _page_choice(known: Composing, settings: PageSettings) -> PageChoice:
    page = settings.page
    active = [one for one in settings.outlets if one.is_active]
    count = sum(one.is_subscriber for one in active)
    subscribers = plural(count, "subscriber", "subscribers") if count else ""
    every_time = [
        outlet_name(one, known.destinations.get(one.destination_id))
        for one in active
        if not one.is_subscriber
    ]
    shown = every_time[:_SHOWN_OUTLETS]
    more = len(every_time) - len(shown)
    parts = [*shown, f"{more} more" if more else "", subscribers]
    reach = ", ".join(part for part in parts if part)
    return PageChoice(
        id=page.id,
        name=page.name,
        audience=page.audience,
        reach=reach or f"{page.name}, no outlet yet",
        subscribers=subscribers,
        is_review_required=page.is_review_required,
    )


def _templates(known: Composing, audience: Audience) -> tuple[TemplateChoice, ...]:
    found = (t for t in known.settings.templates if t.audience is audience and t.is_active)
    return tuple(
        TemplateChoice(
            id=one.id,
            name=one.name,
            audience=one.audience,
            moment=one.moment,
            subject=one.subject,
            summary=one.summary,
            current_status=one.current_status,
            next_steps=one.next_steps,
        )
        for one in (filled(template, known.values) for template in found)
    )


# -- what was told --------------------------------------------------------------------------


def _is_told(item: UpdateItem) -> bool:
    return item.update.state in (UpdateState.SENT, UpdateState.QUEUED, UpdateState.HELD)


def _told(item: UpdateItem, roles: frozenset[Role], now: datetime) -> ToldLine:
    update = item.update
    is_sent = update.state is UpdateState.SENT
    number = f"Update {item.ordinal}" if item.ordinal else "Update"
    marks = (
        ("Correction", item.is_correction),
        ("Edited", item.is_edited),
        ("Backdated", item.is_backdated),
        ("Held", update.state is UpdateState.HELD),
    )
    waiting = ReceiptLine(
        outlet=item.page, icon="sync.pending", tone="warn.fg", state="Not sent yet"
    )
    receipts = tuple(receipt_line(one, now) for one in item.receipts)
    at = update.told_at or update.sent_at or update.queued_at or update.written_at
    return ToldLine(
        id=update.id,
        title=f"{number}, {WHOM[update.audience]}",
        audience=update.audience,
        by=f"{item.queued_by or item.written_by} · {item.page}",
        when=when_text(at, now),
        text=update.summary,
        marks=tuple(mark for mark, is_it in marks if is_it),
        receipts=receipts if is_sent else (waiting,),
        may_correct=is_sent and bool(roles & WRITING) and not item.is_edited,
    )


def receipt_line(receipt: Receipt, now: datetime) -> ReceiptLine:
    """What became of an update at one place."""
    if is_known(receipt.state):
        icon, tone, words = _RECEIPTS[receipt.state]
    else:
        icon, tone, words = "info", "fg.muted", receipt.state.value
    if receipt.state is DeliveryState.DELIVERED and receipt.finished_at is not None:
        words = f"{words} {when_text(receipt.finished_at, now)}"
    elif receipt.state is DeliveryState.WAITING and receipt.attempt_count and receipt.next_try_at:
        icon, tone = "refresh", "warn.fg"
        words = f"Tried again {when_text(receipt.next_try_at, now)}"
    is_well = receipt.state is DeliveryState.DELIVERED
    return ReceiptLine(
        outlet=receipt.place or receipt.address,
        icon=icon,
        tone=tone,
        state=words,
        reason="" if is_well else receipt.reason,
    )


# -- what the words come to -----------------------------------------------------------------


def judged(known: Composing, words: Words, page_id: UUID | None) -> Judged:
    """The check, the findings, and how each account of the page gets the words."""
    settings = known.page(page_id)
    page = settings.page if settings is not None else None
    empty = {where for where, text in checks.texts(words) if not text.strip()}
    return Judged(
        checks=tuple(
            CheckLine(text=_POINTS[one.point][0], is_met=one.is_met, remedy=_POINTS[one.point][1])
            for one in checks.completeness(words)
        ),
        findings=tuple(
            FindingLine(
                field=_FIELDS.get(one.where, one.where.value),
                text=one.words,
                must_change=one.is_blocking,
            )
            for one in checks.findings(words, known.known(page))
            if one.code not in _SAID_ELSEWHERE and one.where not in empty
        ),
        previews=tuple(_previews(known, words, settings)) if settings is not None else (),
    )


def _previews(known: Composing, words: Words, settings: PageSettings) -> Iterator[PreviewLine]:
    whole = checks.whole_text(words)
    for place in known.places(settings):
        subject, text = checks.preview(words, place.kind.value)
        room = checks.ROOMS.get(place.kind.value)
        yield PreviewLine(
            outlet=place.name,
            icon=_CHANNEL_ICONS.get(place.kind, "status.page"),
            title=subject,
            text=text,
            used=room.text.size(whole) if room is not None else 0,
            limit=room.text.count if room is not None else 0,
        )


def next_at(after_s: int | None, at: datetime | None, now: datetime) -> datetime | None:
    """When the next update would be due if this one were sent now."""
    return now + timedelta(seconds=after_s) if after_s is not None else at
