"""The threads of a dispatcher: one takes due steps and keeps watch, some send, one reads mail."""

import json
import logging
import platform
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Final, Protocol
from uuid import UUID

from services.core.errors import AppError
from services.core.release import VERSION
from services.dispatcher.accounts import Accounts
from services.dispatcher.answer_links import NO_LINKS, AnswerLinks
from services.dispatcher.claims import Claims
from services.dispatcher.dialogue import SendsCalls
from services.dispatcher.figures import Figures
from services.dispatcher.mail_replies import POLL_S, MailReplies, OpensFolders
from services.dispatcher.page_calls import LeadsAndTells
from services.dispatcher.poison import Poison
from services.dispatcher.secrets import SecretStore
from services.dispatcher.sender import Claim, Sender, Surroundings
from services.paging.audit_statements import STOPPED
from services.paging.engine import FIRE_LIMIT, LEASE_S, PagingEngine

log = logging.getLogger(__name__)

SENDERS: Final = 8
SENDING_CONNECTIONS: Final = 3
"""Enough that outcomes are written while more is claimed; a login has few connections."""

TICK_S: Final = 1.0
"""How often due steps are looked for, at the least."""

BEAT_S: Final = 5.0
AUDIT_S: Final = 15.0
PROBES_S: Final = 60.0
STOPS_WITHIN_S: Final = 20.0
"""How long what is under way may take when the dispatcher is asked to stop."""

_AWAY_S: Final = (0.5, 1.0, 2.0, 5.0)
"""Pauses between attempts to reach a database that is away; the last one stays."""


def new_name() -> str:
    """The name of a dispatcher, which no other and no later one has."""
    return f"{platform.node() or 'host'}-{secrets.token_hex(4)}"


class Calls(SendsCalls, OpensFolders, Protocol):
    """What makes calls, and reads mailboxes."""


@dataclass(slots=True)
class Chore:
    """What is done every so many seconds by the thread that ticks."""

    every_s: float
    run: Callable[[], object]
    due_at_s: float = 0.0


class Dispatcher:
    """Leads pages until stopped. ``ticking`` is for one thread, ``sending`` for all others.

    ``chores`` are what else is to be done from time to time.
    """

    def __init__(
        self,
        *,
        ticking: PagingEngine,
        sending: LeadsAndTells,
        transport: Calls,
        secrets: SecretStore,
        senders: int = SENDERS,
        links: AnswerLinks = NO_LINKS,
        chores: Sequence[Chore] = (),
        name: str = "",
        lease_s: float = LEASE_S,
    ) -> None:
        self.name = name or new_name()
        self.figures = Figures()
        self._accounts = Accounts()
        self._poison = Poison()
        self._ticking, self._sending = ticking, sending
        self._stopping = threading.Event()
        self._alarms: set[tuple[str, UUID | None]] = set()
        self._fired_at_s = time.monotonic()
        around = Surroundings(
            name=self.name,
            engine=sending,
            transport=transport,
            secrets=secrets,
            accounts=self._accounts,
            figures=self.figures,
            poison=self._poison,
            pause=self._stopping.wait,
            links=links,
            lease_s=lease_s,
        )
        self._sender = Sender(around)
        self._claims: Claims[Claim] = Claims(self._claimed)
        self._replies = MailReplies(
            sending, transport, secrets, self.figures, self._poison, answered=self.wake
        )
        self._chores = [
            Chore(BEAT_S, self._beat),
            Chore(AUDIT_S, self._audit),
            Chore(PROBES_S, ticking.probes_due),
            *chores,
        ]
        # Daemons: one that hangs in a call must not keep a stopped program alive.
        self._threads = [
            threading.Thread(target=self._tick_on, name="paging-ticker", daemon=True),
            *(
                threading.Thread(target=self._send_on, name=f"paging-sender-{number}", daemon=True)
                for number in range(1, senders + 1)
            ),
            threading.Thread(target=self._read_on, name="paging-mail", daemon=True),
        ]

    def start(self) -> None:
        """Begin."""
        log.info("started", extra={"facts": {"dispatcher": self.name, "version": VERSION}})
        for thread in self._threads:
            thread.start()

    def wake(self) -> None:
        """Look at once for what is due."""
        self._ticking.interrupt()

    def stop(self, timeout_s: float = STOPS_WITHIN_S) -> bool:
        """Finish what is under way and claim nothing more; returns whether all ended in time."""
        self._stopping.set()
        self._ticking.interrupt()
        self._claims.end()
        self._replies.hang_up()
        ends_at_s = time.monotonic() + timeout_s
        for thread in self._threads:
            thread.join(max(0.0, ends_at_s - time.monotonic()))
        is_over = not any(thread.is_alive() for thread in self._threads)
        facts = {"dispatcher": self.name, "is_complete": is_over}
        log.info("stopped", extra={"facts": facts})
        if is_over:
            self._ticking.close()
            self._sending.close()
        return is_over

    # -- the ticker -----------------------------------------------------------------------------

    def _tick_on(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            problem = self._ticked()
            if not problem:
                if failures:
                    log.warning("database-back", extra={"facts": {"failures": failures}})
                failures = 0
                self._ticking.wait(TICK_S)
                continue
            failures += 1
            if failures == 1:
                log.error("database-away", extra={"facts": problem})
            self.figures.gauge("firstline_database_away", 1)
            self._stopping.wait(_AWAY_S[min(failures, len(_AWAY_S)) - 1])
        with suppress(AppError):
            self._ticking.beat(self.name, STOPPED)

    def _ticked(self) -> dict[str, str]:
        """Take due steps and do due chores; the problem, where the database does not let us."""
        try:
            self._poison.survive(self._tick, lambda _: self._claims.ring())
            for chore in self._chores:
                if time.monotonic() >= chore.due_at_s:
                    self._poison.survive(chore.run, lambda _: None)
                    chore.due_at_s = time.monotonic() + chore.every_s
        except AppError as fact:
            return {"problem": fact.code, "detail": str(fact.context.get("problem", ""))}
        self.figures.gauge("firstline_database_away", 0)
        return {}

    def _tick(self) -> None:
        standing = self._ticking.fire_due()
        if standing.fired >= FIRE_LIMIT:
            self.wake()  # there may be more than one call takes
        now_s = time.monotonic()
        self.figures.fired(standing, now_s - self._fired_at_s)
        self._fired_at_s = now_s
        if standing.fired:
            log.info("fired", extra={"facts": {"steps": standing.fired}})
        if standing.waiting_deliveries:
            self._claims.ring()

    def _beat(self) -> None:
        accounts = self._accounts.breakers()
        states = {(kind.value, str(id_)): b.is_open for id_, (kind, b) in accounts.items()}
        self.figures.breakers(states)
        self.figures.gauge("firstline_bugs", self._poison.count)
        opened = [id_ for (_, id_), is_open in states.items() if is_open]
        detail = {
            "version": VERSION,
            "open_breakers": opened,
            "bugs": self._poison.count,
            "unread": self._replies.unread,
        }
        self._ticking.beat(self.name, json.dumps(detail))

    def _audit(self) -> None:
        """Tell each alarm when it is raised and when it is over."""
        found = {(alarm.kind, alarm.subject_id): alarm for alarm in self._ticking.audit()}
        for kind, id_ in found.keys() - self._alarms:
            facts = {"alarm": kind, "subject": str(id_ or ""), "detail": found[kind, id_].detail}
            log.error("alarm", extra={"facts": facts})
        for kind, id_ in self._alarms - found.keys():
            log.warning("alarm-over", extra={"facts": {"alarm": kind, "subject": str(id_ or "")}})
        self._alarms = set(found)
        self.figures.gauge("firstline_alarms", len(found))

    # -- the senders ----------------------------------------------------------------------------

    def _send_on(self) -> None:
        while (claim := self._claims.next()) is not None:
            self._poison.survive(partial(self._sender.send, claim), lambda _: None)
            # Its end may be what another delivery waited for.
            self._claims.ring()

    def _claimed(self, most: int) -> Sequence[Claim]:
        try:
            return self._poison.survive(partial(self._sender.claim, most), lambda _: ())
        except AppError:
            return ()  # the ticker says so, and rings when the database is back

    # -- the reader -----------------------------------------------------------------------------

    def _read_on(self) -> None:
        """Look into mailboxes; whatever a server of mail does, pages are led by other threads."""
        while not self._stopping.is_set():
            with suppress(AppError):  # the ticker says that the database is away
                self._poison.survive(self._replies.poll, lambda _: None)
            self._stopping.wait(POLL_S)
