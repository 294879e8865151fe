"""What the story of a page needs: a server, two dispatchers, a receiver, and two desks."""

import json
import os
import secrets
import signal
import subprocess
import tempfile
from base64 import b64encode
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from uuid import UUID

from desktop.tour.driver import Look
from desktop.tour.receiver import Receiver
from desktop.tour.team import Seat, take_seat
from services.admin import postgres_people as people
from services.admin.postgres_rights import Connection
from services.admin.private_postgres import SuperuserAccess
from services.admin.trial import DATABASE, Trial
from services.core.clock import Clock, SystemClock
from services.core.ids import new_id
from services.core.release import program
from services.core.secrets import Secret
from services.intake.sample_on_call import CATCH_ALL, roster_id
from services.intake.sample_tables import team_id
from services.on_call.policy import EscalationPolicy
from services.on_call.policy_acts import ChangePolicy, SetPolicySteps, StepDraft
from services.paging.destination import ProviderKind
from services.paging.destination_commands import AddDestination
from services.people.commands import AddPerson, GrantRole
from services.people.contact import ContactKind
from services.people.contact_commands import AddContactMethod
from services.people.person import Role

FIRST_STEP_S = 50
"""Longer than a lease: a killed dispatcher's page is sent by the other one before this is over."""

SECOND_STEP_S = 5
DISPATCHER = "dispatcher"
TEAM = "Network"


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


@dataclass
class Stage:
    """Everything the story plays on."""

    look: Look
    receiver: Receiver
    agent: Seat
    manager: Seat
    engineer: str
    lead: str
    dispatchers: list[Running]

    def sending(self) -> Running | None:
        """The dispatcher that holds a delivery just now."""
        name = self.look("SELECT dispatcher FROM delivery WHERE state = 'sending' LIMIT 1")
        return next((each for each in self.dispatchers if each.name == name), None)


@contextmanager
def open_stage(trial: Trial, folder: Path) -> Iterator[Stage]:
    """Set the stage; everything on it ends with it."""
    with ExitStack() as left:
        connection = left.enter_context(trial.access.connect(DATABASE))
        connection.execute("SET search_path = firstline")

        def look(sql: str, *values: object) -> object:
            row = connection.execute(sql.replace("?", "%s").encode(), values).fetchone()
            return None if row is None else row[0]

        receiver = Receiver()
        left.callback(receiver.close)
        home = Path(left.enter_context(tempfile.TemporaryDirectory(prefix="firstline-pages-")))
        engineer, lead = _found(trial.access, look, receiver.address)
        dispatchers = _dispatchers(trial, look, home, left)
        pictures = [0]
        names = (trial.people[0].name, _on_call(look, CATCH_ALL))
        seats = []
        for name in names:
            person = next(each for each in trial.people if each.name == name)
            root = Path(left.enter_context(tempfile.TemporaryDirectory(prefix="firstline-tour-")))
            seat = take_seat(trial, person, root, 0, folder, look, "light", pictures)
            left.callback(seat.program.quit)
            seats.append(seat)
        yield Stage(look, receiver, seats[0], seats[1], engineer, lead, dispatchers)


def _on_call(look: Look, roster: str) -> str:
    """Who is on call on a roster now."""
    return str(look(
        "SELECT p.name FROM on_call_shift h JOIN person p ON p.id = h.person_id"
        " WHERE h.roster_id = ? AND NOT h.is_cancelled AND NOT h.is_backup"
        " AND microseconds_now() BETWEEN h.starts_at AND h.ends_at",
        roster_id(roster),
    ))  # fmt: skip


def _found(access: SuperuserAccess, look: Look, address: str) -> tuple[str, str]:
    """A channel, proved contacts and a quick policy; returns who is called first and second."""
    clock = SystemClock()
    engineer = _on_call(look, TEAM)
    manager = _on_call(look, CATCH_ALL)
    lead = str(look(
        "SELECT p.name FROM team_member m JOIN person p ON p.id = m.person_id"
        " WHERE m.team_id = ? AND m.is_active AND p.name NOT IN (?, ?) ORDER BY p.name LIMIT 1",
        team_id(TEAM), engineer, manager,
    ))  # fmt: skip
    ids = {name: look("SELECT id FROM person WHERE name = ?", name)
           for name in (engineer, lead, manager)}  # fmt: skip
    hook = new_id(clock.now())
    with access.connect(DATABASE) as connection:
        give = partial(people.act, connection, clock)
        give(AddDestination(
            destination_id=hook, kind=ProviderKind.WEBHOOK, name="Pager", base_url=address,
            may_reach_private=True,
        ))  # fmt: skip
        for id_ in ids.values():
            assert isinstance(id_, UUID)
            give(AddContactMethod(
                contact_method_id=new_id(clock.now()), person_id=id_, kind=ContactKind.PUSH,
                destination_id=hook, address="pager", name="Pager",
            ))  # fmt: skip
        # Proved before the story begins: the people type the code that was sent to them.
        with connection.transaction():
            connection.execute("SET LOCAL session_replication_role = replica")
            connection.execute(
                "UPDATE firstline.contact_method SET verified_at = 1, version = version + 1"
                " WHERE destination_id = %s", (hook,),
            )  # fmt: skip
        policy = people.Records(connection).find(EscalationPolicy, team_id=team_id(TEAM))[0]
        lead_id = ids[lead]
        assert isinstance(lead_id, UUID)
        give(SetPolicySteps(policy_id=policy.id, steps=(
            StepDraft(delay_s=FIRST_STEP_S, roster_ids=(roster_id(TEAM),)).to_text(),
            StepDraft(delay_s=SECOND_STEP_S, person_ids=(lead_id,)).to_text(),
        )))  # fmt: skip
        wanted = {name: getattr(policy, name) for name in _PARTICULARS}
        give(ChangePolicy(policy_id=policy.id, **{**wanted, **_QUICK}))
        _add_dispatcher(connection, clock)
    return engineer, lead


_PARTICULARS = (
    *("name", "team_id", "severities", "priorities", "out_of_hours_severities"),
    *("out_of_hours_priorities", "business_hours", "time_zone", "repeat_count"),
    *("acknowledge_timeout_s", "is_everyone", "is_active"),
)
_QUICK = {"repeat_count": 0, "business_hours": ""}


def _add_dispatcher(connection: Connection, clock: Clock) -> None:
    """A login of its own, with the one role that may claim deliveries."""
    id_ = new_id(clock.now())
    people.create_login(connection, DISPATCHER, PASSWORD)
    people.act(connection, clock, AddPerson(person_id=id_, name="Dispatcher", login=DISPATCHER))
    people.set_member(connection, DISPATCHER, Role.DISPATCHER, is_member=True)
    people.act(connection, clock, GrantRole(person_id=id_, role=Role.DISPATCHER))


PASSWORD = Secret(secrets.token_urlsafe(12))
"""Of the dispatchers' login; a story's server goes with the story."""


def _dispatchers(trial: Trial, look: Look, home: Path, left: ExitStack) -> list[Running]:
    """Two programs beside each other, which know nothing of each other."""
    hook = look("SELECT id FROM destination WHERE name = 'Pager'")
    signing = "whsec_" + b64encode(os.urandom(24)).decode()
    file = home / "secrets"
    file.touch(mode=0o600)
    file.write_text(f"database={PASSWORD.reveal()}\n{hook}:signing_secret={signing}\n")
    url = f"postgresql://{DISPATCHER}@127.0.0.1:{trial.access.port}/{DATABASE}"
    found = []
    for number in (1, 2):
        log = home / f"dispatcher-{number}.log"
        with log.open("wb") as errors:
            process = subprocess.Popen(
                [*program("firstline-dispatcher", "services.dispatcher"), "--database", url,
                 "--secrets", str(file), "--log-json"],
                stderr=errors,
            )  # fmt: skip
        running = Running(process, log)
        left.callback(running.stop)
        found.append(running)
    return found
