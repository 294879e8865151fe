"""``installer/smoke_test``: one line a check; ends at the first that fails."""

import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from installer.checks_bundle import BundleChecks
from installer.checks_dispatcher import DispatcherChecks
from installer.checks_package import PackageChecks
from installer.checks_team import TeamChecks
from installer.proof import CannotTell, Guest, NotProven

Check = tuple[str, Callable[[], str]]


def checks(scratch: Path) -> Iterator[Check]:
    """Every check with what it proves, in the order in which they build on each other."""
    bundle = BundleChecks(_guest(scratch / "bundle"))
    yield from bundle.all()
    yield from DispatcherChecks(_guest(scratch / "dispatcher")).all()
    yield from PackageChecks(_guest(scratch / "package"), scratch / "root").all()
    yield from TeamChecks(_guest(scratch / "team")).all()
    yield "bundle, tour", bundle.tour  # the longest comes last


def run(wanted: Iterator[Check]) -> int:
    """Tell each check; 1 as soon as one fails."""
    passed = skipped = 0
    for name, check in wanted:
        try:
            print(f"ok       {name}: {check()}", flush=True)
            passed += 1
        except CannotTell as reason:
            print(f"skipped  {name}: {reason}", flush=True)
            skipped += 1
        except NotProven as reason:
            print(f"FAILED   {name}: {reason}", flush=True)
            return 1
    print(f"{passed} checks passed, {skipped} skipped")
    return 0


def _guest(home: Path) -> Guest:
    home.mkdir(mode=0o700)
    return Guest(home)


def main() -> int:
    """Run all checks in a scratch folder; returns the exit code."""
    # A shell that runs this in the background has Ctrl+C ignored, by the programs started, too.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with tempfile.TemporaryDirectory(prefix="firstline-smoke-") as scratch:
        return run(checks(Path(scratch)))


if __name__ == "__main__":
    sys.exit(main())
