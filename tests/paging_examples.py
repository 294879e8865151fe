"""Pages and covers as screens show them, for previews and tests of views."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from view_examples import NOW, an_id

from services.on_call.waking import Silence
from services.paging.page import Page, PageState
from services.paging.read_models import AuditLine, Cover, OwnPage, PageItem, Tone

MINUTE = timedelta(minutes=1)
WAKES = "Priya Raman by push, then SMS after 2 min; after 5 min Jonas Dietrich"


def a_page(**changed: Any) -> Page:
    """A page of the network team whose first step was taken two minutes ago."""
    page = Page(
        id=an_id("page"),
        version=3,
        incident_id=an_id("INC-20431"),
        to_team_id=an_id("Network"),
        reason="Check the roaming timers",
        opened_by_id=an_id("Maya Lindqvist"),
        opened_at=NOW - 2 * MINUTE,
        started_at=NOW - 2 * MINUTE,
        position=0,
        due_at=NOW + timedelta(seconds=192),
    )
    return replace(page, **changed)


def an_item(page: Page | None = None, **changed: Any) -> PageItem:
    """What the record shows of it."""
    item = PageItem(
        page=page or a_page(),
        asked_by="Maya Lindqvist",
        target="Network",
        step=1,
        step_count=2,
        called=("Priya Raman",),
        after=("Jonas Dietrich",),
        acknowledged_by="",
        is_called=False,
        is_unsent=False,
        is_answering=False,
        held_at=None,
        by_phone="Priya Raman, +351 21 555 0120",
        audit=(
            AuditLine(at=NOW - 2 * MINUTE, text="Maya Lindqvist paged Network"),
            AuditLine(at=NOW - 2 * MINUTE, text="Priya Raman, push: delivered", tone=Tone.GOOD,
                      is_part=True),
        ),
    )  # fmt: skip
    return replace(item, **changed)


def acknowledged(**changed: Any) -> PageItem:
    """Acknowledged by Priya; it opens again after half an hour."""
    page = a_page(
        state=PageState.ACKNOWLEDGED,
        due_at=None,
        acknowledged_by_id=an_id("Priya Raman"),
        acknowledged_at=NOW,
        reopens_at=NOW + 30 * MINUTE,
        **changed,
    )
    return an_item(page, acknowledged_by="Priya Raman", called=(), after=())


def held() -> PageItem:
    """Held after fourteen minutes offline."""
    page = a_page(state=PageState.HELD, started_at=None, due_at=None, opened_at=NOW - 14 * MINUTE)
    return an_item(page, held_at=NOW, called=(), after=(), step=0)


def a_cover(team: str = "Network", person: str = "Priya Raman", **changed: Any) -> Cover:
    """Priya is on call until 18:00, and this incident pages by policy."""
    cover = Cover(
        team_id=an_id(team),
        has_roster=True,
        person_id=an_id(person) if person else None,
        until=NOW.replace(hour=18, minute=0, second=0) if person else None,
        covered_at=None,
        first_id=an_id(person) if person else None,
        wakes=WAKES,
        silence=None,
    )
    return replace(cover, **changed)


def quiet(cover: Cover) -> Cover:
    """The same where the policy does not page by itself."""
    return replace(cover, silence=Silence.OUT_OF_HOURS)


def own_page(number: int = 20431, **changed: Any) -> OwnPage:
    """A page that waits for the person at the desk."""
    page = OwnPage(
        page_id=an_id(f"page {number}"),
        incident_id=an_id(f"INC-{number}"),
        number=number,
        summary="VPN drops every few minutes after client update",
        priority=None,
        severity=None,
        reason="Check the roaming timers",
        asked_by="Maya Lindqvist",
        team="Network",
        called_at=NOW - MINUTE,
        is_answering=False,
    )
    return replace(page, **changed)
