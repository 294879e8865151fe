"""Values about rosters, contacts and messages that another desk could not read."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from builders import ADAM, DANA, MONA, TARA, THEO
from contract import on_call_scene as scene_of
from contract import page_scene
from contract.on_call_scene import NETWORK_POLICY, PHONE, there
from contract.scene import Scene
from contract.shapes import Shape
from rota_world import NETWORK_ROTA, NETWORK_TURNS

from services.core.records import Record
from services.on_call.policy import EscalationPolicy, EscalationStep, PolicyHours
from services.on_call.roster import (
    HandoverNote,
    Holiday,
    OnCallShift,
    Override,
    Roster,
    Rotation,
    ShiftSwap,
    TimeOff,
)
from services.paging.destination import Destination
from services.paging.page import Delivery, Page, PageRecipient
from services.people.contact import ContactMethod, NotificationRule
from services.sync.shared import Decision


@dataclass(frozen=True)
class Sample:
    """How a kind of record is inserted and changed, by whom, and what spoils a value of it."""

    insert: str
    change: str
    who: UUID
    sound: Callable[[Scene], Record]
    text: Mapping[str, Any]
    value: Mapping[str, Any]
    present: Callable[[Scene], Record] | None = None
    beside: Mapping[str, Any] | None = None
    """What a change has to bring as well so that nothing else stops it."""
    fixed: frozenset[str] = frozenset()
    """Of the spoilt columns those that no change may touch, spoilt or not."""
    changed: Mapping[str, Any] | None = None
    """What spoils a value of a change, where it is not what spoils a new one."""


REASON = frozenset({"reason"})
NEVER = 2**62
"""Microseconds until a year that no calendar knows."""

SAMPLES: dict[type[Record], Sample] = {
    ContactMethod: Sample("AddContactMethod", "ChangeContactMethod", THEO, scene_of.contact,
        {"name": "x" * 121}, {"kind": "pigeon"}, lambda s: there(s, ContactMethod, id=PHONE),
        {"verified_at": None}),
    NotificationRule: Sample("SetNotificationRules", "SetNotificationRules", THEO, scene_of.rule,
        {}, {"delay_s": 2**31}, lambda s: there(s, NotificationRule)),
    Destination: Sample("AddDestination", "ChangeDestination", ADAM, scene_of.destination,
        {"options": "x" * 20_001}, {"kind": "fax"}, lambda s: there(s, Destination)),
    Roster: Sample("AddRoster", "ChangeRoster", MONA, scene_of.roster,
        {"time_zone": "x" * 121}, {"planned_at": NEVER},
        lambda s: there(s, Roster, id=NETWORK_ROTA)),
    Rotation: Sample("AddRotation", "ChangeRotation", MONA, scene_of.rotation,
        {"restriction": "x" * 1_001}, {"person_ids": "Theo"},
        lambda s: there(s, Rotation, id=NETWORK_TURNS)),
    Holiday: Sample("AddHoliday", "AddHoliday", MONA, scene_of.holiday,
        {"name": "x" * 121}, {"is_active": "yes"}, lambda s: there(s, Holiday)),
    Override: Sample("AddOverride", "CancelOverride", TARA, scene_of.exception,
        {"reason": "x" * 20_001}, {"is_cancelled": 7},
        lambda s: there(s, Override, created_by_id=TARA), fixed=REASON),
    ShiftSwap: Sample("OfferSwap", "WithdrawSwap", TARA, scene_of.offer,
        {"reason": "x" * 20_001}, {"answered_at": NEVER},
        lambda s: there(s, ShiftSwap, id=scene_of.OFFER), {"state": "withdrawn"}, REASON),
    TimeOff: Sample("RecordTimeOff", "CancelTimeOff", THEO, scene_of.off,
        {"reason": "x" * 20_001}, {"ends_at": NEVER}, lambda s: there(s, TimeOff),
        fixed=REASON, changed={"is_cancelled": 7}),
    HandoverNote: Sample("WriteHandoverNote", "", THEO, scene_of.note,
        {"text": "x" * 20_101}, {"handover_at": NEVER}),
    OnCallShift: Sample("AddOverride", "AddOverride", TARA, scene_of.shift,
        {"zone_version": "x" * 121}, {"ends_at": NEVER}, scene_of.shift_to_come),
    EscalationPolicy: Sample("AddPolicy", "ChangePolicy", MONA, scene_of.policy,
        {"business_hours": "x" * 1_001}, {"repeat_count": 2**31},
        lambda s: there(s, EscalationPolicy, id=NETWORK_POLICY)),
    EscalationStep: Sample("SetPolicySteps", "SetPolicySteps", MONA, scene_of.step,
        {}, {"taken": "sometimes"}, lambda s: there(s, EscalationStep, position=0)),
    PolicyHours: Sample("ExtendPolicyHours", "ExtendPolicyHours", ADAM, scene_of.hours,
        {}, {"starts_at": NEVER}, lambda s: there(s, PolicyHours)),
    Delivery: Sample("SendTest", "", THEO, scene_of.message,
        {"text": "x" * 20_101}, {"due_at": NEVER}),
    Page: Sample("PagePeople", "ResolveIncident", DANA, page_scene.page,
        {"end_remark": "x" * 20_001}, {"opened_at": NEVER}, lambda s: page_scene.begun(s),
        changed={"ended_at": -NEVER}),
    PageRecipient: Sample("", "DeclinePage", THEO, page_scene.place,
        {}, {"answer": "maybe"}, lambda s: page_scene.place(s)),
}  # fmt: skip
"""A handover note and a message can only be inserted, and whom a page calls only answers."""


@dataclass(frozen=True)
class SampledShape(Shape):
    """A sound row change with one spoilt value, as its sample says."""

    sample: Sample

    def try_(self, scene: Scene) -> Decision:
        """The answer to it."""
        sample = self.sample
        if self.is_insert:
            given = dict(self.columns)
            return scene.insert(sample.insert, sample.sound(scene), sample.who, **given)
        assert sample.present is not None, "there is nothing to change"
        row = sample.present(scene)
        columns = {**dict(self.columns), **(sample.beside or {})}
        op = (self.record.TABLE, str(row.id), row.version, columns)
        return scene.client.submit(sample.change, [op], sample.who)


def shapes_of(samples: Mapping[type[Record], Sample]) -> Iterator[SampledShape]:
    """Every spoilt value of these samples."""
    for record, sample in samples.items():
        for is_insert in (True, False):
            if not (sample.insert if is_insert else sample.change):
                continue
            spoilt = sample.value if is_insert else sample.changed or sample.value
            nul = dict.fromkeys(sample.text, "a\x00")
            for columns, code in (
                (sample.text, "invalid-text"),
                (nul, "invalid-text"),
                (spoilt, "invalid-value"),
            ):
                if columns and (is_insert or not sample.fixed & set(columns)):
                    yield SampledShape(record, is_insert, tuple(columns.items()), code, sample)


ON_CALL_SHAPES = tuple(shapes_of(SAMPLES))
