"""Commands of a team: from the act on a desk to its commit, and how many a server takes.

    python -m benchmarks.team_commands [--rounds N] [--json FILE]

One desk: the way of a command from the person's act through journal, cache and one call to the
commit, beside a bare transaction that writes as much with psycopg. Many clients: pgbench calls
``sync.submit`` from so many connections, in turn with pgbench writing the same rows bare into
tables of the same shape without any guard: in one transaction statement by statement, as its own
script does it, and, the least that is possible at all, squeezed into a single statement.
"""

import tempfile
import time
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.measure import Report, arguments
from benchmarks.trial_team import AGENT, pgbench, replica_of, team_for_benchmarks
from services.admin.trial import Trial
from services.incidents.acts import AddNote
from services.incidents.incident import Incident, IncidentState, NoteKind

CLIENTS = (1, 10, 50)
SECONDS = 5
OWN = 20
"""Incidents that each client of pgbench changes, so that none waits for another's."""

PREPARE = """
CREATE SCHEMA bare;
CREATE TABLE bare.incident (LIKE firstline.incident INCLUDING ALL);
INSERT INTO bare.incident SELECT * FROM firstline.incident;
CREATE TABLE bare.command (LIKE firstline.command INCLUDING ALL);
CREATE TABLE bare.history_entry (LIKE firstline.history_entry INCLUDING ALL);
CREATE TABLE bare.feed_open (LIKE firstline.feed_open INCLUDING ALL);
CREATE FUNCTION bare.version_of(p_id uuid) RETURNS bigint LANGUAGE plpgsql STABLE SECURITY DEFINER
    AS $$ BEGIN RETURN (SELECT version FROM firstline.incident WHERE id = p_id); END $$;
GRANT USAGE ON SCHEMA bare TO PUBLIC;
GRANT ALL ON ALL TABLES IN SCHEMA bare TO PUBLIC;
ANALYZE;
"""

DRAW = r"""
\set k :client_id + 1
\set j random(0, {last})
\set n random(1, 1000000000)
\set seq random(1000, 1000000000000)
\set low (:k * 1000 + :j)
"""

BARE = (
    DRAW
    + """
BEGIN;
INSERT INTO bare.command (command_id, client_id, client_seq, act, args, args_version,
    actor_id, on_behalf_of, remark, happened_at, recorded_at, outcome)
VALUES (gen_random_uuid(), {client}, :seq::bigint, 'DescribeIncident',
    '{{"summary": "a summary of usual length"}}', 1, '{actor}', '', '', 1, 1, 'applied');
UPDATE bare.incident SET summary = 'Summary ' || :n::text, updated_at = :n::bigint,
    version = version + 1 WHERE id = {incident};
INSERT INTO bare.history_entry (id, version, incident_id, subject, subject_id, command_id, act,
    actor_id, on_behalf_of, happened_at, recorded_at, remark, changes)
VALUES (gen_random_uuid(), 0, {incident}, 'incident', {incident}, gen_random_uuid(),
    'DescribeIncident', '{actor}', '', 1, 1, '', '{{"summary": ["VPN drops", "Summary 1"]}}');
INSERT INTO bare.feed_open VALUES (pg_current_xact_id(), 'incident', {incident}),
    (pg_current_xact_id(), 'history_entry', gen_random_uuid());
COMMIT;
"""
)

SQUEEZED = (
    DRAW
    + """
WITH u AS (UPDATE bare.incident SET summary = 'Summary ' || :n::text, updated_at = :n::bigint,
    version = version + 1 WHERE id = {incident} RETURNING id),
 c AS (INSERT INTO bare.command (command_id, client_id, client_seq, act, args, args_version,
    actor_id, on_behalf_of, remark, happened_at, recorded_at, outcome)
  VALUES (gen_random_uuid(), {client}, :seq::bigint, 'DescribeIncident',
    '{{"summary": "a summary of usual length"}}', 1, '{actor}', '', '', 1, 1, 'applied')),
 f AS (INSERT INTO bare.feed_open SELECT pg_current_xact_id(), 'incident', id FROM u
    UNION ALL SELECT pg_current_xact_id(), 'history_entry', gen_random_uuid())
INSERT INTO bare.history_entry (id, version, incident_id, subject, subject_id, command_id, act,
    actor_id, on_behalf_of, happened_at, recorded_at, remark, changes)
SELECT gen_random_uuid(), 0, id, 'incident', id, gen_random_uuid(), 'DescribeIncident', '{actor}',
    '', 1, 1, '', '{{"summary": ["VPN drops", "Summary 1"]}}' FROM u;
"""
)

OURS = (
    DRAW
    + """
SELECT outcome FROM sync.submit({client}, {client}, json_build_array(json_build_object(
    'id', gen_random_uuid(), 'seq', :seq::bigint, 'name', 'DescribeIncident',
    'args', json_build_object('summary', 'a summary of usual length'), 'args_version', 1,
    'actor_id', '{actor}', 'on_behalf_of', '', 'happened_at', 1, 'expires_at', null, 'remark', '',
    'ops', json_build_array(json_build_array('incident', {incident},
        bare.version_of({incident}),
        json_build_object('summary', 'Summary ' || :n::text, 'updated_at', :n::bigint))))));
"""
)
CLIENT = "('00000000-0000-0000-0000-' || lpad(to_hex(:k::bigint), 12, '0'))::uuid"
INCIDENT = "('00000000-0000-0000-0000-' || lpad(to_hex(:low::bigint), 12, '0'))::uuid"


def prepare_clients(connection: psycopg.Connection[Any], actor: str) -> None:
    """Clients and incidents of their own for pgbench, written past the guards."""
    with connection.transaction():
        connection.execute("SET LOCAL session_replication_role = replica")
        connection.execute(
            "INSERT INTO firstline.client (client_id, nonce, login, host, app_version,"
            " domain_version) SELECT id, id, 'bench', '', '', 1 FROM (SELECT ("
            "'00000000-0000-0000-0000-' || lpad(to_hex(k), 12, '0'))::uuid AS id"
            " FROM generate_series(1, 50) AS k) AS made"
        )
        connection.execute(
            "INSERT INTO firstline.incident SELECT (jsonb_populate_record(i, jsonb_build_object("
            "'id', '00000000-0000-0000-0000-' || lpad(to_hex(k * 1000 + j), 12, '0'),"
            " 'number', 1000000 + k * 1000 + j, 'state', 'new'))).*"
            f" FROM firstline.incident i, generate_series(1, 50) AS k,"
            f" generate_series(0, {OWN - 1}) AS j"
            " WHERE i.number = (SELECT max(number) FROM firstline.incident WHERE state = 'new')"
        )
    connection.execute(PREPARE)


def script(folder: Path, name: str, text: str, actor: str) -> Path:
    """A script of pgbench as a file."""
    words = {"last": OWN - 1, "client": CLIENT, "incident": INCIDENT, "actor": actor}
    file = folder / f"{name}.sql"
    file.write_text(text.format(**words))
    return file


def measure_many(
    report: Report, trial: Trial, connection: psycopg.Connection[Any], folder: Path, rounds: int
) -> None:
    """Commands per second with 1, 10 and 50 clients, in turn with the floor."""
    person = trial.people[AGENT]
    row = connection.execute(
        "SELECT id FROM firstline.person WHERE login = %s", (person.login,)
    ).fetchone()
    assert row is not None
    actor = str(row[0])
    prepare_clients(connection, actor)
    texts = {"bare": BARE, "squeezed": SQUEEZED, "ours": OURS}
    files = {name: script(folder, name, text, actor) for name, text in texts.items()}
    for clients in CLIENTS:
        rates: dict[str, list[float]] = {name: [] for name in files}
        for _ in range(rounds):
            for name, file in files.items():
                rates[name].append(pgbench(trial, person, file, clients, SECONDS))
            connection.execute("SELECT sync.number_feed()")
        times = {name: [1000 / rate for rate in found] for name, found in rates.items()}
        what = f"{clients} clients: time of the server per command"
        report.add(what, "ms", times["ours"], floor=times["bare"],
                   floor_name="bare transaction", limit=2, is_ratio_limited=True)  # fmt: skip
        report.add(f"{what}, against one statement", "ms", times["ours"], floor=times["squeezed"],
                   floor_name="bare statement")  # fmt: skip
        report.add(f"{clients} clients: commands per second", "1/s", rates["ours"],
                   floor=rates["bare"])  # fmt: skip
    refused = connection.execute(
        "SELECT count(*) FROM firstline.command WHERE outcome = 'rejected'"
    ).fetchone()
    report.remarks.append(f"refused commands: {refused[0] if refused else 0}")


class Floor:
    """A bare record, event and outbox row in one transaction."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        connection.execute("CREATE TABLE floor_record (id bigint PRIMARY KEY, state text)")
        connection.execute("CREATE TABLE floor_event (id bigserial PRIMARY KEY, body text)")
        connection.execute("CREATE TABLE floor_outbox (id bigserial PRIMARY KEY, body text)")
        connection.execute("INSERT INTO floor_record SELECT n, 'new' FROM generate_series(1, 9) n")

    def commit(self) -> float:
        """Milliseconds of one act."""
        started = time.perf_counter()
        with self._connection.transaction():
            self._connection.execute("UPDATE floor_record SET state = 'resolved' WHERE id = 7")
            self._connection.execute("INSERT INTO floor_event (body) VALUES (%s)", ("x" * 300,))
            self._connection.execute("INSERT INTO floor_outbox (body) VALUES (%s)", ("x" * 300,))
        return 1000 * (time.perf_counter() - started)


def measure_one(
    report: Report, trial: Trial, connection: psycopg.Connection[Any], folder: Path, rounds: int
) -> None:
    """Notes on an incident: act, journal, cache, call, commit."""
    floor = Floor(connection)
    replica = replica_of(trial, AGENT, folder / "desk")
    incidents = replica._cache.rows.find(Incident, state=IncidentState.IN_PROGRESS)
    me = next(
        row[0] for row in connection.execute(
            "SELECT id FROM firstline.person WHERE login = %s", (trial.people[AGENT].login,))
    )  # fmt: skip
    found, floors = [], []
    for turn in range(rounds + 5):
        note = AddNote(
            incident_id=incidents[turn % len(incidents)].id,
            kind=NoteKind.INTERNAL,
            text="Called the supplier. " * 8,
        )
        started = time.perf_counter()
        replica.execute(note, me)
        replica.push()
        taken = 1000 * (time.perf_counter() - started)
        replica.pull()
        if turn >= 5:  # the first are warming up
            found.append(taken)
            floors.append(floor.commit())
    assert not [p for p in replica.pending() if p.code], "a note was refused"
    replica.close()
    report.add("one desk: act to committed in PostgreSQL", "ms", found, floor=floors,
               floor_name="bare transaction", limit=5, is_ratio_limited=True)  # fmt: skip


def measure(rounds: int) -> Report:
    """One desk, then many clients."""
    report = Report("Commands of a team on PostgreSQL")
    with team_for_benchmarks() as (trial, connection), tempfile.TemporaryDirectory() as folder:
        measure_one(report, trial, connection, Path(folder), 20 * rounds)
        measure_many(report, trial, connection, Path(folder), rounds)
    return report


def main() -> None:
    """Measure and tell."""
    options = arguments(__doc__, rounds=3).parse_args()
    measure(options.rounds).tell(options.json)


if __name__ == "__main__":
    main()
