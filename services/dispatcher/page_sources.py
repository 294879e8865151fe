"""Status pages read from the shared database, whichever it is, at the moment of publishing."""

import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from uuid import UUID

from services.communications.page_content import PageContent
from services.communications.page_reading import COMPONENTS, PAGES, TOLD, content_from


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
        with self._asking() as connection:
            pages, components, told = (
                [dict(row) for row in connection.execute(statement, values)]
                for statement in (PAGES, COMPONENTS, TOLD)
            )
        return content_from(pages, components, told, values["now"])


class PagesOnServer:
    """The same with a server. ``row`` is the one row of a query with its values."""

    def __init__(self, row: Callable[..., tuple[Any, ...]]) -> None:
        self._row = row

    def page_content(self, destination_id: UUID) -> PageContent:
        """What is published through a destination, as it is now."""
        (found,) = self._row("SELECT sync.page_content(%s)", destination_id)
        return content_from(found["pages"], found["components"], found["told"], found["now"])
