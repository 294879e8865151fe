"""Which word the composer begins with, and what it says by itself."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from builders import DANA, START
from update_world import accepted

from desktop.presenters.composer_commands import copied, empty_fields
from desktop.presenters.composer_reading import Composing
from desktop.views.composer.next_update import NO_NEXT
from services.communications.status_page import Audience
from services.communications.status_update import StatusUpdate, UpdateMoment
from services.core.ids import derived_id
from services.major_incidents.major import MajorState, ResponsePhase

LAST = StatusUpdate(
    id=derived_id("word", 1),
    incident_id=derived_id("incident", 1),
    page_id=derived_id("page", 1),
    audience=Audience.EXTERNAL,
    moment=UpdateMoment.FIRST,
    phase=ResponsePhase.IDENTIFIED,
    summary="We know what it is.",
    next_update_at=START + timedelta(minutes=20),
    written_by_id=DANA,
    written_at=START,
)


@pytest.mark.parametrize("moment", UpdateMoment, ids=str)
def test_the_last_word_says_that_it_is_over_and_names_no_next_one(moment: UpdateMoment) -> None:
    is_last = moment is UpdateMoment.FINAL
    again = copied(LAST, moment)
    assert again["moment"] == moment.value
    assert again["summary"] == LAST.summary
    assert again["phase"] == ("resolved" if is_last else "identified")
    assert again.get("next") == (NO_NEXT if is_last else None), "a time is never repeated"
    fresh = empty_fields("Issues with the shop", moment)
    assert (fresh["phase"], fresh["next"]) == (
        ("resolved", NO_NEXT) if is_last else ("investigating", "")
    )
    assert copied(replace(LAST, told_at=START), moment)["is_told"] is False
    known = empty_fields("Issues with the shop", moment, ResponsePhase.MONITORING)
    assert known["phase"] == ("resolved" if is_last else "monitoring")


@pytest.mark.parametrize(
    ("state", "moment"),
    [
        (MajorState.ACCEPTED, UpdateMoment.FIRST),
        (MajorState.DEMOTED, UpdateMoment.FINAL),
        (MajorState.RESOLVED, UpdateMoment.FINAL),
        (MajorState.REVIEWED, UpdateMoment.FINAL),
    ],
)
def test_the_composer_begins_with_the_last_word_once_it_is_over(
    state: MajorState, moment: UpdateMoment
) -> None:
    ended: dict[str, Any] = {"decided_at": START, "resolved_at": START}
    major = accepted(LAST.incident_id, state=state, **ended)
    nothing: dict[str, Any] = dict.fromkeys(("incident", "names", "settings", "values"))
    known = Composing(major=major, destinations={}, components={}, items=(), **nothing)
    assert known.next_moment(Audience.EXTERNAL) is moment
