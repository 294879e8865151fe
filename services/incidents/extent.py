"""What belongs to an incident, and when a desk need not keep it any more."""

from services.incidents.incident import FINAL_STATES, OPEN_STATES, Escalation, Incident
from services.sync.extent import Extent


def _listed(states: frozenset[object]) -> str:
    return ", ".join(sorted(f"'{state.value}'" for state in states))  # type: ignore[attr-defined]


EXTENT = Extent(
    root=Incident.TABLE,
    link="incident_id",
    ended_at=f"CASE WHEN state IN ({_listed(frozenset(FINAL_STATES))})"
    " THEN coalesce(closed_at, cancelled_at) END",
    hidden="is_confidential",
    first=f"state IN ({_listed(frozenset(OPEN_STATES))}) DESC, number DESC",
    deciding=(Escalation.TABLE,),
)
