"""The pattern of an update, its completeness, and what keeps it from being sent."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from services.communications.checks import (
    SHORT,
    Known,
    Point,
    Words,
    blocking,
    completeness,
    findings,
    points_of,
    preview,
    sentences_of,
    subject_of,
    whole_text,
)
from services.communications.plain_words import SECRET_MARKS
from services.communications.status_page import Audience
from services.communications.status_update import UpdateMoment
from services.incidents.priority import Severity

NEXT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
KNOWN = Known(key="INC-1042", severity=Severity.SEV1)
GOOD = Words(
    audience=Audience.INTERNAL,
    moment=UpdateMoment.FOLLOW_UP,
    subject="INC-1042 - SEV 1 - Checkout fails",
    summary="Customers cannot pay since 08:50. Orders are kept.",
    current_status="- About 40% of customers see an error\n- All agents work as usual\n"
    "- The root cause is not yet known",
    next_steps="1. Go back to the former version\n2. Restoration is expected by 10:15",
    next_update_at=NEXT,
    next_update_where="by e-mail and on the staff page",
)
OUTSIDE = Known(
    key="INC-1042", names=("Dana Owl", "Mark Hill"), own_address="https://status.example.com"
)
PLAIN = Words(
    audience=Audience.EXTERNAL,
    moment=UpdateMoment.FIRST,
    subject="Problems with payments",
    summary="Some payments fail. We are working on it and tell you more at 10:00.",
)


def codes(words: Words, known: Known) -> list[str]:
    return [finding.code for finding in findings(words, known)]


def test_an_update_by_the_pattern_has_nothing_to_put_right() -> None:
    assert findings(GOOD, KNOWN) == ()
    assert all(check.is_met for check in completeness(GOOD))


@pytest.mark.parametrize(
    ("changed", "code", "is_blocking"),
    [
        ({"subject": "Checkout fails"}, "subject", True),
        ({"subject": "INC-1042 - SEV 2 - Checkout fails"}, "subject", False),
        ({"subject": ""}, "empty", True),
        ({"summary": ""}, "empty", True),
        ({"summary": "One. Two. Three."}, "sentences", False),
        ({"current_status": "- One"}, "points", False),
        ({"next_steps": "a\nb\nc\nd\ne"}, "points", False),
        ({"next_update_at": None}, "next-update", False),
        ({"next_update_where": " "}, "next-update", False),
        ({"current_status": "- a\n- the password: hunter2"}, "secret", True),
        ({"next_update_where": "with ghp_abcdefghijklmnop"}, "secret", True),
    ],
)
def test_what_an_internal_update_lacks(
    changed: dict[str, object], code: str, is_blocking: bool
) -> None:
    found = findings(replace(GOOD, **changed), KNOWN)  # type: ignore[arg-type]
    assert [(f.code, f.is_blocking) for f in found if f.code == code] == [(code, is_blocking)]


def test_a_first_and_a_final_word_need_no_points() -> None:
    for moment in (UpdateMoment.FIRST, UpdateMoment.FINAL):
        assert "points" not in codes(
            replace(GOOD, moment=moment, current_status="", next_steps=""), KNOWN
        )


@pytest.mark.parametrize(
    ("summary", "code"),
    [
        ("Dana Owl works on it.", "person-named"),
        ("Ask Dana about it.", "person-named"),
        ("Write to dana.owl@example.com about it.", "person-named"),
        ("See https://jira.example.com/INC-1.", "internal-link"),
        ("The machine db-01 is down.", "internal-link"),
        ("It is at 10.1.2.3 now.", "internal-link"),
        ("Look at /var/log/messages first.", "internal-link"),
        ("A path such as C:\\Users\\x helps.", "internal-link"),
        ("See wiki.corp for more.", "internal-link"),
        ("The failure was caused by a change.", "cause"),
        ("One. Two. Three.", "sentences"),
        ("Use AKIAIOSFODNN7EXAMPLE for now.", "secret"),
    ],
)
def test_what_must_not_reach_customers(summary: str, code: str) -> None:
    found = [f.code for f in blocking(replace(PLAIN, summary=summary), OUTSIDE)]
    assert code in found


@pytest.mark.parametrize(
    "summary",
    [
        "See https://status.example.com/ for more.",
        "Mark the date: all is back by 14:02:33 on 3/4.",
        "Will you help us? If your password is rejected, please wait.",
        "The cause is not yet known. Write to help@example.com.",
        "Payments and/or orders fail, e.g. with cards.",
    ],
)
def test_plain_words_pass(summary: str) -> None:
    assert blocking(replace(PLAIN, summary=summary), OUTSIDE) == ()


@pytest.mark.parametrize("mark", SECRET_MARKS)
def test_what_the_shared_database_looks_for_is_found_here_first(mark: str) -> None:
    for word in (mark, mark.upper()):
        found = [f.code for f in blocking(replace(PLAIN, summary=f"Use {word} now."), OUTSIDE)]
        assert "secret" in found


def test_a_released_cause_may_be_told() -> None:
    told = replace(PLAIN, summary="It was caused by a change.", is_cause_released=True)
    assert blocking(told, OUTSIDE) == ()


def test_jargon_and_length_are_remarks() -> None:
    said = replace(PLAIN, summary="The database cluster is slow. " + "x" * SHORT)
    found = findings(said, OUTSIDE)
    assert {f.code for f in found} == {"jargon", "long"}
    assert not any(f.is_blocking for f in found)


@pytest.mark.parametrize(
    ("point", "line", "answer"),
    [
        (Point.IMPACT, "Customers cannot pay", "The impact is currently unknown"),
        (Point.HOW_MANY, "All customers and no staff", "How many are affected is unknown"),
        (Point.ROOT_CAUSE, "Root cause: a full disk", "The root cause is currently unknown"),
        (Point.RESTORATION, "Restored by 10:15", "Restoration: no estimate"),
        (Point.NEXT_UPDATE, "Next update at 10:00", "Next update in 20 min here"),
    ],
)
def test_each_point_is_met_by_what_is_written(point: Point, line: str, answer: str) -> None:
    def is_met(text: str) -> bool:
        bare = Words(audience=Audience.INTERNAL, moment=UpdateMoment.FOLLOW_UP, current_status=text)
        return {check.point: check.is_met for check in completeness(bare)}[point]

    assert not is_met("We look into it")
    assert is_met(line)
    assert is_met(answer)


def test_a_final_word_ends_the_updates() -> None:
    last = replace(
        GOOD, moment=UpdateMoment.FINAL, next_update_at=None,
        summary="The service is restored. No further updates follow.",
    )  # fmt: skip
    met = {check.point: check.is_met for check in completeness(last)}
    assert met[Point.NEXT_UPDATE]
    assert met[Point.RESTORATION]


def test_texts_are_taken_apart() -> None:
    assert points_of("- a\n\n• b\n2) c\n d ") == ("a", "b", "c", "d")
    assert sentences_of("It is, e.g. slow. Is it? Yes!\nNew line") == (
        "It is, e.g. slow.", "Is it?", "Yes!", "New line",
    )  # fmt: skip
    assert subject_of(KNOWN, "Checkout fails") == GOOD.subject
    assert whole_text(GOOD).endswith(
        "Next update: 2 March, 09:30 UTC, by e-mail and on the staff page"
    )


def test_a_channel_shows_what_it_has_room_for() -> None:
    long = replace(GOOD, summary="word " * 150)
    subject, text = preview(long, "twilio_sms")
    assert subject == GOOD.subject
    assert text.endswith("…")
    assert preview(long, "elsewhere")[1] == whole_text(long)
    cut = findings(long, replace(KNOWN, channels=("twilio_sms",)))
    assert [f.code for f in cut] == ["too-long"]
