"""``move``: a desk's embedded database becomes that of a team."""

import argparse
import sys
from pathlib import Path

from services.admin.embedded_source import Profile, opened
from services.admin.import_command import STOPPED
from services.admin.moving import Admitted, Move
from services.admin.new_password import random_password
from services.admin.owner_connection import add_database_options, as_owner
from services.admin.progress import Progress
from services.core.paths import default_home


def add_move(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command and its options."""
    parser = commands.add_parser(
        "move",
        help="bring everything of one desk into the database of a team",
        description=(
            "Copies every record with its history, every act and every number into a team's"
            " database that “init” has just made, compares both, and gives people their logins."
            " The desk's files are not touched. Run it again to go on after an interruption."
        ),
    )
    parser.add_argument(
        "--from",
        dest="source",
        default="embedded",
        metavar="embedded[=PATH]",
        help="the desk's shared database (default: the one of FIRSTLINE_HOME)",
    )
    parser.add_argument(
        "--without-logins",
        action="store_true",
        help="only the founder gets a login now; others by “person admit”",
    )
    add_database_options(parser, name="--to")
    parser.set_defaults(run=run_move)


def run_move(options: argparse.Namespace) -> int:
    """Copy, compare, open; returns the exit code.

    Raises:
        AppError: it cannot be moved; nobody has been let in, and nothing of the desk has changed.
    """
    with opened(profile_of(options.source)) as source, as_owner(options) as target:
        move = Move(source, target)
        move.ensure_possible()
        total = move.count()
        progress = Progress("Moving", total)
        try:
            move.copy(progress.show)
        except KeyboardInterrupt:
            print("\nStopped; nobody has been let in. Run it again to go on.", file=sys.stderr)
            return STOPPED
        finally:
            progress.end()
        move.compare()
        admitted = move.open_to_all(random_password, with_logins=not options.without_logins)
    print(f"{total:,} rows are the same in the file and in the team's database.")
    _tell(admitted)
    return 0


def profile_of(typed: str) -> Profile:
    """The files meant by ``embedded`` or ``embedded=PATH``."""
    _, _, path = typed.partition("=")
    return Profile(Path(path) if path else default_home().shared_database)


def _tell(admitted: list[Admitted]) -> None:
    print("Passwords, shown this once:")
    for each in admitted:
        password = each.password.reveal() if each.password else "no login: its name is not possible"
        print(f"  {each.person.login}\t{each.person.name}\t{password}")
