"""A disk that is full or fails: what was acknowledged stays, what was typed finds room."""

import errno
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from builders import Desk, Office, note_command, notes_of

from services.core.drafts import Drafts
from services.core.errors import DiskFull
from services.core.reserve import FREE_BEFORE, SIZE, Reserve

HOUSE = Path(__file__).resolve().parents[2]
WRITER = Path(__file__).with_name("faulty_writer.py")
# SQLite syncs by fdatasync alone here; a fault of fsync would never be met.
FAULTS = {
    "posix/io/sync/fdatasync": errno.EIO,
    "posix/io/rw/pwrite": errno.ENOSPC,
}
LONG_TEXT = "typed while the disk was full " * 20_000


# -- a disk that is full -------------------------------------------------------------------


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own with room for the reserve and a little more."""
    if os.geteuid() != 0 or not shutil.which("mount"):
        pytest.skip("only root can mount a small file system")
    folder = tmp_path / "small-disk"
    folder.mkdir()
    options = f"size={FREE_BEFORE + 2 * SIZE}"
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], check=False
    )
    if mounted.returncode != 0:
        pytest.skip("this machine does not let root mount a file system")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(folder: Path) -> None:
    """Leave no byte."""
    with (folder / "filler").open("wb", buffering=0) as filler:
        for size in (2**20, 2**12, 1):
            try:
                while filler.write(b"x" * size) == size:
                    pass
            except OSError:
                continue


@pytest.mark.parametrize("is_reserved", [True, False], ids=["reserve", "no-reserve"])
def test_what_was_typed_finds_room_on_a_full_disk(
    small_disk: Path, office: Office, is_reserved: bool
) -> None:
    drafts = Drafts(small_disk / "drafts.db")
    drafts.save("note/1", {"text": "early"}, office.clock.now())
    if is_reserved:
        Reserve(small_disk).fill()
    fill(small_disk)
    if not is_reserved:  # the control
        with pytest.raises(DiskFull):
            drafts.save("note/1", {"text": LONG_TEXT}, office.clock.now())
        assert drafts.load("note/1") == {"text": "early"}
    else:
        drafts.save("note/1", {"text": LONG_TEXT}, office.clock.now())
        assert not (small_disk / "reserve").exists()
    drafts.close()
    again = Drafts(small_disk / "drafts.db")
    assert again.load("note/1") == {"text": LONG_TEXT if is_reserved else "early"}
    again.close()


def test_a_desk_on_a_full_disk_saves_whole_commands_or_none(
    small_disk: Path, office: Office
) -> None:
    folder = small_disk / "desk"
    folder.mkdir()
    desk = Desk(folder, office.path, office.clock)
    id_ = desk.log()
    desk.replica.tidy(office.clock.now())
    assert (folder / "reserve").stat().st_size == SIZE
    fill(small_disk)
    given = given_until_full(desk, id_)
    assert given > 50, "the reserve let some be saved"
    assert not (folder / "reserve").exists()
    assert len(notes_of(desk, id_)) == given == len(desk.replica.pending())
    (small_disk / "filler").unlink()
    desk.sync()
    assert not desk.replica.pending()
    assert len(notes_of(desk, id_)) == given
    desk.replica.tidy(office.clock.now())
    assert (folder / "reserve").exists()
    desk.close()


def given_until_full(desk: Desk, id_: object) -> int:
    for given in range(5_000):
        try:
            desk.give(note_command(id_, text=f"{given} " + "x" * 5_000))  # type: ignore[arg-type]
        except DiskFull:
            return given
    raise AssertionError("never full")


# -- a disk that fails ---------------------------------------------------------------------


def libfiu() -> str:
    """What a child has to load first, or a skip with the reason."""
    if os.name != "posix" or not shutil.which("fiu-run"):
        pytest.skip("libfiu (fiu-utils) is not installed")
    found = list(Path("/usr/lib").glob("**/fiu/fiu_posix_preload.so"))
    if not found:
        pytest.skip("libfiu has no preload library here")
    return f"{found[0].with_name('fiu_run_preload.so')} {found[0]}"


def run_faults(office: Office, fault: str, count: int, *, is_honest: bool = True) -> Counter[str]:
    """Notes given on a failing disk; every one acknowledged must reach the shared database."""
    preload = libfiu()
    desk = office.desk("desk")
    id_ = desk.log()
    desk.close()
    office.desks.clear()
    done = subprocess.run(
        [
            sys.executable, str(WRITER), str(desk.folder), str(office.path), str(id_),
            str(count), fault, str(FAULTS[fault]), "honest" if is_honest else "dishonest",
        ],
        env={
            **os.environ,
            "LD_PRELOAD": preload,
            "PYTHONPATH": os.pathsep.join((str(HOUSE), str(HOUSE / "tests"), str(WRITER.parent))),
        },
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2_000:]
    told = [line.split(" ", 1) for line in done.stdout.splitlines()]
    again = Desk(desk.folder, office.path, office.clock)
    office.desks.append(again)
    again.sync()
    kept = Counter(note.text for note in notes_of(again, id_))
    saved = {text for word, text in told if word == "saved"}
    assert saved <= kept.keys(), f"{len(saved - kept.keys())} acknowledged commands lost"
    assert max(kept.values(), default=1) == 1, "a command was done twice"
    return Counter(code for word, code in told if word == "refused") + Counter(saved=len(saved))


@pytest.mark.parametrize("fault", FAULTS)
def test_a_failing_disk_loses_nothing_acknowledged(office: Office, fault: str) -> None:
    seen = run_faults(office, fault, 60)
    assert seen["saved"]
    assert seen.total() > seen["saved"], "no fault was injected"


@pytest.mark.nightly
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("fault", FAULTS)
def test_four_thousand_acts_on_a_failing_disk_lose_nothing(
    office: Office, fault: str, record_testsuite_property: Callable[[str, object], None]
) -> None:
    seen = run_faults(office, fault, 4_000)
    assert seen["saved"] > 100
    record_testsuite_property(f"4,000 acts with {fault} failing", dict(seen))


def test_a_desk_that_acknowledges_too_early_is_caught(office: Office) -> None:
    """The control of the tests above."""
    with pytest.raises(AssertionError, match="acknowledged commands lost"):
        run_faults(office, "posix/io/rw/pwrite", 60, is_honest=False)
