"""Tables of rosters and escalation policies."""

import sqlalchemy as sa

from services.core.tables import table_for
from services.on_call.policy import EscalationPolicy, EscalationStep, PolicyHours
from services.on_call.roster import (
    HandoverNote,
    Holiday,
    OnCallShift,
    Override,
    Roster,
    Rotation,
    ShiftSwap,
    TimeOff,
)

metadata = sa.MetaData()

roster = table_for(Roster, metadata, unique=[("name",)])
rotation = table_for(Rotation, metadata, indexes=[sa.Index("rotation_of_roster", "roster_id")])
override = table_for(
    Override, metadata, indexes=[sa.Index("override_of_roster", "roster_id", "ends_at")]
)
shift_swap = table_for(ShiftSwap, metadata)
time_off = table_for(TimeOff, metadata, indexes=[sa.Index("time_off_of_person", "person_id")])
holiday = table_for(Holiday, metadata, unique=[("roster_id", "on_date")])
handover_note = table_for(
    HandoverNote, metadata, indexes=[sa.Index("handover_of_roster", "roster_id", "handover_at")]
)
on_call_shift = table_for(
    OnCallShift, metadata, indexes=[sa.Index("shift_of_roster", "roster_id", "ends_at")]
)
escalation_policy = table_for(EscalationPolicy, metadata, unique=[("name",)])
escalation_step = table_for(
    EscalationStep, metadata, indexes=[sa.Index("step_of_policy", "policy_id")]
)
policy_hours = table_for(
    PolicyHours, metadata, indexes=[sa.Index("hours_of_policy", "policy_id", "ends_at")]
)
