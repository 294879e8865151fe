"""A team to try things with: a private server on loopback, the sample company, its people.

Nothing of it outlives the trial, and nothing of it touches the person's own profile.
"""

import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from services.admin import postgres_people as people
from services.admin.postgres_schema import create
from services.admin.private_postgres import HOST, PrivatePostgres, SuperuserAccess
from services.admin.schema import Founder
from services.core.clock import Clock
from services.core.paths import home_at
from services.core.profiles import (
    ConnectionSettings,
    ProfileEntry,
    ProfileList,
    Tls,
    save_profiles,
)
from services.core.secrets import Secret
from services.core.server_address import Host
from services.incidents.extent import EXTENT
from services.intake.sample import create_sample
from services.intake.sample_founding import login_of
from services.intake.sample_tables import Colleague, sample_tables
from services.people.person import Role
from services.registry import RECORDS
from services.sync.exchange import BATCH_SIZE
from services.sync.shared import ClientIdentity, Decision, Submission
from services.sync.shared_postgres import SharedPostgres

DATABASE = "firstline"
TEAM = "trial"
FOUNDER = Founder("Trial administrator", "trial.administrator")
FIRST = ("Maya Lindqvist", "Chiara Bellini", "Priya Raman")
"""Two agents of the service desk and one of tier 2, for the first desks."""

Told = Callable[[int, int], None]


@dataclass(frozen=True)
class TrialPerson:
    """Somebody of the sample company who can sign in."""

    name: str
    job_title: str
    login: str
    password: Secret


@dataclass(frozen=True)
class Trial:
    """A running trial and the people who can sign in to it."""

    access: SuperuserAccess
    people: tuple[TrialPerson, ...]

    def settings(self, login: str, port: int = 0) -> ConnectionSettings:
        """How somebody reaches it; ``port`` is that of a relay on the way."""
        host = Host(HOST, port or self.access.port)
        return ConnectionSettings((host,), DATABASE, login, Tls.NONE)

    def write_profile(self, root: Path, person: TrialPerson, port: int = 0) -> None:
        """Make a home of its own for a desk, whose next start asks for this team's password."""
        home = home_at(root).create()
        entry = ProfileEntry(TEAM, "Trial team", self.settings(person.login, port))
        save_profiles(home.profiles, ProfileList((entry,)).choosing(TEAM))


class InBatches(SharedPostgres):
    """A client that gives more commands than one call takes."""

    def submit(self, identity: ClientIdentity, batch: Sequence[Submission]) -> tuple[Decision, ...]:
        """Decide them all, so many at a time."""
        decisions: tuple[Decision, ...] = ()
        waiting: list[Submission] = []
        for submission in batch:
            waiting.append(submission)
            if len(waiting) == BATCH_SIZE:
                decisions += super().submit(identity, waiting)
                waiting = []
        return decisions + super().submit(identity, waiting)


@contextmanager
def running_trial(clock: Clock, told: Told = lambda *_: None) -> Iterator[Trial]:
    """Start the server and found the sample company; both go when it ends.

    Raises:
        AppError: no server can run here; the fact says what is missing.
    """
    with PrivatePostgres() as server:
        access = server.access
        with access.connect() as connection:
            connection.execute(f"CREATE DATABASE {DATABASE}")
        with access.connect(DATABASE) as connection:
            create(connection)
            people.found(connection, FOUNDER, _password(), clock)
            found = tuple(_person(colleague) for colleague in sample_tables().staff.values())
            for person in found:
                people.create_login(connection, person.login, person.password)
                for role in sample_tables().staff[person.name].roles:
                    people.set_member(connection, person.login, Role(role), is_member=True)
        _fill(access, clock, told)
        yield Trial(access, tuple(sorted(found, key=_place)))


def _fill(access: SuperuserAccess, clock: Clock, told: Told) -> None:
    owner = ConnectionSettings((Host(HOST, access.port),), DATABASE, "postgres", Tls.NONE)
    shared = InBatches(owner, lambda: Secret(access.password), RECORDS, EXTENT)
    try:
        create_sample(shared, clock.now(), FOUNDER.login, told)
    finally:
        shared.close()


def _person(colleague: Colleague) -> TrialPerson:
    login = login_of(colleague, FOUNDER.login)
    return TrialPerson(colleague.name, colleague.job_title, login, _password())


def _password() -> Secret:
    return Secret(secrets.token_urlsafe(9))


def _place(person: TrialPerson) -> int:
    """The first desks are for those whose work shows most; the others keep their order."""
    return FIRST.index(person.name) if person.name in FIRST else len(FIRST)
