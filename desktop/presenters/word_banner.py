"""A banner above every screen about words that wait for somebody at this desk."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final, Generic, TypeVar
from uuid import UUID

import sqlalchemy as sa
from PySide6.QtCore import QObject, QTimer, Signal

from desktop.main_window import MainWindow
from desktop.presenters.desk import Desk
from desktop.text import plural
from desktop.widgets.banner import Banner, BannerTone
from services.communications.status_page import Audience
from services.sync.book import ChangeSet

Found = TypeVar("Found")
LOOKS_EVERY_MS: Final = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What is said of one update. ``kind`` changes when there is something new to say.

    ``summary`` is that of the incident, where the system says it too.
    """

    kind: str
    incident_id: UUID
    audience: Audience
    tone: BannerTone
    lead: str
    text: str
    summary: str = ""


class WordBanner(QObject, Generic[Found]):
    """Reads what may wait, and puts the banner up and takes it away by itself.

    ``wanted`` carries the incident and the audience to write to, or to decide about. A subclass
    says where the banner stands, from which tables it follows, and how it speaks: ``MORE`` are the
    words for one other update and for several.
    """

    PLACE: ClassVar[str]
    TABLES: ClassVar[frozenset[str]]
    ICON: ClassVar[str]
    VERB: ClassVar[str]
    MORE: ClassVar[tuple[str, str]]

    wanted = Signal(object, object)

    def __init__(self, desk: Desk, window: MainWindow) -> None:
        super().__init__()
        self._desk = desk
        self._window = window
        self._found: Found | None = None
        self._shown: frozenset[str] = frozenset()
        # It ends with the window: a closed one alarms nobody.
        self._timer = QTimer(window, interval=LOOKS_EVERY_MS)
        self._timer.timeout.connect(self.look)
        desk.changed.connect(self._on_change)
        desk.directory_changed.connect(self._read)
        desk.viewer_changed.connect(self._read)

    def read(self, connection: sa.Connection) -> Found:
        """What may have to be said, now or later; called on a thread of its own."""
        raise NotImplementedError

    def ages(self, found: Found) -> bool:
        """Whether something of it has to be said once it has grown older."""
        raise NotImplementedError

    def asks(self, found: Found) -> Sequence[Ask]:
        """What has to be said now, the most pressing first."""
        raise NotImplementedError

    def came(self, fresh: Sequence[Ask]) -> None:
        """These have to be said for the first time."""

    def _on_change(self, change: ChangeSet) -> None:
        if change.is_everything or change.tables & self.TABLES:
            self._read()

    def _read(self) -> None:
        self._desk.read(self, self.PLACE, self.read, self._take)

    def _take(self, found: Found) -> None:
        self._found = found
        if self.ages(found):
            self._timer.start()
        else:
            self._timer.stop()
        self.look()

    def look(self) -> None:
        """Say what there is to say as it stands now."""
        asks = self.asks(self._found) if self._found is not None else ()
        kinds = frozenset(ask.kind for ask in asks)
        if kinds == self._shown:
            return
        known, self._shown = self._shown, kinds
        if asks:
            self._show(asks[0], len(asks) - 1)
        else:
            self._window.clear_banner(self.PLACE)
        self.came([ask for ask in asks if ask.kind not in known])

    def _show(self, ask: Ask, more: int) -> None:
        others = f" {plural(more, *self.MORE)}." if more else ""
        banner = Banner(ask.tone, ask.lead, f"{ask.text}{others}", icon=self.ICON, square=True)
        button = banner.add_button(self.VERB, icon="status.page")
        button.clicked.connect(lambda: self.wanted.emit(ask.incident_id, ask.audience))
        self._window.show_banner(banner, self.PLACE)
