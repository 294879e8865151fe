"""Handing one mail for one person to an SMTP server."""

import contextlib
import smtplib
import socket
import ssl

from services.dispatcher.not_sent import NotSent
from services.dispatcher.timed_socket import TimedSocket, TimedTls
from services.providers.provider import MailCall, Refused, Reply, Retry, Unsure


class _Smtp(smtplib.SMTP):
    """Speaks over a connection that is there already."""

    def __init__(self, opened: TimedSocket | TimedTls, call: MailCall) -> None:
        self._opened = opened
        super().__init__(call.host, call.port, socket.gethostname() or "localhost")

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return self._opened

    @property
    def is_encrypted(self) -> bool:
        """Whether others on the way cannot read along."""
        return isinstance(self.sock, ssl.SSLSocket)

    def encrypt(self, context: ssl.SSLContext) -> None:
        """Start TLS, if the server can."""
        ends_at_s = self._opened.ends_at_s
        self.starttls(context=context)
        assert isinstance(self.sock, TimedTls)
        self.sock.ends_at_s = ends_at_s
        self.ehlo()


def hand_over(
    call: MailCall, opened: TimedSocket | TimedTls, context: ssl.SSLContext
) -> Reply | Unsure:
    """The server's word on the mail: its first refusal, or its answer to the message.

    Raises:
        NotSent: the message has not left.
    """
    server: _Smtp | None = None
    try:
        server = _Smtp(opened, call)
        _introduce(server, call, context)
        return _addressed(server, call) or _told(server, call)
    except smtplib.SMTPResponseException as error:
        if error.smtp_code < 0:
            raise NotSent(Retry("the mail server speaks another language")) from None
        return _reply(error.smtp_code, error.smtp_error)
    except ssl.SSLCertVerificationError as error:
        why = f"the certificate is not trusted: {error.verify_message}"
        raise NotSent(Retry(why)) from None
    except ValueError:
        raise NotSent(Refused("the addresses hold what no mail server takes")) from None
    except (OSError, smtplib.SMTPException) as error:
        raise NotSent(Retry(f"the mail server fails: {type(error).__name__}")) from None
    finally:
        if server is not None:
            _leave(server)


def _introduce(server: _Smtp, call: MailCall, context: ssl.SSLContext) -> None:
    """Greet, encrypt and sign in.

    Raises:
        NotSent: there would be no encryption for the mail, or for the password.
        smtplib.SMTPException: the server refuses.
    """
    server.ehlo_or_helo_if_needed()
    if call.is_tls_required and not server.is_encrypted:
        if not server.has_extn("starttls"):
            raise NotSent(Refused("the mail server does not offer to encrypt"))
        server.encrypt(context)
    if call.login:
        if not server.is_encrypted:
            raise NotSent(Refused("a password is not sent without encryption"))
        server.login(call.login, call.password)


def _addressed(server: _Smtp, call: MailCall) -> Reply | None:
    """Say from whom, and to whom; the refusal, if there is one."""
    code, words = server.mail(call.sender)
    if code == 250:
        code, words = server.rcpt(call.recipient)
    if code in {250, 251}:
        return None
    if code < 0:
        raise smtplib.SMTPResponseException(code, words)
    return _reply(code, words)


def _told(server: _Smtp, call: MailCall) -> Reply | Unsure:
    """Say the message. Where the answer is lost, the server may have taken it."""
    try:
        code, words = server.data(call.message)
    except smtplib.SMTPDataError as error:
        return _reply(error.smtp_code, error.smtp_error)
    except (OSError, smtplib.SMTPException) as error:
        return Unsure(f"no answer to the message: {type(error).__name__}")
    return _reply(code, words) if code > 0 else Unsure("no answer to the message that is one")


def _reply(code: int, words: bytes | str) -> Reply:
    return Reply(status=code, body=words if isinstance(words, bytes) else words.encode())


def _leave(server: _Smtp) -> None:
    """Say good-bye without waiting for the answer, which changes nothing."""
    with contextlib.suppress(OSError, smtplib.SMTPException):
        server.putcmd("quit")
    server.close()
