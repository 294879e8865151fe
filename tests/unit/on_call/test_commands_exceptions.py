"""Overrides, swaps, time off and notes: whose they are, and what they do to the rota."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from builders import ADAM, DANA, IMRAN, KIM, MONA, START, TARA, THEO, VERA, Desk, office_at
from rota_world import (
    DAY,
    MAJOR,
    NETWORK_ROTA,
    WEEK_AHEAD,
    is_tiled,
    on_call,
    override,
    put_rotas,
    shifts,
)

from services.core.errors import FieldMissing
from services.on_call.act_errors import (
    NotYoursToPlan,
    OverrideIncomplete,
    ShiftGone,
    SpanInvalid,
    SwapNotOpen,
)
from services.on_call.acts import (
    AcceptSwap,
    CancelOverride,
    CancelTimeOff,
    DeclineSwap,
    OfferSwap,
    RecordTimeOff,
    TakeShift,
    WithdrawSwap,
    WriteHandoverNote,
)
from services.on_call.roster import (
    HandoverNote,
    OnCallShift,
    Override,
    OverrideKind,
    ShiftSwap,
    SwapState,
)

HOUR = timedelta(hours=1)
MORNING = override().starts_at
"""An hour of Theo's week after next; Tara has the week before."""

ADD, REMOVE = OverrideKind.ADD, OverrideKind.REMOVE


@pytest.fixture
def desk() -> Iterator[Desk]:
    with office_at() as office:
        desk = office.desk()
        put_rotas(desk)
        yield desk


def spans(desk: Desk) -> list[tuple[object, ...]]:
    return [(s.person_id, s.starts_at, s.ends_at, s.is_backup) for s in shifts(desk)]


# -- overrides --------------------------------------------------------------------------------


def test_an_override_touches_three_rows_and_its_cancelling_puts_them_back(desk: Desk) -> None:
    before, rows = spans(desk), {s.id: s for s in desk.find(OnCallShift)}
    desk.do(override(), TARA)
    assert on_call(desk, MORNING) == [KIM]
    assert on_call(desk, MORNING - HOUR) == on_call(desk, MORNING + 3 * HOUR) == [THEO]
    assert is_tiled(shifts(desk))
    assert len([s for s in desk.find(OnCallShift) if rows.get(s.id) != s]) == 3
    desk.do(CancelOverride(override_id=override().override_id), TARA)
    assert spans(desk) == before
    desk.do(CancelOverride(override_id=override().override_id, is_cancelled=False), TARA)
    assert on_call(desk, MORNING) == [KIM]


def test_adding_and_removing_people(desk: Desk) -> None:
    one = override(kind=ADD, person_id=VERA, replaced_person_id=None, override_id=uuid4())
    desk.do(one, THEO)
    assert set(on_call(desk, MORNING)) == {THEO, VERA}
    gone = override(kind=REMOVE, person_id=None, replaced_person_id=THEO, override_id=uuid4())
    desk.do(gone, THEO)
    assert on_call(desk, MORNING) == [VERA]
    backup = replace(one, override_id=uuid4(), person_id=DANA, is_backup=True)
    desk.do(backup, THEO)
    assert on_call(desk, MORNING) == [VERA, DANA]


@pytest.mark.parametrize("who", [ADAM, MONA, IMRAN, THEO, TARA])
def test_keepers_and_members_of_the_team_plan_for_others(desk: Desk, who: UUID) -> None:
    desk.do(override(), who)
    desk.do(CancelOverride(override_id=override().override_id), who)


def test_others_put_only_themselves_on_call(desk: Desk) -> None:
    for command in (
        override(),
        override(kind=ADD, replaced_person_id=None),
        override(kind=REMOVE, person_id=None, replaced_person_id=VERA),
    ):
        with pytest.raises(NotYoursToPlan):
            desk.give(command, VERA)
    desk.do(override(person_id=VERA), VERA)
    desk.do(CancelOverride(override_id=override().override_id), VERA)
    desk.do(override(override_id=uuid4(), person_id=DANA), DANA)
    with pytest.raises(NotYoursToPlan):
        desk.give(CancelOverride(override_id=desk.find(Override, person_id=DANA)[0].id), VERA)


def test_nobody_of_the_team_plans_for_the_catch_all_roster(desk: Desk) -> None:
    with pytest.raises(NotYoursToPlan):
        desk.give(override(roster_id=MAJOR, replaced_person_id=IMRAN), THEO)
    desk.do(override(roster_id=MAJOR, replaced_person_id=IMRAN), IMRAN)
    assert on_call(desk, MORNING, MAJOR) == [KIM]


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"ends_at": MORNING}, SpanInvalid),
        ({"starts_at": START - 2 * DAY, "ends_at": START - DAY}, SpanInvalid),
        ({"ends_at": MORNING + 500 * DAY}, SpanInvalid),
        ({"person_id": None}, OverrideIncomplete),
        ({"replaced_person_id": None}, OverrideIncomplete),
        ({"replaced_person_id": KIM}, OverrideIncomplete),
        ({"kind": ADD}, OverrideIncomplete),
        ({"kind": REMOVE}, OverrideIncomplete),
    ],
)
def test_an_override_that_says_too_little_is_refused(desk: Desk, given, error) -> None:
    with pytest.raises(error):
        desk.give(override(**given), MONA)


def test_an_override_of_a_shift_under_way_changes_what_is_left_of_it(desk: Desk) -> None:
    first = shifts(desk)[0]
    envelope = desk.do(
        override(replaced_person_id=THEO, starts_at=START - DAY, ends_at=START + DAY), TARA
    )
    now = envelope.happened_at
    assert desk.get(OnCallShift, first.id).ends_at == now
    assert on_call(desk, now) == [KIM]
    assert desk.find(Override)[0].starts_at == now


def test_taking_a_shift_or_a_part_of_it(desk: Desk) -> None:
    shift = next(s for s in shifts(desk) if s.starts_at > WEEK_AHEAD)
    assert shift.person_id == THEO
    desk.do(TakeShift(override_id=uuid4(), shift_id=shift.id, ends_at=MORNING), VERA)
    assert on_call(desk, MORNING - HOUR) == [VERA]
    assert on_call(desk, MORNING) == [THEO]
    rest = next(s for s in shifts(desk) if s.starts_at == MORNING)
    desk.do(TakeShift(override_id=uuid4(), shift_id=rest.id), DANA)
    assert on_call(desk, MORNING) == [DANA]
    with pytest.raises(ShiftGone):
        desk.give(TakeShift(override_id=uuid4(), shift_id=rest.id), VERA)
    own = next(s for s in shifts(desk) if s.person_id == DANA)
    with pytest.raises(ShiftGone):
        desk.give(TakeShift(override_id=uuid4(), shift_id=own.id), DANA)
    with pytest.raises(SpanInvalid):
        desk.give(
            TakeShift(override_id=uuid4(), shift_id=own.id, starts_at=own.ends_at + DAY), VERA
        )


def test_two_who_take_one_shift_offline_do_not_both_have_it() -> None:
    with office_at() as office:
        one = office.desk()
        put_rotas(one)
        other = office.desk()
        shift = next(s for s in shifts(one) if s.starts_at > WEEK_AHEAD)
        one.give(TakeShift(override_id=uuid4(), shift_id=shift.id), VERA)
        other.give(TakeShift(override_id=uuid4(), shift_id=shift.id), DANA)
        one.sync()
        other.sync()
        assert [p.code for p in other.replica.pending()] == ["shift-gone"]
        assert on_call(other, MORNING) == [VERA]


# -- time off ---------------------------------------------------------------------------------


def test_time_off_leaves_a_gap_in_every_roster_and_comes_back(desk: Desk) -> None:
    before = spans(desk)
    id_ = uuid4()
    off = RecordTimeOff(
        time_off_id=id_, person_id=THEO, starts_at=MORNING, ends_at=MORNING + 2 * HOUR
    )
    desk.do(off, THEO)
    assert on_call(desk, MORNING) == []
    desk.do(CancelTimeOff(time_off_id=id_), THEO)
    assert spans(desk) == before
    desk.do(CancelTimeOff(time_off_id=id_, is_cancelled=False), MONA)
    assert on_call(desk, MORNING) == []


def test_time_off_is_recorded_by_the_person_or_a_keeper(desk: Desk) -> None:
    off = RecordTimeOff(
        time_off_id=uuid4(), person_id=THEO, starts_at=MORNING, ends_at=MORNING + HOUR
    )
    for who in (TARA, DANA):
        with pytest.raises(NotYoursToPlan):
            desk.give(off, who)
    desk.do(off, IMRAN)
    with pytest.raises(NotYoursToPlan):
        desk.give(CancelTimeOff(time_off_id=off.time_off_id), TARA)
    with pytest.raises(SpanInvalid):
        desk.give(replace(off, time_off_id=uuid4(), ends_at=MORNING - HOUR), THEO)


# -- swaps ------------------------------------------------------------------------------------

TARAS_WEEK, THEOS_WEEK = WEEK_AHEAD, WEEK_AHEAD + 7 * DAY
OFFER = OfferSwap(
    swap_id=uuid4(),
    roster_id=NETWORK_ROTA,
    starts_at=TARAS_WEEK,
    ends_at=TARAS_WEEK + DAY,
    to_person_id=THEO,
    return_starts_at=THEOS_WEEK,
    return_ends_at=THEOS_WEEK + DAY,
)


def test_an_accepted_swap_changes_both_halves_and_withdrawing_undoes_it(desk: Desk) -> None:
    before = spans(desk)
    desk.do(OFFER, TARA)
    assert spans(desk) == before
    desk.do(AcceptSwap(swap_id=OFFER.swap_id), THEO)
    assert on_call(desk, TARAS_WEEK) == [THEO]
    assert on_call(desk, THEOS_WEEK) == [TARA]
    assert {o.swap_id for o in desk.find(Override)} == {OFFER.swap_id}
    desk.do(WithdrawSwap(swap_id=OFFER.swap_id), TARA)
    assert spans(desk) == before
    with pytest.raises(SwapNotOpen):
        desk.give(WithdrawSwap(swap_id=OFFER.swap_id), TARA)


def test_an_offer_to_all_goes_to_who_takes_it_first(desk: Desk) -> None:
    offer = replace(OFFER, to_person_id=None, return_starts_at=None, return_ends_at=None)
    desk.do(offer, TARA)
    with pytest.raises(NotYoursToPlan):
        desk.give(AcceptSwap(swap_id=offer.swap_id), TARA)
    with pytest.raises(NotYoursToPlan):
        desk.give(DeclineSwap(swap_id=offer.swap_id), VERA)
    desk.do(AcceptSwap(swap_id=offer.swap_id), VERA)
    assert on_call(desk, TARAS_WEEK) == [VERA]
    with pytest.raises(SwapNotOpen):
        desk.give(AcceptSwap(swap_id=offer.swap_id), DANA)
    desk.do(WithdrawSwap(swap_id=offer.swap_id), VERA)
    assert on_call(desk, TARAS_WEEK) == [TARA]


def test_an_offer_is_answered_by_whom_it_was_made_to(desk: Desk) -> None:
    desk.do(OFFER, TARA)
    for command in (AcceptSwap(swap_id=OFFER.swap_id), DeclineSwap(swap_id=OFFER.swap_id)):
        with pytest.raises(NotYoursToPlan):
            desk.give(command, VERA)
    with pytest.raises(NotYoursToPlan):
        desk.give(WithdrawSwap(swap_id=OFFER.swap_id), THEO)
    desk.do(DeclineSwap(swap_id=OFFER.swap_id), THEO)
    assert desk.get(ShiftSwap, OFFER.swap_id).state is SwapState.DECLINED
    with pytest.raises(SwapNotOpen):
        desk.give(AcceptSwap(swap_id=OFFER.swap_id), THEO)


def test_an_open_offer_ends_when_its_shift_begins(desk: Desk) -> None:
    desk.do(OFFER, TARA)
    desk.clock.moment = TARAS_WEEK
    with pytest.raises(SwapNotOpen):
        desk.give(AcceptSwap(swap_id=OFFER.swap_id), THEO)
    assert on_call(desk, TARAS_WEEK) == [TARA]
    desk.do(WithdrawSwap(swap_id=OFFER.swap_id), TARA)


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"starts_at": THEOS_WEEK + HOUR, "ends_at": THEOS_WEEK + DAY}, ShiftGone),
        ({"return_starts_at": TARAS_WEEK, "return_ends_at": TARAS_WEEK + DAY}, ShiftGone),
        ({"return_ends_at": None}, SpanInvalid),
        ({"to_person_id": None}, OverrideIncomplete),
        ({"to_person_id": TARA}, OverrideIncomplete),
        ({"starts_at": START - DAY}, SpanInvalid),
    ],
)
def test_an_offer_of_what_one_has_not_is_refused(desk: Desk, given, error) -> None:
    with pytest.raises(error):
        desk.give(replace(OFFER, **given), TARA)


def test_a_shift_given_away_meanwhile_is_not_swapped(desk: Desk) -> None:
    desk.do(OFFER, TARA)
    whole = replace(
        override(), starts_at=TARAS_WEEK - DAY, ends_at=TARAS_WEEK + 8 * DAY,
        person_id=VERA, replaced_person_id=TARA,
    )  # fmt: skip
    desk.do(whole, THEO)
    with pytest.raises(ShiftGone):
        desk.give(AcceptSwap(swap_id=OFFER.swap_id), THEO)


# -- notes ------------------------------------------------------------------------------------


def test_a_handover_note_is_kept_and_a_later_one_stands_beside_it(desk: Desk) -> None:
    for text in ("Watch the gateway", "Gateway is fine again"):
        desk.do(
            WriteHandoverNote(
                note_id=uuid4(), roster_id=NETWORK_ROTA, handover_at=WEEK_AHEAD, text=text
            ),
            THEO,
        )
    notes = sorted(desk.find(HandoverNote), key=lambda note: note.written_at)
    assert [note.text for note in notes] == ["Watch the gateway", "Gateway is fine again"]
    assert {note.written_by_id for note in notes} == {THEO}
    with pytest.raises(FieldMissing):
        desk.give(
            WriteHandoverNote(
                note_id=uuid4(), roster_id=NETWORK_ROTA, handover_at=WEEK_AHEAD, text=" \n"
            ),
            THEO,
        )
