"""Records of the scene in each of their states, and all that a step to another one can need."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from itertools import permutations
from typing import Any
from uuid import UUID

from builders import ADAM, CLEO, DANA, IMRAN, MONA, ROLES, THEO
from contract.major_attacks import SOLVED
from contract.major_scene import HOLDINGS, major_at
from contract.page_scene import ANSWERED, GONE, LATE, YOUNG
from contract.scene import NOW, Scene

from services.core.records import Record
from services.major_incidents.major import HoldingState, MajorIncident, MajorState, RoleHolding
from services.major_incidents.transitions import HOLDING_TRANSITIONS, MAJOR_TRANSITIONS
from services.paging.page import Page, PageState
from services.paging.transitions import PAGE_TRANSITIONS
from services.registry import rule_statements
from services.sync.shared import Outcome

PEOPLE = (DANA, THEO, IMRAN, CLEO, MONA, ADAM)
"""One of each role."""

GIVEN = set(rule_statements()[0][1])
"""Who may give which command at all."""


@dataclass(frozen=True)
class Product:
    """One record for each state, its table, and the guards that look at more than the table."""

    transitions: tuple[Any, ...]
    states: type[Enum]
    at: Callable[[Scene, Any], Record]
    columns: Callable[[Any, UUID], Mapping[str, Any]]
    left_out: tuple[str, ...]

    @property
    def acts(self) -> list[str]:
        """The acts that move such a record."""
        return sorted({t.act for t in self.transitions if t.start is not None})

    def differing(self, scene: Scene, act: str) -> tuple[list[tuple[Any, ...]], int]:
        """Where the shared database does not do as the table says, and how often it allows."""
        differ, allowed = [], 0
        for start, end in permutations(self.states, 2):
            row = self.at(scene, start)
            for who in PEOPLE:
                columns = {"state": end.value, **self.columns(end, who)}
                op = (row.TABLE, str(row.id), row.version, columns)  # type: ignore[attr-defined]
                decision = scene.client.submit(act, [op], who)
                expected = self._may(act, start, end, who)
                allowed += expected
                if (decision.outcome is Outcome.APPLIED) != expected:
                    found = (start.value, end.value, ROLES[who].value, expected, decision.code)
                    differ.append(found)
        return differ, allowed

    def _may(self, act: str, start: Enum, end: Enum, who: UUID) -> bool:
        role = ROLES[who]
        by_table = any(
            (t.act, t.start, t.end) == (act, start, end) and role in t.roles
            for t in self.transitions
        )
        return by_table and (act, role.value) in GIVEN


PAGES = {
    PageState.OPEN: YOUNG,
    PageState.ACKNOWLEDGED: ANSWERED,
    PageState.HELD: LATE,
    PageState.SUPERSEDED: GONE,
}


def _of_page(end: PageState, who: UUID) -> dict[str, Any]:
    is_answer = end is PageState.ACKNOWLEDGED
    return {
        "acknowledged_by_id": str(who) if is_answer else None,
        "acknowledged_at": NOW if is_answer else None,
        "ended_at": NOW if end is PageState.SUPERSEDED else None,
    }


DECIDED = (MajorState.ACCEPTED, MajorState.REJECTED, MajorState.DEMOTED)


def _of_major(end: MajorState, who: UUID) -> dict[str, Any]:
    if end is MajorState.PROPOSED:
        return {"proposed_by_id": str(who), "decided_by_id": str(who)}
    if end in DECIDED:
        return {"decided_by_id": str(who), "accepted_at": NOW}
    return {**SOLVED, "state": end.value, "decided_by_id": str(who)}


def _of_holding(end: HoldingState, who: UUID) -> dict[str, Any]:
    return {"accepted_at": NOW} if end is HoldingState.HELD else {"ended_at": NOW}


PRODUCTS = {
    "page": Product(
        PAGE_TRANSITIONS,
        PageState,
        lambda scene, state: scene.desk.get(Page, PAGES[state]),
        _of_page,
        ("page_dropped",),
    ),
    MajorIncident.TABLE: Product(
        MAJOR_TRANSITIONS,
        MajorState,
        major_at,
        _of_major,
        ("major_resolver", "major_reviewer", "major_undone"),
    ),
    RoleHolding.TABLE: Product(
        HOLDING_TRANSITIONS,
        HoldingState,
        lambda scene, state: scene.desk.get(RoleHolding, HOLDINGS[state]),
        _of_holding,
        ("role_answered", "role_ended", "role_undone"),
    ),
}
