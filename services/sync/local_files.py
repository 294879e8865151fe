"""Journal and cache of a desk, opened so that each makes good what the other has lost.

The journal is the truth about commands, line by line with checksums. The cache holds the pending
ones a second time, with the name of this desk and the last place it gave. A cache that does not
fit its journal is made anew; a journal that cannot be read is kept aside and made anew from what
can be read of it and from the cache.
"""

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from services.core.cipher import driver_of, is_plain
from services.core.damage import keep_aside, kept_aside, note_read
from services.core.database import closed_on_failure
from services.core.errors import AppError, DatabaseDamaged
from services.core.secrets import Secret
from services.sync.book import CommandBook
from services.sync.cache import Cache
from services.sync.errors import CacheReplaced, JournalLost, JournalReplaced, JournalReturned
from services.sync.journal import Journal
from services.sync.journal_lines import JournalEntry, readable_entries
from services.sync.shared import ClientIdentity

log = logging.getLogger(__name__)

GAP = 1_000_000
"""Places left out after a cache was lost: the end of the journal may be lost with it, and a place
given twice would be taken for a copy of this desk."""


@dataclass(frozen=True)
class LocalFiles:
    """The open files of a desk. ``facts`` are to be told to the person, once."""

    journal: Journal
    cache: Cache
    identity: ClientIdentity
    facts: tuple[AppError, ...]


@dataclass(frozen=True)
class Place:
    """Where the files of a desk are, and what opens them."""

    cache: Path
    journal: Path
    book: CommandBook
    key: Secret | None = None


def open_local(place: Place, now: datetime, *, is_suspect: bool = False) -> LocalFiles:
    """Open both files. ``is_suspect`` says that one of them turned out damaged while in use.

    Raises:
        DatabaseUnreadable: a file can be neither opened nor replaced.
        KeyMissing: a file is encrypted and no key is given.
    """
    # A plain copy beside a key is made anew because the person wanted it encrypted.
    had_cache = place.cache.exists() and not (place.key and is_plain(place.cache))
    journal, aside = _open_journal(place)
    with closed_on_failure(journal):
        cache = _open_cache(place, journal, is_ruined=is_suspect and aside is None)
        with closed_on_failure(cache):
            identity = _identity(journal, cache, now)
            facts = _make_good(place, journal, cache, aside, now)
            if cache.is_new and had_cache and aside is None:
                facts = (CacheReplaced(), *facts)
            _skip(journal, cache)
    for fact in facts:
        log.error("%s %s", fact.code, fact.context)
    return LocalFiles(journal, cache, identity, facts)


def _open_journal(place: Place) -> tuple[Journal, Path | None]:
    try:
        return Journal(place.journal, place.key), None
    except DatabaseDamaged as error:
        log.error("journal-damaged problem=%s", error.context.get("problem"))
        aside = keep_aside(place.journal)
        return Journal(place.journal, place.key), aside


def _open_cache(place: Place, journal: Journal, *, is_ruined: bool) -> Cache:
    """The cache of this journal; one of another desk, or with other commands, is made anew."""
    cache = Cache(place.cache, place.book, place.key, is_ruined=is_ruined)
    if not cache.is_new and not _fit(journal, cache, driver_of(place.key).DatabaseError):
        cache.close()
        cache = Cache(place.cache, place.book, place.key, is_ruined=True)
    return cache


def _fit(journal: Journal, cache: Cache, unreadable: type[Exception]) -> bool:
    known = journal.known_identity()
    if known and cache.setting("client") not in ("", str(known.client_id)):
        log.warning("cache-of-another-desk")
        return False
    try:
        pending = cache.pending.listed()
    except (unreadable, ValueError, KeyError, TypeError):
        log.warning("cache-damaged a command is none any more")
        return False
    if len(journal.lines.behind(cache.last_seq)) > 1:
        # A crash between the two files leaves one. More were lost with the end of the cache, and
        # with them rows and numbers that were given.
        log.warning("cache-lost-its-end")
        return False
    for command in pending:
        kept = journal.lines.find(command.envelope.command_id)
        if kept is not None and kept.envelope != command.envelope:
            log.warning("cache-damaged command=%s", command.envelope.command_id)
            return False
    return True


def _skip(journal: Journal, cache: Cache) -> None:
    """Give no place and no number twice, whatever the end of either file has lost."""
    last = journal.lines.last_seq
    if last and cache.is_new:
        journal.lines.skip_to(last + GAP)
    journal.lines.skip_to(cache.last_seq)
    for entry in journal.lines.behind(cache.last_seq):
        number = entry.envelope.args.get("number")
        if isinstance(number, int):
            cache.numbers.skip(number)


def _identity(journal: Journal, cache: Cache, now: datetime) -> ClientIdentity:
    """Who this desk is, by its journal, else by its cache, else somebody new."""
    known, second = journal.known_identity(), _remembered(cache)
    if known is None:
        known = second or journal.new_identity(now)
        journal.be(known)
    elif second is not None and second.nonce != known.nonce:
        # One of the two lost its end: the shared database may know this desk by either.
        journal.offer_nonce(second.nonce)
    remember(cache, known)
    return known


def _remembered(cache: Cache) -> ClientIdentity | None:
    with suppress(ValueError):
        return ClientIdentity(UUID(cache.setting("client")), UUID(cache.setting("nonce")))
    return None


def remember(cache: Cache, identity: ClientIdentity) -> None:
    """Keep in the cache who this desk is, should the journal be lost."""
    cache.set(client=str(identity.client_id), nonce=str(identity.nonce))


def _make_good(
    place: Place, journal: Journal, cache: Cache, aside: Path | None, now: datetime
) -> tuple[AppError, ...]:
    found = {p.seq: JournalEntry(p.seq, p.envelope, None) for p in cache.pending.listed()}
    facts: list[AppError] = []
    if aside is not None:
        read = readable_entries(aside, place.key)
        found = {entry.seq: entry for entry in read or ()} | found
        waiting = sum(entry.outcome is None for entry in found.values())
        told: Callable[..., AppError] = JournalLost if cache.is_new else JournalReplaced
        facts.append(told(kept=waiting, file=aside.name))
        if read is not None:
            note_read(aside)
    journal.lines.restore([entry for _, entry in sorted(found.items())], now)
    returned = sum(_take_back(journal, old, place.key) for old in kept_aside(place.journal))
    return (*facts, JournalReturned(kept=returned)) if returned else tuple(facts)


def _take_back(journal: Journal, aside: Path, key: Secret | None) -> int:
    """Take the open commands of a journal that could not be read when it was set aside."""
    read = readable_entries(aside, key)
    if read is None:
        return 0
    fresh = [
        e.envelope for e in read if not e.outcome and not journal.lines.find(e.envelope.command_id)
    ]
    journal.append_all(fresh)
    note_read(aside)
    return len(fresh)
