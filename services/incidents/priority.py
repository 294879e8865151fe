"""Impact, urgency, priority and severity, and the matrix that joins the first three."""

from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import ClassVar
from uuid import UUID


class Impact(IntEnum):
    """Effect on the business: how much of it is affected."""

    ORGANISATION = 1
    TEAM = 2
    ONE_PERSON = 3


class Urgency(IntEnum):
    """How long resolving can wait before the business suffers."""

    HIGH = 1
    MEDIUM = 2
    LOW = 3


class Priority(IntEnum):
    """Order of work."""

    P1 = 1
    P2 = 2
    P3 = 3
    P4 = 4
    P5 = 5


class Severity(Enum):
    """Effect on customers; SEV1 and SEV2 are major. Never derived from priority."""

    SEV1 = "SEV1"
    SEV2 = "SEV2"
    SEV3 = "SEV3"


DEFAULT_CELLS = "123234345"
"""Rows are impact 1–3, columns urgency 1–3. Source: ServiceNow's default lookup rules."""


CALLERS_OF_MAJOR = 20
"""So many callers propose a major incident where nobody decided otherwise.

Source: the trigger rules that ServiceNow ships ask for more than 20 children.
"""
FEWEST_CALLERS = 2
"""One caller is an incident like any other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorityMatrix:
    """One edition of the matrix. Editions are never changed; a new one takes over.

    ``cells`` holds nine digits, impact by impact: the priority of impact i and urgency u is
    digit ``3 * (i - 1) + u``, counted from one. From ``callers_of_major`` cases of support and
    linked incidents on, an incident is proposed as major.
    """

    TABLE: ClassVar[str] = "priority_matrix"

    id: UUID
    version: int = 0
    edition: int
    name: str
    cells: str = DEFAULT_CELLS
    is_in_force: bool = True
    callers_of_major: int = CALLERS_OF_MAJOR

    def priority_of(self, impact: Impact, urgency: Urgency) -> Priority:
        """The priority this edition gives."""
        return Priority(int(self.cells[3 * (impact - 1) + urgency - 1]))


def oddities(cells: str) -> tuple[str, ...]:
    """Sentences about cells that rank a worse case lower than a milder one; empty is well.

    ``cells`` has the form of :class:`PriorityMatrix`.
    """
    found = []
    for impact in Impact:
        for urgency in Urgency:
            here = int(cells[3 * (impact - 1) + urgency - 1])
            if urgency < 3 and int(cells[3 * (impact - 1) + urgency]) < here:
                found.append(f"Impact {impact}: urgency {urgency + 1} ranks above {urgency}.")
            if impact < 3 and int(cells[3 * impact + urgency - 1]) < here:
                found.append(f"Urgency {urgency}: impact {impact + 1} ranks above {impact}.")
    return tuple(found)
