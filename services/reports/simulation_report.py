"""One page for the wall: what a policy does, minute by minute and over the months ahead."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Final

from reportlab.pdfgen.canvas import Canvas

from services.core.paths import default_home
from services.on_call.policy import CATCH_ALL_EVERY_S
from services.reports import colours, marks, styles
from services.reports.fonts import use_fonts
from services.reports.layout import Block, Stack, Whole, text
from services.reports.options import Paper
from services.reports.rows import Column, Row, Rows
from services.reports.sheet import Sheet
from services.reports.simulation_weeks import (
    ALARM,
    MOST_WEEKS,
    TINTS,
    WORRY,
    Tint,
    Weeks,
    swatch,
    weeks_of,
)
from services.reports.simulation_words import (
    NOBODY,
    CallLine,
    Simulated,
    call_line,
    called_first,
    clock_sentence,
    first_names,
    hours,
    moment,
    weak_lines,
)
from services.reports.text import PX, Type, clean, fitted, text_width
from services.reports.words import counted, zone_name

MARGIN_PX: Final = 48.0
_TOP_PX: Final = 40.0
_FOOT_PX: Final = 52.0
_MOST_CALLS: Final = 9
_MOST_WEAK: Final = 4
_MOST_PEOPLE: Final = 7
_ROW_PX: Final = 20.0
_TALLEST_ROW_PX: Final = 32.0
_GAP_PX: Final = 32.0
_TITLE: Final = Type(styles.NUMBER.font, 24, 32, colours.INK, -1.0)
_VALUE: Final = Type(styles.FIGURE.font, 15, 20, colours.INK, -0.4)


def simulation_report(found: Simulated, *, fonts: Path | None = None) -> bytes:
    """A PDF of exactly one A4 page; the same findings give the same bytes.

    What does not fit is counted; the terminal tells all of it. ``fonts`` is the folder of prepared
    fonts, that of the default home if None.
    """
    use_fonts(fonts or default_home().fonts)
    paper = Paper.A4
    written = BytesIO()
    canvas = Canvas(
        written,
        pagesize=(paper.width * PX, paper.height * PX),
        pageCompression=1,
        invariant=1,
        lang="en",
    )
    canvas.setTitle(f"Who is woken: {_line(found.policy.name)}")
    canvas.setAuthor(_line(found.by))
    canvas.setSubject(f"Simulation of an escalation policy, {found.computed_at.isoformat()}")
    canvas.setCreator("Firstline")
    canvas.setViewerPreference("DisplayDocTitle", "true")
    sheet = Sheet(canvas, paper.width, paper.height)
    width = paper.width - 2 * MARGIN_PX
    room = paper.height - _TOP_PX - _FOOT_PX - 16
    page = Stack(_blocks(found, _ROW_PX))
    # What room is left goes to the weeks, and what is missing is taken from them.
    weeks = len(weeks_of(found))
    row_px = min(_ROW_PX + (room - page.height(width)) / max(1, weeks), _TALLEST_ROW_PX)
    Stack(_blocks(found, row_px)).draw(sheet, MARGIN_PX, _TOP_PX, width)
    _draw_footer(sheet, found)
    canvas.showPage()
    canvas.save()
    return written.getvalue()


def _blocks(found: Simulated, row_px: float) -> list[Block]:
    days = round((found.outlook.ends_at - found.outlook.starts_at) / timedelta(days=1))
    shown = "" if days <= 7 * (MOST_WEEKS - 1) else f"; {MOST_WEEKS} weeks are shown"
    tints = tints_of(found)
    return [
        _Title(found),
        _Facts(found, days),
        text(
            f"A page that starts on {moment(found, found.at)}, and that nobody answers",
            styles.HEADING,
            before=20,
        ),
        _timeline(found),
        text(f"Called first, {counted(days, 'day', 'days')}{shown}", styles.HEADING, before=20),
        Weeks(found, tints, row_px, before=4),
        *(
            text(clock_sentence(change), styles.MICRO, before=4)
            for change in found.outlook.clock_shifts[:2]
        ),
        _Halves(_weak_blocks(found), _people_blocks(found, tints), before=18),
    ]


def _line(words: str) -> str:
    return " ".join(clean(words[:500]).split())


class _Title(Whole):
    """Kind of paper, product, name of the policy, and the zone of all times."""

    def __init__(self, found: Simulated) -> None:
        self._found = found

    def height(self, width: float) -> float:
        """The same at every width."""
        return 24 + _TITLE.line_px + 36

    def draw(self, sheet: Sheet, x: float, y: float, width: float) -> None:
        """The name on one line, cut where it is longer."""
        found = self._found
        sheet.text("Who is woken", styles.META, x, y)
        marks.product_sign(sheet, x + width, y)
        sheet.text(fitted(found.policy.name, _TITLE, width), _TITLE, x, y + 24)
        repeats = counted(found.policy.repeat_count, "time", "times")
        again = f"All steps are repeated {repeats}, then" if found.policy.repeat_count else "Then"
        every = f"{CATCH_ALL_EVERY_S // 60} minutes"
        for number, line in enumerate(
            (
                f"{again} the catch-all is called every {every} until somebody answers.",
                f"Times are in {zone_name(found.at, found.zone)}.",
            )
        ):
            top = y + 24 + _TITLE.line_px + 2 + number * styles.META.line_px
            sheet.text(fitted(line, styles.META, width), styles.META, x, top)


class _Facts(Whole):
    """Four facts side by side, each with what it means."""

    before = 12.0

    def __init__(self, found: Simulated, days: int) -> None:
        outlook = found.outlook
        first = outlook.first_called[0]
        is_worry = first.is_catch_all or first_names(found, first) == NOBODY
        weak = len(weak_lines(found))
        changes = [
            ("forward" if c.is_forward else "back", moment(found, c.at))
            for c in outlook.clock_shifts
        ]
        self._facts = (
            (
                "Called first now",
                called_first(found, first),
                colours.RED if is_worry else colours.INK,
            ),
            (f"Handovers in {counted(days, 'day', 'days')}", str(outlook.handovers), colours.INK),
            (
                "Weak spots",
                str(weak) if weak else "none",
                colours.RED if weak else colours.GREEN,
            ),
            (
                f"Clocks go {changes[0][0]}" if changes else "Clock changes",
                changes[0][1].rsplit(" ", 2)[0] if changes else "none",
                colours.AMBER if changes else colours.INK,
            ),
        )

    def height(self, width: float) -> float:
        """Label, value and the space around them."""
        return 58

    def draw(self, sheet: Sheet, x: float, y: float, width: float) -> None:
        """Cards of one width, but the first has room for a name."""
        shares = (1.6, 1.0, 0.8, 1.0)
        room = width - 12 * (len(shares) - 1)
        for (label, value, colour), share in zip(self._facts, shares, strict=True):
            wide = room * share / sum(shares)
            sheet.box(x, y, wide, 58, fill=colours.CARD, line=colours.HAIRLINE, radius=6)
            sheet.text(fitted(label, styles.MICRO, wide - 24), styles.MICRO, x + 12, y + 9)
            type_ = Type(_VALUE.font, _VALUE.size_px, _VALUE.line_px, colour, -0.4)
            sheet.text(fitted(value, type_, wide - 24), type_, x + 12, y + 28)
            x += wide + 12


class _Cell(Whole):
    """One line of a table."""

    def __init__(self, words: str, type_: Type = styles.META_INK, *, before: float = 0.0) -> None:
        self.before = before
        self._words = words
        self._type = type_

    def height(self, width: float) -> float:
        """One line."""
        return self._type.line_px

    def draw(self, sheet: Sheet, x: float, y: float, width: float) -> None:
        """The line, cut where it is longer."""
        sheet.text(fitted(self._words, self._type, width), self._type, x, y)


def _timeline(found: Simulated) -> Block:
    """The first calls, and always the first of the catch-all."""
    calls, left_out = list(found.calls), len(found.calls) - _MOST_CALLS
    if left_out > 0:
        end = next((call for call in calls[_MOST_CALLS - 1 :] if call.is_catch_all), calls[-1])
        calls = [*calls[: _MOST_CALLS - 1], end]
    rows = []
    for number, call in enumerate(calls):
        if left_out > 0 and number == _MOST_CALLS - 1:
            more = _Cell(counted(left_out, "more call", "more calls"), styles.META)
            rows.append(Row(_Cell("…"), more, *(_Cell("") for _ in range(3))))
        rows.append(_row(call_line(found, call)))
    columns = (
        Column("Minute", 44),
        Column("Who", 156),
        Column("How", 124),
        Column("Step", 96),
        Column("Why"),
    )
    return Rows(columns, rows, before=2, gap=12, pad=2)


def _row(line: CallLine) -> Row:
    lost = Type(styles.META.font, 12, 16, colours.RED)
    return Row(
        _Cell(line.minute, styles.META_STRONG),
        _Cell(line.who, styles.META_STRONG),
        _Cell(line.how, lost if line.is_lost else styles.META_INK),
        _Cell(line.step),
        _Cell(line.why, styles.META),
    )


class _Halves(Whole):
    """Two stacks side by side."""

    def __init__(self, left: Sequence[Block], right: Sequence[Block], *, before: float) -> None:
        self.before = before
        self._halves = (Stack(left), Stack(right))

    def height(self, width: float) -> float:
        """The taller one."""
        return max(half.height((width - _GAP_PX) / 2) for half in self._halves)

    def draw(self, sheet: Sheet, x: float, y: float, width: float) -> None:
        """Both from one top."""
        wide = (width - _GAP_PX) / 2
        for number, half in enumerate(self._halves):
            half.draw(sheet, x + number * (wide + _GAP_PX), y, wide)


def _weak_blocks(found: Simulated) -> list[Block]:
    lines = weak_lines(found)
    blocks: list[Block] = [text("Weak spots", styles.HEADING)]
    if not lines:
        blocks.append(_Sound(before=4))
    for line in lines[:_MOST_WEAK]:
        blocks.append(_Cell(line.fact, styles.META_STRONG, before=4))
        blocks.append(_Cell(line.extent, styles.MICRO))
    if len(lines) > _MOST_WEAK:
        blocks.append(_Cell(f"and {len(lines) - _MOST_WEAK:,} more", styles.META))
    return blocks


class _Sound(Whole):
    """That nothing was found, and what this means."""

    def __init__(self, *, before: float) -> None:
        self.before = before
        self._text = text(
            "None: every page that starts in this time reaches somebody in its first minute, and"
            " every step calls somebody who can be reached.",
            styles.META,
        )

    def height(self, width: float) -> float:
        """The sentence."""
        return self._text.height(width - 24)

    def draw(self, sheet: Sheet, x: float, y: float, width: float) -> None:
        """A tick before the sentence."""
        sheet.circle((x + 8, y + 8), 6.5, fill=colours.GREEN)
        tick = [(x + 5, y + 8.2), (x + 7.2, y + 10.4), (x + 11.2, y + 5.8)]
        sheet.path(tick, colours.PAPER, 1.6)
        self._text.draw(sheet, x + 24, y, width - 24)


def _people_blocks(found: Simulated, tints: dict[str, Tint]) -> list[Block]:
    held = _held(found)
    whole = sum(held.values(), timedelta())
    names = sorted(held, key=lambda name: (-held[name], name))
    blocks: list[Block] = [text("Hours as the first to be called", styles.HEADING)]
    for name in names[:_MOST_PEOPLE]:
        blocks.append(_Share(name, held[name], held[name] / whole, tints[name]))
    if len(names) > _MOST_PEOPLE:
        blocks.append(_Cell(f"and {len(names) - _MOST_PEOPLE:,} more", styles.META))
    return blocks


class _Share(Whole):
    """A name, its colour, its hours and their share."""

    def __init__(self, name: str, span: timedelta, share: float, tint: Tint) -> None:
        self.before = 2.0
        self._name = name
        self._hours = f"{hours(span)}, {share:.0%}"
        self._tint = tint

    def height(self, width: float) -> float:
        """One line."""
        return styles.META_INK.line_px

    def draw(self, sheet: Sheet, x: float, y: float, width: float) -> None:
        """Swatch and name at the left, hours at the right."""
        swatch(sheet, self._tint, x, y + 2, 12, 12)
        room = width - 24 - text_width(self._hours, styles.META) - 12
        sheet.text(fitted(self._name, styles.META_INK, room), styles.META_INK, x + 20, y)
        sheet.text_right(self._hours, styles.META, x + width, y)


def _held(found: Simulated) -> dict[str, timedelta]:
    """How long each is the first to be called."""
    held: dict[str, timedelta] = defaultdict(timedelta)
    for first in found.outlook.first_called:
        held[called_first(found, first)] += first.ends_at - first.starts_at
    return dict(held)


def tints_of(found: Simulated) -> dict[str, Tint]:
    """A colour for each name; whoever has most hours chooses first."""
    held = _held(found)
    caught = {called_first(found, f) for f in found.outlook.first_called if f.is_catch_all}
    names = sorted(set(held) - caught - {NOBODY}, key=lambda name: (-held[name], name))
    tints = {name: TINTS[number % len(TINTS)] for number, name in enumerate(names)}
    return {**tints, **dict.fromkeys(caught, WORRY), NOBODY: ALARM}


def _draw_footer(sheet: Sheet, found: Simulated) -> None:
    top, right = sheet.height - _FOOT_PX, sheet.width - MARGIN_PX
    sheet.rule(MARGIN_PX, top, right - MARGIN_PX, colours.RULE)
    looked = f"{found.outlook.instants:,} starts of a page looked at"
    sheet.text_right(looked, styles.MICRO, right, top + 8)
    room = right - MARGIN_PX - text_width(looked, styles.MICRO) - 16
    line = (
        f"Computed on {moment(found, found.computed_at)} by {found.by}"
        f", zone data {found.zone_version}. Later changes are not in it."
    )
    sheet.text(fitted(line, styles.MICRO, room), styles.MICRO, MARGIN_PX, top + 8)
