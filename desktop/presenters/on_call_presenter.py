"""The on-call screen: what it shows, kept true, and which act each wish goes to."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from functools import partial
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from PySide6.QtCore import QObject, QTimer, Signal

from desktop.main_window import MainWindow
from desktop.presenters.desk import Desk
from desktop.presenters.dialog_flow import DialogFlow
from desktop.presenters.on_call_acts import OnCallActs
from desktop.presenters.on_call_now import (
    findings_shown,
    first_gap,
    next_handovers,
    on_call_now,
    open_offers,
    seen_from,
)
from desktop.presenters.on_call_page import Sight, rota_page
from desktop.presenters.on_call_words import viewer_zone
from desktop.views.on_call.outlook_dialog import FAIRNESS, FINDINGS, OutlookDialog
from desktop.views.on_call.screen import OnCallScreen
from desktop.views.on_call.screen_head import MONTH, TWO_WEEKS, WEEK
from desktop.views.on_call.values import (
    Bar,
    BarKind,
    Finding,
    NextHandover,
    OnCallNow,
    RosterRow,
    RotaPage,
    SwapOffer,
)
from services.incidents.directory import Directory
from services.on_call.book_reading import BOOK_TABLES, on_call_book
from services.on_call.coverage import LOOKED_AHEAD
from services.sync.book import ChangeSet

_MINUTE_MS: Final = 60_000


@dataclass(frozen=True)
class Shown:
    """Everything the screen shows, made in the background."""

    sight: Sight
    page: RotaPage
    now: list[OnCallNow]
    handovers: list[NextHandover]
    findings: list[Finding]
    offers: list[SwapOffer]


class OnCallPresenter(QObject):
    """Feeds the screen and answers it.

    ``page_requested`` carries the roster whose person on call is to be paged, as it is shown,
    ``setup_requested`` asks for the screen of rosters and policies, True to begin a new roster,
    ``simulation_requested`` for the simulator, ``calendar_requested`` for a calendar file.
    """

    page_requested = Signal(object)
    setup_requested = Signal(bool)
    simulation_requested = Signal()
    calendar_requested = Signal()

    def __init__(
        self, desk: Desk, window: MainWindow, screen: OnCallScreen, flow: DialogFlow
    ) -> None:
        super().__init__()
        self._desk = desk
        self._window = window
        self._screen = screen
        self._zone = viewer_zone()
        self._span = WEEK
        self._first = self._monday(self._today)
        self._hidden: frozenset[UUID] = frozenset()
        self._shown: Shown | None = None
        self._is_stale = True
        self._is_open = False
        self._then: tuple[UUID, Bar] | None = None
        self._turned = 0
        self._waiting = ""
        self.acts = OnCallActs(desk, window, flow)
        self._minute = QTimer(self, singleShot=True)
        self._connect()

    def _connect(self) -> None:
        screen, grid, now = self._screen, self._screen.grid, self._screen.now
        self._minute.timeout.connect(self._tick)
        self._desk.changed.connect(self._on_change)
        self._desk.viewer_changed.connect(self._read_anew)
        self._desk.directory_changed.connect(self._read_anew)
        self._window.hub.triggered.connect(self._act)
        screen.head.span_chosen.connect(self._choose_span)
        screen.head.teams_chosen.connect(self._choose_teams)
        screen.shown.connect(self._note_shown)
        screen.setup_requested.connect(partial(self.setup_requested.emit, True))
        screen.handovers.opened.connect(self._open_note)
        grid.wished.connect(self.acts.wish)
        grid.hinted.connect(self._window.status.set_middle)
        grid.edge_crossed.connect(self._cross)
        now.called.connect(self.acts.call)
        now.paged.connect(self.page_requested)
        now.gap_filled.connect(self.acts.fill)
        now.team_asked.connect(self.acts.ask)
        now.offer_answered.connect(self.acts.answer)
        now.findings_requested.connect(partial(self._open_outlook, FINDINGS))

    # -- which days ---------------------------------------------------------------------------

    @property
    def _today(self) -> date:
        return self._desk.clock.now().astimezone(self._zone).date()

    def _monday(self, day: date) -> date:
        return day - timedelta(days=day.weekday())

    @property
    def _days(self) -> int:
        if self._span == MONTH:
            return monthrange(self._first.year, self._first.month)[1]
        return 14 if self._span == TWO_WEEKS else 7

    def show_day(self, day: date) -> None:
        """Turn to the page a day is on."""
        self._first = day.replace(day=1) if self._span == MONTH else self._monday(day)
        self.reload()

    def _turn(self, by: int) -> None:
        if self._span == MONTH:
            beyond = self._first + timedelta(days=31) if by > 0 else self._first - timedelta(days=1)
            self.show_day(beyond)
        else:
            self.show_day(self._first + by * timedelta(days=self._days))

    def _cross(self, side: int) -> None:
        self._turned = side
        self._turn(side)

    def _choose_span(self, span: str) -> None:
        day = self._first if self._span != MONTH else self._today
        is_there = self._first <= self._today < self._first + timedelta(days=self._days)
        self._span = span
        self.show_day(self._today if is_there else day)

    def _choose_teams(self, hidden: frozenset[UUID]) -> None:
        self._hidden = hidden
        self.reload()

    # -- reading ------------------------------------------------------------------------------

    def open(self) -> None:
        """Show the screen."""
        self._window.show_screen("on_call")
        if self._is_stale:
            self.reload()
        self._wait_for_minute()
        self._screen.focus_grid()

    def _note_shown(self, is_shown: bool) -> None:
        self._is_open = is_shown

    def _wait_for_minute(self) -> None:
        now = self._desk.clock.now()
        gone = now.second * 1000 + now.microsecond // 1000
        self._minute.start(_MINUTE_MS - gone)

    def _tick(self) -> None:
        """The minute is over: who is on call now may be another."""
        if self._is_open:
            self.reload()
            self._wait_for_minute()
        else:
            self._is_stale = True

    def _on_change(self, change: ChangeSet) -> None:
        if change.is_everything or change.tables & BOOK_TABLES:
            self._read_anew()

    def _read_anew(self) -> None:
        self._is_stale = True
        if self._is_open:
            self.reload()

    def reload(self) -> None:
        """Read what is shown again."""
        self._is_stale = False
        make = partial(
            _read, names=self._desk.directory, viewer_id=self._desk.viewer.person_id,
            now=self._desk.clock.now(), zone=self._zone, first=self._first, days=self._days,
            hidden=self._hidden,
        )  # fmt: skip
        self._desk.read(self, "rota", make, self._show)

    def _show(self, shown: Shown) -> None:
        self._shown = shown
        sight, screen = shown.sight, self._screen
        self.acts.sight = sight
        rosters = [(one.id, one.name) for one in sight.rosters]
        screen.show_rosters(rosters, self._hidden)
        screen.now.show_moment(seen_from(sight.now, sight))
        screen.now.show_entries(shown.now)
        gap = first_gap(shown.findings)
        screen.now.show_notices(
            shown.offers, gap, len(shown.findings), may_fill=self.acts.may_fill(gap)
        )
        if not rosters:
            planner = sight.planner
            screen.show_nothing(may_add=planner.is_keeper or bool(planner.led_team_ids))
            return
        screen.show_page(shown.page)
        screen.show_handovers(shown.handovers)
        self._return_to_bar()
        if self._waiting:
            verb, self._waiting = self._waiting, ""
            self._do(verb)

    def _return_to_bar(self) -> None:
        """After turning the page the keyboard goes on where it was going."""
        if self._turned:
            self._screen.grid.choose_edge(self._turned)
            self._turned = 0
        if self._then is not None:
            self._screen.grid.choose_bar(*self._then)
            self._then = None
        if self._screen.grid.current is None and self._screen.grid.hasFocus():
            self._screen.grid.choose_usual()

    # -- acting -------------------------------------------------------------------------------

    def _act(self, id_: str) -> None:
        if id_ == "go.on_call":
            self.open()
        elif id_.startswith("on_call."):
            self._do(id_.removeprefix("on_call."))

    def _do(self, verb: str) -> None:
        if verb == "setup":
            self.setup_requested.emit(False)
            return
        if verb == "simulate":
            self.simulation_requested.emit()
            return
        if verb == "calendar":
            self.calendar_requested.emit()
            return
        if not self._is_open:
            self.open()
        if self._shown is None:
            self._waiting = verb
        elif verb in ("findings", "fairness"):
            self._open_outlook(FINDINGS if verb == "findings" else FAIRNESS)
        elif verb in ("previous", "next"):
            self._turn(1 if verb == "next" else -1)
        elif verb == "today":
            self.show_day(self._today)
        else:
            self._act_on_bar(verb)

    def _act_on_bar(self, verb: str) -> None:
        placed, row = self._screen.grid.current, self._screen.grid.current_row
        bar = placed.bar if placed else None
        if verb == "note":
            self._open_note(self._next_of(row))
        elif verb in ("call", "page"):
            self._reach(verb, row)
        elif verb == "override":
            self.acts.override(row, bar)
        elif verb == "time_off":
            self.acts.time_off()
        elif row is None or bar is None:
            self._window.snack("Choose a shift first: click it, or press an arrow key.")
        elif verb == "take":
            self.acts.take(row.roster_id, bar)
        elif verb == "swap":
            self.acts.swap(row.roster_id, bar)
        elif verb == "remove":
            self.acts.cancel_override(bar)

    def _reach(self, verb: str, row: RosterRow | None) -> None:
        panel = self._screen.now
        entry = panel.focused or panel.entry_of(row.roster_id if row else None)
        if entry is None:
            self._window.snack("Choose a roster first: click one of its shifts.")
        elif verb == "call":
            self.acts.call(entry)
        else:
            self.page_requested.emit(entry)

    def _next_of(self, row: RosterRow | None) -> NextHandover | None:
        assert self._shown is not None
        of_row = (h for h in self._shown.handovers if row and h.roster_id == row.roster_id)
        return next(of_row, next(iter(self._shown.handovers), None))

    def _open_note(self, handover: NextHandover | None) -> None:
        if handover is None:
            self._window.snack("There is no handover in the next 14 days.")
        else:
            self.acts.write_note(handover)

    # -- what lies ahead ----------------------------------------------------------------------

    def _open_outlook(self, tab: str) -> None:
        shown = self._shown
        if shown is None:
            return
        dialog = OutlookDialog(self._window, tab)
        dialog.show_findings(shown.findings)
        dialog.finding_opened.connect(self._show_finding)
        self._window.open_dialog(dialog, dialog.first_field)
        self.acts.fill_outlook(dialog)

    def _show_finding(self, finding: Finding) -> None:
        if finding.roster_id is not None:
            self._hidden -= {finding.roster_id}
            span = (finding.starts_at, finding.ends_at)
            self._then = (
                finding.roster_id,
                Bar(key="", kind=BarKind.GAP, starts_at=span[0], ends_at=span[1]),
            )
        self.show_day(max(finding.starts_at, self._desk.clock.now()).astimezone(self._zone).date())
        self._screen.focus_grid()


def _read(
    connection: sa.Connection,
    *,
    names: Directory,
    viewer_id: UUID,
    now: datetime,
    zone: tzinfo,
    first: date,
    days: int,
    hidden: frozenset[UUID],
) -> Shown:
    """The book from the first day shown to 90 days from now, and all that is made of it."""
    start = datetime.combine(first, time(), zone)
    book = on_call_book(
        connection,
        min(start, now) - timedelta(days=1),
        max(start + timedelta(days=days), now + LOOKED_AHEAD),
    )
    sight = Sight(book, names, viewer_id, now, zone)
    return Shown(
        sight=sight,
        page=rota_page(sight, first, days, hidden),
        now=on_call_now(sight, hidden),
        handovers=next_handovers(sight, hidden),
        findings=findings_shown(sight),
        offers=open_offers(sight),
    )
