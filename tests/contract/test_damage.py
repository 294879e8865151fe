"""Random damage to every local file: each ends by itself or with a clear fact, nothing is lost.

A desk works, leaves unsent commands, and is closed in order or killed with its logs unmerged. One
of its files is damaged at random. What follows must hold: the desk opens, every acknowledged
command reaches the shared database once, and the cache shows what the shared database holds.
"""

import json
import random
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa
from builders import START, TABLES, Desk, Office, log_command, note_command, notes_of

from services.core import drafts as drafts_module
from services.core.clock import ManualClock
from services.core.database import connect, reading_engine
from services.core.drafts import Drafts
from services.core.settings import Preferences, load_preferences
from services.sync.errors import CacheDamaged
from services.sync.replica import Replica

PAGE = 4096
HERE, NIGHTLY = 4, 1_000
FILES = (
    "cache.db",
    "journal.db",
    "drafts.db",
    "preferences.json",
    "cache.db-wal",
    "journal.db-wal",
    "drafts.db-wal",
)
TEXTS = {f"note/{n}": {"text": f"begun {n} " + "x" * 900 * n} for n in range(9)}


# -- damage --------------------------------------------------------------------------------


def flip_bits(content: bytearray, chance: random.Random) -> None:
    for _ in range(chance.randint(1, 60)):
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)


def truncate(content: bytearray, chance: random.Random) -> None:
    del content[chance.randrange(len(content)) :]


def zero_page(content: bytearray, chance: random.Random) -> None:
    at = chance.randrange(0, len(content), PAGE)
    content[at : at + PAGE] = bytes(len(content[at : at + PAGE]))


def damage_header(content: bytearray, chance: random.Random) -> None:
    for _ in range(chance.randint(1, 12)):
        content[chance.randrange(min(100, len(content)))] = chance.randrange(256)


def swap_pages(content: bytearray, chance: random.Random) -> None:
    whole = len(content) // PAGE
    if whole < 2:
        flip_bits(content, chance)
        return
    one, two = (at * PAGE for at in chance.sample(range(whole), 2))
    content[one : one + PAGE], content[two : two + PAGE] = (
        content[two : two + PAGE],
        content[one : one + PAGE],
    )


DAMAGES = (flip_bits, truncate, zero_page, damage_header, swap_pages)


# -- a desk to damage ----------------------------------------------------------------------


class Scene:
    """A desk as a crash left it, to be copied for each round, and what it had acknowledged."""

    def __init__(self, office: Office) -> None:
        self.office = office
        desk = office.desk("desk")
        known = [desk.log() for _ in range(6)]
        drafts = Drafts(desk.folder / "drafts.db")
        for name, content in TEXTS.items():
            drafts.save(name, content, office.clock.now())
        window = {"width": 1280, "height": 800, "is_narrow": True}
        preferences = Preferences(theme="dark", works_as=str(known[0]), window=window)
        (desk.folder / "preferences.json").write_text(json.dumps(asdict(preferences)))
        self.given: list[UUID] = []
        for n in range(12):
            text = f"unsent {n} " + "y" * 700
            self.given.append(desk.give(note_command(known[n % 6], text=text)).command_id)
        self.given.append(desk.give(log_command(desk)).command_id)
        self.left = office.folder / "left"  # with the logs, as a kill would leave them
        shutil.copytree(desk.folder, self.left)
        self.shared = office.folder / "shared-as-left.db"
        with closing(connect(office.path)) as live, closing(connect(self.shared)) as copy:
            live.backup(copy)
        drafts.close()
        desk.close()
        office.desks.clear()
        self.closed = desk.folder  # closed in order: all in the files themselves

    def fresh(self, folder: Path, *, is_killed: bool) -> Path:
        """The folder of a desk in a world of its own; its shared database lies beside it."""
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.left if is_killed else self.closed, folder / "desk")
        shutil.copy(self.shared, folder / "shared.db")
        return folder / "desk"


@pytest.fixture
def scene(office: Office) -> Scene:
    return Scene(office)


def damaged(file: Path, chance: random.Random) -> str:
    """Damage a file; returns how."""
    content = bytearray(file.read_bytes())
    assert content, file
    before = bytes(content)
    damage = chance.choice(DAMAGES)
    damage(content, chance)
    if bytes(content) == before:
        content[0] ^= 1
    file.write_bytes(content)
    return damage.__name__


def judge(folder: Path, scene: Scene, seen: Counter[str]) -> None:
    """Work on as the person would, and compare with the shared database."""
    shared = folder.parent / "shared.db"
    desk = Desk(folder, shared, ManualClock(scene.office.clock.now()), is_connected=False)
    try:
        seen.update(fact.code for fact in desk.replica.facts)
        exchange(desk, seen)
        truth = sqlite3.connect(shared)
        outcomes = dict(truth.execute("SELECT command_id, outcome FROM command"))
        lost = [id_ for id_ in scene.given if outcomes.get(str(id_)) != "applied"]
        counted = Counter(truth.execute("SELECT text FROM note"))
        wrong = [table for table in TABLES if rows(truth, table) != rows(cache_of(desk), table)]
        truth.close()
        assert not lost, f"{len(lost)} acknowledged commands lost"
        assert set(counted.values()) == {1}, "a command was applied twice"
        assert not wrong, f"rows shown that are not so: {wrong}"
    finally:
        desk.close()


def exchange(desk: Desk, seen: Counter[str]) -> None:
    """What the sync thread does until all is sent and every bucket of rows was compared."""
    for _ in range(5):
        try:
            if desk.replica.is_damaged:
                seen["repaired"] += 1
                desk.replica.repair()
            desk.connect()
            desk.sync()
            seen["copied again"] += not all(desk.replica.check(bucket) for bucket in range(16))
            return
        except CacheDamaged:
            continue
    raise AssertionError("damaged for ever")


def cache_of(desk: Desk) -> sqlite3.Connection:
    return desk.replica._cache._connection


def rows(connection: sqlite3.Connection, table: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in connection.execute(f"SELECT * FROM {table} ORDER BY id")]


def judge_drafts(folder: Path, seen: Counter[str]) -> None:
    """Every text that is shown is one that was saved; what is missing is in a file kept aside."""
    drafts = Drafts(folder / "drafts.db")
    shown = {draft.name: draft.content for draft in drafts.all()}
    drafts.save("note/new", {"text": "typed after it"}, ManualClock(START).now())
    assert drafts.load("note/new") == {"text": "typed after it"}
    drafts.close()
    assert all(TEXTS[name] == content for name, content in shown.items())
    if drafts.replaced:
        seen["drafts-replaced"] += 1
        assert (folder / str(drafts.replaced.context["file"])).exists()
    seen["drafts kept"] += len(shown)
    again = Drafts(folder / "drafts.db")
    assert again.replaced is None
    again.close()


def judge_preferences(folder: Path, seen: Counter[str]) -> None:
    """Damaged choices are the defaults; every choice is one the program can be started with."""
    found = load_preferences(folder / "preferences.json")
    assert found.theme in ("system", "light", "dark")
    assert found.works_as == "" or UUID(found.works_as)
    assert found.paper in ("A4", "LETTER")
    assert found.row_height in (28, 32, 40)
    assert all(abs(size) < 2**31 for size in found.window.values())
    seen["defaults" if found == Preferences() else "choices"] += 1


def run_damages(folder: Path, scene: Scene, name: str, rounds: int, seed: int) -> Counter[str]:
    """Damage one file so many times, each time that of a fresh desk; returns what was told."""
    seen: Counter[str] = Counter()
    for turn in range(rounds):
        chance = random.Random(f"{seed} {name} {turn}")
        desk = scene.fresh(folder / "world", is_killed=name.endswith("-wal"))
        how = damaged(desk / name, chance)
        try:
            if name.startswith("drafts"):
                judge_drafts(desk, seen)
            elif name.startswith("preferences"):
                judge_preferences(desk, seen)
            else:
                judge(desk, scene, seen)
        except Exception as error:
            error.add_note(f"{name}: {how}, seed {seed}, turn {turn}")
            raise
    return seen


@pytest.mark.parametrize("name", FILES)
def test_damage_ends_well(scene: Scene, tmp_path: Path, name: str) -> None:
    run_damages(tmp_path, scene, name, HERE, seed=11)


@pytest.mark.nightly
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", FILES)
def test_a_thousand_damages_end_well(
    scene: Scene,
    tmp_path: Path,
    name: str,
    record_testsuite_property: Callable[[str, object], None],
) -> None:
    seen = run_damages(tmp_path, scene, name, NIGHTLY, seed=23)
    record_testsuite_property(f"{NIGHTLY} damages of {name}, seed 23", dict(seen))


# -- damage while the desk is open ---------------------------------------------------------


def ruin_rows(cache: sqlite3.Connection, file: Path) -> None:
    """Overwrite every page but the first, below the feet of whoever reads the file."""
    cache.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    cache.execute("PRAGMA shrink_memory")
    with file.open("r+b") as opened:
        opened.seek(PAGE)
        opened.write(b"\x5a" * (file.stat().st_size - PAGE))


def test_damage_found_at_work_is_repaired_and_loses_nothing(office: Office) -> None:
    desk = office.desk("desk")
    id_ = desk.log()
    unsent = desk.give(note_command(id_, text="unsent"))
    ruin_rows(cache_of(desk), desk.folder / "cache.db")
    with pytest.raises(CacheDamaged):
        desk.give(note_command(id_, text="typed at that moment"))
    assert desk.replica.is_damaged
    desk.replica.repair()
    assert not desk.replica.is_damaged
    desk.connect()
    assert [p.envelope.command_id for p in desk.replica.pending()] == [unsent.command_id]
    desk.give(note_command(id_, text="typed again"))
    desk.sync()
    assert sorted(note.text for note in notes_of(desk, id_)) == ["typed again", "unsent"]


def test_a_reader_that_finds_damage_says_so_and_then_reads_the_new_file(office: Office) -> None:
    desk = office.desk("desk")
    desk.log()
    file = desk.folder / "cache.db"
    engine = reading_engine(file, damaged=desk.replica.doubt)
    count = sa.text("SELECT count(summary) FROM incident")
    with engine.connect() as reading:
        assert reading.scalar(count) == 1
    assert not desk.replica.is_damaged
    ruin_rows(cache_of(desk), file)
    engine.dispose()  # a fresh reader has nothing in memory
    with pytest.raises(sa.exc.DatabaseError), engine.connect() as reading:
        reading.scalar(count)
    assert desk.replica.is_damaged
    desk.replica.repair()
    desk.connect()
    with engine.connect() as reading:
        assert reading.scalar(count) == 1
    engine.dispose()


# -- the controls --------------------------------------------------------------------------


def test_without_the_journal_a_damaged_cache_would_lose_commands(
    scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Replica, "_unadmitted", lambda _: [])
    with pytest.raises(AssertionError, match="13 acknowledged commands lost"):
        run_damages(tmp_path, scene, "cache.db", 1, seed=11)


def test_without_checksums_a_draft_would_show_what_nobody_typed(
    scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafts_module, "_is_sound", lambda _: True)
    world = scene.fresh(tmp_path / "world", is_killed=False)
    content = (world / "drafts.db").read_bytes()
    (world / "drafts.db").write_bytes(content.replace(b"begun 3", b"began 3"))
    with pytest.raises(AssertionError):
        judge_drafts(world, Counter())
    monkeypatch.undo()
    judge_drafts(scene.fresh(tmp_path / "world", is_killed=False), Counter())
