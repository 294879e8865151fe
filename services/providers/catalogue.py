"""The one list of providers."""

from collections.abc import Mapping

from services.providers.genie import GenieAlerts
from services.providers.goalert import GoAlert
from services.providers.ntfy import Ntfy
from services.providers.pagerduty import PagerDuty
from services.providers.provider import Provider
from services.providers.standard_webhooks import StandardWebhooks

PROVIDERS: tuple[Provider, ...] = (
    StandardWebhooks(),
    PagerDuty(),
    GenieAlerts(),
    GoAlert(),
    Ntfy(),
)

PROVIDER_OF: Mapping[str, Provider] = {provider.kind: provider for provider in PROVIDERS}
"""By the value of a destination's kind."""
