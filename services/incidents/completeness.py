"""Guards that ask of a write-set what the rules ask of a command: reasons, names, counts."""

from services.incidents.incident import Escalation, Incident
from services.people.person import AGENTS, Role
from services.sync.guards import BY_IMPORT, Guard

_AGENTS = ", ".join(f"'{role.value}'" for role in sorted(AGENTS, key=lambda role: role.value))

_INCOMPLETE = "NEW.summary = '' OR (NEW.caller_id IS NULL AND NEW.monitoring_source = '')"

_HOLDS_ITSELF = "submitting.act = 'HoldIncident' AND submitting.on_behalf_of = ''"
_HOLD_INCOMPLETE = (
    "NEW.follow_up_at IS NULL OR (NEW.on_hold_reason = 'caller'"
    " AND NOT EXISTS (SELECT 1 FROM note n WHERE n.id = derived_id(submitting.command_id,"
    " 'note') AND n.incident_id = NEW.id AND n.kind = 'reply'))"
)

_NO_AGENT = f"NOT EXISTS (SELECT 1 FROM actor_role a WHERE a.role IN ({_AGENTS}) OR {BY_IMPORT})"

_HELD_AGAIN = "OLD.state = 'on_hold' AND NEW.state = 'on_hold' AND submitting.act = 'HoldIncident'"

_STAYS = (
    "NEW.state = OLD.state AND submitting.act IN ('StartIncident', 'ResumeIncident',"
    " 'ResolveIncident', 'ReopenIncident', 'CloseIncident', 'CancelIncident', 'HoldIncident')"
)
_MOVES_NOTHING = (
    "NOT (submitting.act = 'HoldIncident' AND OLD.state = 'on_hold')"
    " AND NOT (submitting.act = 'StartIncident' AND OLD.state = 'in_progress'"
    " AND OLD.accepted_at IS NULL AND OLD.escalation_state IS DISTINCT FROM 'offered'"
    f" AND EXISTS (SELECT 1 FROM actor_role a WHERE a.role IN ({_AGENTS})))"
)

_NOT_OPEN = (
    "NOT EXISTS (SELECT 1 FROM incident i WHERE i.id = NEW.incident_id AND (i.state IN"
    " ('in_progress', 'on_hold') OR (i.state = 'new' AND NEW.kind = 'hierarchical')))"
)

_CANCEL_INCOMPLETE = (
    "NEW.state = 'cancelled' AND NOT NEW.is_imported AND (NEW.cancel_reason IS NULL"
    " OR (NEW.cancel_reason = 'duplicate' AND (NEW.duplicate_of_id IS NULL"
    " OR NEW.duplicate_of_id = NEW.id)))"
)

_MISCOUNTED = (
    "NEW.reopen_count <> OLD.reopen_count"
    " + CASE WHEN submitting.act = 'ReopenIncident' THEN 1 ELSE 0 END"
    " AND submitting.act NOT IN ('UndoAct', 'RecordImportedState')"
)

_SEVERITY_UNEXPLAINED = (
    "NEW.severity IS DISTINCT FROM OLD.severity AND OLD.severity IS NOT NULL"
    " AND submitting.act <> 'UndoAct' AND submitting.remark = ''"
)

_NOT_YOURS_TO_RESTRICT = (
    "OLD.opened_by_id <> submitting.actor_id"
    " AND OLD.owner_id IS DISTINCT FROM submitting.actor_id"
    " AND OLD.assignee_id IS DISTINCT FROM submitting.actor_id"
    " AND NOT EXISTS (SELECT 1 FROM actor_role a"
    f" WHERE a.role = '{Role.INCIDENT_MANAGER.value}')"
)

_RESTRICTION_UNEXPLAINED = (
    "NEW.is_confidential <> OLD.is_confidential AND submitting.act <> 'UndoAct'"
    " AND (submitting.act <> 'RestrictIncident' OR submitting.remark = '')"
)

_OWN_PARENT = (
    "NEW.parent_id IS NOT NULL AND NEW.id IN (WITH RECURSIVE above(id) AS"
    " (SELECT NEW.parent_id UNION SELECT i.parent_id FROM incident i"
    " JOIN above a ON i.id = a.id WHERE i.parent_id IS NOT NULL) SELECT id FROM above)"
)
"""Two desks may each link one half of a ring; neither sees the other's half."""

_DRILL_AND_REAL = (
    "EXISTS (SELECT 1 FROM incident p WHERE p.id = NEW.parent_id AND p.is_drill <> NEW.is_drill)"
)


def completeness_guards() -> tuple[Guard, ...]:
    """Guards of what an act has to bring besides its new state."""
    return (*_of_incidents(), *_of_parents(), *_of_escalations())


def _of_incidents() -> tuple[Guard, ...]:
    table = Incident.TABLE
    return (
        Guard("incident_complete_insert", table, "INSERT", _INCOMPLETE, "field-missing"),
        Guard("incident_complete", table, "UPDATE", _INCOMPLETE, "field-missing"),
        Guard(
            "incident_hold_complete",
            table,
            "UPDATE",
            _HOLD_INCOMPLETE,
            "field-missing",
            when=_HOLDS_ITSELF,
        ),
        Guard(
            "incident_moves", table, "UPDATE", _MOVES_NOTHING, "transition-not-allowed", when=_STAYS
        ),
        Guard("incident_held_again", table, "UPDATE", _NO_AGENT, "role-missing", when=_HELD_AGAIN),
        Guard("incident_cancelled", table, "UPDATE", _CANCEL_INCOMPLETE, "field-missing"),
        Guard(
            "incident_reopened",
            table,
            "UPDATE OF state",
            "NEW.state <> OLD.state AND submitting.act = 'ReopenIncident'"
            " AND submitting.remark = ''",
            "field-missing",
        ),
        Guard("incident_reopen_count", table, "UPDATE", _MISCOUNTED, "column-is-fixed"),
        Guard(
            "incident_severity", table, "UPDATE OF severity", _SEVERITY_UNEXPLAINED, "field-missing"
        ),
        Guard(
            "incident_restricted",
            table,
            "UPDATE OF is_confidential",
            _NOT_YOURS_TO_RESTRICT,
            "not-yours-to-restrict",
            when="NEW.is_confidential <> OLD.is_confidential",
        ),
        Guard(
            "incident_restriction",
            table,
            "UPDATE OF is_confidential",
            _RESTRICTION_UNEXPLAINED,
            "field-missing",
        ),
        _own_name(table, "resolved_by_id"),
        Guard(
            "note_text",
            "note",
            "INSERT",
            "NEW.text = '' AND NEW.kind <> 'contact_attempt'",
            "field-missing",
        ),
    )


def _of_parents() -> tuple[Guard, ...]:
    table, linking = Incident.TABLE, "UPDATE OF parent_id"
    is_linked = "NEW.parent_id IS NOT NULL"
    apart = _DRILL_AND_REAL, "drill-and-real", is_linked
    return (
        Guard("incident_parent", table, linking, _OWN_PARENT, "would-be-own-parent"),
        Guard("incident_under_drill_insert", table, "INSERT", *apart),
        Guard("incident_under_drill", table, linking, *apart),
    )


def _of_escalations() -> tuple[Guard, ...]:
    table = Escalation.TABLE
    return (
        Guard(
            "escalation_moves",
            table,
            "UPDATE",
            "NEW.state = OLD.state AND submitting.act IN ('AcceptEscalation', 'RejectEscalation',"
            " 'HandBackEscalation', 'RecallEscalation', 'AnswerEscalation', 'WithdrawEscalation')",
            "not-escalated",
        ),
        Guard("escalation_open", table, "INSERT", _NOT_OPEN, "transition-not-allowed"),
        Guard(
            "escalation_remark",
            table,
            "UPDATE OF state",
            "NEW.state <> OLD.state AND NEW.end_remark = ''"
            " AND NEW.state IN ('rejected', 'handed_back', 'recalled', 'answered')",
            "field-missing",
        ),
        _own_name(table, "accepted_by_id"),
        _own_name(table, "ended_by_id"),
    )


def _own_name(table: str, column: str) -> Guard:
    """Who did something is who is acting; only undoing puts back a colleague's name."""
    return Guard(
        f"{table}_{column}",
        table,
        f"UPDATE OF {column}",
        f"NEW.{column} IS DISTINCT FROM OLD.{column} AND NEW.{column} IS NOT NULL"
        f" AND NEW.{column} <> submitting.actor_id AND submitting.act <> 'UndoAct'",
        "not-your-name",
    )
