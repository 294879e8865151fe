"""The guards of what is taken back after a resolve, and of the replay of a drill."""

from services.major_incidents.major import MajorIncident, RoleHolding
from services.major_incidents.replay import COLUMNS, HELD, LONGEST_S, SPEEDS
from services.major_incidents.transitions import LEAVING
from services.sync.guards import Guard

ENDING = ("ResolveMajorIncident", "DemoteMajorIncident", "UndoAct", *LEAVING)
"""Acts with which a drill ends, or goes on after all: its replay is held or let go by them."""

_ENDED_BY_ACTOR = (
    "EXISTS (SELECT 1 FROM history_entry h WHERE h.subject_id = NEW.id"
    " AND h.act = 'ResolveMajorIncident' AND h.actor_id = submitting.actor_id)"
)


def drill_guards() -> tuple[Guard, ...]:
    """Every guard of this file."""
    return (*_undoing_guards(), *_replay_guards())


def _undoing_guards() -> tuple[Guard, ...]:
    """Only who resolved takes it back, and only while nobody was told of it.

    Which came first, the resolve or the words, is the order of this database: two desks' clocks
    differ.
    """
    undone = "submitting.act = 'UndoAct' AND NEW.state <> OLD.state"
    table, roles = MajorIncident.TABLE, RoleHolding.TABLE
    reopened = f"{undone} AND OLD.state = 'resolved'"
    told = (
        "EXISTS (SELECT 1 FROM status_update u JOIN history_entry s ON s.subject_id = u.id"
        " AND s.incident_id = NEW.incident_id AND s.act = 'SendUpdate'"
        " WHERE u.major_id = NEW.id AND u.state = 'sent' AND s.recorded_at >="
        " (SELECT max(r.recorded_at) FROM history_entry r WHERE r.incident_id = NEW.incident_id"
        " AND r.subject_id = NEW.id AND r.act = 'ResolveMajorIncident'))"
    )
    event = "UPDATE OF state"
    return (
        Guard("major_undone", table, event, f"NOT {_ENDED_BY_ACTOR}", "nothing-to-undo", reopened),
        Guard("major_undone_told", table, event, told, "resolution-told", reopened),
        Guard("role_undone", roles, event, f"NOT {_ENDED_BY_ACTOR}", "nothing-to-undo", undone),
    )


def _replay_guards() -> tuple[Guard, ...]:
    """A drill alone plays something again; its replay goes forward, and ends held."""
    table = MajorIncident.TABLE
    speeds = ", ".join(str(speed) for speed in (HELD, *SPEEDS))
    ending = ", ".join(f"'{act}'" for act in ENDING)
    impossible = (
        f"NEW.replay_of_id IS NULL OR NEW.replay_speed NOT IN ({speeds})"
        f" OR NEW.replay_at_s NOT BETWEEN 0 AND {LONGEST_S}"
    )
    past_its_act = (
        f"submitting.act NOT IN ({ending}) AND NOT (submitting.act = 'SteerReplay'"
        " AND NEW.state = 'accepted' AND NEW.replay_at_s >= OLD.replay_at_s)"
    )
    return (
        Guard(
            "replay_unbegun",
            table,
            "INSERT",
            f"NEW.replay_at_s <> 0 OR NEW.replay_speed <> {HELD} OR NEW.replay_since IS NOT NULL",
            "column-is-fixed",
        ),
        Guard(
            "replay_steered",
            table,
            f"UPDATE OF {', '.join(COLUMNS)}",
            f"{impossible} OR ({past_its_act})",
            "no-replay",
            " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in COLUMNS),
        ),
    )
