"""Tables of incidents and what belongs to them.

Each worklist reads one partial index in its own order, so that the first page costs the same
with a hundred incidents as with a hundred thousand. What they leave out is said for SQLite
alone: a word about another database would load its whole dialect at every start.
"""

import sqlalchemy as sa

from services.core.tables import table_for
from services.incidents.incident import Escalation, HistoryEntry, Incident, Note
from services.incidents.priority import PriorityMatrix

metadata = sa.MetaData()

priority_matrix = table_for(PriorityMatrix, metadata, unique=[("edition",)])
incident = table_for(Incident, metadata, unique=[("number",)])
escalation = table_for(
    Escalation, metadata, indexes=[sa.Index("escalation_of_incident", "incident_id")]
)
note = table_for(Note, metadata, indexes=[sa.Index("note_of_incident", "incident_id")])
history_entry = table_for(
    HistoryEntry,
    metadata,
    indexes=[
        sa.Index("history_of_incident", "incident_id"),
        sa.Index("history_of_command", "command_id"),
    ],
)

OPEN = "state IN ('new', 'in_progress', 'on_hold')"
is_open = sa.text(OPEN)

sa.Index(
    "open_incident_by_priority",
    incident.c.priority,
    incident.c.reported_at,
    incident.c.number,
    incident.c.owner_team_id,
    incident.c.team_id,
    incident.c.assignee_id,
    incident.c.escalation_state,
    incident.c.state,
    sqlite_where=sa.text(OPEN),
)
for _name, _link in (
    ("incident_of_parent", incident.c.parent_id),
    ("incident_of_original", incident.c.duplicate_of_id),
    ("incident_of_earlier", incident.c.follow_up_of_id),
):
    # Few incidents have a link: an index of all would look useless to a planner that counts.
    sa.Index(_name, _link, sqlite_where=_link.isnot(None))
sa.Index(
    "incident_by_state",
    incident.c.state,
    incident.c.priority,
    incident.c.reported_at,
    incident.c.number,
    incident.c.owner_team_id,
)
sa.Index("incident_of_caller", incident.c.caller_id, incident.c.reported_at)
sa.Index("incident_of_assignee", incident.c.assignee_id, incident.c.state)
sa.Index("incident_by_external_reference", incident.c.external_reference)
