"""What each provider has to be told: its address, its options, and its secrets by slot."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from services.paging.destination import ProviderKind as Kind
from services.people.contact import ContactKind


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing to type: its name at the provider, its label, and an example.

    One of ``choices`` is chosen instead, the first where nothing was; each with its words.
    ``group`` is the heading of the fields that it stands with, or empty. A secret that ``is_made``
    is a long random text that nobody types where this computer keeps it.
    """

    name: str
    label: str
    example: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    group: str = ""
    is_made: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """What a form asks for one kind of provider. No ``address`` where none is kept."""

    title: str
    address: str = ""
    usual: str = ""
    options: tuple[Asked, ...] = ()
    secrets: tuple[Asked, ...] = ()
    contact: ContactKind = ContactKind.PUSH
    reached_by: str = ""
    """What a person's address is there; empty where there is one receiver for all."""


_TOKEN: Final = (Asked("token", "Access token"),)
_NO_YES: Final = (("no", "No"), ("yes", "Yes"))
_ROOMS: Final = Asked(
    "rooms",
    "Rooms of major incidents",
    choices=(("open", "Open to all"), ("private", "By invitation")),
)
_TARGETS: Final = (
    ("folder", "Folder of this machine"),
    ("sftp", "SFTP server"),
    ("git", "Git repository"),
)
_ACCOUNT: Final = (
    Asked("account_sid", "Account SID", "AC…"),
    Asked("key_sid", "API key SID, if a key is used", "SK…"),
)

_REPLIES: Final = "Answers to pages by reply, if wanted"
_MAILBOX: Final = (
    Asked("mailbox_host", "IMAP server of the mailbox", "imap.example.com", group=_REPLIES),
    Asked("mailbox_port", "Port of the mailbox", "993", group=_REPLIES),
    Asked("mailbox_login", "Login of the mailbox, if not the sender", "firstline", group=_REPLIES),
    Asked("mailbox_folder", "Folder", "INBOX", group=_REPLIES),
    Asked("reply_to", "Address of replies, if not the sender", "pages@example.com", group=_REPLIES),
    Asked(
        "mailbox_tls",
        "Encryption of the mailbox",
        choices=(("tls", "TLS"), ("starttls", "STARTTLS")),
        group=_REPLIES,
    ),
)

NEEDS: Final[Mapping[Kind, Needs]] = {
    Kind.EMAIL: Needs(
        title="E-mail (SMTP)",
        options=(
            Asked("host", "Server", "smtp.example.com"),
            Asked("port", "Port", "587"),
            Asked("sender", "Sender", "firstline@example.com"),
            Asked("login", "Login, if the server asks for one", "firstline"),
            Asked("tls", "Encryption", choices=(("required", "Required"), ("none", "None"))),
            *_MAILBOX,
        ),
        secrets=(
            Asked("password", "Password of the login"),
            Asked("mailbox_password", "Password of the mailbox", group=_REPLIES),
            Asked("reply_key", "Key that signs replies", group=_REPLIES, is_made=True),
        ),
        contact=ContactKind.EMAIL,
        reached_by="E-mail address",
    ),
    Kind.NTFY: Needs(
        title="ntfy",
        address="Server",
        usual="https://ntfy.sh",
        options=(Asked("topic", "Topic for messages to nobody in particular", "alerts"),),
        secrets=(Asked("token", "Access token, if the server asks for one"),),
        reached_by="Topic",
    ),
    Kind.TWILIO_SMS: Needs(
        title="Text messages (Twilio)",
        address="API",
        usual="https://api.twilio.com",
        options=(
            *_ACCOUNT,
            Asked("from", "Sender", "+15550001111"),
            Asked("messaging_service_sid", "or messaging service SID", "MG…"),
            Asked("replies", "People answer pages by text", choices=_NO_YES),
        ),
        secrets=(Asked("token", "Auth token, or the key's secret"),),
        contact=ContactKind.SMS,
        reached_by="Number, such as +351915550120",
    ),
    Kind.TWILIO_VOICE: Needs(
        title="Phone calls (Twilio)",
        address="API",
        usual="https://api.twilio.com",
        options=(*_ACCOUNT, Asked("from", "Calling number", "+15550001111")),
        secrets=(Asked("token", "Auth token, or the key's secret"),),
        contact=ContactKind.VOICE,
        reached_by="Number, such as +351915550120",
    ),
    Kind.SLACK: Needs(
        title="Slack",
        address="API",
        usual="https://slack.com/api",
        options=(Asked("channel", "Channel id", "C0123ABCD"), _ROOMS),
        secrets=(Asked("token", "Bot token", "xoxb-…"),),
        contact=ContactKind.CHAT,
        reached_by="Member id, such as U0123ABCD",
    ),
    Kind.TEAMS: Needs(
        title="Microsoft Teams (Workflows)",
        secrets=(Asked("url", "Address of the workflow", "https://…"),),
        contact=ContactKind.CHAT,
    ),
    Kind.MATTERMOST: Needs(
        title="Mattermost",
        address="Server",
        options=(
            Asked("channel", "Channel id", "26 letters and digits"),
            Asked("asks_acknowledgement", "Asks to be acknowledged", choices=_NO_YES),
            Asked("team", "Team id, for rooms of major incidents", "26 letters and digits"),
            _ROOMS,
            Asked("statuses", "Says beside names who is in a major incident", choices=_NO_YES),
        ),
        secrets=_TOKEN,
        contact=ContactKind.CHAT,
        reached_by="Channel id",
    ),
    Kind.MATRIX: Needs(
        title="Matrix",
        address="Homeserver",
        options=(Asked("room", "Room id", "!abc:example.com"), _ROOMS),
        secrets=_TOKEN,
        contact=ContactKind.CHAT,
        reached_by="Room id (!abc:example.com); a member id (@kim:example.com) is only invited",
    ),
    Kind.PAGERDUTY: Needs(
        title="PagerDuty",
        address="API",
        usual="https://events.pagerduty.com",
        secrets=(Asked("routing_key", "Routing key of the integration"),),
    ),
    Kind.GENIE: Needs(
        title="Jira Service Management, Opsgenie",
        address="API",
        usual="https://api.atlassian.com/jsm/ops/integration",
        options=(Asked("team", "Team, if the integration has none"),),
        secrets=(Asked("api_key", "API key of the integration"),),
    ),
    Kind.GOALERT: Needs(
        title="GoAlert",
        address="Server",
        secrets=(Asked("token", "Key of the integration"),),
    ),
    Kind.WEBHOOK: Needs(
        title="Webhook (Standard Webhooks)",
        address="Address",
        secrets=(Asked("signing_secret", "Signing secret", "whsec_…"),),
        reached_by="Name of the receiver",
    ),
    Kind.STATUSPAGE: Needs(
        title="Status page (Atlassian Statuspage)",
        address="API",
        usual="https://api.statuspage.io",
        options=(Asked("page", "Page id", "kctbh9vrtdwd"),),
        secrets=(Asked("api_key", "API key of a user"),),
    ),
    Kind.CACHET: Needs(
        title="Status page (Cachet 3)",
        address="Server",
        secrets=(Asked("token", "API token that may manage incidents and components"),),
    ),
    Kind.INSTATUS: Needs(
        title="Status page (Instatus)",
        address="API",
        usual="https://api.instatus.com",
        options=(Asked("page", "Page id", "ckf01fonve9i40a32oas5b0uw"),),
        secrets=(Asked("api_key", "API key"),),
    ),
    Kind.STATIC_PAGE: Needs(
        title="Status page of your own (files)",
        address="Address of the SFTP server or the repository",
        options=(
            Asked("target", "Published to", choices=_TARGETS),
            Asked("path", "Folder there", "/srv/status"),
            Asked("host_key", "Public key of the SSH server", "ssh-ed25519 AAAA…"),
            Asked("branch", "Branch of the repository", "main"),
            Asked("login", "Login for the repository", "git"),
        ),
        secrets=(
            Asked("password", "Password or token"),
            Asked("private_key", "or private key, on one line with \\n between its lines"),
        ),
    ),
    Kind.APPRISE: Needs(
        title="Apprise address",
        secrets=(Asked("url", "Address", "service://…"),),
    ),
}
