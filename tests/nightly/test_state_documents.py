"""Three desks write one state document, over and over."""

import pytest
from property.document_machine import DocumentMachine
from property.histories import run_histories

HISTORIES, PARTS = 2_000, 8

pytestmark = [pytest.mark.nightly, pytest.mark.timeout(7_200)]


@pytest.mark.parametrize("part", range(PARTS))
def test_no_entry_is_lost_in_a_night(part: int) -> None:
    run_histories(DocumentMachine, HISTORIES // PARTS, 40)
