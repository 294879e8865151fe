"""What a desk costs while nobody does anything.

    python -m benchmarks.idle [--incidents N] [--rounds N] [--json FILE]

CPU time of the whole process, sync thread included, over ten seconds with the window shown.
"""

import time

from benchmarks.measure import Report, arguments, borrowed_desk
from benchmarks.open_desk import open_desk, pause

SECONDS = 10


def measure(incidents: int, rounds: int, seconds: float = SECONDS) -> Report:
    """Percent of one core, over several spans."""
    report = Report(f"Idle desk, {incidents:,} incidents, spans of {seconds:g} s")
    found = []
    with borrowed_desk(incidents) as home, open_desk(home) as desk:
        pause(3_000)  # what is unread becomes read, ages are shown
        desk.settle()
        for _ in range(rounds):
            before, started = time.process_time(), time.perf_counter()
            pause(int(seconds * 1000))
            used, passed = time.process_time() - before, time.perf_counter() - started
            found.append(100 * used / passed)
    report.add("CPU of one core", "%", found, limit=1)
    return report


def main() -> None:
    """Measure and tell."""
    options = arguments(__doc__, rounds=3).parse_args()
    measure(options.incidents, options.rounds).tell(options.json)


if __name__ == "__main__":
    main()
