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


KEEPING_ALERTS = (ProviderKind.PAGERDUTY, ProviderKind.GENIE, ProviderKind.GOALERT)
"""Providers that keep an alert open until they are told that it is over."""


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
