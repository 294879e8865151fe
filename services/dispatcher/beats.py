"""What each dispatcher last said of itself, for ``--status``."""

import json
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from services.core.clock import Clock, from_microseconds, to_microseconds
from services.core.database import connect
from services.core.errors import DatabaseUnreadable
from services.core.profiles import ConnectionSettings
from services.dispatcher.connections import Connections
from services.paging.audit_statements import BEATS, STOPPED
from services.sync.errors import SharedUnreachable
from services.sync.postgres.connection import Ask

T = TypeVar("T", list[Any], dict[str, Any])

_COLUMNS = ("dispatcher", "started_at", "seen_at", "detail", "held")


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """The last word of a dispatcher. ``held`` is how many deliveries it is sending.

    ``open_breakers`` are the ids of destinations that it calls only to see whether they are back,
    ``unread`` those whose mailboxes it cannot read, and why.
    """

    dispatcher: str
    started_at: datetime
    seen_at: datetime
    held: int = 0
    is_stopped: bool = False
    open_breakers: tuple[str, ...] = ()
    unread: tuple[tuple[str, str], ...] = ()


def beats_of_server(settings: ConnectionSettings, ask: Ask) -> Sequence[Beat]:
    """The dispatchers of a team that were heard of within a day, the last one first.

    Raises:
        AppError: the server is not to be reached, or refuses.
    """
    query = f"SELECT {', '.join(_COLUMNS)} FROM sync.dispatchers()".encode()
    with closing(Connections(settings, ask, 1)) as connections, connections.lent() as connection:
        found = connection.execute(query).fetchall()
    return [_beat(dict(zip(_COLUMNS, row, strict=True))) for row in found]


def beats_of_file(path: Path, clock: Clock) -> Sequence[Beat]:
    """The same of an embedded file.

    Raises:
        SharedUnreachable: it cannot be read.
    """
    try:
        with closing(connect(path)) as connection:
            found = connection.execute(BEATS, {"now": to_microseconds(clock.now())}).fetchall()
    except DatabaseUnreadable as error:
        raise SharedUnreachable(file=path.name, problem=str(error)) from error
    return [_beat(dict(row)) for row in found]


def _beat(row: Mapping[str, Any]) -> Beat:
    return Beat(
        dispatcher=row["dispatcher"],
        started_at=from_microseconds(row["started_at"]),
        seen_at=from_microseconds(row["seen_at"]),
        held=row["held"],
        is_stopped=row["detail"] == STOPPED,
        open_breakers=tuple(map(str, _said(row["detail"], "open_breakers", list))),
        unread=tuple(
            (str(id_), str(why)) for id_, why in _said(row["detail"], "unread", dict).items()
        ),
    )


def _said(detail: str, name: str, kind: type[T]) -> T:
    """What a dispatcher of another edition says in other words is left out."""
    try:
        found = json.loads(detail)[name]
    except (ValueError, KeyError, TypeError):
        return kind()
    return found if isinstance(found, kind) else kind()
