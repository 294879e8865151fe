"""What a desk reads of pages: strip, audit, one's own, the held, and who would be woken."""

from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from builders import DANA, IMRAN, NETWORK, THEO, VENDOR, VERA, escalate_command
from paging_world import STEP_S, PagingWorld

from services.core.database import connect, reading_engine
from services.core.ids import new_id
from services.incidents.acts import UndoAct
from services.incidents.detail import incident_detail
from services.incidents.read_models import IncidentDetail, TimelineKind, Viewer
from services.incidents.reference import directory
from services.paging import acts
from services.paging.ahead import cover_of
from services.paging.page import Outcome, PageState
from services.paging.queries import (
    COVER_AHEAD,
    book_at,
    called_at,
    held_pages,
    own_pages,
    pages_of_incident,
    pages_to_incidents,
    paging_here,
)
from services.paging.read_models import Cover, PageItem, PagingHere, Tone


def reading(world: PagingWorld) -> sa.Engine:
    world.desk.sync()
    return reading_engine(world.desk.folder / "cache.db")


def item(world: PagingWorld, page_id: UUID, who: UUID = DANA) -> PageItem:
    """The page as the record of this person shows it."""
    engine = reading(world)
    with engine.connect() as connection:
        incident_id = pages_to_incidents(connection, [page_id])[page_id]
        names = directory(connection)
        now = world.office.clock.now()
        (found,) = pages_of_incident(connection, names, who, incident_id, now)
    engine.dispose()
    return found


def own(world: PagingWorld, who: UUID) -> list[tuple[UUID, bool]]:
    engine = reading_engine(world.desk.folder / "cache.db")
    with engine.connect() as connection:
        found = own_pages(connection, directory(connection), who)
    engine.dispose()
    return [(page.page_id, page.is_answering) for page in found]


def cover(world: PagingWorld, team_id: UUID = NETWORK, **given: int | None) -> Cover:
    engine, now = reading(world), world.office.clock.now()
    given = {"severity": None, "priority": 2, **given}
    with engine.connect() as connection:
        book = book_at(connection, now, now + COVER_AHEAD)
        found = cover_of(book, directory(connection), team_id, now, **given)
    engine.dispose()
    return found


def timeline(world: PagingWorld, page_id: UUID) -> list[str]:
    """The sentences about pages, oldest first."""
    engine = reading(world)
    with engine.connect() as connection:
        id_ = pages_to_incidents(connection, [page_id])[page_id]
        names = directory(connection)
        called = called_at(connection, names, id_)
        detail = incident_detail(connection, names, Viewer(DANA), id_, called)
    engine.dispose()
    assert isinstance(detail, IncidentDetail)
    entries = [e for e in detail.timeline if e.kind is TimelineKind.PAGING]
    return [f"{entry.actor} {entry.sentence}" for entry in reversed(entries)]


def test_the_record_says_who_is_called_and_who_comes_next(world: PagingWorld) -> None:
    page_id = world.page()
    before = item(world, page_id)
    assert (before.step, before.called, before.after) == (0, (), ())
    world.after(0)
    first = item(world, page_id)
    assert (first.step, first.step_count, first.called) == (1, 2, ("Theo",))
    assert first.after == ("Vera",)
    assert first.target == "Network"
    world.after(STEP_S)
    assert item(world, page_id).after == ("Theo",)  # once more, by the policy
    world.after(STEP_S)
    world.after(STEP_S)
    assert item(world, page_id).after == ("the major incident manager",)
    world.after(STEP_S)
    last = item(world, page_id)
    assert last.page.is_catch_all
    assert (last.called, last.after) == (("Imran",), ())


def test_the_audit_tells_every_try_in_order(world: PagingWorld) -> None:
    page_id = world.page()
    world.after(0)
    world.send(Outcome.UNSURE, reason="cut off after the request", retry_after_s=20)
    world.after(20)
    world.send(Outcome.DELIVERED)
    world.after(100)
    world.send(Outcome.REFUSED, reason="21211 not a number")
    world.desk.sync()
    world.desk.do(acts.DeclinePage(page_id=page_id), THEO)
    world.after(0)
    world.send()
    world.desk.sync()
    world.desk.do(acts.AcknowledgePage(page_id=page_id), VERA)
    audit = item(world, page_id).audit
    assert [(line.text, line.detail, line.tone, line.is_part) for line in audit] == [
        ("Dana paged Network", "", Tone.PLAIN, False),
        ("Step 1 of 2: Theo (Network) called", "", Tone.PLAIN, False),
        (
            f"Theo, push-{THEO} by Push: unsure: it may have arrived, and is sent again",
            "cut off after the request",
            Tone.DOUBTFUL,
            True,
        ),
        (f"Theo, push-{THEO} by Push, try 2: delivered, may be a repeat", "", Tone.GOOD, True),
        (f"Theo, sms-{THEO} by SMS: refused", "21211 not a number", Tone.BAD, True),
        ("Theo cannot, next please", "", Tone.DOUBTFUL, False),
        ("Step 2 of 2: Vera called", "", Tone.PLAIN, False),
        (f"Vera, push-{VERA} by Push: delivered", "", Tone.GOOD, True),
        ("Vera acknowledged the page", "", Tone.GOOD, False),
    ]
    assert [line.at for line in audit] == sorted(line.at for line in audit)


def test_a_message_that_never_went_out_is_told_too(world: PagingWorld) -> None:
    page_id = world.page()
    world.after(0)
    world.send()
    world.desk.sync()
    world.desk.do(acts.AcknowledgePage(page_id=page_id), THEO)
    world.after(120)
    world.send()  # the SMS after two minutes is wanted no more
    texts = [line.text for line in item(world, page_id).audit]
    assert f"Theo, sms-{THEO} by SMS: no longer wanted, so it was not sent" in texts


def test_the_timeline_names_who_was_paged_and_leaves_clocks_out(world: PagingWorld) -> None:
    page_id = world.page()
    world.after(1)
    world.after(STEP_S)
    world.desk.sync()
    world.desk.do(acts.AcknowledgePage(page_id=page_id), VERA)
    world.after(0)  # sets when it opens again: nothing a person has to read
    assert timeline(world, page_id) == [
        "Dana asked for a page",
        "Firstline paged Theo (step 1)",
        "Firstline paged Vera (step 2)",
        "Vera acknowledged the page",
    ]
    world.after(1800)
    assert timeline(world, page_id)[-1] == (
        "Firstline paged Theo (step 1) again: the time to deal with it was over"
    )


def test_pages_that_are_led_on_together_are_told_one_by_one(world: PagingWorld) -> None:
    first = world.page()
    incident_id = world.read(first).incident_id
    second = new_id(world.office.clock.now())
    world.desk.do(
        acts.PagePeople(
            page_id=second, incident_id=incident_id, person_ids=(VERA,), reason="It burns"
        )
    )
    world.desk.sync()
    world.after(0)
    told = [each for each in timeline(world, first) if each.startswith("Firstline paged")]
    assert sorted(told) == ["Firstline paged Theo (step 1)", "Firstline paged Vera (step 1)"]


def test_a_snooze_says_how_long(world: PagingWorld) -> None:
    page_id = world.page()
    world.after(0)
    world.desk.sync()
    world.desk.do(acts.SnoozePage(page_id=page_id, snooze_s=5400), THEO)
    assert timeline(world, page_id)[-1] == "Theo snoozed the page for 1 h 30 min"


def test_own_pages_are_those_that_wait_for_the_person(world: PagingWorld) -> None:
    page_id = world.page()
    assert own(world, THEO) == []
    world.after(0)
    world.desk.sync()
    assert own(world, THEO) == [(page_id, False)]
    assert own(world, VERA) == []
    world.after(STEP_S)
    world.desk.sync()
    assert own(world, THEO) == [(page_id, False)]  # whoever was called first may still answer
    assert own(world, VERA) == [(page_id, False)]
    world.desk.do(acts.DeclinePage(page_id=page_id), THEO)
    assert own(world, THEO) == []
    world.desk.do(acts.AcknowledgePage(page_id=page_id), VERA)
    assert own(world, VERA) == []


def test_an_answer_counts_once_it_is_saved_for_all(world: PagingWorld) -> None:
    page_id = world.page()
    world.after(0)
    world.desk.sync()
    world.desk.give(acts.AcknowledgePage(page_id=page_id), THEO)
    assert own(world, THEO) == [(page_id, True)]
    world.desk.sync()
    assert own(world, THEO) == []


@pytest.mark.parametrize(("waited", "state"), [(1, PageState.ACKNOWLEDGED), (3, PageState.OPEN)])
def test_an_answer_that_was_long_on_its_way_silences_nobody(
    world: PagingWorld, waited: int, state: PageState
) -> None:
    page_id = world.page()
    world.after(0)
    world.desk.sync()
    world.desk.give(acts.AcknowledgePage(page_id=page_id), THEO)
    world.office.clock.advance(timedelta(minutes=waited))
    world.desk.sync()
    assert world.read(page_id).state is state
    assert own(world, THEO) == ([] if state is PageState.ACKNOWLEDGED else [(page_id, False)])


def test_a_page_of_a_former_opening_asks_nobody(world: PagingWorld) -> None:
    page_id = world.page()
    world.after(0)
    world.after(STEP_S)
    world.desk.sync()
    world.desk.do(acts.AcknowledgePage(page_id=page_id), VERA)
    world.after(0)
    world.after(1800)
    world.desk.sync()
    assert own(world, THEO) == [(page_id, False)]
    assert own(world, VERA) == []


def test_a_page_that_waited_offline_is_held_and_listed(world: PagingWorld) -> None:
    incident_id = world.desk.start(world.desk.log())
    page_id = new_id(world.office.clock.now())
    world.desk.give(
        acts.PageTeam(team_id=NETWORK, incident_id=incident_id, page_id=page_id, reason="x")
    )
    engine = reading_engine(world.desk.folder / "cache.db")
    with engine.connect() as connection:
        (unsent,) = pages_of_incident(
            connection, directory(connection), DANA, incident_id, world.office.clock.now()
        )
    engine.dispose()
    assert unsent.is_unsent
    world.office.clock.advance(timedelta(minutes=14))
    world.desk.sync()
    world.after(0)
    held = item(world, page_id)
    assert held.page.state is PageState.HELD
    assert not held.is_unsent
    engine = reading(world)
    with engine.connect() as connection:
        (listed,) = held_pages(connection, directory(connection))
    engine.dispose()
    assert (listed.page_id, listed.target, listed.asked_by) == (page_id, "Network", "Dana")
    assert timeline(world, page_id)[-1] == (
        "Firstline held the page: it had waited offline for too long"
    )


def test_who_will_be_woken_is_said_step_by_step(world: PagingWorld) -> None:
    found = cover(world)
    assert found.person_id == THEO
    assert found.first_id == THEO
    assert found.wakes == (
        "Theo by push, then SMS after 2 min; after 5 min Vera; then the major incident manager"
    )


def test_a_team_without_cover_names_who_is_called_instead(world: PagingWorld) -> None:
    found = cover(world, VENDOR)
    assert found.person_id is None
    assert found.first_id == IMRAN
    assert found.wakes == "Imran by push"


@pytest.mark.parametrize(
    ("severity", "priority", "pages"),
    [(1, 5, True), (2, None, True), (3, 1, True), (None, 2, True), (None, 4, False),
     (None, None, False)],
)  # fmt: skip
def test_the_policy_says_what_pages(
    world: PagingWorld, severity: int | None, priority: int | None, pages: bool
) -> None:
    assert (cover(world, severity=severity, priority=priority).silence is None) is pages


def test_undoing_an_escalation_ends_its_page(world: PagingWorld) -> None:
    incident_id = world.desk.start(world.desk.log())
    page_id = new_id(world.office.clock.now())
    command = escalate_command(world.desk, incident_id)
    given = world.desk.do(replace(command, page_id=page_id, page_hold_s=5))
    world.desk.do(UndoAct(incident_id=incident_id, undone_command_id=given.command_id))
    world.after(60)
    assert world.read(page_id).state is PageState.SUPERSEDED
    assert world.send() == []


def test_a_desk_knows_whether_it_has_to_do_with_paging(world: PagingWorld) -> None:
    taken = world.page()
    world.page()
    world.desk.do(acts.AcknowledgePage(page_id=taken), VERA)
    engine = reading(world)
    with engine.connect() as connection:
        assert paging_here(connection) == PagingHere(open_pages=1, has_destinations=True)
    with closing(connect(world.desk.folder / "cache.db")) as cache:
        cache.execute("UPDATE destination SET is_active = 0")
    with engine.connect() as connection:
        assert paging_here(connection) == PagingHere(open_pages=1, has_destinations=False)
    engine.dispose()
