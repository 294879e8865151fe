"""Major incidents in every state, and a response with all that it writes down, for attacks."""

from dataclasses import replace
from uuid import UUID, uuid4

from builders import CLEO, DANA, IMRAN, MONA, START, TARA, THEO
from contract.scene import Scene
from major_world import (
    accepted,
    commanded,
    offer,
    proposed,
    resolve_major,
    write,
)
from major_world import drill as start_drill

from services.core.ids import derived_id
from services.incidents.incident import Channel, Incident
from services.major_incidents import acts, entry_acts
from services.major_incidents.entries import (
    ChangeEvent,
    DocumentEntry,
    DocumentSection,
    EntryKind,
    ResponseEntry,
    SupportCase,
)
from services.major_incidents.major import (
    ChannelKind,
    HoldingState,
    MajorIncident,
    MajorState,
    ResponseChannel,
    ResponseRole,
    RoleHolding,
    WorkStream,
)

ROLE = ResponseRole
STREAM, CHANNEL, THEORY, NOTE, CASE, EVENT = (
    derived_id("of the response", name)
    for name in ("stream", "channel", "theory", "note", "case", "event")
)
HELD, OFFERED, DECLINED, ENDED, SUCCESSOR = (
    derived_id("holding", name) for name in ("held", "offered", "declined", "ended", "successor")
)
"""Roles of the response: Theo leads the tech, Tara was asked to, Dana declined, Cleo went; Theo is
asked to follow Imran in command."""

HOLDINGS = {
    HoldingState.HELD: HELD,
    HoldingState.OFFERED: OFFERED,
    HoldingState.DECLINED: DECLINED,
    HoldingState.ENDED: ENDED,
}


def put_majors(scene: Scene) -> Scene:
    """The scene with one major incident of each state; Imran commands the accepted one."""
    desk = scene.desk
    scene.majors = {
        MajorState.PROPOSED: proposed(desk),
        MajorState.ACCEPTED: commanded(desk),
        MajorState.REJECTED: proposed(desk),
        MajorState.DEMOTED: accepted(desk),
        MajorState.RESOLVED: commanded(desk),
        MajorState.REVIEWED: commanded(desk),
    }
    at = scene.majors
    desk.do(acts.RejectMajorIncident(incident_id=at[MajorState.REJECTED], decision="No"), MONA)
    desk.do(acts.DemoteMajorIncident(incident_id=at[MajorState.DEMOTED], decision="No"), MONA)
    for state in (MajorState.RESOLVED, MajorState.REVIEWED):
        desk.do(resolve_major(desk, at[state]), IMRAN)
    desk.do(acts.ReviewMajorIncident(incident_id=at[MajorState.REVIEWED]), MONA)
    scene.leaderless = accepted(desk)
    desk.do(start_drill(desk), IMRAN)
    _respond(scene, at[MajorState.ACCEPTED])
    return scene


def _respond(scene: Scene, id_: UUID) -> None:
    desk = scene.desk
    for holding, who in ((HELD, THEO), (OFFERED, TARA), (DECLINED, DANA), (ENDED, CLEO)):
        desk.do(offer(id_, ROLE.TECH_LEAD, who, holding_id=holding), IMRAN)
    desk.do(acts.AcceptRole(incident_id=id_, holding_id=HELD), THEO)
    desk.do(acts.DeclineRole(incident_id=id_, holding_id=DECLINED), DANA)
    desk.do(acts.AcceptRole(incident_id=id_, holding_id=ENDED), CLEO)
    desk.do(acts.EndRole(incident_id=id_, holding_id=ENDED), CLEO)
    desk.do(offer(id_, ROLE.INCIDENT_MANAGER, THEO, holding_id=SUCCESSOR), IMRAN)
    desk.do(acts.AddWorkStream(incident_id=id_, stream_id=STREAM, name="Gateway"), IMRAN)
    channel = acts.AddChannel(
        incident_id=id_, channel_id=CHANNEL, kind=ChannelKind.BRIDGE, name="Bridge", address="x"
    )
    desk.do(channel, IMRAN)
    desk.do(write(id_, "The gateway is full", EntryKind.THEORY, entry_id=THEORY), THEO)
    paragraph = entry_acts.WriteDocumentEntry(
        incident_id=id_, entry_id=NOTE, section=DocumentSection.NOTES, text="All is down"
    )
    desk.do(paragraph, DANA)
    desk.do(entry_acts.AddSupportCase(incident_id=id_, case_id=CASE, reference="C-1"), DANA)
    change = entry_acts.AddChangeEvent(
        change_event_id=EVENT, title="Router", happened_at=START, source="feed", external_key="7"
    )
    desk.do(change, DANA)


# -- records that lack nothing ----------------------------------------------------------------


def the_response(scene: Scene) -> MajorIncident:
    """The major incident that Imran commands."""
    return major_at(scene, MajorState.ACCEPTED)


def major_at(scene: Scene, state: MajorState) -> MajorIncident:
    """The major incident of the scene in this state."""
    return scene.desk.find(MajorIncident, incident_id=scene.majors[state])[0]


def manager(scene: Scene) -> RoleHolding:
    """Imran's command."""
    of = scene.majors[MajorState.ACCEPTED]
    found = scene.desk.find(RoleHolding, incident_id=of, role=ROLE.INCIDENT_MANAGER)
    return next(h for h in found if h.state is HoldingState.HELD)


def major(scene: Scene) -> MajorIncident:
    """A new proposal."""
    return MajorIncident(
        id=uuid4(), incident_id=scene.working, proposed_by_id=DANA, proposed_at=START
    )


def holding(scene: Scene) -> RoleHolding:
    """A new offer to Theo."""
    of = the_response(scene)
    return RoleHolding(
        id=uuid4(),
        major_id=of.id,
        incident_id=of.incident_id,
        role=ROLE.DEPUTY,
        person_id=THEO,
        offered_by_id=DANA,
        offered_at=START,
    )


def drill(scene: Scene) -> Incident:
    """A sound new incident that is an exercise."""
    return replace(scene.incident(), is_drill=True, channel=Channel.MONITORING, opened_by_id=IMRAN)


def the_drill(scene: Scene) -> Incident:
    """The exercise of the scene."""
    return scene.desk.find(Incident, is_drill=True)[0]


def stream(scene: Scene) -> WorkStream:
    """A new line of work."""
    of = the_response(scene)
    return WorkStream(
        id=uuid4(), major_id=of.id, incident_id=of.incident_id, name="New", started_at=START
    )


def channel(scene: Scene) -> ResponseChannel:
    """A new place to meet."""
    of = the_response(scene)
    return ResponseChannel(
        id=uuid4(),
        major_id=of.id,
        incident_id=of.incident_id,
        kind=ChannelKind.CHAT,
        name="New",
        added_at=START,
    )


def entry(scene: Scene) -> ResponseEntry:
    """A new observation of Dana's."""
    of = the_response(scene)
    return ResponseEntry(
        id=uuid4(),
        major_id=of.id,
        incident_id=of.incident_id,
        kind=EntryKind.OBSERVATION,
        text="Seen",
        happened_at=START,
        written_at=START,
        author_id=DANA,
    )


def paragraph(scene: Scene) -> DocumentEntry:
    """A new paragraph of Dana's."""
    of = the_response(scene)
    return DocumentEntry(
        id=uuid4(),
        major_id=of.id,
        incident_id=of.incident_id,
        section=DocumentSection.NOTES,
        text="New",
        written_by_id=DANA,
        written_at=START,
    )


def case(scene: Scene) -> SupportCase:
    """A new case."""
    return SupportCase(
        id=uuid4(),
        incident_id=scene.working,
        reference="C-2",
        opened_at=START,
        recorded_by_id=DANA,
    )


def event(scene: Scene) -> ChangeEvent:
    """A new change."""
    return ChangeEvent(
        id=uuid4(), title="New", happened_at=START, recorded_by_id=DANA, recorded_at=START
    )
