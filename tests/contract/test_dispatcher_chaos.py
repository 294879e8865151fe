"""No page is lost and none is told twice, whoever is killed or frozen; the judge is judged too."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from contract.owner_sql import change_function, one
from contract.paging_chaos import LEASE_S, Chaos, Report, chaos_on, judge, run
from property.histories import tell

from services.paging.engine import Claimed
from services.paging.page import Outcome

SEED = 41
KILLS = 5


@pytest.fixture
def chaos(databases, tmp_path: Path) -> Iterator[Chaos]:
    with chaos_on(tmp_path, databases) as made:
        yield made


def test_five_kills_lose_no_page(chaos: Chaos) -> None:
    report = run(chaos, SEED, KILLS)
    tell(str(report))
    assert report.kills == KILLS
    assert report.fenced >= report.zombies
    assert max(report.lags_s) <= 5.0


# -- the judge is judged -------------------------------------------------------------------


class Story:
    """Two dispatchers and one page, step by step: what the judge has to see through."""

    def __init__(self, chaos: Chaos) -> None:
        self.chaos = chaos
        self.engine = chaos.world.engine
        shorten_leases_again(chaos)
        chaos.open_pages(random.Random(SEED), 1)
        self.engine.fire_due()

    def claim(self, name: str) -> Claimed:
        claimed = self.engine.claim(name, "")
        assert claimed is not None
        return claimed

    def take(self, claimed: Claimed) -> None:
        """The receiver takes what was claimed."""
        self.chaos.receiver.events[f"msg_{claimed.delivery_id}"] = {}

    def finish(self, claimed: Claimed, outcome: Outcome) -> bool:
        return self.engine.finish(claimed, outcome)

    def send_the_rest(self) -> None:
        while (claimed := self.engine.claim("rest", "")) is not None:
            self.take(claimed)
            assert self.finish(claimed, Outcome.DELIVERED)

    def is_found_fault_with(self) -> str:
        """What the judge says; empty if all is well."""
        try:
            judge(self.chaos, Report())
        except AssertionError as fault:
            return str(fault)
        return ""


def shorten_leases_again(chaos: Chaos) -> None:
    """A lease is over as soon as it is given."""
    short = f"v_lease bigint := {LEASE_S}000000"
    change_function(chaos.admin, "claim_deliveries", short, "v_lease bigint := -1")


def zombie(story: Story) -> None:
    """A dispatcher comes back after its lease, while another is in the middle of the delivery."""
    late = story.claim("late")
    now = story.claim("now")
    assert late.delivery_id == now.delivery_id
    story.take(late)
    story.finish(late, Outcome.DELIVERED)
    story.finish(now, Outcome.REFUSED)
    story.send_the_rest()


def test_the_fence_keeps_the_record_true(chaos: Chaos) -> None:
    story = Story(chaos)
    zombie(story)
    found = story.is_found_fault_with()
    assert "recorded without the lease" not in found
    state = one(chaos.admin, "SELECT count(*) FROM firstline.delivery WHERE state = 'refused'")
    assert state == 1


def test_without_the_fence_the_judge_finds_fault(chaos: Chaos) -> None:
    fence = "state = 'sending' AND lease_token = v_token"
    change_function(chaos.admin, "finish_delivery", fence, "state = 'sending'")
    story = Story(chaos)
    zombie(story)
    assert "recorded without the lease" in story.is_found_fault_with()


def killed(story: Story) -> None:
    """A dispatcher is killed between its claim and its call."""
    story.claim("killed")
    story.send_the_rest()


def test_a_delivery_of_the_killed_is_sent_by_another(chaos: Chaos) -> None:
    story = Story(chaos)
    killed(story)
    assert story.is_found_fault_with() == ""


def test_at_most_once_is_found_to_lose_pages(chaos: Chaos) -> None:
    change_function(chaos.admin, "claim_deliveries", "d.lease_until < v_now", "false")
    story = Story(chaos)
    killed(story)
    assert story.is_found_fault_with().startswith("lost")
