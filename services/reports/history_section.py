"""Everything that happened, oldest first, with the time it happened and the time it was kept."""

from typing import Final

from services.incidents.read_models import FieldChange, IncidentDetail, TimelineEntry
from services.reports import styles, words
from services.reports.header import Notice, heading
from services.reports.layout import Block, Stack, Text, text
from services.reports.options import ReportOptions
from services.reports.rows import Column, Row, Rows
from services.reports.text import CHARACTER_LIMIT, Run, limited

REPORT_LIMIT: Final = 1_000_000
"""Characters of typed text after which each further entry is cut short."""
SHORT_LIMIT: Final = 500

_COLUMNS: Final = (Column("Happened", 120), Column("Recorded", 120), Column("Who did what"))


def history_blocks(detail: IncidentDetail, options: ReportOptions) -> list[Block]:
    """The whole timeline as rows; says so where internal notes are left out."""
    entries = list(reversed(detail.timeline))
    entries.sort(key=lambda entry: entry.happened_at)
    shown = [e for e in entries if options.with_internal_notes or not e.is_internal]
    blocks: list[Block] = [heading("History"), text(_scope(entries, shown), styles.META, before=4)]
    blocks[-1].keeps_next = True
    if len(shown) < len(entries):
        count = len(entries) - len(shown)
        notes = words.counted(count, "internal note is", "internal notes are")
        notice = Notice(f"{notes} left out of this copy.", before=8)
        notice.keeps_next = True
        blocks.append(notice)
    if shown:
        blocks.append(Rows(_COLUMNS, _rows(shown, options), before=8, pad=6))
    return blocks


def _scope(entries: list[TimelineEntry], shown: list[TimelineEntry]) -> str:
    if not entries:
        return "Nothing is recorded."
    count = words.counted(len(shown), "entry", "entries")
    internal = any(entry.is_internal for entry in shown)
    return f"{count}, oldest first{', internal notes included' if internal else ''}."


def _rows(entries: list[TimelineEntry], options: ReportOptions) -> list[Row]:
    rows = []
    used = 0
    for entry in entries:
        limit = CHARACTER_LIMIT if used < REPORT_LIMIT else SHORT_LIMIT
        used += min(len(entry.text), limit)
        rows.append(_row(entry, options, limit))
    return rows


def _row(entry: TimelineEntry, options: ReportOptions, limit: int) -> Row:
    happened = words.moment(entry.happened_at, options.zone)
    return Row(
        text(happened, styles.META_INK),
        text(_recorded(entry, happened, options), styles.META),
        _told(entry, limit),
    )


def _recorded(entry: TimelineEntry, happened: str, options: ReportOptions) -> str:
    if entry.recorded_at is None:
        return "on this desk only"
    recorded = words.moment(entry.recorded_at, options.zone)
    return "at once" if recorded == happened else recorded


def _told(entry: TimelineEntry, limit: int) -> Stack:
    """Who did what, what was typed, and each field before and after."""
    runs = [
        Run(words.recorded(entry.on_behalf_of or entry.actor), styles.META_STRONG),
        Run(f" {entry.sentence}".rstrip(), styles.META_INK),
    ]
    if entry.is_internal:
        runs.append(Run("  ·  internal", styles.MICRO_STRONG))
    blocks: list[Block] = [Text(*runs, keeps_next=bool(entry.text or entry.changes))]
    shown, left_out = limited(entry.text, limit)
    if shown.strip():
        blocks.append(text(shown, styles.META_INK, before=4))
    if left_out:
        blocks.append(text(left_out, styles.LEFT_OUT, before=4))
    blocks.extend(_change(change) for change in entry.changes)
    return Stack(blocks)


def _change(change: FieldChange) -> Text:
    before, before_left = limited(change.before or "not set", SHORT_LIMIT)
    after, after_left = limited(change.after or "not set", SHORT_LIMIT)
    return Text(
        Run(f"{change.field}: {before}", styles.META),
        Run(" → ", styles.META),
        Run(after, styles.META_INK),
        *(Run(f" {rest}", styles.LEFT_OUT) for rest in (before_left, after_left) if rest),
        before=2,
    )
