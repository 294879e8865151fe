"""Three dispatchers that are killed and frozen while pages keep coming, and the judge of it all."""

import json
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from builders import DANA
from contract.chaos_judge import ensure_nothing_is_lost, ensure_records_are_true
from contract.dispatching import reached_through
from contract.owner_sql import change_function, one
from contract.running_dispatcher import RunningDispatcher
from paging_world import PUSH, PagingWorld, paging_on_server
from postgres_server import DatabasesForTests
from providers import contract_server as servers
from providers.contract_server import Fault
from providers.webhook_server import PATH, SECRET, WebhookServer
from team import Team, team_at

from services.core.clock import from_microseconds
from services.core.ids import derived_id, new_id
from services.core.records import Record
from services.paging.destination import ProviderKind
from services.paging.engine import ATTEMPTS
from services.paging.engine import LEASE_S as USUAL_LEASE_S
from services.paging.page import Page
from services.paging.statements import SECOND
from services.people.contact import ContactKind, ContactMethod
from services.people.person import Person

IMPATIENT = Path(__file__).with_name("impatient_dispatcher.py")
DISPATCHERS = 3
SENDERS = 4
LEASE_S = 3
PEOPLE = 40
PAGES_AT_ONCE = 2
BETWEEN_PAGES_S = 0.1
BETWEEN_BLOWS_S = 0.6
SETTLES_WITHIN_S = 90.0
FROZEN_S = LEASE_S + 2
_MISBEHAVIOURS = 20_000
_LATEST = "SELECT max(d.round * 1000 + d.position) FROM firstline.delivery d WHERE d.page_id = p.id"


@dataclass
class Report:
    """What a run saw."""

    pages: int = 0
    kills: int = 0
    freezes: int = 0
    zombies: int = 0
    """Of the frozen, those whose delivery another had taken over when they woke."""
    fenced: int = 0
    requests: int = 0
    repeats: int = 0
    given_up: int = 0
    lags_s: list[float] = field(default_factory=list)

    @property
    def p99_s(self) -> float:
        return sorted(self.lags_s)[int(len(self.lags_s) * 0.99)]

    def __str__(self) -> str:
        return (
            f"{self.pages} pages, {self.kills} kills, {self.freezes} freezes,"
            f" {self.zombies} zombies, {self.fenced} fenced, {self.requests} requests,"
            f" {self.repeats} repeats, {self.given_up} given up after {ATTEMPTS} attempts,"
            f" lag p99 {self.p99_s:.2f} s max {max(self.lags_s):.2f} s"
        )


# -- the world -----------------------------------------------------------------------------


@dataclass
class Chaos:
    """A paging world on a server with its own clock, and a receiver that misbehaves."""

    world: PagingWorld
    receiver: WebhookServer
    admin: psycopg.Connection[Any]
    url: str
    secrets: Path
    incidents: Sequence[UUID]
    people: Sequence[UUID]

    def open_pages(self, chance: random.Random, count: int) -> None:
        """More pages, for two people each, as if commands had opened them this moment."""
        now = from_microseconds(one(self.admin, "SELECT firstline.microseconds_now()"))
        pages = [
            Page(
                id=new_id(now),
                incident_id=chance.choice(self.incidents),
                to_person_ids=tuple(chance.sample(self.people, 2)),
                opened_by_id=DANA,
                opened_at=now,
                fresh_until=now + timedelta(minutes=10),
            )
            for _ in range(count)
        ]
        self.world.put(pages)

    def dispatcher(self) -> RunningDispatcher:
        """One more dispatcher."""
        options = ("--database", self.url, "--secrets", self.secrets, "--senders", SENDERS)
        return RunningDispatcher(*options, program=IMPATIENT)


@contextmanager
def chaos_on(folder: Path, databases: DatabasesForTests) -> Iterator[Chaos]:
    """The world, its clock the server's, its leases short."""
    with ExitStack() as stack:
        receiver = stack.enter_context(WebhookServer())
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        stack.enter_context(reached_through(patch, ProviderKind.WEBHOOK, receiver.url + PATH))
        team: Team = stack.enter_context(team_at(folder, databases))
        access = databases.access
        admin = stack.enter_context(access.connect(team.database))
        clock = one(
            admin, "SELECT pg_get_functiondef('firstline.microseconds_now()'::regprocedure)"
        )
        world = stack.enter_context(paging_on_server(team))
        people = [derived_id("chaos", number) for number in range(PEOPLE)]
        world.put([record for id_ in people for record in reachable(id_)])
        incidents = [world.desk.start(world.desk.log()) for _ in range(5)]
        admin.execute(clock)
        shorten_leases(admin)
        secrets = folder / "secrets"
        secrets.touch(mode=0o600)
        secrets.write_text(f"database = {access.password}\n{PUSH}:signing_secret = {SECRET}\n")
        url = f"postgresql://postgres@127.0.0.1:{access.port}/{team.database}"
        yield Chaos(world, receiver, admin, url, secrets, incidents, people)
        # Whoever is killed breaks off in the middle of a request, or never makes the next.
        receiver.forgive()
        receiver._faults.clear()


def reachable(id_: UUID) -> list[Record]:
    """A person and a verified way to reach them."""
    method = ContactMethod(
        id=derived_id(id_, "push"),
        person_id=id_,
        kind=ContactKind.PUSH,
        destination_id=PUSH,
        address=str(id_),
        verified_at=from_microseconds(0),
    )
    return [Person(id=id_, name=f"Person {id_.hex[:4]}"), method]


def shorten_leases(admin: psycopg.Connection[Any]) -> None:
    """Leases of a few seconds."""
    usual = f"v_lease bigint := {USUAL_LEASE_S * SECOND}"
    change_function(admin, "claim_deliveries", usual, f"v_lease bigint := {LEASE_S * SECOND}")


def misbehaviours(chance: random.Random) -> list[Fault]:
    """10 % errors, 5 % throttled, 10 % taken and cut off."""
    throttled = servers.throttle(Retry_After="1")
    kinds = [Fault(), servers.ERROR, throttled, servers.CUT, servers.CLOSED]
    return chance.choices(kinds, weights=[75, 10, 5, 5, 5], k=_MISBEHAVIOURS)


# -- the run -------------------------------------------------------------------------------


def run(chaos: Chaos, seed: int, kills: int) -> Report:
    """Kill and freeze so often, then let all settle; the judge has the last word."""
    chance, report = random.Random(seed), Report()
    chaos.receiver.misbehave(*misbehaviours(chance))
    with Arena(chaos, report) as arena:
        arena.fill()
        next_blow_s = time.monotonic() + BETWEEN_BLOWS_S
        while report.kills < kills:
            chaos.open_pages(chance, PAGES_AT_ONCE)
            report.pages += PAGES_AT_ONCE
            arena.stop.wait(BETWEEN_PAGES_S)
            arena.thaw()
            if time.monotonic() >= next_blow_s and arena.strike(chance):
                next_blow_s = time.monotonic() + BETWEEN_BLOWS_S
        while arena.has_frozen:
            arena.stop.wait(BETWEEN_PAGES_S)
            arena.thaw()
        chaos.receiver._faults.clear()
        settle(chaos.admin)
        arena.end()
    judge(chaos, report)
    return report


@dataclass(frozen=True)
class _Frozen:
    """Until when one stands still, and in the middle of which delivery."""

    until_s: float
    delivery_id: UUID
    token: int


class Arena:
    """The dispatchers of a run. One of them at least is alive and awake at any time."""

    def __init__(self, chaos: Chaos, report: Report) -> None:
        self.stop = threading.Event()
        self._chaos, self._report = chaos, report
        self._stack = ExitStack()
        self._running: list[RunningDispatcher] = []
        self._all: list[RunningDispatcher] = []
        self._frozen: dict[int, _Frozen] = {}
        self._returning: dict[int, int] = {}

    def __enter__(self) -> "Arena":
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def fill(self) -> None:
        """Begin with all of them, and the first one ready."""
        for _ in range(DISPATCHERS):
            self._add()
        self._running[0].await_event("started")

    def _add(self) -> None:
        added = self._stack.enter_context(self._chaos.dispatcher())
        self._running.append(added)
        self._all.append(added)

    def strike(self, chance: random.Random) -> bool:
        """Kill one, or freeze it for longer than a lease, where another is awake."""
        awake = [each for each in self._running if self._is_awake(each)]
        if len(awake) < 2:
            return False
        # The third blow, and then one in twelve, is a freeze; the others kill.
        report = self._report
        if (report.kills + report.freezes) % 12 == 2 and self._freeze(awake):
            return True
        victim = chance.choice(awake)
        victim.process.kill()
        self._running.remove(victim)
        self._report.kills += 1
        self._add()
        return True

    def _freeze(self, awake: Sequence[RunningDispatcher]) -> bool:
        """Freeze one in the middle of a delivery, if one is met there within a second."""
        names = {each.events[0].get("dispatcher"): each for each in awake}
        ends_at_s = time.monotonic() + 1.0
        query = "SELECT dispatcher, id FROM firstline.delivery WHERE state = 'sending'"
        while time.monotonic() < ends_at_s:
            for name, id_ in self._chaos.admin.execute(query).fetchall():
                if name in names and self._is_caught(names[name], name, id_):
                    return True
            self.stop.wait(0.001)
        return False

    def _is_caught(self, victim: RunningDispatcher, name: str, id_: UUID) -> bool:
        """Whether it stands still before it could record the end of the delivery."""
        victim.process.send_signal(signal.SIGSTOP)
        query = "SELECT state = 'sending' AND dispatcher = %s FROM firstline.delivery WHERE id = %s"
        if not one(self._chaos.admin, query, name, id_):
            victim.process.send_signal(signal.SIGCONT)
            return False
        frozen = _Frozen(time.monotonic() + FROZEN_S, id_, self._token(id_))
        self._frozen[victim.process.pid] = frozen
        self._report.freezes += 1
        return True

    def _is_awake(self, each: RunningDispatcher) -> bool:
        has_begun = any(event["event"] == "started" for event in each.events)
        return has_begun and each.process.pid not in self._frozen and not self._is_returning(each)

    def _is_returning(self, each: RunningDispatcher) -> bool:
        """Whether it has still to learn that its lease went to another; nobody kills it before."""
        before = self._returning.get(each.process.pid)
        return before is not None and _times_fenced(each) == before

    @property
    def has_frozen(self) -> bool:
        """Whether one still stands still."""
        return bool(self._frozen)

    def thaw(self) -> None:
        """Wake those that were frozen for long enough."""
        for each in self._running:
            frozen = self._frozen.get(each.process.pid)
            if frozen is None or time.monotonic() < frozen.until_s:
                continue
            # The newest page goes first, so that it may take a while until another takes over.
            is_zombie = self._is_taken_over(frozen)
            if is_zombie or time.monotonic() >= frozen.until_s + FROZEN_S:
                self._report.zombies += is_zombie
                if is_zombie:
                    self._returning[each.process.pid] = _times_fenced(each)
                each.process.send_signal(signal.SIGCONT)
                del self._frozen[each.process.pid]

    def _is_taken_over(self, frozen: _Frozen) -> bool:
        """Whether another holds what it had not ended: what stood still on its way to the
        database may have arrived there."""
        is_open = (
            "SELECT count(*) FROM firstline.delivery_attempt"
            " WHERE delivery_id = %s AND lease_token = %s AND outcome IS NULL"
        )
        if self._token(frozen.delivery_id) == frozen.token:
            return False
        return bool(one(self._chaos.admin, is_open, frozen.delivery_id, frozen.token))

    def _token(self, id_: UUID) -> int:
        query = "SELECT lease_token FROM firstline.delivery WHERE id = %s"
        return int(one(self._chaos.admin, query, id_))

    def end(self) -> None:
        """Ask those that are left to stop, and count what all of them said."""
        assert [each.stop() for each in self._running] == [0] * len(self._running)
        self._stack.close()
        told = Counter(event["event"] for each in self._all for event in each.events)
        self._report.fenced = told["fenced"]
        assert told["bug"] == 0
        errors = [line for each in self._all for line in each.errors]
        assert errors == []


def _times_fenced(each: RunningDispatcher) -> int:
    return sum(event["event"] == "fenced" for event in each.events)


def settle(admin: psycopg.Connection[Any]) -> None:
    """Wait until nothing is left to do."""
    ends_at_s = time.monotonic() + SETTLES_WITHIN_S
    left = (
        "SELECT (SELECT count(*) FROM firstline.delivery WHERE state IN"
        " ('waiting', 'sending', 'unsure')) + (SELECT count(*) FROM firstline.page"
        " WHERE started_at IS NULL)"
    )
    while one(admin, left):
        if time.monotonic() > ends_at_s:
            return  # the judge says what is left
        time.sleep(0.2)


# -- the judge -----------------------------------------------------------------------------


def judge(chaos: Chaos, report: Report) -> None:
    """No page is lost, none is told twice, and what the database says is what happened."""
    admin, receiver = chaos.admin, chaos.receiver
    requests: dict[str, list[bool]] = {}
    for request in receiver.requests:
        key = request.headers.get("webhook-id", "").removeprefix("msg_")
        try:
            requests.setdefault(key, []).append(json.loads(request.body)["data"]["may_repeat"])
        except (ValueError, KeyError):
            continue  # broken off by a kill
    taken = {key.removeprefix("msg_") for key in receiver.events}
    ensure_nothing_is_lost(admin)
    ensure_records_are_true(admin, taken)
    known = {str(id_) for (id_,) in admin.execute("SELECT id FROM firstline.delivery")}
    assert taken <= known, f"phantoms: {taken - known}"
    attempts = dict(
        admin.execute(
            "SELECT delivery_id::text, count(*) FROM firstline.delivery_attempt GROUP BY 1"
        ).fetchall()
    )
    for key, marks in requests.items():
        assert len(marks) <= attempts[key], f"{key} was sent without an attempt"
    report.requests = len(receiver.requests)
    given_up = "SELECT count(*) FROM firstline.delivery WHERE state = 'dead'"
    report.given_up = one(admin, given_up)
    report.repeats = sum(len(marks) - 1 for marks in requests.values())
    report.lags_s = [
        lag / 1e6 for (lag,) in admin.execute("SELECT started_at - opened_at FROM firstline.page p")
    ]
