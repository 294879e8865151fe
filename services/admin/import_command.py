"""``import servicenow``: a ServiceNow event log becomes incidents with their history."""

import argparse
import json
import sqlite3
import sys
import time
from collections.abc import Callable
from pathlib import Path

from services.admin.import_schedules_command import add_schedules
from services.admin.import_site import incident_rows, site_for
from services.admin.import_team import (
    TEAM_BATCH,
    team_incident_rows,
    team_shared,
    team_site_for,
)
from services.admin.owner_connection import add_database_options, as_owner, owner_of
from services.admin.progress import Progress
from services.admin.schema import ensure_embedded, founder_of_this_machine
from services.core.clock import Clock, SystemClock
from services.core.errors import DatabaseUnreadable
from services.core.paths import default_home
from services.incidents.extent import EXTENT
from services.intake.errors import ReportUnwritable
from services.intake.import_report import ImportReport
from services.intake.importing import ServiceNowImport
from services.intake.servicenow_log import CARRIED_TO, EventLog, read_log
from services.intake.verification import verify
from services.registry import RECORDS, command_book
from services.sync.envelope import CommandFunction
from services.sync.errors import SharedUnreachable
from services.sync.shared_sqlite import SharedSqlite

STOPPED = 130
"""Exit code after Ctrl-C, as a shell would give."""


def add_import(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command and its options."""
    importing = commands.add_parser("import", help="bring in the records of another system")
    sources = importing.add_subparsers(dest="source", required=True, metavar="SOURCE")
    servicenow = sources.add_parser(
        "servicenow",
        help="a ServiceNow incident event log (CSV, or a zip with one)",
        description=(
            "Brings every event of a ServiceNow incident event log in as the commands that"
            " explain it, with the log's own times and people beside who imports and when."
            " Run it again to go on after an interruption: nothing comes in twice."
        ),
    )
    servicenow.add_argument("file", type=Path, metavar="FILE", help="the log, .csv or .zip")
    servicenow.add_argument(
        "--report", type=Path, metavar="FILE", help="write what was done as JSON"
    )
    add_database_options(servicenow, or_embedded=True)
    servicenow.add_argument(
        "--as",
        dest="login",
        metavar="LOGIN",
        help="the administrator who imports (default: who is signed in to this machine)",
    )
    servicenow.set_defaults(run=run_import)
    add_schedules(sources)


def run_import(options: argparse.Namespace) -> int:
    """Import the file; returns the exit code.

    Raises:
        AppError: the file is broken (nothing was written), or the database cannot be used.
    """
    started = time.monotonic()
    log = read_log(options.file)
    if options.report:
        _ensure_writable(options.report)
    report = ImportReport(
        file=options.file.name, events=log.event_count, incidents=len(log.incidents)
    )
    progress = Progress("Importing", report.events)
    try:
        if "://" in (options.database or ""):
            import_into_team(log, options, SystemClock(), report, progress.show)
        else:
            path = Path(options.database) if options.database else _home_database()
            import_log(log, path, options.login, SystemClock(), report, progress.show)
    except KeyboardInterrupt:
        print(
            "\nStopped. The incidents imported so far are complete and safe."
            " Run the same command again to go on.",
            file=sys.stderr,
        )
        return STOPPED
    finally:
        progress.end()
    report.seconds = time.monotonic() - started
    if options.report:
        text = json.dumps(report.as_json(CARRIED_TO), indent=2, ensure_ascii=False)
        options.report.write_text(text + "\n", encoding="utf-8")
    print(_summary(report))
    return 0


def import_log(
    log: EventLog,
    path: Path,
    login: str | None,
    clock: Clock,
    report: ImportReport,
    told: Callable[[int], None],
) -> None:
    """Bring a log into a database, then compare every incident with its last event.

    ``told`` hears how many events are done.
    """
    founder = founder_of_this_machine()
    ensure_embedded(path, clock, founder)
    site, names = site_for(path, log.sha256, login or founder.login)
    shared = SharedSqlite(path, clock, [record.TABLE for record in RECORDS], EXTENT)
    try:
        ServiceNowImport(shared, _functions(), clock, log, site, names, report).run(told)
    except sqlite3.OperationalError as error:
        raise SharedUnreachable(file=path.name, problem=str(error)) from error
    finally:
        shared.close()
    verify(log, names, incident_rows(path), report)


def import_into_team(
    log: EventLog,
    options: argparse.Namespace,
    clock: Clock,
    report: ImportReport,
    told: Callable[[int], None],
) -> None:
    """Bring a log into a team's database, as ``import_log`` does into an embedded one.

    Raises:
        AppError: it cannot be reached, or the owner or the administrator may not.
    """
    with as_owner(options) as connection:
        login = options.login or connection.info.user
        site, names = team_site_for(connection, log.sha256, login)
        shared = team_shared(connection, owner_of(options)[0])
        try:
            ServiceNowImport(shared, _functions(), clock, log, site, names, report, TEAM_BATCH).run(
                told
            )
        finally:
            shared.close()
        verify(log, names, team_incident_rows(connection), report)


def _functions() -> dict[str, CommandFunction]:
    return {spec.name: spec.function for spec in command_book().commands.values()}


def _home_database() -> Path:
    home = default_home()
    try:
        return home.create().shared_database
    except OSError as error:
        problem = error.strerror or str(error)
        raise DatabaseUnreadable(file=str(home.data), problem=problem) from error


def _ensure_writable(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    except OSError as error:
        raise ReportUnwritable(file=path.name, problem=error.strerror or str(error)) from error


def _summary(report: ImportReport) -> str:
    lines = [
        f"{report.imported:,} of {report.events:,} events of {report.incidents:,} incidents"
        f" imported in {report.seconds:.1f} s"
        f" ({report.events / max(report.seconds, 0.001):,.0f} events per second)."
    ]
    if report.already_imported:
        lines.append(f"{report.already_imported:,} of them were here from an earlier run.")
    lines.append(
        f"{report.refused:,} events refused; {len(report.imported_states):,} jumps of state that"
        " the rules do not know were recorded as imported."
    )
    lines.append(
        f"Compared with the last event of each incident: {len(report.differences):,} differences,"
        f" and {len(report.reassignment_differences):,} reassignment counts differ."
    )
    lines += [f"  line {r.row}, {r.number}, {r.act}: {r.reason}" for r in report.refusals[:10]]
    if len(report.refusals) > 10:
        lines.append(f"  … and {len(report.refusals) - 10:,} more; --report FILE lists all.")
    return "\n".join(lines)
