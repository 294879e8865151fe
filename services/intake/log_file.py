"""Reading the text of a log, plain or zipped, with a bound on everything.

Nothing is trusted: a broken file ends in a fact a person can act on, never in a full memory.
"""

import codecs
import hashlib
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from services.intake.errors import (
    ArchiveAmbiguous,
    ArchiveDamaged,
    LineTooLong,
    LogEncodingUnknown,
    LogIsNoText,
    LogTooLarge,
    LogUnreadable,
)

LONGEST_LINE = 65_536
"""Characters of one line; the longest real event has 400."""

LARGEST_LOG = 512 * 1024 * 1024
"""Bytes of text, some 1.6 million events; also the bound for what an archive may unpack to."""

CHUNK = 1024 * 1024
_ZIP_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
_OTHER_UNICODE = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)


class LogText:
    """The lines of a log, and what is known of the file once they are read."""

    def __init__(self, stream: IO[bytes], file: str) -> None:
        self._stream = stream
        self._file = file
        self._hash = hashlib.sha256()
        self._size_bytes = 0
        self.is_finished = False
        self.ends_with_line_end = False

    @property
    def sha256(self) -> str:
        """The fingerprint of the text as read so far; the same for a zip and what it holds."""
        return self._hash.hexdigest()

    def lines(self) -> Iterator[str]:
        """Each line with its line end.

        Raises:
            LogIsNoText: there are bytes that no text has.
            LogEncodingUnknown: the text is not UTF-8.
            LineTooLong: a line does not end.
            LogTooLarge: the text does not end.
        """
        decoder = codecs.getincrementaldecoder("utf-8-sig")()
        rest = ""
        for chunk in self._chunks():
            rest += self._decoded(decoder, chunk)
            *whole, rest = rest.split("\n")
            for line in whole:
                yield self._bounded(line) + "\n"
            self._bounded(rest)
        rest += self._decoded(decoder, b"", final=True)
        self.is_finished, self.ends_with_line_end = True, not rest
        if rest:
            yield rest

    def _chunks(self) -> Iterator[bytes]:
        while chunk := self._next_chunk():
            self._hash.update(chunk)
            if not self._size_bytes:
                self._refuse_other_unicode(chunk)
            self._size_bytes += len(chunk)
            if self._size_bytes > LARGEST_LOG:
                raise LogTooLarge(file=self._file, limit_mb=LARGEST_LOG // 1024**2)
            if b"\0" in chunk:
                raise LogIsNoText(file=self._file)
            yield chunk

    def _next_chunk(self) -> bytes:
        try:
            return self._stream.read(CHUNK)
        except (zipfile.BadZipFile, zlib.error, EOFError) as error:
            raise ArchiveDamaged(file=self._file, problem=str(error)) from error
        except OSError as error:
            raise LogUnreadable(file=self._file, problem=error.strerror or str(error)) from error

    def _refuse_other_unicode(self, start: bytes) -> None:
        for mark, name in _OTHER_UNICODE:
            if start.startswith(mark):
                raise LogEncodingUnknown(file=self._file, seems=name)
        if start[1:2] == b"\0" or start[:1] == b"\0":
            even, odd = start[0:64:2], start[1:64:2]
            if not any(even) or not any(odd):
                raise LogEncodingUnknown(file=self._file, seems="UTF-16")

    def _decoded(
        self, decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool = False
    ) -> str:
        try:
            return decoder.decode(chunk, final)
        except UnicodeDecodeError as error:
            seems = "Latin-1 or Windows-1252"
            raise LogEncodingUnknown(file=self._file, seems=seems) from error

    def _bounded(self, line: str) -> str:
        if len(line) > LONGEST_LINE:
            raise LineTooLong(file=self._file, limit=f"{LONGEST_LINE:,}")
        return line


@contextmanager
def open_log(path: Path) -> Iterator[LogText]:
    """The text of a log file, or of the one CSV file in a zip archive.

    Raises:
        LogUnreadable: the file is absent or may not be read.
        ArchiveDamaged: the archive cannot be unpacked.
        ArchiveAmbiguous: it does not hold exactly one CSV file.
    """
    try:
        stream = path.open("rb")
    except OSError as error:
        raise LogUnreadable(file=path.name, problem=error.strerror or str(error)) from error
    with stream:
        is_archive = stream.read(4) in _ZIP_MAGIC
        stream.seek(0)
        if not is_archive:
            yield LogText(stream, path.name)
            return
        with _opened_member(stream, path.name) as member:
            yield LogText(member, path.name)


def _opened_member(stream: IO[bytes], file: str) -> IO[bytes]:
    try:
        archive = zipfile.ZipFile(stream)
        return archive.open(_only_csv(archive, file))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError) as error:
        raise ArchiveDamaged(file=file, problem=str(error)) from error


def _only_csv(archive: zipfile.ZipFile, file: str) -> zipfile.ZipInfo:
    members = [
        member
        for member in archive.infolist()
        if not member.is_dir() and not member.filename.startswith("__MACOSX/")
    ]
    if len(members) != 1 or not members[0].filename.lower().endswith(".csv"):
        names = ", ".join(member.filename[:60] for member in members[:5])
        raise ArchiveAmbiguous(file=file, members=names or "nothing", count=len(members))
    if members[0].file_size > LARGEST_LOG:
        raise LogTooLarge(file=file, limit_mb=LARGEST_LOG // 1024**2)
    return members[0]
