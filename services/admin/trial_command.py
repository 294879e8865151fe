"""``trial``: a team's server, the sample company and some desks, to try things with."""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from services.admin.trial import DATABASE, Trial, running_trial
from services.core.clock import SystemClock
from services.core.paths import HOME_VARIABLE
from services.core.release import program

MOST_DESKS = 12


def add_trial(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command and its options."""
    trial = commands.add_parser(
        "trial",
        help="try a team: a private server with sample people, and desks of three of them",
        description=(
            "Starts a private PostgreSQL on this machine, founds the sample company in it, prints"
            " the address and everybody's password, and opens desks. Everything goes when the"
            " desks are closed; your own profile is not touched."
        ),
    )
    trial.add_argument("--desks", type=int, default=3, metavar="N", help="how many desks to open")
    trial.add_argument(
        "--tour",
        type=Path,
        metavar="DIR",
        help="instead drive three desks at the same time, one of them offline, and leave pictures",
    )
    trial.set_defaults(run=run_trial)


def run_trial(options: argparse.Namespace) -> int:
    """Run it until the desks are closed; returns the exit code."""
    if options.tour is not None:
        return subprocess.call(
            [*program("firstline", "desktop"), "--tour", str(options.tour), "--story", "team"]
        )
    print("Starting a server and founding the sample company …", flush=True)
    with running_trial(SystemClock()) as trial:
        _tell(trial)
        return _open_desks(trial, min(max(options.desks, 0), MOST_DESKS))


def _tell(trial: Trial) -> None:
    here = trial.settings(trial.people[0].login)
    print(f"\nServer    {here.server}, database {DATABASE}; no TLS, it never leaves this machine")
    print(f"Try it    psql -h 127.0.0.1 -p {here.hosts[0].port} -U LOGIN {DATABASE}\n")
    width = max(len(person.name) for person in trial.people)
    for person in trial.people:
        shown = f"{person.name:{width}}  {person.login:24} {person.password.reveal():14}"
        print(f"  {shown} {person.job_title}")
    print(flush=True)


def _open_desks(trial: Trial, count: int) -> int:
    if count and not _has_display():
        print("There is no display, so no desk is opened. Press Ctrl+C to stop the server.")
        count = 0
    with ExitStack() as left:
        desks = []
        for person in trial.people[:count]:
            home = Path(left.enter_context(tempfile.TemporaryDirectory(prefix="firstline-desk-")))
            trial.write_profile(home, person)
            environment = {**os.environ, HOME_VARIABLE: str(home)}
            desks.append(subprocess.Popen(program("firstline", "desktop"), env=environment))
            print(f"The desk of {person.name} asks for the password once.")
        try:
            if not desks:
                signal.pause()
            return max((desk.wait() for desk in desks), default=0)
        except KeyboardInterrupt:
            for desk in desks:
                desk.terminate()
            for desk in desks:
                desk.wait()
            return 0


def _has_display() -> bool:
    if sys.platform != "linux":
        return True
    names = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return any(os.environ.get(name) for name in names)
