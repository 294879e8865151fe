"""How long the incident report takes and how big it is, against bare reportlab.

The floor is a program that only draws the same number of pages of plain lines with the same
fonts. Cold counts a fresh interpreter with all imports and prepared fonts; warm the next report
in the same program. Both are taken by turns in the same run.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGES = 5
LINES = 45

_COMMON = """
import sys, time
from pathlib import Path
began = time.perf_counter()
"""
_REPORT = (
    _COMMON
    + """
from dataclasses import replace
from services.reports.incident_report import incident_report
from unit.reports.report_examples import VPN, entry, options
extra = tuple(entry(n, "Maya Lindqvist", "wrote a note", "Looked again. " * 4) for n in range(16))
detail = replace(VPN, timeline=extra + VPN.timeline)
draw = lambda: incident_report(detail, options(), fonts=Path(sys.argv[1]))
"""
)
_FLOOR = (
    _COMMON
    + f"""
from io import BytesIO
from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
for name in ("Inter-Regular", "Inter-SemiBold", "JetBrainsMono-Regular"):
    pdfmetrics.registerFont(TTFont(name, next(map(str, Path(sys.argv[1]).glob(name + ".*")))))
rl_config.canvas_basefontname = "Inter-Regular"
rl_config.useA85 = 0
def draw():
    written = BytesIO()
    canvas = Canvas(written, pagesize=(595, 842), pageCompression=1, invariant=1)
    for page in range({PAGES}):
        for line in range({LINES}):
            font = ("Inter-Regular", "Inter-SemiBold", "JetBrainsMono-Regular")[line % 3]
            canvas.setFont(font, 9)
            canvas.drawString(40, 800 - 16 * line, f"{{page}} {{line}} the quick brown fox jumps")
        canvas.showPage()
    canvas.save()
    return written.getvalue()
"""
)
_MEASURE = """
pdf = draw()
cold = time.perf_counter() - began
began = time.perf_counter()
for _ in range(5):
    draw()
print(cold, (time.perf_counter() - began) / 5, len(pdf), pdf.count(b"/Type /Page\\n"))
"""


def measured(program: str, fonts: Path) -> tuple[float, float, int, int]:
    """Seconds cold, seconds warm, bytes and pages of one fresh interpreter."""
    done = subprocess.run(
        [sys.executable, "-c", program + _MEASURE, str(fonts)],
        cwd=ROOT,
        env={"PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}", "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    cold, warm, size, pages = done.stdout.split()
    return float(cold), float(warm), int(size), int(pages)


def compare(runs: int, fonts: Path) -> dict[str, float]:
    """Medians of report and floor by turns, and their ratios."""
    pairs = [(measured(_REPORT, fonts), measured(_FLOOR, fonts)) for _ in range(runs)]
    report, floor = (
        [statistics.median(run[side][part] for run in pairs) for part in range(4)]
        for side in range(2)
    )
    return {
        "pages": report[3],
        "cold_s": report[0],
        "cold_floor_s": floor[0],
        "cold_ratio": report[0] / floor[0],
        "warm_s": report[1],
        "warm_floor_s": floor[1],
        "warm_ratio": report[1] / floor[1],
        "size_bytes": report[2],
        "size_floor_bytes": floor[2],
        "size_ratio": report[2] / floor[2],
    }


def main() -> int:
    """Print figure, floor and ratio of each measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            [
                sys.executable,
                "-c",
                "import sys; from pathlib import Path; "
                "from services.reports.fonts import prepare_fonts; "
                "prepare_fonts(Path(sys.argv[1]))",
                folder,
            ],
            cwd=ROOT,
            check=True,
        )
        figures = compare(arguments.runs, Path(folder))
    print(f"incident report of {figures['pages']:.0f} pages, median of {arguments.runs} runs")
    for what, unit in (("cold", "s"), ("warm", "s"), ("size", "bytes")):
        figure, floor = figures[f"{what}_{unit}"], figures[f"{what}_floor_{unit}"]
        shown = f"{figure:,.0f} {floor:,.0f}" if unit == "bytes" else f"{figure:.3f} {floor:.3f}"
        figure_text, floor_text = shown.split()
        ratio = figures[f"{what}_ratio"]
        print(f"{what}: {figure_text} {unit}, floor {floor_text} {unit}, ratio {ratio:.2f}")
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
