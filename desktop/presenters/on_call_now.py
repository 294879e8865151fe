"""Who is on call at this moment, what comes next, and what asks for an answer."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from desktop.presenters import on_call_words as words
from desktop.presenters.on_call_page import Sight
from desktop.text import clock_text
from desktop.views.on_call import values
from desktop.views.on_call.values import NextHandover, OnCallNow, SwapOffer
from services.on_call.coverage import Finding, FindingKind
from services.on_call.lifecycle import is_open
from services.on_call.roster import OnCallShift, Roster, ShiftSwap
from services.on_call.spans import Span, shared
from services.on_call.wall_clock import wall_clock

SOON: Final = timedelta(hours=48)
HANDOVERS_AHEAD: Final = timedelta(days=14)
_KINDS: Final = {
    FindingKind.GAP: values.FindingKind.GAP,
    FindingKind.CATCH_ALL_GAP: values.FindingKind.GAP,
    FindingKind.OVERLAP: values.FindingKind.OVERLAP,
    FindingKind.UNREACHABLE: values.FindingKind.NO_CONTACT,
    FindingKind.CLOCK_CHANGE: values.FindingKind.CLOCK_CHANGE,
}


def on_call_now(sight: Sight, hidden: frozenset[UUID] = frozenset()) -> list[OnCallNow]:
    """One entry for each roster that is not hidden."""
    return [_entry(sight, one) for one in sight.rosters if one.id not in hidden]


def _entry(sight: Sight, roster: Roster) -> OnCallNow:
    now, shifts = sight.now, sight.book.shifts_of(roster.id)
    primary = [one for one in shifts if not one.is_backup and one.ends_at > now]
    here = next((one for one in primary if one.starts_at <= now), None)
    later = [one for one in primary if one.starts_at > now]
    backup = next((s for s in shifts if s.is_backup and s.starts_at <= now < s.ends_at), None)
    zone = sight.zone
    if here is None:
        until = f"from {words.near(later[0].starts_at, now, zone)}" if later else ""
    else:
        until = f"until {words.end_of(here.ends_at, now, zone)}"
    person = sight.names.people.get(here.person_id) if here else None
    is_meant = shared([Span(now, now + timedelta(minutes=1))],
                      sight.book.promised(roster, now, now + timedelta(minutes=1)))  # fmt: skip
    return OnCallNow(
        roster_id=roster.id,
        roster=roster.name,
        tier="" if roster.is_catch_all else sight.tier(roster),
        until=until,
        person_id=here.person_id if here else None,
        person=sight.person(here.person_id) if here else "",
        is_you=here is not None and sight.is_you(here.person_id),
        is_gap=here is None and bool(is_meant),
        then=_then(sight, here, later, backup),
        phone=person.phone if person else "",
        tip=_there(roster, here),
    )


def _then(
    sight: Sight, here: OnCallShift | None, later: list[OnCallShift], backup: OnCallShift | None
) -> str:
    """Who comes after, or stands behind, whoever is on call."""
    follower = later[0] if later else None
    if here is None and backup is not None:
        return f"backup {_called(sight, backup)}"
    if follower is not None and here is not None and follower.starts_at == here.ends_at:
        override = ", override" if follower.override_id else ""
        return f"then {_called(sight, follower)}{override}"
    if backup is not None:
        return f"backup {_called(sight, backup)}"
    if follower is None:
        return "then nobody"
    when = words.near(follower.starts_at, sight.now, sight.zone)
    name = _called(sight, follower)
    return f"then {name} from {when}" if here is not None else f"then {name}"


def _called(sight: Sight, shift: OnCallShift) -> str:
    name = words.short_name(sight.person(shift.person_id))
    return "you" if sight.is_you(shift.person_id) else name


def _there(roster: Roster, shift: OnCallShift | None) -> str:
    if shift is None:
        return ""
    zone = wall_clock(roster.time_zone).zone
    return f"until {words.dated(shift.ends_at, zone)} {words.zone_city(zone)}"


def next_handovers(sight: Sight, hidden: frozenset[UUID] = frozenset()) -> list[NextHandover]:
    """Handovers of the next 14 days, the soonest first."""
    end = sight.now + HANDOVERS_AHEAD
    found = [f for f in sight.findings if f.kind is FindingKind.HANDOVER and f.starts_at < end]
    shown = (f for f in found if f.relieved_person_id is not None and f.roster_id not in hidden)
    flagged = {
        (f.roster_id, moment)
        for f in sight.findings
        if f.kind is FindingKind.CLOCK_CHANGE
        for moment in (f.starts_at, f.ends_at)
    }
    return [_handover(sight, f, is_flagged=(f.roster_id, f.starts_at) in flagged) for f in shown]


def _handover(sight: Sight, found: Finding, *, is_flagged: bool) -> NextHandover:
    roster = sight.book.roster(found.roster_id)
    assert roster is not None
    note = sight.book.note_for(roster.id, found.starts_at)
    zone = wall_clock(roster.time_zone).zone
    takes = (
        s for s in sight.book.shifts_of(roster.id)
        if s.starts_at == found.starts_at and s.person_id == found.person_id
    )  # fmt: skip
    shift = next(takes, None)
    warning = "The clock changes on that day: look at the time twice." if is_flagged else ""
    return NextHandover(
        roster_id=roster.id,
        roster=roster.name,
        at=found.starts_at,
        when=words.near(found.starts_at, sight.now, sight.zone),
        from_person=sight.person(found.relieved_person_id),
        to_person=sight.person(found.person_id),
        is_override=shift is not None and shift.override_id is not None,
        note=note.text if note else "",
        is_soon=found.starts_at - sight.now < SOON,
        warning=warning,
        tip=f"{words.dated(found.starts_at, zone)} {words.zone_city(zone)}",
    )


def findings_shown(sight: Sight) -> list[values.Finding]:
    """What somebody should look at, gaps first; handovers as such are no finding."""
    found = [_finding(sight, one) for one in sight.findings if one.kind in _KINDS]
    order = list(values.FindingKind)
    return sorted(found, key=lambda one: (order.index(one.kind), one.starts_at))


def _finding(sight: Sight, found: Finding) -> values.Finding:
    roster = sight.book.roster(found.roster_id)
    name = roster.name if roster else "?"
    person = sight.person(found.person_id)
    when = words.near_span(found.starts_at, found.ends_at, sight.now, sight.zone)
    title, text = {
        FindingKind.GAP: (f"{name} has no primary", f"{when}{_backup(sight, found)}"),
        FindingKind.CATCH_ALL_GAP: (
            f"{name} has nobody", f"{when}. A page that nobody answers would end here."
        ),
        FindingKind.OVERLAP: (f"{name} has two primaries", f"{when}, {person} beside another"),
        FindingKind.UNREACHABLE: (
            f"{person} cannot be paged",
            f"no working contact method, on call for {name} from"
            f" {words.dated(found.starts_at, sight.zone)}",
        ),
        FindingKind.CLOCK_CHANGE: (
            f"{name} is handed over while the clock changes",
            f"to {person}, {when}",
        ),
    }[found.kind]  # fmt: skip
    return values.Finding(
        key=f"{found.kind.value} {found.roster_id} {found.starts_at.isoformat()} {person}",
        kind=_KINDS[found.kind],
        title=title,
        text=text,
        starts_at=found.starts_at,
        ends_at=found.ends_at,
        roster_id=found.roster_id,
        person_id=found.person_id,
    )


def _backup(sight: Sight, gap: Finding) -> str:
    """Who stands behind a gap."""
    covering = (
        s for s in sight.book.shifts_of(gap.roster_id)
        if s.is_backup and s.starts_at <= gap.starts_at < s.ends_at
    )  # fmt: skip
    shift = next(covering, None)
    return f", backup is {words.short_name(sight.person(shift.person_id))}" if shift else ""


def first_gap(findings: Iterable[values.Finding]) -> values.Finding | None:
    """The next gap."""
    gaps = (one for one in findings if one.kind is values.FindingKind.GAP)
    return min(gaps, key=lambda gap: gap.starts_at, default=None)


def open_offers(sight: Sight) -> list[SwapOffer]:
    """Offers the viewer can answer, then those of their own."""
    swaps = [s for s in sight.book.swaps if is_open(s, sight.now)]
    theirs = [_offer(sight, s, may_answer=True) for s in swaps if _is_for(sight, s)]
    own = [_offer(sight, s, may_answer=False) for s in swaps if sight.is_you(s.offered_by_id)]
    return theirs + own


def _is_for(sight: Sight, swap: ShiftSwap) -> bool:
    """Whether an offer is for the viewer: by name, or to all of the roster's team."""
    if not sight.planner.may_answer(swap):
        return False
    roster = sight.book.roster(swap.roster_id)
    in_team = roster is not None and roster.team_id in sight.planner.team_ids
    return swap.to_person_id is not None or in_team


def _offer(sight: Sight, swap: ShiftSwap, *, may_answer: bool) -> SwapOffer:
    roster = sight.book.roster(swap.roster_id)
    name = roster.name if roster else "?"
    given = words.near_span(swap.starts_at, swap.ends_at, sight.now, sight.zone)
    if may_answer:
        title = f"{words.short_name(sight.person(swap.offered_by_id))} offers you a shift"
    else:
        to = words.short_name(sight.person(swap.to_person_id)) if swap.to_person_id else "anyone"
        title = f"You offer {to} a shift"
    text = f"{name}, {given}"
    if swap.return_starts_at is not None and swap.return_ends_at is not None:
        back = words.near_span(swap.return_starts_at, swap.return_ends_at, sight.now, sight.zone)
        text += f", for {back}"
    return SwapOffer(
        swap_id=swap.id,
        title=title,
        text=text,
        tip=swap.reason,
        may_answer=may_answer,
        is_named=sight.is_you(swap.to_person_id),
        starts_at=swap.starts_at,
    )


def seen_from(at: datetime, sight: Sight) -> str:
    """``10:42 Lisbon``."""
    return f"{clock_text(at.astimezone(sight.zone))} {words.zone_city(sight.zone)}"
