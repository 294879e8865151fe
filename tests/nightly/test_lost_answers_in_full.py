"""Five hundred updates of a hundred incidents, their replies cut at any point, at each page."""

import pytest
from providers.cutting import WORDS, assert_once, tell_all
from providers.pagers import Pager
from providers.pages import PAGES

pytestmark = [pytest.mark.nightly, pytest.mark.timeout(900)]

UPDATES = 500


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_each_incident_is_told_once_and_each_update_once(page: Pager) -> None:
    incidents = UPDATES // len(WORDS)
    told = tell_all(page, incidents, seed=7)
    assert_once(told)
    assert told.lost > UPDATES / 2


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_without_asking_what_arrived_much_is_told_twice(page: Pager) -> None:
    told = tell_all(page, UPDATES // len(WORDS), seed=7, reconciles=False)
    assert sum(map(len, told.found)) > UPDATES
