"""The only chapter of a page's story: asked for, half sent, sent again, escalated, answered."""

from collections.abc import Callable
from dataclasses import dataclass

from desktop.tour.chapter_desk import DeskChapter
from desktop.tour.dispatchers import Running
from desktop.tour.driver import NotSeen
from desktop.tour.hands import Key
from desktop.tour.paging import FIRST_STEP_S, TEAM, Stage
from desktop.tour.team import Seat
from desktop.views.dialogs.escalate import EscalateDialog
from desktop.views.paging.alarm import PageAlarm
from desktop.views.paging.page_card import PageCard
from desktop.widgets.labels import LinkLabel
from desktop.widgets.tabs import TabBar

PAGE = "SELECT {} FROM page ORDER BY opened_at DESC LIMIT 1"
LONG_S = FIRST_STEP_S + 30


@dataclass
class PagingChapter:
    """An agent escalates; a dispatcher dies while it sends; the major incident manager answers."""

    stage: Stage
    number: int = 0
    killed: Running | None = None

    def steps(self) -> list[tuple[str, Callable[[], str]]]:
        """The steps in order, by name."""
        return [
            ("two_dispatchers", self.two_dispatchers),
            ("sign_in", self.sign_in),
            ("an_incident", self.an_incident),
            ("escalate_and_page", self.escalate_and_page),
            ("half_sent", self.half_sent),
            ("killed", self.kill),
            ("sent_again", self.sent_again),
            ("next_step", self.next_step),
            ("catch_all", self.catch_all),
            ("acknowledged", self.acknowledge),
            ("audit", self.audit),
        ]

    def two_dispatchers(self) -> str:
        """Both beat; neither knows of the other."""
        driver = self.stage.agent.driver
        driver.until(
            lambda: (
                all(each.name for each in self.stage.dispatchers)
                and self.stage.look("SELECT count(*) FROM dispatcher_beat") == 2
            ),
            "two dispatchers to be heard of",
        )
        return ", ".join(each.name for each in self.stage.dispatchers)

    def sign_in(self) -> str:
        """The agent, and the major incident manager who is on call today."""
        for seat in (self.stage.agent, self.stage.manager):
            seat.sign_in()
        return f"{self.stage.agent.person.name} and {self.stage.manager.person.name}"

    def an_incident(self) -> str:
        """A call comes in, and the agent begins."""
        seat = self.stage.agent.take()
        chapter = DeskChapter(seat.program, seat.driver)
        chapter.log()
        chapter.logged()
        chapter.start()
        self.number = seat.hands.number = chapter.number
        return f"INC-{self.number} is in progress"

    def escalate_and_page(self) -> str:
        """The dialog says who will be woken; Escalate and page."""
        self.stage.receiver.is_silent = True
        seat = self.stage.agent
        seat.hands.letters("e")
        dialog = seat.hands.form()
        assert isinstance(dialog, EscalateDialog)
        seat.hands.hand_over(dialog, TEAM, "Check the roaming timers on the controller.")
        seat.driver.picture("who_will_be_woken")
        seat.hands.commit()
        seat.driver.until_found(
            1, "SELECT count(*) FROM page p JOIN incident i ON i.id = p.incident_id"
            " WHERE i.number = ? AND p.state = 'open'", self.number,
        )  # fmt: skip
        seat.driver.picture("held_back")
        return f"asked for {TEAM}, held back for some seconds"

    # -- sending ----------------------------------------------------------------------------

    def half_sent(self) -> str:
        """The pager of the engineer on call takes the page, and says nothing yet."""
        seat = self.stage.agent
        seat.driver.until(lambda: self.stage.receiver.received, "the page to reach the pager")
        told = self.stage.receiver.received[0].body["data"]
        if told["to"] != self.stage.engineer:
            raise NotSeen(f"the page went to {told['to']}, {self.stage.engineer} is on call")
        seat.driver.until(self.stage.sending, "the dispatcher that sends to be known")
        return f"{told['to']}: {told['summary']}"

    def kill(self) -> str:
        """kill -9, before the pager has answered."""
        self.killed = self.stage.sending()
        assert self.killed is not None
        self.killed.kill()
        self.stage.receiver.is_silent = False
        self.stage.agent.driver.picture("half_sent")
        return f"{self.killed.name} is no more"

    def sent_again(self) -> str:
        """The other one repeats it under the same key, once the lease is over."""
        self._wait(
            "the page to be delivered by the other dispatcher",
            lambda: self.stage.look(
                "SELECT count(*) FROM delivery WHERE state = 'delivered' AND may_repeat"
            ) == 1,
        )  # fmt: skip
        attempts = self.stage.look(
            "SELECT count(*) FROM delivery_attempt a JOIN delivery d ON d.id = a.delivery_id"
            " WHERE d.may_repeat"
        )
        keys = len(self.stage.receiver.keys)
        if (attempts, keys) != (2, 1):
            raise NotSeen(f"{attempts} attempts and {keys} keys instead of 2 and 1")
        self.stage.agent.driver.picture("sent_again")
        return "two attempts, one key: the pager rang once"

    def next_step(self) -> str:
        """Nobody answers: the policy goes on by itself."""
        self._wait(
            f"{self.stage.lead} to be called",
            lambda: any(
                each.body["data"]["to"] == self.stage.lead for each in self.stage.receiver.received
            ),
        )
        return f"{self.stage.lead} is called, nobody asked for it"

    def catch_all(self) -> str:
        """And on, to whoever catches what nobody answers."""
        seat = self.stage.manager
        alarm = self._alarm()
        self._wait("the alarm on the manager's desk", lambda: bool(alarm.rows()))
        if not self.stage.look(PAGE.format("is_catch_all")):
            raise NotSeen("the catch-all was not engaged")
        seat.take().driver.picture("paged")
        seat.driver.picture("alarm", alarm)
        return f"{seat.person.name} sees and hears it"

    def _alarm(self) -> PageAlarm:
        return self.stage.manager.hands.place.own_pages.alarm

    # -- the end ----------------------------------------------------------------------------

    def acknowledge(self) -> str:
        """One click in the alarm; the page is over, for everybody."""
        alarm, driver = self._alarm(), self.stage.manager.driver
        button = alarm.rows()[0].acknowledge
        driver.click(button)
        driver.until_found("acknowledged", PAGE.format("state"))
        driver.until(lambda: not alarm.isVisible(), "the alarm to go")
        name = self.stage.look(
            "SELECT p.name FROM page g JOIN person p ON p.id = g.acknowledged_by_id"
        )
        if name != self.stage.manager.person.name:
            raise NotSeen(f"{name} is said to have acknowledged it")
        return f"by {name}"

    def audit(self) -> str:
        """The record says it all: who, when, by which way, and what came of it."""
        seat: Seat = self.stage.agent.take()
        seat.hands.letters("ga")
        seat.hands.choose(self.number)
        seat.driver.settle()
        self._open_audit(seat)
        seat.driver.picture("audit")
        counts = self.stage.look(
            "SELECT count(*) || ' people called, ' || (SELECT count(*) FROM delivery) ||"
            " ' deliveries, ' || (SELECT count(*) FROM delivery_attempt) || ' attempts'"
            " FROM page_recipient"
        )
        lost = self.stage.look(
            "SELECT count(*) FROM page WHERE state = 'open' OR due_at IS NOT NULL"
        )
        if lost:
            raise NotSeen("a page is left without an end")
        return str(counts)

    def _open_audit(self, seat: Seat) -> None:
        tabs = seat.driver.shown(TabBar)
        names = [tabs.tabText(place) for place in range(tabs.count())]
        place = next(n for n, name in enumerate(names) if name.startswith("Escalations"))
        seat.driver.click(tabs, tabs.tabRect(place).center())
        card = seat.driver.shown(PageCard)
        toggle = seat.driver.shown(LinkLabel, card)
        if "Show" in toggle.text():
            toggle.setFocus()
            seat.driver.press(Key.Key_Return)
        seat.driver.until(lambda: "Hide" in toggle.text(), "what happened")

    def _wait(self, what: str, seen: Callable[[], object]) -> None:
        """Longer than usual: leases and steps take their time."""
        self.stage.agent.driver.until(seen, what, LONG_S)
