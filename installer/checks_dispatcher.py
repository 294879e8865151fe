"""What is proven of the dispatcher, and of what the administrator's program tells of a rota.

A sample company in an embedded file, one way to reach its founder, and a receiver on loopback that
stands for a provider: the founder proves the way by the code that arrives, and then is paged.
"""

import json
import re
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import ClassVar, Final
from uuid import UUID

from installer.checks_bundle import check_paper
from installer.product import BUNDLE
from installer.proof import PATIENCE_S, Guest, NotProven
from services.admin.schema import Founder, ensure_embedded, founder_id
from services.core.clock import SystemClock
from services.core.database import Rows, connect
from services.core.ids import derived_id, new_id
from services.dispatcher.opening import shared_file
from services.incidents.incident import Incident, IncidentState
from services.intake.sample import create_sample
from services.intake.sample_on_call import CATCH_ALL
from services.paging.acts import PagePeople
from services.paging.destination import ProviderKind
from services.paging.destination_commands import AddDestination
from services.paging.notice_commands import SendVerification
from services.people.contact import ContactKind
from services.people.contact_commands import AddContactMethod, VerifyContact
from services.registry import command_book
from services.sync.changes import write_set
from services.sync.envelope import seal
from services.sync.shared import ClientIdentity, Introduction, Outcome, Submission

FOUNDER: Final = Founder("Maya Lindqvist", "maya")
TOKEN: Final = "token-of-the-smoke-test"
CODE: Final = re.compile(r"\b\d{6}\b")
REASON: Final = "The smoke test pages its founder"
POLICY: Final = "Network, day and night"


class DispatcherChecks:
    """The bundled dispatcher and the administrator's program, on the sample company."""

    def __init__(self, guest: Guest) -> None:
        self._guest = guest
        self._file = guest.home / "shared.db"
        self._admin = BUNDLE / "firstline-admin"
        self._calendar = guest.home / "rota.ics"

    def all(self) -> Iterator[tuple[str, Callable[[], str]]]:
        """Each check with its name; the later ones read what the first one made."""
        yield "bundle, page", self.page
        yield "bundle, status", self.status
        yield "bundle, page for the wall", self.wall
        yield "bundle, calendar", self.calendar
        yield "bundle, calendar read", self.calendar_read

    def page(self) -> str:
        """The dispatcher sends a code and then a page to loopback, and ends when asked."""
        ensure_embedded(self._file, SystemClock(), FOUNDER)
        with closing(shared_file(self._file, SystemClock())) as shared:
            create_sample(shared, SystemClock().now(), FOUNDER.login, lambda *_: None)
        with _Founder(self._file) as founder, Provider() as provider:
            method = founder.asks_for_a_code(provider.address)
            secrets = self._secrets(founder.destination_id)
            command = (*self._program(), "--secrets", secrets, "--log-json")
            with self._guest.started(*command) as dispatcher:
                try:
                    code = CODE.search(provider.taken())
                    if code is None:
                        raise NotProven("the first message holds no code")
                    founder.pages_herself(method, code[0])
                    page = provider.taken()
                    dispatcher.send_signal(signal.SIGTERM)
                    _, told = dispatcher.communicate(timeout=PATIENCE_S)
                except subprocess.TimeoutExpired as error:
                    raise NotProven(f"it did not end within {PATIENCE_S:.0f} s") from error
                finally:
                    dispatcher.kill()
        return judged(page, told, dispatcher.returncode)

    def status(self) -> str:
        """The dispatcher tells how paging stands, of which it was the last to beat."""
        told = self._guest.output_of(*self._program(), "--status")
        if "Open pages            1" not in told:
            raise NotProven(f"knows of no open page:\n{told}")
        return " ".join(told.splitlines()[0].split())

    def wall(self) -> str:
        """The page that tells whom a policy wakes is written."""
        paper = self._guest.home / "wall.pdf"
        told = self._asked("simulate", "--policy", POLICY, "--pdf", paper)
        check_paper(paper)
        return told.splitlines()[0]

    def calendar(self) -> str:
        """A roster's calendar is written, for all the time ahead."""
        told = self._asked("calendar", "--roster", CATCH_ALL, "--out", self._calendar)
        if b"BEGIN:VEVENT" not in self._calendar.read_bytes():
            raise NotProven(f"{self._calendar} has no event")
        return told.split(" written", 1)[0]

    def calendar_read(self) -> str:
        """The calendar is read as a schedule, and proved to have the same people on call."""
        told = self._guest.output_of(
            self._admin, "import", "schedules", self._calendar, "--kind", "ics"
        )
        return told.splitlines()[0]

    def _asked(self, *words: object) -> str:
        return self._guest.output_of(self._admin, *words, "--database", self._file)

    def _program(self) -> tuple[object, ...]:
        return BUNDLE / "firstline-dispatcher", "--database", self._file

    def _secrets(self, destination_id: UUID) -> Path:
        file = self._guest.home / "secrets"
        file.touch(mode=0o600)
        file.write_text(f"{destination_id}:token = {TOKEN}\n", encoding="utf-8")
        return file


class _Founder:
    """Gives commands as the founder of the embedded file does at a desk."""

    def __init__(self, file: Path) -> None:
        self._clock = SystemClock()
        self._shared = shared_file(file, self._clock)
        self._connection = connect(file)
        self._state = Rows(self._connection)
        self._id = founder_id(FOUNDER.login)
        self._identity = ClientIdentity(new_id(self._clock.now()), new_id(self._clock.now()))
        self._shared.hello(Introduction(self._identity))
        self._seq = 0
        self.destination_id = derived_id("smoke test", "destination")

    def __enter__(self) -> "_Founder":
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()
        self._shared.close()

    def asks_for_a_code(self, address: str) -> UUID:
        """A new way to reach her, and the code that proves it on its way; returns the way's id."""
        method = derived_id("smoke test", "method")
        self._give(
            AddDestination(
                destination_id=self.destination_id,
                kind=ProviderKind.NTFY,
                name="Loopback",
                base_url=address,
                may_reach_private=True,
            )
        )
        self._give(
            AddContactMethod(
                contact_method_id=method,
                person_id=self._id,
                kind=ContactKind.PUSH,
                destination_id=self.destination_id,
                address="maya",
            )
        )
        delivery = new_id(self._clock.now())
        self._give(SendVerification(delivery_id=delivery, contact_method_id=method, code="271828"))
        return method

    def pages_herself(self, method: UUID, code: str) -> None:
        """The way proved, and a page to her about some open incident."""
        self._give(VerifyContact(contact_method_id=method, code=code))
        incident = self._state.find(Incident, state=IncidentState.IN_PROGRESS)[0]
        self._give(
            PagePeople(
                page_id=new_id(self._clock.now()),
                incident_id=incident.id,
                person_ids=(self._id,),
                reason=REASON,
            )
        )

    def _give(self, command: object) -> None:
        self._seq += 1
        now = self._clock.now()
        envelope = seal(command, command_id=new_id(now), actor_id=self._id, happened_at=now)
        function = command_book().commands[envelope.name].function
        changes = function(self._state, envelope.act, command)
        submission = Submission(self._seq, envelope, write_set(changes))
        (decision,) = self._shared.submit(self._identity, [submission])
        if decision.outcome is not Outcome.APPLIED:
            raise NotProven(f"{envelope.name} was not taken: {decision.code}")


class Provider:
    """Answers on loopback as ntfy does, one message at a time."""

    def __init__(self) -> None:
        self._server = HTTPServer(("127.0.0.1", 0), _Answering)
        self._server.timeout = PATIENCE_S
        self.address = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> "Provider":
        return self

    def __exit__(self, *_: object) -> None:
        self._server.server_close()

    def taken(self) -> str:
        """The text of the next message.

        Raises:
            NotProven: none came, or without the token.
        """
        _Answering.messages.clear()
        self._server.handle_request()
        if not _Answering.messages:
            raise NotProven(f"no message came within {PATIENCE_S:.0f} s")
        token, text = _Answering.messages[0]
        if token != f"Bearer {TOKEN}":
            raise NotProven("the message came without the token of the secrets file")
        return text


class _Answering(BaseHTTPRequestHandler):
    messages: ClassVar[list[tuple[str, str]]] = []

    def take_message(self) -> None:
        """Keep a message, and answer with an id for it."""
        content = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        taken = json.loads(content)
        self.messages.append((self.headers.get("Authorization", ""), json.dumps(taken)))
        answer = json.dumps({"id": "a1", "event": "message"}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    do_POST = take_message  # noqa: N815 - the name that http.server asks for

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing on the terminal."""


def judged(page: str, told: str, code: int) -> str:
    """What is told of a page that was sent in order.

    Raises:
        NotProven: it was not.
    """
    events = [json.loads(line) for line in told.splitlines()]
    names = [event["event"] for event in events]
    sent = [event.get("outcome") for event in events if event["event"] == "attempt"]
    if REASON not in page or sent != ["delivered", "delivered"] or "bug" in names:
        raise NotProven(f"the page was not sent as it must be: {page}\n{told}")
    if code != 0 or names[-1] != "stopped" or not events[-1]["is_complete"]:
        raise NotProven(f"ended with {code}:\n{told}")
    return "a code proved, a page sent, stopped in order"
