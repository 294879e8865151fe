"""What the lists of pages, components, outlets, plans and templates show."""

from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP

from desktop.text import plural
from desktop.views.catalogue.entries import Entry
from desktop.views.dialogs.words import joined, said
from desktop.views.reach.provider_fields import NEEDS
from desktop.views.status_pages.forms import Communication
from services.communications.status_page import Audience, Outlet
from services.communications.status_update import UpdateMoment
from services.core.records import is_known
from services.paging.destination import Destination
from services.paging.words import delay_words

AUDIENCES: Final = {
    Audience.INTERNAL: str(QT_TRANSLATE_NOOP("words", "Staff")),
    Audience.EXTERNAL: str(QT_TRANSLATE_NOOP("words", "Customers")),
}
MOMENTS: Final = {
    UpdateMoment.FIRST: str(QT_TRANSLATE_NOOP("words", "First word")),
    UpdateMoment.FOLLOW_UP: str(QT_TRANSLATE_NOOP("words", "Follow-up")),
    UpdateMoment.FINAL: str(QT_TRANSLATE_NOOP("words", "Final word")),
}


def _sorted(entries: Iterable[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda entry: (not entry.is_active, entry.title.casefold()))


def page_entries(communication: Communication) -> list[Entry]:
    """Pages by name, with whom they are for and how much belongs to them."""
    return _sorted(
        Entry(
            one.page.id,
            one.page.name,
            joined(
                (
                    said(AUDIENCES[one.page.audience]),
                    plural(_active(one.components), "component", "components"),
                    plural(_active(one.outlets), "outlet", "outlets"),
                )
            ),
            one.page.is_active,
        )
        for one in communication.settings.pages
    )


def _active(records: Iterable[object]) -> int:
    return sum(bool(getattr(one, "is_active", False)) for one in records)


def component_entries(communication: Communication) -> list[Entry]:
    """Components by page, in the order of the page."""
    found = sorted(
        communication.components(),
        key=lambda one: (not one.is_active, communication.page_name(one.page_id), one.position),
    )
    return [
        Entry(one.id, one.name, communication.page_name(one.page_id), one.is_active)
        for one in found
    ]


def outlet_entries(communication: Communication) -> list[Entry]:
    """Outlets by name: the page, the account, and whether it is a subscriber."""
    return _sorted(
        Entry(
            one.id,
            outlet_name(one, communication.destination(one.destination_id)),
            joined(
                (
                    communication.page_name(one.page_id),
                    _account(communication.destination(one.destination_id)),
                    "subscriber" if one.is_subscriber else "every time",
                )
            ),
            one.is_active,
        )
        for one in communication.outlets()
    )


def outlet_name(outlet: Outlet, destination: Destination | None) -> str:
    """Its own name, else its address, else the account's."""
    return outlet.name or outlet.address or (destination.name if destination else "?")


def _account(destination: Destination | None) -> str:
    return destination.name if destination is not None else ""


def provider_title(destination: Destination) -> str:
    """What the provider is called."""
    kind = destination.kind
    return NEEDS[kind].title if is_known(kind) and kind in NEEDS else kind.value


def plan_entries(communication: Communication) -> list[Entry]:
    """Plans by severity and audience."""
    found = sorted(
        communication.settings.plans, key=lambda one: (one.severity.value, one.audience.value)
    )
    return [
        Entry(
            one.id,
            f"SEV {one.severity.value[-1]}, {said(AUDIENCES[one.audience]).lower()}",
            f"first within {delay_words(one.first_within_s)}, then every"
            f" {delay_words(one.every_s)}",
            one.is_active,
        )
        for one in found
    ]


def template_entries(communication: Communication) -> list[Entry]:
    """Templates in the order in which they are offered."""
    return [
        Entry(
            one.id,
            one.name,
            joined((said(AUDIENCES[one.audience]), said(MOMENTS[one.moment]))),
            one.is_active,
        )
        for one in communication.settings.templates
    ]
