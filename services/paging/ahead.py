"""Whom a page that runs calls next, and who would be woken by one that is not yet asked for."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from services.incidents.directory import Directory
from services.on_call.roster import OnCallShift, Roster
from services.on_call.waking import Waking, WakingBook, waking_of_team
from services.paging.page import Page, PageState, PageStep
from services.paging.read_models import Cover
from services.paging.words import CATCH_ALL, waking_words


def after_step(
    page: Page,
    steps: Sequence[PageStep],
    book: WakingBook,
    directory: Directory,
    now: datetime,
) -> tuple[str, ...]:
    """Whom the step after the present one calls, as far as the rota says it now."""
    if page.state is not PageState.OPEN or page.is_catch_all or not steps:
        return ()
    at = page.position + 1
    if at >= len(steps):
        if page.round - page.rounds_from >= page.repeat_count:
            return (CATCH_ALL,)
        at = 0
    step = steps[at]
    ids = [
        *step.person_ids,
        *(person for roster_id in step.roster_ids for person in book.on_call(roster_id, now)),
        *(person for team_id in step.team_ids for person in of_team(book, team_id, now)),
    ]
    return tuple(name for name in (directory.person(id_) for id_ in dict.fromkeys(ids)) if name)


def of_team(book: WakingBook, team_id: UUID, at: datetime) -> tuple[UUID, ...]:
    """Who is on call for a team, else its lead."""
    on_call = [
        person_id for roster in rosters_of(book, team_id)
        for person_id in book.on_call(roster.id, at)
    ]  # fmt: skip
    leads = [team.lead_id for team in book.teams if team.id == team_id and team.lead_id]
    return tuple(dict.fromkeys(on_call or leads))


def by_phone(page: Page, book: WakingBook, directory: Directory, now: datetime) -> str:
    """``Theo, +351 21 555 0120``: whom to call by hand while no page goes out."""
    asked = page.to_person_ids or (of_team(book, page.to_team_id, now) if page.to_team_id else ())
    people = (directory.people[id_] for id_ in asked if id_ in directory.people)
    found = next((f"{person.name}, {person.phone}" for person in people if person.phone), "")
    team = directory.teams.get(page.to_team_id) if page.to_team_id else None
    return found or (f"{team.name}, {team.phone}" if team and team.phone else "")


def rosters_of(book: WakingBook, team_id: UUID) -> tuple[Roster, ...]:
    """The active rosters of a team."""
    return tuple(r for r in book.rosters if r.is_active and r.team_id == team_id)


def cover_of(
    book: WakingBook,
    directory: Directory,
    team_id: UUID,
    now: datetime,
    *,
    severity: int | None,
    priority: int | None,
) -> Cover:
    """Who would be woken for a team now, until when, and what the policy says by default.

    ``book`` reaches as far ahead as the next cover is looked for.
    """
    waking = waking_of_team(book, team_id, now, severity=severity, priority=priority)
    mine = {roster.id for roster in rosters_of(book, team_id)}
    shifts = [shift for shift in book.shifts if shift.roster_id in mine]
    here = _on_now(shifts, now)
    upcoming = sorted(s.starts_at for s in shifts if s.starts_at > now)
    return Cover(
        team_id=team_id,
        has_roster=bool(mine),
        person_id=here.person_id if here else None,
        until=_stays(shifts, here) if here else None,
        covered_at=None if here or not upcoming else upcoming[0],
        first_id=_first(waking),
        wakes=waking_words(waking, directory),
        silence=waking.silence,
    )


def _on_now(shifts: Iterable[OnCallShift], now: datetime) -> OnCallShift | None:
    """The primary, else the backup."""
    now_on = [shift for shift in shifts if shift.starts_at <= now < shift.ends_at]
    return min(now_on, key=lambda s: (s.is_backup, s.starts_at, s.id), default=None)


def _stays(shifts: Iterable[OnCallShift], here: OnCallShift) -> datetime:
    """Until when the person stays: a shift of theirs that follows at once is no change."""
    until = here.ends_at
    for shift in sorted(shifts, key=lambda s: s.starts_at):
        if shift.person_id == here.person_id and shift.starts_at <= until < shift.ends_at:
            until = shift.ends_at
    return until


def _first(waking: Waking) -> UUID | None:
    """Whom the first step calls that reaches somebody, or at least calls somebody."""
    step = waking.first or next((step for step in waking.steps if step.woken), None)
    return step.woken[0].person_id if step and step.woken else None
