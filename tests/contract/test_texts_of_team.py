"""What a desk lets pass as text, a team's server keeps as it is."""

import random
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import pytest
from builders import DANA, Desk, Parts, log_command, note_command
from contract.test_texts_of_stores import COMPOSED, DIRECTIONS, ENDS, HALVES, HUGE
from postgres_server import DatabasesForTests, quick_place
from property.histories import tell
from team import Team, team_at
from wire import Wire

from services.core.errors import FieldMissing, InvalidText
from services.core.text import Limit
from services.sync.changes import InsertRow
from services.sync.shared import ClientIdentity, Decision, Submission

TEXTS, AT_ONCE = 5_000, 250
LONGEST = (119, 120, 121, 159, 160, 161, 19_999, 20_000, 20_001)
WORDS = ("VPN drops", "a", " ", "\n", "\t", "<b>", "'", '"', "\\", "\\u0000", "%s", "{}", "𝄞", "😀")
FAR = 0x110000


@pytest.fixture
def team(databases: DatabasesForTests) -> Iterator[Team]:
    """The small world, with desks whose files are in memory where there is room."""
    with TemporaryDirectory(dir=quick_place()) as folder, team_at(Path(folder), databases) as team:
        yield team


def text_of(chance: random.Random) -> str:
    """Something that somebody might type, paste, or send to do harm."""
    pieces = [
        lambda: chance.choice((*HALVES, *DIRECTIONS)),
        lambda: chance.choice((*COMPOSED, *ENDS)),
        lambda: chance.choice(WORDS),
        lambda: "".join(chr(chance.randrange(FAR)) for _ in range(chance.randrange(6))),
        lambda: "".join(chr(chance.randrange(0x250)) for _ in range(chance.randrange(12))),
    ]
    # Most have no half characters: else nearly all would be refused at the desk.
    kinds = pieces if chance.random() < 0.3 else pieces[1:3]
    text = "".join(chance.choice(kinds)() for _ in range(chance.randrange(9)))
    return text + "x" * chance.choice(LONGEST) if chance.random() < 0.02 else text


def give(desk: Desk, id_: UUID, text: str, chance: random.Random) -> bool:
    """Use the text in one of the places for it; whether the desk let it pass."""
    try:
        match chance.randrange(4):
            case 0:
                desk.give(note_command(id_, text=text))
            case 1:
                desk.give(log_command(desk, summary=text))
            case 2:
                desk.give(log_command(desk, description=text, external_reference=text))
            case _:
                desk.give(log_command(desk, caller_id=None, monitoring_source=text))
    except (InvalidText, FieldMissing):
        return False
    return True


def run_texts(team: Team, texts: int, seed: int) -> None:
    desk, reader = team.desk(login="dana"), team.desk(login="maya")
    id_ = desk.log()
    chance = random.Random(seed)
    passed = 0
    for _ in range(texts // AT_ONCE):
        passed += sum(give(desk, id_, text_of(chance), chance) for _ in range(AT_ONCE))
        desk.sync()
        left = [(p.envelope.name, p.code, p.envelope.args) for p in desk.replica.pending()]
        assert not left, f"accepted here and refused there: {left}"
    reader.sync()
    for table in ("note", "incident"):
        assert rows(reader, table) == rows(desk, table), f"{table} came back as another"
    assert texts // 4 < passed < texts, "all were let pass, or hardly any"
    tell(f"{texts} texts, {passed} let pass by the desk, 0 refused by the server, seed {seed}")


def rows(desk: Desk, table: str) -> list[tuple[object, ...]]:
    found = desk.replica._cache._connection.execute(f"SELECT * FROM {table} ORDER BY id")
    return [tuple(row) for row in found]


@pytest.mark.timeout(300)
def test_no_text_is_accepted_here_and_refused_there(team: Team) -> None:
    run_texts(team, TEXTS, secrets.randbits(32))


@pytest.mark.nightly
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("part", range(10))
def test_no_text_is_accepted_here_and_refused_there_all_night(team: Team, part: int) -> None:
    run_texts(team, TEXTS, secrets.randbits(32) + part)


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    "unit",
    ["👩\u200d🚒", *(pytest.param(unit, marks=pytest.mark.nightly) for unit in "xéش\n")],
)
def test_five_million_characters_travel(team: Team, unit: str) -> None:
    text = (unit * HUGE)[: Limit.DESCRIPTION.value - 1].strip() + "."
    desk, reader = team.desk(login="dana"), team.desk(login="maya")
    command = log_command(desk, description=text)
    desk.do(command)
    reader.sync()
    assert reader.incident(command.incident_id).description == text


class Smuggler(Wire):
    """Puts something into a note that its desk has let pass without it."""

    load = ""

    def submit(self, identity: ClientIdentity, batch: Sequence[Submission]) -> tuple[Decision, ...]:
        return super().submit(identity, [replace(s, ops=self._loaded(s)) for s in batch])

    def _loaded(self, submission: Submission) -> tuple[object, ...]:
        return tuple(
            replace(op, row={**op.row, "text": f"harmless{self.load}"})
            if isinstance(op, InsertRow) and "text" in op.row
            else op
            for op in submission.ops or ()
        )


LOADS = ("\x00", "\ud800", "\udfff", "x" * Limit.NOTE.value)


def test_without_the_validator_the_server_refuses(team: Team) -> None:
    """The control: these are what the validator is for."""
    desk = team.desk(login="dana", parts=Parts(wire=Smuggler))
    id_ = desk.log()
    for load in LOADS:
        desk.wire.load = load  # type: ignore[attr-defined]
        desk.give(note_command(id_, text="harmless"), DANA)
        desk.sync()
        (refused,) = desk.conflicts()
        assert refused.code in ("invalid-text", "invalid-value")
        desk.replica.dismiss(refused.envelope.command_id)
