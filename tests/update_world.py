"""Status pages in the paging world: one for staff and one for customers, and where they go."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from builders import CLEO, DANA, IMRAN, START
from paging_world import PUSH, SMS_ACCOUNT, PagingWorld

from services.communications.acts import AskForReview, DraftUpdate, ReviewUpdate, SendUpdate
from services.communications.status_page import Audience, Outlet, StatusComponent, StatusPage
from services.communications.status_update import StatusUpdate, UpdateMoment, UpdateState
from services.core.ids import derived_id, new_id
from services.core.records import Record
from services.incidents.acts import DescribeIncident
from services.incidents.priority import Severity
from services.major_incidents.major import (
    ChannelKind,
    MajorIncident,
    MajorState,
    ResponseChannel,
)
from services.paging.page import Delivery, DeliveryKind, DeliveryState

STAFF, PUBLIC = derived_id("page", "staff"), derived_id("page", "public")
SHOP = derived_id("component", "shop")


def pages() -> list[Record]:
    """Staff are told in a room and, if they are to be notified, by a list; customers on a page."""
    return [
        StatusPage(id=STAFF, name="Staff", audience=Audience.INTERNAL),
        StatusPage(
            id=PUBLIC, name="Public", audience=Audience.EXTERNAL, address="https://status.example",
            is_review_required=True,
        ),
        StatusComponent(
            id=SHOP, page_id=PUBLIC, name="Shop", remote_ids=f'{{"{PUSH}": "c1"}}'
        ),
        Outlet(id=derived_id("outlet", 1), page_id=STAFF, destination_id=PUSH, address="room"),
        Outlet(
            id=derived_id("outlet", 2), page_id=STAFF, destination_id=SMS_ACCOUNT, address="list",
            is_subscriber=True,
        ),
        Outlet(id=derived_id("outlet", 3), page_id=PUBLIC, destination_id=PUSH),
    ]  # fmt: skip


def accepted(incident_id: UUID, at: datetime = START, **changed: Any) -> MajorIncident:
    """A major incident that was accepted."""
    major = MajorIncident(
        id=derived_id("major", incident_id),
        incident_id=incident_id,
        state=MajorState.ACCEPTED,
        proposed_by_id=DANA,
        proposed_at=at,
        accepted_at=at,
    )
    return replace(major, **changed)


class UpdateWorld:
    """An incident of the paging world, and updates about it."""

    def __init__(self, world: PagingWorld, **incident: Any) -> None:
        self.world, self.desk, self.engine = world, world.desk, world.engine
        self.desk.sync()
        if not self.desk.find(StatusPage):
            world.put(pages())
            self.desk.sync()
        self.incident_id = self.desk.start(self.desk.log(severity=Severity.SEV1, **incident))
        self.engine.beat("living")

    def draft(self, page_id: UUID = STAFF, **given: Any) -> UUID:
        """A draft that lacks nothing."""
        number = self.desk.incident(self.incident_id).number
        is_staff = page_id == STAFF
        command = DraftUpdate(
            update_id=new_id(self.desk.clock.now()),
            incident_id=self.incident_id,
            page_id=page_id,
            moment=UpdateMoment.FIRST,
            subject=f"INC-{number} - SEV 1 - VPN drops" if is_staff else "Issues with the shop",
            summary="We are looking into it.",
            component_states="{}" if is_staff else f'{{"{SHOP}": "major_outage"}}',
        )
        self.desk.do(replace(command, **given), IMRAN)
        return command.update_id

    def send_command(self, update_id: UUID, **given: Any) -> SendUpdate:
        """Send the words as they are now."""
        command = SendUpdate(
            update_id=update_id,
            incident_id=self.incident_id,
            is_notifying=False,
            seen_written_at=self.read(update_id).written_at,
        )
        return replace(command, **given)

    def queue(self, update_id: UUID, **given: Any) -> UUID:
        """An update on its way."""
        self.desk.do(self.send_command(update_id, **given), IMRAN)
        return update_id

    def review(self, update_id: UUID, who: UUID = CLEO, *, is_passed: bool = True) -> None:
        """Asked for and given."""
        seen = self.read(update_id).written_at
        named = {"update_id": update_id, "incident_id": self.incident_id, "seen_written_at": seen}
        self.desk.do(AskForReview(**named), IMRAN)
        self.desk.do(ReviewUpdate(is_passed=is_passed, **named), who)

    def read(self, update_id: UUID) -> StatusUpdate:
        """The update as a desk has it."""
        self.desk.sync()
        return self.desk.get(StatusUpdate, update_id)

    def state(self, update_id: UUID) -> UpdateState:
        """How far it is."""
        return self.read(update_id).state

    def after(self, seconds: float) -> None:
        """Let time pass while a dispatcher lives, and fire what is due."""
        self.world.office.clock.advance(timedelta(seconds=seconds))
        self.engine.beat("living")
        self.engine.fire_due()

    def deliveries(self, update_id: UUID) -> list[Delivery]:
        """What leaves of an update."""
        self.desk.sync()
        found = self.desk.find(Delivery, subject_id=update_id, kind=DeliveryKind.UPDATE)
        return sorted(found, key=lambda delivery: delivery.address)

    def room(self, wanted: str) -> None:
        """From now on it is about an incident whose response has a chat room like this."""
        self.incident_id = self.desk.start(self.desk.log())  # one that no rule proposes
        now, major = self.desk.clock.now(), accepted(self.incident_id)
        room = ResponseChannel(
            id=new_id(now),
            major_id=major.id,
            incident_id=self.incident_id,
            kind=ChannelKind.CHAT,
            name="inc-1",
            destination_id=PUSH,
            added_at=now,
            wanted=wanted,
        )
        self.world.put([major, room])
        self.desk.sync()

    def describe(self, summary: str) -> None:
        """Another summary of the incident, which its room follows."""
        seen = self.desk.incident(self.incident_id)
        told = DescribeIncident(
            incident_id=self.incident_id,
            summary=summary,
            description=seen.description,
            seen_summary=seen.summary,
            seen_description=seen.description,
        )
        self.desk.do(told)
        self.desk.sync()

    def send_the_rest(self) -> None:
        """End every lease and pause, and send what is left: the next test shares the places."""
        self.after(timedelta(days=1).total_seconds())  # it looks too: else nothing is claimed
        self.world.send()
        self.desk.sync()
        states = {each.state for each in self.desk.find(Delivery)}
        assert not states & {DeliveryState.WAITING, DeliveryState.SENDING, DeliveryState.UNSURE}
