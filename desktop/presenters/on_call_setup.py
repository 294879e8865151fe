"""Keeps rosters, rotations, holidays and escalation policies."""

from collections.abc import Callable, Sequence
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from PySide6.QtCore import QObject

from desktop.main_window import MainWindow
from desktop.presenters.desk import Desk
from desktop.presenters.dialog_flow import refused_at
from desktop.views.on_call.setup_forms import (
    HolidayForm,
    Planning,
    PolicyForm,
    RosterForm,
    RotationForm,
)
from desktop.views.on_call.setup_screen import ROSTERS, SetupScreen
from services.core.errors import AppError
from services.core.ids import derived_id
from services.on_call import acts
from services.on_call.book_reading import BOOK_TABLES, on_call_book
from services.on_call.permissions import KEEPERS
from services.on_call.policy_acts import AddPolicy, ChangePolicy, SetPolicySteps
from services.on_call.roster import Holiday
from services.paging.destination import Destination
from services.paging.destination_queries import destinations_in_use
from services.sync.book import ChangeSet

ONLY_KEEPERS = "Team leads, incident managers, managers and administrators change them."
Commands = tuple[UUID, Sequence[object]]
_FIELDS: Final = {
    "zone-unknown": "time_zone",
    "restriction-unreadable": "restriction",
    "rotation-without-people": "people",
    "turn-length-out-of-range": "length",
    "rotation-ends-too-early": "ends_at",
    "catch-all-needed": "is_active",
    "policy-ends-in-nobody": "steps",
    "step-invalid": "steps",
}
"""The field that a fact is about, where the fact does not name it."""


class OnCallSetup(QObject):
    """The screen of rosters and policies; every change is a command like any other."""

    def __init__(self, desk: Desk, window: MainWindow, screen: SetupScreen) -> None:
        super().__init__()
        self._desk = desk
        self._window = window
        self._screen = screen
        self._planning = Planning()
        self._adds = False
        self._is_open = False
        self._makers: dict[type, Callable[[Any], Commands]] = {
            RosterForm: self._roster,
            RotationForm: self._rotation,
            HolidayForm: self._holiday,
            PolicyForm: self._policy,
        }
        screen.saved.connect(self._save)
        screen.shown.connect(self._note_shown)
        desk.changed.connect(self._on_change)
        desk.directory_changed.connect(self._read_if_open)
        desk.viewer_changed.connect(self._read_if_open)

    def open(self, adds: bool = False) -> None:
        """Show the screen; ``adds`` begins a new roster."""
        self._adds = adds
        self._window.show_screen("on_call_setup")
        self._window.navigation.set_current("on_call")
        self._read()

    def _on_change(self, change: ChangeSet) -> None:
        if change.is_everything or change.tables & (BOOK_TABLES | {Destination.TABLE}):
            self._read_if_open()

    def _note_shown(self, is_shown: bool) -> None:
        self._is_open = is_shown

    def _read_if_open(self) -> None:
        if self._is_open:
            self._read()

    def _read(self) -> None:
        names, now = self._desk.directory, self._desk.clock.now()

        def read(connection: sa.Connection) -> Planning:
            return Planning(
                names=names,
                book=on_call_book(connection, now, now),
                destinations=destinations_in_use(connection),
            )

        self._desk.read(self, "planning", read, self._show)

    def _show(self, planning: Planning) -> None:
        self._planning = planning
        me = self._desk.viewer.person_id
        leads = any(team.lead_id == me for team in planning.names.teams.values())
        may = leads or bool(planning.names.roles_of(me) & KEEPERS)
        self._screen.show_directory(planning)
        self._screen.show_permission(may, "" if may else ONLY_KEEPERS)
        if self._adds:
            self._adds = False
            self._screen.show_kind(ROSTERS)
            self._screen.add()

    def _save(self, form: object) -> None:
        id_, commands = self._makers[type(form)](form)
        self._desk.give(
            *commands,
            said="Saved",
            done=lambda _: self._screen.show_saved(id_),
            failed=self._refuse,
        )

    def _refuse(self, error: AppError) -> None:
        self._screen.show_error(*refused_at(error, _FIELDS))

    def _roster(self, form: RosterForm) -> Commands:
        id_ = form.roster_id or self._desk.fresh_id()
        kept: dict[str, Any] = {
            "name": form.name,
            "team_id": form.team_id,
            "time_zone": form.time_zone,
            "is_catch_all": form.is_catch_all,
        }
        if form.roster_id is None:
            return id_, [acts.AddRoster(roster_id=id_, **kept)]
        return id_, [acts.ChangeRoster(roster_id=id_, is_active=form.is_active, **kept)]

    def _rotation(self, form: RotationForm) -> Commands:
        id_ = form.rotation_id or self._desk.fresh_id()
        kept: dict[str, Any] = {
            name: getattr(form, name)
            for name in ("name", "person_ids", "starts_at_local", "ends_at_local", "layer",
                         "is_backup", "unit", "length", "restriction", "holiday_rule")
        }  # fmt: skip
        if form.rotation_id is None:
            return id_, [acts.AddRotation(rotation_id=id_, roster_id=form.roster_id, **kept)]
        return id_, [acts.ChangeRotation(rotation_id=id_, is_active=form.is_active, **kept)]

    def _holiday(self, form: HolidayForm) -> Commands:
        id_ = derived_id(Holiday.TABLE, form.roster_id, form.on_date)
        place: dict[str, Any] = {"roster_id": form.roster_id, "on_date": form.on_date}
        if form.is_active:
            return id_, [acts.AddHoliday(name=form.name, **place)]
        return id_, [acts.RemoveHoliday(**place)]

    def _policy(self, form: PolicyForm) -> Commands:
        id_ = form.policy_id or self._desk.fresh_id()
        kept: dict[str, Any] = {
            name: getattr(form, name)
            for name in ("name", "team_id", "severities", "priorities", "out_of_hours_severities",
                         "out_of_hours_priorities", "business_hours", "time_zone", "repeat_count",
                         "acknowledge_timeout_s", "is_everyone")
        }  # fmt: skip
        if form.policy_id is None:
            return id_, [AddPolicy(policy_id=id_, steps=form.steps, **kept)]
        return id_, [
            SetPolicySteps(policy_id=id_, steps=form.steps),
            ChangePolicy(policy_id=id_, is_active=form.is_active, **kept),
        ]
