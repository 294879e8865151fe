"""The program: it begins, sends, tells of itself, keeps its secrets, and ends when asked."""

import http.client
import json
import logging
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from builders import office_at
from contract.dispatching import reached_through, secrets_file
from contract.running_dispatcher import HOUSE, PATIENCE_S, RunningDispatcher
from paging_world import PagingWorld, paging_in_file, paging_on_server
from providers.contract_server import Answer, Received
from providers.webhook_server import PATH, SECRET, WebhookServer
from team import settings, team_at

from services.core.secrets import Secret
from services.dispatcher.engine_postgres import PagingPostgres
from services.dispatcher.runner import Dispatcher
from services.dispatcher.secrets import FileSecrets
from services.dispatcher.transport import Transport
from services.paging.destination import ProviderKind
from services.paging.page import Delivery, DeliveryState, PageState

CANARY = "s3cr3t-in-address"


class Gated(WebhookServer):
    """Answers only when it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.may_answer = threading.Event(), threading.Event()
        self.may_answer.set()

    def answer(self, request: Received) -> Answer:
        self.asked.set()
        assert self.may_answer.wait(PATIENCE_S)
        return super().answer(request)


@pytest.fixture
def receiver(monkeypatch) -> Iterator[Gated]:
    with (
        Gated() as server,
        reached_through(monkeypatch, ProviderKind.WEBHOOK, server.url + PATH),
    ):
        yield server


@pytest.fixture
def world(receiver) -> Iterator[PagingWorld]:
    """An embedded file whose clock is the machine's, give or take the minutes of its acts."""
    with office_at() as office:
        office.clock.moment = datetime.now(UTC) - timedelta(minutes=9)
        with paging_in_file(office) as world:
            yield world


def options(world: PagingWorld, folder: Path, *more: object) -> list[object]:
    secrets = secrets_file(folder, {"signing_secret": SECRET})
    return ["--database", world.office.path, "--secrets", secrets, *more]


def first_delivery(world: PagingWorld) -> Delivery:
    world.desk.sync()
    return min(world.desk.find(Delivery), key=lambda each: each.due_at)


def run(*given: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "services.dispatcher", *map(str, given)]
    return subprocess.run(command, cwd=HOUSE, capture_output=True, text=True, timeout=PATIENCE_S)


def test_it_sends_tells_of_itself_and_ends(world, receiver, tmp_path):
    page_id = world.page()
    with RunningDispatcher(
        *options(world, tmp_path, "--metrics", 0, "--answers", free_port())
    ) as program:
        assert program.await_event("serving")["what"] == "answers"
        metrics_port = program.await_event("serving")["port"]
        assert program.await_event("attempt")["outcome"] == "delivered"
        assert len(receiver.events) == 1
        well = run(*options(world, tmp_path, "--status"))
        text = fetched(metrics_port)
        own = Path(f"/proc/{program.process.pid}")
        shown = own.joinpath("cmdline").read_bytes() + own.joinpath("environ").read_bytes()
        assert program.stop() == 0
    over = run(*options(world, tmp_path, "--status"))
    name = program.events[-1]["dispatcher"]
    assert over.returncode == 1
    assert re.search(rf"\n  {name} +began \d+ s ago, heard of \d+ s ago, sends 0$", well.stdout)
    assert re.search(rf"\n  {name} +began \d+ s ago, stopped \d+ s ago, sends 0$", over.stdout)
    assert "Dispatchers           none within a minute" in over.stdout
    assert 'firstline_attempts_total{provider="webhook",outcome="delivered"} 1' in text
    assert "firstline_between_fires_seconds_count" in text
    assert "Dispatchers           1 within a minute" in well.stdout
    assert "Open pages            1" in well.stdout
    assert program.events[-1]["event"] == "stopped"
    assert program.events[-1]["is_complete"] is True
    assert program.errors == []
    assert world.read(page_id).state is PageState.OPEN
    assert first_delivery(world).state is DeliveryState.DELIVERED
    for secret in (SECRET, CANARY):
        assert secret.encode() not in shown
        assert secret not in json.dumps(program.events) + text + well.stdout


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as door:
        return int(door.getsockname()[1])


def fetched(port: int) -> str:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)) as client:
        client.request("GET", "/metrics")
        return client.getresponse().read().decode()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_what_is_under_way_is_finished(world, receiver, tmp_path, number):
    world.page()
    receiver.may_answer.clear()
    with RunningDispatcher(*options(world, tmp_path)) as program:
        assert receiver.asked.wait(PATIENCE_S)
        program.process.send_signal(number)
        receiver.may_answer.set()
        assert program.process.wait(PATIENCE_S) == 0
    assert first_delivery(world).state is DeliveryState.DELIVERED
    assert len(receiver.requests) == 1


def test_status_says_that_nobody_delivers(world, tmp_path):
    done = run(*options(world, tmp_path, "--status"))
    assert done.returncode == 1
    assert "none, ever" in done.stdout


@pytest.mark.parametrize(
    ("database", "words"),
    [
        ("postgresql://dispatcher:canary-pw@127.0.0.1/firstline", "password"),
        ("postgresql://127.0.0.1/firstline", "USER@HOST"),
        ("mysql://user@127.0.0.1/firstline", "mysql"),
        ("/nowhere/shared.db", "no such file"),
    ],
)
def test_what_is_no_database_is_refused_in_words(database, words):
    done = run("--database", database, "--log-json")
    assert done.returncode == 2
    assert words in done.stderr
    assert "canary-pw" not in done.stderr + done.stdout
    assert "Traceback" not in done.stderr


def test_a_secrets_file_for_all_is_refused_at_once(world, tmp_path):
    given = options(world, tmp_path)
    Path(str(given[3])).chmod(0o644)
    done = run(*given)
    assert done.returncode == 2
    assert "0644" in done.stderr
    assert SECRET not in done.stderr


def test_a_port_that_is_taken_is_refused(world, receiver, tmp_path):
    port = int(receiver.url.rpartition(":")[2])
    done = run(*options(world, tmp_path, "--metrics", port))
    assert done.returncode == 2
    assert f"127.0.0.1:{port}" in done.stderr


# -- a server that goes away ---------------------------------------------------------------


class Heard(logging.Handler):
    """Waits for events."""

    def __init__(self) -> None:
        super().__init__()
        self._names: set[str] = set()
        self._said = threading.Condition()

    def emit(self, record: logging.LogRecord) -> None:
        with self._said:
            self._names.add(record.getMessage())
            self._said.notify_all()

    def wait_for(self, name: str) -> None:
        with self._said:
            assert self._said.wait_for(lambda: name in self._names, PATIENCE_S), name


@pytest.fixture
def heard() -> Iterator[Heard]:
    handler, log = Heard(), logging.getLogger("services.dispatcher")
    before = log.level
    log.setLevel(logging.INFO)
    log.addHandler(handler)
    yield handler
    log.removeHandler(handler)
    log.setLevel(before)


def test_it_survives_a_server_that_cuts_every_connection(databases, receiver, heard, tmp_path):
    with ExitStack() as stack:
        team = stack.enter_context(team_at(tmp_path, databases))
        world = stack.enter_context(paging_on_server(team))
        access = databases.access
        superuser = settings(access, team.database, "postgres")

        def engine() -> PagingPostgres:
            return PagingPostgres(superuser, lambda: Secret(access.password))

        dispatcher = Dispatcher(
            ticking=engine(),
            sending=engine(),
            transport=Transport(),
            secrets=FileSecrets(secrets_file(tmp_path, {"signing_secret": SECRET})),
            senders=2,
        )
        dispatcher.start()
        stack.callback(dispatcher.stop)
        heard.wait_for("started")
        world.page()
        heard.wait_for("attempt")
        receiver.await_seen(1)
        cut_all(access, team.database, spared=team.clock.connection.info.backend_pid)
        heard.wait_for("database-away")
        heard.wait_for("database-back")
        seen = len(receiver.requests)
        page_again(world)
        receiver.await_seen(seen + 1)


def cut_all(access: Any, database: str, *, spared: int) -> None:
    """End every connection to a database but one, and let nobody in for a moment."""
    with access.connect() as admin:
        admin.execute(f"ALTER DATABASE {database} ALLOW_CONNECTIONS false")
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = %s AND pid <> %s",
            (database, spared),
        )
        admin.execute(f"ALTER DATABASE {database} ALLOW_CONNECTIONS true")


def page_again(world: PagingWorld) -> None:
    world.desk.connect()
    world.page()
