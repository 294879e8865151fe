"""Whatever becomes of the replies, the public reads of each incident once, and of each update."""

import pytest
from providers.cutting import assert_once, tell_all
from providers.pagers import Pager
from providers.pages import PAGES

EVERY_PAGE = pytest.mark.parametrize("page", PAGES, ids=str)
INCIDENTS = 3


@EVERY_PAGE
def test_lost_replies_make_no_second_incident_and_no_second_update(page: Pager) -> None:
    told = tell_all(page, INCIDENTS, seed=5)
    assert_once(told)
    # The check bites only where replies were lost.
    assert told.attempts > INCIDENTS * 5
    assert told.lost > INCIDENTS * 3


@EVERY_PAGE
def test_whoever_repeats_without_asking_tells_twice(page: Pager) -> None:
    """Negative control: the same lost replies, and nobody asks what arrived."""
    with pytest.raises(AssertionError):
        assert_once(tell_all(page, INCIDENTS, seed=5, reconciles=False))
