"""A team with something to hide, and people who come with psql."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import uuid4

import psycopg
from builders import (
    ADAM,
    CLEO,
    DANA,
    IMRAN,
    MONA,
    NAMES,
    THEO,
    Desk,
)
from contract.intruders import Intruder
from contract.paging_intruders import (
    ROBOT,
    ROBOT_ID,
)
from team import PASSWORD, Team

Connection = psycopg.Connection[tuple[object, ...]]
PEOPLE = {NAMES[id_]: id_ for id_ in (DANA, THEO, IMRAN, CLEO, MONA, ADAM)} | {ROBOT: ROBOT_ID}
"""Somebody of each role; Maya, who founded the team, holds three."""


@dataclass
class Place:
    """A team with something to hide."""

    team: Team
    desk: Desk
    admin: Connection
    known: dict[str, str]

    def connect(self, login: str) -> Connection:
        """A person's own connection."""
        return psycopg.connect(
            host="127.0.0.1",
            port=self.team.databases.access.port,
            dbname=self.team.database,
            user=login,
            password=PASSWORD.reveal(),
            autocommit=True,
        )

    def asked(self, query: str, *values: object) -> object:
        """What the owner is told; None where there is nothing."""
        row = self.admin.execute(query, values).fetchone()
        return row[0] if row else None

    @contextmanager
    def intruder(self, login: str, *, rehearses: bool = False) -> Iterator[Intruder]:
        """A person with psql, introduced as a client where that is allowed."""
        other = "theo" if login == "dana" else "dana"
        own = {
            "me": str(PEOPLE.get(login, uuid4())),
            "self": login,
            "other": other,
            "colleague_id": str(PEOPLE[other]),
            "version": str(self.asked(VERSION, self.known["open"])),
            "theirs": str(self.asked(NOTED, other)),
            "client": str(uuid4()),
            "nonce": str(uuid4()),
        }
        with self.connect(login) as connection:
            intruder = Intruder(connection, self.known | own)
            if login in PEOPLE:
                assert intruder.verdict(HELLO) == "ok"
            intruder.rehearses = rehearses
            yield intruder


VERSION = "SELECT version FROM firstline.incident WHERE id = %s"
NOTED = "SELECT command_id FROM firstline.command WHERE login = %s AND act = 'AddNote' LIMIT 1"
HELLO = "SELECT sync.hello('@client', '@nonce', '@nonce', 'host', '1', @domain)"
