"""What the shared database says about paging, read as values."""

import hashlib
import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from services.core.clock import from_microseconds
from services.paging.destination import ProviderKind
from services.paging.engine import Alarm, Claimed
from services.paging.page import DeliveryKind
from services.sync.paging_standing import PagingStanding

log = logging.getLogger(__name__)


def digest_of(token: str) -> str:
    """What is kept of an answer link's token: its SHA-256, in hexadecimal."""
    return hashlib.sha256(token.encode()).hexdigest()


def all_claimed(found: Iterable[tuple[Mapping[str, Any], Sequence[int]]]) -> list[Claimed]:
    """The deliveries of rows, each with the numbers bundled into it.

    One of a kind that only a newer program knows is left alone: its lease ends.
    """
    claimed = []
    for row, bundled in found:
        try:
            claimed.append(claimed_from(row, bundled))
        except ValueError:
            facts = {"delivery": str(row["delivery_id"]), "kind": row["kind"]}
            log.warning("not-understood", extra={"facts": facts})
    return claimed


def claimed_from(row: Mapping[str, Any], bundled: Sequence[int]) -> Claimed:
    """A delivery as its row says it."""
    return Claimed(
        delivery_id=_id(row["delivery_id"]),
        lease_token=row["lease_token"],
        attempt=row["attempt"],
        kind=DeliveryKind(row["kind"]),
        page_id=_id_or_none(row["page_id"]),
        incident_id=_id_or_none(row["incident_id"]),
        number=row["number"],
        summary=row["summary"],
        severity=_severity(row["severity"]),
        priority=row["priority"],
        reason=row["reason"],
        text=row["text"],
        person_name=row["person_name"],
        address=row["address"],
        destination_id=_id(row["destination_id"]),
        provider=ProviderKind(row["provider"]),
        base_url=row["base_url"],
        options=row["options"],
        may_reach_private=bool(row["may_reach_private"]),
        memo=row["memo"],
        may_repeat=bool(row["may_repeat"]),
        bundled=tuple(bundled),
        answer_digest=row["answer_digest"],
        claimed_at=from_microseconds(row["claimed_at"]),
        first_text=row["first_text"],
    )


def _severity(value: str | None) -> int | None:
    return None if value is None else int(value.removeprefix("SEV"))


def alarm_from(row: Mapping[str, Any]) -> Alarm:
    """An alarm as its row says it."""
    return Alarm(
        kind=row["kind"],
        subject_id=_id_or_none(row["subject_id"]),
        since=from_microseconds(row["since"]),
    )


def standing_from(fired: int, row: Mapping[str, Any], now: int) -> PagingStanding:
    """How paging stands, as its row says it."""
    return PagingStanding(
        fired=fired,
        dispatcher_count=row["dispatcher_count"],
        last_beat_at=_moment(row["last_beat_at"]),
        open_pages=row["open_pages"],
        waiting_deliveries=row["waiting_deliveries"],
        now=from_microseconds(now),
        clock_ahead=timedelta(microseconds=row["clock_ahead"]),
    )


def _moment(value: int | None) -> datetime | None:
    return None if value is None else from_microseconds(value)


def _id(value: object) -> UUID:
    return UUID(str(value))


def _id_or_none(value: object) -> UUID | None:
    return None if value is None else _id(value)
