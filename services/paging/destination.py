"""Accounts at providers, through which pages and messages leave the building."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import ClassVar
from uuid import UUID


class ProviderKind(Enum):
    """Which provider a destination speaks to; each has a file in ``services/providers``."""

    EMAIL = "email"
    WEBHOOK = "webhook"
    PAGERDUTY = "pagerduty"
    GENIE = "genie"
    GOALERT = "goalert"
    NTFY = "ntfy"
    TWILIO_SMS = "twilio_sms"
    TWILIO_VOICE = "twilio_voice"
    SLACK = "slack"
    TEAMS = "teams"
    MATRIX = "matrix"
    MATTERMOST = "mattermost"
    APPRISE = "apprise"
    STATUSPAGE = "statuspage"
    CACHET = "cachet"
    INSTATUS = "instatus"
    STATIC_PAGE = "static_page"


KEEPING_ALERTS = (ProviderKind.PAGERDUTY, ProviderKind.GENIE, ProviderKind.GOALERT)
"""Providers that keep an alert open until they are told that it is over."""

STATUS_PAGES = (
    ProviderKind.STATUSPAGE,
    ProviderKind.CACHET,
    ProviderKind.INSTATUS,
    ProviderKind.STATIC_PAGE,
)
"""Providers that show status updates to the public, and call nobody."""

KEEPING_NOTHING = (ProviderKind.CACHET, ProviderKind.INSTATUS)
"""Status pages that take no word of ours, so that an incident is recognised by what it says."""

TELLING = (
    *STATUS_PAGES,
    ProviderKind.EMAIL,
    ProviderKind.WEBHOOK,
    ProviderKind.SLACK,
    ProviderKind.TEAMS,
    ProviderKind.MATRIX,
    ProviderKind.MATTERMOST,
)
"""Providers through which a status update can be told."""

WITH_ROOMS = (ProviderKind.SLACK, ProviderKind.MATRIX, ProviderKind.MATTERMOST)
"""Providers that make a chat room for a major incident."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """One account at one provider. Secrets are never here: the dispatcher's machine keeps them.

    ``options`` is JSON, checked by the provider: channel, sender, team. ``probed_at`` and
    ``probe_result`` tell of the last proof that it works from end to end.
    """

    TABLE: ClassVar[str] = "destination"

    id: UUID
    version: int = 0
    kind: ProviderKind
    name: str
    base_url: str = ""
    options: str = "{}"
    may_reach_private: bool = False
    probe_every_s: int = 0
    probed_at: datetime | None = None
    probe_result: str = ""
    is_active: bool = True
