"""What the console shows of a major incident, made from what was read. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from desktop.text import clock_text, full_when_text, plural
from desktop.views.major.values import (
    AnswerRow,
    CardView,
    ChangeRow,
    ChannelRow,
    ConsoleView,
    HeadView,
    MajorRow,
    RoleRow,
    StepStanding,
    StepView,
)
from desktop.widgets.paint_badges import initials_of
from services.communications.read_models import DueItem, UpdateItem
from services.incidents.directory import Directory
from services.incidents.priority import Severity
from services.incidents.read_models import IncidentDetail
from services.major_incidents.entries import (
    ASSESSMENT,
    VERDICTS,
    DocumentSection,
    ResponseEntry,
    Verdict,
)
from services.major_incidents.impact import time_to_detect
from services.major_incidents.knowledge import known_at
from services.major_incidents.major import (
    OPEN_MAJOR_STATES,
    HoldingState,
    MajorIncident,
    MajorState,
    ResponsePhase,
    ResponseRole,
)
from services.major_incidents.read_models import Console, EntryItem, MajorItem, RoleItem
from services.major_incidents.steps import step_now, steps
from services.major_incidents.words import DUTIES, span_words, word_of
from services.paging.read_models import PageItem

SHOWN_EMPTY = (
    ResponseRole.INCIDENT_MANAGER,
    ResponseRole.TECH_LEAD,
    ResponseRole.COMMUNICATIONS_MANAGER,
    ResponseRole.DEPUTY,
    ResponseRole.SUPPORT_LEAD,
    ResponseRole.SOCIAL_MEDIA_LEAD,
)
"""Roles that keep their place on the screen while nobody has them."""

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
    "channel": "AddChannel",
    "answer": "AnswerAssessment",
    "entry": "WriteEntry",
    "resolve": "ResolveMajorIncident",
    "accept": "AcceptMajorIncident",
    "reject": "RejectMajorIncident",
    "demote": "DemoteMajorIncident",
    "review": "ReviewMajorIncident",
    "times": "SetImpactTimes",
    "support_case": "AddSupportCase",
    "change_event": "AddChangeEvent",
    "drill": "StartDrill",
}
"""Verbs of the console with the command each needs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """All that was read for one console; ``now`` carries the zone of the desk."""

    console: Console
    detail: IncidentDetail
    updates: tuple[UpdateItem, ...]
    pages: tuple[PageItem, ...]
    due: tuple[DueItem, ...]
    names: Directory
    now: datetime

    @property
    def major(self) -> MajorIncident:
        """The procedure."""
        return self.console.major

    @property
    def sent(self) -> tuple[UpdateItem, ...]:
        """Updates that left."""
        return tuple(item for item in self.updates if item.update.sent_at is not None)


def glyph_of(state: MajorState, phase: ResponsePhase) -> str:
    """The key of the glyph that says how it stands."""
    if state is MajorState.ACCEPTED and phase is ResponsePhase.MONITORING:
        return "monitoring"
    return _GLYPHS.get(state, state.value)


def severity_number(severity: Severity | None) -> int | None:
    """1 to 3, or None."""
    return int(severity.value[-1]) if severity is not None else None


def console_view(of: Reading) -> ConsoleView:
    """Everything but board and timeline, which may be of another moment."""
    console = of.console
    refusals = {verb: why for verb, act in _VERBS.items() if (why := console.why_not(act))}
    refusals |= {
        verb: why
        for verb, act in (("page", "PageTeam"), ("severity", "ChangeSeverity"))
        if (why := of.detail.why_not(act))
    }
    return ConsoleView(
        major_id=of.major.id,
        incident_id=console.incident.id,
        head=_head(of),
        steps=_steps(of),
        roles=tuple(_roles(of)),
        channels=tuple(_channels(of)),
        answers=tuple(_answers(of)),
        changes=tuple(_changes(of)),
        refusals=refusals,
    )


# -- head ---------------------------------------------------------------------------------------


def _head(of: Reading) -> HeadView:
    console, major = of.console, of.major
    detected = time_to_detect(major)
    due = min((item.due.at for item in of.due), default=None)
    facts = [f"Service: {console.item.service}"]
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
    )


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


# -- the column at the left -----------------------------------------------------------------------


def _roles(of: Reading) -> Iterable[RoleRow]:
    held = sorted(of.console.roles, key=lambda i: i.holding.state is HoldingState.OFFERED)
    for role in ResponseRole:
        mine = [item for item in held if item.holding.role is role]
        if not mine and role in SHOWN_EMPTY:
            yield RoleRow(
                key=role.value, role=role, title=_short(word_of(role)), duties=DUTIES.get(role, ())
            )
        yield from (_role(item) for item in mine)


def _short(role: str) -> str:
    """The word of a role as it fits beside a button."""
    return role.replace("ommunications", "omms").removeprefix("Customer ").capitalize()


def _role(item: RoleItem) -> RoleRow:
    holding, duty = item.holding, item.duty
    is_offered = holding.state is HoldingState.OFFERED
    is_tired = duty is not None and duty.is_tired
    time = max(duty.on_incident, duty.within_day) if duty and is_tired else None
    on_duty = span_words(duty.on_incident).removesuffix(" min") if duty else ""
    if duty and duty.on_incident < timedelta(hours=1):
        on_duty = span_words(duty.on_incident)
    if time is not None:
        on_duty = f"{span_words(time).partition(' h')[0]} h today"
    reliefs = ", ".join(one.words for one in item.reliefs)
    return RoleRow(
        key=str(holding.id),
        role=holding.role,
        title=_short(item.role),
        duties=item.duties,
        holding_id=holding.id,
        person_id=holding.person_id,
        person=item.person,
        on_duty=on_duty,
        is_tired=is_tired,
        is_offered=is_offered,
        is_you=item.is_own,
        may_answer=is_offered and item.is_own,
        pack=holding.handover,
        relief=f"Could take over: {reliefs}" if reliefs else "",
    )


def _channels(of: Reading) -> Iterable[ChannelRow]:
    for item in of.console.channels:
        channel = item.channel
        is_link = channel.address.startswith(("https://", "http://"))
        yield ChannelRow(
            channel_id=channel.id,
            kind=channel.kind,
            name=word_of(channel.kind) if is_link else channel.name,
            address=channel.address,
            shown=channel.name if is_link else channel.address,
            access=channel.access,
            link=channel.address if is_link else "",
        )


def _answers(of: Reading) -> Iterable[AnswerRow]:
    for section in ASSESSMENT:
        found = [
            item.entry
            for item in of.console.document
            if item.entry.section is section and not item.entry.is_removed
        ]
        known = [entry.text for entry in found if entry.text and not entry.is_unknown]
        guesses = [entry.text for entry in found if entry.text and entry.is_unknown]
        counted = _counted(of) if section is DocumentSection.SUPPORT_CASES else ""
        text = "; ".join(known) or (counted if not guesses else "")
        if not text and found:
            text = ", ".join(["Unknown", *guesses])
        yield AnswerRow(
            section=section,
            question=word_of(section),
            text=text,
            typed="; ".join(known or guesses),
            is_unknown=not known and not counted,
            entry_ids=tuple(entry.id for entry in found),
            remark=counted if counted != text else "",
        )


def _counted(of: Reading) -> str:
    """How many report it, live; empty while nobody is counted."""
    callers = of.console.callers
    new = f", {callers.recent} new in the last 15 min" if callers.recent else ""
    return f"{callers.total} linked{new}" if callers.total else ""


# -- the board ------------------------------------------------------------------------------------


def cards(of: Reading, moment: datetime | None = None) -> tuple[CardView, ...]:
    """The cards of the board, of now or as they read at a moment."""
    authors = {item.entry.id: item for item in of.console.entries}
    found = entries_at(of, moment)
    shown = [e for e in found if e.kind in VERDICTS and not e.is_removed]
    shown.sort(key=lambda e: (_RANKS.get(e.verdict, 2), -e.happened_at.timestamp(), str(e.id)))
    return tuple(_card(of, entry, authors[entry.id]) for entry in shown)


_RANKS = {
    Verdict.TESTING: 0,
    Verdict.RUNNING: 0,
    Verdict.CONFIRMED: 1,
    Verdict.OPEN: 2,
    Verdict.RULED_OUT: 3,
    Verdict.DISPROVED: 3,
}
"""What is being tried stands first, what is over last."""


def entries_at(of: Reading, moment: datetime | None) -> Sequence[ResponseEntry]:
    """The entries of now, or as they read at a moment."""
    entries = [item.entry for item in of.console.entries]
    return entries if moment is None else known_at(entries, of.console.entry_history, moment)


def _card(of: Reading, entry: ResponseEntry, item: EntryItem) -> CardView:
    who = item.owner or item.author
    at = clock_text(entry.happened_at.astimezone(of.now.tzinfo))
    if entry.until_at is not None and entry.verdict is Verdict.RUNNING:
        at = f"till {clock_text(entry.until_at.astimezone(of.now.tzinfo))}"
    parts = (
        entry.text,
        f"For and against: {entry.evidence}" if entry.evidence else "",
        f"Tests: {item.theory}" if item.theory else "",
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
        update_due_at=at,
        is_drill=item.is_drill,
        is_open=item.state in OPEN_MAJOR_STATES,
        is_accepted=item.state is MajorState.ACCEPTED,
        tip=f"{item.key} {item.summary}",
    )
