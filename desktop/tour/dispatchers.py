"""Dispatchers of a story: processes of their own on its server."""

import json
import os
import secrets
import signal
import subprocess
from base64 import b64encode
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from desktop.tour.driver import Look
from services.admin import postgres_people as people
from services.admin.postgres_rights import Connection
from services.admin.trial import DATABASE, Trial
from services.core.clock import Clock
from services.core.ids import new_id
from services.core.release import program
from services.core.secrets import Secret
from services.intake.sample_on_call import roster_id
from services.people.commands import AddPerson, GrantRole
from services.people.person import Role

DISPATCHER: Final = "dispatcher"
PASSWORD: Final = Secret(secrets.token_urlsafe(12))
"""Of the dispatchers' login; a story's server goes with the story."""


@dataclass
class Running:
    """One dispatcher process, and the name by which the shared database knows it."""

    process: "subprocess.Popen[bytes]"
    log: Path

    @property
    def name(self) -> str:
        """What it said when it started; empty before."""
        for line in self.log.read_text().splitlines():
            told = json.loads(line)
            if told.get("event") == "started":
                return str(told.get("dispatcher", ""))
        return ""

    def kill(self) -> None:
        """As a power cut would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """Let it finish what is under way."""
        self.process.terminate()
        self.process.wait()


def on_call(look: Look, roster: str) -> str:
    """Who is on call on a roster now."""
    return str(look(
        "SELECT p.name FROM on_call_shift h JOIN person p ON p.id = h.person_id"
        " WHERE h.roster_id = ? AND NOT h.is_cancelled AND NOT h.is_backup"
        " AND microseconds_now() BETWEEN h.starts_at AND h.ends_at",
        roster_id(roster),
    ))  # fmt: skip


def add_dispatcher(connection: Connection, clock: Clock) -> None:
    """A login of its own, with the one role that may claim deliveries."""
    id_ = new_id(clock.now())
    people.create_login(connection, DISPATCHER, PASSWORD)
    people.act(connection, clock, AddPerson(person_id=id_, name="Dispatcher", login=DISPATCHER))
    people.set_member(connection, DISPATCHER, Role.DISPATCHER, is_member=True)
    people.act(connection, clock, GrantRole(person_id=id_, role=Role.DISPATCHER))


def signing_secret() -> str:
    """A fresh secret for signed webhooks."""
    return "whsec_" + b64encode(os.urandom(24)).decode()


def secrets_file(home: Path, slots: Mapping[str, str]) -> Path:
    """What a dispatcher may know and nobody else: its password, and what ``slots`` hold."""
    file = home / "secrets"
    file.touch(mode=0o600)
    lines = {"database": PASSWORD.reveal(), **slots}
    file.write_text("".join(f"{slot}={value}\n" for slot, value in lines.items()))
    return file


def start_dispatcher(
    trial: Trial, home: Path, secrets: Path, number: int, left: ExitStack
) -> Running:
    """One program, which knows nothing of others beside it; it ends with the story."""
    url = f"postgresql://{DISPATCHER}@127.0.0.1:{trial.access.port}/{DATABASE}"
    log = home / f"dispatcher-{number}.log"
    with log.open("wb") as errors:
        process = subprocess.Popen(
            [*program("firstline-dispatcher", "services.dispatcher"), "--database", url,
             "--secrets", str(secrets), "--log-json"],
            stderr=errors,
        )  # fmt: skip
    running = Running(process, log)
    left.callback(running.stop)
    return running
