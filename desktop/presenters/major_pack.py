"""What a successor takes over, and who could be asked: made from what the response knows. Pure."""

from collections.abc import Iterable
from uuid import UUID

from desktop.presenters.major_page import Reading
from desktop.widgets.picker_list import PickerItem
from services.incidents.directory import Directory
from services.major_incidents import handover


def handover_pack(of: Reading) -> str:
    """The state of the response in some lines, to be read before a role is taken over."""
    due = min((item.due.at for item in of.due), default=None)
    zone = of.now.tzinfo
    assert zone is not None
    return handover.handover_pack(of.console, of.now, zone, due)


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
