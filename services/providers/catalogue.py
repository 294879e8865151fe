"""The one list of providers."""

from collections.abc import Mapping

from services.providers.apprise_notice import AppriseNotice
from services.providers.cachet import Cachet
from services.providers.email import Email
from services.providers.genie import GenieAlerts
from services.providers.goalert import GoAlert
from services.providers.instatus import Instatus
from services.providers.matrix import Matrix
from services.providers.mattermost import Mattermost
from services.providers.ntfy import Ntfy
from services.providers.pagerduty import PagerDuty
from services.providers.provider import Provider
from services.providers.slack import Slack
from services.providers.standard_webhooks import StandardWebhooks
from services.providers.static_page import StaticPage
from services.providers.statuspage import Statuspage
from services.providers.teams import Teams
from services.providers.twilio import TwilioSms, TwilioVoice

PROVIDERS: tuple[Provider, ...] = (
    Email(),
    StandardWebhooks(),
    PagerDuty(),
    GenieAlerts(),
    GoAlert(),
    Ntfy(),
    TwilioSms(),
    TwilioVoice(),
    Slack(),
    Teams(),
    Matrix(),
    Mattermost(),
    AppriseNotice(),
    Statuspage(),
    Cachet(),
    Instatus(),
    StaticPage(),
)

PROVIDER_OF: Mapping[str, Provider] = {provider.kind: provider for provider in PROVIDERS}
"""By the value of a destination's kind."""
