"""``python -m services.admin``: keeping the shared database."""

import argparse
import os
import sys
from collections.abc import Sequence

from services.admin.calendar_command import add_calendar
from services.admin.change_command import add_change
from services.admin.import_command import STOPPED, add_import
from services.admin.move_command import add_move
from services.admin.person_command import add_person
from services.admin.simulate_command import add_simulate
from services.admin.team_commands import add_init, add_migrate, add_restored, add_verify
from services.admin.trial_command import add_trial
from services.core.errors import AppError
from services.core.messages import message_of
from services.core.release import program_name

REFUSED = 2
"""Exit code where a fact stopped the command."""

CUT_OFF = 141
"""Exit code where whoever read the output wanted no more of it, as of other programs."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    try:
        try:
            return _run(arguments)
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        # What is still to be written has nobody to read it, and the interpreter would complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return CUT_OFF


def _run(arguments: Sequence[str] | None) -> int:
    parser = argparse.ArgumentParser(
        prog=program_name("firstline-admin", "python -m services.admin"),
        description="Keeps the shared database of Firstline.",
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    for add in (
        add_init,
        add_migrate,
        add_person,
        add_restored,
        add_verify,
        add_move,
        add_import,
        add_calendar,
        add_change,
        add_simulate,
        add_trial,
    ):
        add(commands)
    options = parser.parse_args(arguments)
    if options.command is None:
        parser.print_help()
        return 0
    try:
        return int(options.run(options))
    except AppError as error:
        print(message_of(error).text, file=sys.stderr)
        return REFUSED
    except KeyboardInterrupt:
        print("\nStopped before anything was written.", file=sys.stderr)
        return STOPPED


if __name__ == "__main__":
    sys.exit(main())
