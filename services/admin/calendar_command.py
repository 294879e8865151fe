"""``calendar``: who is on call, as a calendar file of one roster or one person."""

import argparse
from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

from services.admin.owner_connection import add_database_options
from services.admin.shared_reading import shared_state, write_whole
from services.core.clock import Clock, SystemClock
from services.core.errors import AppError
from services.dispatcher.answer_links import AnswerLinks
from services.dispatcher.calendar_keys import KEY, CalendarKeys
from services.dispatcher.secrets import secret_store
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
    wanted = parser.add_mutually_exclusive_group(required=True)
    wanted.add_argument("--out", type=Path, metavar="FILE.ics", help="the file to write")
    wanted.add_argument(
        "--address",
        metavar="URL",
        help="tell the secret address at which a dispatcher serves it; its --answers-url",
    )
    parser.add_argument(
        "--secrets", type=Path, metavar="FILE", help="the dispatcher's secrets, for --address"
    )
    parser.add_argument(
        "--revoke", action="store_true", help="tell how to revoke the address, and the next one"
    )
    add_database_options(parser, or_embedded=True)
    parser.set_defaults(run=run_calendar)


def run_calendar(options: argparse.Namespace) -> int:
    """Write the file; returns the exit code.

    Raises:
        AppError: the database cannot be read, nobody has the name, or the file cannot be written.
    """
    if options.address is not None:
        with shared_state(options) as state:
            subject_id = subject_of(state, options.roster, options.person)
        print("\n".join(address_lines(options, subject_id)))
        return 0
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
    subject_id = subject_of(state, roster_name, login)
    rosters = state.find(Roster)
    names = FeedNames(
        people={person.id: person.name for person in state.find(Person)},
        rosters={roster.id: roster.name for roster in rosters},
    )
    found = [roster for roster in rosters if roster.id == subject_id]
    if found:
        shifts = state.find(OnCallShift, roster_id=subject_id)
        content = roster_calendar(found[0], shifts, names, clock.now())
    else:
        shifts = state.find(OnCallShift, person_id=subject_id)
        content = person_calendar(subject_id, shifts, names, clock.now())
    return content, content.count(b"BEGIN:VEVENT")


def subject_of(state: State, roster_name: str | None, login: str | None) -> UUID:
    """The roster of this name, or else the person with this login.

    Raises:
        RosterUnknown, LoginUnknown: nothing and nobody has the name.
    """
    if roster_name is not None:
        rosters = state.find(Roster)
        found = [roster for roster in rosters if roster.name == roster_name]
        if not found:
            raise RosterUnknown(name=roster_name, known=_listed(r.name for r in rosters))
        return found[0].id
    people = state.find(Person, login=login)
    if not people:
        raise LoginUnknown(login=login)
    return people[0].id


def address_lines(options: argparse.Namespace, subject_id: UUID) -> list[str]:
    """The address of a calendar; or how to revoke it, and the one that it gets then.

    Raises:
        AppError: the secrets cannot be read, or hold no key.
    """
    links, keys = AnswerLinks(options.address), CalendarKeys(secret_store(options.secrets))
    if not options.revoke:
        return [links.calendar(keys.token(subject_id))]
    edition = keys.edition(subject_id) + 1
    return [
        "Have this line, in place of one that begins the same, in the secrets of every dispatcher:",
        f"{KEY}:{subject_id} = {edition}",
        "From then on the address is",
        links.calendar(keys.token(subject_id, edition)),
    ]


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "none"
