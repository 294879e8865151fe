"""From what stands in the composer to commands, and from an update back into the fields."""

import json
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from desktop.presenters.composer_words import next_at
from desktop.views.composer.next_update import NO_NEXT
from desktop.views.composer.values import UpdateForm
from services.communications import acts
from services.communications.checks import Words
from services.communications.message import states_of
from services.communications.read_models import ComponentItem
from services.communications.status_page import Audience, ComponentStatus
from services.communications.status_update import StatusUpdate, UpdateMoment
from services.major_incidents.major import ResponsePhase

_SAID = (
    "phase", "subject", "summary", "current_status", "next_steps", "is_cause_released", "told_at",
)  # fmt: skip
_SAID_OF_NEXT = ("next_update_at", "next_update_where", "component_states")


def words_of(form: UpdateForm, now: datetime) -> Words:
    """What the checks look at, as if it were sent now."""
    return Words(
        audience=form.audience,
        moment=form.moment,
        subject=form.subject,
        summary=form.summary,
        current_status=form.current_status,
        next_steps=form.next_steps,
        next_update_at=next_at(form.next_after_s, form.next_at, now),
        next_update_where=form.next_where,
        is_cause_released=form.is_cause_released,
    )


def draft(
    form: UpdateForm, update_id: UUID, incident_id: UUID, states: str, now: datetime
) -> acts.DraftUpdate:
    """A new update of these words."""
    assert form.page_id is not None
    return acts.DraftUpdate(
        update_id=update_id,
        incident_id=incident_id,
        page_id=form.page_id,
        moment=form.moment,
        is_notifying=bool(form.is_notifying),
        **_typed(form, states, now),
    )


def change(
    form: UpdateForm, update: StatusUpdate, seen_written_at: datetime, states: str, now: datetime
) -> acts.ChangeDraft | None:
    """These words for an update that is kept; None where it says them already."""
    as_it_is = replace(same_words(update), seen_written_at=seen_written_at)
    made = replace(as_it_is, moment=form.moment, **_typed(form, states, now))
    return None if made == as_it_is else made


def _typed(form: UpdateForm, states: str, now: datetime) -> dict[str, Any]:
    """Everything that an update says, as it is typed."""
    return {
        **{name: getattr(form, name) for name in _SAID},
        "next_update_at": next_at(form.next_after_s, form.next_at, now),
        "next_update_where": form.next_where,
        "component_states": states,
    }


def same_words(update: StatusUpdate) -> acts.ChangeDraft:
    """The same words, to be written on: a review of them is void."""
    return acts.ChangeDraft(
        update_id=update.id,
        incident_id=update.incident_id,
        moment=update.moment,
        is_notifying=update.is_notifying,
        seen_written_at=update.written_at,
        **_written(update),
    )


def correction(update: StatusUpdate, update_id: UUID) -> acts.CorrectUpdate:
    """A correction that begins with the words that were sent."""
    return acts.CorrectUpdate(
        update_id=update_id,
        incident_id=update.incident_id,
        replaces_id=update.id,
        is_notifying=False,
        **_written(update),
    )


def _written(update: StatusUpdate) -> dict[str, Any]:
    """Everything that an update says."""
    return {name: getattr(update, name) for name in (*_SAID, *_SAID_OF_NEXT)}


def review(update: StatusUpdate, *, is_passed: bool, remark: str = "") -> acts.ReviewUpdate:
    """A second pair of eyes has read it."""
    return acts.ReviewUpdate(
        update_id=update.id,
        incident_id=update.incident_id,
        is_passed=is_passed,
        remark=remark,
        seen_written_at=update.written_at,
    )


def states_text(form: UpdateForm, components: tuple[ComponentItem, ...]) -> str:
    """The components that do not do well, and those that do otherwise than was said last."""
    if form.audience is Audience.INTERNAL:
        return "{}"
    before = {item.component.id: item.status for item in components}
    told = {
        str(id_): status.value
        for id_, status in form.component_states.items()
        if status is not ComponentStatus.OPERATIONAL or before.get(id_, status) is not status
    }
    return json.dumps(told, sort_keys=True)


def fields_of(update: StatusUpdate) -> dict[str, object]:
    """The words of an update, by the fields of the composer."""
    states = states_of(update.component_states)
    due = update.next_update_at
    found: dict[str, object] = {
        "page": str(update.page_id),
        "moment": update.moment.value,
        "subject": update.subject,
        "summary": update.summary,
        "current_status": update.current_status,
        "next_steps": update.next_steps,
        "next": due.isoformat() if due is not None else NO_NEXT,
        "where": update.next_update_where,
        "phase": update.phase.value,
        "components": [f"{id_} {status.value}" for id_, status in states.items()],
        "released": update.is_cause_released,
        "told_at": (update.told_at or update.written_at).isoformat(),
        "is_told": update.told_at is not None,
    }
    return found


def copied(update: StatusUpdate, moment: UpdateMoment) -> dict[str, object]:
    """The words of the last update to begin the next one from: its time is not repeated."""
    found = fields_of(update)
    del found["next"]
    return {**found, "is_told": False, "moment": moment.value, **_ending(moment)}


def _ending(moment: UpdateMoment) -> dict[str, object]:
    """The last word says that it is over, and names no next one."""
    is_last = moment is UpdateMoment.FINAL
    return {"phase": ResponsePhase.RESOLVED.value, "next": NO_NEXT} if is_last else {}


def empty_fields(
    subject: str, moment: UpdateMoment, phase: ResponsePhase = ResponsePhase.INVESTIGATING
) -> dict[str, object]:
    """The fields before anything is written; ``phase`` is how far the response is."""
    return {
        "moment": moment.value,
        "subject": subject,
        "summary": "",
        "current_status": "",
        "next_steps": "",
        "components": [],
        "released": False,
        "phase": phase.value,
        "next": "",
        "where": "",
        "is_told": False,
        **_ending(moment),
    }
