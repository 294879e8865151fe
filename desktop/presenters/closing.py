"""What it means to close the window while this program leads open pages."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from desktop.main_window import MainWindow
from desktop.views.dialogs.quit_question import QuitQuestion
from desktop.views.shell.tray import Tray
from services.sync.worker import SyncState


class Closing(QObject):
    """Goes on without the window, or asks, where nobody else would call people.

    ``quit_decided`` says that the program is to end.
    """

    quit_decided = Signal()

    def __init__(self, window: MainWindow) -> None:
        super().__init__()
        self._window = window
        self._open_pages = 0
        self._is_asking = False
        self.leads_pages = False
        """Whether this program is the one that leads the pages of its profile."""
        self.tray = Tray(window)
        self.tray.window_wanted.connect(self._show_window)
        self.tray.quit_wanted.connect(self.quit)

    def show_sync(self, state: SyncState) -> None:
        """Know how many pages are open."""
        self._open_pages = state.paging.open_pages if state.paging is not None else 0

    def tell_page(self, title: str, text: str) -> None:
        """Have the system say that the person is paged, where it has a place for that."""
        if self.tray.is_available:
            self.tray.show(title, text)

    def forget_pages(self) -> None:
        """No page waits for the person any more: the icon stays only in place of the window."""
        if self._window.isVisible():
            self.tray.hide()

    def close(self) -> None:
        """The person closed the window: while pages are open only the window goes."""
        if not (self._is_needed and self.tray.is_available):
            self.quit()
            return
        count = self._open_pages
        pages = self.tr("1 page is open") if count == 1 else self.tr("%1 pages are open")
        way_out = self.tr("Open the window or quit from the icon beside the clock.")
        self.tray.show(
            self.tr("Firstline goes on calling people"),
            f"{pages.replace('%1', f'{count:,}')}. {way_out}",
        )
        self._window.hide()

    def quit(self) -> None:
        """The person wants to end the program."""
        self.ask(self.quit_decided.emit)

    def ask(self, leave: Callable[[], None]) -> None:
        """Leave at once; while pages are open, after the person said that nobody need be called."""
        if not self._is_needed:
            leave()
        elif not self._is_asking:
            self._show_window()
            dialog = QuitQuestion(self._window, self._open_pages)
            dialog.submitted.connect(self._answered)
            dialog.submitted.connect(lambda _: leave())
            dialog.cancelled.connect(self._answered)
            self._is_asking = True
            self._window.open_dialog(dialog)

    @property
    def _is_needed(self) -> bool:
        return self.leads_pages and self._open_pages > 0

    def _show_window(self) -> None:
        self.tray.hide()
        self._window.show()
        self._window.raise_()
        self._window.activateWindow()

    def _answered(self, _: object = None) -> None:
        self._is_asking = False
