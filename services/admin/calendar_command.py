"""``calendar``: who is on call, as a calendar file of one roster or one person."""

import argparse
from collections.abc import Iterable
from pathlib import Path

from services.admin.owner_connection import add_database_options
from services.admin.shared_reading import shared_state, write_whole
from services.core.clock import Clock, SystemClock
from services.core.errors import AppError
from services.on_call.roster import OnCallShift, Roster
from services.people.person import Person
from services.reports.calendar_feed import FeedNames, person_calendar, roster_calendar
from services.sync.changes import State


class RosterUnknown(AppError):
    """No roster has this name."""

    code = "roster-unknown"


class LoginUnknown(AppError):
    """Nobody has this login."""

    code = "login-unknown"


def add_calendar(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command and its options."""
    parser = commands.add_parser(
        "calendar",
        help="write who is on call as a calendar file (.ics)",
        description=(
            "Writes the shifts of a roster or a person as an iCalendar file. Put it where calendar"
            " programs can fetch it, and run this again from time to time: events keep their"
            " identity, so that a change moves them and a cancelled shift goes."
        ),
    )
    subject = parser.add_mutually_exclusive_group(required=True)
    subject.add_argument("--roster", metavar="NAME", help="the shifts of this roster")
    subject.add_argument("--person", metavar="LOGIN", help="the shifts of this person")
    parser.add_argument(
        "--out", type=Path, required=True, metavar="FILE.ics", help="the file to write"
    )
    add_database_options(parser, or_embedded=True)
    parser.set_defaults(run=run_calendar)


def run_calendar(options: argparse.Namespace) -> int:
    """Write the file; returns the exit code.

    Raises:
        AppError: the database cannot be read, nobody has the name, or the file cannot be written.
    """
    with shared_state(options) as state:
        content, count = calendar_file(state, options.roster, options.person, SystemClock())
    write_whole(options.out, content)
    print(f"{count:,} shifts written to {options.out}.")
    return 0


def calendar_file(
    state: State, roster_name: str | None, login: str | None, clock: Clock
) -> tuple[bytes, int]:
    """The file of a roster, or else of a person, and how many shifts are in it.

    Raises:
        RosterUnknown, LoginUnknown: nothing and nobody has the name.
    """
    rosters = state.find(Roster)
    names = FeedNames(
        people={person.id: person.name for person in state.find(Person)},
        rosters={roster.id: roster.name for roster in rosters},
    )
    if roster_name is not None:
        found = [roster for roster in rosters if roster.name == roster_name]
        if not found:
            raise RosterUnknown(name=roster_name, known=_listed(r.name for r in rosters))
        shifts = state.find(OnCallShift, roster_id=found[0].id)
        content = roster_calendar(found[0], shifts, names, clock.now())
    else:
        people = state.find(Person, login=login)
        if not people:
            raise LoginUnknown(login=login)
        shifts = state.find(OnCallShift, person_id=people[0].id)
        content = person_calendar(people[0].id, shifts, names, clock.now())
    return content, content.count(b"BEGIN:VEVENT")


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "none"
