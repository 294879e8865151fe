"""Keeps status pages: pages, components, outlets, plans and templates."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices

from desktop.main_window import MainWindow
from desktop.presenters.desk import Desk
from desktop.presenters.dialog_flow import refused_at
from desktop.text import plural
from desktop.views.status_pages.forms import (
    Communication,
    ComponentForm,
    OutletForm,
    PageForm,
    PlanForm,
    TemplateForm,
)
from desktop.views.status_pages.screen import StatusPageScreen
from services.communications import settings_acts as acts
from services.communications.page_preview import page_preview
from services.communications.queries import communication_settings
from services.communications.static_page import INDEX, files_of
from services.communications.status_page import (
    CommunicationPlan,
    Outlet,
    StatusComponent,
    StatusPage,
)
from services.communications.status_update import UpdateTemplate
from services.communications.transitions import KEEPING
from services.core.errors import AppError
from services.core.ids import derived_id
from services.paging.destination import Destination
from services.paging.destination_queries import destinations_in_use
from services.sync.book import ChangeSet

ONLY_KEEPERS = "Administrators and communications managers change them."
WATCHED = frozenset(
    record.TABLE
    for record in (
        *(StatusPage, StatusComponent, Outlet, CommunicationPlan),
        *(UpdateTemplate, Destination),
    )
)
Commands = tuple[UUID, Sequence[object]]
_FIELDS: Final = {
    "outlet-taken": "address",
    "outlet-cannot-tell": "channel",
    "plan-out-of-range": "every_s",
    "component-states-unreadable": "remote_ids",
}
"""The field that a fact is about, where the fact does not name it."""


def open_in_browser(page: Path) -> None:
    """Show a file in the person's browser."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(page)))


class StatusPagesPresenter(QObject):
    """The screen of status pages; every change is a command like any other.

    ``folder`` is where previews of pages are written; ``open_page`` shows one.
    """

    def __init__(
        self,
        desk: Desk,
        window: MainWindow,
        folder: Path,
        open_page: Callable[[Path], None] = open_in_browser,
    ) -> None:
        super().__init__()
        self._desk = desk
        self._window = window
        self._folder = folder
        self._open_page = open_page
        self._screen = StatusPageScreen()
        self._is_shown = False
        self._then: list[Callable[[], None]] = []
        window.add_screen("status_pages", self._screen)
        self._makers: dict[type, Callable[[Any], Commands]] = {
            PageForm: self._page,
            ComponentForm: self._component,
            OutletForm: self._outlet,
            PlanForm: self._plan,
            TemplateForm: self._template,
        }
        self._screen.saved.connect(self._save)
        self._screen.shown.connect(self._note_shown)
        self._screen.page_form.preview_requested.connect(self._preview)
        desk.changed.connect(self._on_change)
        desk.directory_changed.connect(self._read_if_shown)
        desk.viewer_changed.connect(self._read_if_shown)

    def open(self) -> None:
        """Show the screen."""
        self._window.show_screen("status_pages")

    # -- what is shown ----------------------------------------------------------------------

    def _note_shown(self, is_shown: bool) -> None:
        self._is_shown = is_shown
        self._read_if_shown()

    def _on_change(self, change: ChangeSet) -> None:
        if change.is_everything or change.tables & WATCHED:
            self._read_if_shown()

    def _read_if_shown(self) -> None:
        if self._is_shown:
            self._read()

    def _read(self, then: Callable[[], None] = lambda: None) -> None:
        names = self._desk.directory

        def read(connection: sa.Connection) -> Communication:
            return Communication(
                names=names,
                settings=communication_settings(connection),
                destinations=destinations_in_use(connection),
            )

        def land(found: Communication) -> None:
            self._show(found)
            waiting, self._then = self._then, []
            for each in waiting:
                each()

        self._then.append(then)
        self._desk.read(self, "communication", read, land)

    def _show(self, found: Communication) -> None:
        may = bool(found.names.roles_of(self._desk.viewer.person_id) & KEEPING)
        self._screen.show_directory(found)
        self._screen.show_permission(may, "" if may else ONLY_KEEPERS)

    def _preview(self, page_id: UUID) -> None:
        now, folder = self._desk.clock.now(), self._folder / str(page_id)

        def written(connection: sa.Connection) -> Path:
            for name, content in files_of(page_preview(connection, page_id, now)).items():
                path = folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            return folder / INDEX

        self._desk.read(self, "preview", written, self._open_page)

    # -- what is saved ----------------------------------------------------------------------

    def _save(self, form: object) -> None:
        id_, commands = self._makers[type(form)](form)
        kind, said = self._screen.kind, "Saved"
        if isinstance(form, OutletForm) and len(commands) > 1:
            said = f"{plural(len(commands), 'outlet', 'outlets')} added"

        def done(_: object) -> None:
            # The entry is shown once it has been read, unless the person has gone on meanwhile.
            self._read(lambda: self._screen.show_saved(id_) if self._screen.kind == kind else None)

        self._desk.give(*commands, said=said, done=done, failed=self._refuse)

    def _refuse(self, error: AppError) -> None:
        self._screen.show_error(*refused_at(error, _FIELDS))

    def _page(self, form: PageForm) -> Commands:
        id_ = form.page_id or self._desk.fresh_id()
        kept: dict[str, Any] = {
            name: getattr(form, name)
            for name in ("name", "description", "address", "is_review_required")
        }
        if form.page_id is None:
            return id_, [acts.AddStatusPage(page_id=id_, audience=form.audience, **kept)]
        return id_, [acts.ChangeStatusPage(page_id=id_, is_active=form.is_active, **kept)]

    def _component(self, form: ComponentForm) -> Commands:
        id_ = form.component_id or self._desk.fresh_id()
        kept: dict[str, Any] = {
            name: getattr(form, name)
            for name in ("name", "description", "position", "service_id", "product_id")
        }
        kept["remote_ids"] = json.dumps(dict(form.remote_ids), sort_keys=True)
        if form.component_id is None:
            return id_, [acts.AddComponent(component_id=id_, page_id=form.page_id, **kept)]
        return id_, [acts.ChangeComponent(component_id=id_, is_active=form.is_active, **kept)]

    def _outlet(self, form: OutletForm) -> Commands:
        if form.outlet_id is not None:
            change = acts.ChangeOutlet(
                outlet_id=form.outlet_id,
                address=form.addresses[0],
                name=form.names[0],
                is_subscriber=form.is_subscriber,
                is_active=form.is_active,
            )
            return form.outlet_id, [change]
        made = [
            acts.AddOutlet(
                outlet_id=self._desk.fresh_id(),
                page_id=form.page_id,
                destination_id=form.destination_id,
                address=address,
                name=name,
                is_subscriber=form.is_subscriber,
            )
            for address, name in zip(form.addresses, form.names, strict=True)
        ]
        return made[0].outlet_id, made

    def _plan(self, form: PlanForm) -> Commands:
        id_ = derived_id(CommunicationPlan.TABLE, form.severity.value, form.audience.value)
        times = {
            name: getattr(form, name)
            for name in ("first_within_s", "every_s", "relaxed_after_s", "relaxed_every_s")
        }
        return id_, [
            acts.SetCommunicationPlan(
                severity=form.severity, audience=form.audience, is_active=form.is_active, **times
            )
        ]

    def _template(self, form: TemplateForm) -> Commands:
        id_ = form.template_id or self._desk.fresh_id()
        texts = {
            name: getattr(form, name)
            for name in ("name", "subject", "summary", "current_status", "next_steps")
        }
        if form.template_id is None:
            return id_, [
                acts.AddUpdateTemplate(
                    template_id=id_, audience=form.audience, moment=form.moment, **texts
                )
            ]
        return id_, [acts.ChangeUpdateTemplate(template_id=id_, is_active=form.is_active, **texts)]
