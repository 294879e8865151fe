"""How much a list moved, as a person would count it."""

import pytest

from desktop.presenters.queue_presenter import Move, difference


@pytest.mark.parametrize(
    ("shown", "wanted", "move"),
    [
        ([1, 2, 3], [1, 2, 3], Move(0, 0)),
        ([1, 2, 3], [4, 1, 2, 3], Move(1, 0)),
        ([1, 2, 3], [2, 3], Move(0, 1)),
        ([1, 2, 3, 4, 5], [2, 3, 4, 5, 1], Move(0, 1)),
        ([1, 2, 3, 4], [2, 1, 4, 3], Move(0, 2)),
        ([], [1, 2], Move(2, 0)),
    ],
)
def test_only_what_moved_counts(shown, wanted, move):
    assert difference(shown, wanted) == move
