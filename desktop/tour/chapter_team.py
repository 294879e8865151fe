"""The only chapter of the team's story: working at the same time, apart, and together again."""

from collections.abc import Callable
from dataclasses import dataclass

import psycopg
from PySide6.QtWidgets import QAbstractButton

from desktop.tour.chapter_desk import DeskChapter
from desktop.tour.driver import NotSeen
from desktop.tour.hands import CONTROL, SUMMARY, Key
from desktop.tour.team import Office, Seat
from desktop.views.queue.list_head import NewsBar
from desktop.views.record.company import Company
from services.admin.trial import DATABASE

NUMBER = "SELECT number FROM incident WHERE summary = ? ORDER BY number DESC LIMIT 1"
FIELD = "SELECT {} FROM incident WHERE number = ?"


@dataclass
class TeamChapter:
    """Two agents and an engineer; the second agent loses the network for a while."""

    office: Office
    number: int = 0

    def steps(self) -> list[tuple[str, Callable[[], str]]]:
        """The steps in order, by name."""
        return [
            ("sign_in", self.sign_in),
            ("three_desks", self.three_desks),
            ("one_logs", self.one_logs),
            ("others_see_it", self.others_see_it),
            ("who_is_here", self.who_is_here),
            ("cut_off", self.cut_off),
            ("works_offline", self.works_offline),
            ("meanwhile", self.meanwhile),
            ("conflict", self.conflict),
            ("mine", self.mine),
            ("by_hand", self.by_hand),
        ]

    @property
    def _agent(self) -> Seat:
        return self.office.seats[0]

    @property
    def _away(self) -> Seat:
        return self.office.seats[1]

    @property
    def _engineer(self) -> Seat:
        return self.office.seats[2]

    # -- together -------------------------------------------------------------------------

    def sign_in(self) -> str:
        """The profile is there; the desk asks for the password, once."""
        seat = self._agent
        seat.program.start()
        screen = seat.program.entrance.screen
        seat.driver.until(screen.isVisible, "the sign-in screen")
        seat.take()
        seat.driver.click(screen.form.keep)  # a tour leaves nothing in anybody's keyring
        seat.driver.write(screen.form.password, seat.person.password.reveal())
        seat.driver.picture("sign_in")
        seat.driver.press(Key.Key_Return)
        self._until_open(seat)
        seat.driver.picture("first_sync")
        return f"{seat.person.name} signed in, {self.office.look('SELECT count(*) FROM incident')}"

    def three_desks(self) -> str:
        """The others sign in too."""
        for seat in (self._away, self._engineer):
            seat.program.start()
            screen = seat.program.entrance.screen
            seat.driver.until(screen.isVisible, "the sign-in screen")
            seat.take()
            seat.driver.click(screen.form.keep)
            seat.driver.write(screen.form.password, seat.person.password.reveal())
            seat.driver.press(Key.Key_Return)
            self._until_open(seat)
        desks = self.office.look("SELECT count(*) FROM client WHERE app_version <> ''")
        return f"{desks} clients known to the server"

    def _until_open(self, seat: Seat) -> None:
        seat.driver.until(lambda: seat.program.workplace, f"the desk of {seat.person.name}")
        queue = seat.hands.place.queue_screen
        seat.hands.letters("ga")
        seat.driver.until(lambda: queue.model.rowCount() > 100, "all incidents to be listed")
        seat.driver.settle()

    def one_logs(self) -> str:
        """The first agent takes a call."""
        seat = self._agent.take()
        chapter = DeskChapter(seat.program, seat.driver)
        chapter.log()
        seat.driver.press(Key.Key_S, CONTROL)
        seat.driver.until(lambda: self.office.look(NUMBER, SUMMARY), "the incident at the server")
        self.number = int(str(self.office.look(NUMBER, SUMMARY)))
        return f"INC-{self.number} is in PostgreSQL"

    def others_see_it(self) -> str:
        """It is in the other windows without anybody asking for it."""
        seat = self._away.take()
        news = seat.program.window.findChild(NewsBar)
        assert news is not None
        model = seat.hands.place.queue_screen.model
        seat.driver.until(
            lambda: news.isVisible() or model.index_of(self.number).isValid(),
            "the list to show it, or to say that there is more",
        )
        seat.driver.picture("seen_at_once")
        for seat in (self._away, self._engineer):
            self._open_record(seat)
        return "in both other windows"

    def _open_record(self, seat: Seat) -> None:
        seat.take().hands.letters("ga")
        seat.hands.letters(".")
        seat.hands.choose(self.number)

    def who_is_here(self) -> str:
        """The record says who else reads it."""
        seat = self._agent
        self._open_record(seat)
        seat.driver.until(
            lambda: self.office.look(
                "SELECT count(*) FROM presence p JOIN incident i ON i.id = p.incident_id"
                " WHERE i.number = ?", self.number) == len(self.office.seats),
            "all three to be told of",
        )  # fmt: skip
        company = seat.program.window.findChild(Company)
        assert company is not None
        seat.driver.until(lambda: company.accessibleName().count(".") > 1, "both colleagues")
        seat.driver.picture("who_is_here")
        return "the two others are shown in the head of the record"

    # -- apart ----------------------------------------------------------------------------

    def cut_off(self) -> str:
        """The network of the second desk goes; work does not."""
        self.office.relay.cut()
        seat = self._away.take()
        seat.driver.until(lambda: "Offline" in seat.sync_words(), "the desk to notice")
        return seat.sync_words()

    def works_offline(self) -> str:
        """Priority and a note, saved here."""
        seat = self._away.take()
        self._prioritise(seat, "organisation", "high")
        seat.hands.letters("m")
        seat.driver.keys("Finance cannot close the month either; two more callers.")
        seat.driver.press(Key.Key_Return, CONTROL)
        seat.driver.until(lambda: "2 changes" in seat.sync_words(), "two changes to wait here")
        seat.driver.picture("saved_here")
        if self.office.look(FIELD.format("priority"), self.number) != 2:
            raise NotSeen("the server already knows what was done offline")
        return seat.sync_words()

    def meanwhile(self) -> str:
        """The first agent ranks it differently, for all."""
        seat = self._agent.take()
        self._prioritise(seat, "team", "low")
        seat.driver.until_found(4, FIELD.format("priority"), self.number)
        return f"{seat.person.name} says P4, {self._away.person.name} says P1"

    def _prioritise(self, seat: Seat, impact: str, urgency: str) -> None:
        seat.hands.letters("p")
        dialog = seat.hands.form()
        name = f"Impact {impact}, urgency {urgency}"
        cells = [b for b in dialog.findChildren(QAbstractButton)
                 if b.accessibleName().startswith(name)]  # fmt: skip
        seat.driver.click(cells[0])
        seat.hands.commit()

    # -- together again -------------------------------------------------------------------

    def conflict(self) -> str:
        """Back online: the note is for all, the priority is a question."""
        self.office.relay.mend()
        seat = self._away.take()
        record = seat.hands.place.record
        seat.driver.click(seat.hands.button("Try now"))
        seat.driver.until(
            lambda: record.detail is not None and record.detail.conflicts, "the conflict"
        )
        seat.driver.until(
            lambda: self.office.look(
                "SELECT count(*) FROM note n JOIN incident i ON i.id = n.incident_id"
                " WHERE i.number = ?", self.number) == 1,
            "the note at the server",
        )  # fmt: skip
        seat.driver.picture("conflict")
        assert record.detail is not None
        item = record.detail.conflicts[0]
        return f"{item.field}: {item.mine} here, {item.theirs} there"

    def mine(self) -> str:
        """1: my value after all."""
        seat = self._away.take()
        seat.hands.choose(self.number)
        seat.hands.letters("1")
        seat.driver.until_found(1, FIELD.format("priority"), self.number)
        seat.driver.until(
            lambda: "all changes saved" in seat.sync_words(), "everything to be saved for all"
        )
        seat.driver.picture("resolved")
        self._agent.take().driver.until(
            lambda: self._shown_priority(self._agent) == 1, "the other desk to show it"
        )
        return "P1 on every desk"

    def _shown_priority(self, seat: Seat) -> int | None:
        detail = seat.hands.place.record.detail
        return None if detail is None or detail.incident.priority is None else int(
            detail.incident.priority)  # fmt: skip

    def by_hand(self) -> str:
        """With psql and the engineer's own password nothing more can be done."""
        person = self._engineer.person
        access = self.office.trial.access
        with psycopg.connect(
            host="127.0.0.1", port=access.port, dbname=DATABASE, user=person.login,
            password=person.password.reveal(), autocommit=True,
        ) as connection:  # fmt: skip
            try:
                connection.execute("UPDATE firstline.incident SET state = 'closed'")
            except psycopg.errors.InsufficientPrivilege as refusal:
                return f"UPDATE by {person.login}: {refusal.sqlstate}"
        raise NotSeen("an engineer closed every incident by hand")
