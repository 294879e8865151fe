"""How a page stands, in a lead and a sentence, and what can be done with it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Final, Literal

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from desktop.text import clock_text, duration_text, when_text
from desktop.views.dialogs.words import filled
from services.paging.lifecycle import FRESH_FOR
from services.paging.page import PageState
from services.paging.read_models import PageItem
from services.paging.words import listed

Look = Literal["info", "warn", "ok"]
translate = QCoreApplication.translate
INCIDENT_ENDED: Final = "incident no longer open"
"""The remark by which the shared database says that a page ended with its incident."""


class PageVerb(Enum):
    """What a person can do with a page from the record."""

    ACKNOWLEDGE = "acknowledge"
    DECLINE = "decline"
    SNOOZE = "snooze"
    ESCALATE = "escalate"
    ADD = "add"
    SEND = "send"
    WITHDRAW = "withdraw"
    AGAIN = "again"
    AUDIT = "audit"


ONLINE_ONLY: Final = frozenset(
    {PageVerb.ACKNOWLEDGE, PageVerb.DECLINE, PageVerb.SNOOZE, PageVerb.ESCALATE, PageVerb.SEND}
)
"""Acts that mean something only while the shared database hears of them at once."""

WORDS: Final = {
    PageVerb.ACKNOWLEDGE: str(QT_TRANSLATE_NOOP("paging", "Acknowledge")),
    PageVerb.DECLINE: str(QT_TRANSLATE_NOOP("paging", "Can't, next please")),
    PageVerb.SNOOZE: str(QT_TRANSLATE_NOOP("paging", "Snooze")),
    PageVerb.ESCALATE: str(QT_TRANSLATE_NOOP("paging", "Next step now")),
    PageVerb.ADD: str(QT_TRANSLATE_NOOP("paging", "Page more people…")),
    PageVerb.WITHDRAW: str(QT_TRANSLATE_NOOP("paging", "Drop it")),
    PageVerb.SEND: str(QT_TRANSLATE_NOOP("paging", "Send now")),
    PageVerb.AGAIN: str(QT_TRANSLATE_NOOP("paging", "Page again…")),
    PageVerb.AUDIT: str(QT_TRANSLATE_NOOP("paging", "What happened")),
}


@dataclass(frozen=True, slots=True)
class PageView:
    """A page in words: how it looks, what it says, its buttons, and what stands behind "more"."""

    look: Look
    icon: str
    lead: str
    text: str
    buttons: tuple[PageVerb, ...]
    more: tuple[PageVerb, ...]


def verb_text(verb: PageVerb) -> str:
    """What a button says."""
    return translate("paging", WORDS[verb])


def page_view(item: PageItem, now: datetime, *, is_online: bool) -> PageView | None:
    """How a page is shown on its record; None where nothing of it is left to be said there."""
    view = _BY_STATE[item.page.state](item, now)
    if view is None or is_online or item.is_unsent:
        return view
    needs = translate("paging", "Offline: answering needs the connection.")
    if not ONLINE_ONLY & {*view.buttons, *view.more}:
        return view
    return PageView(
        view.look, view.icon, view.lead, f"{view.text} {needs}".strip(), view.buttons, view.more
    )


def shown_page(items: tuple[PageItem, ...], incident_is_open: bool) -> PageItem | None:
    """The page that matters most: one that is open, then held, then acknowledged.

    One that ended with its incident is told of while the incident is open again.
    """
    order = (PageState.OPEN, PageState.HELD, PageState.ACKNOWLEDGED)
    for state in order:
        for item in items:
            if item.page.state is state:
                return item
    newest = items[0] if items else None
    is_over = newest is not None and newest.page.end_remark == INCIDENT_ENDED
    return newest if is_over and incident_is_open else None


def countdown_text(left: timedelta) -> str:
    """``3:12`` in minutes and seconds; from an hour on as a duration."""
    seconds = max(0, round(left.total_seconds()))
    if seconds >= 3_600:
        return f"{duration_text(timedelta(seconds=seconds))} h"
    return f"{seconds // 60}:{seconds % 60:02}"


def _open(item: PageItem, now: datetime) -> PageView:
    page = item.page
    if item.is_unsent:
        return _unsent(item)
    if page.started_at is None:
        lead = translate("paging", "Paging %1.")
        text = translate("paging", "Nobody has been called yet.")
        if page.hold_until is not None and page.hold_until > now:
            text = translate("paging", "It goes out in %1.")
            text = filled(text, countdown_text(page.hold_until - now))
        stop = (PageVerb.WITHDRAW,)
        return PageView("info", "bell", filled(lead, item.target), text, stop, (PageVerb.AUDIT,))
    buttons = (PageVerb.ACKNOWLEDGE, PageVerb.SNOOZE)
    own = (PageVerb.DECLINE,) if item.is_called else ()
    more = (*own, PageVerb.ESCALATE, PageVerb.ADD, PageVerb.AUDIT)
    return PageView("info", "bell", _calling(item), _next(item, now), buttons, more)


def _unsent(item: PageItem) -> PageView:
    lead = translate("paging", "The page of %1 is not sent yet.")
    text = translate("paging", "It waits for the connection; after %1 min you are asked first.")
    text = filled(text, str(round(FRESH_FOR.total_seconds() / 60)))
    if item.by_phone:
        call = translate("paging", "Call %1.")
        text = f"{text} {filled(call, item.by_phone)}"
    verbs = (PageVerb.WITHDRAW,)
    return PageView("warn", "sync.pending", filled(lead, item.target), text, verbs, ())


def _calling(item: PageItem) -> str:
    who = listed(item.called)
    if item.page.is_catch_all:
        lead = translate("paging", "Calling %1, catch-all.")
        return filled(lead, who or item.target)
    if not who:
        lead = translate("paging", "Step %1 of %2: nobody is left to answer.")
        return filled(lead, str(item.step), str(item.step_count))
    lead = translate("paging", "Calling %1, step %2 of %3.")
    return filled(lead, who, str(item.step), str(item.step_count))


def _next(item: PageItem, now: datetime) -> str:
    due = item.page.due_at
    left = countdown_text(due - now) if due is not None else ""
    if item.is_answering:
        return translate("paging", "Your answer is not saved for all yet.")
    if item.page.is_urged:
        return translate("paging", "The next step is taken now.")
    if item.page.is_catch_all:
        text = translate("paging", "Called again in %1, until somebody answers.")
        return filled(text, left)
    if not item.after:
        text = translate("paging", "Next step in %1.")
        return filled(text, left)
    text = translate("paging", "Next %1 in %2.")
    if item.after == item.called:
        text = translate("paging", "Next %1 again in %2.")
    return filled(text, listed(item.after), left)


def _acknowledged(item: PageItem, now: datetime) -> PageView:
    page = item.page
    at = when_text(page.acknowledged_at, now) if page.acknowledged_at else ""
    lead = translate("paging", "Acknowledged by %1 %2.")
    if page.snooze_s:
        lead = translate("paging", "Snoozed by %1 %2.")
    text = _reopens(item, now)
    more = (PageVerb.ESCALATE, PageVerb.ADD, PageVerb.AUDIT)
    icon = "paused" if page.snooze_s else "ok"
    return PageView(
        "ok", icon, filled(lead, item.acknowledged_by, at), text, (PageVerb.SNOOZE,), more
    )


def _reopens(item: PageItem, now: datetime) -> str:
    page = item.page
    if item.is_answering:
        return translate("paging", "Not saved for all yet: until then others go on being called.")
    if page.reopens_at is None:
        return ""
    at = when_text(page.reopens_at, now)
    if at != clock_text(page.reopens_at.astimezone(now.tzinfo)):
        at = f"{at} {clock_text(page.reopens_at.astimezone(now.tzinfo))}"
    text = translate("paging", "Opens again %1 unless it is resolved.")
    if page.snooze_s:
        text = translate("paging", "At %1 it calls whoever is on call then.")
    return filled(text, at)


def _held(item: PageItem, now: datetime) -> PageView:
    lead = translate("paging", "The page of %1 is held: nobody was called.")
    waited = (item.held_at or now) - item.page.opened_at
    text = translate("paging", "It waited %1 min offline. Is it still wanted?")
    text = filled(text, str(max(1, round(waited.total_seconds() / 60))))
    verbs = (PageVerb.SEND, PageVerb.WITHDRAW)
    return PageView("warn", "hold", filled(lead, item.target), text, verbs, (PageVerb.AUDIT,))


def _superseded(item: PageItem, now: datetime) -> PageView | None:
    lead = translate("paging", "Nobody is called now.")
    text = translate("paging", "The page of %1 ended when the incident was resolved.")
    verbs = (PageVerb.AGAIN,)
    return PageView("warn", "bell", lead, filled(text, item.target), verbs, (PageVerb.AUDIT,))


_BY_STATE: Final = {
    PageState.OPEN: _open,
    PageState.ACKNOWLEDGED: _acknowledged,
    PageState.HELD: _held,
    PageState.SUPERSEDED: _superseded,
}
