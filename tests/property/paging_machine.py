"""A machine that pages, answers, sends, fails and waits at random, and what must hold meanwhile."""

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import timedelta
from typing import Any, ClassVar
from uuid import UUID

import paging_world
import pytest
from builders import DANA, IMRAN, TARA, THEO, VENDOR, VERA
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from paging_world import PagingWorld
from property.paging_plans import DELAYS_S, founding
from property.paging_rows import IN_VAIN, SECOND, is_over, names, place_of
from property.paging_truth import Promise, Row, reading

from services.core.clock import from_microseconds
from services.core.errors import AppError
from services.core.ids import new_id
from services.core.records import Record
from services.on_call.policy import CATCH_ALL_EVERY_S
from services.paging import acts
from services.paging.claiming import digest_of
from services.paging.engine import FIRE_LIMIT, Claimed
from services.paging.page import Outcome
from services.paging.schema import THROTTLES
from services.providers.answer_words import (
    ACKNOWLEDGED,
    DECLINED,
    ESCALATED,
    PageAnswer,
    Word,
)

ANSWERING = (THEO, TARA, VERA, DANA, IMRAN)
SNOOZE_S = 900
LONGEST_TIMEOUT_S = 1_800
LONGEST_STEP_S = max(DELAYS_S)
MOST_ROUNDS, MOST_STEPS = 4, 3
LATEST_S = LONGEST_TIMEOUT_S + SNOOZE_S + MOST_ROUNDS * MOST_STEPS * LONGEST_STEP_S
"""After so long without an answer any page calls the catch-all roster."""

Opened = Callable[[], AbstractContextManager[PagingWorld]]
WHICH = st.integers(0, 9)
ANSWERS = st.sampled_from([ACKNOWLEDGED, DECLINED, ESCALATED, PageAnswer(Word.SNOOZED, SNOOZE_S)])


class PagingMachine(RuleBasedStateMachine):
    """One office, a random policy, and everything that can happen to its pages."""

    opened: ClassVar[Opened]
    """Pages in ``late`` came too late to be sent as new, those in ``seen`` somebody acted on."""

    @initialize(records=founding())
    def begin(self, records: list[Record]) -> None:
        with ExitStack() as stack:
            with founded_on(records):
                self.world = stack.enter_context(self.opened())
            self.read = stack.enter_context(reading(self.world))
            found = self.read("person_role")
            managers = (r["person_id"] for r in found if r["role"] == "incident_manager")
            self.promise = Promise(records, managers)
            self.incident = self.world.desk.start(self.world.desk.log())
            self.world.desk.sync()
            self.stack = stack.pop_all()
        self.pages: list[UUID] = []
        self.late: set[str] = set()
        self.seen: set[str] = set()
        self.claims: list[Claimed] = []
        self.tokens: list[str] = []
        self.finished: set[tuple[UUID, int]] = set()
        self.judged: set[tuple[str, int, int]] = set()

    @property
    def now(self) -> int:
        return round(self.world.office.clock.now().timestamp() * SECOND)

    # -- people act ------------------------------------------------------------------------

    @precondition(lambda self: len(self.pages) < 4)
    @rule(is_late=st.sampled_from((False, False, False, True)), hold_s=st.sampled_from((0, 0, 5)))
    def page(self, is_late: bool, hold_s: int) -> None:
        """Somebody asks for the team, perhaps on a desk that was offline for too long."""
        desk = self.world.desk
        if is_over(self.incidents[str(self.incident)]):
            self.incident = desk.start(desk.log())
        page_id = new_id(self.world.office.clock.now())
        desk.give(
            acts.PageTeam(
                page_id=page_id,
                incident_id=self.incident,
                team_id=VENDOR,
                reason="It burns",
                hold_s=hold_s,
            )
        )
        if is_late:
            self.world.office.clock.advance(timedelta(minutes=11))
            self.late.add(str(page_id))
        desk.sync()
        self.pages.append(page_id)

    @precondition(lambda self: self.pages)
    @rule(
        which=WHICH,
        who=st.sampled_from(ANSWERING),
        act=st.sampled_from(
            ("AcknowledgePage", "AcknowledgePage", "DeclinePage", "SnoozePage", "EscalatePage",
             "SendHeldPage", "WithdrawPage")
        ),
    )  # fmt: skip
    def act(self, which: int, who: UUID, act: str) -> None:
        page_id = self.pages[which % len(self.pages)]
        given: dict[str, Any] = {"snooze_s": SNOOZE_S} if act == "SnoozePage" else {}
        command = getattr(acts, act)(page_id=page_id, **given)
        self.world.desk.sync()
        try:
            self.world.desk.do(command, who)
        except AppError:
            return
        self.seen.add(str(page_id))
        if act == "AcknowledgePage":
            self._ensure_answered(str(page_id))

    @precondition(lambda self: self.claims)
    @rule(which=WHICH, given=ANSWERS)
    def follow_link(self, which: int, given: PageAnswer) -> None:
        token = self.tokens[-1 - which % len(self.tokens)]
        self.world.engine.answer(digest_of(token), given)

    @precondition(lambda self: self.pages)
    @rule(is_wanted=st.integers(0, 3))
    def resolve(self, is_wanted: int) -> None:
        if is_wanted or is_over(self.incidents[str(self.incident)]):
            return
        self.world.desk.sync()
        self.world.desk.resolve(self.incident)
        self.world.desk.sync()

    # -- the machines act --------------------------------------------------------------------

    @rule(seconds=st.sampled_from((1, 31, 61, 121, 300, 301, 900, 1_801, 3_600)))
    def wait(self, seconds: int) -> None:
        """Time passes while every dispatcher is dead."""
        self.world.office.clock.advance(timedelta(seconds=seconds))

    @rule(seconds=st.sampled_from((0, 1, 31, 60, 300, 301, 900)))
    def tick(self, seconds: int) -> None:
        self.world.office.clock.advance(timedelta(seconds=seconds))
        self.fire()

    @rule(
        outcome=st.sampled_from((*Outcome, Outcome.DELIVERED, None, None)),
        count=st.integers(1, 6),
        after_s=st.sampled_from((0, 5, 30)),
    )
    def send(self, outcome: Outcome | None, count: int, after_s: int) -> None:
        """Dispatchers claim; without an outcome they die there."""
        for _ in range(count):
            claimed = self.claim()
            if claimed is None:
                return
            if outcome is not None:
                self.finish(claimed, outcome, after_s)

    @precondition(lambda self: self.claims)
    @rule(which=WHICH, outcome=st.sampled_from(tuple(Outcome)))
    def come_back(self, which: int, outcome: Outcome) -> None:
        """A dispatcher that was frozen goes on where it was."""
        self.finish(self.claims[-1 - which % len(self.claims)], outcome, 5)

    # -- and are watched -------------------------------------------------------------------

    def fire(self) -> None:
        """Take what is due, as any dispatcher does, and see that it was right."""
        standing = self.world.engine.fire_due()
        assert standing.fired < FIRE_LIMIT, "steps without end"
        for page in self.read("page"):
            self._ensure_led(page)
        self._ensure_called()
        self._ensure_once()

    def claim(self) -> Claimed | None:
        """Claim as a dispatcher does; what it gets must be wanted at this very moment."""
        token = f"token-{len(self.claims)}"
        claimed = self.world.engine.claim("any", digest_of(token))
        if claimed is None:
            return None
        self.claims.append(claimed)
        self.tokens.append(token)
        delivery = self.row("delivery", claimed.delivery_id)
        if claimed.kind.value == "page":
            page = self.row("page", claimed.page_id)
            assert page["state"] == "open", f"sent though {page['state']}"
            assert not is_over(self.incidents[page["incident_id"]]), "sent though resolved"
            assert place_of(page) == place_of(delivery), "sent for a step that is past"
        assert delivery["attempt_count"] <= 5, "tried without end"
        self._ensure_throttled(delivery)
        return claimed

    def finish(self, claimed: Claimed, outcome: Outcome, after_s: float) -> None:
        """Record an outcome; only whoever claimed last may, and once."""
        key = (claimed.delivery_id, claimed.lease_token)
        last = max(c.lease_token for c in self.claims if c.delivery_id == claimed.delivery_id)
        is_mine = self.world.engine.finish(claimed, outcome, retry_after_s=after_s)
        if is_mine:
            assert claimed.lease_token == last, "a zombie finished"
            assert key not in self.finished, "finished twice"
            self.finished.add(key)

    @property
    def incidents(self) -> dict[str, str]:
        return {row["id"]: row["state"] for row in self.read("incident")}

    def row(self, table: str, id_: object) -> Row:
        (found,) = (row for row in self.read(table) if row["id"] == str(id_))
        return found

    # -- the promise -----------------------------------------------------------------------

    def _ensure_led(self, page: Row) -> None:
        """A page has a moment at which it goes on, or has come to an end."""
        if page["state"] == "held":
            assert page["id"] in self.late, "held though it came in time"
            return
        if is_over(self.incidents[page["incident_id"]]):
            assert page["state"] in ("superseded", "acknowledged")
            return
        if page["state"] == "acknowledged":
            self._ensure_reopens(page)
            return
        if page["state"] == "open" and page["started_at"] is None:
            assert self.now < page["hold_until"] <= self.now + 60 * SECOND, "never begun"
            return
        if page["state"] != "open":
            return
        assert page["id"] not in self.late - self.seen, "sent as new"
        longest_s = CATCH_ALL_EVERY_S if page["is_catch_all"] else self._longest_step_s(page)
        assert self.now < page["due_at"] <= self.now + longest_s * SECOND, (
            "due too late, or not taken",
            page["due_at"] - self.now,
        )
        if not page["is_catch_all"]:
            sent = [d for d in self._deliveries(page) if place_of(d) == place_of(page)]
            assert sent, "waits for a step that reaches nobody"
            assert any(d["state"] not in IN_VAIN for d in sent), "waits for what was in vain"

    def _ensure_reopens(self, page: Row) -> None:
        longest_s = max(page["acknowledge_timeout_s"], page["snooze_s"])
        if longest_s:
            assert page["reopens_at"] is not None, "acknowledged for ever"
            assert self.now < page["reopens_at"] <= self.now + longest_s * SECOND

    def _ensure_called(self) -> None:
        """Each new place calls exactly whom it has to, through exactly their ways."""
        pages = {page["id"]: page for page in self.read("page")}
        places: dict[tuple[str, int, int], list[Row]] = {}
        for called in self.read("page_recipient"):
            places.setdefault((called["page_id"], *place_of(called)), []).append(called)
        for place, called in places.items():
            if place not in self.judged:
                self._ensure_place(pages[place[0]], called, places)
        self.judged |= places.keys()

    def _ensure_place(
        self, page: Row, called: list[Row], places: dict[tuple[str, int, int], list[Row]]
    ) -> None:
        at = from_microseconds(called[0]["called_at"])
        steps = {s["position"]: s for s in self.read("page_step") if s["page_id"] == page["id"]}
        is_catching = all(c["called_as"] == "catch_all" for c in called)
        if is_catching:
            wanted = self.promise.catching(at)
        else:
            answered = {
                UUID(row["person_id"])
                for (id_, round_, _), rows in places.items()
                for row in rows
                if id_ == page["id"]
                and round_ >= page["rounds_from"]
                and row["answer"] == "acknowledged"
                and row["answered_at"] <= called[0]["called_at"]
            }
            wanted = self.promise.people(steps[called[0]["position"]], at) - answered
        found = {UUID(c["person_id"]) for c in called}
        assert found == wanted, f"called {names(found)} instead of {names(wanted)}"
        for one in called:
            ways = sorted(
                (d["contact_method_id"], (d["due_at"] - d["created_at"]) // SECOND)
                for d in self._deliveries(page)
                if d["recipient_id"] == one["id"] and not d["attempt_count"]
            )
            if not any(
                d["attempt_count"] for d in self._deliveries(page) if d["recipient_id"] == one["id"]
            ):
                assert ways == self.promise.ways(UUID(one["person_id"])), "not by their rules"

    def _ensure_once(self) -> None:
        """One delivery for each page, place, recipient and way."""
        found = Counter(
            (d["page_id"], d["kind"], *place_of(d), d["recipient_id"], d["destination_id"],
             d["contact_method_id"], d["created_at"], self._delay(d))
            for d in self.read("delivery")
        )  # fmt: skip
        assert all(count == 1 for count in found.values()), "told twice"

    @staticmethod
    def _delay(delivery: Row) -> object:
        """What tells two rules for one contact apart, until a failed attempt moves it."""
        return delivery["id"] if delivery["attempt_count"] else delivery["due_at"]

    def _ensure_throttled(self, delivery: Row) -> None:
        contact = delivery["contact_method_id"]
        kinds = {row["id"]: row["kind"] for row in self.read("contact_method")}
        to_it = {d["id"] for d in self.read("delivery") if d["contact_method_id"] == contact}
        began = [
            a["started_at"] for a in self.read("delivery_attempt") if a["delivery_id"] in to_it
        ]
        for kind, window_s, most in THROTTLES:
            if kinds.get(contact) == kind:
                count = sum(moment > self.now - window_s * SECOND for moment in began)
                assert count <= most, f"{count} messages in {window_s} s"

    def _ensure_answered(self, page_id: str) -> None:
        """One answer is enough, but where everybody's was asked for."""
        page = self.row("page", page_id)
        called = [r for r in self.read("page_recipient") if r["page_id"] == page_id]
        silent = [r for r in called if r["round"] >= page["rounds_from"] and r["answer"] is None]
        waits = page["is_everyone"] and not page["is_catch_all"] and silent
        assert page["state"] == ("open" if waits else "acknowledged"), page["state"]

    def _deliveries(self, page: Row) -> list[Row]:
        return [d for d in self.read("delivery") if d["page_id"] == page["id"]]

    def _longest_step_s(self, page: Row) -> int:
        return max(s["delay_s"] for s in self.read("page_step") if s["page_id"] == page["id"])

    # -- in the end ------------------------------------------------------------------------

    def teardown(self) -> None:
        if not hasattr(self, "stack"):
            return
        with self.stack:
            self.fire()
            self._wait_in_vain()
            for _ in range(3):
                self._ensure_somebody_is_called()

    def _wait_in_vain(self) -> None:
        """Nobody answers any more: every page comes to the catch-all roster."""
        over_at = self.now + LATEST_S * SECOND
        while going := [page for page in self._open() if not page["is_catch_all"]]:
            moments = [m for p in going for m in (p["due_at"], p["hold_until"]) if m]
            following = min((m for m in moments if m > self.now), default=over_at)
            assert following <= over_at, f"still not at the end: {going}"
            self._go_to(following)
        for page in self.read("page"):
            if page["state"] == "acknowledged" and page["reopens_at"]:
                assert page["reopens_at"] <= over_at

    def _go_to(self, moment: int) -> None:
        self.world.office.clock.advance(timedelta(microseconds=moment - self.now))
        self.fire()

    def _open(self) -> Sequence[Row]:
        states = self.incidents
        return [
            page
            for page in self.read("page")
            if page["state"] == "open" and not is_over(states[page["incident_id"]])
        ]

    def _ensure_somebody_is_called(self) -> None:
        """The catch-all roster is called every five minutes, for ever."""
        before = {page["id"] for page in self._open() if page["is_catch_all"]}
        self._go_to(self.now + CATCH_ALL_EVERY_S * SECOND)
        called = self.read("page_recipient")
        for page in self._open():
            if page["id"] in before:
                here = [c for c in called if c["page_id"] == page["id"]
                        and place_of(c) == place_of(page)]  # fmt: skip
                assert here, "nobody is called any more"
                assert here[0]["called_at"] > self.now - CATCH_ALL_EVERY_S * SECOND


@contextmanager
def founded_on(records: list[Record]) -> Any:
    """Paging worlds made meanwhile begin with these records."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(paging_world, "founding", lambda: records)
        yield
