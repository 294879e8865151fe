"""The shared database as commands of an administrator come into it, embedded or a team's."""

import argparse
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from services.admin.import_site import administrator, client_of
from services.admin.import_team import team_shared
from services.admin.owner_connection import as_owner, owner_of
from services.admin.postgres_people import Records
from services.admin.postgres_rights import Connection
from services.admin.postgres_schema import owning, version
from services.admin.schema import founder_of_this_machine
from services.admin.shared_reading import embedded_path, is_team
from services.core.clock import Clock
from services.core.database import Rows, connect, single
from services.core.records import Record
from services.incidents.extent import EXTENT
from services.intake.giving import Giver
from services.intake.importing import identity_for
from services.intake.working_state import WorkingState
from services.people.person import Person
from services.registry import RECORDS, command_book
from services.sync.changes import State
from services.sync.shared import SharedDatabase
from services.sync.shared_sqlite import SharedSqlite


@dataclass(frozen=True, kw_only=True)
class Site:
    """The database that commands come into, as far as who gives them must know.

    ``digest`` names the client, which is the same in every run that gives it.
    """

    state: State
    shared: SharedDatabase
    actor: Person
    digest: str
    next_seq: int

    def giver(self, records: Iterable[type[Record]], clock: Clock) -> Giver:
        """Who gives commands whose rules read these records."""
        return Giver(
            identity=identity_for(self.digest),
            actor_id=self.actor.id,
            next_seq=self.next_seq,
            state=WorkingState(found for record in records for found in self.state.find(record)),
            functions={spec.name: spec.function for spec in command_book().commands.values()},
            clock=clock,
        )


def add_login_option(parser: argparse.ArgumentParser) -> None:
    """Declare the option for who gives the commands."""
    parser.add_argument(
        "--as",
        dest="login",
        metavar="LOGIN",
        help="the administrator who does it (default: who is signed in to this machine)",
    )


@contextmanager
def site_at(options: argparse.Namespace, digest: str, clock: Clock) -> Iterator[Site]:
    """The database that the options name, and the administrator who comes to it.

    Raises:
        AppError: it cannot be reached, or the person is no administrator.
    """
    client = client_of(digest)
    if is_team(options):
        with as_owner(options) as connection:
            version(connection)
            state = Records(connection)
            shared = team_shared(connection, owner_of(options)[0])
            try:
                actor = administrator(state, options.login or connection.info.user)
                seq = _last_seq(connection, client)
                yield Site(state=state, shared=shared, actor=actor, digest=digest, next_seq=seq + 1)
            finally:
                shared.close()
        return
    path = embedded_path(options)
    embedded = connect(path)
    shared_file = SharedSqlite(path, clock, [record.TABLE for record in RECORDS], EXTENT)
    try:
        rows = Rows(embedded)
        actor = administrator(rows, options.login or founder_of_this_machine().login)
        last = "SELECT coalesce(max(client_seq), 0) FROM command WHERE client_id = ?"
        seq = int(single(embedded, last, client))
        yield Site(state=rows, shared=shared_file, actor=actor, digest=digest, next_seq=seq + 1)
    finally:
        shared_file.close()
        embedded.close()


def _last_seq(connection: Connection, client: str) -> int:
    query = "SELECT coalesce(max(client_seq), 0) FROM command WHERE client_id = %s"
    with connection.transaction(), owning(connection):
        found = connection.execute(query, (client,)).fetchone()
    return int(found[0]) if found else 0
