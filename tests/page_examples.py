"""Contents of status pages, from quiet to burning."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from services.communications.page_content import (
    PageComponent,
    PageContent,
    PageIncident,
    PageUpdate,
)
from services.communications.status_page import Audience, ComponentStatus
from services.core.ids import derived_id
from services.major_incidents.major import ResponsePhase

NOW = datetime(2026, 11, 21, 14, 52, tzinfo=UTC)
PAGE = derived_id("page", "example")
_PHASES = {phase.value: phase for phase in ResponsePhase}


def component(name: str, description: str = "", **changed: Any) -> PageComponent:
    """A part of what is offered."""
    return PageComponent(
        id=derived_id("component", name), name=name, description=description, **changed
    )


def update(ordinal: int, phase: str, ago_min: float, text: str, **changed: Any) -> PageUpdate:
    """One word, so many minutes ago."""
    at = NOW - timedelta(minutes=ago_min)
    made = PageUpdate(
        id=derived_id("update", ordinal, ago_min),
        ordinal=ordinal,
        phase=_PHASES[phase],
        told_at=at,
        sent_at=at,
        text=text,
    )
    return replace(made, **changed)


def incident(
    number: int, name: str, *updates: PageUpdate, worst: str = "operational", parts: str = ""
) -> PageIncident:
    """An incident; its updates newest first, ``parts`` parted by commas."""
    return PageIncident(
        id=incident_id(number),
        number=number,
        name=name,
        worst_status=ComponentStatus(worst),
        components=tuple(part for part in parts.split(", ") if part),
        updates=updates,
    )


def incident_id(number: int) -> UUID:
    """The same for the same number."""
    return derived_id("incident", number)


def quiet(**changed: Any) -> PageContent:
    """Nothing is wrong, and nothing was."""
    made = PageContent(
        page_id=PAGE,
        name="Northwind Services",
        audience=Audience.EXTERNAL,
        description="How our shop, payments and customer services are doing.",
        address="https://status.northwind.example/",
        components=(
            component("Online shop", "Catalogue, basket and checkout"),
            component("Card payments"),
            component("Customer accounts", "Sign-in, orders and invoices"),
            component("Delivery tracking"),
        ),
        generated_at=NOW,
        sequence=41,
    )
    return replace(made, **changed)


def burning(**changed: Any) -> PageContent:
    """One incident is open, two are over."""
    open_one = incident(
        1042,
        "Card payments fail at checkout",
        update(
            3,
            "identified",
            6,
            "We found the cause and are taking it back. Some card payments still fail;"
            " paying on invoice works.\n\nNext update by 21 Nov 2026, 15:15 UTC.",
        ),
        update(
            2,
            "investigating",
            27,
            "About one in three card payments fails. Orders that were paid for are safe."
            "\n\nNext update by 21 Nov 2026, 14:45 UTC.",
            edited_at=NOW - timedelta(minutes=20),
        ),
        update(
            1,
            "investigating",
            46,
            "We are looking into card payments that fail at checkout.",
            is_backdated=True,
            sent_at=NOW - timedelta(minutes=41),
        ),
        worst="major_outage",
        parts="Card payments, Online shop",
    )
    parts = quiet().components
    made = quiet(
        components=(
            replace(parts[0], status=ComponentStatus.DEGRADED_PERFORMANCE),
            replace(parts[1], status=ComponentStatus.PARTIAL_OUTAGE),
            parts[2],
            replace(parts[3], status=ComponentStatus.UNDER_MAINTENANCE),
        ),
        incidents=(open_one, *past()),
        sequence=57,
    )
    return replace(made, **changed)


def past() -> tuple[PageIncident, ...]:
    """Two that are over."""
    minutes = 24 * 60
    return (
        incident(
            987,
            "Sign-in is slow for some customers",
            update(
                2,
                "resolved",
                9 * minutes,
                "Sign-in is back to its usual speed. Nothing you did was lost.",
            ),
            update(1, "investigating", 9 * minutes + 65, "Sign-in takes longer than usual."),
            worst="degraded_performance",
            parts="Customer accounts",
        ),
        incident(
            871,
            "Delivery tracking shows old positions",
            update(2, "resolved", 31 * minutes, "Positions of parcels are current again."),
            update(1, "monitoring", 31 * minutes + 150, "A fix is in place; we watch it."),
            worst="partial_outage",
            parts="Delivery tracking",
        ),
    )


def internal() -> PageContent:
    """What staff read: points, and a long name."""
    text = (
        "Checkout fails for about 30 % of card payments since 14:06 UTC.\n\n"
        "Current status\n• Payment gateway answers 502 since release 4.18.2\n"
        "• Rollback is running, 2 of 6 hosts done\n• Root cause not yet known\n\n"
        "Next steps\n• Finish the rollback\n• Compare the settings of both gateways\n\n"
        "Next update by 21 Nov 2026, 15:00 UTC in the room #inc-1042-checkout."
    )
    told = incident(
        1042,
        "SEV1 - Checkout fails for card payments",
        update(1, "identified", 6, text),
        worst="major_outage",
        parts="Card payments",
    )
    return burning(
        name="Northwind inside",
        audience=Audience.INTERNAL,
        description="For staff: what is wrong, and what is done about it.",
        incidents=(told, *past()),
        components=(
            component("Card payments", status=ComponentStatus.MAJOR_OUTAGE),
            component("Warehouse"),
        ),
    )
