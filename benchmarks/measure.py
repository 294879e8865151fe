"""How benchmarks measure and tell: samples, a floor beside them, a ratio, and JSON."""

import argparse
import json
import shutil
import statistics
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from benchmarks.big_desk import kept_big_desk
from services.core.paths import Home, home_at


@dataclass(frozen=True)
class Figure:
    """One measured claim.

    ``value`` and ``floor`` are in ``unit``; ``ratio`` is value to floor. ``limit`` is what the
    target allows: a number of ``unit``, or of times the floor where ``is_ratio_limited``. It is
    held against the 95th percentile where ``is_p95_judged``, else against the median.
    """

    name: str
    unit: str
    median: float
    p95: float
    count: int
    floor: float | None = None
    floor_name: str = ""
    limit: float | None = None
    is_ratio_limited: bool = False
    is_p95_judged: bool = False

    @property
    def ratio(self) -> float | None:
        """The median in times of the floor."""
        return self.median / self.floor if self.floor else None

    @property
    def is_met(self) -> bool | None:
        """Whether the target is met; None where there is none."""
        if self.limit is None:
            return None
        judged = self.p95 if self.is_p95_judged else self.median
        if self.is_ratio_limited:
            return judged <= self.limit * (self.floor or 0)
        return judged <= self.limit

    @property
    def target(self) -> str:
        """The target in words."""
        if self.limit is None:
            return ""
        what = "p95" if self.is_p95_judged else "median"
        unit = f"× {self.floor_name}" if self.is_ratio_limited else self.unit
        return f"{what} ≤ {self.limit:g} {unit}"


@dataclass
class Report:
    """What one benchmark found."""

    name: str
    remarks: list[str] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)

    def add(
        self,
        name: str,
        unit: str,
        samples: Sequence[float],
        *,
        floor: Sequence[float] | None = None,
        floor_name: str = "",
        limit: float | None = None,
        is_ratio_limited: bool = False,
        is_p95_judged: bool = False,
    ) -> None:
        """Add a figure from its samples and those of its floor."""
        self.figures.append(
            Figure(
                name=name,
                unit=unit,
                median=statistics.median(samples),
                p95=percentile(samples, 95),
                count=len(samples),
                floor=statistics.median(floor) if floor else None,
                floor_name=floor_name,
                limit=limit,
                is_ratio_limited=is_ratio_limited,
                is_p95_judged=is_p95_judged,
            )
        )

    def print(self) -> None:
        """Tell the figures as a table."""
        print(f"\n{self.name}")
        for remark in self.remarks:
            print(f"  {remark}")
        print(f"  {'':52} {'median':>9} {'p95':>9} {'floor':>9} {'ratio':>7}  target")
        for figure in self.figures:
            print("  " + _line(figure))

    def as_json(self) -> dict[str, object]:
        """The figures as plain values."""
        figures = [
            {
                **asdict(figure),
                "ratio": figure.ratio,
                "target": figure.target,
                "is_met": figure.is_met,
            }
            for figure in self.figures
        ]
        return {"name": self.name, "remarks": self.remarks, "figures": figures}

    def tell(self, file: Path | None) -> None:
        """Print, and write JSON if a file is wanted."""
        self.print()
        if file is not None:
            file.write_text(json.dumps(self.as_json(), indent=2, ensure_ascii=False) + "\n")


def _line(figure: Figure) -> str:
    floor = f"{figure.floor:9.2f}" if figure.floor is not None else " " * 9
    ratio = f"{figure.ratio:6.1f}×" if figure.ratio is not None else " " * 7
    met = {True: "met", False: "MISSED", None: ""}[figure.is_met]
    name = f"{figure.name}, {figure.unit}"
    return (
        f"{name:52} {figure.median:9.2f} {figure.p95:9.2f} {floor} {ratio}  {figure.target} {met}"
    )


def percentile(samples: Sequence[float], percent: int) -> float:
    """The smallest sample that so many percent of all do not exceed."""
    ranked = sorted(samples)
    return ranked[min(len(ranked) - 1, -(-len(ranked) * percent // 100) - 1)]


def arguments(
    about: str | None, *, incidents: int = 100_000, rounds: int = 30
) -> argparse.ArgumentParser:
    """The command line every benchmark shares."""
    parser = argparse.ArgumentParser(description=(about or "").splitlines()[0])
    parser.add_argument("--incidents", type=int, default=incidents, help="size of the desk")
    parser.add_argument("--rounds", type=int, default=rounds, help="samples of each figure")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures here")
    return parser


@contextmanager
def borrowed_desk(incidents: int) -> Iterator[Home]:
    """A big desk of one's own on the same disk: a copy, so that every run begins alike."""
    original = kept_big_desk(incidents)
    with tempfile.TemporaryDirectory(prefix="desk-", dir=original.parent) as folder:
        shutil.copytree(original, folder, dirs_exist_ok=True)
        yield home_at(Path(folder))
