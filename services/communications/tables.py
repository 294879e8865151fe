"""Tables of status pages and of what is told on them."""

import sqlalchemy as sa

from services.communications.status_page import (
    CommunicationPlan,
    Outlet,
    StatusComponent,
    StatusPage,
)
from services.communications.status_update import StatusUpdate, UpdateTemplate
from services.core.tables import table_for

metadata = sa.MetaData()

status_page = table_for(StatusPage, metadata, unique=[("name",)])
status_component = table_for(
    StatusComponent, metadata, indexes=[sa.Index("component_of_page", "page_id")]
)
outlet = table_for(Outlet, metadata, indexes=[sa.Index("outlet_of_page", "page_id")])
communication_plan = table_for(CommunicationPlan, metadata, unique=[("severity", "audience")])
update_template = table_for(UpdateTemplate, metadata, unique=[("name",)])
status_update = table_for(
    StatusUpdate, metadata, indexes=[sa.Index("update_of_incident", "incident_id")]
)
