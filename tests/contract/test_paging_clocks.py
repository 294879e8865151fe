"""Wrong clocks, clocks that jump, and two hours without any dispatcher: nothing is lost or late."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from builders import DANA, IMRAN, TARA, THEO, VENDOR, VERA, Desk
from contract.dispatching import Sending, reached_through
from paging_world import PUSH, STEP_S, PagingWorld, page_of_vendor, paging_on_server
from postgres_server import DatabasesForTests
from providers.webhook_server import PATH, WebhookServer
from team import Team, team_at

from services.core.clock import ManualClock, SystemClock
from services.core.ids import derived_id, new_id
from services.core.records import Record
from services.on_call.policy import EscalationPolicy, EscalationStep
from services.paging import acts
from services.paging.destination import ProviderKind
from services.paging.engine import LEASE_S, Claimed
from services.paging.page import Delivery, DeliveryAttempt, Outcome, Page, PageState
from services.paging.statements import FAR_S
from services.people.contact import ContactKind, ContactMethod
from services.people.person import Person
from services.sync.desk_clock import DeskClock

HOURS_WRONG = (-26, 26)


@pytest.fixture
def team(tmp_path: Path, databases: DatabasesForTests) -> Iterator[Team]:
    with team_at(tmp_path, databases) as team:
        yield team


# -- wrong clocks ---------------------------------------------------------------------------


class Watch:
    """A machine's clock that is wrong by some hours; time passes on it as everywhere."""

    def __init__(self, clock: ManualClock, hours: int) -> None:
        self._clock = clock
        self._error = timedelta(hours=hours)

    def now(self) -> datetime:
        return self._clock.now() + self._error

    def advance(self, step: timedelta) -> None:
        self._clock.advance(step)


def desk_with_wrong_clock(team: Team, hours: int) -> Desk:
    right = team.clock
    wrong: Any = Watch(right, hours)
    team.clock = wrong
    try:
        return team.desk()
    finally:
        team.clock = right


def paged_from(world: PagingWorld, desk: Desk, reported_at: datetime) -> Page:
    """A page asked for on this desk, after its first step was taken."""
    page_id = new_id(world.office.clock.now())
    incident_id = desk.start(desk.log(reported_at=reported_at))
    command = acts.PagePeople(
        page_id=page_id, incident_id=incident_id, person_ids=(VERA,), reason="It burns", hold_s=5
    )
    desk.do(command)
    world.after(6)
    return world.read(page_id)


@pytest.mark.parametrize("hours", HOURS_WRONG)
def test_a_desk_with_a_wrong_clock_changes_no_moment(team: Team, hours: int) -> None:
    with paging_on_server(team) as world:
        desk = desk_with_wrong_clock(team, hours)
        page = paged_from(world, desk, world.office.clock.now())
        now = world.office.clock.now()
        assert (page.state, page.started_at) == (PageState.OPEN, now)
        assert page.due_at == now + timedelta(seconds=STEP_S)
        assert world.send() == ["Vera push"]
        desk.sync()
        desk.do(acts.SnoozePage(page_id=page.id, snooze_s=600), VERA)
        world.after(1)
        snoozed = world.read(page.id)
        assert snoozed.reopens_at == world.office.clock.now() + timedelta(seconds=600)
        world.after(599)
        assert world.send() == []
        world.after(1)
        assert world.send() == ["Vera push"]


def test_a_desk_that_did_not_learn_the_time_is_found(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(DeskClock, "learn", lambda *_: timedelta())
    with paging_on_server(team) as world:
        desk = desk_with_wrong_clock(team, -26)
        page = paged_from(world, desk, desk.clock.now())
        assert page.state is PageState.HELD


def test_a_dispatcher_never_asks_its_own_clock(
    team: Team, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with (
        WebhookServer() as server,
        reached_through(monkeypatch, ProviderKind.WEBHOOK, server.url + PATH),
        paging_on_server(team) as world,
    ):
        page_id = world.page()
        now = world.office.clock.now()

        def asked(_: SystemClock) -> datetime:
            raise AssertionError("the machine's clock was asked")

        with monkeypatch.context() as patched:
            patched.setattr(SystemClock, "now", asked)
            sending = Sending(world, tmp_path)
            assert sending.after(0) == 1
        (event,) = server.events.values()
        assert datetime.fromisoformat(str(event["timestamp"])) == now
        assert world.read(page_id).due_at == now + timedelta(seconds=STEP_S)


# -- a clock that jumps ----------------------------------------------------------------------


def claimed_all(world: PagingWorld) -> list[Claimed]:
    """Everything that may be sent now, sent."""
    found = []
    while claimed := world.engine.claim("any", ""):
        found.append(claimed)
        assert world.engine.finish(claimed, Outcome.DELIVERED)
    return found


def test_a_clock_that_jumps_ahead_bursts_nothing(world: PagingWorld) -> None:
    pages = [world.page() for _ in range(8)]
    world.after(0)
    world.send()
    world.after(26 * 3_600)
    (told,) = claimed_all(world)
    assert (told.person_name, told.page_id, len(told.bundled)) == ("Vera", pages[-1], 7)
    for _ in range(90):
        world.after(10)
        claimed_all(world)
    world.desk.sync()
    ways = {d.id: d.contact_method_id for d in world.desk.find(Delivery)}
    text_messages = [
        (ways[a.delivery_id], a.started_at)
        for a in world.desk.find(DeliveryAttempt)
        if world.desk.get(ContactMethod, ways[a.delivery_id]).kind is ContactKind.SMS  # type: ignore[arg-type]
    ]
    assert text_messages
    for way, at in text_messages:
        within = [t for w, t in text_messages if w == way and at - timedelta(seconds=60) < t <= at]
        assert len(within) == 1, "more than one text message in a minute"


def test_a_clock_set_back_strands_nothing(world: PagingWorld) -> None:
    page_id = world.page()
    world.after(0)
    frozen = world.engine.claim("frozen", "")
    assert frozen is not None
    world.after(-3 * 3_600)
    page = world.read(page_id)
    assert page.position == 1, "the next step waits for three hours"
    assert world.send() == ["Vera push"]
    assert page.due_at == world.office.clock.now() + timedelta(seconds=STEP_S)
    assert not world.engine.finish(frozen, Outcome.DELIVERED)
    assert {a.kind for a in world.engine.audit()} == set()


def test_a_lease_from_the_future_is_over(world: PagingWorld) -> None:
    incident_id = world.desk.start(world.desk.log())
    page_id = new_id(world.office.clock.now())
    command = acts.PagePeople(
        page_id=page_id, incident_id=incident_id, person_ids=(VERA,), reason="It burns"
    )
    world.page(command)
    world.after(0)
    frozen = world.engine.claim("frozen", "")
    assert frozen is not None
    world.office.clock.advance(timedelta(seconds=-(FAR_S // 2)))
    assert world.engine.claim("heir", "") is None, "a little is not set back"
    world.office.clock.advance(timedelta(seconds=-FAR_S))
    heir = world.engine.claim("heir", "")
    assert heir is not None
    assert heir.delivery_id == frozen.delivery_id
    assert heir.may_repeat
    world.office.clock.advance(timedelta(seconds=LEASE_S + 1))


# -- nobody leads for hours ------------------------------------------------------------------

PEOPLE, INCIDENTS = 25, 20
RESOLVED, ACKNOWLEDGED = 8, 6
LEFT = INCIDENTS - RESOLVED - ACKNOWLEDGED


def people() -> list[UUID]:
    return [derived_id("backlog", number) for number in range(PEOPLE)]


def reachable(id_: UUID) -> list[Record]:
    way = ContactMethod(
        id=derived_id(id_, "push"), person_id=id_, kind=ContactKind.PUSH, destination_id=PUSH,
        address=f"push-{id_}", verified_at=datetime.fromisoformat("2026-01-01T00:00:00+00:00"),
    )  # fmt: skip
    return [Person(id=id_, name=f"P{id_}", login=None, email=""), way]


@pytest.mark.timeout(180)
def test_after_an_outage_only_what_still_burns_is_told_newest_first(world: PagingWorld) -> None:
    desk, clock = world.desk, world.office.clock
    world.put([record for id_ in people() for record in reachable(id_)])
    incidents = [desk.start(desk.log()) for _ in range(INCIDENTS)]
    pages = []
    for incident_id in incidents:
        clock.advance(timedelta(seconds=2))
        pages += [
            Page(
                id=new_id(clock.now()), incident_id=incident_id, to_person_ids=(person,),
                opened_by_id=DANA, opened_at=clock.now(),
                fresh_until=clock.now() + timedelta(minutes=10),
            )
            for person in people()
        ]  # fmt: skip
    world.put(pages)
    desk.sync()
    began = clock.now()
    for incident_id in incidents[:RESOLVED]:
        desk.resolve(incident_id)
    answered = set(incidents[RESOLVED : RESOLVED + ACKNOWLEDGED])
    for page in pages:
        if page.incident_id in answered:
            desk.give(acts.AcknowledgePage(page_id=page.id), THEO)
            desk.replica.push()
    desk.sync()
    assert not desk.replica.pending()
    assert clock.now() - began > timedelta(hours=2), "no long outage"
    while world.engine.fire_due().fired:
        pass
    told = claimed_all(world)
    assert len(told) == PEOPLE
    assert len({claimed.address for claimed in told}) == PEOPLE
    newest = incidents[-1]
    assert {claimed.incident_id for claimed in told} == {newest}
    numbers = {desk.incident(id_).number for id_ in incidents[-LEFT:-1]}
    assert all(set(claimed.bundled) == numbers for claimed in told)
    assert claimed_all(world) == []


# -- what random histories found -------------------------------------------------------------


def everyone(world: PagingWorld, *steps: tuple[UUID, ...]) -> UUID:
    """A page that everybody is to acknowledge, after its first step was taken."""
    policy = derived_id("everyone")
    world.put([
        EscalationPolicy(
            id=policy, name="Everyone", team_id=VENDOR, is_everyone=True, repeat_count=0
        ),
        *(
            EscalationStep(id=derived_id(policy, n), policy_id=policy, position=n, person_ids=who)
            for n, who in enumerate(steps)
        ),
    ])  # fmt: skip
    world.desk.sync()
    return page_of_vendor(world)


def test_a_page_that_found_no_dispatcher_is_sent_when_one_comes(world: PagingWorld) -> None:
    page_id = world.page()
    world.after(2 * 3_600)
    assert world.send() == ["Theo push"]
    assert world.read(page_id).state is PageState.OPEN


def test_a_page_for_everyone_goes_on_past_whom_nobody_can_reach(world: PagingWorld) -> None:
    page_id = everyone(world, (TARA, VERA))
    world.desk.do(acts.AcknowledgePage(page_id=page_id), TARA)
    for _ in range(2):
        while claimed := world.engine.claim("any", ""):
            world.engine.finish(claimed, Outcome.REFUSED)
        world.engine.fire_due()
    page = world.read(page_id)
    assert page.is_catch_all, "the same refused number is called on and on"
    assert page.round == 1


def test_a_page_for_everyone_ends_in_one_answer_of_the_catch_all(world: PagingWorld) -> None:
    page_id = everyone(world, (THEO,), (VERA,))
    world.send()
    world.after(STEP_S)
    world.send()
    world.desk.sync()
    world.desk.do(acts.AcknowledgePage(page_id=page_id), VERA)
    world.after(STEP_S)
    assert world.send() == ["Imran push"]
    world.desk.sync()
    world.desk.do(acts.AcknowledgePage(page_id=page_id), IMRAN)
    assert world.read(page_id).state is PageState.ACKNOWLEDGED


def test_the_catch_all_is_called_again_after_it_answered_and_gave_up(world: PagingWorld) -> None:
    incident_id = world.desk.start(world.desk.log())
    page_id = new_id(world.office.clock.now())
    command = acts.PagePeople(
        page_id=page_id, incident_id=incident_id, person_ids=(IMRAN,), reason="It burns"
    )
    world.page(command)
    world.after(0)
    assert world.send() == ["Imran push"]
    world.desk.sync()
    world.desk.do(acts.AcknowledgePage(page_id=page_id), IMRAN)
    world.desk.do(acts.EscalatePage(page_id=page_id), IMRAN)
    world.after(0)
    assert world.read(page_id).is_catch_all
    assert world.send() == ["Imran push"]


def test_what_a_bundle_lets_go_of_is_judged_again(world: PagingWorld) -> None:
    pages = [world.page() for _ in range(4)]
    world.after(0)
    bundle = world.engine.claim("any", "")
    assert bundle is not None
    assert len(bundle.bundled) == 3
    assert world.engine.finish(bundle, Outcome.REFUSED)
    for page_id in pages[:-1]:
        world.desk.resolve(world.read(page_id).incident_id)
    world.desk.sync()
    claimed = world.engine.claim("any", "")
    assert claimed is None or claimed.page_id == pages[-1]
