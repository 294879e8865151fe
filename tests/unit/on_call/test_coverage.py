"""What is found in the shifts to come."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

import pytest
from unit.on_call.rota import ANA, BEN, CLEO, NAMES, ROSTER_ID, Rota, utc

from services.on_call.coverage import LOOKED_AHEAD, Finding, FindingKind, findings
from services.on_call.roster import OverrideKind, RotationUnit
from services.people.contact import ContactKind, ContactMethod

K = FindingKind
WEEK = ("2026-01-05 09:00", "2026-01-08 09:00")


def method(person_id: UUID, **fields: object) -> ContactMethod:
    return ContactMethod(
        **{
            "id": UUID(int=500),
            "person_id": person_id,
            "kind": ContactKind.SMS,
            "destination_id": UUID(int=501),
            "address": "+4915112345678",
            "verified_at": utc("2026-01-01 00:00"),
            **fields,
        }
    )


EVERYBODY = [method(person_id) for person_id in NAMES]


def found(
    rota: Rota,
    start: str,
    end: str,
    methods: Iterable[ContactMethod] = EVERYBODY,
    **fields: object,
) -> tuple[Finding, ...]:
    roster = replace(rota.roster, **fields)
    span = rota.moment(start), rota.moment(end)
    return findings([roster], rota.plan(start, end), methods, *span)


def only(kind: FindingKind, all_: Iterable[Finding]) -> list[tuple[object, datetime, datetime]]:
    return [(one.person_id, one.starts_at, one.ends_at) for one in all_ if one.kind is kind]


def test_handovers():
    rota = Rota()
    rota.rotate(ANA, BEN)
    at = utc("2026-01-06 09:00")
    assert found(rota, "2026-01-05 09:00", "2026-01-07 09:00") == (
        Finding(
            kind=K.HANDOVER,
            roster_id=ROSTER_ID,
            person_id=BEN,
            starts_at=at,
            ends_at=at,
            relieved_person_id=ANA,
        ),
    )


def test_gaps_are_told_by_roster():
    rota = Rota()
    rota.rotate(ANA, restriction="09:00-18:00")
    gaps = [
        (None, utc("2026-01-05 18:00"), utc("2026-01-06 09:00")),
        (None, utc("2026-01-06 18:00"), utc("2026-01-07 09:00")),
    ]
    span = ("2026-01-05 09:00", "2026-01-07 09:00")
    assert only(K.GAP, found(rota, *span)) == gaps
    assert only(K.CATCH_ALL_GAP, found(rota, *span, is_catch_all=True)) == gaps
    assert not only(K.GAP, found(rota, *span, is_catch_all=True))
    # Who comes after a gap relieves nobody.
    handovers = [one for one in found(rota, *span) if one.kind is K.HANDOVER]
    assert [(one.person_id, one.relieved_person_id) for one in handovers] == [(ANA, None)]


def test_a_roster_of_nobody_is_one_gap():
    rota = Rota()
    rota.rotate(ANA, is_backup=True)
    start, end = (rota.moment(one) for one in WEEK)
    assert only(K.GAP, found(rota, *WEEK)) == [(None, start, end)]
    assert not found(rota, *WEEK, is_active=False)


def test_an_overlap_names_who_joined():
    rota = Rota()
    rota.rotate(ANA, BEN)
    rota.override(OverrideKind.ADD, "2026-01-05 20:00", "2026-01-06 12:00", comes=CLEO)
    everything = found(rota, *WEEK)
    assert only(K.OVERLAP, everything) == [(CLEO, utc("2026-01-05 20:00"), utc("2026-01-06 12:00"))]
    # Joining is no handover, nor is going; Ben takes over from Ana meanwhile.
    assert [(one[0], one[1]) for one in only(K.HANDOVER, everything)] == [
        (BEN, utc("2026-01-06 09:00")),
        (ANA, utc("2026-01-07 09:00")),
    ]


def test_an_overlap_may_last_from_before_until_after():
    rota = Rota()
    rota.rotate(ANA, unit=RotationUnit.MONTH)
    rota.override(OverrideKind.ADD, "2026-01-05 09:00", "2026-02-01 09:00", comes=CLEO)
    [(_, start, end)] = only(K.OVERLAP, found(rota, *WEEK))
    assert (start, end) == (rota.moment(WEEK[0]), rota.moment(WEEK[1]))


def test_a_person_who_goes_on_hands_nothing_over():
    rota = Rota()
    rota.rotate(ANA, unit=RotationUnit.MONTH)
    rota.rotate(ANA, layer=1, restriction="12:00-14:00")
    assert len(rota.plan(*WEEK)) > 3
    assert not found(rota, *WEEK)


@pytest.mark.parametrize(
    ("methods", "unreachable"),
    [
        ([method(ANA), method(BEN)], []),
        ([method(ANA)], [BEN]),
        ([method(ANA), method(BEN, verified_at=None)], [BEN]),
        ([method(ANA), method(BEN, is_active=False)], [BEN]),
        ([method(ANA), method(BEN, is_active=False), method(BEN)], []),
        ([], [ANA, BEN]),
    ],
)
def test_people_without_a_working_contact_method(methods, unreachable):
    rota = Rota()
    rota.rotate(ANA, BEN)
    everything = found(rota, *WEEK, methods)
    assert [one[0] for one in only(K.UNREACHABLE, everything)] == unreachable


def test_an_unreachable_person_is_told_once_with_their_first_shift():
    rota = Rota()
    rota.rotate(ANA, BEN)
    rota.rotate(CLEO, is_backup=True)
    everything = found(rota, *WEEK, [])
    assert only(K.UNREACHABLE, everything) == [
        (ANA, utc("2026-01-05 09:00"), utc("2026-01-06 09:00")),
        (CLEO, utc("2026-01-05 09:00"), utc("2026-01-08 09:00")),
        (BEN, utc("2026-01-06 09:00"), utc("2026-01-07 09:00")),
    ]


@pytest.mark.parametrize(
    ("zone", "start", "changed_at", "handover"),
    [
        # The handover itself is left out: it is at the very change.
        ("America/Chicago", "2018-03-11T02:30", "2018-03-11 08:00", "2018-03-11 08:00"),
        ("America/Chicago", "2018-03-11T09:00", "2018-03-11 08:00", "2018-03-11 14:00"),
        ("America/Chicago", "2018-03-11T00:30", "2018-03-11 08:00", "2018-03-11 06:30"),
        # Midnight is left out, so the day begins with the change.
        ("Africa/Cairo", "2024-04-26T00:00", "2024-04-25 22:00", "2024-04-25 22:00"),
        ("Africa/Cairo", "2024-04-26T09:00", "2024-04-25 22:00", "2024-04-26 06:00"),
    ],
)
def test_handovers_on_a_day_on_which_the_clock_is_changed(zone, start, changed_at, handover):
    day = datetime.fromisoformat(start)
    rota = Rota(zone)
    rota.rotate(ANA, BEN, start=(day.replace(day=day.day - 4)).isoformat(timespec="minutes"))
    everything = found(rota, f"{day.replace(day=day.day - 3)}", f"{day.replace(day=day.day + 3)}")
    [(person_id, low, high)] = only(K.CLOCK_CHANGE, everything)
    assert [low, high] == sorted((utc(changed_at), utc(handover)))
    assert (person_id, utc(handover), utc(handover)) in only(K.HANDOVER, everything)


def test_shifts_of_other_rosters_and_times_do_not_count():
    rota = Rota()
    rota.rotate(ANA, BEN)
    shifts = rota.plan("2026-01-05 09:00", "2026-02-01 09:00")
    other = [replace(one, roster_id=UUID(int=2)) for one in shifts]
    start, end = utc("2026-01-10 12:00"), utc("2026-01-11 12:00")
    assert only(K.GAP, findings([rota.roster], other, [], start, end)) == [(None, start, end)]
    inside = findings([rota.roster], shifts, EVERYBODY, start, end)
    assert [(one.kind, one.starts_at) for one in inside] == [(K.HANDOVER, utc("2026-01-11 09:00"))]


def test_findings_are_sorted_by_time():
    rota = Rota("Europe/Berlin")
    rota.rotate(ANA, BEN, restriction="09:00-18:00")
    start = utc("2026-01-06 00:00")
    everything = findings(
        [rota.roster],
        rota.plan("2026-01-06 01:00", "2026-07-01 00:00"),
        [],
        start,
        start + LOOKED_AHEAD,
    )
    times = [one.starts_at for one in everything]
    assert times == sorted(times)
    assert {one.kind for one in everything} == {*(K.GAP, K.HANDOVER, K.UNREACHABLE, K.CLOCK_CHANGE)}
