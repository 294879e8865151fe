"""What the screens of contact methods and channels emit, and what came of a message in words."""

from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from desktop.text import when_text
from desktop.widgets.banner import BannerTone
from services.core.secrets import Secret
from services.paging.destination import ProviderKind
from services.paging.page import Delivery, DeliveryKind, DeliveryState
from services.paging.reach import Reach


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactForm:
    """A way to reach a person; ``delay_s`` is when a page tries it, None for never."""

    method_id: UUID | None
    person_id: UUID
    destination_id: UUID | None
    address: str
    name: str
    delay_s: int | None
    is_active: bool


@dataclass(frozen=True, kw_only=True)
class ChannelForm:
    """An account at a provider. ``secrets`` holds only slots that were typed into; ``made`` are
    slots of which this computer makes the secret, where it has none yet."""

    destination_id: UUID | None
    kind: ProviderKind
    name: str
    base_url: str
    options: dict[str, str]
    may_reach_private: bool
    probe_every_s: int
    is_active: bool
    secrets: dict[str, Secret] = field(default_factory=dict)
    made: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """How a message fared: for a banner."""

    tone: BannerTone
    lead: str
    text: str = ""


_WHAT: Final = {
    DeliveryKind.PAGE: "Last page",
    DeliveryKind.VERIFICATION: "Last code",
    DeliveryKind.TEST: "Last test",
    DeliveryKind.PROBE: "Last check",
    DeliveryKind.REPLY: "Last word back to a reply",
}
_UNDER_WAY: Final = {
    DeliveryState.WAITING: "waits to be sent",
    DeliveryState.SENDING: "is being sent",
    DeliveryState.UNSURE: "may have arrived, and is sent again",
}
_ENDS: Final[dict[DeliveryState, tuple[BannerTone, str]]] = {
    DeliveryState.DELIVERED: ("ok", "was taken by the provider"),
    DeliveryState.REFUSED: ("danger", "was refused"),
    DeliveryState.DEAD: ("danger", "was given up"),
    DeliveryState.SUPERSEDED: ("info", "was not wanted any more"),
    DeliveryState.BUNDLED: ("info", "went out in one message with others"),
}


def told_of(delivery: Delivery | None, reach: Reach) -> Told:
    """What came of the newest message, in the provider's own words where it gave any."""
    if delivery is None:
        return Told("info", "Nothing was sent yet.")
    what = _WHAT.get(delivery.kind, "Last message")
    if delivery.state in _UNDER_WAY:
        again = f" Last answer: “{delivery.reason}”." if delivery.reason else ""
        return Told("info", f"{what} {_UNDER_WAY[delivery.state]}.", again.strip())
    tone, ended = _ENDS.get(delivery.state, ("info", delivery.state.value))
    when = ""
    if delivery.finished_at is not None and reach.now is not None:
        here = delivery.finished_at.astimezone(reach.now.tzinfo)
        when = f", {when_text(here, reach.now)}"
    answer = f"Its answer: “{delivery.reason}”." if delivery.reason else ""
    return Told(tone, f"{what} {ended}{when}.", answer)
