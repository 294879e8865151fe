"""The team's database as an import meets it: given by its owner, in an administrator's name."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from services.admin.import_site import Left, client_of, site_of
from services.admin.owner_connection import OwnerAddress
from services.admin.postgres_people import Records
from services.admin.postgres_rights import Connection
from services.admin.postgres_schema import owning, version
from services.core.records import Row
from services.core.secrets import Secret
from services.incidents.extent import EXTENT
from services.intake.importing import ImportSite
from services.intake.names import Names
from services.intake.verification import COMPARED
from services.registry import RECORDS
from services.sync.shared_postgres import SharedPostgres

TEAM_BATCH = 500
"""Commands of one submission: it has to be decided before the statement's time is over."""


def team_site_for(connection: Connection, sha256: str, login: str) -> tuple[ImportSite, Names]:
    """The state of a team's database towards one file, and the names it holds.

    Raises:
        FirstlineMissing: there is no Firstline in the database.
        RightsMissing: the login may not look after it.
        MayNotImport: no administrator has the login given.
    """
    version(connection)
    client = client_of(sha256)
    own = "SELECT args ->> 'incident_id' FROM command WHERE client_id = %s AND act = 'LogIncident'"
    refused = "SELECT command_id, code FROM command WHERE client_id = %s AND outcome = 'rejected'"
    number = "SELECT min(lo) FROM number_block WHERE client_id = %s"
    last = "SELECT max(client_seq) FROM command WHERE client_id = %s"
    left = Left(
        incident_ids=frozenset(id_ for (id_,) in _rows(connection, "SELECT id FROM incident")),
        own_incident_ids=frozenset(UUID(id_) for (id_,) in _rows(connection, own, client)),
        refused=dict(_rows(connection, refused, client)),
        first_number=_rows(connection, number, client)[0][0],
        last_seq=_rows(connection, last, client)[0][0],
    )
    return site_of(Records(connection), left, login)


def team_incident_rows(connection: Connection) -> Iterator[Row]:
    """The columns of every imported incident that verification compares, as on a desk."""
    columns = ", ".join(COMPARED)
    for values in _rows(connection, f"SELECT {columns} FROM incident WHERE is_imported"):
        yield dict(zip(COMPARED, map(_plain, values), strict=True))


def team_shared(connection: Connection, address: OwnerAddress) -> SharedPostgres:
    """The protocol, spoken by the owner with the password of the connection."""
    password = Secret(connection.info.password)
    return SharedPostgres(address.settings, lambda: password, RECORDS, EXTENT)


def _rows(connection: Connection, query: str, *values: str) -> list[tuple[Any, ...]]:
    with connection.transaction(), owning(connection):
        return connection.execute(query, values or None).fetchall()


def _plain(value: Any) -> Any:
    if isinstance(value, bool):
        return int(value)
    return str(value) if isinstance(value, UUID) else value
