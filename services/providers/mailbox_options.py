"""The mailbox of an e-mail account, to which people reply: its options, and how it is reached."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.providers.errors import OptionsInvalid
from services.providers.mail_headers import mail_address
from services.providers.provider import MailboxCall

_USUAL_PORT = {"tls": 993, "starttls": 143}
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class MailboxOptions:
    """Where replies arrive: a folder of an IMAP server, and its address."""

    host: str
    port: int
    tls: str
    login: str
    folder: str
    address: str

    def call(self, password: str) -> MailboxCall:
        """A look into it."""
        return MailboxCall(
            host=self.host,
            port=self.port,
            tls=self.tls,
            login=self.login,
            password=password,
            folder=self.folder,
        )


def mailbox_of(options: Mapping[str, str]) -> MailboxOptions | None:
    """The mailbox that the options of an e-mail account name; None where they name none.

    Raises:
        OptionsInvalid: names the option.
    """
    if not options.get("mailbox_host"):
        return None
    tls = options.get("mailbox_tls", "tls")
    if tls not in _USUAL_PORT:
        raise OptionsInvalid(option="mailbox_tls", problem="it is neither tls nor starttls")
    sender = options.get("sender", "")
    return MailboxOptions(
        host=server_name(options["mailbox_host"], option="mailbox_host"),
        port=port_number(options.get("mailbox_port", str(_USUAL_PORT[tls])), option="mailbox_port"),
        tls=tls,
        login=_line(options.get("mailbox_login") or sender, option="mailbox_login"),
        folder=_line(options.get("mailbox_folder") or "INBOX", option="mailbox_folder"),
        address=mail_address(options.get("reply_to") or sender, option="reply_to"),
    )


def server_name(host: str, *, option: str) -> str:
    """The name or the address of a server.

    Raises:
        OptionsInvalid: it is none.
    """
    if not host.isascii() or not host.replace("-", "").replace(".", "").replace(":", "").isalnum():
        raise OptionsInvalid(option=option, problem="it is not the name of a server")
    return host


def port_number(text: str, *, option: str) -> int:
    """A port.

    Raises:
        OptionsInvalid: it is none.
    """
    port = int(text) if text.isascii() and text.isdecimal() and len(text) <= 5 else 0
    if not 0 < port < 65_536:
        raise OptionsInvalid(option=option, problem="it is not a number from 1 to 65,535")
    return port


def _line(text: str, *, option: str) -> str:
    if not text.isascii() or not text.isprintable() or len(text) > _LONGEST:
        raise OptionsInvalid(option=option, problem="it is not a line of plain characters")
    return text
