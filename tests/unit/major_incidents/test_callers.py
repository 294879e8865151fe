"""From how many callers on an incident is proposed as major: a number of the matrix in force."""

from uuid import UUID, uuid4

import pytest
from builders import DANA, MAYA, Desk

from services.core.errors import InvalidText
from services.incidents.acts import EditPriorityMatrix, LinkToParent
from services.incidents.priority import CALLERS_OF_MAJOR, DEFAULT_CELLS, PriorityMatrix
from services.major_incidents.entry_acts import AddSupportCase
from services.major_incidents.lifecycle import reasons
from services.major_incidents.major import MajorIncident, Proposal


def edition(desk: Desk, callers: int) -> None:
    made = EditPriorityMatrix(
        matrix_id=uuid4(),
        edition=max(m.edition for m in desk.find(PriorityMatrix)) + 1,
        name="Winter",
        cells=DEFAULT_CELLS,
        callers_of_major=callers,
    )
    desk.do(made, MAYA)


def call(desk: Desk, id_: UUID) -> None:
    case = AddSupportCase(incident_id=id_, case_id=uuid4(), reference=f"C-{uuid4()}")
    desk.do(case, DANA)


def proposals(desk: Desk, id_: UUID) -> list[Proposal]:
    return [major.because for major in desk.find(MajorIncident, incident_id=id_)]


def test_so_many_callers_as_the_edition_in_force_says(desk: Desk) -> None:
    edition(desk, 3)
    id_, other = desk.log(), desk.log()
    call(desk, id_)
    call(desk, id_)
    assert proposals(desk, id_) == []
    desk.do(LinkToParent(incident_id=other, parent_id=id_, seen_parent_id=None), DANA)
    assert proposals(desk, id_) == [Proposal.CALLERS]
    edition(desk, 5)
    later = desk.log()
    for _ in range(4):
        call(desk, later)
    assert proposals(desk, later) == []
    call(desk, later)
    assert proposals(desk, later) == [Proposal.CALLERS]


def test_the_rule_takes_the_number_and_is_twenty_where_nobody_said_otherwise(desk: Desk) -> None:
    incident = desk.incident(desk.log())
    assert reasons(incident, None, CALLERS_OF_MAJOR - 1) == ()
    assert reasons(incident, None, CALLERS_OF_MAJOR) == (Proposal.CALLERS,)
    assert reasons(incident, None, 6, 7) == ()
    assert reasons(incident, None, 7, 7) == (Proposal.CALLERS,)
    assert desk.find(PriorityMatrix)[0].callers_of_major == CALLERS_OF_MAJOR


def test_one_caller_is_not_many(desk: Desk) -> None:
    with pytest.raises(InvalidText):
        edition(desk, 1)
