"""What this dispatcher has done, counted, and written for Prometheus.

Format: "Prometheus text exposition format 0.0.4".
"""

import threading
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping

from services.sync.paging_standing import PagingStanding

BOUNDS_S = (0.1, 0.5, 1.0, 2.0, 5.0, 15.0, 60.0)


class Histogram:
    """How many durations lie below each bound."""

    def __init__(self) -> None:
        self._counts = [0] * (len(BOUNDS_S) + 1)
        self._sum_s = 0.0

    def add(self, seconds: float) -> None:
        """Count one."""
        self._counts[bisect_left(BOUNDS_S, seconds)] += 1
        self._sum_s += seconds

    def lines(self, name: str) -> Iterable[str]:
        """As Prometheus reads it."""
        total = 0
        for bound, count in zip((*map(str, BOUNDS_S), "+Inf"), self._counts, strict=True):
            total += count
            yield f'{name}_bucket{{le="{bound}"}} {total}'
        yield f"{name}_sum {self._sum_s:.6f}"
        yield f"{name}_count {total}"


class Figures:
    """Counts of this dispatcher since it began. Any thread may add and read."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._attempts: Counter[tuple[str, str]] = Counter()
        self._fenced = 0
        self._fired = 0
        self._gauges: dict[str, float] = {}
        self._breakers: dict[tuple[str, str], bool] = {}
        self._replies: Counter[str] = Counter()
        self._mailboxes: dict[str, bool] = {}
        self._between_fires = Histogram()
        self._calls = Histogram()

    def attempted(self, provider: str, outcome: str, seconds: float) -> None:
        """An attempt is over."""
        with self._lock:
            self._attempts[provider, outcome] += 1
            self._calls.add(seconds)

    def fenced(self) -> None:
        """An attempt was over too late to be recorded: its lease belonged to another."""
        with self._lock:
            self._fenced += 1

    def fired(self, standing: PagingStanding, since_last_s: float) -> None:
        """Due steps were taken, so many seconds after they were last looked for."""
        with self._lock:
            self._fired += standing.fired
            self._between_fires.add(since_last_s)
            self._gauges |= {
                "firstline_pages_open": standing.open_pages,
                "firstline_deliveries_waiting": standing.waiting_deliveries,
                "firstline_dispatchers": standing.dispatcher_count,
            }

    def gauge(self, name: str, value: float) -> None:
        """Set what is measured now."""
        with self._lock:
            self._gauges[name] = value

    def breakers(self, states: Mapping[tuple[str, str], bool]) -> None:
        """Which breakers are open, by provider and destination."""
        with self._lock:
            self._breakers = dict(states)

    def replied(self, result: str) -> None:
        """A reply by mail was heard, and came to this."""
        with self._lock:
            self._replies[result] += 1

    def mailboxes(self, states: Mapping[str, bool]) -> None:
        """Which mailboxes cannot be read, by destination."""
        with self._lock:
            self._mailboxes = dict(states)

    def text(self) -> str:
        """All of it for Prometheus."""
        with self._lock:
            lines = [
                *_typed("firstline_attempts_total", "counter"),
                *(
                    _line("firstline_attempts_total", count, provider=provider, outcome=outcome)
                    for (provider, outcome), count in sorted(self._attempts.items())
                ),
                *_typed("firstline_attempts_fenced_total", "counter"),
                _line("firstline_attempts_fenced_total", self._fenced),
                *_typed("firstline_steps_fired_total", "counter"),
                _line("firstline_steps_fired_total", self._fired),
                *(
                    line
                    for name, value in sorted(self._gauges.items())
                    for line in (*_typed(name, "gauge"), _line(name, value))
                ),
                *_typed("firstline_breaker_open", "gauge"),
                *(
                    _line("firstline_breaker_open", is_open, provider=provider, destination=id_)
                    for (provider, id_), is_open in sorted(self._breakers.items())
                ),
                *_typed("firstline_replies_total", "counter"),
                *(
                    _line("firstline_replies_total", count, result=result)
                    for result, count in sorted(self._replies.items())
                ),
                *_typed("firstline_mailbox_unreadable", "gauge"),
                *(
                    _line("firstline_mailbox_unreadable", is_away, destination=id_)
                    for id_, is_away in sorted(self._mailboxes.items())
                ),
                *_typed("firstline_between_fires_seconds", "histogram"),
                *self._between_fires.lines("firstline_between_fires_seconds"),
                *_typed("firstline_attempt_seconds", "histogram"),
                *self._calls.lines("firstline_attempt_seconds"),
            ]
        return "\n".join(lines) + "\n"


def _typed(name: str, kind: str) -> tuple[str, ...]:
    return (f"# TYPE {name} {kind}",)


def _line(name: str, value: float, **labels: str) -> str:
    told = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels.items())
    return f"{name}{{{told}}} {value:g}" if told else f"{name} {value:g}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
