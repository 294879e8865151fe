"""Twenty times two hundred kills: no page is lost, and none is told twice."""

from pathlib import Path

import pytest
from contract.paging_chaos import chaos_on, run
from property.histories import tell

KILLS = 200

pytestmark = [pytest.mark.nightly, pytest.mark.timeout(3600)]


@pytest.mark.parametrize("seed", range(20))
def test_two_hundred_kills_lose_no_page(databases, tmp_path: Path, seed: int) -> None:
    with chaos_on(tmp_path, databases) as chaos:
        report = run(chaos, seed, KILLS)
    tell(f"seed {seed}: {report}")
    assert report.kills == KILLS
    assert report.zombies >= 1, "no zombie was met"
    assert report.fenced >= report.zombies
    assert report.p99_s <= 2.0
    assert max(report.lags_s) <= 5.0
