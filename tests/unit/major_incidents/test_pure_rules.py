"""Impact and its suspects, steps, the topic, and what was known when."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from builders import START

from services.incidents.incident import HistoryEntry
from services.major_incidents.entries import ChangeEvent, EntryKind, ResponseEntry, Verdict
from services.major_incidents.impact import suspects, time_to_detect, time_to_recover
from services.major_incidents.knowledge import happened_until, known_at
from services.major_incidents.major import MajorIncident, ResponsePhase
from services.major_incidents.steps import Step, StepFacts, step_now, steps
from services.major_incidents.topic import LONGEST, topic

MINUTE = timedelta(minutes=1)
SERVICE, PRODUCT = uuid4(), uuid4()
MAJOR = MajorIncident(id=uuid4(), incident_id=uuid4(), proposed_by_id=uuid4(), proposed_at=START)


def changed(at: datetime, **given: object) -> ChangeEvent:
    made = ChangeEvent(
        id=uuid4(), title="Deploy", happened_at=at, recorded_by_id=uuid4(), recorded_at=START
    )
    return replace(made, **given)  # type: ignore[arg-type]


def entry(minute: int, text: str, written: int | None = None) -> ResponseEntry:
    return ResponseEntry(
        id=uuid4(),
        major_id=MAJOR.id,
        incident_id=MAJOR.incident_id,
        kind=EntryKind.THEORY,
        text=text,
        happened_at=START + minute * MINUTE,
        written_at=START + (minute if written is None else written) * MINUTE,
        author_id=uuid4(),
    )


def test_times_are_counted_from_the_impact_and_unknown_without_it() -> None:
    known = replace(
        MAJOR,
        impact_started_at=START,
        detected_at=START + 4 * MINUTE,
        impact_ended_at=START + 90 * MINUTE,
    )
    assert (time_to_detect(known), time_to_recover(known)) == (4 * MINUTE, 90 * MINUTE)
    assert time_to_detect(replace(known, detected_at=None)) is None
    assert time_to_recover(replace(known, impact_started_at=None)) is None


def test_suspects_of_the_same_service_come_first_then_the_nearest() -> None:
    near, of_product = changed(START - 3 * MINUTE), changed(START - 700 * MINUTE)
    of_product = replace(of_product, product_ids=(PRODUCT,))
    of_service = changed(START - 60 * MINUTE, service_id=SERVICE)
    others = [
        changed(START + MINUTE),
        changed(START - 25 * 60 * MINUTE),
        changed(START, is_active=False),
    ]
    began = replace(MAJOR, impact_started_at=START)
    found = suspects([near, of_product, *others, of_service], began, SERVICE, [PRODUCT])
    assert [s.event for s in found] == [of_service, of_product, near]
    assert [s.words for s in found][::2] == ["1 h before impact", "3 min before impact"]
    detected = suspects([near], replace(MAJOR, detected_at=START), None, [])
    assert [(s.words, s.is_related) for s in detected] == [("3 min before detection", False)]
    assert suspects([near], MAJOR, SERVICE, []) == ()


NOTHING_DONE = StepFacts(
    is_detected=False,
    has_channel=False,
    unanswered=6,
    has_severity=False,
    has_tech_lead=False,
    has_communications=False,
    phase=ResponsePhase.INVESTIGATING,
    is_resolved=False,
    is_reviewed=False,
)
FACTS = {
    Step.DETECT: {"is_detected": True},
    Step.OPEN_COMMS: {"has_channel": True},
    Step.ASSESS: {"unanswered": 0, "has_severity": True},
    Step.FIRST_COMMS: {"is_told": True},
    Step.ESCALATE: {"is_escalated": True},
    Step.DELEGATE: {"has_tech_lead": True, "has_communications": True},
    Step.FIX_AND_UPDATE: {"phase": ResponsePhase.MONITORING},
    Step.RESOLVE: {"is_resolved": True},
    Step.REVIEW: {"is_reviewed": True},
}


@pytest.mark.parametrize("step", Step)
def test_a_step_is_done_by_its_own_facts_alone(step: Step) -> None:
    done = [s.step for s in steps(replace(NOTHING_DONE, **FACTS[step])) if s.is_done]  # type: ignore[arg-type]
    assert done == [step]
    for name, value in FACTS[step].items():
        some = replace(NOTHING_DONE, **{name: value})  # type: ignore[arg-type]
        is_done = next(s for s in steps(some) if s.step is step).is_done
        assert is_done == (len(FACTS[step]) == 1)


def test_the_step_now_is_the_first_that_lacks_something() -> None:
    assert step_now(steps(replace(NOTHING_DONE, has_channel=True))) is Step.DETECT
    assert step_now(steps(replace(NOTHING_DONE, is_detected=True, has_channel=True))) is Step.ASSESS
    all_done = {name: value for facts in FACTS.values() for name, value in facts.items()}
    assert step_now(steps(replace(NOTHING_DONE, **all_done))) is None  # type: ignore[arg-type]


def test_the_topic_says_what_matters_first_and_fits() -> None:
    said = {"key": "INC-204", "severity": "SEV 1", "summary": "Checkout  fails"}
    roles = [("Incident manager", "Priya"), ("Tech lead", "Theo")]
    full = topic(**said, roles=roles, links=["https://a", "https://b"])
    assert full == (
        "INC-204 SEV 1 Checkout fails | Incident manager: Priya, Tech lead: Theo"
        " | https://a https://b"
    )
    long = topic(**said, roles=roles, links=["https://a", "https://" + "b" * 200])
    assert long.endswith("| https://a")
    many = topic(**said, roles=[*roles, ("Scribe", "x" * 250)], links=["https://a"])
    assert many == "INC-204 SEV 1 Checkout fails | Incident manager: Priya, Tech lead: Theo"
    cut = topic(key="INC-1", severity="", summary="y" * 300, roles=roles, links=[], is_drill=True)
    assert len(cut) == LONGEST
    assert cut.startswith("DRILL INC-1 yyy")
    assert cut.endswith("…")


def test_what_was_known_is_what_was_written_as_it_read_then() -> None:
    early, late = entry(5, "Gateway"), entry(2, "Router", written=30)
    later_read = replace(early, verdict=Verdict.CONFIRMED, text="Gateway is full")
    changes = (
        (10, {"verdict": ["open", "testing"]}),
        (20, {"verdict": ["testing", "confirmed"], "text": ["Gateway", "Gateway is full"]}),
    )
    history = [
        HistoryEntry(
            id=uuid4(), incident_id=MAJOR.incident_id, subject=ResponseEntry.TABLE,
            subject_id=early.id, command_id=uuid4(), act="ChangeEntry", actor_id=uuid4(),
            happened_at=START + at * MINUTE, changes=json.dumps(what),
        )
        for at, what in changes
    ]  # fmt: skip
    entries = (later_read, late)

    def known(minute: int) -> list[tuple[str, Verdict]]:
        found = known_at(entries, history, START + minute * MINUTE)
        return [(e.text, e.verdict) for e in found]

    assert known(4) == []
    assert known(9) == [("Gateway", Verdict.OPEN)]
    assert known(15) == [("Gateway", Verdict.TESTING)]
    assert known(29) == [("Gateway is full", Verdict.CONFIRMED)]
    assert len(known(30)) == 2
    assert happened_until(entries, START + 3 * MINUTE) == (late,)
