"""From a word that is sent on a desk to the page that customers read."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from builders import ADAM, office_at
from contract.dispatching import Sending, reached_through
from paging_world import PUSH, paging_in_file
from update_world import PUBLIC, STAFF, UpdateWorld, pages

from services.communications.static_page import INDEX, SUMMARY
from services.communications.status_page import Outlet
from services.core.ids import derived_id, new_id
from services.major_incidents.major import ResponsePhase
from services.paging.destination import ProviderKind
from services.paging.notice_commands import SendTest
from services.paging.page import DeliveryState

HOLD_S = 60
"""Longer than a sender has to think again."""


@dataclass
class Site:
    """The world, who sends there, and the folder that readers see."""

    updates: UpdateWorld
    sending: Sending
    folder: Path

    def tell(self, summary: str, phase: ResponsePhase) -> Any:
        """One more word for customers."""
        update_id = self.updates.draft(PUBLIC, summary=summary, phase=phase)
        self.updates.review(update_id)
        return self.updates.queue(update_id)

    def summary(self) -> Any:
        """What programs read there."""
        return json.loads((self.folder / SUMMARY).read_text())

    def phases(self) -> list[str]:
        """The words about the only incident, the newest first."""
        (incident,) = self.summary()["incidents"]
        return [update["status"] for update in incident["incident_updates"]]


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Site]:
    folder = tmp_path / "public"
    options = json.dumps({"target": "folder", "path": str(folder)})
    with ExitStack() as stack:
        reached = reached_through(monkeypatch, ProviderKind.STATIC_PAGE, "", options)
        stack.enter_context(reached)
        office = stack.enter_context(office_at())
        world = stack.enter_context(paging_in_file(office))
        is_of_staff = [isinstance(r, Outlet) and r.page_id == STAFF for r in pages()]
        world.put(r for r, is_left_out in zip(pages(), is_of_staff, strict=True) if not is_left_out)
        folder.mkdir()
        yield Site(UpdateWorld(world), Sending(world, tmp_path), folder)


def test_what_is_told_is_read_by_customers(site: Site) -> None:
    world = site.updates.world
    test = SendTest(delivery_id=new_id(world.office.clock.now()), destination_id=PUSH, address="")
    world.desk.do(test, ADAM)
    site.sending.after(1)
    assert "All systems operational" in (site.folder / INDEX).read_text()

    first = site.tell("We are looking into it.", ResponsePhase.INVESTIGATING)
    second = site.tell("We are putting it right.", ResponsePhase.IDENTIFIED)
    site.updates.after(HOLD_S)
    site.sending.send()
    told = {d.state for id_ in (first, second) for d in site.updates.deliveries(id_)}
    # What waits together leaves once: each publication is of all that there is to tell.
    assert told == {DeliveryState.SUPERSEDED, DeliveryState.DELIVERED}
    found = site.summary()
    assert site.phases() == ["identified", "investigating"]
    assert found["components"][0]["status"] == "major_outage"
    assert "We are putting it right." in (site.folder / INDEX).read_text()

    away = site.folder.rename(site.folder.with_name("away"))
    third = site.tell("We watch it.", ResponsePhase.MONITORING)
    site.updates.after(HOLD_S)
    site.sending.send()
    (waiting,) = site.updates.deliveries(third)
    assert (waiting.state, waiting.reason) == (DeliveryState.WAITING, "the folder is not there")
    away.rename(site.folder)
    site.sending.after(600)
    assert site.updates.deliveries(third)[0].state is DeliveryState.DELIVERED
    assert site.phases() == ["monitoring", "identified", "investigating"]


def test_a_page_to_people_and_a_place_of_two_pages_are_refused(site: Site) -> None:
    world = site.updates.world
    page_id = world.page()
    world.after(0)
    site.sending.send()
    called = [d for d in site.sending.deliveries() if d.page_id == page_id and d.attempt_count]
    why = "the message could not be made: the provider has no word for it"
    assert {(d.state, d.reason) for d in called} == {(DeliveryState.REFUSED, why)}

    world.put([Outlet(id=derived_id("outlet", 9), page_id=STAFF, destination_id=PUSH)])
    first = site.tell("We are looking into it.", ResponsePhase.INVESTIGATING)
    site.updates.after(HOLD_S)
    site.sending.send()
    (waiting,) = site.updates.deliveries(first)
    assert waiting.reason == "Several status pages would be published to one place: Public, Staff."
    assert list(site.folder.iterdir()) == []
