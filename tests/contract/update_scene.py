"""A status update in each state, and all that is set about them, for attacks on their guards."""

from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from builders import ADAM, CLEO, DANA, IMRAN, START, Office
from contract.page_scene import engine_of
from contract.scene import NOW, Scene
from major_world import commanded, resolve_major

from services.communications.acts import AskForReview, ReviewUpdate, SendHeldUpdate, WithdrawUpdate
from services.communications.settings_acts import (
    AddComponent,
    AddOutlet,
    AddStatusPage,
    AddUpdateTemplate,
    SetCommunicationPlan,
)
from services.communications.status_page import (
    Audience,
    CommunicationPlan,
    Outlet,
    StatusComponent,
    StatusPage,
)
from services.communications.status_update import (
    StatusUpdate,
    UpdateMoment,
    UpdateState,
    UpdateTemplate,
)
from services.core.clock import to_microseconds
from services.core.ids import derived_id
from services.incidents.priority import Severity
from services.major_incidents.major import MajorIncident
from services.paging.destination import ProviderKind
from services.paging.destination_commands import AddDestination
from services.sync.shared import Outcome

STAFF, PUBLIC = derived_id("status page", "staff"), derived_id("status page", "public")
SHOP, ROOM, BESIDE, MINE = (derived_id("status", n) for n in ("shop", "room", "beside", "mine"))
CHAT, SITE = derived_id("destination", "chat"), derived_id("destination", "site")
DRAFTED, ASKED, PASSED, QUEUED, HELD, SENT, GONE, TOLD = (
    derived_id("update", name)
    for name in ("drafted", "asked", "passed", "queued", "held", "sent", "gone", "told")
)
"""Dana's draft for staff; Imran's two for customers, of which Cleo has read the second; what is on
its way to staff, held, sent and withdrawn; the last word of a major incident of Imran's."""

EARLIER = to_microseconds(START - timedelta(hours=1))
ON_ITS_WAY = {
    "state": "queued", "queued_at": NOW, "message": '{"summary": "x"}', "hold_until": EARLIER,
    "fresh_until": EARLIER,
}  # fmt: skip
"""All that sending an update writes, but for the name."""

UPDATES = {
    UpdateState.DRAFT: DRAFTED,
    UpdateState.IN_REVIEW: PASSED,
    UpdateState.QUEUED: QUEUED,
    UpdateState.HELD: HELD,
    UpdateState.SENT: SENT,
    UpdateState.WITHDRAWN: GONE,
}


def put_updates(scene: Scene, office: Office) -> Scene:
    """The scene with those updates, on a page for staff and on one for customers."""
    desk = scene.desk
    for id_, kind in ((CHAT, ProviderKind.MATTERMOST), (SITE, ProviderKind.CACHET)):
        address = f"https://{kind.value}.example.com"
        desk.do(
            AddDestination(destination_id=id_, kind=kind, name=kind.value, base_url=address), ADAM
        )
    for command in (
        AddStatusPage(page_id=STAFF, name="Staff", audience=Audience.INTERNAL),
        AddStatusPage(page_id=PUBLIC, name="Public", audience=Audience.EXTERNAL),
        AddComponent(component_id=SHOP, page_id=PUBLIC, name="Shop"),
        AddOutlet(outlet_id=ROOM, page_id=STAFF, destination_id=CHAT, address="room"),
        AddOutlet(outlet_id=BESIDE, page_id=STAFF, destination_id=CHAT, address="beside"),
        AddOutlet(outlet_id=uuid4(), page_id=PUBLIC, destination_id=SITE),
        AddUpdateTemplate(template_id=MINE, name="Mine", audience=Audience.INTERNAL,
                          moment=UpdateMoment.FIRST),
        SetCommunicationPlan(severity=Severity.SEV1, audience=Audience.INTERNAL,
                             first_within_s=300, every_s=600, relaxed_after_s=7200,
                             relaxed_every_s=3600),
    ):  # fmt: skip
        desk.do(command, CLEO)
    scene.client.rehearses = False
    scene.told = commanded(desk)
    desk.do(resolve_major(desk, scene.told), IMRAN)
    _begin(scene)
    for id_ in (HELD, SENT, TOLD):
        _queue(scene, id_)
    with closing(engine_of(office)) as engine:
        engine.beat("living")
        engine.fire_due()
        desk.sync()
        desk.do(SendHeldUpdate(update_id=SENT, incident_id=scene.working), IMRAN)
        desk.do(SendHeldUpdate(update_id=TOLD, incident_id=scene.told), IMRAN)
        engine.beat("living")
        engine.fire_due()
    _queue(scene, QUEUED)
    desk.sync()
    scene.client.rehearses = True
    for state, id_ in UPDATES.items():
        assert desk.get(StatusUpdate, id_).state is state, state
    return scene


def _begin(scene: Scene) -> None:
    for id_ in (DRAFTED, QUEUED, HELD, SENT, GONE):
        _made(scene, replace(update(scene), id=id_))
    _made(scene, replace(update(scene), id=TOLD, incident_id=scene.told,
                         major_id=the_told(scene).id))  # fmt: skip
    for id_ in (ASKED, PASSED):
        _made(scene, replace(update(scene), id=id_, written_by_id=IMRAN, page_id=PUBLIC,
                             audience=Audience.EXTERNAL))  # fmt: skip
    desk = scene.desk
    desk.sync()
    desk.do(WithdrawUpdate(update_id=GONE, incident_id=scene.working))
    named: Any = {"incident_id": scene.working, "seen_written_at": START}
    for id_ in (ASKED, PASSED):
        desk.do(AskForReview(update_id=id_, **named), IMRAN)
    desk.do(ReviewUpdate(update_id=PASSED, is_passed=True, **named), CLEO)


def _made(scene: Scene, new: StatusUpdate) -> None:
    decision = scene.insert("DraftUpdate", new, new.written_by_id)
    assert decision.outcome is Outcome.APPLIED, decision


def _queue(scene: Scene, id_: UUID) -> None:
    """Words on their way, by a desk whose clock is behind by hours."""
    row = scene.desk.get(StatusUpdate, id_)
    columns = {**ON_ITS_WAY, "queued_by_id": str(IMRAN)}
    op = (row.TABLE, str(id_), row.version, columns)
    decision = scene.client.submit("SendUpdate", [op], IMRAN)
    assert decision.outcome is Outcome.APPLIED, decision


def the_told(scene: Scene) -> MajorIncident:
    """The major incident whose end was told."""
    return scene.desk.find(MajorIncident, incident_id=scene.told)[0]


def update(scene: Scene) -> StatusUpdate:
    """A sound draft of Dana's for staff."""
    return StatusUpdate(
        id=uuid4(),
        incident_id=scene.working,
        page_id=STAFF,
        audience=Audience.INTERNAL,
        moment=UpdateMoment.FIRST,
        subject="x",
        summary="x",
        written_by_id=DANA,
        written_at=START,
    )


def status_page(scene: Scene) -> StatusPage:
    """One more page."""
    return StatusPage(id=uuid4(), name="New", audience=Audience.INTERNAL)


def component(scene: Scene) -> StatusComponent:
    """One more component."""
    return StatusComponent(id=uuid4(), page_id=PUBLIC, name="New")


def outlet(scene: Scene) -> Outlet:
    """One more outlet."""
    return Outlet(id=uuid4(), page_id=STAFF, destination_id=CHAT, address="elsewhere")


def plan(scene: Scene) -> CommunicationPlan:
    """A plan for another severity."""
    return CommunicationPlan(
        id=uuid4(),
        severity=Severity.SEV3,
        audience=Audience.EXTERNAL,
        every_s=600,
        relaxed_every_s=3600,
    )


def template(scene: Scene) -> UpdateTemplate:
    """One more template."""
    return UpdateTemplate(
        id=uuid4(), name="New", audience=Audience.INTERNAL, moment=UpdateMoment.FINAL
    )
