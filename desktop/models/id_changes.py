"""What differs between two lists of numbers."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ChangedSpan:
    """The part in the middle that differs; before ``start`` and after it both lists agree."""

    start: int
    before: "array[int]"
    after: "array[int]"

    def is_wide(self, lines: int) -> bool:
        """Whether comparing it line by line would be felt."""
        return len(self.before) > lines or len(self.after) > lines


def _agreeing(one: "array[int]", two: "array[int]", *, from_end: bool) -> int:
    """How many numbers agree at the start, or at the end: whole slices are compared at once."""
    low, high = 0, min(len(one), len(two))
    while low < high:
        middle = (low + high + 1) // 2
        if from_end:
            same = (
                one[len(one) - middle : len(one) - low] == two[len(two) - middle : len(two) - low]
            )
        else:
            same = one[low:middle] == two[low:middle]
        if same:
            low = middle
        else:
            high = middle - 1
    return low


def changed_span(before: "array[int]", after: "array[int]") -> ChangedSpan:
    """The smallest span in the middle outside of which both lists are the same."""
    start = _agreeing(before, after, from_end=False)
    rest_before, rest_after = before[start:], after[start:]
    tail = _agreeing(rest_before, rest_after, from_end=True)
    return ChangedSpan(
        start, rest_before[: len(rest_before) - tail], rest_after[: len(rest_after) - tail]
    )


def kept_then_fresh(
    before: "array[int]", after: "array[int]"
) -> tuple[list[int], list[int], list[int]]:
    """Numbers in both, in the old order; numbers that left; numbers that are new."""
    old, new = set(before), set(after)
    kept = [number for number in before if number in new]
    gone = [number for number in before if number not in new]
    fresh = [number for number in after if number not in old]
    return kept, gone, fresh


def joined(ids: "array[int]", span: ChangedSpan, middle: Sequence[int]) -> "array[int]":
    """The list with another middle; ``ids`` still has the span's old length or the new one."""
    tail = ids[span.start + len(span.before) :]
    return ids[: span.start] + array("q", middle) + tail
