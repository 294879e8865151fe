"""The guards of the incident practice, generated from the tables the rules read."""

from services.incidents.completeness import completeness_guards
from services.incidents.escalation_transitions import ESCALATION_TRANSITIONS
from services.incidents.incident import (
    FINAL_STATES,
    OPEN_ESCALATION_STATES,
    Escalation,
    Incident,
    IncidentState,
)
from services.incidents.lifecycle import ATTEMPT_DAYS_NEEDED, ATTEMPTS_NEEDED
from services.incidents.priority import FEWEST_CALLERS
from services.incidents.transitions import TRANSITIONS
from services.people.person import Tier
from services.sync.guards import Guard, HistoryOf, no_rule

HISTORIES = (HistoryOf(Incident, "id"), HistoryOf(Escalation, "incident_id"))

FIXED_COLUMNS = (
    "number",
    "opened_by_id",
    "created_at",
    "reported_at",
    "external_reference",
    "owner_team_id",
    "follow_up_of_id",
)
"""What logging decides once and for all."""

FIXED_IN_ESCALATIONS = (
    "incident_id",
    "kind",
    "from_team_id",
    "to_team_id",
    "to_person_id",
    "tried",
    "found",
    "need",
    "offered_by_id",
    "offered_at",
)
"""What offering decides once and for all."""


def rule_rows() -> list[tuple[str, str, str | None, str, str, int]]:
    """Rows of ``transition_rule``: entity, act, start, end, role, with parent."""
    states = [
        (
            Incident.TABLE,
            t.act,
            t.start.value if t.start else None,
            t.end.value,
            role.value,
            int(t.with_parent),
        )
        for t in TRANSITIONS
        for role in sorted(t.roles, key=lambda role: role.value)
    ]
    escalations = [
        (Escalation.TABLE, t.act, t.start.value if t.start else None, t.end.value, role.value, 0)
        for t in ESCALATION_TRANSITIONS
        for role in sorted(t.roles, key=lambda role: role.value)
    ]
    return states + escalations


def _listed(states: frozenset[IncidentState]) -> str:
    return ", ".join(f"'{state.value}'" for state in sorted(states, key=lambda s: s.value))


_WITH_PARENT = (
    " AND (r.with_parent = 0 OR EXISTS (SELECT 1 FROM incident p"
    " WHERE p.id = NEW.parent_id AND p.state = NEW.state))"
)


_OPEN_ESCALATIONS = ", ".join(f"'{s.value}'" for s in sorted(OPEN_ESCALATION_STATES, key=str))

_UNCONFIRMED = (
    "NEW.state = 'closed' AND OLD.state <> 'closed' AND NOT ("
    "(NEW.is_imported AND NEW.confirmation_method = 'not_recorded'"
    " AND (submitting.on_behalf_of <> '' OR submitting.act = 'RecordImportedState'))"
    " OR (NEW.confirmation_method IS NOT NULL"
    " AND NEW.confirmation_method NOT IN ('no_answer', 'not_recorded')"
    " AND NEW.confirmed_by <> '' AND NEW.confirmed_at IS NOT NULL)"
    " OR (NEW.confirmation_method = 'no_answer' AND"
    f" (SELECT count(*) >= {ATTEMPTS_NEEDED}"
    f" AND count(DISTINCT written_at / 86400000000) >= {ATTEMPT_DAYS_NEEDED}"
    " FROM note WHERE incident_id = NEW.id AND kind = 'contact_attempt')))"
)

_UNRESOLVED = (
    "NEW.state = 'resolved' AND (NEW.resolution_code IS NULL OR NEW.resolution = ''"
    " OR NEW.resolved_at IS NULL OR (NOT NEW.is_imported"
    " AND (NEW.category_id IS NULL OR NEW.service_id IS NULL)))"
)

_MISRANKED = (
    "NEW.priority IS NOT NULL AND NEW.priority_override_reason = ''"
    " AND NEW.priority IS DISTINCT FROM"
    " (SELECT CAST(substr(m.cells, 3 * (NEW.impact - 1) + NEW.urgency, 1) AS INTEGER)"
    " FROM priority_matrix m WHERE m.edition = NEW.matrix_edition)"
)

_NUMBER_NOT_RESERVED = (
    "NOT EXISTS (SELECT 1 FROM number_block b WHERE b.client_id = submitting.client_id"
    " AND NEW.number BETWEEN b.lo AND b.hi)"
)

_NOT_RECEIVING = (
    "NEW.state <> OLD.state AND submitting.act IN ('AcceptEscalation', 'RejectEscalation',"
    " 'HandBackEscalation') AND submitting.on_behalf_of = ''"
    " AND (NEW.state <> 'passed_on') AND NOT (OLD.state = 'passed_on')"
    " AND NOT EXISTS (SELECT 1 FROM team_member m WHERE m.team_id = OLD.to_team_id"
    " AND m.person_id = submitting.actor_id AND m.is_active)"
)


def guards() -> tuple[Guard, ...]:
    """Every guard of incidents, escalations, notes, history and the matrix."""
    return (
        *_logging_guards(),
        *_moving_guards(),
        *_closing_guards(),
        *_import_guards(),
        *_fixed(Incident.TABLE, FIXED_COLUMNS),
        *_record_guards(),
        *_escalation_guards(),
        *_fixed(Escalation.TABLE, FIXED_IN_ESCALATIONS),
        *completeness_guards(),
    )


def _fixed(table: str, columns: tuple[str, ...]) -> tuple[Guard, ...]:
    return tuple(
        Guard(
            f"{table}_fixed_{column}",
            table,
            f"UPDATE OF {column}",
            f"NEW.{column} IS DISTINCT FROM OLD.{column}",
            "column-is-fixed",
        )
        for column in columns
    )


def _logging_guards() -> tuple[Guard, ...]:
    table = Incident.TABLE
    return (
        Guard(
            "incident_logged", table, "INSERT", no_rule(table, "NULL", _WITH_PARENT), "role-missing"
        ),
        Guard("incident_number", table, "INSERT", _NUMBER_NOT_RESERVED, "number-not-reserved"),
        Guard(
            "incident_owner",
            table,
            "INSERT",
            "NOT EXISTS (SELECT 1 FROM team t WHERE t.id = NEW.owner_team_id"
            f" AND t.tier = {Tier.SERVICE_DESK.value})",
            "owner-not-service-desk",
        ),
        Guard(
            "incident_opener",
            table,
            "INSERT",
            "NEW.opened_by_id <> submitting.actor_id",
            "not-your-name",
        ),
        Guard("incident_ranked_insert", table, "INSERT", _MISRANKED, "priority-not-by-matrix"),
    )


def _moving_guards() -> tuple[Guard, ...]:
    table, final = Incident.TABLE, _listed(FINAL_STATES)
    return (
        Guard(
            "incident_final",
            table,
            "UPDATE",
            f"OLD.state IN ({final})"
            " AND submitting.act <> 'CorrectImportedRecord'"
            " AND NOT (submitting.act = 'RecordImportedState' AND NEW.state <> OLD.state)",
            "incident-is-final",
        ),
        Guard(
            "incident_moved",
            table,
            "UPDATE OF state",
            f"NEW.state <> OLD.state AND {no_rule(table, 'OLD.state', _WITH_PARENT)}",
            "role-missing",
        ),
        Guard(
            "incident_held",
            table,
            "UPDATE",
            "NEW.state = 'on_hold' AND NEW.on_hold_reason IS NULL AND NOT NEW.is_imported",
            "field-missing",
        ),
        Guard("incident_resolved", table, "UPDATE", _UNRESOLVED, "field-missing"),
        Guard(
            "incident_ranked",
            table,
            "UPDATE OF priority, impact, urgency, matrix_edition, priority_override_reason",
            _MISRANKED,
            "priority-not-by-matrix",
        ),
    )


def _closing_guards() -> tuple[Guard, ...]:
    table = Incident.TABLE
    return (
        Guard(
            "incident_handed_back",
            table,
            "UPDATE OF state",
            "NEW.state = 'closed' AND OLD.state <> 'closed' AND EXISTS (SELECT 1 FROM escalation e"
            f" WHERE e.incident_id = NEW.id AND e.state IN ({_OPEN_ESCALATIONS}))",
            "not-handed-back",
        ),
        Guard("incident_confirmed", table, "UPDATE OF state", _UNCONFIRMED, "not-confirmed"),
        Guard(
            "incident_closer",
            table,
            "UPDATE OF state",
            "NEW.state = 'closed' AND OLD.state <> 'closed'"
            " AND NEW.closed_by_id IS DISTINCT FROM submitting.actor_id",
            "not-your-name",
        ),
    )


def _import_guards() -> tuple[Guard, ...]:
    table = Incident.TABLE
    return (
        Guard(
            "incident_import_logged",
            table,
            "INSERT",
            "NEW.is_imported AND submitting.on_behalf_of = ''",
            "role-missing",
        ),
        Guard(
            "incident_import_corrected",
            table,
            "UPDATE",
            "submitting.act = 'CorrectImportedRecord'"
            " AND (NOT OLD.is_imported OR NEW.state <> OLD.state)",
            "role-missing",
        ),
        Guard(
            "incident_import_mark",
            table,
            "UPDATE OF is_imported",
            "NEW.is_imported <> OLD.is_imported"
            " AND NOT EXISTS (SELECT 1 FROM actor_role a WHERE a.role = 'administrator')",
            "role-missing",
        ),
    )


def _record_guards() -> tuple[Guard, ...]:
    return (
        Guard(
            "note_author", "note", "INSERT", "NEW.author_id <> submitting.actor_id", "not-your-name"
        ),
        Guard(
            "note_of_incident",
            "note",
            "INSERT",
            "NOT EXISTS (SELECT 1 FROM incident WHERE id = NEW.incident_id)",
            "record-missing",
        ),
        Guard("note_kept", "note", "UPDATE", "1 = 1", "records-are-kept"),
        Guard("history_kept", "history_entry", "UPDATE", "1 = 1", "records-are-kept"),
        Guard(
            "matrix_kept",
            "priority_matrix",
            "UPDATE OF cells, edition, callers_of_major",
            "1 = 1",
            "records-are-kept",
        ),
        Guard(
            "matrix_callers",
            "priority_matrix",
            "INSERT",
            f"NEW.callers_of_major < {FEWEST_CALLERS}",
            "invalid-text",
        ),
    )


def _escalation_guards() -> tuple[Guard, ...]:
    table = Escalation.TABLE
    return (
        Guard("escalation_offered", table, "INSERT", no_rule(table, "NULL"), "role-missing"),
        Guard(
            "escalation_offerer",
            table,
            "INSERT",
            "NEW.offered_by_id <> submitting.actor_id",
            "not-your-name",
        ),
        Guard(
            "escalation_complete",
            table,
            "INSERT",
            "NEW.reason = '' OR NEW.need = ''"
            " OR (NEW.kind = 'functional' AND (NEW.tried = '' OR NEW.found = ''))",
            "field-missing",
        ),
        Guard(
            "escalation_moved",
            table,
            "UPDATE OF state",
            f"NEW.state <> OLD.state AND {no_rule(table, 'OLD.state')}",
            "role-missing",
        ),
        Guard("escalation_receiver", table, "UPDATE OF state", _NOT_RECEIVING, "not-your-team"),
    )
