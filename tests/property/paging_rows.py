"""What the rows of pages and their deliveries say, in words."""

from uuid import UUID

from builders import NAMES
from property.paging_truth import Row

SECOND = 1_000_000
OPEN_STATES = {"new", "in_progress", "on_hold"}
IN_VAIN = {"refused", "dead", "superseded"}


def names(people: set[UUID]) -> list[str]:
    return sorted(NAMES[id_] for id_ in people)


def place_of(row: Row) -> tuple[int, int]:
    return row["round"], row["position"]


def is_over(state: str) -> bool:
    return state not in OPEN_STATES
