"""How people are reached, and how what goes there fares, as the screens that keep it see it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from services.incidents.directory import Directory
from services.on_call.roster import OnCallShift
from services.paging.destination import Destination
from services.paging.page import Delivery
from services.people.contact import ContactMethod, NotificationRule
from services.people.person import Role

REACH_TABLES = frozenset(
    record.TABLE for record in (ContactMethod, NotificationRule, Destination, Delivery, OnCallShift)
)
"""Tables from which it is read."""


@dataclass(frozen=True, kw_only=True)
class Reach:
    """Everybody's ways for an administrator, one's own for anybody else.

    ``last`` is the newest message by contact method or, of what no method was asked for, by
    destination. ``way`` says how a page reaches the viewer: empty where it cannot.
    ``on_call_from`` is when the viewer's next shift begins, or the present one began.
    """

    names: Directory = field(default_factory=Directory)
    viewer_id: UUID | None = None
    methods: tuple[ContactMethod, ...] = ()
    rules: tuple[NotificationRule, ...] = ()
    destinations: tuple[Destination, ...] = ()
    last: Mapping[UUID, Delivery] = field(default_factory=dict)
    way: str = ""
    on_call_from: datetime | None = None
    now: datetime | None = None

    @property
    def is_administrator(self) -> bool:
        """Whether the viewer keeps what belongs to others."""
        id_ = self.viewer_id
        return id_ is not None and Role.ADMINISTRATOR in self.names.roles_of(id_)

    def method(self, id_: UUID | None) -> ContactMethod | None:
        """A way by its id."""
        return next((one for one in self.methods if one.id == id_), None)

    def destination(self, id_: UUID | None) -> Destination | None:
        """An account by its id."""
        return next((one for one in self.destinations if one.id == id_), None)

    def delay_of(self, method_id: UUID | None) -> int | None:
        """After how many seconds a page tries a way; None where it does not.

        Without any rule every way is tried at once.
        """
        found = self.method(method_id)
        own = [r for r in self.rules if found is None or r.person_id == found.person_id]
        of_it = [rule.delay_s for rule in own if rule.contact_method_id == method_id]
        if found is None or not own:
            return 0
        return min(of_it) if of_it else None


def rules_with(
    reach: Reach, person_id: UUID, method_id: UUID, delay_s: int | None, *, is_active: bool = True
) -> tuple[tuple[UUID, ...], tuple[int, ...]] | None:
    """A person's rules with one way tried after another delay, or not at all; None: as they are.

    Where there were none, every way was tried at once; it stays so for the others.
    """
    usable = {one.id for one in reach.methods if one.person_id == person_id and one.is_active}
    own = [rule for rule in reach.rules if rule.person_id == person_id]
    before = sorted((rule.delay_s, rule.contact_method_id) for rule in own)
    if not own and delay_s == 0:
        return None
    others = [(0, id_) for id_ in usable] if not own else before
    after = [(delay, id_) for delay, id_ in others if id_ in usable and id_ != method_id]
    if delay_s is not None and is_active:
        after.append((delay_s, method_id))
    after.sort()
    if after == before:
        return None
    return tuple(id_ for _, id_ in after), tuple(delay for delay, _ in after)
