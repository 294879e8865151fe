"""Values become rows and come back; ids and times are exact."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from builders import START
from hypothesis import given
from hypothesis import strategies as st

from services.core.clock import from_microseconds, to_microseconds
from services.core.ids import derived_id, new_id
from services.core.records import columns_of, record_from, spec_of
from services.incidents.incident import Incident
from services.registry import RECORDS


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_moment_keeps_every_microsecond(moment: datetime) -> None:
    assert from_microseconds(to_microseconds(moment)) == moment


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        to_microseconds(datetime(2026, 3, 2))  # noqa: DTZ001


def test_a_moment_of_another_zone_is_the_same_moment() -> None:
    there = START.astimezone(timezone(timedelta(hours=9)))
    assert to_microseconds(there) == to_microseconds(START)


def test_new_ids_are_of_version_7_and_sort_by_time() -> None:
    ids = [new_id(START + timedelta(milliseconds=n)) for n in range(50)]
    assert ids == sorted(ids, key=str)
    assert {(id_.version, id_.variant) for id_ in ids} == {(7, "specified in RFC 4122")}
    assert len({new_id(START) for _ in range(1_000)}) == 1_000


def test_a_derived_id_follows_from_its_parts() -> None:
    assert derived_id("a", 1) == derived_id("a", 1)
    assert derived_id("a", 1) != derived_id("a", 2)


def test_every_record_knows_id_and_version() -> None:
    for record in RECORDS:
        names = [column.name for column in columns_of(record)]
        assert names[:2] == ["id", "version"]


@given(st.text(st.characters(codec="utf-8")), st.booleans(), st.integers(1, 10**9))
def test_a_record_comes_back_from_its_row(text: str, flag: bool, number: int) -> None:
    from builders import DANA, DESK_TEAM, KIM, LAPTOP

    from services.incidents.incident import Channel, IncidentState
    from services.incidents.priority import Impact, Severity

    incident = Incident(
        id=KIM,
        number=number,
        summary=text,
        channel=Channel.CHAT,
        state=IncidentState.ON_HOLD,
        impact=Impact.TEAM if flag else None,
        severity=Severity.SEV1 if flag else None,
        affected_product_ids=(LAPTOP, DANA) if flag else (),
        opened_by_id=DANA,
        reported_at=START,
        created_at=START,
        updated_at=START,
        owner_team_id=DESK_TEAM,
        team_id=DESK_TEAM,
        is_imported=flag,
    )
    row = spec_of(Incident).to_row(incident)
    assert all(isinstance(value, str | int | None) for value in row.values())
    assert record_from(Incident, row) == incident
