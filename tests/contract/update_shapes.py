"""Values about status updates and status pages that another desk could not read."""

from builders import CLEO, DANA
from contract import update_scene as scene_of
from contract.on_call_scene import there
from contract.on_call_shapes import Sample, shapes_of

from services.communications.status_page import (
    CommunicationPlan,
    Outlet,
    StatusComponent,
    StatusPage,
)
from services.communications.status_update import StatusUpdate, UpdateTemplate
from services.core.records import Record

OFF = {"is_active": 7}

SAMPLES: dict[type[Record], Sample] = {
    StatusUpdate: Sample("DraftUpdate", "ChangeDraft", DANA, scene_of.update,
        {"summary": "x" * 1_001}, {"phase": "later"},
        lambda s: there(s, StatusUpdate, id=scene_of.DRAFTED)),
    StatusPage: Sample("AddStatusPage", "ChangeStatusPage", CLEO, scene_of.status_page,
        {"name": "x" * 121}, {"audience": "all"}, lambda s: there(s, StatusPage), changed=OFF),
    StatusComponent: Sample("AddComponent", "ChangeComponent", CLEO, scene_of.component,
        {"remote_ids": "x" * 20_001}, {"position": 2**31}, lambda s: there(s, StatusComponent)),
    Outlet: Sample("AddOutlet", "ChangeOutlet", CLEO, scene_of.outlet,
        {"address": "x" * 1_001}, {"is_subscriber": 7}, lambda s: there(s, Outlet)),
    CommunicationPlan: Sample("SetCommunicationPlan", "SetCommunicationPlan", CLEO, scene_of.plan,
        {}, {"severity": "SEV9"}, lambda s: there(s, CommunicationPlan), changed=OFF),
    UpdateTemplate: Sample("AddUpdateTemplate", "ChangeUpdateTemplate", CLEO, scene_of.template,
        {"subject": "x" * 1_001}, {"moment": "later"}, lambda s: there(s, UpdateTemplate),
        changed=OFF),
}  # fmt: skip

UPDATE_SHAPES = tuple(shapes_of(SAMPLES))
