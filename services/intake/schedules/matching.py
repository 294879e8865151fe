"""Who the people of a schedule are here: by mail, else by name, else as somebody said."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from uuid import UUID

from services.intake.schedules.errors import SchedulePeopleUnknown
from services.intake.schedules.source import SourcePerson
from services.people.person import Person


def matched(
    wanted: Iterable[SourcePerson], people: Iterable[Person], given: Mapping[str, str]
) -> dict[str, UUID]:
    """The person behind each key.

    Args:
        wanted: the people of the schedule.
        people: everybody who is known here; only who is active counts.
        given: logins by name, mail or key, as somebody said them.

    Raises:
        SchedulePeopleUnknown: names everybody who is nobody here, or several.
    """
    by_login: dict[str, list[UUID]] = defaultdict(list)
    by_mail: dict[str, list[UUID]] = defaultdict(list)
    by_name: dict[str, list[UUID]] = defaultdict(list)
    for person in people:
        if person.is_active:
            by_login[(person.login or "").casefold()].append(person.id)
            by_mail[person.email.casefold()].append(person.id)
            by_name[person.name.casefold()].append(person.id)
    said = {name.casefold(): login.casefold() for name, login in given.items()}
    found: dict[str, UUID] = {}
    missing = []
    for one in wanted:
        logins = [
            said[n.casefold()] for n in (one.key, one.name, one.email) if n.casefold() in said
        ]
        candidates = (
            by_login.get(logins[0], [])
            if logins
            else (by_mail.get(one.email.casefold()) if one.email else None)
            or by_name.get(one.name.casefold(), [])
        )
        if len(candidates) == 1:
            found[one.key] = candidates[0]
        else:
            missing.append(told(one))
    if missing:
        raise SchedulePeopleUnknown(people=", ".join(missing))
    return found


def told(person: SourcePerson) -> str:
    """Name and mail, as far as the file has them."""
    if person.email and person.email != person.name:
        return f"{person.name} <{person.email}>"
    return person.name
