"""What stands above every screen while paging does not work, or waits for a decision."""

from dataclasses import dataclass
from datetime import timedelta

from PySide6.QtCore import QObject, Signal

from desktop.main_window import MainWindow
from desktop.presenters.desk import Desk
from desktop.text import clock_text, duration_text, plural
from desktop.widgets.banner import Banner
from services.paging.queries import held_pages, paging_here
from services.paging.read_models import HeldPage, PagingHere
from services.sync.book import ChangeSet
from services.sync.worker import SyncState

DEAD, HELD = "paging", "held pages"
"""Places of banners above the screen."""

SILENT_FOR = timedelta(seconds=60)
"""How long no dispatcher is heard of before everybody is told."""

_REMEDY = "An administrator starts the dispatcher."
"""Where dispatchers are programs of their own."""

WATCHED = frozenset({"page", "destination"})


@dataclass(frozen=True, slots=True)
class DeadMan:
    """That nobody is paged: ``kind`` changes when something new has to be said."""

    kind: str
    lead: str
    text: str


class PagingNotices(QObject):
    """Puts the red banner up and takes it away by itself; ``held_opened`` asks for the list."""

    held_opened = Signal()

    def __init__(self, desk: Desk, window: MainWindow) -> None:
        super().__init__()
        self._desk = desk
        self._window = window
        self._state = SyncState()
        self._here = PagingHere(open_pages=0, has_destinations=False)
        self._held: tuple[HeldPage, ...] = ()
        self._said = ""
        self._held_said = 0
        desk.changed.connect(self._on_change)
        desk.directory_changed.connect(self._read)

    def show_sync(self, state: SyncState) -> None:
        """Say whether anybody delivers, as it stands now."""
        self._state = state
        self._say()

    def _on_change(self, change: ChangeSet) -> None:
        if change.is_everything or change.tables & WATCHED:
            self._read()

    def _read(self) -> None:
        names = self._desk.directory
        self._desk.read(
            self,
            "paging here",
            lambda connection: (paging_here(connection), held_pages(connection, names)),
            self._take,
        )

    def _take(self, found: tuple[PagingHere, tuple[HeldPage, ...]]) -> None:
        self._here, self._held = found
        self._say()
        self._say_held()

    def _say(self) -> None:
        told = dead_man(self._state, self._here, self._desk)
        kind = told.kind if told else ""
        if kind == self._said:
            return
        self._said = kind
        if told is None:
            self._window.clear_banner(DEAD)
        else:
            self._window.show_banner(Banner("danger", told.lead, told.text, square=True), DEAD)

    def _say_held(self) -> None:
        count = len(self._held)
        if count == self._held_said:
            return
        self._held_said = count
        if not count:
            self._window.clear_banner(HELD)
            return
        lead = f"{plural(count, 'page is', 'pages are')} held: nobody was called."
        text = "Asked for offline and not sent late as new. Decide whether still wanted."
        banner = Banner("warn", lead, text, icon="hold", square=True)
        banner.add_button("Decide…", icon="list").clicked.connect(self.held_opened)
        self._window.show_banner(banner, HELD)


def dead_man(state: SyncState, here: PagingHere, desk: Desk) -> DeadMan | None:
    """What has to be said in red: that nobody delivers pages, that this desk is cut off, or that
    the clock by which pages go was stepped."""
    if not (here.open_pages or here.has_destinations):
        return None
    call = "Call the people on call by phone."
    if state.offline_since is not None:
        since = clock_text(state.offline_since.astimezone(desk.zone))
        lead = f"Nobody can be paged from here since {since}."
        text = (
            "Pages that are under way are safe in the shared database and go on there. One asked"
            f" for here waits, and after 10 minutes you are asked first. {call}"
        )
        return DeadMan(f"offline {since}", lead, text)
    standing = state.paging
    if standing is None:
        return None
    leads_itself = desk.profile.dispatcher is not None
    beat = standing.last_beat_at
    if standing.dispatcher_count or (beat is not None and standing.now - beat < SILENT_FOR):
        return _stepped_clock(standing.clock_ahead, leads_itself)
    since = f" since {clock_text(beat.astimezone(desk.zone))}" if beat else ""
    lead = f"No messages leave for pages{since}: no dispatcher runs."
    count = plural(here.open_pages, "open page goes", "open pages go")
    safe = f"{count} on from step to step and show on desks. " if here.open_pages else ""
    remedy = "Start Firstline again." if leads_itself else _REMEDY
    text = f"{safe}Nothing is lost. {call} {remedy}"
    return DeadMan(f"silent {since} {here.open_pages}", lead, text)


def _stepped_clock(ahead: timedelta, leads_itself: bool) -> DeadMan | None:
    """That the clock by which pages go was stepped forward, until somebody confirms it."""
    if not ahead:
        return None
    whose, remedy = (
        ("This computer's", "Put it right, or start Firstline again if it is right.")
        if leads_itself
        else ("The database's", "An administrator puts it right, or confirms it.")
    )
    lead = f"{whose} clock was set {duration_text(ahead)} ahead."
    text = f"Pages go on as if it had not been, and nobody is called early. {remedy}"
    return DeadMan(f"clock {ahead}", lead, text)
