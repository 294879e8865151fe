"""Overriding the rota: who comes, instead of whom, from when until when."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from PySide6.QtWidgets import QWidget

from desktop.views.dialogs.choosing import NONE, key_of, uuid_of
from desktop.views.dialogs.fields import when_changed
from desktop.views.dialogs.form_dialog import FormDialog
from desktop.views.dialogs.when_field import WhenField
from desktop.views.on_call.forms import OverrideForm, PersonChoice, RosterChoice
from desktop.views.on_call.wishes import OverrideWish
from desktop.widgets.inputs import LineEdit
from desktop.widgets.picker import Picker
from desktop.widgets.picker_list import PickerItem
from desktop.widgets.segmented import Segment, SegmentedControl
from services.core.text import Limit
from services.on_call.roster import OverrideKind

Planned = Callable[[UUID, bool, datetime, datetime], Sequence[PersonChoice]]
"""Who is on call in a lane of a roster between two moments."""
PRIMARY: Final = "primary"
BACKUP: Final = "backup"


class OverrideDialog(FormDialog):
    """Emits ``OverrideForm``. Who is on call then is told while the span is chosen."""

    def __init__(
        self,
        host: QWidget,
        rosters: Sequence[RosterChoice],
        planned: Planned,
        wish: OverrideWish,
        now: datetime,
    ) -> None:
        super().__init__(
            host, self.tr("Override"), primary=self.tr("Override"), icon="add", width=620
        )
        self._rosters = {choice.roster_id: choice for choice in rosters}
        self._planned = planned
        self._now = now
        self._add_fields(rosters, wish)
        self._offer_people()
        self._follow()
        if not self._there():
            self.fields.restore({"kind": OverrideKind.ADD.value})
            self._follow()
        elif wish.replaced_id is not None:
            self.fields.restore({"replaced": key_of(wish.replaced_id)})
        for name in ("roster", "kind", "lane", "starts_at", "ends_at"):
            when_changed(self.fields.control(name), self._follow)
        self.ready()

    def _add_fields(self, rosters: Sequence[RosterChoice], wish: OverrideWish) -> None:
        roster = Picker(self.tr("Roster"), icon="on.call")
        roster.set_items([PickerItem(r.name, key_of(r.roster_id)) for r in rosters])
        roster.set_current_payload(key_of(wish.roster_id))
        row = self.add_row()
        self.add_field("roster", self.tr("Roster"), roster, into=row,
                       required=self.tr("Choose a roster."))  # fmt: skip
        lane = SegmentedControl(
            self.tr("Lane"),
            [Segment(PRIMARY, self.tr("Primary")), Segment(BACKUP, self.tr("Backup"))],
            height=32, current=BACKUP if wish.is_backup else PRIMARY, stretch=True,
        )  # fmt: skip
        self.add_field("lane", self.tr("Lane"), lane, into=row)
        kind = SegmentedControl(
            self.tr("What"),
            [
                Segment(OverrideKind.REPLACE.value, self.tr("Somebody instead")),
                Segment(OverrideKind.ADD.value, self.tr("Somebody more")),
                Segment(OverrideKind.REMOVE.value, self.tr("Somebody less")),
            ],
            height=32, stretch=True,
        )  # fmt: skip
        self.add_field("kind", self.tr("What"), kind)
        row = self.add_row()
        for name, label, at in (
            ("starts_at", self.tr("From"), wish.starts_at),
            ("ends_at", self.tr("Until"), wish.ends_at),
        ):
            self.add_field(name, label, WhenField(label, at), into=row)
        row = self.add_row()
        self._person_field = self.add_field(
            "person", self.tr("Who comes"), Picker(self.tr("Who comes"), placeholder=self.tr(
                "Choose"), icon="person"), into=row,
        )  # fmt: skip
        self._replaced_field = self.add_field(
            "replaced", self.tr("Instead of"), Picker(self.tr("Instead of"), icon="person"),
            into=row,
        )  # fmt: skip
        reason = LineEdit(self.tr("Reason"), limit=Limit.SUMMARY.value)
        self.add_field("reason", self.tr("Reason"), reason, hint=self.tr("everybody sees it"))

    @property
    def _kind(self) -> OverrideKind:
        return OverrideKind(self.fields.text("kind") or OverrideKind.REPLACE.value)

    @property
    def _is_backup(self) -> bool:
        return self.fields.text("lane") == BACKUP

    @property
    def _span(self) -> tuple[datetime, datetime]:
        return self.fields.when("starts_at"), self.fields.when("ends_at")

    def _offer_people(self) -> None:
        choice = self._rosters.get(uuid_of(self.fields.text("roster")) or UUID(int=0))
        person = self.fields.control("person")
        assert isinstance(person, Picker)
        person.set_items([_item(one) for one in choice.people] if choice else [])

    def _follow(self, *_: object) -> None:
        """Offer who is on call then, and say it."""
        self._offer_people()
        there = self._there()
        replaced = self.fields.control("replaced")
        assert isinstance(replaced, Picker)
        chosen = self.fields.text("replaced")
        items = [_item(one) for one in there]
        if self._kind is OverrideKind.REPLACE:
            items.insert(0, PickerItem(self.tr("Whoever is on call"), NONE, icon="people"))
        replaced.set_items(items)
        kept = chosen if any(item.payload == chosen for item in items) else ""
        replaced.set_current_payload(kept or (items[0].payload if items else ""))
        self._person_field.setVisible(self._kind is not OverrideKind.REMOVE)
        self._replaced_field.setVisible(self._kind is not OverrideKind.ADD)
        names = ", ".join(one.name for one in there)
        words = self.tr("On call then: %1").replace("%1", names)
        self.set_footer(words if there else self.tr("Nobody is on call then."), "on.call")

    def _there(self) -> Sequence[PersonChoice]:
        """Who is on call in the span, as far as all of it is chosen."""
        roster_id, (starts_at, ends_at) = uuid_of(self.fields.text("roster")), self._span
        if roster_id is None or starts_at >= ends_at:
            return ()
        return self._planned(roster_id, self._is_backup, starts_at, ends_at)

    def restore(self, draft: Mapping[str, object]) -> None:
        """Show what was typed before, all but the span, which is chosen on the rota."""
        kept = {name: value for name, value in draft.items() if name in ("reason", "person")}
        super().restore(kept)
        self._follow()

    def problems(self) -> dict[str, str]:
        """What is missing, and a span that is none or over."""
        found = super().problems()
        starts_at, ends_at = self._span
        kind = self._kind
        if ends_at <= starts_at:
            found["ends_at"] = self.tr("This is before it begins.")
        elif ends_at <= self._now:
            found["ends_at"] = self.tr("This is over already.")
        if kind is not OverrideKind.REMOVE and not self.fields.text("person"):
            found["person"] = self.tr("Choose who comes.")
        if kind is OverrideKind.REMOVE and not self.fields.text("replaced"):
            found["replaced"] = self.tr("Nobody is on call then.")
        if kind is OverrideKind.REPLACE and (
            self.fields.text("person") == self.fields.text("replaced")
        ):
            found["person"] = self.tr("Choose somebody else.")
        return found

    def form(self) -> OverrideForm:
        """What was chosen."""
        starts_at, ends_at = self._span
        kind = self._kind
        person, replaced = self.fields.text("person"), self.fields.text("replaced")
        roster_id = uuid_of(self.fields.text("roster"))
        assert roster_id is not None
        return OverrideForm(
            roster_id=roster_id,
            kind=kind,
            person_id=uuid_of(person) if kind is not OverrideKind.REMOVE else None,
            replaced_person_id=uuid_of(replaced) if kind is not OverrideKind.ADD else None,
            is_backup=self._is_backup,
            starts_at=starts_at,
            ends_at=ends_at,
            reason=self.fields.text("reason"),
        )


def _item(one: PersonChoice) -> PickerItem:
    return PickerItem(one.name, key_of(one.person_id), one.remark, person=one.name)
