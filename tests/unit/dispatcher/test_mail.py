"""Mail handed to a real SMTP server, and to servers that fail at each of its steps."""

import socket
import ssl
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from unit.dispatcher.listening import Listening

from services.admin.private_certificates import make_certificates
from services.core.clock import SystemClock
from services.dispatcher.addresses import Endpoint
from services.dispatcher.transport import Transport
from services.providers.provider import MailCall, Refused, Reply, Retry, Unsure

SECRET = "canary-91bc04"
MESSAGE = b"Subject: INC-1\r\n\r\n.a dot first\r\nthe end\r\n"
IMPATIENCE_S = 0.3


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    return make_certificates(tmp_path_factory.mktemp("certificates"), SystemClock())


@dataclass
class Postbox:
    """What a real server took, and what it says to whom."""

    taken: list[tuple[str, list[str], bytes]] = field(default_factory=list)
    logins: list[tuple[bytes, bytes]] = field(default_factory=list)
    refusals: dict[str, str] = field(default_factory=dict)

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.taken.append((envelope.mail_from, envelope.rcpt_tos, envelope.content))
        return "250 queued as 42"

    def sign_in(self, server, session, envelope, mechanism, given) -> AuthResult:
        self.logins.append((given.login, given.password))
        return AuthResult(success=given.password == SECRET.encode(), handled=False)


def mail(port: int, **more: Any) -> MailCall:
    return replace(
        MailCall(
            host="localhost",
            port=port,
            sender="firstline@desk.example",
            recipient="maya@desk.example",
            message=MESSAGE,
            is_tls_required=False,
        ),
        **more,
    )


def send(call: MailCall, certificates=None, patience_s: float = 10.0):
    transport = Transport(
        roots=str(certificates.authority) if certificates else "",
        resolve=lambda _, port: [Endpoint(socket.AF_INET, ("127.0.0.1", port))],
    )
    return transport.send(call, may_reach_private=True, patience_s=patience_s)


class OnAnyPort(Controller):
    """Learns which port it was given before it looks whether it answers there."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def box():
    return Postbox()


@pytest.fixture
def server(box, certificates):
    """A real server with STARTTLS and a login."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates.server, certificates.key)
    controller = OnAnyPort(
        box, hostname="127.0.0.1", port=0, tls_context=context, authenticator=box.sign_in
    )
    controller.start()
    yield controller
    controller.stop()


def test_a_mail_is_encrypted_signed_for_and_taken_as_it_is(server, box, certificates):
    call = mail(server.port, is_tls_required=True, login="desk", password=SECRET)
    assert send(call, certificates) == Reply(status=250, body=b"queued as 42")
    ((sender, recipients, content),) = box.taken
    assert (sender, recipients) == ("firstline@desk.example", ["maya@desk.example"])
    assert content == MESSAGE
    assert box.logins == [(b"desk", SECRET.encode())]


def test_a_wrong_password_is_an_answer(server, box, certificates):
    call = mail(server.port, is_tls_required=True, login="desk", password="wrong")
    reply = send(call, certificates)
    assert reply.status == 535
    assert box.taken == []


def test_a_server_of_another_authority_gets_no_mail(server, box):
    outcome = send(mail(server.port, is_tls_required=True, login="desk", password=SECRET))
    assert isinstance(outcome, Retry)
    assert outcome.reason.startswith("the certificate is not trusted")
    assert (box.taken, box.logins) == ([], [])


def test_a_password_is_not_sent_in_the_clear(server, box):
    outcome = send(mail(server.port, login="desk", password=SECRET))
    assert outcome == Refused("a password is not sent without encryption")
    assert (box.taken, box.logins) == ([], [])


@pytest.mark.parametrize("answer", ["550 5.1.1 nobody", "451 4.3.0 greylisted"])
def test_a_refused_recipient_is_an_answer(server, box, answer):
    box.refusals["maya@desk.example"] = answer
    reply = send(mail(server.port))
    assert (reply.status, reply.body.decode()) == (int(answer[:3]), answer[4:])
    assert box.taken == []


def test_an_address_that_no_server_takes_is_refused(server, box):
    outcome = send(mail(server.port, recipient="mäya@desk.example"))
    assert outcome == Refused("the addresses hold what no mail server takes")
    assert box.taken == []


def test_an_address_is_one_address(server, box):
    send(mail(server.port, recipient="maya@desk.example\r\nRCPT TO:<eve@desk.example>"))
    assert [recipients for _, recipients, _ in box.taken] == [["maya@desk.example"]]


# -- servers that fail ---------------------------------------------------------------------


class Dialogue:
    """Answers each line with what is written for its first word; nothing written hangs up."""

    def __init__(self, greeting: str = "220 ready", **answers: str) -> None:
        usual = {"EHLO": "250 here", "MAIL": "250 OK", "RCPT": "250 OK", "DATA": "354 go on"}
        self.answers = {**usual, **answers}
        self.greeting = greeting
        self.heard: list[str] = []

    def __call__(self, caller: socket.socket) -> None:
        caller.sendall(f"{self.greeting}\r\n".encode())
        words = caller.makefile("r", newline="\r\n")
        with words:
            is_message = False
            for line in words:
                word = line.split()[0].upper() if line.strip() else ""
                is_message = is_message and word != "."
                if is_message:
                    continue
                self.heard.append(word)
                answer = self.answers.get(word, "")
                is_message = answer.startswith("354")
                if not answer:
                    return
                if answer == "silence":
                    caller.recv(1)
                    return
                caller.sendall(f"{answer}\r\n".encode())


ANSWERED = [
    (Dialogue("421 too busy"), 421),
    (Dialogue("554 no"), 554),
    (Dialogue(MAIL="452 full"), 452),
    (Dialogue(RCPT="550 nobody"), 550),
    (Dialogue(DATA="451 later"), 451),
    (Dialogue(**{".": "552 too long"}), 552),
    (Dialogue(**{".": "250 OK"}), 250),
]
NOTHING_SENT = [Dialogue("hello?"), *(Dialogue(**{w: ""}) for w in ("EHLO", "MAIL", "RCPT"))]
PERHAPS_SENT = [Dialogue(**{".": ""}), Dialogue(**{".": "silence"}), Dialogue(**{".": "ok"})]


def outcome_with(dialogue: Dialogue):
    with Listening(dialogue) as listening:
        return send(mail(listening.port), patience_s=IMPATIENCE_S)


@pytest.mark.parametrize(("dialogue", "status"), ANSWERED)
def test_a_refusal_at_any_step_is_an_answer(dialogue, status):
    assert outcome_with(dialogue).status == status


@pytest.mark.parametrize("dialogue", NOTHING_SENT)
def test_who_hangs_up_before_the_message_got_nothing(dialogue):
    assert isinstance(outcome_with(dialogue), Retry)


@pytest.mark.parametrize("dialogue", PERHAPS_SENT)
def test_a_lost_answer_to_the_message_is_unsure(dialogue):
    outcome = outcome_with(dialogue)
    assert isinstance(outcome, Unsure)
    assert "." in dialogue.heard


def test_a_server_that_does_not_encrypt_is_refused():
    with Listening(Dialogue()) as listening:
        outcome = send(mail(listening.port, is_tls_required=True))
    assert outcome == Refused("the mail server does not offer to encrypt")


def test_a_greeting_that_drips_ends_with_the_patience():
    def drip(caller: socket.socket) -> None:
        while not listening.ending.wait(0.01):
            caller.sendall(b"2")

    with Listening(drip) as listening:
        assert isinstance(send(mail(listening.port), patience_s=IMPATIENCE_S), Retry)
