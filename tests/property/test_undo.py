"""Undo puts an incident back exactly as it was, whatever led there."""

from typing import Any
from uuid import UUID

import pytest
from builders import DANA, MAYA, THEO, Desk, office_at
from hypothesis import example, given, settings
from hypothesis import strategies as st
from property.random_acts import ACTS, REVERSIBLE, WHO

from services.core.errors import AppError
from services.core.records import spec_of
from services.incidents import acts
from services.incidents.errors import NothingToUndo
from services.incidents.incident import Escalation, HistoryEntry, Incident
from services.incidents.undo import UNDOABLE

STEP = st.tuples(st.sampled_from(sorted(REVERSIBLE)), st.sampled_from(WHO), st.integers(0, 8))
UNTOUCHED = ("version", "updated_at")


def picture(desk: Desk) -> dict[UUID, dict[str, Any]]:
    """Every incident as it is, but for the marks that any change leaves."""
    spec = spec_of(Incident)
    rows = {i.id: spec.to_row(i) for i in desk.find(Incident)}
    for row in rows.values():
        for name in UNTOUCHED:
            del row[name]
    return rows  # type: ignore[return-value]


def handed(desk: Desk) -> dict[UUID, str]:
    """Where the escalations stand."""
    return {e.id: e.state.value for e in desk.find(Escalation)}


@settings(max_examples=40)
@given(st.lists(STEP, min_size=1, max_size=10))
@example([("start", DANA, 0), ("hold", DANA, 1), ("escalate", DANA, 0)])
@example([("start", DANA, 0), ("escalate", DANA, 0), ("escalate", DANA, 1)])
@example([("hold", MAYA, 3), ("resume", MAYA, 0), ("hold", MAYA, 3)])
@example([("hold", DANA, 3), ("hold", DANA, 3)])
def test_undo_restores_the_record_exactly(steps: list[tuple[str, UUID, int]]) -> None:
    with office_at() as office:
        desk = office.desk()
        parent = desk.log()
        id_ = desk.log()
        desk.do(acts.LinkToParent(incident_id=id_, parent_id=parent, seen_parent_id=None))
        for name, who, n in steps:
            target = parent if n % 4 == 3 else id_
            before, known = picture(desk), handed(desk)
            try:
                given_ = desk.do(ACTS[name](desk, target, n), who)
            except AppError:
                continue
            if not changed_something(desk, given_.command_id):
                continue
            assert given_.name in UNDOABLE
            undone = desk.do(
                acts.UndoAct(incident_id=target, undone_command_id=given_.command_id), who
            )
            assert picture(desk) == before
            after = handed(desk)
            assert {k: after[k] for k in known} == known
            assert {after[k] for k in after.keys() - known.keys()} <= {"recalled"}
            with pytest.raises(NothingToUndo):
                desk.give(
                    acts.UndoAct(incident_id=target, undone_command_id=undone.command_id), who
                )
            # Go on from there: the same act again.
            desk.do(ACTS[name](desk, target, n), who)


def changed_something(desk: Desk, command_id: UUID) -> bool:
    entries = desk.find(HistoryEntry, command_id=command_id)
    return any(e.changes != "{}" or e.subject == "escalation" for e in entries)


@pytest.mark.parametrize("name", ["close", "cancel", "note"])
def test_what_lasts_cannot_be_undone(name: str) -> None:
    with office_at() as office:
        desk = office.desk()
        id_ = desk.log()
        if name == "close":
            desk.resolve(id_)
        given_ = desk.do(ACTS[name](desk, id_, 0))
        with pytest.raises(AppError):
            desk.give(acts.UndoAct(incident_id=id_, undone_command_id=given_.command_id))


def test_only_who_did_it_undoes_it_while_nobody_built_on_it() -> None:
    with office_at() as office:
        desk = office.desk()
        id_ = desk.log()
        started = desk.do(acts.StartIncident(incident_id=id_), DANA)
        undo = acts.UndoAct(incident_id=id_, undone_command_id=started.command_id)
        for other in (THEO, MAYA):
            with pytest.raises(NothingToUndo):
                desk.give(undo, other)
        desk.do(ACTS["assign"](desk, id_, 1), MAYA)
        with pytest.raises(NothingToUndo):
            desk.give(undo, DANA)


def test_logging_itself_is_cancelled_not_undone() -> None:
    with office_at() as office:
        desk = office.desk()
        id_ = desk.log()
        logged = desk.find(HistoryEntry, incident_id=id_)[0]
        with pytest.raises(NothingToUndo):
            desk.give(acts.UndoAct(incident_id=id_, undone_command_id=logged.command_id))
