"""The guards of rosters and policies: who plans what, and that somebody is left to be called."""

from services.on_call.permissions import KEEPERS
from services.on_call.policy import EscalationPolicy, EscalationStep
from services.on_call.policy_acts import TARGETS
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
from services.people.person import Person, Role
from services.sync.guards import Guard

_KEEPERS = ", ".join(sorted(f"'{role.value}'" for role in KEEPERS))
IS_KEEPER = f"EXISTS (SELECT 1 FROM actor_role a WHERE a.role IN ({_KEEPERS}))"


def _leads(team_id: str) -> str:
    return (
        f"EXISTS (SELECT 1 FROM team t WHERE t.id = {team_id}"
        " AND t.lead_id = submitting.actor_id AND t.is_active)"
    )


def _leads_roster(roster_id: str) -> str:
    return (
        "EXISTS (SELECT 1 FROM roster r JOIN team t ON t.id = r.team_id"
        f" WHERE r.id = {roster_id} AND t.lead_id = submitting.actor_id AND t.is_active)"
    )


def _works_in_roster(roster_id: str) -> str:
    return (
        "EXISTS (SELECT 1 FROM roster r JOIN team_member m ON m.team_id = r.team_id"
        f" WHERE r.id = {roster_id} AND m.person_id = submitting.actor_id AND m.is_active)"
    )


def _plans_for_others(roster_id: str) -> str:
    return f"({IS_KEEPER} OR {_leads_roster(roster_id)} OR {_works_in_roster(roster_id)})"


def _changes(columns: tuple[str, ...]) -> str:
    return " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in columns)


def _fixed(table: str, columns: tuple[str, ...]) -> Guard:
    return Guard(f"{table}_fixed", table, "UPDATE", _changes(columns), "column-is-fixed")


SOMEBODY = "LIKE '%-%'"
"""True of a list with an id in it, however it is written."""

MANNED = (
    "SELECT 1 FROM roster c JOIN rotation o ON o.roster_id = c.id WHERE c.is_catch_all"
    f" AND c.is_active AND o.is_active AND o.person_ids {SOMEBODY}"
)
"""Rotations that keep the catch-all roster ``c`` manned, ``o`` being each."""


def guards() -> tuple[Guard, ...]:
    """Every guard of rosters, of what departs from them, and of policies."""
    return (
        *_roster_guards(),
        _catch_all_person(),
        *_override_guards(),
        *_swap_guards(),
        *_own_guards(),
        *_shift_guards(),
        *_policy_guards(),
    )


def _roster_guards() -> tuple[Guard, ...]:
    roster, rotation = Roster.TABLE, Rotation.TABLE
    not_keeper = f"NOT ({IS_KEEPER} OR {_leads('NEW.team_id')})"
    not_lead = f"NOT ({IS_KEEPER} OR {_leads_roster('NEW.roster_id')})"
    kept = ("name", "team_id", "time_zone", "is_catch_all", "is_active")
    return (
        Guard("roster_added", roster, "INSERT", not_keeper, "not-yours-to-plan"),
        Guard(
            "roster_changed",
            roster,
            f"UPDATE OF {', '.join(kept)}",
            f"({_changes(kept)}) AND NOT ({IS_KEEPER}"
            f" OR ({_leads('NEW.team_id')} AND {_leads('OLD.team_id')}))",
            "not-yours-to-plan",
        ),
        Guard(
            "roster_marked",
            roster,
            "INSERT",
            f"NEW.is_catch_all AND NOT {IS_KEEPER}",
            "not-yours-to-plan",
        ),
        Guard(
            "roster_remarked",
            roster,
            "UPDATE OF is_catch_all",
            f"NEW.is_catch_all <> OLD.is_catch_all AND NOT {IS_KEEPER}",
            "not-yours-to-plan",
        ),
        Guard(
            "roster_catch_all",
            roster,
            "UPDATE OF is_catch_all, is_active",
            "OLD.is_catch_all AND OLD.is_active AND NOT (NEW.is_catch_all AND NEW.is_active)"
            f" AND NOT EXISTS ({MANNED} AND c.id <> NEW.id)",
            "catch-all-needed",
        ),
        *(
            Guard(f"{table}_{what}", table, event, not_lead, "not-yours-to-plan")
            for table in (rotation, Holiday.TABLE)
            for what, event in (("added", "INSERT"), ("changed", "UPDATE"))
        ),
        Guard(
            "rotation_catch_all",
            rotation,
            "UPDATE OF is_active, person_ids",
            f"OLD.is_active AND OLD.person_ids {SOMEBODY}"
            f" AND NOT (NEW.is_active AND NEW.person_ids {SOMEBODY})"
            " AND EXISTS (SELECT 1 FROM roster c WHERE c.id = NEW.roster_id"
            f" AND c.is_catch_all AND c.is_active) AND NOT EXISTS ({MANNED} AND o.id <> NEW.id)",
            "catch-all-needed",
        ),
        _fixed(rotation, ("roster_id",)),
        _fixed(Holiday.TABLE, ("roster_id", "on_date")),
    )


def _catch_all_person() -> Guard:
    takes_turns = (
        "EXISTS (SELECT 1 FROM roster c JOIN rotation o ON o.roster_id = c.id JOIN person q"
        " ON o.person_ids LIKE '%' || CAST(q.id AS TEXT) || '%' WHERE c.is_catch_all"
        " AND c.is_active AND o.is_active AND q.is_active AND q.id {} NEW.id)"
    )
    was_one = takes_turns.format("=").replace(" AND q.is_active", "")
    return Guard(
        "person_of_catch_all",
        Person.TABLE,
        "UPDATE OF is_active",
        f"{was_one} AND NOT {takes_turns.format('<>')}",
        "catch-all-needed",
        when="OLD.is_active AND NOT NEW.is_active",
    )


_OF_SWAP = (
    "EXISTS (SELECT 1 FROM shift_swap s WHERE s.id = NEW.swap_id AND s.state = 'accepted'"
    " AND s.accepted_by_id = submitting.actor_id AND s.roster_id = NEW.roster_id AND ("
    "(NEW.person_id = s.accepted_by_id AND NEW.replaced_person_id = s.offered_by_id"
    " AND NEW.starts_at = s.starts_at AND NEW.ends_at = s.ends_at)"
    " OR (NEW.person_id = s.offered_by_id AND NEW.replaced_person_id = s.accepted_by_id"
    " AND NEW.starts_at = s.return_starts_at AND NEW.ends_at = s.return_ends_at)))"
)


def _override_guards() -> tuple[Guard, ...]:
    table = Override.TABLE
    comes_themself = "COALESCE(NEW.person_id = submitting.actor_id AND NEW.kind <> 'remove', FALSE)"
    others = _plans_for_others("NEW.roster_id")
    own = "submitting.actor_id IN (OLD.created_by_id, OLD.person_id)"
    swapped = (
        "EXISTS (SELECT 1 FROM shift_swap s WHERE s.id = OLD.swap_id AND s.state = 'withdrawn'"
        " AND submitting.actor_id IN (s.offered_by_id, s.accepted_by_id))"
    )
    fixed = (
        *("roster_id", "kind", "person_id", "replaced_person_id", "is_backup", "starts_at"),
        *("ends_at", "created_by_id", "created_at", "reason", "swap_id"),
    )
    return (
        Guard(
            "override_planned",
            table,
            "INSERT",
            f"NOT ({comes_themself} OR {others} OR {_OF_SWAP})",
            "not-yours-to-plan",
        ),
        Guard(
            "override_author",
            table,
            "INSERT",
            "NEW.created_by_id <> submitting.actor_id",
            "not-your-name",
        ),
        Guard(
            "override_span",
            table,
            "INSERT",
            "NEW.starts_at >= NEW.ends_at OR NEW.ends_at <= submitting.happened_at",
            "span-invalid",
        ),
        Guard(
            "override_cancelled",
            table,
            "UPDATE",
            f"NOT (COALESCE({own}, FALSE) OR {others} OR {swapped})",
            "not-yours-to-plan",
        ),
        _fixed(table, fixed),
    )


def _swap_guards() -> tuple[Guard, ...]:
    table = ShiftSwap.TABLE
    by_offerer = "OLD.offered_by_id = submitting.actor_id"
    by_asked = "OLD.to_person_id = submitting.actor_id"
    accepts = (
        "OLD.state = 'open' AND NEW.state = 'accepted' AND NEW.accepted_by_id ="
        f" submitting.actor_id AND NOT {by_offerer}"
        f" AND (OLD.to_person_id IS NULL OR {by_asked})"
    )
    declines = f"OLD.state = 'open' AND NEW.state = 'declined' AND {by_asked}"
    withdraws = (
        "OLD.state IN ('open', 'accepted') AND NEW.state = 'withdrawn'"
        f" AND ({by_offerer} OR OLD.accepted_by_id = submitting.actor_id OR {IS_KEEPER})"
    )
    fixed = (
        *("roster_id", "offered_by_id", "offered_at", "to_person_id", "starts_at", "ends_at"),
        *("return_starts_at", "return_ends_at", "reason"),
    )
    return (
        Guard(
            "swap_offered",
            table,
            "INSERT",
            "NEW.offered_by_id <> submitting.actor_id OR NEW.state <> 'open'"
            " OR NEW.accepted_by_id IS NOT NULL",
            "not-your-name",
        ),
        Guard(
            "swap_answered",
            table,
            "UPDATE",
            f"NOT COALESCE(({accepts}) OR ({declines}) OR ({withdraws}), FALSE)",
            "not-yours-to-plan",
        ),
        Guard(
            "swap_in_time",
            table,
            "UPDATE OF state",
            "OLD.state = 'open' AND NEW.state = 'accepted'"
            " AND OLD.starts_at <= submitting.happened_at",
            "swap-not-open",
        ),
        _fixed(table, fixed),
    )


def _own_guards() -> tuple[Guard, ...]:
    table, note = TimeOff.TABLE, HandoverNote.TABLE
    not_own = f"NEW.person_id <> submitting.actor_id AND NOT {IS_KEEPER}"
    return (
        Guard("time_off_added", table, "INSERT", not_own, "not-yours-to-plan"),
        Guard("time_off_changed", table, "UPDATE", not_own, "not-yours-to-plan"),
        _fixed(table, ("person_id", "starts_at", "ends_at", "reason")),
        Guard(
            "handover_note_author",
            note,
            "INSERT",
            "NEW.written_by_id <> submitting.actor_id OR NEW.text = ''",
            "not-your-name",
        ),
        Guard("handover_note_kept", note, "UPDATE", "1 = 1", "records-are-kept"),
    )


_EXTENDS = f"EXISTS (SELECT 1 FROM actor_role a WHERE a.role = '{Role.DISPATCHER.value}')"
_MEETS = "{0}.starts_at <= OLD.ends_at AND {0}.ends_at >= OLD.starts_at"
_HAS_EXCEPTION = (
    "EXISTS (SELECT 1 FROM on_call_override v WHERE v.roster_id = NEW.roster_id"
    " AND submitting.actor_id IN (v.created_by_id, v.person_id, v.replaced_person_id)"
    f" AND {_MEETS.format('v')})"
)
_HAS_TIME_OFF = (
    "EXISTS (SELECT 1 FROM time_off f WHERE f.person_id = submitting.actor_id"
    f" AND {_MEETS.format('f')})"
)
"""Somebody who may not plan for others changes their shifts only where what they may do, an
exception or time off of their own, meets them."""


def _shift_guards() -> tuple[Guard, ...]:
    table = OnCallShift.TABLE
    unfounded = (
        "NOT EXISTS (SELECT 1 FROM rotation o WHERE o.id = NEW.rotation_id AND o.is_active"
        " AND o.roster_id = NEW.roster_id"
        " AND o.person_ids LIKE '%' || CAST(NEW.person_id AS TEXT) || '%')"
        " AND NOT EXISTS (SELECT 1 FROM on_call_override v WHERE v.id = NEW.override_id"
        " AND v.roster_id = NEW.roster_id AND v.person_id = NEW.person_id AND NOT v.is_cancelled"
        " AND v.starts_at <= NEW.starts_at AND v.ends_at >= NEW.ends_at)"
    )
    return (
        Guard(
            "shift_founded",
            table,
            "INSERT",
            f"NEW.starts_at >= NEW.ends_at OR ({unfounded})",
            "shift-unfounded",
        ),
        Guard(
            "shift_revived",
            table,
            "UPDATE",
            unfounded,
            "shift-unfounded",
            when="NOT NEW.is_cancelled AND (OLD.is_cancelled OR NEW.ends_at > OLD.ends_at"
            " OR NEW.rotation_id IS DISTINCT FROM OLD.rotation_id"
            " OR NEW.override_id IS DISTINCT FROM OLD.override_id)",
        ),
        Guard(
            "shift_past",
            table,
            "UPDATE",
            "OLD.ends_at <= submitting.happened_at"
            " OR (OLD.starts_at < submitting.happened_at AND NEW.ends_at < submitting.happened_at)",
            "records-are-kept",
        ),
        Guard(
            "shift_dropped",
            table,
            "UPDATE",
            f"NOT ({_plans_for_others('NEW.roster_id')} OR {_EXTENDS} OR ({unfounded})"
            f" OR {_HAS_EXCEPTION} OR {_HAS_TIME_OFF})",
            "not-yours-to-plan",
            when="(NEW.is_cancelled AND NOT OLD.is_cancelled) OR NEW.ends_at < OLD.ends_at",
        ),
        _fixed(table, ("roster_id", "person_id", "is_backup", "starts_at")),
    )


def _policy_guards() -> tuple[Guard, ...]:
    policy, step = EscalationPolicy.TABLE, EscalationStep.TABLE
    calls = " OR ".join(f"{{}}.{name} {SOMEBODY}" for name in TARGETS)
    new_calls = calls.format(*["NEW"] * len(TARGETS))
    old_calls = calls.format(*["OLD"] * len(TARGETS))
    other_calls = calls.format(*["s"] * len(TARGETS))
    ends_in_nobody = (
        "NEW.is_active AND (NOT EXISTS (SELECT 1 FROM escalation_step s WHERE"
        f" s.policy_id = NEW.id AND s.is_active AND ({other_calls})) OR NOT EXISTS ({MANNED}))"
    )
    return (
        Guard("policy_added", policy, "INSERT", ends_in_nobody, "policy-ends-in-nobody"),
        Guard("policy_changed", policy, "UPDATE", ends_in_nobody, "policy-ends-in-nobody"),
        Guard(
            "step_taken_away",
            step,
            "UPDATE",
            f"OLD.is_active AND ({old_calls}) AND NOT (NEW.is_active AND ({new_calls}))"
            " AND NOT EXISTS (SELECT 1 FROM escalation_step s WHERE s.policy_id = NEW.policy_id"
            f" AND s.id <> NEW.id AND s.is_active AND ({other_calls}))",
            "policy-ends-in-nobody",
        ),
        _fixed(step, ("policy_id", "position")),
    )
