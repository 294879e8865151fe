"""The guards of status updates: what the shared database lets commands do with what people read."""

from collections.abc import Iterable

from services.communications.plain_words import SECRET_MARKS
from services.communications.settings_commands import LONGEST_S, SHORTEST_S
from services.communications.status_page import (
    CommunicationPlan,
    Outlet,
    StatusComponent,
    StatusPage,
)
from services.communications.status_update import StatusUpdate, UpdateTemplate
from services.communications.transitions import OWN_ACTS, SENDING_OUTSIDE, UPDATE_TRANSITIONS
from services.paging.destination import STATUS_PAGES, TELLING, ProviderKind
from services.sync.guards import Guard, HistoryOf, no_rule

HISTORIES = (HistoryOf(StatusUpdate, "incident_id", frozenset({"id", "version", "message"})),)

FIXED = ("incident_id", "major_id", "page_id", "audience", "replaces_id")
"""What beginning an update decides once and for all."""

WORDS = (
    *("moment", "phase", "subject", "summary", "current_status", "next_steps", "next_update_at"),
    *("next_update_where", "component_states", "is_cause_released", "told_at"),
    *("written_by_id", "written_at"),
)
"""What is fixed once an update is queued, and written by nothing but ``ChangeDraft`` before."""

_SENT_WITH = ("message", "queued_by_id", "queued_at")
_REVIEW = ("reviewed_by_id", "reviewed_at", "review_remark")
_ABSENT = (
    *("review_asked_of_id", "reviewed_by_id", "reviewed_at", "queued_by_id", "queued_at"),
    *("hold_until", "fresh_until", "sent_at"),
)
_OWN = ", ".join(sorted(f"'{act}'" for act in OWN_ACTS))
_BY_COMMAND = f"submitting.act NOT IN ({_OWN})"
_OUTSIDE = ", ".join(sorted(f"'{role.value}'" for role in SENDING_OUTSIDE))
_UNSENT = "OLD.state IN ('draft', 'in_review')"
_QUEUEING = f"NEW.state = 'queued' AND {_UNSENT}"
_SKEW_US = 60_000_000
"""Clocks of desks differ so much at most, in microseconds."""


def rule_rows() -> list[tuple[str, str, str | None, str, str, int]]:
    """Rows of ``transition_rule``: entity, act, start, end, role, with parent."""
    return [
        (StatusUpdate.TABLE, t.act, t.start.value if t.start else None, t.end.value, role.value, 0)
        for t in UPDATE_TRANSITIONS
        for role in sorted(t.roles, key=lambda role: role.value)
    ]


def guards() -> tuple[Guard, ...]:
    """Every guard of updates, and of what is set about them."""
    return (
        *_beginning_guards(),
        *_word_guards(),
        *_review_guards(),
        *_moving_guards(),
        *_sending_guards(),
        *_setting_guards(),
        *_outlet_guards(),
    )


def _changes(columns: tuple[str, ...]) -> str:
    return " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in columns)


def _holds(text: str, marks: Iterable[str]) -> str:
    """Whether a text holds one of these, in capitals or not; ``_`` stands for itself."""
    escaped = (mark.replace("_", "!_") for mark in marks)
    return " OR ".join(f"lower({text}) LIKE '%{mark}%' ESCAPE '!'" for mark in escaped)


def _of(columns: tuple[str, ...]) -> str:
    return f"UPDATE OF {', '.join(columns)}"


def _beginning_guards() -> tuple[Guard, ...]:
    table = StatusUpdate.TABLE
    given = " OR ".join(f"NEW.{column} IS NOT NULL" for column in _ABSENT)
    return (
        Guard("update_begun", table, "INSERT", no_rule(table, "NULL"), "role-missing"),
        Guard(
            "update_writer",
            table,
            "INSERT",
            "NEW.written_by_id <> submitting.actor_id",
            "not-your-name",
        ),
        Guard(
            "update_new",
            table,
            "INSERT",
            f"{given} OR NEW.message <> '{{}}' OR NEW.review_remark <> ''",
            "column-is-fixed",
        ),
        Guard(
            "update_on_page",
            table,
            "INSERT",
            "NOT EXISTS (SELECT 1 FROM status_page p WHERE p.id = NEW.page_id AND p.is_active"
            " AND p.audience = NEW.audience)",
            "status-page-retired",
        ),
        Guard(
            "update_of_incident",
            table,
            "INSERT",
            "NOT EXISTS (SELECT 1 FROM incident i WHERE i.id = NEW.incident_id)"
            " OR (NEW.major_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM major_incident m"
            " WHERE m.id = NEW.major_id AND m.incident_id = NEW.incident_id))",
            "record-missing",
        ),
        Guard(
            "update_corrects",
            table,
            "INSERT",
            "(submitting.act = 'CorrectUpdate' AND NEW.replaces_id IS NULL)"
            " OR (NEW.replaces_id IS NOT NULL AND (submitting.act <> 'CorrectUpdate'"
            " OR NOT EXISTS (SELECT 1 FROM status_update r WHERE r.id = NEW.replaces_id"
            " AND r.state = 'sent' AND r.page_id = NEW.page_id"
            " AND r.incident_id = NEW.incident_id)))",
            "record-missing",
        ),
        *(
            Guard(
                f"update_told_{event.lower()}",
                table,
                event,
                f"NEW.told_at > submitting.recorded_at + {_SKEW_US}",
                "told-in-future",
            )
            for event in ("INSERT", "UPDATE")
        ),
    )


def _word_guards() -> tuple[Guard, ...]:
    table = StatusUpdate.TABLE
    return (
        Guard("update_fixed", table, _of(FIXED), _changes(FIXED), "column-is-fixed"),
        Guard(
            "update_words",
            table,
            _of(WORDS),
            _changes(WORDS),
            "column-is-fixed",
            when=f"submitting.act <> 'ChangeDraft' OR NOT ({_UNSENT})",
        ),
        Guard(
            "update_rewritten",
            table,
            "UPDATE",
            "NEW.written_by_id <> submitting.actor_id",
            "not-your-name",
            when="submitting.act = 'ChangeDraft'",
        ),
        Guard(
            "update_read_anew",
            table,
            "UPDATE",
            "NEW.state <> 'draft' OR NEW.reviewed_by_id IS NOT NULL",
            "review-needed",
            when="submitting.act = 'ChangeDraft'",
        ),
        Guard(
            "update_notifies",
            table,
            "UPDATE OF is_notifying",
            "NEW.is_notifying <> OLD.is_notifying",
            "column-is-fixed",
            when=f"submitting.act NOT IN ('ChangeDraft', 'SendUpdate') OR NOT ({_UNSENT})",
        ),
    )


def _review_guards() -> tuple[Guard, ...]:
    table = StatusUpdate.TABLE
    return (
        Guard(
            "update_reviewed",
            table,
            _of(_REVIEW),
            _changes(_REVIEW),
            "column-is-fixed",
            when="submitting.act NOT IN ('ReviewUpdate', 'ChangeDraft')"
            " OR OLD.state <> 'in_review'",
        ),
        Guard(
            "update_reviewer",
            table,
            "UPDATE OF reviewed_by_id",
            "NEW.reviewed_by_id <> submitting.actor_id",
            "not-your-name",
            when="NEW.reviewed_by_id IS NOT NULL"
            " AND NEW.reviewed_by_id IS DISTINCT FROM OLD.reviewed_by_id",
        ),
        Guard(
            "update_own_words",
            table,
            "UPDATE OF reviewed_by_id",
            "NEW.reviewed_by_id = NEW.written_by_id",
            "review-of-own-words",
        ),
        Guard(
            "update_asked",
            table,
            "UPDATE OF review_asked_of_id",
            "NEW.review_asked_of_id = NEW.written_by_id"
            " OR submitting.act NOT IN ('AskForReview', 'ReviewUpdate', 'ChangeDraft')",
            "review-of-own-words",
            when="NEW.review_asked_of_id IS DISTINCT FROM OLD.review_asked_of_id",
        ),
        Guard(
            "update_unread",
            table,
            "UPDATE OF state",
            "NEW.reviewed_by_id IS NULL AND EXISTS (SELECT 1 FROM status_page p"
            " WHERE p.id = NEW.page_id AND p.is_review_required)",
            "review-needed",
            when=_QUEUEING,
        ),
    )


def _moving_guards() -> tuple[Guard, ...]:
    table = StatusUpdate.TABLE
    return (
        Guard(
            "update_moved",
            table,
            "UPDATE OF state",
            no_rule(table, "OLD.state"),
            "role-missing",
            when=f"NEW.state <> OLD.state AND {_BY_COMMAND}",
        ),
        Guard(
            "update_outside",
            table,
            "UPDATE OF state",
            f"NOT EXISTS (SELECT 1 FROM actor_role a WHERE a.role IN ({_OUTSIDE}))",
            "role-missing",
            when="NEW.state = 'queued' AND OLD.state <> 'queued' AND NEW.audience = 'external'",
        ),
        Guard(
            "update_sender",
            table,
            "UPDATE OF state, queued_by_id",
            "NEW.queued_by_id IS DISTINCT FROM submitting.actor_id",
            "not-your-name",
            when=_QUEUEING,
        ),
    )


def _sending_guards() -> tuple[Guard, ...]:
    table = StatusUpdate.TABLE
    return (
        Guard(
            "update_message",
            table,
            _of(_SENT_WITH),
            _changes(_SENT_WITH),
            "column-is-fixed",
            when=f"NOT ({_QUEUEING})",
        ),
        Guard(
            "update_secret",
            table,
            "UPDATE OF state, message",
            _holds("NEW.message", SECRET_MARKS),
            "secret-in-update",
            when=f"{_QUEUEING} AND NEW.audience = 'external'",
        ),
        Guard(
            "update_fresh",
            table,
            "UPDATE OF state",
            "NEW.fresh_until IS NULL OR NEW.hold_until IS NULL OR NEW.message = '{}'",
            "column-is-fixed",
            when=_QUEUEING,
        ),
        Guard(
            "update_put_off",
            table,
            "UPDATE OF hold_until, fresh_until",
            f"({_changes(('hold_until', 'fresh_until'))})"
            " AND (submitting.act <> 'SendHeldUpdate' OR NEW.hold_until IS NOT NULL"
            " OR NEW.fresh_until IS NOT NULL)",
            "column-is-fixed",
            when=f"NOT ({_QUEUEING})",
        ),
        Guard(
            "update_sent",
            table,
            "UPDATE OF sent_at",
            "NEW.sent_at IS DISTINCT FROM OLD.sent_at",
            "column-is-fixed",
            when=_BY_COMMAND,
        ),
    )


def _setting_guards() -> tuple[Guard, ...]:
    plan = CommunicationPlan.TABLE
    times = ("first_within_s", "every_s", "relaxed_every_s")
    beyond = " OR ".join(f"NEW.{name} NOT BETWEEN {SHORTEST_S} AND {LONGEST_S}" for name in times)
    kept: tuple[tuple[str, tuple[str, ...]], ...] = (
        (StatusPage.TABLE, ("audience",)),
        (StatusComponent.TABLE, ("page_id",)),
        (Outlet.TABLE, ("page_id", "destination_id")),
        (plan, ("severity", "audience")),
        (UpdateTemplate.TABLE, ("audience", "moment")),
    )
    return (
        *(
            Guard(f"{table}_kept", table, _of(columns), _changes(columns), "column-is-fixed")
            for table, columns in kept
        ),
        *(
            Guard(
                f"plan_kept_{event.lower()}",
                plan,
                event,
                f"{beyond} OR NEW.relaxed_after_s NOT BETWEEN 0 AND {LONGEST_S}",
                "plan-out-of-range",
            )
            for event in ("INSERT", "UPDATE")
        ),
    )


def _outlet_guards() -> tuple[Guard, ...]:
    table = Outlet.TABLE
    account = "EXISTS (SELECT 1 FROM destination t WHERE t.id = NEW.destination_id AND t.kind IN"
    return (
        Guard(
            "outlet_tells",
            table,
            "INSERT",
            f"NOT {account} ({_kinds(TELLING)}))",
            "outlet-cannot-tell",
        ),
        *(
            Guard(
                f"outlet_alone_{event.lower()}",
                table,
                event,
                "EXISTS (SELECT 1 FROM outlet o WHERE o.destination_id = NEW.destination_id"
                " AND o.id <> NEW.id AND o.is_active AND ((o.page_id = NEW.page_id"
                f" AND o.address = NEW.address) OR {account} ({_kinds(STATUS_PAGES)}))))",
                "outlet-taken",
                when="NEW.is_active",
            )
            for event in ("INSERT", "UPDATE")
        ),
    )


def _kinds(kinds: Iterable[ProviderKind]) -> str:
    return ", ".join(f"'{kind.value}'" for kind in kinds)
