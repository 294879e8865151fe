"""One function per command that keeps escalation policies: state in, row changes out."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from services.on_call import policy_acts, policy_lifecycle
from services.on_call.act_errors import CatchAllNeeded, PolicyEndsInNobody
from services.on_call.conditions import active_roster, ensure_people, ensure_team
from services.on_call.policy import EscalationPolicy, EscalationStep, PolicyHours
from services.on_call.policy_acts import StepDraft
from services.on_call.shift_changes import is_manned
from services.sync.changes import Act, Changes, State


def add_policy(state: State, act: Act, command: policy_acts.AddPolicy) -> Changes:
    """A policy with its steps, written before it, so that it is never seen without them.

    Raises:
        CatchAllNeeded: nobody would be called after its last step.
        PolicyEndsInNobody: no step calls anybody.
    """
    _ensure_an_end(state, act)
    ensure_team(state, command.team_id)
    policy = policy_lifecycle.new_policy(command)
    steps = _step_changes(state, policy.id, policy_lifecycle.drafts_of(command.steps))
    return steps.insert(policy) | _hour_changes(state, act, policy)


def change_policy(state: State, act: Act, command: policy_acts.ChangePolicy) -> Changes:
    """New particulars, for pages that begin from now on.

    Raises:
        CatchAllNeeded: nobody would be called after its last step.
        PolicyEndsInNobody: no step calls anybody.
    """
    before = state.get(EscalationPolicy, command.policy_id)
    ensure_team(state, command.team_id)
    after = policy_lifecycle.changed_policy(before, command)
    if after.is_active:
        _ensure_an_end(state, act)
        steps = state.find(EscalationStep, policy_id=before.id, is_active=True)
        if not any(policy_acts.draft_of(step).target_count for step in steps):
            raise PolicyEndsInNobody()
    return Changes.none().update(before, after) | _hour_changes(state, act, after)


def set_policy_steps(state: State, act: Act, command: policy_acts.SetPolicySteps) -> Changes:
    """Other steps, for pages that begin from now on.

    Raises:
        CatchAllNeeded: nobody would be called after the last one.
        PolicyEndsInNobody: no step calls anybody.
    """
    _ensure_an_end(state, act)
    policy = state.get(EscalationPolicy, command.policy_id)
    return _step_changes(state, policy.id, policy_lifecycle.drafts_of(command.steps))


def extend_policy_hours(state: State, act: Act, command: policy_acts.ExtendPolicyHours) -> Changes:
    """Business hours as far ahead as they are kept, after a day has passed."""
    return _hour_changes(state, act, state.get(EscalationPolicy, command.policy_id))


def _ensure_an_end(state: State, act: Act) -> None:
    if not is_manned(state, act.happened_at):
        raise CatchAllNeeded(roster="")


def _step_changes(state: State, policy_id: UUID, drafts: Sequence[StepDraft]) -> Changes:
    """Steps written before others are taken away, so that one that calls is always there."""
    known = {step.id: step for step in state.find(EscalationStep, policy_id=policy_id)}
    changes = Changes.none()
    # Those that call somebody come first; the order of the write-set is not that of the steps.
    for position, draft in sorted(enumerate(drafts), key=lambda pair: not pair[1].target_count):
        _ensure_targets(state, draft)
        step = policy_lifecycle.step_of(policy_id, position, draft)
        before = known.pop(step.id, None)
        if before is None:
            changes = changes.insert(step)
        else:
            changes = changes.update(before, replace(step, version=before.version))
    for step in known.values():
        changes = changes.update(step, replace(step, is_active=False))
    return changes


def _ensure_targets(state: State, draft: StepDraft) -> None:
    ensure_people(state, draft.person_ids)
    for roster_id in draft.roster_ids:
        active_roster(state, roster_id)
    for team_id in draft.team_ids:
        ensure_team(state, team_id)


def _hour_changes(state: State, act: Act, policy: EscalationPolicy) -> Changes:
    kept = {row.id: row for row in state.find(PolicyHours, policy_id=policy.id)}
    wanted = policy_lifecycle.wanted_hours(policy, act.happened_at)
    images = policy_lifecycle.rehoured(policy.id, kept.values(), wanted, act.happened_at)
    changes = Changes.none()
    for image in images:
        before = kept.get(image.id)
        changes = changes.update(before, image) if before else changes.insert(image)
    return changes
