"""Second chapter of a major incident: what is told, who takes over, and how it ends."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from email.message import Message
from uuid import UUID

from desktop.tour.chapter_major import HELD, MAJOR_STATE, OF_INCIDENT, MajorChapter, button, buttons
from desktop.tour.driver import NotSeen
from desktop.tour.hands import CONTROL, Key
from desktop.tour.major import AGENT
from desktop.tour.team import Seat
from desktop.views.composer.check_card import CheckCard
from desktop.views.composer.update_composer import Part, UpdateComposer
from desktop.views.major.dialogs.resolving import ResolveMajorDialog
from desktop.widgets.segmented import SegmentedControl
from services.communications.status_page import Audience
from services.major_incidents.major import ResponsePhase, ResponseRole

INTERNAL, EXTERNAL = Audience.INTERNAL, Audience.EXTERNAL
SENT = (
    "SELECT count(*) FROM status_update u" + OF_INCIDENT.format("u")
    + " AND u.audience = ? AND u.state = 'sent'"
)  # fmt: skip
DELIVERED = (
    "SELECT count(*) FROM delivery d JOIN status_update u ON u.id = d.subject_id"
    + OF_INCIDENT.format("u")
    + " AND u.audience = ? AND d.state = 'delivered'"
)
ATTEMPTS = "SELECT attempt_count FROM delivery WHERE id = ? AND state = 'delivered'"
LONG_S = 120
STAFF = (
    {
        "summary": "VPN drops every five minutes for all 1,900 staff since 07:00, no customer is"
        " affected. We test the former client.",
        "current_status": "One office runs 5.3.9 again\nRoot cause is not yet known",
        "next_steps": "20 minutes of watching\nRestoration: not known before that",
    },
    {
        "summary": "VPN holds in the office that runs 5.3.9; 1,700 staff still lose it.",
        "current_status": "Client 5.4.1 shortens the rekey timer\nRoll-back runs in four offices",
        "next_steps": "Roll-back everywhere by noon\nHelp at the desk for whoever is away",
    },
    {
        "summary": "VPN holds for all 1,900 staff since the roll-back; no customer was affected.",
        "current_status": "Every office runs 5.3.9\nRoot cause: the rekey timer of client 5.4.1",
        "next_steps": "The review is on Monday\nNo further updates",
    },
)
CUSTOMERS = (
    {"subject": "Slow answers from our support", "summary": "We are investigating slow answers."},
    {"subject": "Slow answers from our support",
     "summary": "Answers still take longer than usual. We expect normal times by noon."},
    {"subject": "Slow answers from our support",
     "summary": "Answers arrive at their usual times again. We are sorry for the wait."},
)  # fmt: skip


@dataclass
class WordsChapter(MajorChapter):
    """Four updates inside and outside, one provider down, a handover, and the last words."""

    def steps(self) -> list[tuple[str, Callable[[], str]]]:
        """The steps in order, by name."""
        return [
            ("first_word_inside", self.first_inside),
            ("first_word_outside", self.first_outside),
            ("provider_down", self.provider_down),
            ("second_word_outside", self.second_outside),
            ("handover", self.handover),
            ("resolve", self.resolve),
            ("last_words", self.last_words),
            ("what_was_read", self.what_was_read),
        ]

    # -- writing ----------------------------------------------------------------------------

    def _composer(self, seat: Seat) -> UpdateComposer:
        composer = seat.driver.shown(UpdateComposer)
        composer.show_part(Part.WRITING)
        return composer

    def _write(self, seat: Seat, audience: Audience, words: Mapping[str, str]) -> UpdateComposer:
        """Type an update, key by key, over what stands in the fields."""
        seat.take()
        composer = self._composer(seat)
        name = "External" if audience is EXTERNAL else "Internal"
        seat.driver.click(button(composer.head, name))
        seat.driver.settle()
        fields = composer.words[audience].fields
        for field, text in words.items():
            control = fields.control(field)
            control.setFocus()
            seat.driver.press(Key.Key_A, CONTROL)
            first, *more = text.split("\n")
            seat.driver.keys(first)
            for line in more:
                seat.driver.press(Key.Key_Return)
                seat.driver.keys(line)
        seat.driver.settle()
        return composer

    def _send(self, seat: Seat, audience: Audience, sent: int) -> None:
        """Ctrl+Enter, and the seconds in which it could be stopped."""
        seat.driver.press(Key.Key_Return, CONTROL)
        self._wait(f"update {sent} to leave", lambda: self._found(SENT, audience.value) == sent)

    def _found(self, sql: str, *values: object) -> object:
        return self.stage.look(sql, self.number, *values)

    def _wait(self, what: str, seen: Callable[[], object]) -> None:
        """Longer than usual: an update is held back for some seconds, and retried."""
        self.agent.driver.until(seen, what, LONG_S)

    def _all_mails(self) -> list[Message]:
        return self.stage.outside.mailbox.messages

    def _mails(self, audience: Audience, words: Mapping[str, str]) -> list[Message]:
        """The mails that told an audience this."""
        list_ = "everybody@" if audience is INTERNAL else "customers@"
        return [
            mail for mail in self._all_mails()
            if list_ in str(mail["To"]) and words["summary"] in _text(mail)
        ]  # fmt: skip

    def _published(self) -> list[dict[str, object]]:
        """This incident on the page that customers read, which tells of others, too."""
        file = self.stage.outside.published / "api" / "v2" / "summary.json"
        found = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
        name = CUSTOMERS[0]["subject"]
        return [one for one in found.get("incidents", []) if one["name"] == name]

    # -- steps ------------------------------------------------------------------------------

    def first_inside(self) -> str:
        """The agent writes to staff; all five points turn green."""
        seat = self.agent
        self.open_console(seat)
        composer = self._write(seat, INTERNAL, STAFF[0])
        check = seat.driver.shown(CheckCard, composer)
        seat.driver.until(
            lambda: check.accessibleDescription() == "5 of 5", "all five points to be met"
        )
        seat.driver.picture("first_word_inside")
        self._send(seat, INTERNAL, 1)
        self._wait("chat and mail", lambda: self._found(DELIVERED, INTERNAL.value) == 2)
        if not self._mails(INTERNAL, STAFF[0]) or not self.stage.outside.chat.received:
            raise NotSeen("delivered, but not received")
        return "in the chat, and by mail to everybody"

    def first_outside(self) -> str:
        """The manager writes to customers; the agent reads it first; the page is published."""
        seat = self.manager
        self.open_console(seat)
        composer = self._write(seat, EXTERNAL, CUSTOMERS[0])
        self._phase(seat, composer, ResponsePhase.INVESTIGATING)
        seat.driver.picture("first_word_outside")
        self._second_pair_of_eyes(seat, composer)
        self._send_reviewed(seat, composer, 1)
        self._wait("the page and the mail", lambda: self._found(DELIVERED, EXTERNAL.value) == 2)
        if not self._published():
            raise NotSeen("the page does not show the incident")
        return "read by a second pair of eyes, published, and mailed"

    def _phase(self, seat: Seat, composer: UpdateComposer, phase: ResponsePhase) -> None:
        control = composer.words[EXTERNAL].fields.control("phase")
        assert isinstance(control, SegmentedControl)
        seat.driver.click(button(control, phase.value.capitalize()))

    def _second_pair_of_eyes(self, seat: Seat, composer: UpdateComposer) -> None:
        seat.driver.click(button(composer.footer, "Ask for review"))
        seat.driver.settle()
        seat.hands.pick(AGENT)
        state = "SELECT count(*) FROM status_update u" + OF_INCIDENT.format("u")
        self.until_found(1, state + " AND u.state = 'in_review'")
        reader = self.agent
        self.open_console(reader)
        seen = self._composer(reader)
        reader.driver.click(button(seen.head, "External"))
        reader.driver.until(lambda: buttons(seen, "Pass"), "the text to arrive with its question")
        reader.driver.picture("second_pair_of_eyes")
        reader.driver.click(button(seen, "Pass"))
        self.until_found(1, state + " AND u.state = 'in_review' AND u.reviewed_by_id IS NOT NULL")

    def _send_reviewed(self, seat: Seat, composer: UpdateComposer, sent: int) -> None:
        seat.take()
        seat.driver.until(lambda: composer.footer.may_send, "the review to arrive")
        seat.driver.settle()
        composer.words[EXTERNAL].fields.control("summary").setFocus()
        self._send(seat, EXTERNAL, sent)

    def provider_down(self) -> str:
        """The chat is down: the mail arrives, the chat is tried again until it is back."""
        seat = self.agent
        self.stage.outside.chat.is_down = True
        before = len(self.stage.outside.chat.received)
        self._write(seat, INTERNAL, STAFF[1])
        self._send(seat, INTERNAL, 2)
        self._wait("the chat to refuse", lambda: self.stage.outside.chat.refused)
        self._wait("the mail", lambda: self._mails(INTERNAL, STAFF[1]))
        self._composer(seat).show_part(Part.TOLD)
        seat.driver.picture("provider_down")
        self.stage.outside.chat.is_down = False
        self._wait("the chat to be told", lambda: len(self.stage.outside.chat.received) > before)
        self._wait("the receipt", lambda: self._found(DELIVERED, INTERNAL.value) == 4)
        seat.driver.picture("provider_back")
        return f"refused {self.stage.outside.chat.refused} times, then told once"

    def second_outside(self) -> str:
        """Customers hear what is known, and nothing of machines and names."""
        seat = self.manager
        self.open_console(seat)
        composer = self._write(seat, EXTERNAL, CUSTOMERS[1])
        self._phase(seat, composer, ResponsePhase.IDENTIFIED)
        self._second_pair_of_eyes(seat, composer)
        self._send_reviewed(seat, composer, 2)
        self._wait("the page and the mail", lambda: self._found(DELIVERED, EXTERNAL.value) == 4)
        return "published, and mailed in the same thread"

    def handover(self) -> str:
        """The manager's shift ends: the pack is offered, read and accepted."""
        seat = self.manager.take()
        role = ResponseRole.INCIDENT_MANAGER
        self.keys_of_console(seat)
        seat.hands.letters("T")
        dialog = seat.hands.form()
        seat.hands.choose_in(dialog, "person", AGENT)
        seat.driver.picture("handover_pack")
        seat.hands.commit()
        self.open_console(self.agent)
        self.accept(self.agent, role, "handover_read")
        self.until_topic(f"Incident manager: {AGENT}")
        return f"{self._found(HELD, role.value)} is in charge"

    def resolve(self) -> str:
        """R: the end of the impact, how that is known, one message, a review with its owner."""
        seat = self.agent.take()
        self.keys_of_console(seat)
        seat.hands.letters("r")
        dialog = seat.hands.form()
        assert isinstance(dialog, ResolveMajorDialog)
        seat.driver.write(dialog.fields.control("recovery"), "No drop in 20 minutes, two offices")
        seat.hands.choose_in(dialog, "code", "Software")
        seat.driver.write(
            dialog.fields.control("resolution"),
            "The VPN client is back at 5.3.9, which holds. Please restart it once.",
        )
        seat.driver.picture("resolving")
        seat.hands.commit()
        self.until_found("resolved", MAJOR_STATE)
        self.until_found("resolved", "SELECT state FROM incident i WHERE i.number = ?")
        return "resolved, with the incident and all that is linked to it"

    def last_words(self) -> str:
        """Final updates, inside and outside."""
        seat = self.agent
        self._write(seat, INTERNAL, STAFF[2])
        self._send(seat, INTERNAL, 3)
        seat = self.manager
        seat.take()
        composer = self._write(seat, EXTERNAL, CUSTOMERS[2])
        self._phase(seat, composer, ResponsePhase.RESOLVED)
        self._second_pair_of_eyes(seat, composer)
        self._send_reviewed(seat, composer, 3)
        self._wait("all receipts", lambda: self._found(DELIVERED, EXTERNAL.value) == 6)
        self._wait("all receipts", lambda: self._found(DELIVERED, INTERNAL.value) == 6)
        self.agent.take().driver.picture("over")
        return "six updates, twelve receipts"

    def what_was_read(self) -> str:
        """Outside: a page on which it is over, two threads of mails, and a room that knows."""
        if any(one.get("status") != "resolved" for one in self._published()):
            raise NotSeen("the page still shows it as open")
        for audience, told in ((INTERNAL, STAFF), (EXTERNAL, CUSTOMERS)):
            self._thread(audience, told)
        if len({_key(mail) for mail in self._all_mails()}) != len(STAFF) + len(CUSTOMERS):
            raise NotSeen("a mail tells what nobody sent")
        lost = self.stage.look("SELECT count(*) FROM delivery WHERE state NOT IN ('delivered',"
                               " 'superseded') AND kind = 'update'")  # fmt: skip
        if lost:
            raise NotSeen("an update was not delivered")
        self.until_topic(f"RESOLVED INC-{self.number}")
        pages = len(list(self.stage.outside.published.rglob("*.html")))
        mails = len(self.stage.outside.mailbox.mails)
        return f"{pages} pages published, {mails} mails in two threads, {self.room().topic}"

    def _thread(self, audience: Audience, told: Sequence[Mapping[str, str]]) -> None:
        """Each update came by one mail, all of them in one thread.

        A copy is right only where the server knows of a second attempt: its answer was lost.
        """
        roots: set[str] = set()
        for words in told:
            mails = self._mails(audience, words)
            keys = {_key(mail) for mail in mails}
            attempts = [self.stage.look(ATTEMPTS, UUID(key)) for key in keys]
            if len(keys) != 1 or attempts[0] is None or len(mails) > int(str(attempts[0])):
                raise NotSeen(f"{len(mails)} mails of {len(keys)} keys tell: {words['summary']}")
            roots |= {str(mail["References"]).split()[0] for mail in mails}
        if len(roots) != 1:
            raise NotSeen(f"the mails are in {len(roots)} threads")


def _key(mail: Message) -> str:
    """The delivery that a mail comes from; a copy has the same."""
    return str(mail["Message-ID"]).partition("@")[0].split(".")[-2]


def _text(mail: Message) -> str:
    """What a mail says to whoever reads no HTML, on one line."""
    plain = next(part for part in mail.walk() if part.get_content_type() == "text/plain")
    body = plain.get_payload(decode=True)
    assert isinstance(body, bytes)
    return " ".join(body.decode().split())
