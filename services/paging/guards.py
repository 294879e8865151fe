"""The guards of pages: what the shared database lets commands do with what it leads itself."""

from services.incidents.incident import OPEN_STATES
from services.paging.lifecycle import SNOOZE_LIMITS_S
from services.paging.page import Page, PageRecipient
from services.paging.transitions import COMMANDED, OWN_ACTS, PAGE_TRANSITIONS
from services.sync.guards import Guard, HistoryOf, no_rule

HISTORIES = (HistoryOf(Page, "incident_id", frozenset({"id", "version", "due_at", "rounds_from"})),)

ASKED_ONCE = (
    "incident_id",
    "policy_id",
    "to_team_id",
    "to_person_ids",
    "reason",
    "opened_by_id",
    "opened_at",
)
"""What asking for a page decides once and for all."""

LED_COLUMNS = (
    "started_at",
    "round",
    "position",
    "rounds_from",
    "is_catch_all",
    "is_everyone",
    "repeat_count",
    "acknowledge_timeout_s",
)
"""What only the shared database itself decides."""

_OWN = ", ".join(sorted(f"'{act}'" for act in OWN_ACTS))
_OPEN = ", ".join(sorted(f"'{state.value}'" for state in OPEN_STATES))
_COMMANDED = ", ".join(f"'{act}'" for act in COMMANDED)
_NAMES_NOBODY = "NEW.to_team_id IS NULL AND NEW.to_person_ids = '[]'"
"""True of a page that asks whoever manages major incidents."""

_BY_COMMAND = f"submitting.act NOT IN ({_OWN})"


def rule_rows() -> list[tuple[str, str, str | None, str, str, int]]:
    """Rows of ``transition_rule``: entity, act, start, end, role, with parent."""
    return [
        (Page.TABLE, t.act, t.start.value if t.start else None, t.end.value, role.value, 0)
        for t in PAGE_TRANSITIONS
        for role in sorted(t.roles, key=lambda role: role.value)
    ]


def guards() -> tuple[Guard, ...]:
    """Every guard of pages and of the rows that follow from them."""
    return (
        *_asking_guards(),
        *_fixed_guards(),
        *_timing_guards(),
        *_moving_guards(),
        *_answering_guards(),
    )


def _asking_guards() -> tuple[Guard, ...]:
    table = Page.TABLE
    begun = " OR ".join(f"NEW.{c} <> {d}" for c, d in _BEGINNING)
    absent = ("started_at", "due_at", "acknowledged_by_id", "acknowledged_at", "reopens_at")
    told = " OR ".join(f"NEW.{c} IS NOT NULL" for c in (*absent, "ended_at"))
    return (
        Guard("page_asked", table, "INSERT", no_rule(table, "NULL"), "role-missing"),
        Guard(
            "page_asker",
            table,
            "INSERT",
            "NEW.opened_by_id <> submitting.actor_id",
            "not-your-name",
        ),
        Guard("page_new", table, "INSERT", f"{begun} OR {told}", "column-is-fixed"),
        Guard(
            "page_for_somebody",
            table,
            "INSERT",
            f"{_NAMES_NOBODY} AND submitting.act <> 'AcceptMajorIncident'",
            "page-for-nobody",
        ),
        Guard(
            "page_of_open_incident",
            table,
            "INSERT",
            "NOT EXISTS (SELECT 1 FROM incident i WHERE i.id = NEW.incident_id"
            f" AND i.state IN ({_OPEN}))",
            "page-for-nobody",
        ),
    )


_BEGINNING = (
    ("round", "0"),
    ("position", "-1"),
    ("rounds_from", "0"),
    ("repeat_count", "0"),
    ("acknowledge_timeout_s", "0"),
    ("snooze_s", "0"),
    ("is_catch_all", "false"),
    ("is_everyone", "false"),
    ("is_urged", "false"),
)


def _fixed_guards() -> tuple[Guard, ...]:
    table = Page.TABLE
    return tuple(
        Guard(
            f"page_fixed_{column}",
            table,
            f"UPDATE OF {column}",
            f"NEW.{column} IS DISTINCT FROM OLD.{column}",
            "column-is-fixed",
            when="" if column in ASKED_ONCE else _BY_COMMAND,
        )
        for column in (*ASKED_ONCE, *LED_COLUMNS)
    )


def _timing_guards() -> tuple[Guard, ...]:
    table = Page.TABLE
    shortest, longest = SNOOZE_LIMITS_S
    return (
        Guard(
            "page_reopening",
            table,
            "UPDATE OF reopens_at",
            "NEW.reopens_at IS NOT NULL AND NEW.reopens_at IS DISTINCT FROM OLD.reopens_at",
            "column-is-fixed",
            when=_BY_COMMAND,
        ),
        Guard(
            "page_timed",
            table,
            "UPDATE OF due_at",
            "NEW.due_at IS NOT NULL AND NEW.due_at IS DISTINCT FROM OLD.due_at"
            " OR (NEW.due_at IS NULL AND OLD.due_at IS NOT NULL AND NEW.state = 'open')",
            "column-is-fixed",
            when=_BY_COMMAND,
        ),
        Guard(
            "page_put_off",
            table,
            "UPDATE OF hold_until, fresh_until",
            "(NEW.hold_until IS NOT NULL AND NEW.hold_until IS DISTINCT FROM OLD.hold_until)"
            " OR (NEW.fresh_until IS DISTINCT FROM OLD.fresh_until"
            " AND (NEW.fresh_until IS NOT NULL OR submitting.act <> 'SendHeldPage'))",
            "column-is-fixed",
        ),
        Guard(
            "page_snoozed",
            table,
            "UPDATE OF snooze_s",
            f"NEW.snooze_s <> 0 AND NEW.snooze_s NOT BETWEEN {shortest} AND {longest}",
            "page-snooze-length",
        ),
    )


def _moving_guards() -> tuple[Guard, ...]:
    table = Page.TABLE
    return (
        Guard(
            "page_moved",
            table,
            "UPDATE OF state",
            no_rule(table, "OLD.state"),
            "role-missing",
            when=f"NEW.state <> OLD.state AND {_BY_COMMAND}",
        ),
        Guard(
            "page_withdrawn",
            table,
            "UPDATE OF state",
            "OLD.started_at IS NOT NULL AND submitting.act = 'WithdrawPage'",
            "page-under-way",
        ),
        Guard(
            "page_dropped",
            table,
            "UPDATE OF state",
            "NEW.state = 'superseded' AND OLD.state <> 'superseded' AND EXISTS (SELECT 1"
            f" FROM incident i WHERE i.id = NEW.incident_id AND i.state IN ({_OPEN})"
            " AND (NEW.to_team_id IS NULL OR NEW.to_team_id = i.team_id))"
            f" AND NOT (submitting.act IN ({_COMMANDED}) AND {_NAMES_NOBODY})",
            "page-under-way",
            when=f"{_BY_COMMAND} AND submitting.act <> 'WithdrawPage'",
        ),
    )


def _answering_guards() -> tuple[Guard, ...]:
    table = PageRecipient.TABLE
    kept = ("incident_id", "page_id", "person_id", "round", "position", "called_as", "called_at")
    changed = " OR ".join(f"NEW.{c} IS DISTINCT FROM OLD.{c}" for c in (*kept, "roster_id"))
    return (
        Guard(
            "page_acknowledged",
            Page.TABLE,
            "UPDATE OF state, acknowledged_by_id",
            "NEW.acknowledged_by_id IS DISTINCT FROM submitting.actor_id",
            "not-your-name",
            when="(NEW.state = 'acknowledged' OR NEW.acknowledged_by_id IS NOT NULL)"
            " AND (NEW.state <> OLD.state"
            " OR NEW.acknowledged_by_id IS DISTINCT FROM OLD.acknowledged_by_id)",
        ),
        Guard("recipient_kept", table, "UPDATE", changed, "column-is-fixed"),
        Guard(
            "recipient_answers",
            table,
            "UPDATE",
            "NEW.person_id <> submitting.actor_id OR OLD.answer IS NOT NULL",
            "not-your-name",
        ),
        Guard(
            "recipient_called",
            table,
            "INSERT",
            "submitting.act <> 'FirePage'",
            "table-not-writable",
        ),
    )
