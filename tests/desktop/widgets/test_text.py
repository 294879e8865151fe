"""Words for durations, ages and times."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from desktop.text import (
    age_text,
    ago_text,
    clock_duration_text,
    clock_text,
    count_text,
    date_text,
    duration_text,
    full_when_text,
    incident_key,
    plural,
    when_text,
)

NOW = datetime(2026, 10, 12, 10, 42, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("minutes", "text"),
    [(0, "0:00"), (24, "0:24"), (185, "3:05"), (1439, "23:59"), (1440, "1 d"), (1560, "1 d 2 h"),
     (-12, "−0:12"), (-1560, "−1 d 2 h")],
)  # fmt: skip
def test_duration(minutes: int, text: str) -> None:
    assert duration_text(timedelta(minutes=minutes)) == text


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "00:00"), (102, "01:42"), (3702, "1:01:42"), (-5, "00:00")]
)
def test_running_clock(seconds: int, text: str) -> None:
    assert clock_duration_text(timedelta(seconds=seconds)) == text


@pytest.mark.parametrize(
    ("seconds", "age", "ago"),
    [
        (-3, "now", "just now"),
        (59, "now", "just now"),
        (60, "1 m", "1 min ago"),
        (3_120, "52 m", "52 min ago"),
        (3_600, "1 h", "1 h ago"),
        (5_400, "1 h 30 m", "1 h ago"),
        (40_000, "11 h", "11 h ago"),
        (86_400, "1 d", "1 d ago"),
        (187_200, "2 d 4 h", "2 d ago"),
        (1_000_000, "11 d", "11 d ago"),
    ],
)
def test_age(seconds: int, age: str, ago: str) -> None:
    assert age_text(timedelta(seconds=seconds)) == age
    assert ago_text(timedelta(seconds=seconds)) == ago


def test_when_is_a_clock_today_a_date_on_other_days_and_a_year_in_other_years() -> None:
    assert when_text(NOW - timedelta(hours=3), NOW) == "07:42"
    assert when_text(NOW - timedelta(days=9), NOW) == "3 Oct"
    assert when_text(NOW - timedelta(days=400), NOW) == "7 Sep 2025"


def test_the_day_is_the_one_of_the_reader() -> None:
    lisbon = timezone(timedelta(hours=1))
    midnight_there = datetime(2026, 10, 11, 23, 30, tzinfo=UTC)
    assert when_text(midnight_there, NOW) == "11 Oct"
    assert when_text(midnight_there, NOW.astimezone(lisbon)) == "00:30"


def test_full_time_names_day_and_clock() -> None:
    assert full_when_text(NOW, NOW) == "today 10:42"
    assert full_when_text(NOW - timedelta(days=1), NOW) == "Sun 11 Oct 10:42"


def test_numbers() -> None:
    assert clock_text(NOW, seconds=True) == "10:42:07"
    assert date_text(NOW, NOW) == "12 Oct"
    assert incident_key(20431) == "INC-20431"
    assert count_text(12_400) == "12,400"
    assert plural(1, "incident", "incidents") == "1 incident"
    assert plural(0, "incident", "incidents") == "0 incidents"
