"""Reads an example, drafts it and proves it, as the command does."""

from datetime import UTC, datetime, timedelta

from services.intake.equivalence import PROVED, Proof, prove
from services.intake.schedules.calendar_file import calendar_schedules
from services.intake.schedules.draft import ScheduleDraft, draft
from services.intake.schedules.drafting import Drafting, ids_of
from services.intake.schedules.goalert import goalert_schedules
from services.intake.schedules.grafana import grafana_schedules
from services.intake.schedules.opsgenie import opsgenie_schedules
from services.intake.schedules.pagerduty import pagerduty_schedules
from services.intake.schedules.source import SourceSchedule
from services.on_call.shifts import planning_span

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
"""Four weeks before the clocks of Europe change, one before those of America do."""

SPAN = planning_span(NOW)
READERS = {
    "opsgenie": opsgenie_schedules,
    "pagerduty": pagerduty_schedules,
    "goalert": goalert_schedules,
    "grafana": lambda text: grafana_schedules(text, SPAN),
    "ics": lambda text: calendar_schedules(text, "calendar", SPAN),
}


def read(kind: str, text: str) -> SourceSchedule:
    """The one schedule of a file."""
    (found,) = READERS[kind](text)
    return found


def drafted(source: SourceSchedule, now: datetime = NOW) -> ScheduleDraft:
    """The schedule as rosters, of people who are nobody else."""
    ids = ids_of(source.people)
    return draft(source, Drafting(ids=ids, now=now, by_id=next(iter(ids.values()))))


def proof_of(
    source: SourceSchedule, made: ScheduleDraft | None = None, span: timedelta = PROVED
) -> Proof:
    """The proof over 90 days, of the draft that was made or another."""
    return prove(made or drafted(source), ids_of(source.people), NOW, NOW + span)
