"""Where the incident went: time with each team, what was handed over, what management answered."""

from datetime import datetime, timedelta
from typing import Final

from services.incidents.incident import EscalationKind
from services.incidents.read_models import EscalationItem, IncidentDetail, TierSpan
from services.people.person import Tier
from services.reports import colours, styles, words
from services.reports.header import heading
from services.reports.layout import Block, Stack, Text, Whole, text
from services.reports.options import ReportOptions
from services.reports.rows import Column, Row, Rows
from services.reports.sheet import Sheet
from services.reports.text import Run, Type, limited, text_width

_BAR_PX: Final = 24.0
_LEAST_PX: Final = 3.0


def escalation_blocks(detail: IncidentDetail, options: ReportOptions) -> list[Block]:
    """The path with its times, then each hand-over and each call to management."""
    end = detail.incident.closed_at or detail.incident.cancelled_at or options.data_as_of
    handed = [e for e in detail.escalations if e.escalation.kind is EscalationKind.FUNCTIONAL]
    called = [e for e in detail.escalations if e.escalation.kind is EscalationKind.HIERARCHICAL]
    return [
        *_path(detail.tier_spans, end, options),
        *_section("Hand-overs", [_hand_over(item, options) for item in handed]),
        *_section("Calls to management", [_call(item, options) for item in called]),
    ]


def _section(title: str, items: list[Stack]) -> list[Block]:
    return [heading(title), *items] if items else []


def _path(spans: tuple[TierSpan, ...], end: datetime, options: ReportOptions) -> list[Block]:
    title = heading("Escalation path")
    if not spans:
        return [title, text("No time with a team is recorded.", styles.BODY_MUTED, before=8)]
    columns = (
        Column("Team"),
        Column("Tier", 64),
        Column("From", 128),
        Column("Until", 128),
        Column("Time", 96),
    )
    bar = TierBar([(span.tier, (span.until or end) - span.since) for span in spans])
    return [title, bar, Rows(columns, [_row(s, end, options) for s in spans], before=12, pad=4)]


def _row(span: TierSpan, end: datetime, options: ReportOptions) -> Row:
    until = words.moment(span.until, options.zone) if span.until else "still there"
    if span.until is None and end != options.data_as_of:
        until = words.moment(end, options.zone)
    return Row(
        text(words.recorded(span.team), styles.BODY_STRONG),
        text(words.word(span.tier), styles.BODY),
        text(words.moment(span.since, options.zone), styles.BODY),
        text(until, styles.BODY),
        text(words.duration((span.until or end) - span.since), styles.BODY_STRONG),
    )


class TierBar(Whole):
    """Time with each tier as parts of one bar, light to dark up the tiers, and their sums."""

    before = 12.0
    keeps_next = True

    def __init__(self, spans: list[tuple[Tier, timedelta]]) -> None:
        self._spans = spans

    def height(self, width: float) -> float:
        """Bar and legend."""
        return _BAR_PX + 28

    def draw(self, sheet: Sheet, x: float, y: float, width: float) -> None:
        """Every stretch is at least three pixels wide, so that none is lost."""
        left = x
        for (tier, _), part in zip(self._spans, self._parts(width), strict=True):
            fill = colours.TIERS[_place(tier)]
            line = colours.TIERS[1] if tier is Tier.SERVICE_DESK else fill
            sheet.box(left, y, max(part - 2, 1), _BAR_PX, fill=fill, line=line, radius=2)
            label = words.word(tier)
            type_ = Type(styles.META_STRONG.font, 11, _BAR_PX, colours.TIER_INKS[_place(tier)])
            if text_width(label, type_) + 16 < part:
                sheet.text(label, type_, left + 8, y)
            left += part
        self._legend(sheet, x, y + _BAR_PX + 12)

    def _parts(self, width: float) -> list[float]:
        seconds = [max(0.0, time.total_seconds()) for _, time in self._spans]
        whole = sum(seconds) or 1.0
        floor = min(_LEAST_PX, width / len(seconds))
        spare = width - floor * len(seconds)
        return [floor + spare * part / whole for part in seconds]

    def _legend(self, sheet: Sheet, x: float, y: float) -> None:
        for tier in sorted({tier for tier, _ in self._spans}):
            time = sum((t for of, t in self._spans if of is tier), timedelta())
            fill = colours.TIERS[_place(tier)]
            line = colours.TIERS[1] if tier is Tier.SERVICE_DESK else fill
            sheet.box(x, y + 3, 10, 10, fill=fill, line=line, radius=2)
            sheet.text(words.word(tier), styles.META, x + 16, y)
            x += 16 + text_width(words.word(tier), styles.META) + 6
            sheet.text(words.duration(time), styles.META_STRONG, x, y)
            x += text_width(words.duration(time), styles.META_STRONG) + 24


def _hand_over(item: EscalationItem, options: ReportOptions) -> Stack:
    escalation = item.escalation
    steps = [f"Offered {words.moment(escalation.offered_at, options.zone)}{_by(item.offered_by)}"]
    if escalation.accepted_at:
        at = words.moment(escalation.accepted_at, options.zone)
        steps.append(f"accepted {at}{_by(item.accepted_by)}")
    if escalation.ended_at:
        at = words.moment(escalation.ended_at, options.zone)
        steps.append(f"{words.word(escalation.state).lower()} {at}{_by(item.ended_by)}")
    source = f"{words.recorded(item.from_team)} ({words.word(item.from_tier)})"
    target = f"{words.recorded(item.to_team)} ({words.word(item.to_tier)})"
    parts = (
        ("Reason", escalation.reason),
        ("Tried", escalation.tried),
        ("Found", escalation.found),
        ("Need", escalation.need),
        ("Answer", escalation.end_remark),
    )
    return _item(f"{source} → {target}", words.word(escalation.state), steps, parts)


def _call(item: EscalationItem, options: ReportOptions) -> Stack:
    escalation = item.escalation
    steps = [f"Told {words.moment(escalation.offered_at, options.zone)}{_by(item.offered_by)}"]
    if escalation.needed_by:
        steps.append(f"answer needed by {words.moment(escalation.needed_by, options.zone)}")
    if escalation.ended_at:
        at = words.moment(escalation.ended_at, options.zone)
        steps.append(f"{words.word(escalation.state).lower()} {at}{_by(item.ended_by)}")
    parts = (
        ("Reason", escalation.reason),
        ("Found", escalation.found),
        ("Need", escalation.need),
        ("Answer", escalation.end_remark),
    )
    title = f"{words.recorded(item.from_team)} → {words.recorded(item.to_person or item.to_team)}"
    return _item(title, words.word(escalation.state), steps, parts)


def _item(title: str, state: str, steps: list[str], parts: tuple[tuple[str, str], ...]) -> Stack:
    head = Text(
        Run(title, styles.BODY_STRONG), Run(f"  ·  {state}", styles.BODY_MUTED), keeps_next=True
    )
    rows = [
        Row(text(label, styles.BODY_MUTED), _typed(typed))
        for label, typed in parts
        if typed.strip()
    ]
    blocks: list[Block] = [head, text(", ".join(steps) + ".", styles.META, keeps_next=bool(rows))]
    if rows:
        columns = (Column("", 64), Column(""))
        blocks.append(Rows(columns, rows, before=4, gap=16, pad=1, is_ruled=False))
    return Stack(blocks, before=12)


def _typed(typed: str) -> Stack:
    shown, left_out = limited(typed)
    blocks: list[Block] = [text(shown, styles.BODY)]
    if left_out:
        blocks.append(text(left_out, styles.LEFT_OUT))
    return Stack(blocks)


def _by(name: str) -> str:
    return f" by {name}" if name else ""


def _place(tier: Tier) -> int:
    """Which of the colours a tier has; one that only a newer program knows has the last."""
    return min(tier, len(colours.TIERS)) - 1
