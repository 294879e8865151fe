"""What a person or a log sees of a long run."""

import io

from services.admin.progress import Progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_a_line_for_every_tenth_where_nobody_watches():
    stream = io.StringIO()
    progress = Progress("Importing", 40, stream)
    for done in range(41):
        progress.show(done)
    progress.end()
    lines = stream.getvalue().splitlines()
    assert len(lines) == 10
    assert lines[0] == "Importing: 4 of 40 (10 %)"
    assert lines[-1] == "Importing: 40 of 40 (100 %)"


def test_great_steps_skip_lines():
    stream = io.StringIO()
    progress = Progress("Importing", 1_000, stream)
    for done in (0, 450, 460, 1_000):
        progress.show(done)
    assert stream.getvalue().splitlines() == [
        "Importing: 450 of 1,000 (45 %)",
        "Importing: 1,000 of 1,000 (100 %)",
    ]


def test_a_bar_on_a_terminal():
    stream = Terminal()
    progress = Progress("Importing", 2, stream)
    progress.show(1)
    progress.show(2)
    progress.end()
    drawn = stream.getvalue().split("\r")
    assert drawn[1].startswith("Importing " + "█" * 15 + "░" * 15 + " 1 of 2 (50 %)")
    assert drawn[-1].startswith("Importing " + "█" * 30 + " 2 of 2 (100 %)")
    assert drawn[-1].endswith("\n")
