"""When the next word is due, and the templates that words begin from."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from builders import DANA, START

from services.communications.cadence import (
    FRESH_FOR,
    Because,
    WordDue,
    default_plans,
    due,
    fresh_for,
    left_open,
    plan_for,
    plans_with_defaults,
)
from services.communications.checks import Known, blocking, findings, words_of
from services.communications.status_page import Audience
from services.communications.status_update import (
    StatusUpdate,
    UpdateMoment,
    UpdateState,
    UpdateTemplate,
)
from services.communications.templates import (
    DEFAULTS,
    PLACEHOLDERS,
    UNKNOWN,
    fill,
    filled,
    with_defaults,
)
from services.incidents.priority import Severity
from services.major_incidents.major import MajorIncident, MajorState, ResponsePhase

MINUTE = timedelta(minutes=1)
MAJOR = MajorIncident(
    id=uuid4(),
    incident_id=uuid4(),
    state=MajorState.ACCEPTED,
    proposed_by_id=DANA,
    proposed_at=START,
    accepted_at=START,
)
PAGE_ID = uuid4()
OUT, IN = Audience.EXTERNAL, Audience.INTERNAL
PLAN = plan_for(default_plans(), Severity.SEV1, OUT)


def sent(minute: float, **changed: object) -> StatusUpdate:
    """A word that customers were told so many minutes after acceptance."""
    update = StatusUpdate(
        id=uuid4(),
        incident_id=MAJOR.incident_id,
        page_id=PAGE_ID,
        audience=OUT,
        moment=UpdateMoment.FOLLOW_UP,
        state=UpdateState.SENT,
        written_by_id=DANA,
        written_at=START,
        sent_at=START + minute * MINUTE,
    )
    return replace(update, **changed)  # type: ignore[arg-type]


def next_at(*updates: StatusUpdate, major: MajorIncident = MAJOR) -> float | None:
    """In which minute the next word is due."""
    found = due(major, OUT, PLAN, updates)
    return None if found is None else (found.at - START) / MINUTE


@pytest.mark.parametrize(
    ("updates", "minute"),
    [
        ([], 5),
        ([sent(4)], 24),
        ([sent(10), sent(4)], 30),
        ([sent(4, audience=IN)], 5),
        ([sent(4, state=UpdateState.QUEUED, sent_at=None)], 5),
        ([sent(119)], 139),
        ([sent(120)], 180),
        ([sent(4, next_update_at=START + 10 * MINUTE)], 10),
        ([sent(4, next_update_at=START + 50 * MINUTE)], 24),
        ([sent(4, next_update_at=START)], 24),
        ([sent(4), sent(9, moment=UpdateMoment.FINAL)], None),
        ([sent(9, moment=UpdateMoment.FINAL), sent(12)], 32),
    ],
)
def test_the_next_word_is_due(updates: Sequence[StatusUpdate], minute: float | None) -> None:
    assert next_at(*updates) == minute


@pytest.mark.parametrize("state", [s for s in MajorState if s is not MajorState.ACCEPTED])
def test_nothing_is_due_outside_the_procedure(state: MajorState) -> None:
    assert next_at(major=replace(MAJOR, state=state)) is None
    assert due(MAJOR, OUT, None, ()) is None


DEMOTED = replace(MAJOR, state=MajorState.DEMOTED, decided_at=START + 60 * MINUTE)
RESOLVED = replace(MAJOR, state=MajorState.RESOLVED, resolved_at=START + 60 * MINUTE)
OVER = ResponsePhase.RESOLVED


@pytest.mark.parametrize("major", [DEMOTED, RESOLVED], ids=["demoted", "resolved"])
def test_whoever_was_told_is_owed_the_last_word(major: MajorIncident) -> None:
    assert next_at(major=major) is None, "nobody knows of it"
    assert next_at(sent(4), major=major) == 65
    assert next_at(sent(4), sent(61), major=major) == 65, (
        "words that leave it open are not the last"
    )
    assert next_at(sent(4), sent(62, phase=OVER), major=major) is None
    assert next_at(sent(4, phase=OVER), sent(62), major=major) == 65
    final = sent(62, moment=UpdateMoment.FINAL)
    assert next_at(sent(4), final, major=major) == 65, "customers go by the phase"
    unranked = due(major, OUT, None, [sent(4)])
    assert unranked is not None
    assert (unranked.at, unranked.because) == (START + 65 * MINUTE, Because.END)
    assert next_at(sent(4), major=replace(major, is_drill=True)) is None
    reviewed = replace(major, state=MajorState.REVIEWED, resolved_at=START)
    assert next_at(sent(4), major=reviewed) is None


def test_what_leaves_a_page_open() -> None:
    first, over = sent(4), sent(5, phase=OVER)
    assert not left_open([over, first], OUT)
    assert left_open([first, replace(over, page_id=uuid4())], OUT), "each page has its last word"
    assert not left_open([first, over, sent(6, replaces_id=first.id)], OUT), "a correction is none"
    assert not left_open([first], IN)
    staff = [sent(4, audience=IN), sent(5, audience=IN, phase=OVER)]
    assert left_open(staff, IN), "staff are told by the final words"
    assert not left_open([*staff, sent(6, audience=IN, moment=UpdateMoment.FINAL)], IN)


def test_plans_by_severity() -> None:
    times = {(p.severity.value, p.audience.value): p.every_s // 60 for p in default_plans()}
    assert times == {
        ("SEV1", "external"): 20, ("SEV1", "internal"): 30,
        ("SEV2", "external"): 30, ("SEV2", "internal"): 60,
    }  # fmt: skip
    assert plan_for(default_plans(), Severity.SEV3, OUT) is None
    unranked = plan_for(default_plans(), None, OUT)
    assert unranked is not None
    assert unranked.severity is Severity.SEV2
    assert PLAN is not None
    retired = replace(PLAN, is_active=False)
    assert plan_for(plans_with_defaults([retired]), Severity.SEV1, OUT) is None


def test_words_of_the_countdown() -> None:
    word = WordDue(at=START, because=Because.PLAN)
    assert word.words(START - timedelta(seconds=245)) == "in 4:05"
    assert word.words(START + timedelta(seconds=130)) == "late 2:10"
    assert word.words(START + timedelta(seconds=3725)) == "late 1:02:05"
    assert not word.is_late(START)
    assert word.is_late(START + timedelta(seconds=1))


def test_an_update_is_fresh_until_the_next_would_be_due() -> None:
    assert fresh_for(MAJOR, PLAN, START) == 20 * MINUTE
    assert fresh_for(MAJOR, PLAN, START + 120 * MINUTE) == 60 * MINUTE
    assert fresh_for(None, PLAN, START) == fresh_for(MAJOR, None, START) == FRESH_FOR


VALUES = {
    "key": "INC-7", "severity": "1", "summary": "VPN drops", "service": "VPN", "products": "Laptop",
    "since": "2 March, 09:00 UTC", "impact": "nobody can sign in", "duration": "20 min",
    "cases": "3",
}  # fmt: skip


@pytest.mark.parametrize("template", DEFAULTS, ids=lambda template: template.name)
def test_a_default_template_passes_its_own_checks(template: UpdateTemplate) -> None:
    full = filled(template, VALUES)
    update = sent(
        0,
        audience=full.audience,
        moment=full.moment,
        subject=full.subject,
        summary=full.summary,
        current_status=full.current_status,
        next_steps=full.next_steps,
    )
    known = Known(key="INC-7", severity=Severity.SEV1, names=("Dana Owl",))
    assert blocking(words_of(update), known) == ()
    assert {f.code for f in findings(words_of(update), known)} <= {"next-update", "points"}
    assert "{" not in full.subject + full.summary + full.current_status + full.next_steps


def test_what_is_not_known_says_so() -> None:
    assert set(VALUES) == set(PLACEHOLDERS)
    assert fill("{service}: {impact}, {nonsense}", {"service": "VPN", "impact": " "}) == (
        f"VPN: {UNKNOWN}, {UNKNOWN}"
    )
    assert fill("{summary}", {"summary": "{key}", "key": "no"}) == "{key}"


def test_own_templates_stand_beside_the_default_ones_and_in_their_place() -> None:
    changed = replace(DEFAULTS[0], name="Ours")
    own = replace(DEFAULTS[0], id=uuid4(), name="Another")
    found = with_defaults([changed, own])
    assert len(found) == len(DEFAULTS) + 1
    assert {"Ours", "Another"} <= {t.name for t in found}
    assert DEFAULTS[0].name not in {t.name for t in found}
