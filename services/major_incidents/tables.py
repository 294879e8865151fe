"""Tables of major incidents and of what their response writes down."""

import sqlalchemy as sa

from services.core.tables import table_for
from services.major_incidents.entries import (
    ChangeEvent,
    DocumentEntry,
    ResponseEntry,
    SupportCase,
)
from services.major_incidents.major import (
    MajorIncident,
    ResponseChannel,
    RoleHolding,
    WorkStream,
)

metadata = sa.MetaData()


def _of_incident(name: str) -> sa.Index:
    return sa.Index(name, "incident_id")


major_incident = table_for(MajorIncident, metadata, unique=[("incident_id",)])
role_holding = table_for(RoleHolding, metadata, indexes=[_of_incident("holding_of_incident")])
work_stream = table_for(WorkStream, metadata, indexes=[_of_incident("stream_of_incident")])
response_channel = table_for(
    ResponseChannel, metadata, indexes=[_of_incident("channel_of_incident")]
)
response_entry = table_for(ResponseEntry, metadata, indexes=[_of_incident("entry_of_incident")])
document_entry = table_for(DocumentEntry, metadata, indexes=[_of_incident("document_of_incident")])
support_case = table_for(SupportCase, metadata, indexes=[_of_incident("case_of_incident")])
change_event = table_for(
    ChangeEvent, metadata, indexes=[sa.Index("change_event_by_time", "happened_at")]
)
