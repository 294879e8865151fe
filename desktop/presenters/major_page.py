"""What the console shows of a major incident, made from what was read. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from desktop.presenters.major_channels import channel_rows
from desktop.presenters.major_left import answer_rows, role_rows, stream_rows
from desktop.text import clock_text, full_when_text, plural
from desktop.views.major.values import (
    CardView,
    ChangeRow,
    ConsoleView,
    HeadView,
    MajorRow,
    StepStanding,
    StepView,
)
from desktop.widgets.paint_badges import initials_of
from services.communications.read_models import DueItem, UpdateItem
from services.incidents.directory import Directory
from services.incidents.priority import Severity
from services.incidents.read_models import IncidentDetail
from services.major_incidents.console_reading import Response, console_of
from services.major_incidents.entries import VERDICTS, Verdict
from services.major_incidents.impact import time_to_detect
from services.major_incidents.looking_back import response_at
from services.major_incidents.major import (
    OPEN_MAJOR_STATES,
    MajorIncident,
    MajorState,
    ResponsePhase,
)
from services.major_incidents.meeting import MeetingPlaces
from services.major_incidents.read_models import Console, EntryItem, MajorItem
from services.major_incidents.steps import step_now, steps
from services.major_incidents.words import span_words, word_of
from services.paging.read_models import PageItem

_GLYPHS = {
    MajorState.PROPOSED: "proposed",
    MajorState.ACCEPTED: "fixing",
    MajorState.REJECTED: "rejected",
    MajorState.DEMOTED: "demoted",
    MajorState.RESOLVED: "resolved",
    MajorState.REVIEWED: "reviewed",
}
_VERBS = {
    "role": "OfferRole",
    "stream": "AddWorkStream",
    "channel": "AddChannel",
    "answer": "AnswerAssessment",
    "entry": "WriteEntry",
    "resolve": "ResolveMajorIncident",
    "accept": "AcceptMajorIncident",
    "reject": "RejectMajorIncident",
    "demote": "DemoteMajorIncident",
    "review": "ReviewMajorIncident",
    "times": "SetImpactTimes",
    "phase": "SetPhase",
    "support_case": "AddSupportCase",
    "change_event": "AddChangeEvent",
    "cases": "RemoveSupportCase",
    "document": "WriteDocumentEntry",
    "drill": "StartDrill",
}
"""Verbs of the console with the command each needs."""


LOOKING_BACK = "Go back to now to act"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """All that was read for one console; ``now`` carries the zone of the desk.

    ``is_past``: it is as it was known at ``now``, an earlier moment. ``stream_id`` is the work
    stream that is shown alone. ``places`` is where one can meet.
    """

    response: Response
    console: Console
    viewer_id: UUID
    detail: IncidentDetail
    updates: tuple[UpdateItem, ...]
    pages: tuple[PageItem, ...]
    due: tuple[DueItem, ...]
    names: Directory
    now: datetime
    is_past: bool = False
    stream_id: UUID | None = None
    places: MeetingPlaces = field(default_factory=MeetingPlaces)

    @property
    def major(self) -> MajorIncident:
        """The procedure."""
        return self.console.major

    @property
    def sent(self) -> tuple[UpdateItem, ...]:
        """Updates that left."""
        return tuple(item for item in self.updates if item.update.sent_at is not None)


def reading_at(of: Reading, moment: datetime) -> Reading:
    """All of it as it was known at a moment: the same console, of the rows of then."""
    response = response_at(of.response, moment)
    return replace(
        of,
        response=response,
        console=console_of(response, of.names, of.viewer_id, moment),
        updates=tuple(i for i in of.updates if i.update.sent_at and i.update.sent_at <= moment),
        pages=tuple(_page_at(i, moment) for i in of.pages if i.page.opened_at <= moment),
        due=(),
        now=moment.astimezone(of.now.tzinfo),
        is_past=True,
    )


def _page_at(item: PageItem, moment: datetime) -> PageItem:
    """A page that was answered later had no answer yet."""
    answered = item.page.acknowledged_at
    if answered is None or answered <= moment:
        return item
    return replace(item, acknowledged_by="", page=replace(item.page, acknowledged_at=None))


def glyph_of(state: MajorState, phase: ResponsePhase) -> str:
    """The key of the glyph that says how it stands."""
    if state is MajorState.ACCEPTED and phase is ResponsePhase.MONITORING:
        return "monitoring"
    return _GLYPHS.get(state, state.value)


def severity_number(severity: Severity | None) -> int | None:
    """1 to 3, or None."""
    return int(severity.value[-1]) if severity is not None else None


def console_view(of: Reading) -> ConsoleView:
    """Everything but board and timeline."""
    console = of.console
    refusals = {verb: why for verb, act in _VERBS.items() if (why := console.why_not(act))}
    refusals |= {
        verb: why
        for verb, act in (
            ("page", "PageTeam"),
            ("severity", "ChangeSeverity"),
            ("reopen", "ReopenIncident"),
        )
        if (why := of.detail.why_not(act))
    }
    if of.is_past:
        refusals = dict.fromkeys((*_VERBS, "page", "severity"), LOOKING_BACK)
    return ConsoleView(
        major_id=of.major.id,
        incident_id=console.incident.id,
        head=_head(of),
        steps=_steps(of),
        roles=tuple(role_rows(console)),
        streams=tuple(stream_rows(console, of.stream_id, of.now)),
        channels=tuple(channel_rows(console)),
        answers=tuple(answer_rows(console)),
        changes=tuple(_changes(of)),
        refusals=refusals,
        is_past=of.is_past,
    )


# -- head ---------------------------------------------------------------------------------------


def _head(of: Reading) -> HeadView:
    console, major = of.console, of.major
    detected = time_to_detect(major)
    due = min((item.due.at for item in of.due), default=None)
    facts = [*_how_far(of), f"Service: {console.item.service}"]
    if console.products:
        facts.append(f"Products: {', '.join(console.products)}")
    if console.callers.children:
        facts.append(plural(console.callers.children, "linked incident", "linked incidents"))
    return HeadView(
        severity=severity_number(console.incident.severity),
        key=console.item.key,
        state=glyph_of(major.state, major.phase),
        title=console.incident.summary,
        facts=tuple(facts),
        suspect=_suspect_words(of),
        is_drill=major.is_drill,
        impact_started_at=major.impact_started_at,
        impact_ended_at=major.impact_ended_at,
        detected_in="" if detected is None else span_words(detected),
        last_word_at=last_word(of),
        update_due_at=due,
        is_past=of.is_past,
    )


def _how_far(of: Reading) -> Iterable[str]:
    """How far the response is, and who reviews it until when once it is resolved."""
    major = of.major
    if major.state is MajorState.ACCEPTED:
        yield word_of(major.phase)
    elif review := _review_words(of.console.item, of.now):
        yield review


def _review_words(item: MajorItem, now: datetime) -> str:
    """``Review by Priya until 27 Nov 09:00``, while it is to come."""
    if item.state is not MajorState.RESOLVED or item.review_due_at is None:
        return ""
    until = "was due" if item.review_due_at < now else "until"
    return f"Review by {item.review_owner} {until} {full_when_text(item.review_due_at, now)}"


def last_word(of: Reading) -> datetime | None:
    """When the last word was sent, or the response began."""
    sent = [item.update.sent_at for item in of.sent if item.update.sent_at is not None]
    return max(sent, default=of.major.accepted_at)


def _suspect_words(of: Reading) -> str:
    first = next(iter(of.console.suspects), None)
    if first is None or (not first.is_related and first.before > timedelta(hours=2)):
        return ""
    at = clock_text(first.event.happened_at.astimezone(of.now.tzinfo))
    what = first.event.reference or first.event.title
    return f"change {what} deployed {at}, {first.words}"


def _changes(of: Reading) -> Iterable[ChangeRow]:
    for suspect in of.console.suspects:
        event = suspect.event
        yield ChangeRow(
            change_id=event.id,
            reference=event.reference,
            title=event.title,
            when=full_when_text(event.happened_at, of.now),
            distance=suspect.words,
            source=event.source or of.names.person(event.recorded_by_id),
        )


def _steps(of: Reading) -> tuple[StepView, ...]:
    facts = replace(
        of.console.step_facts,
        is_told=bool(of.sent),
        is_escalated=of.console.step_facts.is_escalated or bool(of.pages),
    )
    standings = steps(facts)
    now = step_now(standings)
    return tuple(
        StepView(
            one.step.name.lower(),
            one.step.value,
            StepStanding.DONE
            if one.is_done
            else StepStanding.NOW
            if one.step is now
            else StepStanding.AHEAD,
            one.missing,
        )
        for one in standings
    )


# -- the board ------------------------------------------------------------------------------------


def cards(of: Reading) -> tuple[CardView, ...]:
    """The cards of the board, of the stream that is shown alone if any."""
    shown = [
        item for item in entries_of(of) if item.entry.kind in VERDICTS and not item.entry.is_removed
    ]
    shown.sort(key=_rank)
    return tuple(_card(of, item) for item in shown)


def entries_of(of: Reading) -> Iterable[EntryItem]:
    """What is written down, of the stream that is shown alone if any."""
    wanted = of.stream_id
    return (i for i in of.console.entries if wanted in (None, i.entry.work_stream_id))


def _rank(item: EntryItem) -> tuple[int, float, str]:
    entry = item.entry
    return (_RANKS.get(entry.verdict, 2), -entry.happened_at.timestamp(), str(entry.id))


_RANKS = {
    Verdict.TESTING: 0,
    Verdict.RUNNING: 0,
    Verdict.CONFIRMED: 1,
    Verdict.OPEN: 2,
    Verdict.RULED_OUT: 3,
    Verdict.DISPROVED: 3,
}
"""What is being tried stands first, what is over last."""


def _card(of: Reading, item: EntryItem) -> CardView:
    entry = item.entry
    who = item.owner or item.author
    at = clock_text(entry.happened_at.astimezone(of.now.tzinfo))
    if entry.until_at is not None and entry.verdict is Verdict.RUNNING:
        at = f"till {clock_text(entry.until_at.astimezone(of.now.tzinfo))}"
    parts = (
        entry.text,
        f"For and against: {entry.evidence}" if entry.evidence else "",
        f"Tests: {item.theory}" if item.theory else "",
        f"Work stream: {item.stream}" if item.stream else "",
        f"Outcome: {entry.outcome}" if entry.outcome else "",
        f"Saved here only, by {item.author}" if item.is_unsent else f"By {item.author}",
    )
    return CardView(
        entry_id=entry.id,
        kind=entry.kind,
        text=entry.text,
        verdict=entry.verdict,
        stamp=f"{at} {initials_of(who)}" if who else at,
        tip="\n".join(part for part in parts if part),
        evidence=entry.evidence,
        outcome=entry.outcome,
    )


# -- the list and the pill ------------------------------------------------------------------------


def major_row(item: MajorItem, due: Sequence[DueItem], now: datetime) -> MajorRow:
    """A line of the list."""
    ended = item.impact_ended_at
    if item.impact_since is None:
        since = "impact since unknown"
    elif ended is not None:
        since = f"impact {span_words(ended - item.impact_since)}"
    else:
        since = f"impact for {span_words(now - item.impact_since)}"
    at = min((one.due.at for one in due if one.major_id == item.major_id), default=None)
    return MajorRow(
        key=str(item.major_id),
        major_id=item.major_id,
        incident_id=item.incident_id,
        severity=severity_number(item.severity),
        number=item.key,
        state=glyph_of(item.state, item.phase),
        summary=item.summary,
        service="service unknown" if item.service == "Unknown" else item.service,
        manager=item.manager or ("nobody in charge" if item.state is MajorState.ACCEPTED else ""),
        since=since,
        review=_review_words(item, now),
        update_due_at=at,
        is_drill=item.is_drill,
        is_open=item.state in OPEN_MAJOR_STATES,
        is_accepted=item.state is MajorState.ACCEPTED,
        tip=f"{item.key} {item.summary}",
    )
