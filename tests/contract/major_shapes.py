"""Values about major incidents and their responses that another desk could not read."""

from builders import DANA
from contract import major_scene as scene_of
from contract.on_call_scene import there
from contract.on_call_shapes import NEVER, Sample, shapes_of

from services.core.records import Record
from services.major_incidents.entries import (
    ChangeEvent,
    DocumentEntry,
    ResponseEntry,
    SupportCase,
)
from services.major_incidents.major import (
    MajorIncident,
    ResponseChannel,
    RoleHolding,
    WorkStream,
)

SAMPLES: dict[type[Record], Sample] = {
    MajorIncident: Sample("ProposeMajorIncident", "SetPhase", DANA, scene_of.major,
        {"proposal": "x" * 20_001}, {"phase": "later"}, lambda s: scene_of.the_response(s)),
    RoleHolding: Sample("OfferRole", "EndRole", DANA, scene_of.holding,
        {"end_remark": "x" * 20_001}, {"accepted_at": NEVER},
        lambda s: there(s, RoleHolding, id=scene_of.HELD)),
    WorkStream: Sample("AddWorkStream", "EndWorkStream", DANA, scene_of.stream,
        {"name": "x" * 121}, {"ended_at": NEVER}, lambda s: there(s, WorkStream)),
    ResponseChannel: Sample("AddChannel", "ChangeChannel", DANA, scene_of.channel,
        {"access": "x" * 1_001}, {"kind": "smoke"}, lambda s: there(s, ResponseChannel)),
    ResponseEntry: Sample("WriteEntry", "ChangeEntry", DANA, scene_of.entry,
        {"evidence": "x" * 20_001}, {"until_at": NEVER}, lambda s: there(s, ResponseEntry)),
    DocumentEntry: Sample("WriteDocumentEntry", "ChangeDocumentEntry", DANA, scene_of.paragraph,
        {"text": "x" * 20_101}, {"position": 2**31}, lambda s: there(s, DocumentEntry)),
    SupportCase: Sample("AddSupportCase", "RemoveSupportCase", DANA, scene_of.case,
        {"remark": "x" * 20_001}, {"opened_at": NEVER}, lambda s: there(s, SupportCase)),
    ChangeEvent: Sample("AddChangeEvent", "RemoveChangeEvent", DANA, scene_of.event,
        {"title": "x" * 1_001}, {"product_ids": "Router"}, lambda s: there(s, ChangeEvent)),
}  # fmt: skip

MAJOR_SHAPES = tuple(shapes_of(SAMPLES))
