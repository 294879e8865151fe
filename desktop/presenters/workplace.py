"""All screens of an open profile with their presenters, joined."""

from collections.abc import Callable
from datetime import datetime
from functools import cached_property, partial
from uuid import UUID

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QCursor

from desktop.bridge.page_sound import PageSound
from desktop.main_window import MainWindow
from desktop.models.worklist_model import WorklistModel
from desktop.presenters.act_presenter import ActPresenter
from desktop.presenters.calendar_presenter import CalendarPresenter
from desktop.presenters.catalogue_presenter import CataloguePresenter
from desktop.presenters.composer_presenter import ComposerPresenter
from desktop.presenters.conflict_presenter import ConflictPresenter
from desktop.presenters.desk import Desk
from desktop.presenters.dialog_flow import DialogFlow
from desktop.presenters.edit_presenter import EditPresenter
from desktop.presenters.follow_up_presenter import FollowUpPresenter
from desktop.presenters.held_notices import HeldNotices
from desktop.presenters.log_presenter import LogPresenter
from desktop.presenters.major_presenter import MajorPresenter
from desktop.presenters.major_replay import MajorReplay
from desktop.presenters.major_strip import MajorStrip
from desktop.presenters.older_presenter import OlderPresenter
from desktop.presenters.on_call_paging import OnCallPaging
from desktop.presenters.on_call_presenter import OnCallPresenter
from desktop.presenters.on_call_setup import OnCallSetup
from desktop.presenters.own_pages_presenter import OwnPagesPresenter
from desktop.presenters.paging_notices import PagingNotices
from desktop.presenters.paging_presenter import PagingPresenter
from desktop.presenters.pending_presenter import PendingPresenter, Report
from desktop.presenters.presence_presenter import PresencePresenter
from desktop.presenters.print_presenter import PrintPresenter
from desktop.presenters.queue_presenter import QueuePresenter
from desktop.presenters.reach_presenter import ReachPresenter
from desktop.presenters.record_presenter import RecordPresenter
from desktop.presenters.shell_presenter import ShellPresenter
from desktop.presenters.simulator_presenter import SimulatorPresenter
from desktop.presenters.status_pages_presenter import StatusPagesPresenter
from desktop.presenters.word_notices import WordNotices
from desktop.views.catalogue.screen import CatalogueScreen
from desktop.views.composer.update_composer import UpdateComposer
from desktop.views.log.screen import LogIncidentScreen
from desktop.views.major.console import MajorConsole
from desktop.views.major.major_list import MajorListScreen
from desktop.views.on_call.screen import OnCallScreen
from desktop.views.on_call.setup_screen import SetupScreen
from desktop.views.queue.queue_screen import QueueScreen
from desktop.views.record.history_menu import HistoryMenu
from desktop.views.record.record_pane import RecordPane
from services.communications.status_page import Audience
from services.core.paths import Home
from services.core.settings import Preferences
from services.incidents.incident import Incident
from services.incidents.older import kept_since
from services.incidents.queries import earlier_of_caller
from services.incidents.read_models import EscalationItem, IncidentDetail, RelatedItem, Worklist
from services.sync.worker import SyncState


class Workplace(QObject):
    """Queue, record, log page, catalogue and dialogs of one open profile."""

    preferences_changed = Signal(object)

    def __init__(
        self, desk: Desk, window: MainWindow, home: Home, preferences: Preferences
    ) -> None:
        super().__init__()
        self.desk = desk
        self._window = window
        self._previews = home.status_page_previews
        pane = RecordPane(window.hub)
        self.queue_screen = QueueScreen(window.hub, WorklistModel(), pane)
        self.log_screen = LogIncidentScreen(lambda: desk.clock.now().astimezone(desk.zone))
        catalogue = CatalogueScreen()
        on_call, setup = OnCallScreen(window.hub), SetupScreen()
        majors, self.console = MajorListScreen(window.hub), MajorConsole(window.hub)
        for name, screen in (
            ("queue", self.queue_screen),
            ("log", self.log_screen),
            ("catalogue", catalogue),
            ("on_call", on_call),
            ("on_call_setup", setup),
            ("major", majors),
            ("major_console", self.console),
        ):
            window.add_screen(name, screen)
        flow = DialogFlow(desk)
        self.queue = QueuePresenter(desk, self.queue_screen)
        self.record = RecordPresenter(desk, pane)
        self.conflicts = ConflictPresenter(desk, pane, window.hub)
        if desk.profile.whereabouts is not None:
            self.presence = PresencePresenter(desk, pane, desk.profile.whereabouts)
            self.record.shown.connect(self.presence.show)
        self.shell = ShellPresenter(desk, window, self.queue, self.queue_screen, preferences)
        self.edits = EditPresenter(desk, window, pane, flow)
        self.older = OlderPresenter(desk, self.queue_screen)
        self.paging = PagingPresenter(desk, window, pane, flow)
        self.acts = ActPresenter(desk, window, flow, self.paging)
        self.log = LogPresenter(desk, self.log_screen, flow)
        self.printing = PrintPresenter(desk, window, home, preferences.paper)
        self.catalogue = CataloguePresenter(desk, window, catalogue, flow)
        self.on_call = OnCallPresenter(desk, window, on_call, flow)
        self.on_call_paging = OnCallPaging(desk, window, self.paging.open)
        self.on_call_setup = OnCallSetup(desk, window, setup)
        self.simulator = SimulatorPresenter(desk, window, home.fonts)
        self.calendar = CalendarPresenter(desk, window)
        self.majors = MajorPresenter(
            desk, window, self.console, majors, flow, self.paging, home.fonts
        )
        composer = UpdateComposer()
        self.console.set_composer(composer)
        self.composer = ComposerPresenter(desk, composer, flow)
        self.replay = MajorReplay(desk, window, self.console)
        self.majors.update_requested.connect(composer.take_keyboard)
        self.words, self.held = WordNotices(desk, window), HeldNotices(desk, window)
        self.major_strip = MajorStrip(desk, window, pane, self.majors.acts)
        self.pending = PendingPresenter(desk, window)
        self.own_pages = OwnPagesPresenter(
            desk, window, PageSound(home.cache).play, is_loud=preferences.with_page_sound
        )
        self.paging_notices = PagingNotices(desk, window)
        self.follow_ups = FollowUpPresenter(desk)
        self._connect(pane)

    def _connect(self, pane: RecordPane) -> None:
        self.queue.incident_chosen.connect(self.record.show)
        self.record.shown.connect(self.paging.show)
        self.record.shown.connect(self.major_strip.show)
        self.major_strip.console_requested.connect(self.majors.open)
        self.majors.console_shown.connect(self.composer.show)
        self.majors.console_shown.connect(self.replay.show)
        self.majors.incident_opened.connect(self.open_incident)
        self.majors.severity_requested.connect(partial(self.edits.open, "severity"))
        self.words.wanted.connect(self._write_word)
        self.held.wanted.connect(self._write_word)
        self.composer.set_up_requested.connect(lambda: self.status_pages.open())
        self.own_pages.incident_opened.connect(self.open_incident)
        self.own_pages.sound_chosen.connect(self.shell.remember_sound)
        self.paging_notices.held_opened.connect(self.pending.open)
        pane.incident_opened.connect(self.open_incident)
        self.log_screen.incident_opened.connect(self.open_incident)
        self.pending.incident_opened.connect(self.open_incident)
        self.pending.report_taken_up.connect(self._log_again)
        pane.answer_requested.connect(self._answer)
        pane.withdrawal_requested.connect(self._withdraw)
        pane.caller_history_requested.connect(self._show_history)
        self.on_call.page_requested.connect(self.on_call_paging.open)
        self.on_call.setup_requested.connect(self.on_call_setup.open)
        self.on_call.simulation_requested.connect(self.simulator.open)
        self.on_call.calendar_requested.connect(self.calendar.open)
        self.log.logged.connect(self._after_logging)
        self.log.left.connect(self.shell.back_to_queue)
        self.acts.follow_up_requested.connect(self._follow_up)
        self.shell.preferences_changed.connect(self.preferences_changed)
        self.printing.paper_chosen.connect(self.shell.remember_paper)
        self._window.pending_changes_requested.connect(self.pending.open)
        self._window.hub.triggered.connect(self._act)

    @cached_property
    def reach(self) -> ReachPresenter:
        """The screens of contact methods and channels, made when one of them is asked for."""
        return ReachPresenter(self.desk, self._window)

    @cached_property
    def status_pages(self) -> StatusPagesPresenter:
        """The screen of status pages, made when it is asked for."""
        return StatusPagesPresenter(self.desk, self._window, self._previews)

    def open(self) -> None:
        """Show the first list and what was being written."""
        self.log.restore()
        self.shell.show_worklist(Worklist.MY_WORK)

    def leave(self) -> None:
        """Remember how the window looked, and let go of what stands outside it."""
        self.shell.remember_window()
        self.own_pages.leave()

    def show_sync(self, state: SyncState) -> None:
        """Show where the desk stands towards the shared database."""
        self.shell.show_sync(state)
        self.older.show_sync(state)
        for shows in (self.paging, self.own_pages, self.paging_notices, self.composer):
            shows.show_sync(state)

    def open_incident(self, incident_id: UUID) -> None:
        """Show an incident beside the list, whichever list is shown."""
        self.shell.show_queue()
        self.record.show(incident_id)

    def _write_word(self, incident_id: UUID, audience: Audience) -> None:
        self.majors.open(incident_id)
        self.console.show_writing()
        self.composer.write(audience)

    def _act(self, id_: str) -> None:
        places: dict[str, Callable[[], None]] = {
            "incident.log": self.show_log,
            "tools.catalogue": self.catalogue.open,
            "tools.matrix": self.catalogue.open_matrix,
            "tools.contacts": lambda: self.reach.open_contacts(),
            "tools.channels": lambda: self.reach.open_channels(),
            "tools.status_pages": lambda: self.status_pages.open(),
            "edit.unread": self.record.mark_unread,
        }
        if (open_it := places.get(id_)) is not None:
            open_it()
        elif (detail := self.record.detail) is not None:
            self._act_on(id_, detail)

    def _act_on(self, id_: str, detail: IncidentDetail) -> None:
        if id_ == "incident.print":
            self.printing.open(detail)
        elif id_ == "incident.propose_major":
            self.major_strip.propose(detail)
        elif id_ == "incident.assign_me":
            self.edits.assign_to_me(detail)
        else:
            self.acts.open(id_, detail)

    def show_log(self) -> None:
        """Show the log page; a new report begins beside what is being written."""
        if self._window.screen_name == "log":
            self.log_screen.start_new()
        self._window.show_screen("log")
        self.log_screen.report.caller.setFocus()

    def _after_logging(self, incident_id: UUID | None, number: int, then: str) -> None:
        if incident_id is None:
            self._window.show_screen("log")
            return
        if then:
            self.acts.continue_with(incident_id, then)

    def _answer(self, item: EscalationItem) -> None:
        if (detail := self.record.detail) is not None:
            self.acts.answer(detail, item)

    def _withdraw(self, item: EscalationItem) -> None:
        if (detail := self.record.detail) is not None:
            self.acts.withdraw(detail, item)

    def _follow_up(self, incident: Incident) -> None:
        self.log_screen.start_new(
            channel=incident.channel,
            values={
                "caller": str(incident.caller_id or ""),
                "summary": incident.summary,
                "service": str(incident.service_id or ""),
                "category": str(incident.category_id or ""),
                "subcategory": str(incident.subcategory_id or ""),
            },
            follow_up_of=(incident.id, incident.number),
        )
        self._window.show_screen("log")

    def _log_again(self, report: Report) -> None:
        """A refused report on the log page, kept as a draft at once."""
        self.log_screen.start_new(channel=report.channel, values=report.values)
        self.log_screen.draft_changed.emit(self.log_screen.content())
        self._window.show_screen("log")

    def _show_history(self, caller_id: UUID) -> None:
        """What the caller reported before, as a list to choose from."""
        self.desk.read(
            self,
            "history",
            lambda connection: (
                earlier_of_caller(connection, caller_id),
                kept_since(connection, self.desk.clock.now()),
            ),
            partial(self._offer, self.desk.directory.person(caller_id)),
        )

    def _offer(self, name: str, found: tuple[tuple[RelatedItem, ...], datetime | None]) -> None:
        items, since = found
        menu = HistoryMenu(self._window, name, items, self.desk.now_here(), since)
        menu.incident_opened.connect(self.open_incident)
        menu.popup(QCursor.pos())
