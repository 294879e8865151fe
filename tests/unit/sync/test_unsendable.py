"""A command that cannot be sent stops only its own incident; what comes too late is not sent."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from builders import DANA, MINUTE, Desk, Office, Parts, note_command, notes_of, sealed
from raw_client import RawClient
from wire import Wire

from services.core.errors import AppError, DiskFull
from services.incidents import acts
from services.sync.connection_faults import SignInRefused
from services.sync.errors import (
    ClientUnknown,
    CommandExpired,
    NotSent,
    ProgramTooNew,
    ProgramTooOld,
    SharedUnreachable,
    Unsendable,
)
from services.sync.pending import PendingState
from services.sync.shared import ClientIdentity, Decision, Outcome, Submission
from services.sync.suspicion import DEATHS, Suspicion


class Poisoned(Wire):
    """A wire that one command cannot pass."""

    poison: UUID | None = None
    error: type[AppError] = NotSent
    arrives = False
    sizes: list[int]

    def submit(self, identity: ClientIdentity, batch: Sequence[Submission]) -> tuple[Decision, ...]:
        self.__dict__.setdefault("sizes", []).append(len(batch))
        if any(s.envelope.command_id == self.poison for s in batch):
            if self.arrives:
                super().submit(identity, batch)
            raise self.error(problem="poison")
        return super().submit(identity, batch)


def poisoned(office: Office, error: type[AppError] = NotSent) -> tuple[Desk, UUID, UUID, UUID]:
    """A desk with three notes on one incident, the second poisoned, and one on another."""
    desk = office.desk(parts=Parts(wire=Poisoned))
    one, two = desk.log(), desk.log()
    desk.give(note_command(one, text="first"))
    poison = desk.give(note_command(one, text="poison")).command_id
    desk.give(note_command(one, text="behind it"))
    desk.give(note_command(two, text="elsewhere"))
    desk.wire.poison = poison  # type: ignore[attr-defined]
    desk.wire.error = error  # type: ignore[attr-defined]
    return desk, one, two, poison


def push(desk: Desk, times: int = 1) -> None:
    """What the sync thread does: after each failure it says hello anew."""
    for _ in range(times):
        try:
            desk.replica.push()
            desk.replica.pull()
        except SharedUnreachable:
            desk.connect()


def shared_notes(office: Office, id_: UUID) -> set[str]:
    fresh = office.desk(f"fresh-{len(office.desks)}")
    return {note.text for note in notes_of(fresh, id_)}


def standing(desk: Desk) -> list[tuple[str, PendingState, str]]:
    found = desk.replica.pending()
    return [(str(p.envelope.args["text"]), p.state, p.code) for p in found]


POISON = ("poison", PendingState.CONFLICT, Unsendable.code)
BEHIND = ("behind it", PendingState.WAITING, "")


@pytest.mark.parametrize(("error", "times"), [(NotSent, 1), (SharedUnreachable, 9)])
def test_one_that_cannot_be_sent_stops_only_its_own_incident(
    office: Office, error: type[AppError], times: int
) -> None:
    desk, one, two, _ = poisoned(office, error)
    push(desk, times)
    assert standing(desk) == [POISON, BEHIND]
    assert shared_notes(office, one) == {"first"}
    assert shared_notes(office, two) == {"elsewhere"}
    assert {n.text for n in notes_of(desk, one)} == {"first", "poison", "behind it"}
    assert not desk.replica.has_work, "nothing is left that could be sent"


@pytest.mark.parametrize("error", [NotSent, SharedUnreachable])
def test_without_suspicion_everything_would_wait(
    office: Office, monkeypatch: pytest.MonkeyPatch, error: type[AppError]
) -> None:
    desk, _, two, _ = poisoned(office, SharedUnreachable)
    monkeypatch.setattr(Suspicion, "blame", lambda *_: None)
    push(desk, 20)
    assert len(desk.replica.pending()) == 4
    assert shared_notes(office, two) == set()


@pytest.mark.parametrize(
    "error", [SignInRefused, ProgramTooOld, ProgramTooNew, ClientUnknown, DiskFull]
)
def test_a_refusal_of_the_desk_says_nothing_of_a_command(
    office: Office, error: type[AppError]
) -> None:
    """Refused sign-ins, versions and full disks keep every command waiting, however often."""
    desk, one, two, _ = poisoned(office, error)
    for _ in range(4 * DEATHS):
        with pytest.raises(error):
            desk.replica.push()
    assert {state for _, state, _ in standing(desk)} == {PendingState.WAITING}
    desk.wire.poison = None  # type: ignore[attr-defined]
    desk.sync()
    assert shared_notes(office, one) == {"first", "poison", "behind it"}
    assert shared_notes(office, two) == {"elsewhere"}


def test_let_go_of_the_others_follow(office: Office) -> None:
    desk, one, _, poison = poisoned(office)
    push(desk)
    bring_back = desk.replica.dismiss(poison)
    assert {n.text for n in notes_of(desk, one)} == {"first", "behind it"}
    bring_back()
    assert {n.text for n in notes_of(desk, one)} == {"first", "poison", "behind it"}
    desk.replica.dismiss(poison)
    desk.sync()
    assert shared_notes(office, one) == {"first", "behind it"}
    assert not desk.replica.pending()


def test_the_next_start_sends_it_once_more(office: Office) -> None:
    desk, one, _, _ = poisoned(office)
    push(desk)
    desk.close()
    office.desks.remove(desk)
    again = Desk(desk.folder, office.path, office.clock)
    office.desks.append(again)
    again.sync()
    assert not again.replica.pending()
    assert shared_notes(office, one) == {"first", "poison", "behind it"}


def test_one_that_arrived_after_all_is_done(office: Office) -> None:
    """Its answer was lost each time, so it is only known from a pull."""
    desk, one, _, _ = poisoned(office, SharedUnreachable)
    desk.wire.arrives = True  # type: ignore[attr-defined]
    push(desk, 9)
    desk.sync()
    assert not desk.replica.pending()
    assert shared_notes(office, one) == {"first", "poison", "behind it"}


def test_once_it_is_found_the_others_go_together(office: Office) -> None:
    desk, _, two, _ = poisoned(office)
    push(desk)
    before = len(desk.wire.sizes)  # type: ignore[attr-defined]
    for n in range(10):
        desk.give(note_command(two, text=str(n)))
    push(desk)
    assert desk.wire.sizes[before:] == [10]  # type: ignore[attr-defined]


# -- what comes too late --------------------------------------------------------------------

AGE = timedelta(minutes=10)


def with_max_age(desk: Desk) -> Desk:
    """A desk at which notes have an effect outside and expire."""
    book = desk.replica._book
    note = replace(book.commands["AddNote"], max_age=AGE)
    desk.replica._book = replace(book, commands={**book.commands, "AddNote": note})
    return desk


def test_an_expired_command_is_withdrawn_and_told(office: Office) -> None:
    desk = with_max_age(office.desk())
    id_ = desk.log()
    desk.give(note_command(id_, text="too late"))
    desk.give(acts.StartIncident(incident_id=id_))
    office.clock.advance(AGE)
    desk.sync()
    assert standing(desk) == [("too late", PendingState.CONFLICT, CommandExpired.code)]
    assert not shared_notes(office, id_)
    assert desk.incident(id_).version == 2, "what does not expire was sent"


def test_in_time_it_is_sent(office: Office) -> None:
    desk = with_max_age(office.desk())
    id_ = desk.log()
    desk.give(note_command(id_, text="in time"))
    office.clock.advance(AGE - MINUTE)
    desk.sync()
    assert shared_notes(office, id_) == {"in time"}


def test_one_that_had_arrived_in_time_is_done_however_late_that_is_heard(office: Office) -> None:
    desk = with_max_age(office.desk())
    id_ = desk.log()
    desk.give(note_command(id_, text="arrived"))
    desk.wire.loses_answer = True
    with pytest.raises(SharedUnreachable):
        desk.replica.push()
    office.clock.advance(2 * AGE)
    desk.sync()
    assert not desk.replica.pending()
    assert {n.text for n in notes_of(desk, id_)} == {"arrived"}


@pytest.mark.parametrize(
    ("late", "outcome", "code"),
    [(timedelta(), Outcome.APPLIED, ""), (MINUTE, Outcome.REJECTED, CommandExpired.code)],
)
def test_the_shared_database_refuses_what_comes_too_late(
    office: Office, late: timedelta, outcome: Outcome, code: str
) -> None:
    client, now = RawClient(office), office.clock.now()
    command = note_command(client.identity.client_id)
    envelope = replace(sealed(command, DANA, now), expires_at=now)
    office.clock.advance(late)
    decision = client.send(envelope, [])
    assert (decision.outcome, decision.code) == (outcome, code)
    client.close()


def test_the_lifetime_travels_with_the_command(office: Office) -> None:
    desk = with_max_age(office.desk())
    id_ = desk.log()
    envelope = desk.give(note_command(id_))
    assert envelope.expires_at == envelope.happened_at + AGE
    entries, _ = desk.replica._journal.entries()
    assert entries[-1].envelope == envelope
