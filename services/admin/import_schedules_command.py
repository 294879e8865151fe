"""``import schedules``: on-call schedules of another system become rosters, with a proof."""

import argparse
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Final, NamedTuple
from uuid import UUID

from services.admin.giving_site import Site, add_login_option, site_at
from services.admin.owner_connection import add_database_options
from services.admin.shared_reading import write_whole
from services.core.clock import Clock, SystemClock
from services.core.errors import AppError
from services.intake.equivalence import PROVED, Proof, prove
from services.intake.schedules.calendar_file import calendar_schedules
from services.intake.schedules.draft import ScheduleDraft, draft
from services.intake.schedules.drafting import Drafting, ids_of, people_used
from services.intake.schedules.errors import ScheduleDiffers
from services.intake.schedules.giving import give
from services.intake.schedules.goalert import goalert_schedules
from services.intake.schedules.grafana import grafana_schedules
from services.intake.schedules.matching import matched, told
from services.intake.schedules.opsgenie import opsgenie_schedules
from services.intake.schedules.pagerduty import pagerduty_schedules
from services.intake.schedules.reading import moment_of, read_text
from services.intake.schedules.report import hours, report_of
from services.intake.schedules.source import SourceSchedule
from services.on_call.roster import Roster, Rotation, TimeOff
from services.on_call.shifts import planning_span
from services.on_call.spans import Span
from services.people.person import Person, PersonRole, Team, TeamMember

Reader = Callable[[str, str, datetime], tuple[SourceSchedule, ...]]

READERS: Final[Mapping[str, Reader]] = {
    "opsgenie": lambda text, _, __: opsgenie_schedules(text),
    "pagerduty": lambda text, _, __: pagerduty_schedules(text),
    "goalert": lambda text, _, __: goalert_schedules(text),
    "grafana": lambda text, _, now: grafana_schedules(text, planning_span(now)),
    "ics": lambda text, name, now: calendar_schedules(text, name, planning_span(now)),
}
"""By kind, what reads a file; it is given the text, a name for what has none, and the moment."""

DIFFERENT = 1
"""Exit code where nothing was to be imported, and the proof found differences."""

_READ = (Person, PersonRole, Team, TeamMember, Roster, Rotation, TimeOff)
"""What the rules of rosters read. New rosters have neither shifts nor overrides yet."""


class TeamUnknown(AppError):
    """No team has this name."""

    code = "team-unknown"


def add_schedules(sources: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command and its options."""
    parser = sources.add_parser(
        "schedules",
        help="on-call schedules of Opsgenie, PagerDuty, GoAlert, Grafana OnCall, or a calendar",
        description=(
            "Turns the on-call schedules of an export into rosters and proves that the same people"
            " are on call, instant by instant. Without --database it only proves."
        ),
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="the export, .json or .ics")
    parser.add_argument("--kind", choices=tuple(READERS), required=True, help="where it comes from")
    parser.add_argument(
        "--report", type=Path, metavar="FILE", help="write the report there as well"
    )
    parser.add_argument("--dry-run", action="store_true", help="write nothing into the database")
    parser.add_argument(
        "--name", default="", help="the roster's name, for a file with one schedule"
    )
    parser.add_argument("--team", default="", metavar="NAME", help="the team of the rosters")
    parser.add_argument(
        "--person",
        action="append",
        default=[],
        type=_pair,
        metavar="NAME=LOGIN",
        help="who somebody of the file is here (otherwise found by mail, then by name)",
    )
    parser.add_argument(
        "--from", dest="since", metavar="ISO", help="where the proof begins (default: now)"
    )
    parser.add_argument(
        "--days", type=_days, default=PROVED.days, help="its length (default: %(default)s)"
    )
    parser.add_argument(
        "--accept-differences", action="store_true", help="import although the proof finds some"
    )
    add_database_options(parser, or_embedded=True, default="none, which only proves")
    add_login_option(parser)
    parser.set_defaults(run=run_schedules)


def run_schedules(options: argparse.Namespace) -> int:
    """Read, prove and write; returns the exit code.

    Raises:
        AppError: the file, the database or a rule stops it; nothing was written.
    """
    return bring_in(options, SystemClock())


def bring_in(options: argparse.Namespace, clock: Clock) -> int:
    """As ``run_schedules``, by a clock of one's own."""
    text = read_text(options.file)
    is_written = options.database is not None and not options.dry_run
    since = moment_of(options.since, "--from") if options.since else clock.now()
    # What is written holds from now on; a proof alone may look at any time.
    now = clock.now() if is_written else since
    sources = READERS[options.kind](text, options.file.stem, now)
    if options.name and len(sources) == 1:
        sources = (replace(sources[0], name=options.name),)
    span = Span(max(since, now), max(since, now) + timedelta(days=options.days))
    if options.database is None:
        proved = _prove(sources, options, now, span, None)
        return 0 if _tell(proved, options) else DIFFERENT
    digest = sha256(text.encode()).hexdigest()
    with site_at(options, digest, clock) as site:
        proved = _prove(sources, options, now, span, site)
        is_equal = _tell(proved, options)
        if not is_written:
            return 0 if is_equal else DIFFERENT
        if not is_equal and not options.accept_differences:
            raise _differs(proved, options)
        written = give([one.draft for one in proved], site.giver(_READ, clock), site.shared)
    print(f"Imported: {written:,} acts, {sum(len(one.draft.rosters) for one in proved):,} rosters.")
    return 0


class Proved(NamedTuple):
    """A schedule as rosters, the proof, and the names of its people by their keys."""

    draft: ScheduleDraft
    proof: Proof
    names: Mapping[str, str]


def _prove(
    sources: Iterable[SourceSchedule],
    options: argparse.Namespace,
    now: datetime,
    span: Span,
    site: Site | None,
) -> list[Proved]:
    """Each schedule as rosters, compared with itself."""
    found = []
    for source in sources:
        used = people_used(source)
        ids: Mapping[str, UUID] = ids_of(used)
        names = {one.key: told(one) for one in used}
        if site is not None:
            people = site.state.find(Person)
            ids = matched(used, people, dict(options.person))
            here = {person.id: person.name for person in people}
            names = {key: here[id_] for key, id_ in ids.items()}
        made = draft(
            source,
            Drafting(
                ids=ids,
                now=now,
                by_id=site.actor.id if site else UUID(int=0),
                team_id=_team_id(options.team, site),
            ),
        )
        proof = prove(made, ids, *span)
        found.append(Proved(made, proof, names))
    return found


def _tell(proved: Sequence[Proved], options: argparse.Namespace) -> bool:
    """Show and keep the report; whether every proof is equal."""
    text = "\n".join(report_of(*one) for one in proved)
    print(text)
    if options.report:
        write_whole(options.report, text.encode())
    return all(one.proof.is_equal for one in proved)


def _differs(proved: Sequence[Proved], options: argparse.Namespace) -> ScheduleDiffers:
    differing = sum((one.proof.differing for one in proved), timedelta())
    return ScheduleDiffers(hours=hours(differing), days=options.days)


def _team_id(name: str, site: Site | None) -> UUID | None:
    if not name or site is None:
        return None
    found = site.state.find(Team, name=name)
    if not found:
        raise TeamUnknown(name=name)
    return found[0].id


def _pair(text: str) -> tuple[str, str]:
    name, mark, login = text.partition("=")
    if not (mark and name and login):
        raise argparse.ArgumentTypeError("NAME=LOGIN is expected")
    return name, login


def _days(text: str) -> int:
    days = int(text)
    if not 1 <= days <= 390:
        raise argparse.ArgumentTypeError("a number of days from 1 to 390 is expected")
    return days
