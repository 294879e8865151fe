"""On call and paging: rosters, policies, contact methods, destinations, pages, deliveries.

Columns are written as ``services.admin.migrations.written_tables`` reads them.
"""

from services.admin.migrations.written_tables import create_tables

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLES = {
    "contact_method": (
        "id:id version:number person_id:id kind:word destination_id:id address:text name:text "
        "code_digest:text code_sent_at:moment? verified_at:moment? is_active:flag"
    ),
    "notification_rule": (
        "id:id version:number person_id:id contact_method_id:id delay_s:number is_active:flag"
    ),
    "escalation_policy": (
        "id:id version:number name:text team_id:id? severities:text priorities:text "
        "out_of_hours_severities:text out_of_hours_priorities:text business_hours:text "
        "time_zone:text repeat_count:number acknowledge_timeout_s:number is_everyone:flag "
        "is_active:flag"
    ),
    "escalation_step": (
        "id:id version:number policy_id:id position:number delay_s:number taken:word "
        "person_ids:text roster_ids:text team_ids:text destination_ids:text is_active:flag"
    ),
    "handover_note": (
        "id:id version:number roster_id:id handover_at:moment written_by_id:id "
        "written_at:moment text:text"
    ),
    "holiday": "id:id version:number roster_id:id on_date:text name:text is_active:flag",
    "on_call_override": (
        "id:id version:number roster_id:id kind:word person_id:id? replaced_person_id:id? "
        "is_backup:flag starts_at:moment ends_at:moment created_by_id:id created_at:moment "
        "reason:text swap_id:id? is_cancelled:flag"
    ),
    "on_call_shift": (
        "id:id version:number roster_id:id person_id:id is_backup:flag starts_at:moment "
        "ends_at:moment rotation_id:id? override_id:id? zone_version:text is_cancelled:flag"
    ),
    "policy_hours": (
        "id:id version:number policy_id:id starts_at:moment ends_at:moment is_cancelled:flag"
    ),
    "roster": (
        "id:id version:number name:text team_id:id? time_zone:text is_catch_all:flag "
        "is_active:flag planned_at:moment?"
    ),
    "rotation": (
        "id:id version:number roster_id:id name:text layer:number is_backup:flag unit:word "
        "length:number starts_at_local:text ends_at_local:text person_ids:text "
        "restriction:text holiday_rule:word is_active:flag"
    ),
    "shift_swap": (
        "id:id version:number roster_id:id state:word offered_by_id:id offered_at:moment "
        "to_person_id:id? starts_at:moment ends_at:moment return_starts_at:moment? "
        "return_ends_at:moment? accepted_by_id:id? answered_at:moment? reason:text"
    ),
    "time_off": (
        "id:id version:number person_id:id starts_at:moment ends_at:moment reason:text "
        "is_cancelled:flag"
    ),
    "delivery": (
        "id:id version:number incident_id:id? page_id:id? recipient_id:id? person_id:id? "
        "contact_method_id:id? destination_id:id kind:word address:text text:text "
        "round:number position:number created_at:moment due_at:moment state:word "
        "attempt_count:number lease_token:number lease_until:moment? dispatcher:text "
        "finished_at:moment? reason:text memo:text may_repeat:flag bundled_into_id:id? "
        "answer_digest:text"
    ),
    "delivery_attempt": (
        "id:id version:number incident_id:id? delivery_id:id number:number lease_token:number "
        "dispatcher:text started_at:moment finished_at:moment? outcome:word? reason:text"
    ),
    "destination": (
        "id:id version:number kind:word name:text base_url:text options:text "
        "may_reach_private:flag probe_every_s:number probed_at:moment? probe_result:text "
        "is_active:flag"
    ),
    "page": (
        "id:id version:number incident_id:id state:word policy_id:id? to_team_id:id? "
        "to_person_ids:text reason:text opened_by_id:id opened_at:moment hold_until:moment? "
        "fresh_until:moment? started_at:moment? round:number position:number "
        "is_catch_all:flag due_at:moment? is_urged:flag is_everyone:flag repeat_count:number "
        "rounds_from:number acknowledge_timeout_s:number snooze_s:number "
        "acknowledged_by_id:id? acknowledged_at:moment? reopens_at:moment? ended_at:moment? "
        "end_remark:text"
    ),
    "page_recipient": (
        "id:id version:number incident_id:id page_id:id person_id:id round:number "
        "position:number called_as:word roster_id:id? called_at:moment answer:word? "
        "answered_at:moment?"
    ),
    "page_step": (
        "id:id version:number incident_id:id page_id:id position:number delay_s:number "
        "taken:word person_ids:text roster_ids:text team_ids:text destination_ids:text"
    ),
}

UNIQUE = (
    ("escalation_policy", ("name",)),
    ("holiday", ("roster_id", "on_date")),
    ("roster", ("name",)),
    ("destination", ("name",)),
    ("page_step", ("page_id", "position")),
)

INDEXES = (
    ("contact_of_person", "contact_method", ("person_id",)),
    ("rule_of_person", "notification_rule", ("person_id",)),
    ("step_of_policy", "escalation_step", ("policy_id",)),
    ("handover_of_roster", "handover_note", ("roster_id", "handover_at")),
    ("override_of_roster", "on_call_override", ("roster_id", "ends_at")),
    ("shift_of_roster", "on_call_shift", ("roster_id", "ends_at")),
    ("hours_of_policy", "policy_hours", ("policy_id", "ends_at")),
    ("rotation_of_roster", "rotation", ("roster_id",)),
    ("time_off_of_person", "time_off", ("person_id",)),
    ("delivery_of_incident", "delivery", ("incident_id",)),
    ("delivery_of_page", "delivery", ("page_id",)),
    ("attempt_of_delivery", "delivery_attempt", ("delivery_id",)),
    ("attempt_of_incident", "delivery_attempt", ("incident_id",)),
    ("page_of_incident", "page", ("incident_id",)),
    ("recipient_of_incident", "page_recipient", ("incident_id",)),
    ("recipient_of_page", "page_recipient", ("page_id",)),
    ("page_step_of_incident", "page_step", ("incident_id",)),
)


def upgrade() -> None:
    """Create the tables, their unique keys and the indexes that each database wants."""
    create_tables(TABLES, UNIQUE, INDEXES)
