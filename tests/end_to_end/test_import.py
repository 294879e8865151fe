"""The import program, run as a person runs it."""

import contextlib
import json
import signal
import sqlite3
import zipfile
from uuid import uuid4

import pytest
from end_to_end.import_runs import LOG, contents, count, imported, run, sample, start
from unit.intake.log_examples import CLOSED, RESOLVED, csv_text, log, values, write_log
from unit.intake.log_examples import incident as logged

from services.admin.__main__ import main
from services.admin.import_command import import_log
from services.admin.import_site import incident_rows, site_for
from services.admin.schema import Founder, ensure_embedded
from services.core.clock import ManualClock
from services.intake import importing
from services.intake.import_report import ImportReport
from services.intake.verification import COMPARED, verify
from services.sync.shared_sqlite import SharedSqlite


@pytest.fixture(scope="session")
def real_log(shared_knowledge):
    path = shared_knowledge / LOG
    if not path.is_file():
        pytest.skip("the optional ServiceNow event log is absent")
    return path


@pytest.fixture(scope="session")
def real_sample(real_log, tmp_path_factory):
    """Each twentieth incident of the real log: 1,039 incidents."""
    return sample(real_log, tmp_path_factory.mktemp("log") / "sample.csv", every=20)


def test_a_small_log_into_a_new_home(firstline_home, tmp_path):
    report = tmp_path / "out" / "report.json"
    code, out, err = run(write_log(tmp_path / "log.csv"), "--report", str(report))
    assert (code, err.splitlines()[-1]) == (0, "Importing: 3 of 3 (100 %)")
    assert "3 of 3 events of 1 incidents imported" in out
    found = json.loads(report.read_text())
    wanted = {"events": 3, "incidents": 1, "imported": 3, "refused": 0, "refusals": []}
    assert {key: found[key] for key in wanted} == wanted
    assert found["seconds"] > 0
    assert len(found["columns"]) == 36
    assert count(firstline_home / "data" / "shared.db", "incident") == 1


def test_what_is_refused_is_listed_with_row_and_reason(tmp_path):
    rows = [values(), values(incident_state="-100"), values(**RESOLVED), values(**CLOSED),
            values(**CLOSED, assignment_group="Group 70")]  # fmt: skip
    report = imported(write_log(tmp_path / "log.csv", *rows), tmp_path / "shared.db")
    assert (report["events"], report["imported"], report["refused"]) == (5, 3, 2)
    assert [(r["row"], r["number"], r["act"], r["code"]) for r in report["refusals"]] == [
        (3, "INC0000045", "event", "import-value-unknown"),
        (6, "INC0000045", "RecordImportedAssignment", "incident-is-final"),
    ]
    assert all(refusal["reason"] for refusal in report["refusals"])
    assert [found["field"] for found in report["differences"]] == ["team_id"]


BROKEN = {
    "empty": b"",
    "other columns": b"a,b\n1,2\n",
    "cut off": csv_text(values(), values())[:-9].encode(),
    "missing value": csv_text(values()).replace(",Phone", "").encode(),
    "binary": bytes(range(256)) * 64,
    "utf-16": csv_text(values()).encode("utf-16"),
    "latin-1": csv_text(values(location="Köln")).encode("latin-1"),
    "endless line": b"x" * 3_000_000,
    "cut archive": b"PK\x03\x04" + b"\x14\0\0\0\x08\0" * 9,
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_a_broken_file_leaves_the_database_as_it_was(content, tmp_path, capsys, monkeypatch):
    database, file = tmp_path / "shared.db", tmp_path / "log.csv"
    file.write_bytes(content)
    monkeypatch.setenv("USER", "maya")
    options = ["import", "servicenow", str(file), "--database", str(database)]
    assert main(options) == 2
    assert not database.exists()
    ensure_embedded(database, ManualClock(), Founder("Maya", "maya"))
    before = database.read_bytes()
    assert main(options) == 2
    assert database.read_bytes() == before
    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.splitlines()) == 2


def test_a_broken_file_ends_the_program_with_words(tmp_path):
    archive = tmp_path / "log.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("a.csv", "x")
        packed.writestr("b.csv", "x")
    code, out, err = run(archive, "--database", str(tmp_path / "shared.db"))
    assert (code, out) == (2, "")
    assert "Traceback" not in err


def test_only_an_administrator_imports(tmp_path):
    file, database = write_log(tmp_path / "log.csv"), tmp_path / "shared.db"
    ensure_embedded(database, ManualClock(), Founder("Ada", "ada"))
    code, _, _ = run(file, "--database", str(database))
    assert (code, count(database, "incident")) == (2, 0)
    code, _, err = run(file, "--database", str(database), "--as", "ada")
    assert (code, count(database, "incident")) == (0, 1), err


def test_an_incident_of_another_file_is_not_imported_twice(tmp_path):
    database = tmp_path / "shared.db"
    imported(write_log(tmp_path / "a.csv"), database)
    before = contents(database)
    second = write_log(tmp_path / "b.csv", values(), values(number="INC2"))
    report = imported(second, database)
    assert (report["imported"], report["refused"]) == (1, 1)
    assert report["refusals"][0]["code"] == "import-imported-before"
    assert set(before["incident"]) < set(contents(database)["incident"])


def test_help_without_a_command(capsys):
    assert main([]) == 0
    assert "import" in capsys.readouterr().out


# -- the real log -----------------------------------------------------------------------------


def test_a_sample_of_the_real_log(real_sample, tmp_path):
    report = imported(real_sample, tmp_path / "shared.db")
    assert report["incidents"] == 1_039
    assert report["imported"] + report["refused"] == report["events"] > 5_000
    assert report["differences"] == []
    assert report["reassignment_differences"]["count"] <= report["incidents"] // 100
    assert count(tmp_path / "shared.db", "incident") == 1_039


@pytest.mark.nightly
@pytest.mark.timeout(600)
def test_the_whole_real_log(real_log, tmp_path):
    report = imported(real_log, tmp_path / "shared.db")
    assert (report["events"], report["incidents"]) == (119_998, 20_769)
    assert [(r["number"], r["act"]) for r in report["refusals"]] == [("INC0028089", "event")] * 2
    assert report["imported_states"]["count"] == 13
    assert report["differences"] == []
    assert report["reassignment_differences"]["count"] == 81


def kill_halfway(log_file, database, ending):
    """Run until half the events are told, then send a signal; returns what it said."""
    process = start(log_file, "--database", str(database))
    for line in process.stderr:
        if "(50 %)" in line:
            process.send_signal(ending)
            break
    out, err = process.communicate(timeout=60)
    return process.returncode, out, err


@pytest.fixture(scope="session")
def uninterrupted(real_sample, tmp_path_factory):
    database = tmp_path_factory.mktemp("whole") / "shared.db"
    return imported(real_sample, database), contents(database)


def test_a_run_killed_halfway_is_continued(real_sample, uninterrupted, tmp_path):
    database = tmp_path / "shared.db"
    code, _, _ = kill_halfway(real_sample, database, signal.SIGKILL)
    assert code == -signal.SIGKILL
    assert 0 < count(database, "incident") < 1_039
    report = imported(real_sample, database)
    whole, expected = uninterrupted
    assert 0 < report["already_imported"] < report["events"]
    for key in ("imported", "refused", "refusals", "imported_states", "differences"):
        assert report[key] == whole[key], key
    assert contents(database) == expected


def test_a_run_stopped_by_hand_says_how_to_go_on(real_sample, uninterrupted, tmp_path):
    database = tmp_path / "shared.db"
    code, _, err = kill_halfway(real_sample, database, signal.SIGINT)
    assert code == 130
    assert "Run the same command again" in err
    assert "Traceback" not in err
    imported(real_sample, database)
    assert contents(database) == uninterrupted[1]


def test_a_second_run_changes_nothing(real_sample, tmp_path):
    database = tmp_path / "shared.db"
    first = imported(real_sample, database)
    before = contents(database)
    second = imported(real_sample, database)
    assert contents(database) == before
    assert (second["already_imported"], second["commands"]) == (second["events"], 0)
    assert second["imported"] == first["imported"]


# -- the same without processes, so that ids can be broken -------------------------------------


def small_log():
    later = ({"incident_state": "Active"}, RESOLVED, CLOSED)
    return log(
        *(
            logged({"caller_id": f"Caller {n}"}, *later, number=f"INC{n}", line=4 * n + 2)
            for n in range(30)
        )
    )


class Stopped(Exception):
    """Stands for the end of the process."""


def import_in(database, *, stop_at=None):
    report = ImportReport(file="log.csv", events=120, incidents=30)
    clock = ManualClock()
    ensure_embedded(database, clock, Founder("Maya", "maya"))

    def tell(done):
        if stop_at is not None and done >= stop_at:
            raise Stopped

    with contextlib.suppress(Stopped):
        import_log(small_log(), database, "maya", clock, report, tell)
    return report


@pytest.fixture
def halfway(tmp_path, monkeypatch):
    monkeypatch.setattr(importing, "BATCH_SIZE", 20)
    import_in(tmp_path / "whole.db")
    import_in(tmp_path / "half.db", stop_at=60)
    assert 0 < count(tmp_path / "half.db", "incident") < 30
    return tmp_path


def test_going_on_equals_a_run_in_one_go(halfway):
    report = import_in(halfway / "half.db")
    assert contents(halfway / "half.db") == contents(halfway / "whole.db")
    assert report.differences == []


@pytest.mark.parametrize("batches", [0, 1, 2, 3, 5])
def test_going_on_after_any_batch_equals_a_run_in_one_go(halfway, monkeypatch, batches):
    """Also in the midst of adding names, and between the numbers and the first incident."""
    submit, given = SharedSqlite.submit, []

    def submit_some(self, identity, batch):
        given.append(batch)
        if len(given) > batches:
            raise Stopped
        return submit(self, identity, batch)

    with monkeypatch.context() as patch:
        patch.setattr(SharedSqlite, "submit", submit_some)
        import_in(halfway / "early.db")
    assert count(halfway / "early.db", "command") == sum(map(len, given[:-1]))
    import_in(halfway / "early.db")
    assert contents(halfway / "early.db") == contents(halfway / "whole.db")


@pytest.mark.parametrize("broken", ["command ids", "incident ids", "numbers"])
def test_with_ids_that_do_not_follow_from_the_file_it_would_differ(halfway, monkeypatch, broken):
    """The control: the comparison above fails as soon as one derivation is random."""
    if broken == "command ids":
        derived = importing.derived_id
        monkeypatch.setattr(
            importing,
            "derived_id",
            lambda *parts: derived(*parts) if parts[0] == "import" else uuid4(),
        )
    elif broken == "incident ids":
        monkeypatch.setattr(importing, "incident_id_of", lambda number: uuid4())
    else:
        monkeypatch.setattr(
            "services.admin.import_site._FIRST_NUMBER", "SELECT NULL WHERE ? = 1 OR 1"
        )
    import_in(halfway / "half.db")
    assert contents(halfway / "half.db") != contents(halfway / "whole.db")


def test_a_refusal_of_the_shared_database_is_listed_and_the_rest_goes_on(tmp_path):
    database = tmp_path / "shared.db"
    ensure_embedded(database, ManualClock(), Founder("Maya", "maya"))
    with contextlib.closing(sqlite3.connect(database)) as connection:
        connection.execute(
            "CREATE TRIGGER guard_test BEFORE UPDATE ON incident"
            " WHEN NEW.external_reference = 'INC7' AND NEW.state = 'in_progress'"
            " BEGIN SELECT RAISE(ABORT, 'guard:role-missing'); END"
        )
    report = import_in(database)
    assert [(r.number, r.act, r.code) for r in report.refusals] == [
        ("INC7", "StartIncident", "role-missing"),
        ("INC7", "ResolveIncident", "import-earlier-refused"),
        ("INC7", "CloseIncident", "import-earlier-refused"),
    ]
    assert count(database, "incident") == 30
    assert {found.number for found in report.differences} == {"INC7"}
    again = import_in(database)
    assert ("INC7", "StartIncident", "role-missing") in [
        (r.number, r.act, r.code) for r in again.refusals
    ]


def test_verification_finds_what_was_changed(tmp_path):
    """The control of the comparison with the log's last row."""
    database = tmp_path / "shared.db"
    assert import_in(database).differences == []
    rows = list(incident_rows(database))
    assert set(rows[0]) == set(COMPARED)
    changed = {"state": "new", "priority": 1, "team_id": "x", "category_id": None,
               "closed_at": None, "resolved_at": 1, "reopen_count": 9}  # fmt: skip
    for column, value in changed.items():
        report = ImportReport(file="log.csv", events=120, incidents=30)
        verify_with(database, report, [{**rows[0], column: value}, *rows[1:]])
        assert [found.field for found in report.differences] == [column]


def verify_with(database, report, rows):
    given = small_log()
    _, names = site_for(database, given.sha256, "maya")
    verify(given, names, rows, report)


def test_a_text_that_cannot_be_kept_is_refused_alone(tmp_path):
    """One act is refused; the rest of its event and of the incident comes in."""
    rows = [values(), values(u_symptom="x" * 200, assignment_group="Group 70"),
            values(vendor="v" * 21_000, assignment_group="Group 70", **RESOLVED)]  # fmt: skip
    report = imported(write_log(tmp_path / "log.csv", *rows), tmp_path / "shared.db")
    refused = [(r["row"], r["act"], r["code"]) for r in report["refusals"]]
    assert refused == [(3, "DescribeIncident", "invalid-text"), (4, "AddNote", "invalid-text")]
    assert report["differences"] == []
