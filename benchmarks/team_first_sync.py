"""The first full copy of a team's database into an empty cache.

    python -m benchmarks.team_first_sync [--incidents N] [--rounds N] [--json FILE]

The big desk is moved into a private PostgreSQL by the product's own ``move``. The floor is a COPY
of the same rows into a file, which neither understands nor indexes them.
"""

import shutil
import tempfile
import time
from pathlib import Path

from benchmarks.measure import Report, arguments, borrowed_desk
from services.admin.embedded_source import Profile, opened
from services.admin.moving import Move
from services.admin.new_password import random_password
from services.admin.postgres_schema import create
from services.admin.private_postgres import HOST, PrivatePostgres, SuperuserAccess
from services.core.clock import SystemClock
from services.core.profiles import ConnectionSettings, Tls
from services.core.secrets import Secret
from services.core.server_address import Host
from services.incidents.extent import EXTENT
from services.registry import RECORDS, command_book
from services.sync.book import ChangeSet
from services.sync.replica import Replica
from services.sync.shared_postgres import SharedPostgres

DATABASE = "firstline"


def fill(access: SuperuserAccess, path: Path) -> tuple[str, Secret]:
    """Move the desk into the server; returns a login with its password."""
    with access.connect() as admin:
        admin.execute(f"CREATE DATABASE {DATABASE}".encode())
    with access.connect(DATABASE) as target, opened(Profile(path)) as source:
        create(target)
        move = Move(source, target)
        move.ensure_possible()
        move.copy(lambda _: None)
        move.compare()
        admitted = move.open_to_all(random_password, with_logins=False)
        target.execute("ANALYZE")
    person, password = admitted[0].person, admitted[0].password
    assert person.login is not None
    assert password is not None
    return person.login, password


def copy_by_desk(access: SuperuserAccess, login: str, password: Secret, folder: Path) -> tuple[
    float, float
]:  # fmt: skip
    """Seconds until the first rows can be used, and until everything is here."""
    settings = ConnectionSettings((Host(HOST, access.port),), DATABASE, login, Tls.NONE)
    shared = SharedPostgres(settings, lambda: password, RECORDS, EXTENT)
    heard: list[float] = []

    def told(change: ChangeSet) -> None:
        if EXTENT.root in change.tables:
            heard.append(time.perf_counter())

    replica = Replica(
        folder / "cache.db", folder / "journal.db", command_book(), shared, SystemClock(), told
    )
    replica.connect()
    started = time.perf_counter()
    replica.copy()
    ended = time.perf_counter()
    replica.close()
    return heard[0] - started, ended - started


def copy_bare(access: SuperuserAccess, folder: Path) -> float:
    """Seconds of COPY into a file."""
    with access.connect(DATABASE) as connection, (folder / "rows").open("wb") as file:
        started = time.perf_counter()
        for record in RECORDS:
            query = f"COPY firstline.{record.TABLE} TO STDOUT".encode()
            with connection.cursor() as cursor, cursor.copy(query) as copy:
                for block in copy:
                    file.write(block)
        return time.perf_counter() - started


def measure(incidents: int, rounds: int) -> Report:
    """Copies by desk and floor in turn, each into a fresh folder."""
    report = Report(f"First sync from PostgreSQL, {incidents:,} incidents with their history")
    usable: list[float] = []
    ours: list[float] = []
    floors: list[float] = []
    with borrowed_desk(incidents) as home, PrivatePostgres() as server:
        login, password = fill(server.access, home.shared_database)
        for _ in range(rounds):
            folder = Path(tempfile.mkdtemp(dir=home.cache))
            floors.append(copy_bare(server.access, folder))
            first, all_of_it = copy_by_desk(server.access, login, password, folder)
            usable.append(first)
            ours.append(all_of_it)
            shutil.rmtree(folder)
    report.add("first sync, complete", "s", ours, floor=floors, floor_name="COPY to a file",
               limit=3, is_ratio_limited=True)  # fmt: skip
    report.add("first open incidents can be worked on", "s", usable, floor=floors)
    return report


def main() -> None:
    """Measure and tell."""
    options = arguments(__doc__, rounds=2).parse_args()
    measure(options.incidents, options.rounds).tell(options.json)


if __name__ == "__main__":
    main()
