"""What is published through a destination, as the shared database has it.

The statements are SQL both databases understand; ``:destination`` is where the page goes.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Protocol
from uuid import UUID

from services.communications.message import Message, message_or_none, states_of
from services.communications.page_content import (
    KEPT_FOR,
    PageComponent,
    PageContent,
    PageIncident,
    PageUpdate,
    worst,
)
from services.communications.past_reading import UpdatePast
from services.communications.static_parts import POINT
from services.communications.status_page import Audience, ComponentStatus
from services.core.clock import from_microseconds
from services.core.errors import AppError
from services.major_incidents.major import ResponsePhase

_KEPT_US: Final = KEPT_FOR // KEPT_FOR.resolution

_PAGES = (
    "SELECT o.page_id FROM outlet o JOIN status_page s ON s.id = o.page_id AND s.is_active"
    " WHERE o.destination_id = :destination AND o.is_active"
)

PAGES = f"""SELECT p.id, p.name, p.audience, p.description, p.address,
    p.version
    + coalesce((SELECT sum(c.version) FROM status_component c WHERE c.page_id = p.id), 0)
    + coalesce((SELECT sum(u.version) FROM status_update u WHERE u.page_id = p.id
        AND u.state = 'sent'), 0) AS sequence
FROM status_page p WHERE p.id IN ({_PAGES}) ORDER BY p.name"""
"""The pages that go there. No row ever leaves, so that the sequence only rises."""


def components_on(pages: str) -> str:
    """The statement that reads the components of pages, which a list in SQL names."""
    return f"""SELECT c.id, c.name, c.description, c.is_active FROM status_component c
WHERE c.page_id IN ({pages}) ORDER BY c.position, c.name, c.id"""


def told_on(pages: str) -> str:
    """The statement that reads every word that was told on them; ``:now`` is now.

    Its message comes only while the page tells of it. Nobody is told later, on a page that is
    published then, what went nowhere: words of a drill, or of a time without an outlet.
    """
    return f"""SELECT u.id, u.incident_id, i.number, u.phase, u.sent_at, u.told_at, u.replaces_id,
    u.component_states, CASE WHEN EXISTS (SELECT 1 FROM status_update r WHERE r.page_id = u.page_id
            AND r.incident_id = u.incident_id AND r.state = 'sent'
            AND r.sent_at >= :now - {_KEPT_US})
        OR NOT EXISTS (SELECT 1 FROM status_update e WHERE e.page_id = u.page_id
            AND e.incident_id = u.incident_id AND e.state = 'sent' AND e.phase = 'resolved')
        THEN u.message ELSE '' END AS message
FROM status_update u JOIN incident i ON i.id = u.incident_id
WHERE u.page_id IN ({pages}) AND u.state = 'sent' AND u.sent_at IS NOT NULL
    AND EXISTS (SELECT 1 FROM delivery d WHERE d.incident_id = u.incident_id
        AND d.subject_id = u.id AND d.kind = 'update')
ORDER BY u.sent_at, u.id"""


COMPONENTS, TOLD = components_on(_PAGES), told_on(_PAGES)


class PageMissing(AppError):
    """No status page is published through this destination."""

    code = "status-page-missing"


class PlaceShared(AppError):
    """Several status pages would be published to one place, each over the other."""

    code = "status-page-place-shared"


class ReadsPages(Protocol):
    """What reads status pages from the shared database."""

    def page_content(self, destination_id: UUID) -> PageContent:
        """What is published through a destination, as it is now.

        Raises:
            PageMissing, PlaceShared: it is not one page.
            SharedUnreachable: the shared database does not answer.
        """
        ...

    def update_past(self, delivery_id: UUID) -> UpdatePast:
        """What was let go about the incident of a delivery, up to its own update.

        Raises:
            SharedUnreachable: the shared database does not answer.
        """
        ...


Rows = Sequence[Mapping[str, Any]]


def content_from(pages: Rows, components: Rows, told: Rows, now: int) -> PageContent:
    """The content that the rows of the three statements make at a moment in microseconds.

    Raises:
        PageMissing, PlaceShared: they are not of one page.
    """
    if not pages:
        raise PageMissing()
    if len(pages) > 1:
        raise PlaceShared(pages=", ".join(page["name"] for page in pages))
    (page,) = pages
    words = [_Word(row) for row in told]
    states = _states(words)
    return PageContent(
        page_id=_id(page["id"]),
        name=page["name"],
        audience=Audience(page["audience"]),
        description=page["description"],
        address=page["address"],
        components=tuple(_component(row, states) for row in components if row["is_active"]),
        incidents=_incidents(words, {_id(row["id"]): row["name"] for row in components}),
        generated_at=from_microseconds(now),
        sequence=int(page["sequence"]),
    )


class _Word:
    """A sent update as its row has it."""

    def __init__(self, row: Mapping[str, Any]) -> None:
        self.id = _id(row["id"])
        self.incident_id = _id(row["incident_id"])
        self.number: int = row["number"]
        self.sent_at = from_microseconds(row["sent_at"])
        self.told_at = None if row["told_at"] is None else from_microseconds(row["told_at"])
        self.replaces_id = None if row["replaces_id"] is None else _id(row["replaces_id"])
        self.is_end = row["phase"] == ResponsePhase.RESOLVED.value
        self.states = states_of(row["component_states"])
        self.message = message_or_none(row["message"])


def _id(value: object) -> UUID:
    return UUID(str(value))


# -- components -------------------------------------------------------------------------------

_States = Mapping[UUID, tuple[ComponentStatus, datetime]]


def _states(words: Iterable[_Word]) -> _States:
    """How each component does by the last word about it, and since when.

    The word that an incident is over means each component that it had touched.
    """
    found: dict[UUID, tuple[ComponentStatus, datetime]] = {}
    touched: defaultdict[UUID, set[UUID]] = defaultdict(set)
    threads = sorted(_corrected(words), key=lambda thread: (_of_at(thread), thread[0].sent_at))
    for thread in threads:
        last = thread[-1]
        touched[last.incident_id] |= last.states.keys()
        well = touched[last.incident_id] if last.is_end else ()
        states = {**dict.fromkeys(well, ComponentStatus.OPERATIONAL), **last.states}
        for id_, status in states.items():
            if id_ not in found or found[id_][0] is not status:
                found[id_] = (status, _of_at(thread))
    return found


def _component(row: Mapping[str, Any], states: _States) -> PageComponent:
    id_ = _id(row["id"])
    status, changed_at = states.get(id_, (ComponentStatus.OPERATIONAL, None))
    return PageComponent(
        id=id_,
        name=row["name"],
        description=row["description"],
        status=status,
        changed_at=changed_at,
    )


# -- incidents --------------------------------------------------------------------------------


def _corrected(words: Iterable[_Word]) -> list[list[_Word]]:
    """Each word with its corrections after it, in the order in which they were sent."""
    by_id = {word.id: word for word in words}
    threads: dict[UUID, list[_Word]] = {}
    for word in by_id.values():
        first = word
        while first.replaces_id in by_id and by_id[first.replaces_id].sent_at < first.sent_at:
            first = by_id[first.replaces_id]
        threads.setdefault(first.id, []).append(word)
    return list(threads.values())


def _of_at(thread: Sequence[_Word]) -> datetime:
    """The moment that a word tells of; a correction may set it right."""
    told = [word.told_at for word in thread if word.told_at is not None]
    return told[-1] if told else thread[0].sent_at


def _incidents(words: Sequence[_Word], names: Mapping[UUID, str]) -> tuple[PageIncident, ...]:
    """What is told of each incident, the one that began last first."""
    by_incident: dict[UUID, list[_Word]] = {}
    for word in words:
        if word.message is not None:
            by_incident.setdefault(word.incident_id, []).append(word)
    found = [_incident(_corrected(told), names) for told in by_incident.values()]
    return tuple(sorted(found, key=lambda i: (i.started_at, i.number), reverse=True))


def _incident(threads: Sequence[Sequence[_Word]], names: Mapping[UUID, str]) -> PageIncident:
    first = threads[0][0]
    told = sorted(
        enumerate(threads, start=1), key=lambda pair: (_of_at(pair[1]), pair[0]), reverse=True
    )
    hit = {
        id_: status
        for thread in threads
        for id_, status in thread[-1].states.items()
        if status is not ComponentStatus.OPERATIONAL
    }
    newest = told[0][1][-1].message
    assert newest is not None, "left out before"
    return PageIncident(
        id=first.incident_id,
        number=first.number,
        name=_name(newest, first.number),
        worst_status=worst([s for thread in threads for s in thread[-1].states.values()]),
        components=tuple(names[id_] for id_ in names if id_ in hit),
        updates=tuple(_update(ordinal, thread) for ordinal, thread in told),
    )


_SEVERITY = re.compile(r"SEV ?\d\s*[-–—:]\s*")


def _name(message: Message, number: int) -> str:
    """The subject without the number, which stands beside it; customers read no severity."""
    name = re.sub(rf"^{re.escape(message.key)}\s*[-–—:]?\s*", "", message.subject.strip())
    if message.audience is Audience.EXTERNAL:
        name = _SEVERITY.sub("", name, count=1) if _SEVERITY.match(name) else name
    return name.strip() or f"INC-{number}"


def _update(ordinal: int, thread: Sequence[_Word]) -> PageUpdate:
    first, last = thread[0], thread[-1]
    assert last.message is not None, "left out before"
    return PageUpdate(
        id=first.id,
        ordinal=ordinal,
        phase=last.message.phase,
        told_at=_of_at(thread),
        sent_at=first.sent_at,
        edited_at=last.sent_at if last is not first else None,
        text=_text(last.message),
        is_backdated=any(word.told_at is not None for word in thread),
    )


def _text(message: Message) -> str:
    parts = [
        message.summary,
        _points("Current status", message.current_status),
        _points("Next steps", message.next_steps),
        f"Next update: {message.next_update}" if message.next_update else "",
    ]
    return "\n\n".join(part for part in parts if part)


def _points(title: str, points: Sequence[str]) -> str:
    return "\n".join((title, *(f"{POINT}{point}" for point in points))) if points else ""
