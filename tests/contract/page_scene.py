"""A page in each state, led by what leads pages, for attacks on their guards."""

from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

from builders import DANA, NETWORK, START, THEO, Office
from contract.on_call_scene import there
from contract.scene import Scene
from team import Team
from team import settings as team_settings

from services.core.ids import derived_id
from services.core.secrets import Secret
from services.dispatcher.engine_postgres import PagingPostgres
from services.dispatcher.engine_sqlite import PagingSqlite
from services.on_call.policy import CalledAs
from services.paging.acts import AcknowledgePage, WithdrawPage
from services.paging.engine import PagingEngine
from services.paging.page import Page, PageRecipient
from services.sync.shared import Outcome

BEGUN, ANSWERED, LATE, GONE, YOUNG = (
    derived_id("page", name) for name in ("begun", "answered", "late", "gone", "young")
)
"""Under way, acknowledged by Theo, held, withdrawn, and not begun yet."""

STATES = ["open", "acknowledged", "held", "superseded"]

HOUR = timedelta(hours=1)


def put_pages(scene: Scene, office: Office) -> Scene:
    """The scene with those pages, all led, but for the young one."""
    scene.client.rehearses = False
    for id_ in (BEGUN, ANSWERED, GONE):
        _ask(scene, replace(page(scene), id=id_))
    _ask(scene, replace(page(scene), id=LATE, fresh_until=START - HOUR))
    scene.desk.sync()
    scene.desk.do(WithdrawPage(page_id=GONE))
    scene.desk.sync()
    with closing(engine_of(office)) as engine:
        engine.fire_due()
        scene.desk.sync()
        scene.desk.do(AcknowledgePage(page_id=ANSWERED), THEO)
        scene.desk.sync()
        engine.fire_due()
    scene.desk.sync()
    scene.client.rehearses = True
    found = [scene.desk.get(Page, id_).state for id_ in (BEGUN, ANSWERED, LATE, GONE)]
    assert [state.value for state in found] == STATES
    return scene


def put_young_page(scene: Scene) -> Scene:
    """The scene with a page that nothing has led, nor will."""
    scene.client.rehearses = False
    _ask(scene, replace(page(scene), id=YOUNG))
    scene.desk.sync()
    scene.client.rehearses = True
    return scene


def engine_of(office: Office) -> PagingEngine:
    """What leads the pages of an office."""
    if not isinstance(office, Team):
        return PagingSqlite(office.path, office.clock)
    access = office.databases.access
    settings = team_settings(access, office.database, "postgres")
    return PagingPostgres(settings, lambda: Secret(access.password))


def _ask(scene: Scene, asked: Page) -> None:
    decision = scene.insert("PagePeople", asked)
    assert decision.outcome is Outcome.APPLIED, decision


def page(scene: Scene) -> Page:
    """A page for Theo about an incident that is worked on, asked for by Dana."""
    return Page(
        id=uuid4(),
        incident_id=scene.working,
        to_person_ids=(THEO,),
        reason="It burns",
        opened_by_id=DANA,
        opened_at=START,
    )


def team_page(scene: Scene) -> Page:
    """A page for the network team."""
    return replace(page(scene), to_person_ids=(), to_team_id=NETWORK)


def begun(scene: Scene) -> Page:
    """The page that is under way."""
    return scene.desk.get(Page, BEGUN)


def place(scene: Scene) -> PageRecipient:
    """Theo's place in the page that is under way."""
    found = there(scene, PageRecipient, page_id=BEGUN)
    assert isinstance(found, PageRecipient)
    return found


def forged_place(scene: Scene) -> PageRecipient:
    """A place in that page that nobody gave."""
    return PageRecipient(
        id=uuid4(),
        incident_id=scene.working,
        page_id=BEGUN,
        person_id=DANA,
        round=0,
        position=0,
        called_as=CalledAs.PERSON,
        called_at=START,
    )
