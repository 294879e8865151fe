"""Status pages and updates read from the shared database, whichever it is, when they are told."""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any
from uuid import UUID

from services.communications.page_content import PageContent
from services.communications.page_reading import COMPONENTS, PAGES, TOLD, content_from
from services.communications.past_reading import LET_GO, OTHERS, UpdatePast, past_from


class PagesInFile:
    """Speaks :class:`services.communications.page_reading.ReadsPages` with a file."""

    def __init__(
        self,
        asking: Callable[[], AbstractContextManager[sqlite3.Connection]],
        now_us: Callable[[], int],
    ) -> None:
        self._asking, self._now_us = asking, now_us

    def page_content(self, destination_id: UUID) -> PageContent:
        """What is published through a destination, as it is now."""
        values: dict[str, Any] = {"destination": str(destination_id), "now": self._now_us()}
        pages, components, told = self._rows((PAGES, COMPONENTS, TOLD), values)
        return content_from(pages, components, told, values["now"])

    def update_past(self, delivery_id: UUID) -> UpdatePast:
        """What was let go about the incident of a delivery, up to its own update."""
        let_go, others = self._rows((LET_GO, OTHERS), {"delivery": str(delivery_id)})
        return past_from(let_go, others)

    def _rows(
        self, statements: Sequence[str], values: Mapping[str, object]
    ) -> list[list[dict[str, Any]]]:
        with self._asking() as connection:
            return [
                [dict(row) for row in connection.execute(statement, values)]
                for statement in statements
            ]


class PagesOnServer:
    """The same with a server. ``row`` is the one row of a query with its values."""

    def __init__(self, row: Callable[..., tuple[Any, ...]]) -> None:
        self._row = row

    def page_content(self, destination_id: UUID) -> PageContent:
        """What is published through a destination, as it is now."""
        (found,) = self._row("SELECT sync.page_content(%s)", destination_id)
        return content_from(found["pages"], found["components"], found["told"], found["now"])

    def update_past(self, delivery_id: UUID) -> UpdatePast:
        """What was let go about the incident of a delivery, up to its own update."""
        (found,) = self._row("SELECT sync.update_past(%s)", delivery_id)
        return past_from(found["let_go"], found["others"])
