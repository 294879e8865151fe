"""Pages, posts and scenes on either database."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from builders import Office, office_at
from contract.dispatching import Receiving, webhook_world
from contract.mails import Post, post_of
from contract.major_scene import put_majors
from contract.on_call_scene import put_on_call
from contract.page_scene import put_pages, put_young_page
from contract.places import Place, place_at
from contract.scene import Scene
from contract.team_client import RawTeamClient
from contract.update_scene import put_updates
from paging_world import PagingWorld, paging_in_file, paging_on_server
from postgres_server import DatabasesForTests
from providers.imap_server import Imap
from raw_client import RawClient
from team import Team, team_at


@pytest.fixture(params=["embedded", "postgres"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[PagingWorld]:
    """Paging on either database."""
    with ExitStack() as stack:
        if request.param == "embedded":
            office = stack.enter_context(office_at())
            yield stack.enter_context(paging_in_file(office))
        else:
            databases = request.getfixturevalue("databases")
            team = stack.enter_context(team_at(tmp_path, databases))
            yield stack.enter_context(paging_on_server(team))


@pytest.fixture
def in_file() -> Iterator[PagingWorld]:
    """Paging on the embedded file, whose statements a test may break."""
    with office_at() as office, paging_in_file(office) as world:
        yield world


@pytest.fixture
def sending(office: Office, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Receiving]:
    """A sender of the small world, and the receiver of webhooks that it sends to."""
    with webhook_world(office, monkeypatch, tmp_path) as made:
        yield made


@pytest.fixture
def post(
    office: Office, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, dovecot: Imap
) -> Iterator[Post]:
    """People of the small world who are paged by mail, and the mailbox for their replies."""
    with post_of(monkeypatch, dovecot, tmp_path, lambda: paging_in_file(office)) as post:
        yield post


@pytest.fixture
def team_post(
    team: Team, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, dovecot: Imap
) -> Iterator[Post]:
    """The same with a team's database."""
    with post_of(monkeypatch, dovecot, tmp_path, lambda: paging_on_server(team)) as post:
        yield post


@pytest.fixture(scope="module")
def file_scene() -> Iterator[Scene]:
    """One scene on the embedded database for all tests of a module; they leave nothing in it."""
    with office_at() as office:
        scene = put_pages(put_majors(put_on_call(Scene(office))), office)
        put_young_page(put_updates(scene, office))
        yield scene
        scene.close()


@pytest.fixture(scope="module")
def team_scene(
    tmp_path_factory: pytest.TempPathFactory, databases: DatabasesForTests
) -> Iterator[Scene]:
    """The same on a team's database."""
    with team_at(tmp_path_factory.mktemp("team"), databases) as team:
        scene = put_pages(put_majors(put_on_call(Scene(team, RawTeamClient))), team)
        put_young_page(put_updates(scene, team))
        yield scene
        scene.close()


@pytest.fixture(scope="module", params=["embedded", "postgres"])
def place(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Place]:
    """The same place on both databases."""
    with ExitStack() as stack:
        if request.param == "embedded":
            yield stack.enter_context(place_at(office_at(), RawClient))
        else:
            team = team_at(tmp_path_factory.mktemp("team"), request.getfixturevalue("databases"))
            yield stack.enter_context(place_at(team, RawTeamClient))
