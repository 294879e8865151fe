"""From the start of the process to a queue that can be used, against an empty window.

    python -m benchmarks.cold_start [--incidents N] [--rounds N] [--json FILE]

"Cold" drops the page cache of the whole machine before each start, where the system lets us.
Memory is read at the first painted rows and 1.5 seconds later.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.measure import Report, arguments, borrowed_desk
from services.core.paths import Home

DROP = Path("/proc/sys/vm/drop_caches")
COLD_ROUNDS = 3
Found = dict[str, float]


def start(kind: str, home: Home) -> Found:
    """Start one program and return what it told."""
    environment = {
        **os.environ, "FIRSTLINE_HOME": str(home.data.parent), "QT_QPA_PLATFORM": "offscreen",
        "USER": "maya",
    }  # fmt: skip
    command = [sys.executable, "-m", "benchmarks.started_desk", kind, str(time.perf_counter())]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def alternate(home: Home, rounds: int, *, is_cold: bool) -> tuple[list[Found], list[Found]]:
    """So many starts of the desk and of the empty window, one after the other."""
    desks: list[Found] = []
    windows: list[Found] = []
    for _ in range(rounds):
        for kind, found in (("window", windows), ("desk", desks)):
            if is_cold:
                os.sync()
                DROP.write_text("3")
            found.append(start(kind, home))
    return desks, windows


def may_drop() -> bool:
    """Whether the page cache can be emptied here."""
    try:
        DROP.write_text("3")
    except OSError:
        return False
    return True


def measure(incidents: int, rounds: int) -> Report:
    """Warm starts, cold starts and memory."""
    report = Report(f"Start to a usable queue, {incidents:,} incidents")
    with borrowed_desk(incidents) as home:
        start("desk", home)
        warm, window = alternate(home, rounds, is_cold=False)
        _add_start(report, "warm start", warm, window)
        if may_drop():
            cold, cold_window = alternate(home, min(rounds, COLD_ROUNDS), is_cold=True)
            _add_start(report, "cold start (page cache dropped)", cold, cold_window)
        else:
            report.remarks.append("The page cache cannot be dropped here: no cold start.")
    for name, key, limit in (
        ("memory at the first rows, RSS", "rss_kb", 200),
        ("memory 1.5 s later, RSS", "later_rss_kb", 200),
        ("memory 1.5 s later, PSS", "later_pss_kb", None),
    ):
        report.add(
            name, "MB", [f[key] / 1024 for f in warm],
            floor=[f[key] / 1024 for f in window], floor_name="empty window", limit=limit,
        )  # fmt: skip
    return report


def _add_start(report: Report, name: str, desks: list[Found], windows: list[Found]) -> None:
    report.add(
        name,
        "s",
        [found["usable_s"] for found in desks],
        floor=[found["usable_s"] for found in windows],
        floor_name="empty window",
        limit=1.0,
    )


def main() -> None:
    """Measure and tell."""
    options = arguments(__doc__, rounds=7).parse_args()
    measure(options.incidents, options.rounds).tell(options.json)


if __name__ == "__main__":
    main()
