"""The three desks of an embedded database, over and over."""

import pytest
from property.desks_machine import ThreeDesks
from property.histories import run_histories

HISTORIES, PARTS, STEPS = 1_350, 9, 10
"""With those on a server 1,500 in each run, and 10,000 in a night."""


@pytest.mark.timeout(600)
@pytest.mark.parametrize("part", range(PARTS))
def test_embedded_desks_converge(part: int) -> None:
    run_histories(type(f"Embedded{part}", (ThreeDesks,), {}), HISTORIES // PARTS, STEPS)
