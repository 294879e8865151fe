"""The one place from which calls leave for providers.

What becomes of a call is told by one boundary: before its first byte is written, nothing was
sent, and it may be repeated at will; from then on it may have arrived. The connection goes to the
address that was judged, and is made here; who speaks over it, HTTP or mail, opens no other.

Nothing here is logged, and no outcome names an address, a header or a body.
"""

import ssl
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Final
from urllib.parse import urlsplit

from services.dispatcher.addresses import Endpoint, Resolve, may_be_reached, resolve
from services.dispatcher.imap import ImapFolder, MailboxFailed, opened_folder
from services.dispatcher.mail import hand_over
from services.dispatcher.not_sent import NotSent
from services.dispatcher.notice import notify
from services.dispatcher.proxies import Proxy, proxy_for, through
from services.dispatcher.publishing import publish_to_folder
from services.dispatcher.publishing_git import publish_to_git
from services.dispatcher.publishing_sftp import publish_to_sftp
from services.dispatcher.timed_socket import (
    TimedSocket,
    TimedTls,
    connected,
    encrypted,
    tls_context,
)
from services.dispatcher.web import Target, exchange
from services.providers.email import MAILBOX
from services.providers.provider import (
    Call,
    HttpCall,
    MailboxCall,
    MailCall,
    PublishCall,
    Refused,
    Reply,
    Retry,
    Unsure,
)

LONGEST_CALL_S: Final = 20.0
"""From the look-up of the name to the last byte of the answer; a lease is longer."""

_IMPLICIT_TLS: Final = 465

Answer = Reply | Retry | Refused | Unsure


class Transport:
    """Makes calls; any thread may. ``trusts_environment`` lets the variables name a proxy."""

    def __init__(
        self,
        *,
        roots: str = "",
        trusts_environment: bool = False,
        resolve: Resolve = resolve,
    ) -> None:
        self._context = tls_context(roots)
        self._trusts_environment = trusts_environment
        self._resolve = resolve

    def send(
        self, call: Call, *, may_reach_private: bool = False, patience_s: float = LONGEST_CALL_S
    ) -> Answer:
        """Make one call; what came back, or what is known where nothing did.

        It takes at most ``patience_s``, besides the system's look-up of the name.
        """
        ends_at_s = time.monotonic() + min(patience_s, LONGEST_CALL_S)
        try:
            if isinstance(call, HttpCall):
                answer = self._http(call, may_reach_private, ends_at_s)
                return replace(answer, about=call.about) if isinstance(answer, Reply) else answer
            if isinstance(call, MailCall):
                return self._mail(call, may_reach_private, ends_at_s)
            if isinstance(call, MailboxCall):
                return self._look(call, may_reach_private, min(patience_s, LONGEST_CALL_S))
            if isinstance(call, PublishCall):
                return self._publish(call, may_reach_private, ends_at_s)
            return notify(call)
        except NotSent as not_sent:
            return not_sent.outcome

    @contextmanager
    def folder(
        self, call: MailboxCall, *, may_reach_private: bool, patience_s: float
    ) -> Iterator[ImapFolder]:
        """The folder of a mailbox, for so many seconds at most.

        Raises:
            MailboxFailed: it cannot be opened, or the conversation broke off.
        """
        try:
            ends_at_s = time.monotonic() + patience_s
            plain = self._connected(call.host, call.port, may_reach_private, ends_at_s)
            opened = self._encrypted(plain, call.host) if call.tls == "tls" else plain
        except NotSent as not_sent:
            raise MailboxFailed(not_sent.outcome.reason) from None
        with opened, opened_folder(call, opened, self._context) as folder:
            yield folder

    def _look(self, call: MailboxCall, may_reach_private: bool, patience_s: float) -> Reply:
        """What the server says when the folder is opened."""
        try:
            with self.folder(
                call, may_reach_private=may_reach_private, patience_s=patience_s
            ) as folder:
                return Reply(status=200, body=folder.words.encode(), about=MAILBOX)
        except MailboxFailed as failed:
            words = f"replies are not read: {failed}"
            return Reply(status=503, body=words.encode(), about=MAILBOX)

    def _http(self, call: HttpCall, may_reach_private: bool, ends_at_s: float) -> Answer:
        target = _target(call.url, may_reach_private=may_reach_private)
        proxy = proxy_for(target.host, target.is_encrypted) if self._trusts_environment else None
        return exchange(
            call, target, proxy, lambda: self._opened(target, proxy, may_reach_private, ends_at_s)
        )

    def _opened(
        self, target: Target, proxy: Proxy | None, may_reach_private: bool, ends_at_s: float
    ) -> TimedSocket | TimedTls:
        """A connection to whom the call goes, encrypted where it has to be."""
        if proxy is None:
            plain = self._connected(target.host, target.port, may_reach_private, ends_at_s)
        else:
            # The proxy resolves the name itself; only an address that is written out is judged.
            _judge_written(target.host, may_reach_private=may_reach_private)
            plain = self._connected(proxy.host, proxy.port, True, ends_at_s)
            if target.is_encrypted:
                through(plain, proxy, target.host, target.port)
        if not target.is_encrypted:
            return plain
        return self._encrypted(plain, target.host)

    def _mail(self, call: MailCall, may_reach_private: bool, ends_at_s: float) -> Answer:
        plain = self._connected(call.host, call.port, may_reach_private, ends_at_s)
        if call.port != _IMPLICIT_TLS:
            with plain:
                return hand_over(call, plain, self._context)
        with self._encrypted(plain, call.host) as tls:
            return hand_over(call, tls, self._context)

    def _publish(self, call: PublishCall, may_reach_private: bool, ends_at_s: float) -> Answer:
        if call.target == "folder":
            return publish_to_folder(call)
        if call.target == "sftp":
            plain = self._connected(call.address, call.port, may_reach_private, ends_at_s)
            with plain:
                return publish_to_sftp(call, plain, ends_at_s)
        place = urlsplit(call.address)
        if place.scheme == "http" and not may_reach_private:
            raise NotSent(Refused("secrets are not sent over plain http"))
        if place.scheme != "file":
            # git looks the name up again: what it finds then is not judged.
            self._endpoints(place.hostname or "", call.port, may_reach_private)
        return publish_to_git(call, ends_at_s)

    def _connected(
        self, host: str, port: int, may_reach_private: bool, ends_at_s: float
    ) -> TimedSocket:
        endpoints = self._endpoints(host, port, may_reach_private)
        try:
            return connected(endpoints, ends_at_s)
        except OSError as error:
            raise NotSent(Retry(f"cannot connect: {_name(error)}")) from None

    def _endpoints(self, host: str, port: int, may_reach_private: bool) -> Sequence[Endpoint]:
        """Every address of a name, each of which may be called."""
        try:
            endpoints = self._resolve(host, port)
        except (OSError, UnicodeError):
            raise NotSent(Retry("the provider's name is not found")) from None
        for endpoint in endpoints:
            if not may_be_reached(endpoint.place[0], may_reach_private=may_reach_private):
                raise NotSent(Refused("the address is in a network that this destination may not"))
        return endpoints

    def _encrypted(self, plain: TimedSocket, host: str) -> TimedTls:
        try:
            return encrypted(plain, self._context, host)
        except ssl.SSLCertVerificationError as error:
            why = f"the certificate is not trusted: {error.verify_message}"
            raise NotSent(Retry(why)) from None
        except (OSError, ValueError) as error:
            raise NotSent(Retry(f"no TLS: {_name(error)}")) from None


def _target(url: str, *, may_reach_private: bool) -> Target:
    try:
        parts = urlsplit(url)
        port = parts.port
        host = parts.hostname or ""
    except ValueError:
        raise NotSent(Refused("the address is no web address")) from None
    if parts.scheme not in {"http", "https"} or not host or "@" in parts.netloc:
        raise NotSent(Refused("the address is no web address"))
    if not url.isprintable() or " " in url:
        raise NotSent(Refused("the address is no web address"))
    is_encrypted = parts.scheme == "https"
    if not is_encrypted and not may_reach_private:
        raise NotSent(Refused("secrets are not sent over plain http"))
    return Target(is_encrypted, host, port or (443 if is_encrypted else 80))


def _judge_written(host: str, *, may_reach_private: bool) -> None:
    try:
        is_fine = may_be_reached(host, may_reach_private=may_reach_private)
    except ValueError:
        is_fine = may_reach_private or host != "localhost"
    if not is_fine:
        raise NotSent(Refused("the address is in a network that this destination may not"))


def _name(error: Exception) -> str:
    """An error by its kind: its words may quote what was sent."""
    return "timed out" if isinstance(error, TimeoutError) else type(error).__name__
