"""Three desks write one state document, over and over."""

import pytest
from property.document_machine import DocumentMachine
from property.histories import run_histories

pytestmark = [pytest.mark.nightly, pytest.mark.timeout(7_200)]


def test_no_entry_is_lost_in_a_night() -> None:
    run_histories(DocumentMachine, 2_000, 40)
