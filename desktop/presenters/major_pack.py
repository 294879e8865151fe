"""What a successor takes over, and who could be asked: made from what the response knows. Pure."""

from collections.abc import Iterable
from uuid import UUID

from desktop.presenters.major_page import Reading
from desktop.text import clock_text, full_when_text
from desktop.widgets.picker_list import PickerItem
from services.incidents.directory import Directory
from services.major_incidents.entries import (
    ASSESSMENT,
    EntryKind,
    ResponseEntry,
    Verdict,
)
from services.major_incidents.words import word_of

_UNDER_WAY = frozenset({Verdict.OPEN, Verdict.TESTING, Verdict.RUNNING})
_LAST_DECISIONS = 4


def handover_pack(of: Reading) -> str:
    """The state of the response in some lines, to be read before a role is taken over."""
    parts = (
        _state(of),
        _listed("Decided", _of_kind(of, EntryKind.DECISION)[:_LAST_DECISIONS]),
        _listed("Believed", _open(of, EntryKind.THEORY)),
        _listed("Being tried", _open(of, EntryKind.EXPERIMENT)),
        _unknown(of),
        _roles(of),
        _channels(of),
    )
    return "\n\n".join(part for part in parts if part)


def _state(of: Reading) -> str:
    console, major = of.console, of.major
    severity = console.incident.severity
    name = word_of(severity) if severity else "no severity"
    since = major.impact_started_at
    when = f"impact since {full_when_text(since, of.now)}" if since else "start of impact unknown"
    due = min((item.due.at for item in of.due), default=None)
    next_word = "No update is due."
    if due is not None:
        next_word = f"Next update due {clock_text(due.astimezone(of.now.tzinfo))}."
    return (
        f"{console.item.key}, {name}, {when}, {word_of(major.phase).lower()}.\n"
        f"{console.incident.summary}\n{next_word}"
    )


def _of_kind(of: Reading, kind: EntryKind) -> list[ResponseEntry]:
    entries = (item.entry for item in of.console.entries)
    return [entry for entry in entries if entry.kind is kind and not entry.is_removed]


def _open(of: Reading, kind: EntryKind) -> list[ResponseEntry]:
    return [entry for entry in _of_kind(of, kind) if entry.verdict in _UNDER_WAY]


def _listed(head: str, entries: Iterable[ResponseEntry]) -> str:
    rows = [f"- {entry.text}" for entry in entries]
    return "\n".join([f"{head}:", *rows]) if rows else ""


def _unknown(of: Reading) -> str:
    known = {
        item.entry.section
        for item in of.console.document
        if item.entry.text and not item.entry.is_unknown and not item.entry.is_removed
    }
    asked = [word_of(section) for section in ASSESSMENT if section not in known]
    return f"Not known: {' '.join(asked)}" if asked else ""


def _roles(of: Reading) -> str:
    held = [f"{item.role}: {item.person}" for item in of.console.roles if item.duty]
    return f"Roles: {', '.join(held)}" if held else ""


def _channels(of: Reading) -> str:
    where = [f"{i.name} {i.address}" for i in of.console.channels]
    return f"Where: {', '.join(where)}" if where else ""


def people_items(
    names: Directory, first: Iterable[tuple[UUID, str]] = (), without: UUID | None = None
) -> list[PickerItem]:
    """Everybody with a role in the house, by name; those of ``first`` come first, with why."""
    ahead = dict(first)
    found = []
    for person in names.people.values():
        if not person.is_active or person.id == without or not names.roles_of(person.id):
            continue
        teams = ", ".join(sorted(names.team(id_) for id_ in names.teams_of(person.id)))
        remark = ahead.get(person.id, teams or person.job_title)
        found.append(PickerItem(person.name, str(person.id), remark, person=person.name))
    return sorted(found, key=lambda i: (UUID(str(i.payload)) not in ahead, i.title.casefold()))
