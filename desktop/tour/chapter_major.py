"""First chapter of a major incident: declared, paged, taken in command, looked into."""

from collections.abc import Callable
from dataclasses import dataclass, field

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QMenu, QWidget

from desktop.tour.chapter_desk import DeskChapter
from desktop.tour.chat_server import Room
from desktop.tour.driver import NotSeen
from desktop.tour.hands import Key
from desktop.tour.major import AGENT, MANAGER, MajorStage
from desktop.tour.team import Seat
from desktop.views.dialogs.form_dialog import FormDialog
from desktop.views.major.channels_panel import ChannelEntry
from desktop.views.major.proposal_strip import ProposalStrip
from desktop.views.major.roles_panel import RoleEntry
from services.major_incidents.major import ResponseRole

OF_INCIDENT = " JOIN incident i ON i.id = {0}.incident_id WHERE i.number = ?"
MAJOR_STATE = "SELECT m.state FROM major_incident m" + OF_INCIDENT.format("m")
HELD = (
    "SELECT p.name FROM role_holding h JOIN person p ON p.id = h.person_id"
    + OF_INCIDENT.format("h")
    + " AND h.role = ? AND h.state = 'held'"
)
ENTRIES = "SELECT count(*) FROM response_entry e" + OF_INCIDENT.format("e") + " AND e.kind = ?"
LEAD = "Priya Raman"
CALLERS_SAY = "Nobody in the office can reach the VPN since 07:00; month-end close is today"
BOARD = (
    ("o", "observation", "Tunnels drop on 5.4.1 every five minutes, 5.3.9 holds"),
    ("b", "theory", "The 07:00 client update shortened the rekey timer"),
    ("x", "experiment", "Roll one office back to 5.3.9 and watch for 20 minutes"),
    ("d", "decision", "No further roll-out of 5.4.1 until this is over"),
)


@dataclass
class MajorChapter:
    """What both chapters do again and again; ``number`` is the incident they are about."""

    stage: MajorStage
    number: int = 0

    @property
    def agent(self) -> Seat:
        """The service desk's agent, who becomes the communications manager."""
        return self.stage.agent

    @property
    def manager(self) -> Seat:
        """The incident manager."""
        return self.stage.manager

    def until_found(self, expected: object, sql: str, *values: object) -> None:
        """Wait until the server says what is expected of this incident."""
        self.agent.driver.until_found(expected, sql, self.number, *values)

    def choose_in_menu(self, seat: Seat, text: str) -> None:
        """Click an entry of the menu that is open."""
        found: list[QMenu] = []

        def look() -> bool:
            menus = seat.program.window.findChildren(QMenu)
            found[:] = [menu for menu in menus if menu.isVisible()]
            return bool(found)

        seat.driver.until(look, "a menu to open")
        action = next(a for a in found[0].actions() if a.text().startswith(text))
        at = found[0].actionGeometry(action).center()
        QTest.mouseClick(found[0], Qt.MouseButton.LeftButton, pos=at)

    def role(self, seat: Seat, role: ResponseRole, *, is_offer: bool = False) -> RoleEntry:
        """The line of a role on somebody's console; that of its offer to them, if so asked."""
        found: list[RoleEntry] = []

        def look() -> bool:
            rows = [(e, e.row) for e in seat.hands.place.console.roles.entries if e.row]
            found[:] = [e for e, row in rows if row.role is role and row.may_answer >= is_offer]
            return bool(found)

        seat.driver.until(look, f"the role {role.value}")
        return found[0]

    def open_console(self, seat: Seat) -> None:
        """Click the pill in the top bar, where the console is not open already."""
        seat.take()
        console = seat.hands.place.console
        if not console.isVisible():
            pill = seat.program.window.major_pill
            seat.driver.until(pill.isVisible, "the pill of the major incident")
            seat.driver.click(pill)
        seat.driver.until(lambda: console.view is not None, "the console")
        seat.driver.settle()

    def keys_of_console(self, seat: Seat) -> None:
        """Leave the fields: single keys are the console's."""
        seat.take().driver.settle()
        lines = seat.hands.place.console.timeline.list
        lines.setFocus()
        seat.driver.until(lines.hasFocus, "the timeline to have the keyboard")

    def ask(self, seat: Seat, role: ResponseRole, name: str) -> None:
        """Assign a role to somebody, by its button."""
        entry = self.role(seat, role)
        seat.driver.click(button(entry, "Assign"))
        dialog = seat.hands.form()
        seat.hands.choose_in(dialog, "person", name)
        seat.hands.commit()

    def accept(self, seat: Seat, role: ResponseRole, picture: str = "") -> None:
        """Take a role that was offered, after reading what it brings."""
        seat.driver.click(button(self.role(seat, role, is_offer=True), "Accept"))
        seat.hands.form()
        if picture:
            seat.driver.picture(picture)
        seat.hands.commit()
        self.until_found(seat.person.name, HELD, role.value)
        seat.driver.settle()

    def room(self) -> Room:
        """The room named by the key, as the chat has it once it was made."""
        rooms, name = self.stage.outside.rooms, f"inc-{self.number}"
        self.agent.driver.until(lambda: rooms.room(name), f"the room {name}")
        found = rooms.room(name)
        assert found is not None
        return found

    def until_topic(self, *parts: str) -> None:
        """Wait until the topic of the room says all of this."""
        self.agent.driver.until(
            lambda: all(part in self.room().topic for part in parts),
            f"{', '.join(parts)} in the topic of the room",
        )


def buttons(of: QWidget, name: str) -> list[QAbstractButton]:
    """The visible buttons whose names begin so."""
    return [
        b for b in of.findChildren(QAbstractButton)
        if b.isVisible() and (b.accessibleName() or b.text()).startswith(name)
    ]  # fmt: skip


def button(of: QWidget, name: str) -> QAbstractButton:
    """The first of them."""
    return next(iter(buttons(of, name)))


@dataclass
class ResponseChapter(MajorChapter):
    """An agent declares; the manager on call is paged, takes command and begins."""

    written: list[str] = field(default_factory=list)

    def steps(self) -> list[tuple[str, Callable[[], str]]]:
        """The steps in order, by name."""
        return [
            ("sign_in", self.sign_in),
            ("an_incident", self.an_incident),
            ("declare", self.declare),
            ("accept", self.accept_major),
            ("paged", self.paged),
            ("command", self.command),
            ("roles", self.roles),
            ("room", self.make_room),
            ("board", self.board),
            ("assess", self.assess),
        ]

    def sign_in(self) -> str:
        """Two desks, and one dispatcher that beats."""
        for seat in (self.agent, self.manager):
            seat.sign_in()
        self.agent.driver.until(
            lambda: self.stage.look("SELECT count(*) FROM dispatcher_beat") == 1,
            "the dispatcher to be heard of",
        )
        return f"{AGENT} and {MANAGER}; {self.stage.dispatcher.name} delivers"

    def an_incident(self) -> str:
        """A call comes in, and the next, and the next."""
        seat = self.agent.take()
        chapter = DeskChapter(seat.program, seat.driver)
        chapter.log()
        chapter.logged()
        chapter.start()
        self.number = seat.hands.number = chapter.number
        self.manager.hands.number = self.number
        return f"INC-{self.number} is in progress"

    def declare(self) -> str:
        """Shift+J: the agent proposes it as a major incident, and says why."""
        seat = self.agent
        seat.hands.letters("J")
        dialog = seat.hands.form()
        seat.driver.write(dialog.fields.control("reason"), CALLERS_SAY)
        seat.hands.commit()
        self.until_found("proposed", MAJOR_STATE)
        seat.driver.settle()
        seat.driver.picture("proposed")
        return "proposed as a major incident"

    def accept_major(self) -> str:
        """Accepted on the record; the manager on call is paged by that act."""
        seat = self.agent
        strip = seat.driver.shown(ProposalStrip)
        seat.driver.click(button(strip, "Accept"))
        seat.hands.form()
        seat.driver.picture("accept")
        seat.hands.commit()
        self.until_found("accepted", MAJOR_STATE)
        pages = "SELECT count(*) FROM page g" + OF_INCIDENT.format("g")
        self.until_found(1, pages)
        return "accepted; a page is open"

    def paged(self) -> str:
        """The alarm on the manager's desk, and her answer."""
        seat = self.manager.take()
        alarm = seat.hands.place.own_pages.alarm
        seat.driver.until(lambda: bool(alarm.rows()), "the alarm on the manager's desk")
        seat.driver.picture("paged", alarm)
        seat.driver.click(alarm.rows()[0].acknowledge)
        answer = (
            "SELECT p.name FROM page g JOIN person p ON p.id = g.acknowledged_by_id"
            + OF_INCIDENT.format("g")
        )
        self.until_found(MANAGER, answer)
        return f"{MANAGER} is on her way"

    def command(self) -> str:
        """One person is in charge, and everybody sees who; severity 1, with the reason."""
        seat = self.manager
        self.open_console(seat)
        seat.driver.picture("accepted")
        manager = ResponseRole.INCIDENT_MANAGER
        seat.driver.click(self.role(seat, manager))
        self.choose_in_menu(seat, "Take command")
        self.until_found(MANAGER, HELD, manager.value)
        self.keys_of_console(seat)
        seat.hands.letters("v")
        dialog = seat.hands.form()
        self._set_severity(seat, dialog)
        self.until_found("SEV1", "SELECT severity FROM incident i WHERE i.number = ?")
        return f"{MANAGER} is in charge of a SEV 1"

    def _set_severity(self, seat: Seat, dialog: FormDialog) -> None:
        seat.driver.click(button(dialog.fields.control("severity"), "SEV 1"))
        seat.driver.write(dialog.fields.control("reason"), "Every office is affected")
        seat.hands.commit()

    def roles(self) -> str:
        """The manager asks; the agent reads what is expected, and accepts."""
        role = ResponseRole.COMMUNICATIONS_MANAGER
        self.ask(self.manager, role, AGENT)
        self.open_console(self.agent)
        self.accept(self.agent, role, "role_card")
        self.manager.take()
        self.ask(self.manager, ResponseRole.TECH_LEAD, LEAD)
        self.manager.driver.settle()
        return f"{AGENT} speaks for the response, {LEAD} is asked to lead the work"

    def make_room(self) -> str:
        """L: the dispatcher makes a chat room and invites who has a role or is asked to."""
        seat = self.manager
        self.keys_of_console(seat)
        seat.hands.letters("l")
        seat.hands.form()
        seat.driver.picture("room_asked")
        seat.hands.commit()
        asked = [self._mail_of(name) for name in (MANAGER, AGENT, LEAD)]
        seat.driver.until(lambda: len(self.room().members) == len(asked), "everybody in the room")
        if sorted(self.room().members) != sorted(asked):
            raise NotSeen(f"in the room are {self.room().members}")
        self.until_topic(f"INC-{self.number} SEV 1", f"Incident manager: {MANAGER}", AGENT)
        panel = seat.hands.place.console.channels
        seat.driver.until(
            lambda: any(e.row.is_made for e in panel.findChildren(ChannelEntry)), "the room's link"
        )
        seat.driver.picture("room_made")
        return f"{self.room().name} with {len(asked)} people"

    def _mail_of(self, name: str) -> str:
        return str(self.stage.look("SELECT email FROM person WHERE name = ?", name))

    def board(self) -> str:
        """What is seen, thought, tried and decided, each by a single key."""
        seat = self.manager.take()
        for key, kind, text in BOARD:
            self.keys_of_console(seat)
            seat.hands.letters(key)
            seat.driver.keys(text)
            seat.driver.press(Key.Key_Return)
            self.until_found(1, ENTRIES, kind)
        seat.driver.settle()
        seat.driver.picture("board")
        return f"{len(BOARD)} entries"

    def assess(self) -> str:
        """The six questions; unknown is an answer, and said."""
        seat = self.manager
        entries = list(seat.hands.place.console.impact.entries.values())
        for entry, text in zip(entries, ("All 1,900 staff on VPN", "Nothing", ""), strict=False):
            entry.edit()
            seat.driver.until(entry.field.hasFocus, "the answer to have the keyboard")
            seat.driver.keys(text)
            seat.driver.press(Key.Key_Return)
            seat.driver.settle()
        count = "SELECT count(*) FROM document_entry d" + OF_INCIDENT.format("d")
        self.until_found(3, count + " AND NOT d.is_removed")
        unknown = count + " AND d.is_unknown"
        self.until_found(1, unknown)
        seat.driver.picture("assessed")
        return "two answers, and one that nobody knows yet"
