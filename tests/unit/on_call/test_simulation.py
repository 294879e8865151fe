"""What the simulator says is what a page would do, at an instant and over 90 days."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from simulation_examples import (
    ANN,
    BEA,
    CEM,
    DOV,
    END,
    IMRAN,
    LEA,
    MAJOR,
    NETWORK,
    NOW,
    POLICY,
    STEPS,
    book,
    methods,
    rotation,
    shifts,
    step,
)

from services.on_call.policy import CalledAs, PolicyHours, StepWhen
from services.on_call.restriction import policy_hours
from services.on_call.simulation import Weakness, outlook, simulate
from services.on_call.waking import waking_of_policy
from services.people.contact import ContactKind

MINUTE = timedelta(minutes=1)


def told(calls):
    return [
        (call.offset // MINUTE, call.person_id, call.kind.value if call.kind else "")
        for call in calls
    ]


def test_a_page_is_told_minute_by_minute():
    # The tenth week since the first Monday of the year: Cem's, until 09:00 at the latest.
    calls = simulate(book(), POLICY, NOW)
    assert told(calls)[:4] == [
        (0, CEM, "push"),
        (5, LEA, "push"),
        (5, CEM, "push"),
        (15, CEM, "push"),
    ]
    assert told(calls)[-1] == (30, IMRAN, "push")
    assert calls[-1].is_catch_all
    assert calls[-1].called_as is CalledAs.CATCH_ALL
    assert calls[0].roster_id == NETWORK.id


def test_rules_of_a_person_shift_their_messages():
    calls = simulate(book(), POLICY, NOW + timedelta(days=7))
    assert told(calls)[:2] == [(0, ANN, "push"), (2, ANN, "sms")]
    assert calls[1].kind is ContactKind.SMS


def test_a_step_of_nobody_is_told_and_costs_no_time():
    calls = simulate(book(shifts=shifts(MAJOR, rotation(MAJOR, IMRAN))), POLICY, NOW)
    assert told(calls)[:2] == [(0, None, ""), (0, LEA, "push")]


def test_whom_nothing_reaches_is_told_without_a_channel():
    own = shifts(NETWORK, rotation(NETWORK, DOV))
    calls = simulate(book(shifts=own), POLICY, NOW)
    assert told(calls)[0] == (0, DOV, "")


def test_the_timeline_has_exactly_the_messages_of_the_waking():
    waking = waking_of_policy(book(), POLICY, NOW, timedelta(minutes=40))
    messages = [
        (message.at - NOW, one.person_id, message.kind)
        for step_ in waking.steps
        for one in step_.woken
        for message in one.messages
    ]
    calls = simulate(book(), POLICY, NOW, timedelta(minutes=40))
    assert sorted((c.offset, c.person_id, c.kind.value) for c in calls) == sorted(
        (offset, person, kind.value) for offset, person, kind in messages
    )


def test_90_days_change_hands_at_every_handover_and_nowhere_else():
    found = outlook(book(), POLICY, NOW, END)
    assert found.handovers == 12
    assert [first.person_ids for first in found.first_called[:4]] == [
        (CEM,), (ANN,), (BEA,), (CEM,),
    ]  # fmt: skip
    assert found.weaknesses == ()
    # Every full hour, the instant it starts at, and five minutes before each handover.
    assert found.instants == 90 * 24 + 1 + 12
    assert found.first_called[0].starts_at == NOW
    assert found.first_called[-1].ends_at == END


def test_summer_time_is_marked_and_moves_the_handover():
    found = outlook(book(), POLICY, NOW, END)
    (change,) = found.clock_shifts
    assert change.at == datetime(2026, 3, 29, 1, tzinfo=UTC)
    assert change.is_forward
    assert change.zones == ("Europe/London",)
    hours = {first.starts_at.hour for first in found.first_called[1:]}
    assert hours == {9, 8}


def test_a_gap_of_a_quarter_of_an_hour_is_found_between_two_hours():
    whole = shifts(NETWORK, rotation(NETWORK, ANN))
    cut = replace(whole[0], ends_at=NOW + timedelta(hours=5, minutes=10))
    rest = replace(cut, starts_at=cut.ends_at + 15 * MINUTE, ends_at=END)
    major = shifts(MAJOR, rotation(MAJOR, IMRAN))
    steps = (step(0, roster_ids=(NETWORK.id,)),)
    found = outlook(book(shifts=(cut, rest, *major), steps=steps), POLICY, NOW, END)
    spans = {(w.weakness, w.starts_at, w.ends_at) for w in found.weaknesses}
    gap = (cut.ends_at, rest.starts_at)
    assert (Weakness.EMPTY_STEP, *gap) in spans
    assert (Weakness.ONLY_CATCH_ALL, *gap) in spans
    assert not any(weak.weakness is Weakness.NOBODY for weak in found.weaknesses)
    at_gap = [f for f in found.first_called if f.starts_at == gap[0]]
    assert [(f.ends_at, f.person_ids, f.is_catch_all) for f in at_gap] == [(gap[1], (IMRAN,), True)]


def test_a_gap_that_only_a_later_step_meets_is_found():
    whole = shifts(NETWORK, rotation(NETWORK, ANN))
    cut = replace(whole[0], ends_at=NOW + timedelta(hours=5, minutes=10))
    rest = replace(cut, starts_at=cut.ends_at + 3 * MINUTE, ends_at=whole[-1].ends_at)
    steps = (step(0, person_ids=(LEA,)), step(1, roster_ids=(NETWORK.id,)))
    own = (cut, rest, *shifts(MAJOR, rotation(MAJOR, IMRAN)))
    found = outlook(book(shifts=own, steps=steps), POLICY, NOW, END)
    (weak,) = found.weaknesses
    assert (weak.weakness, weak.position) == (Weakness.EMPTY_STEP, 1)
    assert (weak.starts_at, weak.ends_at) == (
        cut.ends_at - 5 * MINUTE,
        rest.starts_at - 5 * MINUTE,
    )


def test_nobody_at_all_is_found():
    found = outlook(book(contact_methods=()), POLICY, NOW, NOW + timedelta(days=1))
    kinds = {weak.weakness for weak in found.weaknesses}
    assert kinds == set(Weakness)
    assert [first.person_ids for first in found.first_called] == [()]
    unreachable = {w.person_id for w in found.weaknesses if w.weakness is Weakness.UNREACHABLE}
    assert unreachable == {CEM, LEA, IMRAN}


def test_somebody_without_a_verified_way_is_found_once_with_the_whole_span():
    own = (
        *shifts(NETWORK, rotation(NETWORK, ANN, DOV)),
        *shifts(MAJOR, rotation(MAJOR, IMRAN)),
    )
    found = outlook(book(shifts=own), POLICY, NOW, NOW + timedelta(days=14))
    (unreachable,) = [w for w in found.weaknesses if w.weakness is Weakness.UNREACHABLE]
    assert unreachable.person_id == DOV
    # A page of five minutes before the handover calls them by its second step.
    assert unreachable.ends_at - unreachable.starts_at == timedelta(days=7, minutes=5)
    proved = book(shifts=own, contact_methods=tuple(replace(m, verified_at=NOW) for m in methods()))
    assert outlook(proved, POLICY, NOW, NOW + timedelta(days=14)).weaknesses == ()


@pytest.mark.parametrize(("taken", "count"), [(StepWhen.ALWAYS, 1), (StepWhen.BUSINESS_HOURS, 0)])
def test_a_step_that_is_passed_over_by_its_hours_is_no_weakness(taken, count):
    policy = replace(POLICY, business_hours="mon-fri 08:00-18:00", time_zone="Europe/London")
    hours = tuple(
        PolicyHours(id=policy.id, policy_id=policy.id, starts_at=span.starts_at,
                    ends_at=span.ends_at)
        for span in policy_hours(policy.business_hours, policy.time_zone, NOW, END)
    )  # fmt: skip
    nobody = replace(STEPS[0], roster_ids=(), person_ids=(), taken=taken)
    steps = (nobody, step(1, person_ids=(LEA,)))
    at = NOW.replace(hour=20)
    found = outlook(book(policies=(policy,), steps=steps, hours=hours), policy, at, at + MINUTE)
    assert len([w for w in found.weaknesses if w.weakness is Weakness.EMPTY_STEP]) == count


def test_the_same_question_has_the_same_answer_in_any_order():
    backwards = book(shifts=tuple(reversed(book().shifts)), steps=tuple(reversed(STEPS)))
    assert outlook(backwards, POLICY, NOW, END) == outlook(book(), POLICY, NOW, END)
    assert simulate(backwards, POLICY, NOW) == simulate(book(), POLICY, NOW)
