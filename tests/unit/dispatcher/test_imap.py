"""Mailboxes of servers that refuse, hang up, keep silent or say too much: all of it is a fact."""

import socket
import ssl
from collections.abc import Callable

import pytest
from providers.imap_server import PASSWORD, Imap, new_user
from unit.dispatcher.listening import Listening

from services.admin.private_certificates import make_certificates
from services.core.clock import SystemClock
from services.dispatcher import imap
from services.dispatcher.imap import MailboxFailed
from services.dispatcher.transport import Transport
from services.providers.provider import MailboxCall, Reply

IMPATIENCE_S = 0.5
PATIENCE_S = 20.0


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    return make_certificates(tmp_path_factory.mktemp("certificates"), SystemClock())


def call_of(port: int, user: str = "kim", tls: str = "tls", folder: str = "INBOX") -> MailboxCall:
    return MailboxCall(
        host="localhost", port=port, tls=tls, login=user, password=PASSWORD, folder=folder
    )


def trouble_of(transport: Transport, call: MailboxCall, patience_s: float = PATIENCE_S) -> str:
    """Why a mailbox cannot be read; empty where it can."""
    try:
        with transport.folder(call, may_reach_private=True, patience_s=patience_s) as folder:
            for head in folder.heads(folder.uids(0, SystemClock().now().date())):
                folder.beginning(head.uid)
    except MailboxFailed as failed:
        return str(failed)
    return ""


# -- a real server ---------------------------------------------------------------------------


def test_a_mailbox_is_read_by_either_encryption(dovecot: Imap):
    user = new_user()
    dovecot.put(user, b"Subject: a\r\n\r\nb\r\n")
    transport = Transport(roots=str(dovecot.certificates.authority))
    for call in (call_of(dovecot.port, user), call_of(dovecot.port_to_encrypt, user, "starttls")):
        assert trouble_of(transport, call) == ""


def test_a_look_into_it_says_what_the_server_says(dovecot: Imap):
    transport = Transport(roots=str(dovecot.certificates.authority))
    user = new_user()
    dovecot.put(user, b"Subject: a\r\n\r\nb\r\n")
    look = transport.send(call_of(dovecot.port, user), may_reach_private=True)
    assert look == Reply(status=200, body=b"INBOX has 1 mails", about="mailbox")
    look = transport.send(call_of(dovecot.port, user, folder='No "such"'), may_reach_private=True)
    assert isinstance(look, Reply)
    assert look.status == 503
    assert b"replies are not read: Mailbox doesn't exist" in look.body


def test_a_wrong_password_is_told_in_the_servers_words(dovecot: Imap):
    transport = Transport(roots=str(dovecot.certificates.authority))
    wrong = MailboxCall(**{**_fields(call_of(dovecot.port)), "password": "wrong-4711"})
    assert "AUTHENTICATIONFAILED" in trouble_of(transport, wrong)
    assert "4711" not in repr(wrong)


def test_a_server_that_cannot_prove_who_it_is_gets_no_password(dovecot: Imap):
    assert "not trusted" in trouble_of(Transport(), call_of(dovecot.port))
    starting = call_of(dovecot.port_to_encrypt, tls="starttls")
    assert "not trusted" in trouble_of(Transport(), starting)


def test_a_mailbox_inside_the_building_needs_permission(dovecot: Imap):
    transport = Transport(roots=str(dovecot.certificates.authority))
    look = transport.send(call_of(dovecot.port), may_reach_private=False)
    assert isinstance(look, Reply)
    assert b"in a network that this destination may not" in look.body


def _fields(call: MailboxCall) -> dict[str, object]:
    return {name: getattr(call, name) for name in call.__dataclass_fields__}


# -- servers that misbehave ------------------------------------------------------------------

GREETING = b"* OK [CAPABILITY IMAP4rev1] ready\r\n"


def tells(*lines: bytes) -> "Callable[[socket.socket], None]":
    """Greets, and answers each command with the next of these; the tag stands for ``TAG``."""

    def talk(caller: socket.socket) -> None:
        caller.sendall(GREETING)
        reader = caller.makefile("rb")
        for line in lines:
            tag = reader.readline().split(b" ")[0]
            caller.sendall(line.replace(b"TAG", tag))
        caller.shutdown(socket.SHUT_WR)
        while reader.read(1_000):
            pass

    return talk


def silent(caller: socket.socket) -> None:
    caller.recv(1_000)
    while caller.recv(1_000):
        pass


SIGNED_IN = (
    b"* CAPABILITY IMAP4rev1\r\nTAG OK done\r\n",
    b"TAG OK hello\r\n",
    b"* 1 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\nTAG OK [READ-WRITE] done\r\n",
)
FOUND = (*SIGNED_IN, b"* SEARCH 5\r\nTAG OK done\r\n")


HUNG_UP = "the mail server hung up"
UNEXPECTED = "command: UID => unexpected response: b'\\x00\\xff nonsense'"


@pytest.mark.parametrize(
    ("talk", "why"),
    [
        (tells(), HUNG_UP),
        (lambda caller: caller.close(), HUNG_UP),
        (tells(b"TAG NO we are closed\r\n"), "server not IMAP4 compliant"),
        (tells(*SIGNED_IN[:1], b"TAG NO not you canary-imap-4711\r\n"), "not you …"),
        (tells(*SIGNED_IN[:2], b"TAG NO no such folder\r\n"), "no such folder"),
        (tells(*SIGNED_IN, b"* SEARCH five\r\nTAG OK done\r\n"), HUNG_UP),
        (tells(*SIGNED_IN, b"* SEARCH 5\r\n"), HUNG_UP),
        (
            tells(*FOUND, b"* 1 FETCH (UID 5 BODY[X] {99999999999}\r\n"),
            "command: UID => the server sends more than is read",
        ),
        (tells(*FOUND, b"* 1 FETCH (UID 5 BODY[X] {10}\r\nabc"), HUNG_UP),
        (tells(*FOUND, b"* 1 FETCH (UID 5 BODY[X] NIL)\r\nTAG OK done\r\n"), ""),
        (tells(*FOUND, b"\x00\xff nonsense\r\n" * 3), UNEXPECTED),
    ],
)
def test_whatever_a_server_says_is_a_fact(certificates, talk, why):
    with Secure(certificates, talk) as port:
        told = trouble_of(Transport(roots=str(certificates.authority)), call_of(port))
    assert told == why


def test_a_silent_server_costs_no_more_than_it_may(certificates):
    with Secure(certificates, silent) as port:
        transport = Transport(roots=str(certificates.authority))
        assert "in time" in trouble_of(transport, call_of(port), IMPATIENCE_S)


def test_a_name_behind_the_text_is_read_too():
    found = [(b"1 (BODY[X] {2}", b"\r\n"), b" UID 77)"]
    (line, literal), *others = imap._literals(found)
    assert (literal, others) == (b"\r\n", [])
    assert b"UID 77" in line


class Secure:
    """A server that speaks TLS and says what a test wrote for it."""

    def __init__(self, certificates, talk):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificates.server, certificates.key)

        def encrypted(caller: socket.socket) -> None:
            with context.wrap_socket(caller, server_side=True) as speaker:
                talk(speaker)

        self._listening = Listening(encrypted)

    def __enter__(self) -> int:
        return self._listening.__enter__().port

    def __exit__(self, *error):
        self._listening.__exit__(*error)
