"""What the story of a page needs: a server, two dispatchers, a receiver, and two desks."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from uuid import UUID

from desktop.tour.dispatchers import (
    Running,
    add_dispatcher,
    on_call,
    secrets_file,
    signing_secret,
    start_dispatcher,
)
from desktop.tour.driver import Look
from desktop.tour.receiver import Receiver
from desktop.tour.team import Seat, looking_at, take_seat
from services.admin import postgres_people as people
from services.admin.private_postgres import SuperuserAccess
from services.admin.trial import DATABASE, Trial
from services.core.clock import SystemClock
from services.core.ids import new_id
from services.intake.sample_on_call import CATCH_ALL, roster_id
from services.intake.sample_tables import team_id
from services.on_call.policy import EscalationPolicy
from services.on_call.policy_acts import ChangePolicy, SetPolicySteps, StepDraft
from services.paging.destination import ProviderKind
from services.paging.destination_commands import AddDestination
from services.people.contact import ContactKind
from services.people.contact_commands import AddContactMethod

FIRST_STEP_S = 50
"""Longer than a lease: a killed dispatcher's page is sent by the other one before this is over."""

SECOND_STEP_S = 5
TEAM = "Network"


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
        look = looking_at(trial, left)
        receiver = Receiver()
        left.callback(receiver.close)
        home = Path(left.enter_context(tempfile.TemporaryDirectory(prefix="firstline-pages-")))
        engineer, lead = _found(trial.access, look, receiver.address)
        hook = look("SELECT id FROM destination WHERE name = 'Pager'")
        file = secrets_file(home, {f"{hook}:signing_secret": signing_secret()})
        dispatchers = [start_dispatcher(trial, home, file, number, left) for number in (1, 2)]
        pictures = [0]
        names = (trial.people[0].name, on_call(look, CATCH_ALL))
        seats = []
        for name in names:
            person = next(each for each in trial.people if each.name == name)
            root = Path(left.enter_context(tempfile.TemporaryDirectory(prefix="firstline-tour-")))
            seat = take_seat(trial, person, root, 0, folder, look, "light", pictures)
            left.callback(seat.program.quit)
            seats.append(seat)
        yield Stage(look, receiver, seats[0], seats[1], engineer, lead, dispatchers)


def _found(access: SuperuserAccess, look: Look, address: str) -> tuple[str, str]:
    """A channel, proved contacts and a quick policy; returns who is called first and second."""
    clock = SystemClock()
    engineer = on_call(look, TEAM)
    manager = on_call(look, CATCH_ALL)
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
        add_dispatcher(connection, clock)
    return engineer, lead


_PARTICULARS = (
    *("name", "team_id", "severities", "priorities", "out_of_hours_severities"),
    *("out_of_hours_priorities", "business_hours", "time_zone", "repeat_count"),
    *("acknowledge_timeout_s", "is_everyone", "is_active"),
)
_QUICK = {"repeat_count": 0, "business_hours": ""}
