"""Runs every benchmark and writes the table of docs/performance.md.

    python -m benchmarks.run FOLDER [--small] [--only NAME] [--page FILE]

Each leaves FOLDER/NAME.json. ``--small`` tries all of them with few incidents and rounds; its
numbers say nothing and the page stays as it is.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

PAGE = Path(__file__).resolve().parents[1] / "docs" / "performance.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
NORMAL: dict[str, tuple[str, ...]] = {
    "act_to_paint": ("--rounds", "25"),
    "queue": ("--rounds", "10"),
    "cold_start": ("--rounds", "5"),
    "first_sync": ("--rounds", "2"),
    "idle": ("--rounds", "2"),
    "encrypted": ("--rounds", "4"),
    "team_commands": ("--rounds", "3"),
    "team_news": ("--rounds", "60"),
    "team_first_sync": ("--rounds", "2"),
    "paging": ("--rounds", "60"),
}
SMALL_SIZE = ("--incidents", "2000")
Found = dict[str, object]


def run_one(name: str, options: tuple[str, ...], file: Path) -> None:
    """Run a benchmark in a process of its own."""
    command = [sys.executable, "-m", f"benchmarks.{name}", *options, "--json", str(file)]
    subprocess.run(command, cwd=Path(__file__).resolve().parents[1], check=True)


def table_of(folder: Path) -> str:
    """All figures with a target or a floor, as a Markdown table."""
    lines = [
        "| what | target | median | p95 | floor | ratio to floor | met |",
        "| --- | --- | ---: | ---: | ---: | ---: | --- |",
    ]
    for name in NORMAL:
        file = folder / f"{name}.json"
        if file.exists():
            told = json.loads(file.read_text())
            lines.append(f"| **{told['name']}** | | | | | | |")
            lines += [_line(figure) for figure in told["figures"]]
    return "\n".join(lines)


def _line(figure: dict[str, object]) -> str:
    unit = str(figure["unit"])
    met = {True: "yes", False: "**no**", None: ""}[figure["is_met"]]  # type: ignore[index]
    floor = _number(figure["floor"], unit)
    floor_name = figure["floor_name"]
    if floor and floor_name:
        floor = f"{floor} ({floor_name})"
    ratio = figure["ratio"]
    shown = f"{ratio:.1f} ×" if isinstance(ratio, float) else ""
    cells = (figure["name"], figure["target"], _number(figure["median"], unit),
             _number(figure["p95"], unit), floor, shown, met)  # fmt: skip
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def _number(value: object, unit: str) -> str:
    if not isinstance(value, int | float):
        return ""
    digits = 0 if value >= 100 else 1 if value >= 10 else 2
    return f"{value:,.{digits}f} {unit}"


def write_page(page: Path, table: str) -> None:
    """Put the table between its marks; the words around it stay."""
    text = page.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    page.write_text(f"{before}{BEGIN}\n{table}\n{END}{after}", encoding="utf-8")


def main() -> None:
    """Run, then write the page."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--small", action="store_true", help="only try whether they run")
    parser.add_argument("--only", choices=list(NORMAL), action="append", help="run just these")
    parser.add_argument("--page", type=Path, default=PAGE, help="the page to write")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    for name in options.only or NORMAL:
        given = (*SMALL_SIZE, "--rounds", "2") if options.small else NORMAL[name]
        run_one(name, given, options.folder / f"{name}.json")
    if not options.small:
        write_page(options.page, table_of(options.folder))


if __name__ == "__main__":
    main()
