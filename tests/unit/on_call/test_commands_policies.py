"""Keeping escalation policies: none that could end in nobody, and their hours as rows."""

from collections.abc import Iterator
from dataclasses import fields, replace
from uuid import uuid4

import pytest
from builders import ADAM, DANA, IMRAN, MONA, NETWORK, START, TARA, THEO, VERA, Desk, office_at
from rota_world import (
    CALL_NETWORK,
    DAY,
    MAJOR_ROSTER,
    NETWORK_POLICY,
    NETWORK_ROTA,
    POLICY,
    put_rotas,
)

from services.core.errors import AppError, FieldMissing, RecordMissing, RoleMissing
from services.on_call.act_errors import (
    CatchAllNeeded,
    PolicyEndsInNobody,
    PolicyInvalid,
    StepInvalid,
)
from services.on_call.acts import ChangeRoster
from services.on_call.errors import RestrictionUnreadable, ZoneUnknown
from services.on_call.policy import EscalationPolicy, EscalationStep, PolicyHours, StepWhen
from services.on_call.policy_acts import (
    AddPolicy,
    ChangePolicy,
    ExtendPolicyHours,
    SetPolicySteps,
    StepDraft,
    draft_of,
    step_from_text,
)

CALL_VERA = StepDraft(person_ids=(VERA,), delay_s=60, taken=StepWhen.OUT_OF_HOURS)
SILENT = StepDraft(delay_s=0)


@pytest.fixture
def desk() -> Iterator[Desk]:
    with office_at() as office:
        desk = office.desk()
        put_rotas(desk)
        yield desk


def policy(desk: Desk, **given) -> ChangePolicy:
    """The command that changes these values of the policy."""
    before = desk.get(EscalationPolicy, NETWORK_POLICY)
    names = {f.name for f in fields(ChangePolicy)} - {"policy_id"}
    return ChangePolicy(
        policy_id=before.id, **{name: getattr(before, name) for name in names} | given
    )


def steps(desk: Desk) -> list[StepDraft]:
    found = desk.find(EscalationStep, policy_id=NETWORK_POLICY, is_active=True)
    return [draft_of(step) for step in sorted(found, key=lambda step: step.position)]


def setting(*drafts: StepDraft) -> SetPolicySteps:
    return SetPolicySteps(
        policy_id=NETWORK_POLICY, steps=tuple(draft.to_text() for draft in drafts)
    )


def test_a_policy_is_saved_with_its_steps(desk: Desk) -> None:
    desk.do(replace(POLICY, steps=(CALL_NETWORK.to_text(), CALL_VERA.to_text())), IMRAN)
    assert steps(desk) == [CALL_NETWORK, CALL_VERA]


@pytest.mark.parametrize("who", [DANA, THEO, TARA])
def test_policies_are_kept_by_keepers_alone(desk: Desk, who) -> None:
    with pytest.raises(RoleMissing):
        desk.give(POLICY, who)
    desk.do(POLICY, ADAM)
    for command in (policy(desk), setting(CALL_VERA)):
        with pytest.raises(RoleMissing):
            desk.give(command, who)


def test_steps_are_replaced_as_a_whole_and_put_back(desk: Desk) -> None:
    desk.do(POLICY, MONA)
    desk.do(setting(SILENT, CALL_VERA, CALL_NETWORK), MONA)
    assert steps(desk) == [SILENT, CALL_VERA, CALL_NETWORK]
    desk.do(setting(CALL_NETWORK), MONA)
    assert steps(desk) == [CALL_NETWORK]
    assert len(desk.find(EscalationStep)) == 3


@pytest.mark.parametrize("given", [(), (SILENT,), (SILENT, SILENT)])
def test_a_policy_that_calls_nobody_is_not_saved(desk: Desk, given) -> None:
    with pytest.raises(PolicyEndsInNobody):
        desk.give(replace(POLICY, steps=tuple(d.to_text() for d in given)), MONA)
    desk.do(POLICY, MONA)
    with pytest.raises(PolicyEndsInNobody):
        desk.give(setting(*given), MONA)


def test_no_policy_is_saved_while_the_catch_all_has_nobody() -> None:
    with office_at() as office:
        desk = office.desk()
        calls_vera = replace(POLICY, steps=(CALL_VERA.to_text(),))
        with pytest.raises(CatchAllNeeded):
            desk.give(calls_vera, MONA)
        desk.do(MAJOR_ROSTER, MONA)
        with pytest.raises(CatchAllNeeded):
            desk.give(calls_vera, MONA)


@pytest.mark.parametrize(
    ("draft", "error"),
    [
        (StepDraft(person_ids=(VERA,), delay_s=-1), StepInvalid),
        (StepDraft(person_ids=(VERA,), delay_s=86_401), StepInvalid),
        (StepDraft(person_ids=(VERA, VERA)), StepInvalid),
        (StepDraft(person_ids=tuple(uuid4() for _ in range(21))), StepInvalid),
        (StepDraft(person_ids=(uuid4(),)), RecordMissing),
        (StepDraft(roster_ids=(uuid4(),)), RecordMissing),
        (StepDraft(team_ids=(uuid4(),)), RecordMissing),
    ],
)
def test_a_step_that_cannot_be_taken_is_refused(desk: Desk, draft, error) -> None:
    desk.do(POLICY, MONA)
    with pytest.raises(error):
        desk.give(setting(CALL_VERA, draft), MONA)


def test_eleven_steps_are_too_many(desk: Desk) -> None:
    desk.do(POLICY, MONA)
    desk.do(setting(*[CALL_VERA] * 10), MONA)
    with pytest.raises(StepInvalid):
        desk.give(setting(*[CALL_VERA] * 11), MONA)


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", '{"delay_s": "x"}', "[" * 9000])
def test_a_step_that_is_not_written_as_one_is_refused(text: str) -> None:
    with pytest.raises(StepInvalid):
        step_from_text(text)


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"severities": "4"}, PolicyInvalid),
        ({"severities": "21"}, PolicyInvalid),
        ({"priorities": "11"}, PolicyInvalid),
        ({"out_of_hours_severities": "x"}, PolicyInvalid),
        ({"repeat_count": -1}, PolicyInvalid),
        ({"repeat_count": 10}, PolicyInvalid),
        ({"acknowledge_timeout_s": -1}, PolicyInvalid),
        ({"business_hours": "always"}, RestrictionUnreadable),
        ({"time_zone": "Nowhere"}, ZoneUnknown),
        ({"name": ""}, FieldMissing),
        ({"team_id": uuid4()}, RecordMissing),
    ],
)
def test_a_value_out_of_range_is_refused(desk: Desk, given, error) -> None:
    with pytest.raises(error):
        desk.give(replace(POLICY, **given), MONA)
    desk.do(POLICY, MONA)
    with pytest.raises(error):
        desk.give(policy(desk, **given), MONA)


def test_a_policy_is_retired_and_comes_back(desk: Desk) -> None:
    desk.do(POLICY, MONA)
    desk.do(policy(desk, is_active=False), MONA)
    assert not desk.find(PolicyHours, is_cancelled=False)[0].ends_at > desk.clock.now()
    desk.do(policy(desk, is_active=True), MONA)
    assert desk.get(EscalationPolicy, NETWORK_POLICY).team_id == NETWORK


def test_business_hours_are_kept_as_rows_and_extended_day_by_day(desk: Desk) -> None:
    office_hours = replace(POLICY, business_hours="mon-fri 09:00-17:00", time_zone="Europe/Lisbon")
    desk.do(office_hours, MONA)

    def hours() -> list[PolicyHours]:
        found = desk.find(PolicyHours, policy_id=NETWORK_POLICY, is_cancelled=False)
        return sorted(found, key=lambda row: row.starts_at)

    found = hours()
    assert len(found) == 286
    assert found[1].starts_at == START + DAY
    assert found[-1].ends_at > START + 395 * DAY
    before = {row.id: row for row in desk.find(PolicyHours)}
    desk.clock.advance(DAY)
    desk.do(ExtendPolicyHours(policy_id=NETWORK_POLICY), ADAM)
    changed = [row for row in desk.find(PolicyHours) if before.get(row.id) != row]
    assert len(changed) == 1
    desk.do(policy(desk, business_hours="mon-fri 10:00-17:00"), MONA)
    assert hours()[10].starts_at.hour == 10
    desk.do(policy(desk, business_hours=""), MONA)
    assert [row.ends_at - desk.clock.now() > 300 * DAY for row in hours()[-1:]] == [True]


def test_a_roster_that_a_step_calls_must_be_in_use(desk: Desk) -> None:
    retire = ChangeRoster(
        roster_id=NETWORK_ROTA, name="Network", time_zone="UTC", team_id=NETWORK,
        is_catch_all=False, is_active=False,
    )  # fmt: skip
    desk.do(retire, MONA)
    with pytest.raises(AppError) as refusal:
        desk.give(POLICY, MONA)
    assert refusal.value.code == "roster-retired"


def test_commands_of_policies_travel_as_they_are() -> None:
    assert step_from_text(CALL_VERA.to_text()) == CALL_VERA
    assert {f.name for f in fields(AddPolicy)} - {"steps"} == {
        f.name for f in fields(ChangePolicy)
    } - {"is_active"}
