"""``simulate``: whom a policy wakes, at one moment and over the months ahead."""

import argparse
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from services.admin.owner_connection import add_database_options
from services.admin.schema import founder_of_this_machine
from services.admin.shared_reading import shared_state, write_whole
from services.core.clock import Clock, SystemClock
from services.core.errors import AppError
from services.on_call.policy import EscalationPolicy, EscalationStep, PolicyHours
from services.on_call.roster import OnCallShift, Roster
from services.on_call.simulation import LOOKED_AHEAD
from services.on_call.waking import WakingBook
from services.on_call.wall_clock import wall_clock
from services.paging.destination import Destination
from services.people.contact import ContactMethod, NotificationRule
from services.people.person import Person, PersonRole, Role, Team
from services.reports.simulating import ROOM, Asked, zone_of_policy
from services.reports.simulating import simulated as simulated_by
from services.reports.simulation_words import (
    Simulated,
    call_line,
    called_first,
    clock_sentence,
    hours,
    moment,
    weak_lines,
)
from services.sync.changes import State

LONGEST: Final = 390
"""Days; shifts are kept for 400."""


class PolicyUnknown(AppError):
    """No policy has this name."""

    code = "policy-unknown"


class MomentUnreadable(AppError):
    """The moment that was typed is none."""

    code = "moment-unreadable"


def add_simulate(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command and its options."""
    parser = commands.add_parser(
        "simulate",
        help="tell whom an escalation policy wakes, now and over 90 days",
        description=(
            "Tells who is called at which minute by a page that nobody answers, who is called first"
            " over the time ahead, and where nobody would be. Nothing is sent and nothing changed."
        ),
    )
    parser.add_argument("--policy", required=True, metavar="NAME", help="the escalation policy")
    parser.add_argument(
        "--at",
        metavar="ISO",
        help="when the page starts, as 2026-03-29T01:30, in the zone of the rosters unless an"
        " offset stands behind it (default: now)",
    )
    parser.add_argument(
        "--days",
        type=_days,
        default=LOOKED_AHEAD.days,
        help=f"how far to look ahead, {LONGEST} at most (default: %(default)s)",
    )
    parser.add_argument(
        "--pdf", type=Path, metavar="FILE.pdf", help="write one page for the wall as well"
    )
    add_database_options(parser, or_embedded=True)
    parser.set_defaults(run=run_simulate)


def run_simulate(options: argparse.Namespace) -> int:
    """Tell it, and write the page; returns the exit code.

    Raises:
        AppError: the database cannot be read, no policy has the name, or the file not be written.
    """
    clock = SystemClock()
    with shared_state(options) as state:
        found = simulated(state, options.policy, options.at, options.days, clock)
    print("\n".join(lines_of(found)))
    if options.pdf:
        from services.reports.simulation_report import simulation_report

        write_whole(options.pdf, simulation_report(found))
        print(f"\nThe page is in {options.pdf}.")
    return 0


def simulated(state: State, name: str, at: str | None, days: int, clock: Clock) -> Simulated:
    """All that is told of a policy.

    Raises:
        PolicyUnknown: there is none of this name in use.
        MomentUnreadable: ``at`` is no moment.
    """
    now = clock.now()
    policies = [one for one in state.find(EscalationPolicy) if one.is_active]
    found = [one for one in policies if one.name == name]
    if not found:
        known = ", ".join(sorted(one.name for one in policies)) or "none"
        raise PolicyUnknown(name=name, known=known)
    zone = zone_of_policy(found[0], state.find(EscalationStep), state.find(Roster))
    start = _moment(at, zone) if at else now.replace(second=0, microsecond=0)
    ahead = timedelta(days=days)
    asked = Asked(
        policy=found[0], at=start, ahead=ahead, by=founder_of_this_machine().name, asked_at=now
    )
    return simulated_by(
        asked,
        _book(state, start, start + ahead, state.find(Roster)),
        {person.id: person.name for person in state.find(Person)},
        {one.id: one.name for one in state.find(Destination)},
    )


def lines_of(found: Simulated) -> Iterator[str]:
    """The findings as plain text."""
    yield f"Policy “{found.policy.name}”. Times are in {found.zone}."
    yield ""
    yield f"A page that starts on {moment(found, found.at)}, and that nobody answers:"
    yield ""
    rows = [("minute", "who", "how", "step", "why")]
    rows += [
        (line.minute, line.who, line.how, line.step, line.why)
        for line in (call_line(found, call) for call in found.calls)
    ]
    yield from _table(rows)
    yield ""
    span = f"{moment(found, found.outlook.starts_at)} to {moment(found, found.outlook.ends_at)}"
    yield f"Called first, {span} ({found.outlook.instants:,} starts of a page looked at):"
    yield ""
    firsts = [("from", "hours", "who")]
    firsts += [
        (
            moment(found, first.starts_at),
            hours(first.ends_at - first.starts_at),
            called_first(found, first),
        )
        for first in found.outlook.first_called
    ]
    yield from _table(firsts)
    yield ""
    for change in found.outlook.clock_shifts:
        yield clock_sentence(change)
    weak = weak_lines(found)
    yield "Weak spots:" if weak else "No weak spots: every step reaches somebody, at any time."
    for line in weak:
        yield f"  {line.fact}: {line.extent}"


def _table(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = (f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True))
        yield f"  {'  '.join(cells)}".rstrip()


def _book(state: State, start: datetime, end: datetime, rosters: tuple[Roster, ...]) -> WakingBook:
    """All that decides, a little longer than is looked at: a page goes on after its start."""
    low, high = start - ROOM, end + ROOM
    people = frozenset(person.id for person in state.find(Person, is_active=True))
    held: dict[Role, set[UUID]] = defaultdict(set)
    for grant in state.find(PersonRole, is_active=True):
        if grant.person_id in people:
            held[grant.role].add(grant.person_id)
    return WakingBook(
        policies=state.find(EscalationPolicy),
        steps=state.find(EscalationStep),
        hours=tuple(
            one
            for one in state.find(PolicyHours)
            if not one.is_cancelled and one.ends_at > low and one.starts_at < high
        ),
        rosters=rosters,
        shifts=tuple(
            one
            for one in state.find(OnCallShift)
            if not one.is_cancelled and one.ends_at > low and one.starts_at < high
        ),
        teams=state.find(Team),
        contact_methods=state.find(ContactMethod),
        rules=state.find(NotificationRule),
        person_ids=people,
        destination_ids=frozenset(one.id for one in state.find(Destination) if one.is_active),
        role_holders={role: frozenset(ids) for role, ids in held.items()},
    )


def _moment(text: str, zone: ZoneInfo) -> datetime:
    try:
        found = datetime.fromisoformat(text)
        local = found if found.tzinfo else wall_clock(str(zone)).first(found)
        return local.astimezone(UTC).replace(second=0, microsecond=0)
    except (ValueError, OverflowError) as error:
        raise MomentUnreadable(text=text) from error


def _days(text: str) -> int:
    days = int(text)
    if not 1 <= days <= LONGEST:
        raise argparse.ArgumentTypeError(f"a number of days from 1 to {LONGEST} is expected")
    return days
