"""Ten thousand random rosters over three years each, against the oracle."""

import pytest
from property.judging_rotas import run_rotas

ROSTERS, PARTS = 10_000, 8

pytestmark = [pytest.mark.nightly, pytest.mark.timeout(7200)]


@pytest.mark.parametrize("part", range(PARTS))
def test_shifts_are_what_the_rules_say(part: int) -> None:
    run_rotas(ROSTERS // PARTS)
