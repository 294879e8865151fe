"""Every role, every act, a page from every state to every other: allowed as the table says."""

from itertools import permutations
from typing import Any
from uuid import UUID

import pytest
from builders import ADAM, CLEO, DANA, IMRAN, MONA, ROLES, THEO
from contract.attacks import NOW, Scene
from contract.page_scene import ANSWERED, GONE, LATE, YOUNG

from services.paging.page import Page, PageState
from services.paging.transitions import PAGE_TRANSITIONS
from services.people.person import Role
from services.registry import rule_statements
from services.sync.shared import Outcome

PEOPLE = (DANA, THEO, IMRAN, CLEO, MONA, ADAM)
"""One of each role."""

PAGES = {
    PageState.OPEN: YOUNG,
    PageState.ACKNOWLEDGED: ANSWERED,
    PageState.HELD: LATE,
    PageState.SUPERSEDED: GONE,
}
GIVEN = set(rule_statements()[0][1])
ACTS = sorted({t.act for t in PAGE_TRANSITIONS if t.start is not None})


def columns_of(end: PageState, who: UUID) -> dict[str, Any]:
    """All that a step to this state can need."""
    is_answer = end is PageState.ACKNOWLEDGED
    return {
        "state": end.value,
        "acknowledged_by_id": str(who) if is_answer else None,
        "acknowledged_at": NOW if is_answer else None,
        "ended_at": NOW if end is PageState.SUPERSEDED else None,
    }


def may_move(act: str, start: PageState, end: PageState, role: Role) -> bool:
    by_table = any(
        (t.act, t.start, t.end) == (act, start, end) and role in t.roles for t in PAGE_TRANSITIONS
    )
    return by_table and (act, role.value) in GIVEN


@pytest.fixture(params=["file_scene", "team_scene"], ids=["embedded", "postgres"])
def scene(request: pytest.FixtureRequest) -> Scene:
    """The same scene on both databases."""
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Scene)
    return found


@pytest.mark.parametrize("act", ACTS)
def test_a_page_goes_where_the_table_says(scene: Scene, act: str) -> None:
    """What keeps it while its incident is open is a guard of its own, attacked elsewhere."""
    differ, allowed = [], 0
    with scene.client.left_out("page_dropped"):
        for start, end in permutations(PageState, 2):
            page = scene.desk.get(Page, PAGES[start])
            for who in PEOPLE:
                op = (page.TABLE, str(page.id), page.version, columns_of(end, who))
                decision = scene.client.submit(act, [op], who)
                expected = may_move(act, start, end, ROLES[who])
                allowed += expected
                if (decision.outcome is Outcome.APPLIED) != expected:
                    found = (start.value, end.value, ROLES[who].value, expected, decision.code)
                    differ.append(found)
    assert not differ
    assert allowed
