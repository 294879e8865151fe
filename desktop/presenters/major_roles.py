"""Who takes which role, asked by dialogs: assigning, handing over, taking over."""

from collections.abc import Sequence

from desktop.presenters.major_asking import MajorAsking
from desktop.presenters.major_pack import handover_pack, people_items
from desktop.presenters.major_page import console_view
from desktop.presenters.major_streams import stream_items
from desktop.views.major.dialogs.roles import AssignRoleDialog, HandOverDialog, TakeRoleDialog
from desktop.views.major.values import RoleRow
from services.major_incidents.acts import AcceptRole


class MajorRoles:
    """Gives the commands of roles that need a dialog."""

    def __init__(self, asking: MajorAsking) -> None:
        self._asking = asking

    def assign(self, row: RoleRow | None) -> None:
        """Ask who is to take a role; None is one of the incident manager's own making."""
        people = people_items(self._asking.desk.directory)
        dialog = AssignRoleDialog(
            self._asking.window, self._asking.incident, row, people,
            self._asking.desk.fresh_id(), stream_items(self._asking),
        )  # fmt: skip
        name = f"assign-{row.role.value}" if row else "own-role"
        self._asking.open(dialog, name, f"Asked to be {row.title if row else 'of help'}")

    def hand_over(self, row: RoleRow | None) -> None:
        """Ask who takes a role over, with the pack to accept; None is the viewer's own."""
        held = [r for r in console_view(self._asking.seen).roles if r.is_you and not r.is_offered]
        row = row or next(iter(held), None)
        if row is None or row.holding_id is None:
            self._asking.window.snack("You hold no role here. Open a role to hand it over.")
            return
        item = next(i for i in self._asking.seen.console.roles if i.holding.id == row.holding_id)
        ahead = [(one.relief.person_id, one.words) for one in item.reliefs]
        people = people_items(self._asking.desk.directory, ahead, without=row.person_id)
        asking, pack = self._asking, handover_pack(self._asking.seen)
        dialog = HandOverDialog(
            asking.window, asking.incident, row, people, pack, asking.desk.fresh_id()
        )
        said = f"{row.title} is offered; {row.person} keeps it until it is accepted"
        self._asking.open(dialog, f"hand-over-{row.holding_id}", said)

    def take(self, row: RoleRow) -> None:
        """Show the pack and the duties before the role is taken."""
        incident_id = self._asking.incident.id

        def commands(_: object) -> Sequence[object]:
            assert row.holding_id is not None
            return [AcceptRole(incident_id=incident_id, holding_id=row.holding_id)]

        dialog = TakeRoleDialog(self._asking.window, self._asking.incident, row)
        self._asking.open(dialog, f"take-{row.key}", f"You are {row.title} now", commands=commands)
