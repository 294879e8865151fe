"""What every test gets: a home of its own, no way out to the network, no leftovers."""

import gc
import ipaddress
import os
import shutil
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from builders import Desk, Office
    from postgres_server import DatabasesForTests
    from providers.imap_server import Imap
    from team import Team

    from services.admin.private_postgres import PrivatePostgres

REPOSITORY = Path(__file__).resolve().parents[1]
LOOPBACK_NAMES = {None, "", "localhost", "ip6-localhost"}
THREAD_ENDS_WITHIN_S = 2.0
THREADS_OF_THE_TOOLS = ("execnet", "pytest_timeout", "pytest-", "asyncio-waitpid")

settings.register_profile("dev", max_examples=50, deadline=None, print_blob=True)
settings.register_profile("ci", max_examples=200, deadline=None, derandomize=False, print_blob=True)
settings.register_profile(
    "nightly", max_examples=5_000, deadline=None, derandomize=False, print_blob=True
)


class NetworkBlocked(RuntimeError):
    """A test tried to leave this machine. Not an OSError, so that no client takes it for one."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--run-nightly", action="store_true", help="also run the full counts (marker nightly)"
    )


def pytest_configure(config: pytest.Config) -> None:
    home = tempfile.mkdtemp(prefix="firstline-tests-")
    config.add_cleanup(lambda: shutil.rmtree(home, ignore_errors=True))
    os.environ["FIRSTLINE_HOME"] = home
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    if not config.getoption("--hypothesis-profile", None):
        settings.load_profile(_profile(config))
    sys.addaudithook(_stay_on_this_machine)


def _profile(config: pytest.Config) -> str:
    if config.getoption("--run-nightly"):
        return "nightly"
    return "ci" if os.environ.get("CI") else "dev"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--run-nightly"):
        return
    for item in items:
        if item.get_closest_marker("nightly"):
            item.add_marker(pytest.mark.skip(reason="full counts run with --run-nightly"))


@pytest.fixture(autouse=True)
def _garbage_goes_here(request: pytest.FixtureRequest) -> Iterator[None]:
    """Widgets in reference cycles are collected on the GUI thread, as the program does it."""
    if not {"qtbot", "qapp"} & set(request.fixturenames):
        yield
        return
    gc.disable()
    gc.freeze()  # what was there before is not looked through again after each test
    yield
    gc.collect()
    gc.unfreeze()
    gc.enable()


_attempts: list[str] = []


def _stay_on_this_machine(event: str, args: tuple[object, ...]) -> None:
    """Refuse connections and name look-ups that are not loopback, whichever library asks."""
    if not event.startswith("socket."):
        return
    host: object = None
    if event in {"socket.connect", "socket.sendto", "socket.sendmsg"}:
        address = args[1]
        host = address[0] if isinstance(address, tuple) else None
    elif event in {"socket.getaddrinfo", "socket.gethostbyname"}:
        host = args[0]
    if not _is_loopback(host):
        _attempts.append(f"{event} {host!r}")
        raise NetworkBlocked(f"{event} to {host!r}: tests stay on this machine")


def _is_loopback(host: object) -> bool:
    text = host.decode() if isinstance(host, bytes) else host
    if text in LOOPBACK_NAMES:
        return True
    try:
        return ipaddress.ip_address(str(text).partition("%")[0]).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True)
def _no_network() -> Iterator[None]:
    """Fail a test that tried to leave this machine, even when the product caught the refusal."""
    _attempts.clear()
    yield
    tried, _attempts[:] = list(_attempts), []
    assert not tried, f"tried to leave this machine: {tried}"


@pytest.fixture
def network_attempts() -> list[str]:
    """What the network guard refused so far in this test; clear it if that was the point."""
    return _attempts


@pytest.fixture(autouse=True)
def _no_leaked_threads() -> Iterator[None]:
    """Fail a test after which a thread it started still runs."""
    before = set(threading.enumerate())
    yield
    left = leaked_threads(before, THREAD_ENDS_WITHIN_S)
    assert not left, f"threads still running: {left}"


def leaked_threads(before: set[threading.Thread], patience_s: float) -> list[str]:
    """Names of threads that are new since ``before`` and do not end within ``patience_s`` each."""
    leaked = []
    for thread in set(threading.enumerate()) - before:
        # A dummy stands for a thread of Qt's that once ran Python; Qt ends it, not we.
        if isinstance(thread, threading._DummyThread):
            continue
        if thread.name.startswith(THREADS_OF_THE_TOOLS):
            continue
        thread.join(patience_s)
        if thread.is_alive():
            leaked.append(thread.name)
    return sorted(leaked)


@pytest.fixture
def firstline_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home for this test alone; programs it starts find it too."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("FIRSTLINE_HOME", str(home))
    return home


@pytest.fixture
def office() -> "Iterator[Office]":
    """A small world of its own for each test."""
    from builders import office_at

    with office_at() as office:
        yield office


@pytest.fixture
def desk(office: "Office") -> "Desk":
    """One desk of the small world."""
    return office.desk()


@pytest.fixture
def team(tmp_path: Path, databases: "DatabasesForTests") -> "Iterator[Team]":
    """The small world as a team's database."""
    from team import team_at

    with team_at(tmp_path, databases) as team:
        yield team


@pytest.fixture(scope="session")
def shared_knowledge() -> Path:
    """The optional folder of real logs and specifications next to the checkout."""
    folder = REPOSITORY.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the optional folder of reference data next to the checkout is absent")
    return folder


@pytest.fixture(scope="session")
def databases() -> "Iterator[DatabasesForTests]":
    """A quick PostgreSQL for all tests of this process that want one."""
    from postgres_server import serving

    with serving() as databases:
        yield databases


@pytest.fixture(scope="session")
def dovecot() -> "Iterator[Imap]":
    """A real IMAP server for all tests of this process that want one."""
    from providers.imap_server import running

    with running() as imap:
        yield imap


@pytest.fixture
def new_database(databases: "DatabasesForTests") -> "Iterator[Callable[..., str]]":
    """Makes databases for this test alone, which go with it as do the roles made in it."""
    with databases.of_one_test() as make:
        yield make


@pytest.fixture
def fresh_server() -> "Iterator[Callable[..., PrivatePostgres]]":
    """Makes servers for this test alone, to be killed; their settings are a real server's."""
    from postgres_server import starting

    with starting() as start:
        yield start
