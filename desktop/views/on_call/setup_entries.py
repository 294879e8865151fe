"""What the lists of rosters, rotations, holidays and policies show."""

from collections.abc import Iterable

from desktop.text import plural
from desktop.views.catalogue.entries import Entry
from desktop.views.dialogs.words import joined
from desktop.views.on_call.rota_paint import short_name
from desktop.views.on_call.setup_forms import Planning
from services.on_call.roster import Rotation, RotationUnit

UNITS = {
    RotationUnit.HOUR: ("hour", "hours"),
    RotationUnit.DAY: ("day", "days"),
    RotationUnit.WEEK: ("week", "weeks"),
    RotationUnit.MONTH: ("month", "months"),
}


def _sorted(entries: Iterable[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda entry: (not entry.is_active, entry.title.casefold()))


def roster_entries(planning: Planning) -> list[Entry]:
    """Rosters by name."""
    return _sorted(
        Entry(
            one.id,
            one.name,
            joined(
                (
                    "Catch-all" if one.is_catch_all else planning.names.team(one.team_id),
                    one.time_zone,
                )
            ),
            one.is_active,
        )
        for one in planning.book.rosters
    )


def rotation_entries(planning: Planning) -> list[Entry]:
    """Rotations by roster and name."""
    return _sorted(
        Entry(
            one.id,
            joined((_roster(planning, one), one.name)),
            joined((_people(planning, one), turn_words(one))),
            one.is_active,
        )
        for one in planning.book.rotations
    )


def _roster(planning: Planning, rotation: Rotation) -> str:
    roster = planning.book.roster(rotation.roster_id)
    return roster.name if roster else "?"


def _people(planning: Planning, rotation: Rotation) -> str:
    names = [short_name(planning.names.person(id_) or "?") for id_ in rotation.person_ids]
    more = f" and {len(names) - 2} more" if len(names) > 3 else ""
    return ", ".join(names[:2] if more else names) + more


def turn_words(rotation: Rotation) -> str:
    """``every week`` or ``every 3 days``."""
    one, many = UNITS[rotation.unit]
    return f"every {one}" if rotation.length == 1 else f"every {rotation.length} {many}"


def holiday_entries(planning: Planning) -> list[Entry]:
    """Holidays by day."""
    rosters = {one.id: one.name for one in planning.book.rosters}
    return _sorted(
        Entry(one.id, f"{one.on_date} {one.name}", rosters.get(one.roster_id, "?"), one.is_active)
        for one in planning.book.holidays
    )


def policy_entries(planning: Planning) -> list[Entry]:
    """Policies by name."""
    counts: dict[object, int] = {}
    for step in planning.book.steps:
        if step.is_active:
            counts[step.policy_id] = counts.get(step.policy_id, 0) + 1
    return _sorted(
        Entry(
            one.id,
            one.name,
            joined(
                (
                    planning.names.team(one.team_id) or "Teams without a policy of their own",
                    plural(counts.get(one.id, 0), "step", "steps"),
                )
            ),
            one.is_active,
        )
        for one in planning.book.policies
    )
