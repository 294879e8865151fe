"""Keeps people, teams, services, products, categories and the priority matrix."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from PySide6.QtCore import QObject

from desktop.main_window import MainWindow
from desktop.presenters.desk import Desk
from desktop.presenters.dialog_flow import DialogFlow, refused_at
from desktop.views.catalogue.forms import (
    CategoryEntryForm,
    PersonForm,
    ProductForm,
    ServiceEntryForm,
    TeamForm,
)
from desktop.views.catalogue.screen import CatalogueScreen
from desktop.views.dialogs.forms import MatrixForm
from desktop.views.dialogs.matrix_edition import PriorityMatrixDialog
from services.catalogue import commands as catalogue
from services.core.errors import AppError
from services.incidents.acts import EditPriorityMatrix
from services.incidents.directory import Directory
from services.people import commands as people
from services.people.person import Role

ONLY_ADMINISTRATORS = "Only an administrator changes the catalogue."
Commands = tuple[UUID, Sequence[object]]


class CataloguePresenter(QObject):
    """The catalogue screen; every change is a command like any other."""

    def __init__(
        self, desk: Desk, window: MainWindow, screen: CatalogueScreen, flow: DialogFlow
    ) -> None:
        super().__init__()
        self._desk = desk
        self._window = window
        self._screen = screen
        self._flow = flow
        self._makers: dict[type, Callable[[Any], Commands]] = {
            PersonForm: self._person,
            TeamForm: self._team,
            ServiceEntryForm: self._service,
            ProductForm: self._product,
            CategoryEntryForm: self._category,
        }
        screen.saved.connect(self._save)
        desk.directory_changed.connect(self._show)
        desk.viewer_changed.connect(self._show)

    @property
    def _may_change(self) -> bool:
        return Role.ADMINISTRATOR in self._desk.directory.roles_of(self._desk.viewer.person_id)

    def open(self) -> None:
        """Show the screen."""
        self._window.show_screen("catalogue")

    def open_matrix(self) -> None:
        """Edit the priority matrix: a new edition takes over."""
        if not self._may_change:
            self._window.snack("Only an administrator edits the priority matrix.")
            return
        matrix = self._desk.directory.matrix
        editions = [m.edition for m in self._desk.directory.matrices]

        def commands(form: object) -> Sequence[object]:
            assert isinstance(form, MatrixForm)
            return [
                EditPriorityMatrix(
                    matrix_id=self._desk.fresh_id(),
                    edition=max(editions) + 1,
                    name=form.name,
                    cells=form.cells,
                    callers_of_major=form.callers_of_major,
                )
            ]

        dialog = PriorityMatrixDialog(self._window, matrix)
        self._flow.open(dialog, "matrix", commands, "The new priority matrix is in force")

    def _show(self) -> None:
        self._screen.show_directory(self._desk.directory)
        reason = "" if self._may_change else ONLY_ADMINISTRATORS
        self._screen.show_permission(self._may_change, reason)

    def _save(self, form: object) -> None:
        id_, commands = self._makers[type(form)](form)
        self._desk.give(
            *commands,
            said="Saved",
            done=lambda _: self._screen.show_saved(id_),
            failed=self._refuse,
        )

    def _refuse(self, error: AppError) -> None:
        self._screen.show_error(*refused_at(error, {}))

    def _person(self, form: PersonForm) -> Commands:
        id_ = form.person_id or self._desk.fresh_id()
        kept = {
            name: getattr(form, name)
            for name in ("name", "email", "phone", "job_title", "department", "site",
                         "asset_tag", "is_vip", "manager_id")
        }  # fmt: skip
        first: object
        if form.person_id is None:
            first = people.AddPerson(person_id=id_, login=form.login or None, **kept)
        else:
            first = people.ChangePerson(person_id=id_, is_active=form.is_active, **kept)
        return id_, [first, *places_and_roles(form, id_, self._desk.directory)]

    def _team(self, form: TeamForm) -> Commands:
        id_ = form.team_id or self._desk.fresh_id()
        if form.team_id is None:
            return id_, [
                people.AddTeam(
                    team_id=id_,
                    name=form.name,
                    tier=form.tier,
                    lead_id=form.lead_id,
                    phone=form.phone,
                )
            ]
        return id_, [
            people.ChangeTeam(
                team_id=id_,
                name=form.name,
                tier=form.tier,
                lead_id=form.lead_id,
                phone=form.phone,
                is_active=form.is_active,
            )
        ]

    def _service(self, form: ServiceEntryForm) -> Commands:
        id_ = form.service_id or self._desk.fresh_id()
        kept = {
            name: getattr(form, name)
            for name in ("name", "description", "owner_team_id", "criticality", "major_policy_id")
        }
        if form.service_id is None:
            return id_, [catalogue.AddBusinessService(service_id=id_, **kept)]
        return id_, [
            catalogue.ChangeBusinessService(service_id=id_, is_active=form.is_active, **kept)
        ]

    def _product(self, form: ProductForm) -> Commands:
        id_ = form.product_id or self._desk.fresh_id()
        if form.product_id is None:
            return id_, [
                catalogue.AddProduct(product_id=id_, name=form.name, service_id=form.service_id)
            ]
        return id_, [
            catalogue.ChangeProduct(
                product_id=id_,
                name=form.name,
                service_id=form.service_id,
                is_active=form.is_active,
            )
        ]

    def _category(self, form: CategoryEntryForm) -> Commands:
        id_ = form.category_id or self._desk.fresh_id()
        if form.category_id is None:
            return id_, [
                catalogue.AddCategory(category_id=id_, name=form.name, parent_id=form.parent_id)
            ]
        return id_, [
            catalogue.ChangeCategory(category_id=id_, name=form.name, is_active=form.is_active)
        ]


def places_and_roles(form: PersonForm, id_: UUID, directory: Directory) -> list[object]:
    """The commands that bring teams and roles of a person to what the form says."""
    teams, roles = directory.teams_of(id_), directory.roles_of(id_)
    return [
        *(people.PlaceInTeam(team_id=t, person_id=id_) for t in form.team_ids - teams),
        *(
            people.PlaceInTeam(team_id=t, person_id=id_, is_active=False)
            for t in teams - form.team_ids
        ),
        *(people.GrantRole(person_id=id_, role=r) for r in form.roles - roles),
        *(people.GrantRole(person_id=id_, role=r, is_active=False) for r in roles - form.roles),
    ]
