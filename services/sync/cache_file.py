"""Whether a cache file is still as an orderly end left it, so that it need not be read whole.

Reading 100,000 incidents to check them takes seconds from a cold disk. A file that nobody wrote
since it was closed in order is trusted; after a crash, or once anything touched it, it is
checked page by page.
"""

import contextlib
import json
from pathlib import Path


def is_as_left(path: Path) -> bool:
    """Whether the file was closed in order and nothing wrote to it since."""
    try:
        left = json.loads(_note(path).read_text(encoding="utf-8"))
        return bool(left == _seal(path)) and not _has_log(path)
    except (OSError, ValueError):
        return False


def note_closed(path: Path) -> None:
    """Remember the file as it is now; only when its last connection has been closed."""
    if not _has_log(path):
        with contextlib.suppress(OSError):
            _note(path).write_text(json.dumps(_seal(path)), encoding="utf-8")


def note_opened(path: Path) -> None:
    """From now on only an orderly end makes the file trusted again."""
    with contextlib.suppress(OSError):
        _note(path).unlink(missing_ok=True)


def _note(path: Path) -> Path:
    return path.with_name(path.name + ".closed")


def _seal(path: Path) -> list[int]:
    found = path.stat()
    return [found.st_size, found.st_mtime_ns]


def _has_log(path: Path) -> bool:
    log = path.with_name(path.name + "-wal")
    return log.exists() and log.stat().st_size > 0
