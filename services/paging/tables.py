"""Tables of pages, deliveries and the destinations they go through."""

import sqlalchemy as sa

from services.core.tables import table_for
from services.paging.destination import Destination
from services.paging.page import Delivery, DeliveryAttempt, Page, PageRecipient, PageStep

metadata = sa.MetaData()

destination = table_for(Destination, metadata, unique=[("name",)])
page = table_for(Page, metadata, indexes=[sa.Index("page_of_incident", "incident_id")])
page_step = table_for(
    PageStep,
    metadata,
    unique=[("page_id", "position")],
    indexes=[sa.Index("page_step_of_incident", "incident_id")],
)
page_recipient = table_for(
    PageRecipient,
    metadata,
    indexes=[
        sa.Index("recipient_of_incident", "incident_id"),
        sa.Index("recipient_of_page", "page_id"),
    ],
)
delivery = table_for(
    Delivery,
    metadata,
    indexes=[
        sa.Index("delivery_of_incident", "incident_id"),
        sa.Index("delivery_of_page", "page_id"),
    ],
)
delivery_attempt = table_for(
    DeliveryAttempt,
    metadata,
    indexes=[
        sa.Index("attempt_of_incident", "incident_id"),
        sa.Index("attempt_of_delivery", "delivery_id"),
    ],
)
