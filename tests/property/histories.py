"""Runs many histories of a state machine and says how many, and from which seed."""

import secrets
import sys

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test


def run_histories(
    machine: type[RuleBasedStateMachine], histories: int, steps: int = 25, start: int | None = None
) -> None:
    """Run so many histories; ``start`` repeats those of an earlier run."""
    start = secrets.randbits(32) if start is None else start
    done = 0

    class Counted(machine):  # type: ignore[misc, valid-type]
        def teardown(self) -> None:
            nonlocal done
            super().teardown()
            done += 1

    try:
        run_state_machine_as_test(
            seed(start)(Counted),
            settings=settings(
                max_examples=histories,
                stateful_step_count=steps,
                deadline=None,
                suppress_health_check=list(HealthCheck),
                phases=(Phase.explicit, Phase.generate),
                database=None,
            ),
        )
    finally:
        tell(f"{machine.__name__}: {done} histories held, seed {start}")
    assert done >= histories, "some were left out"


def tell(words: str) -> None:
    """A line of the test's report; shown with -s or -rP."""
    sys.stdout.write(words + "\n")
