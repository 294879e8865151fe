"""``person``: who may sign in to a team's database, and what each may do there."""

import argparse

from services.admin import postgres_people as people
from services.admin.new_password import add_password_options, new_password, tell_password
from services.admin.owner_connection import add_database_options, as_owner
from services.admin.postgres_rights import FOR_PEOPLE, Connection, ensure_rights
from services.admin.postgres_schema import version
from services.core.clock import SystemClock
from services.people.person import Role

_ROLES = [role.value for role in Role]


def add_person(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command, what can be done, and its options."""
    person = commands.add_parser("person", help="people of a team: logins, roles, passwords")
    acts = person.add_subparsers(dest="person_act", required=True, metavar="ACT")
    adding = acts.add_parser("add", help="give somebody a login and a record")
    adding.add_argument("login", metavar="LOGIN")
    adding.add_argument("--name", required=True, metavar="NAME")
    adding.add_argument("--email", default="", metavar="ADDRESS")
    adding.add_argument(
        "--role", action="append", choices=_ROLES, required=True, help="may be given several times"
    )
    add_password_options(adding)
    adding.set_defaults(run=_add)
    admitting = acts.add_parser("admit", help="a login for somebody who was moved without one")
    admitting.add_argument("login", metavar="LOGIN")
    add_password_options(admitting)
    admitting.set_defaults(run=_admit)
    ending = acts.add_parser("disable", help="end somebody's access at once")
    ending.add_argument("login", metavar="LOGIN")
    ending.set_defaults(run=_disable)
    again = acts.add_parser("enable", help="let somebody in again, with the roles they had")
    again.add_argument("login", metavar="LOGIN")
    again.set_defaults(run=_enable)
    role = acts.add_parser("role", help="give a role or take one away")
    role.add_argument("login", metavar="LOGIN")
    change = role.add_mutually_exclusive_group(required=True)
    change.add_argument("--give", choices=_ROLES)
    change.add_argument("--take", choices=_ROLES)
    role.set_defaults(run=_change_role)
    password = acts.add_parser("password", help="a new password")
    password.add_argument("login", metavar="LOGIN")
    add_password_options(password)
    password.set_defaults(run=_change_password)
    listing = acts.add_parser("list", help="everybody with a login")
    listing.set_defaults(run=_list)
    for parser in (adding, admitting, ending, again, role, password, listing):
        add_database_options(parser)


def _ensure_able(connection: Connection) -> None:
    version(connection)
    ensure_rights(connection, FOR_PEOPLE)


def _add(options: argparse.Namespace) -> int:
    password = new_password(options)
    with as_owner(options) as connection:
        _ensure_able(connection)
        people.add(
            connection,
            SystemClock(),
            login=options.login,
            name=options.name,
            email=options.email,
            roles=[Role(role) for role in dict.fromkeys(options.role)],
            password=password,
        )
    print(f"{options.name} can sign in as {options.login}.")
    tell_password(options, options.login, password)
    return 0


def _admit(options: argparse.Namespace) -> int:
    password = new_password(options)
    with as_owner(options) as connection:
        _ensure_able(connection)
        people.admit(connection, people.person_with(connection, options.login), password)
    print(f"{options.login} can sign in.")
    tell_password(options, options.login, password)
    return 0


def _disable(options: argparse.Namespace) -> int:
    with as_owner(options) as connection:
        _ensure_able(connection)
        ended = people.disable(connection, SystemClock(), options.login)
    print(f"{options.login} has no access any more; {ended} sessions were ended.")
    return 0


def _enable(options: argparse.Namespace) -> int:
    with as_owner(options) as connection:
        _ensure_able(connection)
        people.enable(connection, SystemClock(), options.login)
    print(f"{options.login} has access again.")
    return 0


def _change_role(options: argparse.Namespace) -> int:
    role = Role(options.give or options.take)
    is_member = options.give is not None
    with as_owner(options) as connection:
        _ensure_able(connection)
        people.change_role(connection, SystemClock(), options.login, role, is_member=is_member)
    print(f"{options.login} {'has' if is_member else 'no longer has'} the role {role.value}.")
    return 0


def _change_password(options: argparse.Namespace) -> int:
    password = new_password(options)
    with as_owner(options) as connection:
        _ensure_able(connection)
        people.change_password(connection, options.login, password)
    print(f"{options.login} has a new password.")
    tell_password(options, options.login, password)
    return 0


def _list(options: argparse.Namespace) -> int:
    with as_owner(options) as connection:
        version(connection)
        for person, roles in people.listed(connection):
            state = "" if person.is_active else " (disabled)"
            held = ", ".join(role.value for role in roles)
            print(f"{person.login}\t{person.name}{state}\t{held}")
    return 0
