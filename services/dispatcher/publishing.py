"""Putting a status page where its readers find it, so that none ever meets half of a file.

Each file takes the place of the old one in one step, in an order in which every link leads
somewhere; the last one tells the sequence, and it is read again at the end. Whoever dies on the
way leaves a page that is whole, and the next attempt does the rest.
"""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, Protocol
from uuid import uuid4

from services.communications.static_feeds import digest_of, digests_in, sequence_in
from services.communications.static_page import DIGESTS, SUMMARY
from services.dispatcher.not_sent import NotSent
from services.providers.provider import PublishCall, Refused, Reply, Retry

UNFINISHED: Final = ".publishing-"
"""What the names of files begin with that are not yet in their place."""

_LEFT_AFTER_S: Final = 3600.0
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_FORBIDDEN: Final = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
_NO_FOLDER: Final = frozenset({errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG, errno.EINVAL})


class Place(Protocol):
    """Where a page is published. Either call may raise :class:`NotSent`."""

    def read(self, name: str) -> bytes | None:
        """A file as readers get it; None where there is none."""
        ...

    def put(self, name: str, content: bytes) -> None:
        """Put a file in place of the old one, in one step."""
        ...


def put_all(call: PublishCall, place: Place) -> Reply:
    """Put every file there, unless this sequence is what readers get already.

    Raises:
        NotSent: it could not be finished; what is there is whole.
    """
    if sequence_in(place.read(SUMMARY) or b"") == call.sequence:
        return Reply(status=200, body=b"it had been published before")
    known = digests_in(place.read(DIGESTS) or b"")
    for name, content in call.files.items():
        if known.get(name) != digest_of(content):
            place.put(name, content)
    if sequence_in(place.read(SUMMARY) or b"") != call.sequence:
        raise NotSent(Retry("readers do not get the page that was published"))
    return Reply(status=200)


def publish_to_folder(call: PublishCall) -> Reply:
    """Publish to a folder that is there already.

    Raises:
        NotSent: it is not there, or cannot be written.
    """
    folder = Folder(Path(call.path))
    reply = put_all(call, folder)
    folder.sweep()
    return reply


class Folder:
    """A folder of this machine. It is never made: a drive that is gone must not look empty."""

    def __init__(self, root: Path) -> None:
        self._root = root
        if not root.is_dir():
            raise NotSent(Retry("the folder is not there"))
        # Whoever may look into the folder may read what is in it, whatever our own umask is.
        self._mode = stat.S_IMODE(root.stat().st_mode)

    def read(self, name: str) -> bytes | None:
        """A file as readers get it."""
        with _told():
            try:
                return (self._root / name).read_bytes()
            except FileNotFoundError:
                return None

    def put(self, name: str, content: bytes) -> None:
        """Write beside the old file, then change the name."""
        target = self._root / name
        written = target.with_name(f"{UNFINISHED}{uuid4().hex}")
        with _told():
            self._make(target.parent)
            try:
                with written.open("xb") as file:
                    file.write(content)
                    file.flush()
                    # Else a power cut could leave the new name on an empty file.
                    os.fsync(file.fileno())
                written.chmod(self._mode & 0o666)
                written.replace(target)
            finally:
                with suppress(OSError):
                    written.unlink(missing_ok=True)

    def sweep(self) -> None:
        """Remove what others, who died on the way, left here longer than an hour ago."""
        with suppress(OSError):  # the page is published: it may wait
            now_s = (self._root / SUMMARY).stat().st_mtime
            for left in self._root.rglob(f"{UNFINISHED}*"):
                if now_s - left.stat().st_mtime > _LEFT_AFTER_S:
                    left.unlink()

    def _make(self, folder: Path) -> None:
        """Make a folder below the root, but never the root."""
        if folder != self._root:
            self._make(folder.parent)
            if not folder.is_dir():
                folder.mkdir(exist_ok=True)
                folder.chmod(self._mode)


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise NotSent(_outcome(error)) from None


def _outcome(error: OSError) -> Retry | Refused:
    """What a fault of a file system means."""
    if error.errno in _FULL:
        return Retry("there is no room left for the page")
    if error.errno in _NO_FOLDER:
        return Refused("the path does not lead to a folder")
    # On Windows that may be a reader who has a file open.
    if error.errno in _FORBIDDEN and os.name == "posix":
        return Refused("this account may not write in the folder")
    if isinstance(error, FileNotFoundError):
        return Retry("the folder is not there")
    return Retry(f"the folder cannot be written: {errno.errorcode.get(error.errno or 0, 'fault')}")
