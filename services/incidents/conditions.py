"""Conditions that several rules share."""

from typing import TypeVar

from services.incidents.errors import ChangedMeanwhile, IncidentIsFinal
from services.incidents.incident import FINAL_STATES, Incident

V = TypeVar("V")


def ensure_open_record(incident: Incident) -> None:
    """Let pass what still changes.

    Raises:
        IncidentIsFinal: the incident is closed or cancelled.
    """
    if incident.state in FINAL_STATES:
        raise IncidentIsFinal(number=incident.number, state=incident.state.value)


def ensure_seen(field: str, seen: object, now: object, wanted: object) -> None:
    """Let a new value pass only over the one the person saw.

    Raises:
        ChangedMeanwhile: a colleague set something else.
    """
    if now not in (seen, wanted):
        raise ChangedMeanwhile(field=field, seen=seen, now=now, wanted=wanted)


def joined(field: str, seen: V, now: V, wanted: V) -> V:
    """The value of a field that stands for itself: what is wanted, or now where it was left.

    Raises:
        ChangedMeanwhile: it was to change, and a colleague set something else.
    """
    if wanted == seen:
        return now
    ensure_seen(field, seen, now, wanted)
    return wanted
