"""How far a long run is, told on a terminal or in a log."""

import sys
import time
from typing import TextIO

BAR_WIDTH = 30
REDRAW_EVERY_S = 0.1


class Progress:
    """A bar that redraws itself on a terminal; elsewhere a plain line for every tenth."""

    def __init__(self, label: str, total: int, stream: TextIO | None = None) -> None:
        self._label = label
        self._total = max(total, 1)
        self._stream = stream or sys.stderr
        self._is_terminal = self._stream.isatty()
        self._next_tenth = 1
        self._drawn_at = 0.0
        self._started_at = time.monotonic()

    def show(self, done: int) -> None:
        """Say that so many are done."""
        if self._is_terminal:
            now = time.monotonic()
            if done >= self._total or now - self._drawn_at >= REDRAW_EVERY_S:
                self._drawn_at = now
                self._draw(done, now - self._started_at)
        elif done * 10 >= self._next_tenth * self._total:
            self._next_tenth = done * 10 // self._total + 1
            print(f"{self._label}: {self._figures(done)}", file=self._stream, flush=True)

    def end(self) -> None:
        """Leave the line."""
        if self._is_terminal:
            print(file=self._stream, flush=True)

    def _draw(self, done: int, elapsed_s: float) -> None:
        filled = BAR_WIDTH * done // self._total
        bar = "█" * filled + "░" * (BAR_WIDTH - filled)
        speed = f"{done / elapsed_s:,.0f}/s" if elapsed_s > 0.5 else ""
        print(
            f"\r{self._label} {bar} {self._figures(done)} {speed:>10}",
            end="",
            file=self._stream,
            flush=True,
        )

    def _figures(self, done: int) -> str:
        return f"{done:,} of {self._total:,} ({100 * done // self._total} %)"
