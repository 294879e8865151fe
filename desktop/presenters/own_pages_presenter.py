"""The pages of the person at the desk: shown on top, heard, and repeated until answered."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

from desktop.main_window import MainWindow
from desktop.presenters.conflict_presenter import dismiss
from desktop.presenters.desk import Desk
from desktop.text import incident_key
from desktop.views.paging.alarm import PageAlarm
from services.core.messages import later
from services.paging import acts
from services.paging.errors import PageOver
from services.paging.queries import ANSWERS, PAGING_TABLES, own_pages
from services.paging.read_models import OwnPage
from services.sync.book import ChangeSet
from services.sync.errors import CommandExpired
from services.sync.pending import PendingCommand, PendingState
from services.sync.worker import SyncState

REPEAT_MS = 10_000
"""How often a page that nobody answers is heard again."""

SOUND_ACTION = "pages.sound"


class OwnPagesPresenter(QObject):
    """Feeds the alarm. ``incident_opened`` carries an id, ``sound_chosen`` whether it is heard.

    ``told`` carries title and text for the system to say, once for each page; ``quiet`` says that
    none waits any more.
    """

    incident_opened = Signal(object)
    sound_chosen = Signal(bool)
    told = Signal(str, str)
    quiet = Signal()

    def __init__(
        self, desk: Desk, window: MainWindow, play: Callable[[], None], *, is_loud: bool
    ) -> None:
        super().__init__()
        self._desk = desk
        self._window = window
        self._play = play
        self._is_loud = is_loud
        self._is_online = False
        self._pages: tuple[OwnPage, ...] = ()
        self._told: frozenset[object] = frozenset()
        self.alarm = PageAlarm()
        self._repeat = QTimer(self, interval=REPEAT_MS)
        self._repeat.timeout.connect(self._sound_again)
        self._connect()

    def _connect(self) -> None:
        self.alarm.acknowledged.connect(self._acknowledge)
        self.alarm.declined.connect(self._decline)
        self.alarm.snoozed.connect(self._snooze)
        self.alarm.opened.connect(self._open)
        self.alarm.muted.connect(lambda _: self._choose_sound())
        self._window.hub.triggered.connect(self._act)
        self._window.hub.action(SOUND_ACTION).setChecked(self._is_loud)
        self._desk.changed.connect(self._on_change)
        self._desk.viewer_changed.connect(self._read)
        self._desk.directory_changed.connect(self._read)

    def show_sync(self, state: SyncState) -> None:
        """An answer counts only while the shared database hears it."""
        if state.is_online != self._is_online:
            self._is_online = state.is_online
            self._show()

    def leave(self) -> None:
        """End with the window: nothing is heard any more."""
        self._repeat.stop()
        self.alarm.hide()
        self.alarm.deleteLater()

    # -- what waits -------------------------------------------------------------------------

    def _on_change(self, change: ChangeSet) -> None:
        if change.is_everything or change.tables & (PAGING_TABLES | {"pending"}):
            self._read()
        if change.is_everything or "pending" in change.tables:
            self._settle_late_answers()

    def _read(self) -> None:
        names, viewer = self._desk.directory, self._desk.viewer.person_id
        self._desk.read(
            self,
            "own pages",
            lambda connection: own_pages(connection, names, viewer),
            self._take,
        )

    def _take(self, pages: tuple[OwnPage, ...]) -> None:
        self._pages = pages
        self._show()
        waiting = [page for page in pages if not page.is_answering]
        known, self._told = self._told, frozenset((p.page_id, p.called_at) for p in waiting)
        fresh = [page for page in waiting if (page.page_id, page.called_at) not in known]
        if fresh:
            self._tell(fresh[0])
        if waiting and not self._repeat.isActive():
            self._repeat.start()
        elif not waiting and self._repeat.isActive():
            self._repeat.stop()
            self.quiet.emit()

    def _show(self) -> None:
        now = self._desk.now_here()
        self.alarm.show_pages(self._pages, now, is_online=self._is_online, is_loud=self._is_loud)

    def _tell(self, page: OwnPage) -> None:
        """Told once by the system, and heard at once."""
        what = page.summary or "Confidential incident"
        self.told.emit(f"You are paged: {incident_key(page.number)}", what)
        QApplication.alert(self._window)
        self.alarm.come_forward()
        self._sound()

    def _sound(self) -> None:
        if self._is_loud:
            self._play()

    def _sound_again(self) -> None:
        self._show()
        self.alarm.come_forward()
        self._sound()

    # -- what is answered -------------------------------------------------------------------

    def _acknowledge(self, page: OwnPage) -> None:
        key = incident_key(page.number)
        said = f"You acknowledged the page of {key}"
        command = acts.AcknowledgePage(page_id=page.page_id, incident_id=page.incident_id)
        self._desk.give(command, said=said)

    def _decline(self, page: OwnPage) -> None:
        said = f"The page of {incident_key(page.number)} goes on without you"
        command = acts.DeclinePage(page_id=page.page_id, incident_id=page.incident_id)
        self._desk.give(command, said=said)

    def _snooze(self, page: OwnPage, seconds: int) -> None:
        command = acts.SnoozePage(
            page_id=page.page_id, incident_id=page.incident_id, snooze_s=seconds
        )
        self._desk.give(command, said=f"Page of {incident_key(page.number)} snoozed")

    def _open(self, page: OwnPage) -> None:
        """The person asked for it, so the window may come to the front."""
        self._window.show()
        self._window.raise_()
        self._window.activateWindow()
        self.incident_opened.emit(page.incident_id)

    def _settle_late_answers(self) -> None:
        """An answer that somebody else was quicker with needs no decision; it is only said."""
        replica = self._desk.profile.replica
        self._desk.run(self, "late answers", lambda: late_answers(replica.pending()), self._drop)

    def _drop(self, late: tuple[PendingCommand, ...]) -> None:
        for command in late:
            told = later(command.code, command.reason)
            dismiss(self._desk, (command.envelope.command_id,), "")
            self._desk.said.emit(f"{told.happened} {told.safe}", False)

    # -- whether it is heard ----------------------------------------------------------------

    def _act(self, id_: str) -> None:
        if id_ == SOUND_ACTION:
            self._choose_sound()
        elif id_ == "pages.mine" and self._pages:
            self.alarm.take_keyboard()
        elif id_ == "pages.mine":
            self._desk.said.emit("No page waits for you.", False)

    def _choose_sound(self) -> None:
        self._is_loud = not self._is_loud
        self._window.hub.action(SOUND_ACTION).setChecked(self._is_loud)
        self.sound_chosen.emit(self._is_loud)
        self._show()


LATE = frozenset({PageOver.code, CommandExpired.code})
"""Why an answer was not carried out, without anything to decide about it."""


def late_answers(pending: list[PendingCommand]) -> tuple[PendingCommand, ...]:
    """Answers that others were quicker with, or that came too late to mean anything."""
    return tuple(
        command
        for command in pending
        if command.state is PendingState.CONFLICT
        and command.envelope.name in ANSWERS
        and command.code in LATE
    )
