"""Reads what the screens of major incidents show, in the background."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from desktop.presenters.major_page import Reading
from services.communications.queries import updates_of_incident, words_due
from services.communications.read_models import DueItem
from services.communications.room_reading import meeting_places, rooms
from services.communications.status_update import StatusUpdate
from services.incidents.detail import incident_detail
from services.incidents.directory import Directory
from services.incidents.read_models import Viewer
from services.major_incidents.console_reading import console_of
from services.major_incidents.queries import MAJOR_TABLES, majors, response
from services.major_incidents.read_models import MajorItem
from services.paging.queries import PAGING_TABLES, pages_of_incident

LIST_TABLES = MAJOR_TABLES | {"incident", "status_page", "communication_plan", StatusUpdate.TABLE}
"""Tables from which the list and the pill are made."""
CONSOLE_TABLES = (
    LIST_TABLES | PAGING_TABLES | {"pending", "history_entry", "delivery", "destination"}
)
"""Tables from which a console is made."""

Standing = tuple[tuple[MajorItem, ...], tuple[DueItem, ...]]


def read_standing(connection: sa.Connection, names: Directory) -> Standing:
    """All major incidents, and when the next words are due."""
    return majors(connection, names), words_due(connection)


def read_console(
    connection: sa.Connection, names: Directory, viewer: Viewer, incident_id: UUID, now: datetime
) -> Reading | None:
    """One major incident with all its response; None where it is none, or hidden."""
    found = response(connection, incident_id, now)
    if found is None:
        return None
    detail = incident_detail(connection, names, viewer, incident_id)
    if detail is None:
        return None
    made = rooms(connection, found.channels, is_drill=found.major.is_drill)
    found = replace(found, rooms=made)
    return Reading(
        response=found,
        console=console_of(found, names, viewer.person_id, now),
        viewer_id=viewer.person_id,
        detail=detail,
        updates=updates_of_incident(connection, names, incident_id),
        pages=pages_of_incident(connection, names, viewer.person_id, incident_id, now),
        due=tuple(item for item in words_due(connection) if item.incident_id == incident_id),
        names=names,
        now=now,
        places=meeting_places(connection),
    )
