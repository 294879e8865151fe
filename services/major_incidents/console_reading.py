"""What a console shows, from the rows of one response. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from services.incidents.directory import Directory
from services.incidents.incident import HistoryEntry, Incident
from services.major_incidents.duty import Duty, Relief, ReliefReason, duty_of, reliefs
from services.major_incidents.entries import (
    ASSESSMENT,
    ChangeEvent,
    DocumentEntry,
    DocumentSection,
    ResponseEntry,
    SupportCase,
)
from services.major_incidents.impact import suspects
from services.major_incidents.major import (
    ChannelKind,
    HoldingState,
    MajorIncident,
    MajorState,
    ResponseChannel,
    ResponseRole,
    RoleHolding,
    WorkStream,
)
from services.major_incidents.meeting import RoomItem, RoomStanding
from services.major_incidents.permissions import Standing, permissions
from services.major_incidents.read_models import (
    CallerCount,
    ChannelItem,
    Console,
    DocumentItem,
    EntryItem,
    MajorItem,
    ReliefItem,
    RoleItem,
    StreamItem,
)
from services.major_incidents.steps import StepFacts
from services.major_incidents.words import duties_of, joined_words, key_of, role_words
from services.on_call.roster import OnCallShift, Roster

RECENT = timedelta(minutes=15)
"""A caller counts as new for so long."""

EXPECTED = (
    ResponseRole.INCIDENT_MANAGER,
    ResponseRole.TECH_LEAD,
    ResponseRole.COMMUNICATIONS_MANAGER,
    ResponseRole.DEPUTY,
)
"""Roles that every response needs."""

SPEAKING = frozenset(
    {
        ResponseRole.COMMUNICATIONS_MANAGER,
        ResponseRole.INTERNAL_COMMUNICATIONS,
        ResponseRole.EXTERNAL_COMMUNICATIONS,
    }
)
"""Roles that write updates."""

_UNDER_WAY = (HoldingState.HELD, HoldingState.OFFERED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """The rows of one response; ``all_holdings`` are those of its people in any,
    and whatever is held now. ``history`` lets ``services.major_incidents.looking_back`` say
    how all of it read at an earlier moment.
    """

    incident: Incident
    major: MajorIncident
    holdings: tuple[RoleHolding, ...]
    all_holdings: tuple[RoleHolding, ...]
    streams: tuple[WorkStream, ...]
    channels: tuple[ResponseChannel, ...]
    entries: tuple[ResponseEntry, ...]
    document: tuple[DocumentEntry, ...]
    cases: tuple[SupportCase, ...]
    children: tuple[Incident, ...]
    change_events: tuple[ChangeEvent, ...]
    rosters: tuple[Roster, ...]
    shifts: tuple[OnCallShift, ...]
    history: tuple[HistoryEntry, ...]
    pending_count: int
    rooms: Mapping[UUID, RoomItem] = field(default_factory=dict)
    """What became of chat rooms that the dispatcher makes, by channel."""


def console_of(of: Response, directory: Directory, viewer_id: UUID, now: datetime) -> Console:
    """The console of one major incident for this viewer."""
    roles = [_role(of, h, directory, viewer_id, now) for h in sorted(of.holdings, key=_by_role)]
    current = tuple(r for r in roles if r.holding.state in _UNDER_WAY)
    commanding = [r for r in current if r.holding.role is ResponseRole.INCIDENT_MANAGER]
    held = {r.holding.role for r in current if r.holding.state is HoldingState.HELD}
    cases = tuple(case for case in of.cases if case.is_active)
    standing = Standing(
        of.incident, of.major, of.holdings, viewer_id, directory.roles_of(viewer_id)
    )
    return Console(
        incident=of.incident,
        major=of.major,
        item=item_of(of.major, of.incident, of.holdings, directory),
        products=tuple(
            directory.products[id_].name
            for id_ in of.incident.affected_product_ids
            if id_ in directory.products
        ),
        manager=_first(commanding, HoldingState.HELD),
        offered=_first(commanding, HoldingState.OFFERED),
        roles=current,
        past_roles=tuple(r for r in roles if r.holding.state not in _UNDER_WAY),
        missing_roles=tuple(role for role in EXPECTED if role not in held),
        channels=tuple(
            ChannelItem(
                channel=channel, room=of.rooms.get(channel.id), is_unsent=channel.version == 0
            )
            for channel in sorted(of.channels, key=lambda c: (c.added_at, str(c.id)))
            if channel.is_active
        ),
        streams=tuple(_stream(of, s, directory) for s in sorted(of.streams, key=_by_start)),
        entries=_entries(of, directory),
        document=_document(of, directory),
        cases=tuple(sorted(cases, key=lambda c: (c.opened_at, str(c.id)))),
        callers=callers(cases, of.children, now),
        suspects=suspects(
            of.change_events, of.major, of.incident.service_id, of.incident.affected_product_ids
        ),
        step_facts=_step_facts(of, held),
        permissions=permissions(standing),
        pending_count=of.pending_count,
    )


def item_of(
    major: MajorIncident, incident: Incident, holdings: Iterable[RoleHolding], directory: Directory
) -> MajorItem:
    """The row of the list; ``holdings`` are those of the response."""
    in_command = [
        h for h in holdings if h.role is ResponseRole.INCIDENT_MANAGER and h.accepted_at is not None
    ]
    last = max(in_command, key=_in_command_since, default=None)
    manager_id = last.person_id if last else None
    return MajorItem(
        major_id=major.id,
        incident_id=incident.id,
        number=incident.number,
        key=key_of(incident.number),
        summary=incident.summary,
        severity=incident.severity,
        priority=incident.priority,
        service=directory.service(incident.service_id),
        state=major.state,
        phase=major.phase,
        because=major.because,
        proposal=major.proposal,
        proposed_by=directory.person(major.proposed_by_id),
        proposed_at=major.proposed_at,
        accepted_at=major.accepted_at,
        impact_since=major.impact_started_at or major.detected_at,
        impact_ended_at=major.impact_ended_at,
        manager_id=manager_id,
        manager=directory.person(manager_id),
        review_owner=directory.person(major.review_owner_id),
        review_due_at=major.review_due_at,
        is_drill=major.is_drill,
        is_confidential=incident.is_confidential,
        is_unsent=major.version == 0,
    )


def _in_command_since(holding: RoleHolding) -> tuple[bool, datetime]:
    assert holding.accepted_at is not None
    return (holding.state is HoldingState.HELD, holding.accepted_at)


def callers(
    cases: tuple[SupportCase, ...], children: tuple[Incident, ...], now: datetime
) -> CallerCount:
    """How many report it, and how many of them began to within the last 15 minutes."""
    moments = [case.opened_at for case in cases] + [child.reported_at for child in children]
    return CallerCount(
        cases=len(cases),
        children=len(children),
        recent=sum(1 for moment in moments if moment > now - RECENT),
    )


def _by_role(holding: RoleHolding) -> tuple[int, datetime, str]:
    order = [role.value for role in ResponseRole]
    value = holding.role.value
    place = order.index(value) if value in order else len(order)
    return (place, holding.offered_at, str(holding.id))


def _by_start(stream: WorkStream) -> tuple[bool, datetime, str]:
    """What is under way comes first."""
    return (stream.ended_at is not None, stream.started_at, str(stream.id))


def _first(roles: list[RoleItem], state: HoldingState) -> RoleItem | None:
    return next((role for role in roles if role.holding.state is state), None)


def _role(
    of: Response, holding: RoleHolding, directory: Directory, viewer_id: UUID, now: datetime
) -> RoleItem:
    is_held = holding.state is HoldingState.HELD
    duty = duty_of(holding.person_id, of.major.id, of.all_holdings, now) if is_held else None
    relieved = next((h for h in of.holdings if h.id == holding.relieves_id), None)
    return RoleItem(
        holding=holding,
        role=role_words(holding),
        duties=duties_of(holding),
        person=directory.person(holding.person_id),
        offered_by=directory.person(holding.offered_by_id),
        stream=next((s.name for s in of.streams if s.id == holding.work_stream_id), ""),
        relieves=directory.person(relieved.person_id) if relieved else "",
        is_own=holding.person_id == viewer_id,
        is_unsent=holding.version == 0,
        duty=duty,
        reliefs=_reliefs(of, holding, duty, directory, now),
    )


def _reliefs(
    of: Response,
    holding: RoleHolding,
    duty: Duty | None,
    directory: Directory,
    now: datetime,
) -> tuple[ReliefItem, ...]:
    """People of the same teams, and for the incident manager those of the catch-all."""
    if duty is None or not duty.is_tired:
        return ()
    teams = directory.teams_of(holding.person_id)
    is_manager = holding.role is ResponseRole.INCIDENT_MANAGER
    rosters = {
        r.id: r.name for r in of.rosters if r.team_id in teams or (is_manager and r.is_catch_all)
    }
    busy = {h.person_id for h in of.all_holdings if h.state is HoldingState.HELD}
    shifts = [s for s in of.shifts if s.roster_id in rosters]
    return tuple(
        ReliefItem(
            relief=one,
            person=directory.person(one.person_id),
            words=_relief_words(one, directory.person(one.person_id), rosters[one.roster_id]),
        )
        for one in reliefs(shifts, busy, now)
    )


_RELIEF_WORDS = {
    ReliefReason.BACKUP: "backup of {roster}",
    ReliefReason.ON_CALL: "on call for {roster}",
    ReliefReason.NEXT: "next on call for {roster}",
}


def _relief_words(one: Relief, person: str, roster: str) -> str:
    return f"{person}, {_RELIEF_WORDS[one.because].format(roster=roster)}"


def _is_open(of: Response, channel: ResponseChannel) -> bool:
    """Whether people can meet there now."""
    room = of.rooms.get(channel.id)
    is_there = bool(channel.address) or (room is not None and room.standing is RoomStanding.MADE)
    return is_there and channel.is_active and channel.kind is not ChannelKind.DOCUMENT


def _stream(of: Response, stream: WorkStream, directory: Directory) -> StreamItem:
    in_it = [
        h for h in of.holdings if h.work_stream_id == stream.id and h.state is HoldingState.HELD
    ]
    mine = [e for e in of.entries if e.work_stream_id == stream.id and not e.is_removed]
    return StreamItem(
        stream=stream,
        lead=directory.person(stream.lead_id),
        roles=tuple(f"{role_words(h)}: {directory.person(h.person_id)}" for h in in_it),
        is_under_way=stream.ended_at is None and of.major.state is MajorState.ACCEPTED,
        entry_count=len(mine),
        is_unsent=stream.version == 0,
    )


def _entries(of: Response, directory: Directory) -> tuple[EntryItem, ...]:
    texts = {entry.id: entry.text for entry in of.entries}
    streams = {stream.id: stream.name for stream in of.streams}
    changes = {event.id: event for event in of.change_events}

    def change_words(id_: UUID | None) -> str:
        event = changes.get(id_) if id_ else None
        return joined_words((event.reference, event.title), " ") if event else ""

    return tuple(
        EntryItem(
            entry=entry,
            author=directory.person(entry.author_id),
            owner=directory.person(entry.owner_id),
            stream=streams.get(entry.work_stream_id, "") if entry.work_stream_id else "",
            theory=texts.get(entry.theory_id, "") if entry.theory_id else "",
            change=change_words(entry.change_event_id),
            is_unsent=entry.version == 0,
        )
        for entry in sorted(of.entries, key=lambda e: (e.happened_at, str(e.id)), reverse=True)
    )


def _document(of: Response, directory: Directory) -> tuple[DocumentItem, ...]:
    order = [section.value for section in DocumentSection]

    def place(entry: DocumentEntry) -> tuple[int, int, str]:
        value = entry.section.value
        section = order.index(value) if value in order else len(order)
        return (section, entry.position, str(entry.id))

    return tuple(
        DocumentItem(
            entry=entry,
            written_by=directory.person(entry.written_by_id),
            is_unsent=entry.version == 0,
        )
        for entry in sorted(of.document, key=place)
    )


def _step_facts(of: Response, held: set[ResponseRole]) -> StepFacts:
    answered = {
        entry.section
        for entry in of.document
        if not entry.is_removed and (entry.text or entry.is_unknown)
    }
    ever = {h.role for h in of.holdings if h.accepted_at is not None}
    roles = ever if of.major.state in (MajorState.RESOLVED, MajorState.REVIEWED) else held
    return StepFacts(
        is_detected=of.major.detected_at is not None,
        has_channel=any(_is_open(of, channel) for channel in of.channels),
        unanswered=sum(1 for section in ASSESSMENT if section not in answered),
        has_severity=of.incident.severity is not None,
        has_tech_lead=ResponseRole.TECH_LEAD in roles,
        has_communications=bool(roles & SPEAKING),
        phase=of.major.phase,
        is_resolved=of.major.state in (MajorState.RESOLVED, MajorState.REVIEWED),
        is_reviewed=of.major.state is MajorState.REVIEWED,
        is_escalated=of.incident.was_escalated,
    )
