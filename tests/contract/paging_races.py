"""Answers that race with the firing of the next step, on two connections of a real server."""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
from builders import THEO
from contract.owner_sql import change_function, one
from paging_world import STEP_S, PagingWorld
from team import Team
from team import settings as team_settings

from services.core.clock import to_microseconds
from services.core.secrets import Secret
from services.dispatcher.engine_postgres import PagingPostgres
from services.paging.acts import AcknowledgePage
from services.paging.claiming import digest_of
from services.paging.page import Outcome
from services.providers.answer_words import ACKNOWLEDGED

CLONE = """
WITH p AS (
    INSERT INTO firstline.page SELECT (jsonb_populate_record(p, jsonb_build_object(
        'id', %(page)s::text, 'due_at', %(due)s::bigint))).* FROM firstline.page p
    WHERE p.id = %(like)s),
s AS (
    INSERT INTO firstline.page_step SELECT (jsonb_populate_record(s, jsonb_build_object(
        'id', gen_random_uuid(), 'page_id', %(page)s::text))).* FROM firstline.page_step s
    WHERE s.page_id = %(like)s),
r AS (
    INSERT INTO firstline.page_recipient SELECT (jsonb_populate_record(r, jsonb_build_object(
        'id', %(recipient)s::text, 'page_id', %(page)s::text))).*
    FROM firstline.page_recipient r WHERE r.page_id = %(like)s)
INSERT INTO firstline.delivery SELECT (jsonb_populate_record(d, jsonb_build_object(
    'id', gen_random_uuid(), 'page_id', %(page)s::text, 'recipient_id', %(recipient)s::text,
    'answer_digest', %(digest)s::text))).*
FROM firstline.delivery d WHERE d.page_id = %(like)s AND d.state = 'delivered'
"""
"""One more page that stands where another one stands, and another link to answer it."""

END = "UPDATE firstline.page SET state = 'superseded', due_at = NULL, is_urged = false"


class Races:
    """A page whose first step was delivered to Theo; each race is about one like it.

    ``wrong`` counts races in which a step was taken after the page was acknowledged, ``fired``
    those in which the step came first.
    """

    def __init__(self, world: PagingWorld) -> None:
        assert isinstance(world.office, Team)
        self.world = world
        self.access, self.database = world.office.databases.access, world.office.database
        self.admin = self.access.connect(self.database)
        self.second = self.engine()
        self.wrong = self.fired = self.held = 0

    def engine(self) -> PagingPostgres:
        """One more connection of a dispatcher."""
        settings = team_settings(self.access, self.database, "postgres")
        return PagingPostgres(settings, lambda: Secret(self.access.password))

    def close(self) -> None:
        self.second.close()
        self.admin.close()

    def _begun(self) -> UUID:
        page_id = self.world.page()
        self.world.engine.fire_due()
        claimed = self.world.engine.claim("any", digest_of("first"))
        assert claimed is not None
        assert self.world.engine.finish(claimed, Outcome.DELIVERED)
        return page_id

    def by_link(self, count: int) -> None:
        """Theo follows the link of a message at the moment at which the next step is due."""
        like = self._begun()
        self.admin.execute("SET session_replication_role = replica")
        for number in range(count):
            page_id, token = uuid4(), f"race-{number}"
            now = to_microseconds(self.world.office.clock.now())
            self.admin.execute(END)
            self.admin.execute(
                CLONE,
                {"page": page_id, "like": like, "due": now, "digest": digest_of(token),
                 "recipient": uuid4()},
            )  # fmt: skip
            self.admin.execute(
                "UPDATE firstline.page SET state = 'open', ended_at = NULL WHERE id = %s",
                (page_id,),
            )
            said: list[str] = []
            digest = digest_of(token)
            self._race(lambda: said.append(self.second.answer(digest, ACKNOWLEDGED)))  # noqa: B023
            assert said == ["acknowledged"]
            self._judge(page_id)
        self.admin.execute("RESET session_replication_role")

    def by_desk(self, count: int) -> None:
        """Theo acknowledges on a desk at that moment."""
        desk = self.world.desk
        for _ in range(count):
            page_id = self._begun()
            desk.sync()
            self.world.office.clock.advance(timedelta(seconds=STEP_S))
            desk.give(AcknowledgePage(page_id=page_id), THEO)
            self._race(desk.replica.push)
            desk.sync()
            assert not desk.replica.pending()
            self._judge(page_id)

    def _race(self, answer: Callable[[], object]) -> None:
        start = threading.Barrier(2)
        failed: list[BaseException] = []

        def answering() -> None:
            try:
                start.wait(10)
                answer()
            except BaseException as error:
                failed.append(error)

        thread = threading.Thread(target=answering)
        thread.start()
        try:
            start.wait(10)
            self.world.engine.fire_due()
        finally:
            thread.join()
        assert not failed, failed

    def _judge(self, page_id: UUID) -> None:
        """Whichever came first: the page rests, and nobody is called any more."""
        state, position = self.admin.execute(
            "SELECT state, position FROM firstline.page WHERE id = %s", (page_id,)
        ).fetchone() or ("", 0)
        later = one(
            self.admin,
            "SELECT count(*) FROM firstline.delivery WHERE page_id = %s AND position > 0",
            page_id,
        )
        is_called = False
        while claimed := self.second.claim("any", ""):
            is_called = is_called or claimed.page_id == page_id
            self.second.finish(claimed, Outcome.DELIVERED)
        if position:
            self.fired += 1
        else:
            self.held += 1
        if state != "acknowledged" or is_called or (later and not position):
            self.wrong += 1

    def __str__(self) -> str:
        return f"acknowledged first {self.held}, fired first {self.fired}, wrong {self.wrong}"


def break_second_look(admin: psycopg.Connection[Any]) -> None:
    """Let the firing find what is due, and go on with it whatever happens meanwhile."""
    lead = "PERFORM lead_pages(v_pages, v_now);"
    pause = "PERFORM count(*) FROM generate_series(1, 100000);"
    change_function(admin, "fire_due", lead, f"{pause} {lead}")
    change_function(admin, "fire_due", " FOR UPDATE OF p SKIP LOCKED", "")
    for look in (
        "z.state = 'open' OR (z.state = 'acknowledged' AND z.reopens_at <= v_now)",
        "(page.state = 'open' OR page.reopens_at <= v_now)",
    ):
        change_function(admin, "lead_pages", look, "true")


@contextmanager
def races_in(world: PagingWorld) -> Iterator[Races]:
    """Races that end with the block."""
    with closing(Races(world)) as races:
        yield races
