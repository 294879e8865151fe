"""From a committed page to the request at its provider: one page, and a storm of many.

    python -m benchmarks.paging [--rounds N] [--pages N] [--alertmanager PROGRAM] [--json FILE]

One dispatcher as shipped, a program of its own, leads the pages of the trial's durable PostgreSQL
and calls receivers of webhooks in this process. *One page* runs from the answer of the server to
the desk that asked for it until the request has come. Its floor, in the same run: NOTIFY on one
connection, SELECT on another, one bare POST.

*The storm* commits many pages at once, each for another person; they are spread over 50 accounts,
since a single account is called 50 times a second at most. Its floor is as many bare POSTs, made
by 8 threads. How late a step is taken is by the database's own clock.

Where Alertmanager is installed (Debian: ``prometheus-alertmanager``), it gets as many alerts in
turn with our pages and calls the same receiver. Its time begins with the POST, since it may call
before it answers; ours begins with the commit.
"""

import http.client
import json
import secrets
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import repeat
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg

from benchmarks.alertmanager import Alertmanager, alertmanager_beside
from benchmarks.measure import Report, arguments
from benchmarks.trial_team import AGENT, replica_of, team_for_benchmarks
from benchmarks.webhook_receiver import PATIENCE_S, Receiver
from services.admin.trial import DATABASE, Trial
from services.core.clock import to_microseconds
from services.core.ids import derived_id, new_id
from services.core.records import Record, spec_of
from services.incidents.incident import Incident, IncidentState
from services.paging.acts import PagePeople
from services.paging.destination import Destination, ProviderKind
from services.paging.page import Page
from services.people.contact import ContactKind, ContactMethod
from services.people.person import Person
from services.sync.replica import Replica

ACCOUNTS = 50
THREADS = 8
GAP_S = 0.15
"""Between two pages, longer than the pace of the feed."""

SIGNING_SECRET = "whsec_" + "c2VjcmV0" * 4
BURST_LIMIT_S = 2.0


def put(connection: psycopg.Connection[Any], records: Sequence[Record]) -> None:
    """Write records past the guards, as if commands had made them; one commit."""
    with connection.transaction():
        connection.execute("SET LOCAL session_replication_role = replica")
        for record in records:
            row = {**spec_of(type(record)).to_row(record), "version": 1}
            connection.execute(
                f"INSERT INTO firstline.{record.TABLE} SELECT *"
                f" FROM jsonb_populate_record(NULL::firstline.{record.TABLE}, %s)".encode(),
                (json.dumps(row),),
            )


def account(number: int, port: int) -> Destination:
    """One of the accounts, all of which lead to the receiver."""
    return Destination(
        id=derived_id("benchmark", number),
        kind=ProviderKind.WEBHOOK,
        name=f"Receiver {number}",
        base_url=f"http://127.0.0.1:{port}/hook",
        may_reach_private=True,
    )


def reachable(number: int) -> tuple[Person, ContactMethod]:
    """A person and the way to reach them."""
    id_ = derived_id("benchmark person", number)
    way = ContactMethod(
        id=derived_id(id_, "way"),
        person_id=id_,
        kind=ContactKind.PUSH,
        destination_id=derived_id("benchmark", number % ACCOUNTS),
        address=f"person-{number}",
        verified_at=datetime.now(UTC),
    )
    return Person(id=id_, name=f"Person {number}", login=None, email=""), way


@contextmanager
def dispatcher(trial: Trial, folder: Path) -> Iterator[None]:
    """The program as shipped, once it says that it has begun."""
    file = folder / "secrets"
    file.touch(mode=0o600)
    lines = [f"{derived_id('benchmark', n)}:signing_secret = {SIGNING_SECRET}"
             for n in range(ACCOUNTS)]  # fmt: skip
    file.write_text("\n".join([f"database = {trial.access.password}", *lines]))
    url = f"postgresql://postgres@127.0.0.1:{trial.access.port}/{DATABASE}"
    command = ("-m", "services.dispatcher", "--database", url, "--secrets", str(file), "--log-json")
    with (folder / "log").open("w") as log:
        program = subprocess.Popen([sys.executable, *command], stderr=log)
        try:
            while '"started"' not in (folder / "log").read_text():
                assert program.poll() is None, (folder / "log").read_text()
                time.sleep(0.05)
            yield
        finally:
            program.terminate()
            program.wait(PATIENCE_S)


def post(port: int) -> None:
    """One bare request on a connection of its own, as a dispatcher makes it."""
    client = http.client.HTTPConnection("127.0.0.1", port)
    client.request("POST", "/hook", b"{}" * 200, {"Connection": "close"})
    client.getresponse().read()
    client.close()


def bare_way(trial: Trial, receiver: Receiver, rounds: int) -> list[float]:
    """Milliseconds of NOTIFY, SELECT and POST."""
    found = []
    with trial.access.connect(DATABASE) as one, trial.access.connect(DATABASE) as two:
        two.execute("LISTEN floor")
        for _ in range(rounds):
            started = time.perf_counter()
            one.execute("NOTIFY floor")
            next(iter(two.notifies(timeout=PATIENCE_S, stop_after=1)))
            two.execute("SELECT * FROM firstline.incident LIMIT 1").fetchall()
            post(receiver.port)
            (came_at,) = receiver.await_count(1)
            found.append(1000 * (came_at - started))
    return found


def bare_storm(receiver: Receiver, count: int) -> float:
    """Seconds of so many bare requests."""
    left = iter(repeat(None, count))
    started = time.perf_counter()

    def work() -> None:
        for _ in left:
            post(receiver.port)

    threads = [threading.Thread(target=work) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return max(receiver.await_count(count)) - started


def one_by_one(
    desk: Replica, incidents: Sequence[Incident], me: UUID, receiver: Receiver, rounds: int
) -> list[float]:
    """Milliseconds from commit to request, each page for another person."""
    found = []
    for number in range(rounds + 2):
        time.sleep(GAP_S)
        desk.execute(
            PagePeople(
                page_id=new_id(datetime.now(UTC)),
                incident_id=incidents[number % len(incidents)].id,
                person_ids=(derived_id("benchmark person", number),),
                reason="It burns",
            ),
            me,
        )
        desk.push()
        committed = time.perf_counter()
        (came_at,) = receiver.await_count(1)
        if number >= 2:
            found.append(max(0.0, 1000 * (came_at - committed)))
        desk.pull()
    return found


def storm(
    connection: psycopg.Connection[Any], incidents: Sequence[Incident], me: UUID,
    receiver: Receiver, count: int,
) -> tuple[float, list[float]]:  # fmt: skip
    """Seconds until the last of so many pages has come, and how late each first step was taken."""
    now = datetime.now(UTC)
    mark = secrets.token_hex(4)
    pages = [
        Page(
            id=derived_id("storm", mark, number),
            incident_id=incidents[number % len(incidents)].id,
            to_person_ids=(derived_id("benchmark person", number),),
            opened_by_id=me,
            opened_at=now,
            fresh_until=now + timedelta(minutes=10),
        )
        for number in range(count)
    ]
    put(connection, pages)
    committed = time.perf_counter()
    committed_us = to_microseconds(datetime.now(UTC))
    took_s = max(receiver.await_count(count)) - committed
    lags = connection.execute(
        "SELECT started_at - %s FROM firstline.page WHERE id = ANY (%s)",
        (committed_us, [page.id for page in pages]),
    ).fetchall()
    return took_s, [max(0, lag) / 1e6 for (lag,) in lags]


def measure(rounds: int, pages: int, alertmanager: str) -> Report:
    """One page after the other, then storms, each in turn with its floor and Alertmanager."""
    report = Report("Paging: committed page to request at the provider")
    receiver = Receiver()
    with (
        team_for_benchmarks() as (trial, connection),
        tempfile.TemporaryDirectory() as folder,
        alertmanager_beside(receiver, alertmanager) as other,
    ):
        connection.execute("SET search_path = firstline, pg_catalog")
        put(connection, [account(number, receiver.port) for number in range(ACCOUNTS)])
        put(connection, [r for number in range(pages) for r in reachable(number)])
        me = connection.execute(
            "SELECT id FROM firstline.person WHERE login = %s", (trial.people[AGENT].login,)
        ).fetchone()
        assert me is not None
        desk = replica_of(trial, AGENT, Path(folder) / "desk")
        incidents = desk._cache.rows.find(Incident, state=IncidentState.IN_PROGRESS)
        with dispatcher(trial, Path(folder)):
            found = one_by_one(desk, incidents, me[0], receiver, rounds)
            bare = bare_way(trial, receiver, rounds)
            storms, floors, lags, theirs = [], [], [], []
            for _ in range(3):
                connection.execute("SET session_replication_role = replica")
                connection.execute("UPDATE firstline.page SET state = 'superseded', due_at = NULL")
                connection.execute("RESET session_replication_role")
                floors.append(bare_storm(receiver, pages))
                theirs += [other.storm(pages)] if other is not None else []
                took_s, late_s = storm(connection, incidents, me[0], receiver, pages)
                storms.append(took_s)
                lags += late_s
        desk.close()
        tell(report, found, bare, storms, floors, lags)
        compare(report, other, rounds, found, storms, theirs)
    receiver.shutdown()
    receiver.server_close()
    return report


def tell(
    report: Report, found: Sequence[float], bare: Sequence[float],
    storms: Sequence[float], floors: Sequence[float], lags: Sequence[float],
) -> None:  # fmt: skip
    """Tell our figures, each with its floor."""
    report.add("one page: committed to request", "ms", found, floor=bare,
               floor_name="NOTIFY, SELECT and POST", limit=2_000, is_p95_judged=True)  # fmt: skip
    count = len(lags) // len(storms)
    report.add(f"storm of {count:,}: until the last request", "s", storms, floor=floors,
               floor_name=f"{count:,} bare POSTs", limit=BURST_LIMIT_S)  # fmt: skip
    report.add("the storm, pages per second", "1/s", [count / s for s in storms],
               floor=[count / s for s in floors])  # fmt: skip
    report.add("the storm: how late its first step was taken", "s", lags, limit=2.0,
               is_p95_judged=True)  # fmt: skip


def compare(
    report: Report, other: Alertmanager | None, rounds: int,
    pages: Sequence[float], storms: Sequence[float], theirs: Sequence[float],
) -> None:  # fmt: skip
    """Tell our pages and storms again, with Alertmanager's as the floor."""
    if other is None:
        report.remarks.append("Alertmanager is not installed: measured without it.")
        return
    alerts = [other.one() for _ in range(rounds)]
    report.add("Alertmanager: one alert, POST to request", "ms", alerts)
    report.add("Alertmanager: the storm", "s", theirs)
    name = "Alertmanager"
    report.add("one page, beside Alertmanager", "ms", pages, floor=alerts, floor_name=name)
    report.add("the storm, beside Alertmanager", "s", storms, floor=theirs, floor_name=name)


def main() -> None:
    """Measure and tell."""
    parser = arguments(__doc__, rounds=60)
    parser.add_argument("--pages", type=int, default=1_000, help="pages in the storm")
    parser.add_argument("--alertmanager", default="", metavar="PROGRAM", help="its program")
    options = parser.parse_args()
    measure(options.rounds, options.pages, options.alertmanager).tell(options.json)


if __name__ == "__main__":
    main()
