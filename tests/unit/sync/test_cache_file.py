"""A cache that was closed in order is trusted; one that anything touched is checked."""

import os
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from services.registry import command_book, create_tables
from services.sync import cache_file
from services.sync.cache import Cache

MARGIN_NS = 1_000_000


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A cache closed in order."""
    file = tmp_path / "cache.db"
    Cache(file, command_book()).close()
    return file


def test_closed_in_order_it_is_trusted(path: Path) -> None:
    assert cache_file.is_as_left(path)


def test_while_open_it_is_not_trusted(path: Path) -> None:
    cache = Cache(path, command_book())
    assert not cache_file.is_as_left(path)
    cache.close()
    assert cache_file.is_as_left(path)


def test_a_write_by_anybody_ends_trust(path: Path) -> None:
    written = path.stat().st_mtime_ns + MARGIN_NS
    os.utime(path, ns=(written, written))
    assert not cache_file.is_as_left(path)


def test_what_anybody_wrote_to_after_it_was_closed_is_made_anew(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("INSERT INTO seen VALUES ('an incident', 1)")
    connection.commit()
    connection.close()
    written = path.stat().st_mtime_ns + MARGIN_NS
    os.utime(path, ns=(written, written))
    assert cache_file.was_touched(path)
    cache = Cache(path, command_book())
    assert cache.is_new
    assert not cache_file.was_touched(path)
    cache.close()
    assert not cache_file.was_touched(path)


def test_after_a_crash_it_is_checked_and_kept(path: Path) -> None:
    cache_file.note_opened(path)
    cache = Cache(path, command_book())
    assert not cache.is_new
    cache.close()


def test_a_changed_index_changes_the_fingerprint(path: Path) -> None:
    def with_an_index_more(connection: sqlite3.Connection) -> None:
        create_tables(connection)
        connection.execute("CREATE INDEX one_more ON incident (summary)")

    book = command_book()
    other = replace(book, create_tables=with_an_index_more)
    assert book.fingerprint != other.fingerprint
    assert book.fingerprint == command_book().fingerprint
    cache = Cache(path, other)
    assert cache.is_new
    cache.close()


def test_a_log_left_behind_ends_trust(path: Path) -> None:
    path.with_name("cache.db-wal").write_bytes(b"not yet in the file")
    assert not cache_file.is_as_left(path)


@pytest.mark.parametrize("note", [b"", b"[]", b"\xff", b"null"])
def test_a_damaged_note_ends_trust(path: Path, note: bytes) -> None:
    path.with_name("cache.db.closed").write_bytes(note)
    assert not cache_file.is_as_left(path)


def test_a_damaged_cache_is_made_anew(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[4096 * 3 : 4096 * 20] = b"\x5a" * 4096 * 17
    path.write_bytes(content)
    Cache(path, command_book()).close()
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA quick_check").fetchone() == ("ok",)
    connection.close()
    assert path.with_name("cache.db.unusable").exists()
