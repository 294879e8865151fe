"""The frame of the window: navigation, counts, presence, sync state, undo and quitting."""

from dataclasses import replace
from uuid import UUID

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from desktop.actions import BY_ID
from desktop.main_window import MainWindow
from desktop.presenters.desk import Desk
from desktop.presenters.queue_presenter import QueuePresenter
from desktop.presenters.sync_words import SyncNotice, sync_notice, sync_view
from desktop.text import incident_key
from desktop.theme.theme import ThemeName, apply_theme
from desktop.views.dialogs.about import AboutDialog
from desktop.views.queue.queue_screen import QueueScreen
from desktop.views.record.record_pane import RecordPane
from desktop.views.shell.presence import WorkAs
from desktop.widgets.banner import Banner
from services.core.errors import AppError
from services.core.messages import message_of
from services.core.release import VERSION
from services.core.settings import Preferences
from services.incidents.read_models import Worklist
from services.people.person import Role
from services.sync.worker import SyncState

ROLE_WORDS = {
    Role.SERVICE_DESK: "Service desk",
    Role.TIER_MEMBER: "Tier member",
    Role.INCIDENT_MANAGER: "Incident manager",
    Role.COMMUNICATIONS_MANAGER: "Communications manager",
    Role.MANAGER: "Manager",
    Role.ADMINISTRATOR: "Administrator",
    Role.DISPATCHER: "Dispatcher",
}


class ShellPresenter(QObject):
    """Joins the window to the desk. ``preferences_changed`` carries what to remember."""

    preferences_changed = Signal(object)

    def __init__(
        self,
        desk: Desk,
        window: MainWindow,
        queue: QueuePresenter,
        screen: QueueScreen,
        preferences: Preferences,
    ) -> None:
        super().__init__()
        self._desk = desk
        self._window = window
        self._queue = queue
        self._screen = screen
        self._preferences = preferences
        self._noticed = ""
        self._connect()
        self._apply()

    def _connect(self) -> None:
        window, desk = self._window, self._desk
        window.worklist_chosen.connect(self.show_worklist)
        # Queued: the menu that asks is filled anew by the answer, which must not be its own doing.
        window.work_as_requested.connect(self._work_as, Qt.ConnectionType.QueuedConnection)
        window.theme_chosen.connect(self._choose_theme)
        window.density_chosen.connect(self._choose_density)
        window.undo_requested.connect(desk.undo)
        window.hub.triggered.connect(self._act)
        window.hub.blocked.connect(self._explain)
        self._screen.density_chosen.connect(self._choose_density)
        self._queue.counted.connect(window.set_counts)
        desk.said.connect(window.snack)
        desk.stoppable.connect(window.snack_stop)
        desk.refused.connect(self._refuse)
        desk.viewer_changed.connect(self._show_presence)
        desk.directory_changed.connect(self._show_presence)

    def _apply(self) -> None:
        presence = self._window.navigation.presence
        presence.set_theme(self._preferences.theme)
        presence.set_density(self._preferences.row_height)
        self._screen.set_density(self._preferences.row_height)
        self._window.restore_state(self._preferences.window)
        sizes = self._preferences.window.get("splitter")
        if isinstance(sizes, list) and len(sizes) == 2:
            self._screen.set_splitter_sizes([int(size) for size in sizes])

    def show_worklist(self, worklist: Worklist) -> None:
        """Show a list of the queue."""
        self._window.show_screen("queue", worklist)
        self._queue.show(worklist)
        self._screen.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def back_to_queue(self) -> None:
        """Show the queue as it was left."""
        self._window.show_screen("queue", self._queue.worklist)
        self._screen.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_queue(self) -> None:
        """Show the queue without moving the keyboard away from where it belongs."""
        self._window.show_screen("queue", self._queue.worklist)

    def remember_paper(self, paper: str) -> None:
        """Offer this paper next time."""
        self._remember(paper=paper)

    def remember_sound(self, is_loud: bool) -> None:
        """Let one's own pages be heard, or only seen, from now on."""
        self._remember(with_page_sound=is_loud)

    def _act(self, id_: str) -> None:
        if id_ == "edit.redo":
            self._desk.redo()
        elif id_ == "edit.copy":
            self._copy()
        elif id_ == "sync.now":
            self._desk.profile.worker.wake()
        elif id_ == "help.about":
            self._window.open_dialog(AboutDialog(self._window, VERSION))

    def _copy(self) -> None:
        detail = self._record.detail
        if detail is None:
            return
        incident = detail.incident
        text = f"{incident_key(incident.number)} {incident.summary}"
        QGuiApplication.clipboard().setText(text)
        self._window.snack(f"Copied {incident_key(incident.number)} and its summary")

    def _explain(self, id_: str) -> None:
        """Say why a key did nothing."""
        detail = self._record.detail
        reason = self._window.hub.why_not(id_)
        if detail is not None and (reason := reason or detail.why_not(BY_ID[id_].act)):
            self._window.snack(f"{incident_key(detail.incident.number)}: {reason}")

    @property
    def _record(self) -> RecordPane:
        return self._screen.record

    # -- who ------------------------------------------------------------------------------

    def _work_as(self, person_id: UUID) -> None:
        self._desk.work_as(person_id)
        self._remember(works_as=str(person_id))
        self._window.snack(f"You work as {self._desk.me}")
        self.show_worklist(Worklist.MY_WORK)

    def _show_presence(self) -> None:
        directory, viewer = self._desk.directory, self._desk.viewer
        teams = [directory.team(id_) for id_ in viewer.team_ids]
        people = [
            WorkAs(person.id, person.name, self._roles_of(person.id)) for person in directory.agents
        ]
        subtitle = ", ".join(sorted(teams)) or self._roles_of(viewer.person_id)
        offers = self._desk.profile.trusts_desk and len(people) > 1
        self._window.set_presence(self._desk.me, subtitle, people if offers else ())

    def _roles_of(self, person_id: UUID) -> str:
        held = self._desk.directory.roles_of(person_id)
        return ", ".join(ROLE_WORDS[role] for role in Role if role in held)

    # -- looks ----------------------------------------------------------------------------

    def _choose_theme(self, theme: str) -> None:
        self._remember(theme=theme)
        switch_theme(theme)

    def _choose_density(self, height: int) -> None:
        self._screen.set_density(height)
        self._window.navigation.presence.set_density(height)
        self._remember(row_height=height)

    def _remember(self, **chosen: object) -> None:
        self._preferences = replace(self._preferences, **chosen)  # type: ignore[arg-type]
        self.preferences_changed.emit(self._preferences)

    def remember_window(self) -> None:
        """Keep size and place of the window for the next start."""
        state = {**self._window.save_state(), "splitter": self._screen.splitter_sizes}
        self._remember(window=state)

    # -- sync -----------------------------------------------------------------------------

    def show_sync(self, state: SyncState) -> None:
        """Show where this desk stands towards the shared database."""
        self._queue.show_first_sync(state.copying)
        self._window.set_sync_state(sync_view(state, self._desk))
        notice = sync_notice(state, self._desk)
        kind = notice.kind if notice else ""
        if kind == self._noticed:
            return
        self._noticed = kind
        if notice is None:
            self._window.clear_banner()
        else:
            self._say(notice)

    def _say(self, notice: SyncNotice) -> None:
        """Say it once; put away, it still stands in the status bar."""
        banner = Banner(
            "warn", notice.lead, notice.text, icon=notice.icon, dismissable=True, square=True
        )
        if notice.may_try:
            again = banner.add_button("Try now", icon="refresh")
            again.clicked.connect(self._desk.profile.worker.wake)
        banner.dismissed.connect(self._window.clear_banner)
        self._window.show_banner(banner)

    def _refuse(self, error: AppError) -> None:
        told = message_of(error)
        self._window.snack(f"{told.happened} {told.safe}".strip())


def switch_theme(theme: str) -> None:
    """Show the whole program in another theme at once."""
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        return
    for window in application.topLevelWidgets():
        window.setUpdatesEnabled(False)
    apply_theme(application, resolved_theme(theme))
    for window in application.topLevelWidgets():
        window.setUpdatesEnabled(True)


def resolved_theme(theme: str) -> ThemeName:
    """Light or dark, asking the system where it is to be followed."""
    if theme == "system":
        scheme = QGuiApplication.styleHints().colorScheme()
        return "dark" if scheme == Qt.ColorScheme.Dark else "light"
    return "dark" if theme == "dark" else "light"
