"""Major incidents and communication: the response, the board, status pages and updates; drills.

Columns are written as ``services.admin.migrations.written_tables`` reads them.
"""

import sqlalchemy as sa
from alembic import op

from services.admin.migrations.written_tables import create_tables, identity

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLES = {
    "change_event": (
        "id:id version:number reference:text title:text happened_at:moment service_id:id? "
        "product_ids:text source:text external_key:text recorded_by_id:id "
        "recorded_at:moment is_active:flag"
    ),
    "communication_plan": (
        "id:id version:number severity:word audience:word first_within_s:number "
        "every_s:number relaxed_after_s:number relaxed_every_s:number is_active:flag"
    ),
    "document_entry": (
        "id:id version:number major_id:id incident_id:id section:word position:number "
        "text:text is_unknown:flag written_by_id:id written_at:moment is_removed:flag"
    ),
    "major_incident": (
        "id:id version:number incident_id:id state:word because:word proposal:text "
        "proposed_by_id:id proposed_at:moment decision:text decided_by_id:id? "
        "decided_at:moment? accepted_at:moment? phase:word impact_started_at:moment? "
        "detected_at:moment? impact_ended_at:moment? recovery:text resolved_at:moment? "
        "review_owner_id:id? review_due_at:moment? reviewed_at:moment? is_drill:flag "
        "replay_of_id:id?"
    ),
    "outlet": (
        "id:id version:number page_id:id destination_id:id address:text name:text "
        "is_subscriber:flag is_active:flag"
    ),
    "response_channel": (
        "id:id version:number major_id:id incident_id:id kind:word name:text address:text "
        "access:text destination_id:id? added_at:moment is_active:flag wanted:text"
    ),
    "response_entry": (
        "id:id version:number major_id:id incident_id:id kind:word text:text "
        "happened_at:moment written_at:moment author_id:id owner_id:id? verdict:word "
        "evidence:text outcome:text theory_id:id? until_at:moment? how:text why:text "
        "revert:text work_stream_id:id? change_event_id:id? is_pinned:flag is_removed:flag"
    ),
    "role_holding": (
        "id:id version:number major_id:id incident_id:id role:word title:text duties:text "
        "person_id:id work_stream_id:id? state:word offered_by_id:id offered_at:moment "
        "accepted_at:moment? ended_at:moment? relieves_id:id? handover:text end_remark:text"
    ),
    "status_component": (
        "id:id version:number page_id:id name:text description:text position:number "
        "service_id:id? product_id:id? remote_ids:text is_active:flag"
    ),
    "status_page": (
        "id:id version:number name:text audience:word description:text address:text "
        "is_review_required:flag is_active:flag"
    ),
    "status_update": (
        "id:id version:number incident_id:id major_id:id? page_id:id audience:word "
        "moment:word state:word phase:word subject:text summary:text current_status:text "
        "next_steps:text next_update_at:moment? next_update_where:text "
        "component_states:text is_notifying:flag is_cause_released:flag written_by_id:id "
        "written_at:moment review_asked_of_id:id? reviewed_by_id:id? reviewed_at:moment? "
        "review_remark:text queued_by_id:id? queued_at:moment? message:text "
        "hold_until:moment? fresh_until:moment? sent_at:moment? told_at:moment? "
        "replaces_id:id?"
    ),
    "support_case": (
        "id:id version:number incident_id:id reference:text caller:text remark:text "
        "opened_at:moment recorded_by_id:id is_active:flag"
    ),
    "update_template": (
        "id:id version:number name:text audience:word moment:word subject:text summary:text "
        "current_status:text next_steps:text is_active:flag"
    ),
    "work_stream": (
        "id:id version:number major_id:id incident_id:id name:text purpose:text lead_id:id? "
        "started_at:moment ended_at:moment?"
    ),
}

UNIQUE = (
    ("major_incident", ("incident_id",)),
    ("status_page", ("name",)),
    ("communication_plan", ("severity", "audience")),
    ("update_template", ("name",)),
)

INDEXES = (
    ("holding_of_incident", "role_holding", ("incident_id",)),
    ("stream_of_incident", "work_stream", ("incident_id",)),
    ("channel_of_incident", "response_channel", ("incident_id",)),
    ("entry_of_incident", "response_entry", ("incident_id",)),
    ("document_of_incident", "document_entry", ("incident_id",)),
    ("case_of_incident", "support_case", ("incident_id",)),
    ("change_event_by_time", "change_event", ("happened_at",)),
    ("component_of_page", "status_component", ("page_id",)),
    ("outlet_of_page", "outlet", ("page_id",)),
    ("update_of_incident", "status_update", ("incident_id",)),
)


def upgrade() -> None:
    """Create the tables, their unique keys and indexes, and widen three that were there."""
    create_tables(TABLES, UNIQUE, INDEXES)
    op.add_column(
        "incident",
        sa.Column("is_drill", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column("business_service", sa.Column("major_policy_id", identity(), nullable=True))
    op.add_column("delivery", sa.Column("subject_id", identity(), nullable=True))
