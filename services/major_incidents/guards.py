"""The guards of major incidents: what the shared database lets commands do with a response."""

from collections.abc import Iterable, Iterator

from services.core.records import spec_of
from services.incidents.escalation_transitions import ESCALATION_TRANSITIONS
from services.incidents.incident import OPEN_STATES, Escalation, Incident, IncidentState
from services.incidents.transitions import TRANSITIONS
from services.major_incidents.drill_guards import drill_guards
from services.major_incidents.entries import DocumentEntry, ResponseEntry
from services.major_incidents.entry_guards import entry_guards
from services.major_incidents.major import (
    MajorIncident,
    MajorState,
    ResponseChannel,
    RoleHolding,
    WorkStream,
)
from services.major_incidents.permissions import IN_CHARGE
from services.major_incidents.transitions import (
    COMMANDING,
    DECIDING,
    HOLDING_TRANSITIONS,
    MAJOR_TRANSITIONS,
)
from services.people.person import AGENTS, Role
from services.sync.guards import Guard, HistoryOf, no_rule

HISTORIES = (
    HistoryOf(MajorIncident, "incident_id"),
    HistoryOf(RoleHolding, "incident_id"),
    HistoryOf(WorkStream, "incident_id"),
    HistoryOf(ResponseEntry, "incident_id"),
    HistoryOf(DocumentEntry, "incident_id"),
)

MISSING = "field-missing"

FIXED_IN_MAJORS = ("incident_id", "is_drill", "replay_of_id")
"""What proposing decides once and for all."""

FIXED_IN_HOLDINGS = (
    *("major_id", "incident_id", "role", "title", "duties", "person_id", "work_stream_id"),
    *("offered_by_id", "offered_at", "relieves_id", "handover"),
)
"""What offering decides once and for all."""

FIXED_IN_PLACES = ("major_id", "incident_id")
"""What streams and channels keep."""

SAME_AS = {
    "TakeCommand": "StartIncident",
    "AcceptRole": "StartIncident",
    "ResolveMajorIncident": "ResolveIncident",
}
"""Acts on a response that take its incident where a plain act does, by the same rules."""

TOUCHING = ("ProposeMajorIncident", "AddSupportCase")
"""Acts that change of their incident only when it was changed."""

Row = tuple[str, str, str | None, str, str, int]


def rule_rows() -> list[Row]:
    """Rows of ``transition_rule``: entity, act, start, end, role, with parent."""
    own = [
        *_rows(MajorIncident.TABLE, MAJOR_TRANSITIONS),
        *_rows(RoleHolding.TABLE, HOLDING_TRANSITIONS),
    ]
    plain = [*_rows(Incident.TABLE, TRANSITIONS), *_rows(Escalation.TABLE, ESCALATION_TRANSITIONS)]
    as_plain = [(row[0], act, *row[2:]) for act, of in SAME_AS.items() for row in plain
                if row[1] == of]  # fmt: skip
    new = IncidentState.NEW.value
    drills = [(Incident.TABLE, "StartDrill", None, new, role, 0) for role in _values(DECIDING)]
    return [*own, *as_plain, *drills]


def _rows(table: str, transitions: Iterable[object]) -> Iterator[Row]:
    for t in transitions:
        start, end = t.start, t.end  # type: ignore[attr-defined]
        with_parent = int(getattr(t, "with_parent", False))
        for role in _values(t.roles):  # type: ignore[attr-defined]
            yield table, t.act, start.value if start else None, end.value, role, with_parent  # type: ignore[attr-defined]


def _values(roles: Iterable[Role]) -> list[str]:
    return sorted(role.value for role in roles)


def guards() -> tuple[Guard, ...]:
    """Every guard of major incidents and of what their responses write down."""
    return (
        *_proposing_guards(),
        *_fixed(MajorIncident.TABLE, FIXED_IN_MAJORS),
        *_deciding_guards(),
        *_ending_guards(),
        *drill_guards(),
        *_incident_guards(),
        *_offering_guards(),
        *_fixed(RoleHolding.TABLE, FIXED_IN_HOLDINGS),
        *_holding_guards(),
        *_places_guards(),
        *entry_guards(),
    )


def _fixed(table: str, columns: Iterable[str]) -> tuple[Guard, ...]:
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


def _listed(values: Iterable[str]) -> str:
    return ", ".join(f"'{value}'" for value in sorted(values))


_OPEN = _listed(state.value for state in OPEN_STATES)
_NO_DECIDER = (
    f"NOT EXISTS (SELECT 1 FROM actor_role a WHERE a.role IN ({_listed(_values(DECIDING))}))"
)
_NOT_IN_CHARGE = (
    "NOT EXISTS (SELECT 1 FROM actor_role a WHERE a.role IN"
    f" ({_listed(_values(COMMANDING))})) AND NOT EXISTS (SELECT 1 FROM role_holding h"
    " WHERE h.major_id = {0} AND h.state = 'held' AND h.person_id = submitting.actor_id"
    f" AND h.role IN ({_listed(role.value for role in IN_CHARGE)}))"
)
"""True where the actor does not lead the response of the major incident ``{0}``."""


def _proposing_guards() -> tuple[Guard, ...]:
    table = MajorIncident.TABLE
    later = ("resolved_at", "reviewed_at", "impact_ended_at")
    told = " OR ".join(f"NEW.{column} IS NOT NULL" for column in later)
    return (
        Guard("major_proposed", table, "INSERT", no_rule(table, "NULL"), "role-missing"),
        Guard(
            "major_proposer",
            table,
            "INSERT",
            "NEW.proposed_by_id <> submitting.actor_id OR NEW.decided_by_id <> submitting.actor_id",
            "not-your-name",
        ),
        Guard("major_new", table, "INSERT", told, "column-is-fixed"),
        Guard(
            "major_of_open_incident",
            table,
            "INSERT",
            "NOT EXISTS (SELECT 1 FROM incident i WHERE i.id = NEW.incident_id"
            f" AND i.state IN ({_OPEN}) AND i.is_drill = NEW.is_drill)",
            "major-moved-on",
        ),
    )


_TIMES_WRONG = (
    "NEW.detected_at < NEW.impact_started_at OR NEW.impact_ended_at < NEW.impact_started_at"
    " OR NEW.impact_ended_at < NEW.detected_at"
)

_UNRESOLVED = (
    "NEW.resolved_at IS NULL OR NEW.impact_ended_at IS NULL OR NEW.recovery = ''"
    " OR NEW.review_owner_id IS NULL OR NEW.review_due_at IS NULL"
)


def _deciding_guards() -> tuple[Guard, ...]:
    table = MajorIncident.TABLE
    moved = "NEW.state <> OLD.state"
    return (
        Guard(
            "major_moved",
            table,
            "UPDATE OF state",
            f"{moved} AND {no_rule(table, 'OLD.state')}",
            "role-missing",
        ),
        Guard(
            "major_proposed_again",
            table,
            "UPDATE OF state, proposed_by_id",
            "NEW.proposed_by_id <> submitting.actor_id",
            "not-your-name",
            when=f"({moved} AND NEW.state = 'proposed')"
            " OR NEW.proposed_by_id IS DISTINCT FROM OLD.proposed_by_id",
        ),
        Guard(
            "major_decider",
            table,
            "UPDATE OF state, decided_by_id",
            "NEW.decided_by_id IS DISTINCT FROM submitting.actor_id",
            "not-your-name",
            when="(NEW.state <> OLD.state AND OLD.state = 'proposed')"
            " OR (NEW.decided_by_id IS NOT NULL"
            " AND NEW.decided_by_id IS DISTINCT FROM OLD.decided_by_id)",
        ),
    )


def _ending_guards() -> tuple[Guard, ...]:
    """What a step of the procedure has to bring, and who takes the last ones."""
    table = MajorIncident.TABLE
    moved = "NEW.state <> OLD.state"
    return (
        Guard(
            "major_accepted",
            table,
            "UPDATE",
            "NEW.accepted_at IS NULL",
            MISSING,
            when=f"NEW.state = '{MajorState.ACCEPTED.value}'",
        ),
        Guard(
            "major_resolved",
            table,
            "UPDATE",
            _UNRESOLVED,
            MISSING,
            when="NEW.state IN ('resolved', 'reviewed')",
        ),
        Guard(
            "major_resolver",
            table,
            "UPDATE OF state",
            _NOT_IN_CHARGE.format("NEW.id"),
            "not-in-charge",
            when=f"{moved} AND NEW.state = 'resolved'",
        ),
        Guard(
            "major_reviewer",
            table,
            "UPDATE OF state",
            f"OLD.review_owner_id <> submitting.actor_id AND {_NO_DECIDER}",
            "not-in-charge",
            when=f"{moved} AND NEW.state = 'reviewed'",
        ),
        Guard("major_times_insert", table, "INSERT", _TIMES_WRONG, "impact-times-order"),
        Guard("major_times", table, "UPDATE", _TIMES_WRONG, "impact-times-order"),
    )


_OF_INCIDENT = tuple(
    column.name
    for column in spec_of(Incident).columns
    if column.name not in ("id", "version", "updated_at")
)


def _incident_guards() -> tuple[Guard, ...]:
    """What an incident owes to the procedure that is laid over it."""
    table = Incident.TABLE
    return (
        Guard(
            "incident_drill",
            table,
            "INSERT",
            "NEW.is_drill IS DISTINCT FROM (submitting.act = 'StartDrill')",
            "column-is-fixed",
        ),
        *_fixed(table, ("is_drill",)),
        Guard(
            "incident_touched",
            table,
            "UPDATE",
            " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in _OF_INCIDENT),
            "column-is-fixed",
            when=f"submitting.act IN ({_listed(TOUCHING)})",
        ),
        Guard(
            "incident_begun_by_agent",
            table,
            "UPDATE",
            f"NOT EXISTS (SELECT 1 FROM actor_role a WHERE a.role IN ({_listed(_values(AGENTS))}))",
            "role-missing",
            when="submitting.act = 'AcceptRole'",
        ),
        Guard(
            "incident_resolved_in_console",
            table,
            "UPDATE OF state",
            "EXISTS (SELECT 1 FROM major_incident m WHERE m.incident_id = NEW.id"
            " AND m.state = 'accepted')",
            "major-still-open",
            when="NEW.state = 'resolved' AND OLD.state <> 'resolved'",
        ),
    )


_RESPONSE_MISSING = (
    "NOT EXISTS (SELECT 1 FROM major_incident m WHERE m.id = NEW.major_id"
    " AND m.incident_id = NEW.incident_id AND m.state = 'accepted')"
)


def _offering_guards() -> tuple[Guard, ...]:
    table = RoleHolding.TABLE
    return (
        Guard("role_offered", table, "INSERT", no_rule(table, "NULL"), "role-missing"),
        Guard(
            "role_offerer",
            table,
            "INSERT",
            "NEW.offered_by_id <> submitting.actor_id",
            "not-your-name",
        ),
        Guard("role_of_response", table, "INSERT", _RESPONSE_MISSING, "major-moved-on"),
        Guard("role_named", table, "INSERT", "NEW.role = 'own' AND NEW.title = ''", MISSING),
        Guard(
            "role_command_offered",
            table,
            "INSERT",
            f"{_NOT_IN_CHARGE.format('NEW.major_id')} AND {_NO_DECIDER}",
            "not-in-charge",
            when="NEW.role = 'incident_manager' AND NEW.state = 'offered'",
        ),
        Guard(
            "role_command_taken",
            table,
            "INSERT",
            "NEW.role <> 'incident_manager'",
            "role-missing",
            when="NEW.state = 'held'",
        ),
    )


_SECOND = (
    "NEW.role = 'incident_manager' AND EXISTS (SELECT 1 FROM role_holding h"
    " WHERE h.major_id = NEW.major_id AND h.role = NEW.role AND h.state = 'held'"
    " AND h.id <> NEW.id)"
)
_BY_ITSELF = _listed(("EndRole", "AcceptRole", "DeclineRole", "OfferRole"))


def _holding_guards() -> tuple[Guard, ...]:
    table = RoleHolding.TABLE
    moved = "NEW.state <> OLD.state"
    takes = "NEW.state IN ('held', 'declined')"
    manages = "OLD.role = 'incident_manager' AND OLD.state = 'held'"
    succeeds = (
        "NOT (submitting.act = 'AcceptRole' AND EXISTS (SELECT 1 FROM role_holding h"
        " WHERE h.major_id = OLD.major_id AND h.role = OLD.role AND h.state = 'offered'"
        " AND h.person_id = submitting.actor_id))"
    )
    not_theirs = "OLD.person_id <> submitting.actor_id AND OLD.offered_by_id <> submitting.actor_id"
    return (
        Guard(
            "role_moved",
            table,
            "UPDATE OF state",
            f"{moved} AND {no_rule(table, 'OLD.state')}",
            "role-missing",
        ),
        Guard(
            "role_taken",
            table,
            "INSERT",
            "NEW.person_id <> submitting.actor_id",
            "not-your-name",
            when=takes,
        ),
        Guard(
            "role_answered",
            table,
            "UPDATE OF state",
            "NEW.person_id <> submitting.actor_id",
            "not-your-name",
            when=f"{moved} AND {takes} AND submitting.act <> 'UndoAct'",
        ),
        Guard("role_one_manager", table, "INSERT", _SECOND, "command-held",
              when="NEW.state = 'held'"),
        Guard("role_one_manager_more", table, "UPDATE OF state", _SECOND, "command-held",
              when="NEW.state = 'held'"),
        Guard("role_command_stays", table, "UPDATE OF state", succeeds, "command-stays",
              when=f"{moved} AND {manages} AND submitting.act IN ({_BY_ITSELF})"),
        Guard(
            "role_ended",
            table,
            "UPDATE OF state",
            f"{not_theirs} AND {_NOT_IN_CHARGE.format('OLD.major_id')} AND {_NO_DECIDER}",
            "not-in-charge",
            when=f"{moved} AND submitting.act = 'EndRole'",
        ),
    )  # fmt: skip


def _places_guards() -> Iterator[Guard]:
    for record in (WorkStream, ResponseChannel):
        table = record.TABLE
        yield Guard(f"{table}_of_response", table, "INSERT", _RESPONSE_MISSING, "major-moved-on")
        yield from _fixed(table, FIXED_IN_PLACES)
