"""What is proven of the bundle at work for a team, with a real server and a real keyring."""

import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

import psycopg

from installer.product import BUNDLE, ROOT
from installer.proof import PATIENCE_S, TOUR_PATIENCE_S, CannotTell, Guest, NotProven
from services.admin.postgres_binaries import WHEEL, find_postgres
from services.admin.private_postgres import HOST, SUPERUSER, PrivatePostgres
from services.core.cipher import is_plain, mark_of
from services.core.errors import AppError
from services.core.messages import message_of
from services.core.paths import HOME_VARIABLE, home_at
from services.core.profiles import (
    ConnectionSettings,
    ProfileEntry,
    ProfileList,
    Tls,
    save_profiles,
)
from services.core.server_address import Host

Check = tuple[str, Callable[[], str]]

DATABASE: Final = "helpdesk"
FOUNDER: Final = "maya"
TEAM: Final = "team"
KEYRING_PROGRAMS: Final = ("dbus-run-session", "gnome-keyring-daemon")
UNLOCKED_KEYRING: Final = (
    "printf '\\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null"
    ' && echo "$DBUS_SESSION_BUS_ADDRESS" && read -r until_closed'
)
KEEP: Final = (
    "import pathlib, sys; from services.core.secrets import Secret, keep;"
    " keep(sys.argv[1], Secret(pathlib.Path(sys.argv[2]).read_text().strip()))"
)
_TRIAL_PORT: Final = re.compile(r"-p (\d+) -U LOGIN (\w+)")
_TRIAL_PERSON: Final = re.compile(r"Maya Lindqvist +(\S+) +(\S+)")


class TeamChecks:
    """The bundle with a server of this system; without one there is nothing to tell."""

    def __init__(self, guest: Guest) -> None:
        self._guest = guest
        self._desk = BUNDLE / "firstline"
        self._admin = BUNDLE / "firstline-admin"
        self._password = guest.home / "password"

    def all(self) -> Iterator[Check]:
        """Each check with its name; the server goes with the last one."""
        try:
            found = find_postgres(self._guest.environment)
            if WHEEL in found.folder.parts:
                yield "team", _no_server
                return
            with PrivatePostgres(binaries=found) as server:
                yield from self._checks(server)
        except AppError as error:
            said = message_of(error).text
            yield "team", lambda: _cannot_tell(said)

    def _checks(self, server: PrivatePostgres) -> Iterator[Check]:
        self._write_password(self._guest.home / "owner", server.access.password)
        self._write_password(self._password, "a password of the smoke test")
        port = server.access.port
        yield "team, init", lambda: self.init(port)
        yield "team, person", lambda: self.person(port)
        yield "team, migrate", lambda: self.migrate(port)
        yield "team, verify", lambda: self.verify(port)
        yield "team, keyring and encrypted cache", lambda: self.desk(port)
        yield "team, trial", self.trial
        yield "team, story", self.story
        yield "team, story of a page", self.story_of_a_page

    def init(self, port: int) -> str:
        """The administrator's program sets up a database with its founder."""
        named = ("--founder", FOUNDER, "--name", "Maya Lindqvist")
        given = ("--new-password-file", self._password)
        return self._asked(port, "init", "--create-database", *named, *given)

    def person(self, port: int) -> str:
        """It lets people in and lists them."""
        given = ("--role", "tier_member", "--new-password-file", self._password)
        self._asked(port, "person", "add", "priya", "--name", "Priya Raman", *given)
        told = self._asked(port, "person", "list")
        if "priya\tPriya Raman\ttier_member" not in told:
            raise NotProven(f"does not list who was added:\n{told}")
        return f"{len(told.splitlines())} people"

    def migrate(self, port: int) -> str:
        """It finds its migrations; a program that does not refuses every edition as too new."""
        return self._asked(port, "migrate")

    def verify(self, port: int) -> str:
        """What it made is what it must be."""
        return self._asked(port, "verify").splitlines()[-1]

    def desk(self, port: int) -> str:
        """The desk finds the password in the keyring and keeps an encrypted cache."""
        if missing := [name for name in KEYRING_PROGRAMS if shutil.which(name) is None]:
            raise CannotTell(f"{' and '.join(missing)} not installed")
        root = self._guest.home / TEAM
        home = home_at(root).create()
        settings = ConnectionSettings((Host(HOST, port),), DATABASE, FOUNDER, Tls.NONE)
        entry = ProfileEntry(TEAM, "The team", settings, is_cache_encrypted=True)
        save_profiles(home.profiles, ProfileList((entry,)).choosing(TEAM))
        with _keyring(self._guest) as guest:
            python = ("env", f"PYTHONPATH={ROOT}", sys.executable, "-P", "-c", KEEP)
            guest.output_of(*python, settings.account, self._password)
            seated = replace(guest, more={**guest.more, HOME_VARIABLE: str(root)})
            took_s = [seated.seconds_to_queue(self._desk, home.preferences) for _ in range(2)]
        cache = home.of_team(TEAM).replica
        if not cache.is_file() or not mark_of(cache).is_file() or is_plain(cache):
            raise NotProven(f"{cache} is not an encrypted cache")
        return f"queue after {took_s[0]:.2f} s, then {took_s[1]:.2f} s"

    def trial(self) -> str:
        """One command starts a server to which its people can sign in, and takes it away."""
        with self._guest.started(self._admin, "trial", "--desks", "0") as trial:
            try:
                told = _told_until(trial, _TRIAL_PERSON)
                where, person = _TRIAL_PORT.search(told), _TRIAL_PERSON.search(told)
                if where is None or person is None:
                    raise NotProven(f"does not say who signs in where:\n{told}")
                port, database = int(where[1]), where[2]
                url = f"postgresql://{person[1]}@{HOST}:{port}/{database}"
                psycopg.connect(url, password=person[2]).close()
                trial.send_signal(signal.SIGINT)
                _, said = trial.communicate(timeout=PATIENCE_S)
            except (psycopg.OperationalError, subprocess.TimeoutExpired) as error:
                raise NotProven(str(error)) from error
            finally:
                trial.kill()
        if trial.returncode != 0 or "Traceback" in said:
            raise NotProven(f"ended with {trial.returncode}:\n{said}")
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)) == 0:
                raise NotProven("its server is still there")
        return f"{person[1]} signed in, and the server is gone"

    def story(self) -> str:
        """Three desks of the bundle work at the same time, one of them offline for a while."""
        folder = self._guest.home / "story"
        told = self._guest.output_of(
            self._admin, "trial", "--tour", folder, patience_s=TOUR_PATIENCE_S
        )
        if not list(folder.glob("*_conflict.png")):
            raise NotProven(f"left no picture of the conflict in {folder}")
        return f"{sum(line.startswith('ok') for line in told.splitlines())} steps"

    def story_of_a_page(self) -> str:
        """Two bundled dispatchers, one of them killed, lead a page until it is acknowledged."""
        tour = ("--tour", self._guest.home / "page", "--story", "paging")
        told = self._guest.output_of(self._desk, *tour, patience_s=TOUR_PATIENCE_S)
        return f"{sum(line.startswith('ok') for line in told.splitlines())} steps"

    def _asked(self, port: int, *words: object) -> str:
        url = f"postgresql://{SUPERUSER}@{HOST}:{port}/{DATABASE}"
        owner = self._guest.home / "owner"
        where = ("--database", url, "--password-file", owner)
        return self._guest.output_of(self._admin, *words, *where).strip()

    @staticmethod
    def _write_password(file: Path, password: str) -> None:
        file.touch(mode=0o600)
        file.write_text(password + "\n", encoding="utf-8")


@contextmanager
def _keyring(guest: Guest) -> Iterator[Guest]:
    """The guest in a session with an unlocked keyring, which goes with it."""
    runtime = guest.home / "runtime"
    runtime.mkdir(mode=0o700)
    seated = replace(guest, more={**guest.more, "XDG_RUNTIME_DIR": str(runtime)})
    command = ("/usr/bin/env", "dbus-run-session", "--", "sh", "-c", UNLOCKED_KEYRING)
    with seated.started(*command) as session:
        assert session.stdout is not None
        address = session.stdout.readline().strip()
        try:
            if not address:
                raise CannotTell("no keyring starts here")
            yield replace(seated, more={**seated.more, "DBUS_SESSION_BUS_ADDRESS": address})
        finally:
            session.communicate("\n", timeout=PATIENCE_S)


def _told_until(process: "subprocess.Popen[str]", wanted: re.Pattern[str]) -> str:
    """What a program has printed when it has told what is wanted, or has ended."""
    assert process.stdout is not None
    told = ""
    for line in process.stdout:
        told += line
        if wanted.search(told):
            break
    return told


def _no_server() -> str:
    raise CannotTell("no PostgreSQL server is installed")


def _cannot_tell(reason: str) -> str:
    raise CannotTell(reason)
