"""Calendars at secret addresses: who knows one sees those shifts, and nobody else any."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from builders import IMRAN, THEO, office_at
from icalendar import Calendar
from paging_world import NETWORK_ROSTER, PagingWorld, paging_in_file, paging_on_server
from team import PASSWORD, settings, team_at

from services.dispatcher import calendar_keys
from services.dispatcher.answers import AnswerPages
from services.dispatcher.calendar_keys import CalendarKeys
from services.dispatcher.calendar_pages import COPY_KEPT_S, CalendarPages
from services.dispatcher.listener import Page, Request
from services.dispatcher.opening import shared_file
from services.dispatcher.secrets import FileSecrets
from services.incidents.extent import EXTENT
from services.registry import RECORDS
from services.sync.errors import SharedUnreachable
from services.sync.shared_postgres import SharedPostgres

KEY = "k" * 32


@dataclass
class Calendars:
    """The pages of a dispatcher, and its file of secrets."""

    world: PagingWorld
    secrets: Path
    opened: int = 0
    is_away: bool = False

    def __post_init__(self) -> None:
        self.keep(f"calendar = {KEY}")
        self.keys = CalendarKeys(FileSecrets(self.secrets))
        calendars = CalendarPages(self._open, self.keys, self.world.office.clock)
        self.site = AnswerPages(self.world.engine, calendars=calendars)

    def _open(self) -> Any:
        self.opened += 1
        if self.is_away:
            raise SharedUnreachable()
        office: Any = self.world.office
        if hasattr(office, "databases"):
            login = settings(office.databases.access, office.database, "adam")
            return SharedPostgres(login, lambda: PASSWORD, RECORDS, EXTENT)
        return shared_file(office.path, office.clock)

    def keep(self, *lines: str) -> None:
        self.secrets.touch(mode=0o600)
        self.secrets.write_text("\n".join(lines))

    def fetch(self, token: str, method: str = "GET") -> Page:
        return self.site.page(Request(method, f"/{token}.ics", "10.0.0.1"))

    def of(self, subject_id: UUID) -> list[str]:
        """The titles of a calendar's events."""
        page = self.fetch(self.keys.token(subject_id))
        assert page.status == 200
        assert page.kind.startswith("text/calendar")
        return [str(event["summary"]) for event in Calendar.from_ical(page.text).walk("VEVENT")]


@pytest.fixture(params=["embedded", "postgres"])
def calendars(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Calendars]:
    with ExitStack() as stack:
        if request.param == "embedded":
            world = stack.enter_context(paging_in_file(stack.enter_context(office_at())))
        else:
            databases = request.getfixturevalue("databases")
            team = stack.enter_context(team_at(tmp_path, databases))
            world = stack.enter_context(paging_on_server(team))
        yield Calendars(world, tmp_path / "secrets")


@pytest.fixture
def in_file(tmp_path: Path) -> Iterator[Calendars]:
    with office_at() as office, paging_in_file(office) as world:
        yield Calendars(world, tmp_path / "secrets")


def test_a_roster_and_a_person_have_their_calendars(calendars: Calendars) -> None:
    assert sorted(calendars.of(NETWORK_ROSTER)) == ["Tara (backup)", "Theo"]
    assert calendars.of(THEO) == ["Network"]
    assert calendars.of(IMRAN) == ["Major"]


def test_what_opens_nothing_is_told_apart_by_nobody(in_file: Calendars) -> None:
    unknown = in_file.site.page(Request("GET", "/", "10.0.0.1"))
    right = in_file.keys.token(THEO)
    forged = [
        "A" * 64,
        right[:-1] + ("A" if right[-1] != "A" else "B"),
        in_file.keys.token(IMRAN)[:22] + right[22:],
        right[:-1],
        in_file.keys.token(uuid4()),
    ]
    for token in forged:
        page = in_file.fetch(token)
        assert (page.status, page.text) == (404, unknown.text)
    assert in_file.fetch(right, "POST").status == 404
    assert in_file.opened == 1, "only what is proved is looked for in the database"


def test_an_address_is_revoked_alone_or_with_all_others(in_file: Calendars) -> None:
    theo, imran = in_file.keys.token(THEO), in_file.keys.token(IMRAN)
    in_file.keep(f"calendar = {KEY}", f"calendar:{THEO} = 1")
    assert in_file.fetch(theo).status == 404
    assert in_file.fetch(imran).status == 200
    assert in_file.of(THEO) == ["Network"]
    in_file.keep(f"calendar = {KEY}x")
    assert in_file.fetch(imran).status == 404
    in_file.keep("database = x")
    assert in_file.fetch(imran).status == 404


def test_without_its_proof_a_token_is_guessed(in_file: Calendars, monkeypatch: Any) -> None:
    """Negative control."""
    guess = in_file.keys.token(IMRAN)[:22] + in_file.keys.token(THEO)[22:]
    monkeypatch.setattr(calendar_keys.hmac, "compare_digest", lambda *_: True)
    assert in_file.fetch(guess).status == 200


def test_many_programs_are_served_by_one_copy(in_file: Calendars) -> None:
    for _ in range(3):
        in_file.of(THEO)
        in_file.of(NETWORK_ROSTER)
    assert in_file.opened == 1
    in_file.world.after(COPY_KEPT_S)
    in_file.of(THEO)
    assert in_file.opened == 2


def test_a_database_that_is_away_is_said_so(in_file: Calendars, caplog: Any) -> None:
    in_file.is_away = True
    token = in_file.keys.token(THEO)
    page = in_file.fetch(token)
    assert (page.status, page.headers["Retry-After"]) == (503, "300")
    assert token not in str([record.__dict__ for record in caplog.records])
