"""With a key no local file holds a readable text; without its key none is taken for plain."""

import logging
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from builders import MAYA, Desk, Office, Parts, log_command, note_command, notes_of

from services.core import cipher
from services.core.cipher import decrypt, is_plain, mark_of, new_key, profile_key
from services.core.database import connect, reading_engine
from services.core.drafts import Drafts
from services.core.errors import DatabaseUnreadable, KeyMissing, KeyNotKept
from services.core.secrets import Secret
from services.incidents.acts import StartIncident
from services.sync.errors import AlreadyThere
from services.sync.local_files import Place, open_local

CANARY = "Kanarienvogel-7431"
LOCAL = ("cache.db", "journal.db", "drafts.db")


@pytest.fixture
def key() -> Secret:
    return new_key()


def keyed(office: Office, key: Secret | None, *, is_connected: bool = True) -> Desk:
    """The one desk of these tests; its shared database lies elsewhere and stays plain."""
    folder = office.folder / "desk"
    folder.mkdir(exist_ok=True)
    return Desk(folder, office.path, office.clock, is_connected=is_connected, parts=Parts(key=key))


def work_with_canary(desk: Desk, key: Secret | None) -> Iterator[bytes]:
    """The bytes of every local file, while open with its log, and after each was closed."""
    drafts = Drafts(desk.folder / "drafts.db", key)
    drafts.save("note/1", {"text": CANARY}, desk.clock.now())
    id_ = desk.log(summary=CANARY, description=CANARY * 400)
    desk.give(note_command(id_, text=CANARY))
    yield bytes_of(desk.folder)
    drafts.close()
    desk.close()
    yield bytes_of(desk.folder)


def bytes_of(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file())


def holds_canary(content: bytes) -> bool:
    return any(CANARY.encode(code) in content for code in ("utf-8", "utf-16-le", "utf-16-be"))


def test_with_a_key_no_file_holds_a_text(office: Office, key: Secret) -> None:
    for content in work_with_canary(keyed(office, key), key):
        assert len(content) > 100_000
        assert not holds_canary(content)
        assert key.reveal().encode() not in content
        assert bytes.fromhex(key.reveal()) not in content


def test_without_a_key_the_same_look_finds_the_text(office: Office) -> None:
    assert all(map(holds_canary, work_with_canary(keyed(office, None), None)))


def test_an_encrypted_desk_works_like_any_other(office: Office, key: Secret) -> None:
    desk, other = keyed(office, key), office.desk("other")
    id_ = desk.log()
    other.sync()
    other.start(id_)
    desk.give(StartIncident(incident_id=id_), MAYA)
    desk.sync()
    assert len(desk.conflicts()) == 1
    logged = log_command(desk)
    desk.give(logged)
    desk.sync()
    with pytest.raises(AlreadyThere):
        desk.give(logged)
    desk.close()
    again = keyed(office, key)
    assert len(again.conflicts()) == 1
    assert again.incident(logged.incident_id).number == logged.number
    engine = reading_engine(again.folder / "cache.db", key=key)
    with engine.connect() as reading:
        assert reading.scalar(sa.text("SELECT count(*) FROM incident")) == 2
        with pytest.raises(sa.exc.OperationalError):
            reading.execute(sa.text("SELECT * FROM nowhere"))
    engine.dispose()
    again.close()


def test_switched_on_everything_is_kept_and_nothing_plain_is_left(
    office: Office, key: Secret
) -> None:
    plain = keyed(office, None)
    for _ in work_with_canary(plain, None):
        pass
    waiting = 1
    assert holds_canary(bytes_of(plain.folder))
    drafts = Drafts(plain.folder / "drafts.db", key)
    desk = keyed(office, key)
    assert desk.replica.facts == ()
    assert drafts.load("note/1") == {"text": CANARY}
    assert len(desk.replica.pending()) == waiting
    assert not holds_canary(bytes_of(desk.folder))
    desk.sync()
    desk.close()
    drafts.close()
    assert not holds_canary(bytes_of(desk.folder))
    assert not list(desk.folder.glob("*unusable*"))


def test_switched_off_by_the_person_the_files_are_plain_again(office: Office, key: Secret) -> None:
    desk = keyed(office, key)
    for _ in work_with_canary(desk, key):
        pass
    for name in LOCAL:
        decrypt(desk.folder / name, key)
        assert is_plain(desk.folder / name)
    plain = keyed(office, None)
    assert len(plain.replica.pending()) == 1
    plain.close()


@pytest.mark.parametrize("name", LOCAL)
def test_an_encrypted_file_is_never_replaced_by_a_plain_one(
    office: Office, key: Secret, name: str
) -> None:
    desk = keyed(office, key)
    for _ in work_with_canary(desk, key):
        pass
    before = {file.name: file.read_bytes() for file in desk.folder.iterdir() if file.name == name}
    with pytest.raises(KeyMissing):
        connect(desk.folder / name)
    (desk.folder / name).unlink()
    with pytest.raises(KeyMissing):  # also when the file itself is gone
        connect(desk.folder / name)
    assert before
    assert not (desk.folder / name).exists()
    # The control: it is the mark that forbids it.
    mark_of(desk.folder / name).unlink()
    connect(desk.folder / name).close()
    assert is_plain(desk.folder / name)


def test_without_its_key_the_desk_does_not_open_and_leaves_all_files(
    office: Office, key: Secret
) -> None:
    desk = keyed(office, key)
    for _ in work_with_canary(desk, key):
        pass
    before = {file: file.read_bytes() for file in desk.folder.glob("*.db")}
    with pytest.raises(KeyMissing):
        open_local(
            Place(desk.folder / "cache.db", desk.folder / "journal.db", desk.replica._book),
            office.clock.now(),
        )
    with pytest.raises(KeyMissing):
        Drafts(desk.folder / "drafts.db")
    assert {file: file.read_bytes() for file in desk.folder.glob("*.db")} == before


def test_a_lost_key_keeps_the_locked_journal_and_gives_it_back_with_the_key(
    office: Office, key: Secret
) -> None:
    desk = keyed(office, key)
    id_ = desk.log()
    unsent = desk.give(note_command(id_, text="unsent when the key was lost"))
    desk.close()
    locked = (desk.folder / "journal.db").read_bytes()
    again = keyed(office, new_key())
    assert [fact.code for fact in again.replica.facts] == ["journal-lost"]
    assert (desk.folder / "journal.db.kept.1").read_bytes() == locked
    assert again.incident(id_).number  # the cache was rebuilt from the shared database
    again.do(note_command(id_, text="typed after it"))
    again.close()
    assert not is_plain(desk.folder / "cache.db")
    # The keyring was put back from its backup: now the newer files are the locked ones.
    back = keyed(office, key)
    assert [fact.code for fact in back.replica.facts] == ["journal-lost", "journal-returned"]
    assert [p.envelope.command_id for p in back.replica.pending()] == [unsent.command_id]
    back.sync()
    texts = sorted(note.text for note in notes_of(back, id_))
    assert texts == ["typed after it", "unsent when the key was lost"]
    back.close()


def test_another_key_is_told_of_a_file_not_of_the_key(
    tmp_path: Path, key: Secret, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    connect(tmp_path / "a.db", key=key).close()
    with closing(connect(tmp_path / "a.db", key=key)) as connection:
        connection.execute("CREATE TABLE a (b)")
    other = new_key()
    with pytest.raises(DatabaseUnreadable) as caught:
        connect(tmp_path / "a.db", key=other)
    told = f"{caught.getrepr(showlocals=True)} {caplog.text} {reading_engine(tmp_path, key=key)!r}"
    for secret in (key, other):
        assert secret.reveal() not in told


@pytest.mark.parametrize("text", ["", "ab", "x' OR '1", "g" * 64, "a" * 63, "A" * 64])
def test_what_is_no_key_opens_nothing(tmp_path: Path, text: str) -> None:
    with pytest.raises(ValueError, match="64 hexadecimal digits"):
        connect(tmp_path / "a.db", key=Secret(text))


class Ring:
    """A keyring of this test alone; one that forgets takes a key and has nothing a moment later."""

    def __init__(self, *, forgets: bool = False) -> None:
        self.kept: dict[str, Secret] = {}
        self.forgets = forgets

    def fetch(self, account: str) -> Secret | None:
        return self.kept.get(account)

    def keep(self, account: str, secret: Secret) -> None:
        if not self.forgets:
            self.kept[account] = secret


@pytest.fixture
def ring(monkeypatch: pytest.MonkeyPatch) -> Ring:
    made = Ring()
    monkeypatch.setattr(cipher, "fetch", made.fetch)
    monkeypatch.setattr(cipher, "keep", made.keep)
    return made


def test_a_profile_has_one_key(ring: Ring) -> None:
    first = profile_key("team a")
    assert profile_key("team a") == first
    assert profile_key("team b") != first
    assert first.reveal() not in repr(first)


def test_a_keyring_that_forgets_gets_no_files(ring: Ring) -> None:
    ring.forgets = True
    with pytest.raises(KeyNotKept):
        profile_key("team a")


def test_what_is_no_key_in_the_keyring_is_a_lost_key(ring: Ring) -> None:
    ring.kept["local files of team a"] = Secret("not a key")
    assert len(profile_key("team a").reveal()) == 64
