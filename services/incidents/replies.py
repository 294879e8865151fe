"""A courtesy to whoever replies: what a colleague wrote meanwhile is read first."""

from collections.abc import Sequence

from services.incidents.acts import AddNote
from services.incidents.errors import NewerNote
from services.incidents.incident import Note, NoteKind
from services.sync.changes import Act


def latest(notes: Sequence[Note]) -> Note | None:
    """The note written last."""
    return max(notes, key=lambda note: (note.written_at, str(note.id)), default=None)


def ensure_notes_read(notes: Sequence[Note], command: AddNote, act: Act) -> None:
    """Hold a reply while a colleague's newer note has not been seen by its writer.

    A courtesy, not a rule of the house: no guard of the shared database judges it, and a reply
    that says nothing of what its writer saw passes. A note that reaches this desk late counts by
    the time it was written.

    Raises:
        NewerNote: somebody else wrote a note after the latest one the writer had seen.
    """
    if command.kind is not NoteKind.REPLY or command.seen_note_id is None:
        return
    newest = latest([note for note in notes if note.author_id != act.actor_id])
    if newest is None:
        return
    seen = [note for note in notes if note.id == command.seen_note_id]
    if latest([newest, *seen]) is newest and newest not in seen:
        raise NewerNote(note_id=newest.id, author_id=newest.author_id)
