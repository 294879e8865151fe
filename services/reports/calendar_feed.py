"""Calendar files (iCalendar, RFC 5545 and 7986) of who is on call, per roster and per person."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID

from services.on_call.roster import OnCallShift, Roster

if TYPE_CHECKING:
    from icalendar import Event

REFRESHED: Final = timedelta(hours=1)
"""How often a calendar program is asked to read the file again."""

KEPT: Final = timedelta(days=30)
"""How long a shift stays in the file after its end."""

# Names of CSS, as RFC 7986 wants them, that carry white text.
_COLOURS: Final = (
    *("teal", "indigo", "firebrick", "darkgreen", "mediumvioletred", "saddlebrown"),
    *("darkslateblue", "darkcyan", "navy", "purple", "darkolivegreen", "maroon"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedNames:
    """Names by id, for the titles of events."""

    people: Mapping[UUID, str]
    rosters: Mapping[UUID, str]


def roster_calendar(
    roster: Roster, shifts: Iterable[OnCallShift], names: FeedNames, as_of: datetime
) -> bytes:
    """The shifts of one roster, each under the name of who has it."""
    title = f"On call: {roster.name}"
    own = [shift for shift in shifts if shift.roster_id == roster.id]
    return _calendar(title, roster.id, own, names, as_of, is_personal=False)


def person_calendar(
    person_id: UUID, shifts: Iterable[OnCallShift], names: FeedNames, as_of: datetime
) -> bytes:
    """The shifts of one person, each under the name of its roster."""
    title = f"On call: {names.people.get(person_id, '')}"
    own = [shift for shift in shifts if shift.person_id == person_id]
    return _calendar(title, person_id, own, names, as_of, is_personal=True)


def plain(text: str) -> str:
    """One line of text that every calendar program reads the same: no controls, no half letters."""
    visible = (" " if unicodedata.category(c) in _UNPRINTABLE else c for c in text)
    return " ".join("".join(visible).split())


# Controls, halves of letters, and the two ends of line that only Unicode knows.
_UNPRINTABLE: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})


def _calendar(
    title: str,
    subject: UUID,
    shifts: Iterable[OnCallShift],
    names: FeedNames,
    as_of: datetime,
    *,
    is_personal: bool,
) -> bytes:
    """The file: lines end with CR and LF, and none is longer than 75 octets."""
    from icalendar import Calendar, vDuration

    calendar = Calendar()
    calendar.add("prodid", "-//Firstline//On call//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", plain(title))
    calendar.add("x-wr-calname", plain(title))
    calendar.add("color", _COLOURS[subject.int % len(_COLOURS)])
    calendar.add("refresh-interval", REFRESHED, parameters={"VALUE": "DURATION"})
    # Given as a plain span it would be written as a time of day.
    calendar.add("x-published-ttl", vDuration(REFRESHED))
    for shift in sorted(shifts, key=lambda one: (one.starts_at, one.id)):
        if shift.ends_at > as_of - KEPT:
            calendar.add_component(_event(shift, names, as_of, is_personal=is_personal))
    file: bytes = calendar.to_ical()
    return file


def _event(shift: OnCallShift, names: FeedNames, as_of: datetime, *, is_personal: bool) -> "Event":
    """A shift. A cancelled one stays as such, so that it goes from the calendars that have it."""
    from icalendar import Event

    person = names.people.get(shift.person_id, "")
    roster = names.rosters.get(shift.roster_id, "")
    lane = " (backup)" if shift.is_backup else ""
    event = Event()
    event.add("uid", f"{shift.id}@firstline")
    event.add("dtstamp", as_of.replace(microsecond=0))
    event.add("sequence", shift.version)
    event.add("dtstart", shift.starts_at.replace(microsecond=0))
    event.add("dtend", shift.ends_at.replace(microsecond=0))
    event.add("summary", plain(f"{roster}{lane}" if is_personal else f"{person}{lane}"))
    event.add("description", plain(f"{person} is on call for {roster}{lane}."))
    event.add("status", "CANCELLED" if shift.is_cancelled else "CONFIRMED")
    # On call is not the same as busy.
    event.add("transp", "TRANSPARENT")
    return event
