"""Facts about the local files: each is told once, one after the other, until it is put away."""

from typing import Final

from PySide6.QtCore import QObject

from desktop.main_window import MainWindow
from desktop.text import plural
from desktop.views.dialogs.error import ErrorDialog
from desktop.widgets.banner import Banner, BannerTone
from services.core.errors import AppError
from services.core.messages import message_of

TONES: Final[dict[str, BannerTone]] = {"cache-replaced": "info", "journal-returned": "ok"}
"""How a fact looks that is no warning."""

PLACE: Final = "files"


class FileNotices(QObject):
    """Keeps what has to be told and shows it as a banner, with its details on request."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__()
        self._window = window
        self._waiting: list[AppError] = []

    def tell(self, fact: AppError) -> None:
        """Show a fact, after those that are still to be put away; the same one only once."""
        if any(known.args == fact.args for known in self._waiting):
            return
        self._waiting.append(fact)
        self._show()

    def _show(self) -> None:
        fact, behind = self._waiting[0], len(self._waiting) - 1
        told = message_of(fact)
        text = f"{told.safe} {told.next}"
        if behind:
            text += f" {plural(behind, 'notice follows', 'notices follow')}."
        banner = Banner(
            TONES.get(fact.code, "warn"), told.happened, text, dismissable=True, square=True
        )
        banner.add_button(self.tr("Details")).clicked.connect(lambda: self._show_details(fact))
        banner.dismissed.connect(self._put_away)
        self._window.show_banner(banner, PLACE)

    def _put_away(self) -> None:
        self._waiting.pop(0)
        if self._waiting:
            self._show()
        else:
            self._window.clear_banner(PLACE)

    def _show_details(self, fact: AppError) -> None:
        told = message_of(fact)
        about = "\n".join(f"{name}: {value}" for name, value in fact.context.items())
        details = f"{fact.code}\n{about}".strip()
        self._window.open_dialog(
            ErrorDialog(self._window, told.happened, told.safe, told.next, details)
        )
