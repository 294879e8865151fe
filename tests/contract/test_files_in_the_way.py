"""Other programs and folders where the files of a desk should be."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from builders import (
    Desk,
    Office,
    note_command,
    notes_of,
)

from services.core.drafts import Drafts
from services.core.errors import DatabaseUnreadable
from services.sync.errors import ClientUnknown

# -- other programs and folders ------------------------------------------------------------


def test_a_second_program_on_the_same_files_does_no_harm(office: Office) -> None:
    """The lock of the profile forbids it; if it happens all the same, nothing is lost."""
    desk = office.desk("desk")
    id_ = desk.log()
    second = Desk(desk.folder, office.path, office.clock)
    for n in range(5):
        desk.give(note_command(id_, text=f"first {n}"))
        second.give(note_command(id_, text=f"second {n}"))
    with pytest.raises(ClientUnknown):
        desk.sync()
    desk.connect()  # as the sync thread does after any refusal
    desk.sync()
    second.close()
    assert not desk.replica.pending()
    texts = sorted(note.text for note in notes_of(desk, id_))
    assert texts == sorted(f"{who} {n}" for who in ("first", "second") for n in range(5))


@pytest.mark.parametrize("name", ["journal.db", "drafts.db"])
def test_a_folder_in_the_place_of_a_file_is_set_aside(office: Office, name: str) -> None:
    desk = office.desk("desk")
    id_ = desk.log()
    desk.give(note_command(id_, text="unsent"))
    desk.close()
    office.desks.clear()
    (desk.folder / name).unlink(missing_ok=True)
    (desk.folder / name).mkdir()
    (desk.folder / name / "inside").write_text("x")
    drafts = Drafts(desk.folder / "drafts.db")
    again = Desk(desk.folder, office.path, office.clock)
    again.sync()
    assert [note.text for note in notes_of(again, id_)] == ["unsent"]
    assert (desk.folder / f"{name}.kept.1" / "inside").exists()
    again.close()
    drafts.close()


def test_a_folder_that_cannot_be_written_is_told_and_left(office: Office) -> None:
    desk = office.desk("desk")
    id_ = desk.log()
    desk.give(note_command(id_, text="unsent"))
    desk.close()
    office.desks.clear()
    before = {file: file.read_bytes() for file in desk.folder.iterdir()}
    with unwritable(desk.folder), pytest.raises(DatabaseUnreadable):
        Desk(desk.folder, office.path, office.clock)
    assert {file: file.read_bytes() for file in desk.folder.iterdir()} == before
    again = Desk(desk.folder, office.path, office.clock)
    again.sync()
    assert [note.text for note in notes_of(again, id_)] == ["unsent"]
    again.close()


@contextmanager
def unwritable(folder: Path) -> Iterator[None]:
    """Nothing in this folder can be written, not even by root."""
    if os.geteuid() != 0:
        folder.chmod(0o500)
        for file in folder.iterdir():
            file.chmod(0o400)
        yield
        folder.chmod(0o700)
        for file in folder.iterdir():
            file.chmod(0o600)
        return
    bound = ["mount", "--bind", str(folder), str(folder)]
    if not shutil.which("mount") or subprocess.run(bound, check=False).returncode:
        pytest.skip("root can write anywhere, and cannot mount a folder here")
    try:
        subprocess.run(["mount", "-o", "remount,ro,bind", str(folder)], check=True)
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)
