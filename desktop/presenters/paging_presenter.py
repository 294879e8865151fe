"""Paging around the incident shown: its strip, its audit, the form that pages, who is on call."""

from collections.abc import Sequence
from functools import partial
from uuid import UUID

import sqlalchemy as sa
from PySide6.QtCore import QObject, QTimer

from desktop.main_window import MainWindow
from desktop.presenters.desk import Desk
from desktop.presenters.dialog_flow import DialogFlow
from desktop.presenters.form_commands import page, page_hold_s
from desktop.text import incident_key
from desktop.views.dialogs.escalate_team import Covering
from desktop.views.dialogs.forms import PageForm
from desktop.views.paging.page_dialog import PEOPLE, TEAM, PageDialog, Reach
from desktop.views.paging.page_words import PageVerb, shown_page
from desktop.views.record.record_pane import RecordPane
from services.incidents.incident import OPEN_STATES, Incident
from services.incidents.read_models import IncidentDetail
from services.on_call.waking_reading import WAKING_TABLES
from services.paging import acts
from services.paging.page import PageState
from services.paging.queries import (
    PAGING_TABLES,
    covers_of_teams,
    pages_of_incident,
    ways_of_people,
)
from services.paging.read_models import PageItem
from services.sync.book import ChangeSet
from services.sync.worker import SyncState

SAYING_TABLES = PAGING_TABLES | WAKING_TABLES | {"pending"}
"""Tables from which what the strip says is made."""


class PagingPresenter(QObject):
    """Feeds the strip and the audit of the record, and gives the commands of pages."""

    def __init__(self, desk: Desk, window: MainWindow, pane: RecordPane, flow: DialogFlow) -> None:
        super().__init__()
        self._desk = desk
        self._window = window
        self._pane = pane
        self._flow = flow
        self._is_online = False
        self._incident: Incident | None = None
        self._items: tuple[PageItem, ...] = ()
        # It ends with the pane: a closed window counts nothing down.
        self._second = QTimer(pane, interval=1_000)
        self._second.timeout.connect(self._count_down)
        pane.paging.asked.connect(self._do)
        desk.changed.connect(self._on_change)

    @property
    def is_online(self) -> bool:
        """Whether the shared database answers."""
        return self._is_online

    def show_sync(self, state: SyncState) -> None:
        """Answers count only while the shared database hears them."""
        if state.is_online != self._is_online:
            self._is_online = state.is_online
            self._show_strip()

    # -- what is shown ----------------------------------------------------------------------

    def show(self, detail: IncidentDetail | None) -> None:
        """Show the pages of another incident, or of none."""
        incident = detail.incident if detail is not None else None
        is_other = incident is None or self._incident is None or incident.id != self._incident.id
        self._incident = incident
        if is_other:
            self._show_pages(None if incident is None else incident.id, ())
        self._read()

    def _on_change(self, change: ChangeSet) -> None:
        if change.is_everything or change.tables & SAYING_TABLES:
            self._read()

    def _read(self) -> None:
        if self._incident is None:
            return
        desk, id_ = self._desk, self._incident.id
        names, viewer, now = desk.directory, desk.viewer.person_id, desk.clock.now()
        desk.read(
            self,
            "pages",
            lambda connection: pages_of_incident(connection, names, viewer, id_, now),
            partial(self._show_pages, id_),
        )

    def _show_pages(self, incident_id: UUID | None, items: tuple[PageItem, ...]) -> None:
        if self._incident is not None and incident_id != self._incident.id:
            return
        self._items = items
        self._pane.escalations.show_pages(items, self._desk.now_here())
        self._show_strip()

    def _show_strip(self) -> None:
        is_open = self._incident is not None and self._incident.state in OPEN_STATES
        item = shown_page(self._items, is_open)
        calling = sum(i.page.state is PageState.OPEN for i in self._items)
        others = max(0, calling - 1) if item and item.page.state is PageState.OPEN else calling
        strip = self._pane.paging
        strip.show_page(item, self._desk.now_here(), is_online=self._is_online, others=others)
        if strip.is_running:
            self._second.start()
        else:
            self._second.stop()

    def _count_down(self) -> None:
        if self._pane.isVisible():
            self._pane.paging.show_moment(self._desk.now_here())

    # -- acts on a page ---------------------------------------------------------------------

    def _do(self, verb: PageVerb, item: PageItem, snooze_s: int) -> None:
        page_id, incident = item.page.id, self._incident
        key = incident_key(incident.number) if incident else ""
        if verb is PageVerb.AUDIT:
            self._pane.show_tab("escalations")
        elif verb in (PageVerb.ADD, PageVerb.AGAIN) and incident is not None:
            self._ask_whom(incident, PEOPLE if verb is PageVerb.ADD else TEAM)
        elif verb is PageVerb.SNOOZE:
            snooze = acts.SnoozePage(
                page_id=page_id, incident_id=item.page.incident_id, snooze_s=snooze_s
            )
            self._desk.give(snooze, said=f"Page of {key} snoozed")
        elif verb in _COMMANDS:
            command, said = _COMMANDS[verb]
            given = command(page_id=page_id, incident_id=item.page.incident_id)
            self._desk.give(given, said=f"{key}: {said}")

    # -- asking for a page ------------------------------------------------------------------

    def open(self, detail: IncidentDetail) -> None:
        """Ask whom to page about an incident."""
        self._ask_whom(detail.incident, TEAM)

    def _ask_whom(self, incident: Incident, start: str) -> None:
        people = [person.id for person in self._desk.directory.agents]

        def reach(connection: sa.Connection) -> Reach:
            covering = self.covering(connection, incident)
            return Reach(covering=covering, ways=ways_of_people(connection, people, covering.now))

        self._desk.read(self, "reach", reach, partial(self._open_dialog, incident, start))

    def covering(self, connection: sa.Connection, incident: Incident) -> Covering:
        """Who is on call for which team, and what each policy says of this incident."""
        now = self._desk.now_here()
        severity = int(incident.severity.value[-1]) if incident.severity else None
        priority = int(incident.priority) if incident.priority else None
        covers = covers_of_teams(
            connection, self._desk.directory, now, severity=severity, priority=priority
        )
        return Covering(now=now, covers=covers, is_online=self._is_online)

    def _open_dialog(self, incident: Incident, start: str, reach: Reach) -> None:
        hold_s, page_id = page_hold_s(incident), self._desk.fresh_id()
        dialog = PageDialog(
            self._window, incident, self._desk.directory, reach, hold_s=hold_s, start=start
        )

        def commands(form: object) -> Sequence[object]:
            assert isinstance(form, PageForm)
            return [page(form, incident, page_id)]

        def after(_: object) -> None:
            self.offer_stop(page_id, dialog.called(), hold_s)

        self._flow.open(dialog, f"page/{incident.id}", commands, "", after)

    def offer_stop(self, page_id: UUID, called: str, hold_s: int, before: str = "") -> None:
        """Say who is called, and leave so many seconds to stop it. The page is already kept."""
        if not self._is_online:
            said = f"{before}The page of {called} waits for the connection"
            self._desk.said.emit(said, False)
        elif hold_s:
            stop = partial(
                self._desk.give,
                acts.WithdrawPage(page_id=page_id),
                said="Stopped. Nobody is called.",
            )
            self._desk.offer_back(f"{before}Paging {called} in {hold_s} s", stop, within_s=hold_s)
        else:
            self._desk.said.emit(f"{before}{called} is called now", False)


_COMMANDS = {
    PageVerb.ACKNOWLEDGE: (acts.AcknowledgePage, "you acknowledged the page"),
    PageVerb.DECLINE: (acts.DeclinePage, "the page goes on without you"),
    PageVerb.ESCALATE: (acts.EscalatePage, "the next step is taken now"),
    PageVerb.WITHDRAW: (acts.WithdrawPage, "nobody is called"),
    PageVerb.SEND: (acts.SendHeldPage, "the page goes out now"),
}
