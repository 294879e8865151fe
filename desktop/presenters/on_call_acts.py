"""Acts on the rota: at once where nothing has to be asked, else by a small form."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

import sqlalchemy as sa
from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from desktop.main_window import MainWindow
from desktop.models.fairness_model import FairnessRow
from desktop.presenters import on_call_words as words
from desktop.presenters.desk import Desk
from desktop.presenters.dialog_flow import DialogFlow
from desktop.presenters.on_call_choices import (
    people_for,
    planned_time_off,
    rosters_for,
    shifts_of_others,
    who_is_planned,
)
from desktop.presenters.on_call_commands import (
    added_spans,
    lost_spans,
    moved_override,
    overrides,
    swap_offer,
    time_off,
)
from desktop.presenters.on_call_outlook import clock_previews, fairness
from desktop.presenters.on_call_page import Sight
from desktop.views.dialogs.forms import TextForm
from desktop.views.on_call.forms import OverrideForm, ShiftChoice, SwapForm, TimeOffForm
from desktop.views.on_call.outlook_dialog import OutlookDialog
from desktop.views.on_call.override_dialog import OverrideDialog
from desktop.views.on_call.small_dialogs import HandoverNoteDialog, TimeOffDialog
from desktop.views.on_call.swap_dialog import SwapDialog
from desktop.views.on_call.values import (
    Bar,
    BarKind,
    ClockPreview,
    Finding,
    NextHandover,
    OnCallNow,
    RosterRow,
    SwapOffer,
)
from desktop.views.on_call.wishes import OverrideWish, ResizeWish, SwapWish
from services.on_call.acts import (
    AcceptSwap,
    CancelOverride,
    CancelTimeOff,
    DeclineSwap,
    TakeShift,
    WithdrawSwap,
    WriteHandoverNote,
)
from services.on_call.book_reading import on_call_book
from services.on_call.coverage import LOOKED_AHEAD
from services.on_call.roster import OverrideKind
from services.on_call.shifts import PLANNED_AHEAD
from services.on_call.spans import Span
from services.sync.envelope import Envelope

_USUAL_LENGTH = timedelta(hours=8)


class OnCallActs(QObject):
    """Gives the commands of the rota; ``sight`` is what the screen shows now."""

    def __init__(self, desk: Desk, window: MainWindow, flow: DialogFlow) -> None:
        super().__init__()
        self._desk = desk
        self._window = window
        self._flow = flow
        self.sight: Sight | None = None

    @property
    def _seen(self) -> Sight:
        assert self.sight is not None
        return self.sight

    def wish(self, wish: object) -> None:
        """What was asked for by hand on the rota."""
        if isinstance(wish, OverrideWish):
            self._open_override(wish)
        elif isinstance(wish, ResizeWish):
            self._resize(wish)
        elif isinstance(wish, SwapWish):
            self._swap_with(wish)

    # -- overrides ----------------------------------------------------------------------------

    def override(self, row: RosterRow | None, bar: Bar | None) -> None:
        """Override the current shift, or the next hours of the first roster."""
        now = _next_hour(self._desk.clock.now())
        rosters = self._seen.book.active_rosters
        if not rosters:
            return
        if row is None or bar is None or bar.ends_at <= now:
            roster_id = row.roster_id if row else rosters[0].id
            wish = OverrideWish(roster_id=roster_id, starts_at=now, ends_at=now + _USUAL_LENGTH)
        else:
            wish = OverrideWish(
                roster_id=row.roster_id,
                starts_at=max(bar.starts_at, now),
                ends_at=bar.ends_at,
                is_backup=bar.kind is BarKind.BACKUP,
                replaced_id=bar.person_id,
            )
        self._open_override(wish)

    def may_fill(self, gap: Finding | None) -> bool:
        """Whether the viewer may put somebody, or at least themselves, where nobody is."""
        return gap is not None and self._seen.book.roster(gap.roster_id) is not None

    def fill(self, gap: Finding) -> None:
        """Put somebody where nobody is."""
        if gap.roster_id is not None:
            self._open_override(
                OverrideWish(roster_id=gap.roster_id, starts_at=gap.starts_at, ends_at=gap.ends_at)
            )

    def _open_override(self, wish: OverrideWish) -> None:
        dialog = OverrideDialog(
            self._window,
            rosters_for(self._seen),
            partial(who_is_planned, self._seen),
            wish,
            self._desk.clock.now(),
        )
        self._flow.open(dialog, "on_call/override", self._overrides, "Override saved")

    def _overrides(self, form: object) -> Sequence[object]:
        assert isinstance(form, OverrideForm)
        return overrides(form, self._seen.book, self._desk.fresh_id)

    def cancel_override(self, bar: Bar) -> None:
        """Let the rotation count again."""
        override = self._seen.book.override(bar.override_id)
        if override is None:
            self._window.snack("This shift comes from a rotation. Press O to override it.")
        elif override.swap_id is not None:
            self._desk.give(WithdrawSwap(swap_id=override.swap_id), said="Swap undone")
        else:
            self._desk.give(CancelOverride(override_id=override.id), said="Override cancelled")

    def take(self, roster_id: UUID, bar: Bar) -> None:
        """Be on call instead of whoever has the shift, or where nobody is."""
        when = words.span(bar.starts_at, bar.ends_at, self._seen.zone)
        if bar.is_you:
            self._window.snack("This shift is yours already. Press W to offer it.")
        elif bar.shift_id is not None:
            take = TakeShift(override_id=self._desk.fresh_id(), shift_id=bar.shift_id)
            self._desk.give(take, said=f"You are on call {when}")
        else:
            self._give_overrides(
                roster_id, self._desk.viewer.person_id, Span(bar.starts_at, bar.ends_at),
                is_backup=False, said=f"You are on call {when}",
            )  # fmt: skip

    def _give_overrides(
        self, roster_id: UUID, person_id: UUID | None, *spans: Span, is_backup: bool, said: str
    ) -> None:
        """Put a person on call in spans, instead of whoever would be."""
        made: list[object] = []
        for span in spans:
            form = OverrideForm(
                roster_id=roster_id,
                kind=OverrideKind.REPLACE,
                person_id=person_id,
                replaced_person_id=None,
                is_backup=is_backup,
                starts_at=span.starts_at,
                ends_at=span.ends_at,
                reason="",
            )
            made += overrides(form, self._seen.book, self._desk.fresh_id)
        if made:
            self._desk.give(*made, said=said)

    # -- by hand ------------------------------------------------------------------------------

    def _resize(self, wish: ResizeWish) -> None:
        """A longer shift takes from its neighbours; of a shorter one somebody takes the rest."""
        bar, is_backup = wish.bar, wish.bar.kind is BarKind.BACKUP
        said = f"{bar.person}: {words.span(wish.starts_at, wish.ends_at, self._seen.zone)}"
        override = self._seen.book.override(bar.override_id)
        if override is not None and override.swap_id is None:
            self._desk.give(*moved_override(override, wish, self._desk.fresh_id), said=said)
            return
        if lost := lost_spans(wish):
            self._open_override(
                OverrideWish(
                    roster_id=wish.roster_id,
                    starts_at=lost[0].starts_at,
                    ends_at=lost[-1].ends_at,
                    is_backup=is_backup,
                    replaced_id=bar.person_id,
                )
            )
            return
        self._give_overrides(
            wish.roster_id, bar.person_id, *added_spans(wish), is_backup=is_backup, said=said
        )

    # -- swaps --------------------------------------------------------------------------------

    def swap(self, roster_id: UUID, bar: Bar) -> None:
        """Offer a shift of one's own."""
        if bar.is_you:
            self._open_swap(roster_id, bar, None)
        else:
            self._window.snack("You can offer your own shifts. Press I to take this one.")

    def _swap_with(self, wish: SwapWish) -> None:
        bar, other = wish.bar, wish.other
        if other is None:
            self.swap(wish.roster_id, bar)
        elif bar.is_you:
            self._open_swap(wish.roster_id, bar, other)
        elif other.is_you:
            self._open_swap(wish.roster_id, other, bar)
        else:
            self._exchange(wish.roster_id, bar, other)

    def _exchange(self, roster_id: UUID, bar: Bar, other: Bar) -> None:
        """Two shifts of others, by who plans the roster."""
        roster = self._seen.book.roster(roster_id)
        if roster is None or not self._seen.planner.may_plan_for_others(roster):
            self._window.snack("People swap their own shifts; the roster's team plans the others.")
            return
        forms = [
            OverrideForm(
                roster_id=roster_id,
                kind=OverrideKind.REPLACE,
                person_id=taker.person_id,
                replaced_person_id=giver.person_id,
                is_backup=giver.kind is BarKind.BACKUP,
                starts_at=giver.starts_at,
                ends_at=giver.ends_at,
                reason="",
            )
            for giver, taker in ((bar, other), (other, bar))
        ]
        made = [c for f in forms for c in overrides(f, self._seen.book, self._desk.fresh_id)]
        self._desk.give(*made, said=f"{bar.person} and {other.person} swapped")

    def _open_swap(self, roster_id: UUID, bar: Bar, other: Bar | None) -> None:
        sight = self._seen
        roster = sight.book.roster(roster_id)
        if roster is None:
            return
        now = self._desk.clock.now()
        when = words.span(bar.starts_at, bar.ends_at, sight.zone)
        shifts = shifts_of_others(sight, roster_id, is_backup=bar.kind is BarKind.BACKUP)
        wanted = _as_choice(sight, other) if other is not None else None
        dialog = SwapDialog(
            self._window,
            f"{roster.name}, {when}",
            (max(bar.starts_at, _next_hour(now)), bar.ends_at),
            people_for(sight, roster),
            [*([wanted] if wanted else []), *(s for s in shifts if s != wanted)],
            now,
            wanted,
        )
        self._flow.open(
            dialog, "on_call/swap", partial(self._swap_commands, roster_id), "Swap offered"
        )

    def _swap_commands(self, roster_id: UUID, form: object) -> Sequence[object]:
        assert isinstance(form, SwapForm)
        return [swap_offer(form, roster_id, self._desk.fresh_id())]

    def answer(self, offer: SwapOffer, is_taken: bool) -> None:
        """Accept, decline or withdraw an offer."""
        if not offer.may_answer:
            self._desk.give(WithdrawSwap(swap_id=offer.swap_id), said="Offer withdrawn")
        elif is_taken:
            self._desk.give(AcceptSwap(swap_id=offer.swap_id), said="Swap accepted")
        else:
            self._desk.give(DeclineSwap(swap_id=offer.swap_id), said="Offer declined")

    # -- time off, notes, words ---------------------------------------------------------------

    def time_off(self) -> None:
        """Record when somebody is never on call."""
        sight, now = self._seen, self._desk.clock.now()
        morning = (now.astimezone(sight.zone) + timedelta(days=1)).replace(
            hour=0, minute=0, second=0, microsecond=0
        )
        people = people_for(sight, None)
        dialog = TimeOffDialog(
            self._window,
            people,
            (morning, morning + timedelta(days=7)),
            planned_time_off(sight),
            now,
        )
        dialog.cancellation_requested.connect(partial(self._cancel_time_off, dialog))
        self._flow.open(dialog, "on_call/time_off", self._time_off, "Time off recorded")

    def _time_off(self, form: object) -> Sequence[object]:
        assert isinstance(form, TimeOffForm)
        return [time_off(form, self._desk.fresh_id())]

    def _cancel_time_off(self, dialog: TimeOffDialog, time_off_id: UUID) -> None:
        def done(_: Sequence[Envelope]) -> None:
            left = [c for c in planned_time_off(self._seen) if c.time_off_id != time_off_id]
            dialog.show_planned(left)

        self._desk.give(
            CancelTimeOff(time_off_id=time_off_id), said="Time off cancelled", done=done
        )

    def write_note(self, handover: NextHandover) -> None:
        """Write what the next one has to know."""
        way = f"{handover.when}, {handover.from_person} to {handover.to_person}"
        dialog = HandoverNoteDialog(
            self._window, f"{handover.roster}, {way}", handover.note,
            warning=handover.warning,
        )  # fmt: skip

        def commands(form: object) -> Sequence[object]:
            assert isinstance(form, TextForm)
            return [
                WriteHandoverNote(
                    note_id=self._desk.fresh_id(),
                    roster_id=handover.roster_id,
                    handover_at=handover.at,
                    text=form.text,
                )
            ]

        draft = f"on_call/note/{handover.roster_id}/{handover.at:%Y%m%d%H%M}"
        self._flow.open(dialog, draft, commands, "Handover note saved")

    def call(self, entry: OnCallNow) -> None:
        """Copy the number of whoever is on call."""
        if not entry.phone:
            self._window.snack(f"No phone number is known of {entry.person or entry.roster}.")
            return
        QGuiApplication.clipboard().setText(entry.phone)
        self._window.snack(f"Copied {entry.phone}, {entry.person}")

    def ask(self, gap: Finding) -> None:
        """Copy a question to the team, for its chat or a mail."""
        QGuiApplication.clipboard().setText(f"{gap.title} {gap.text}. Who can take it?")
        self._window.snack("Copied a question for the team's chat")

    # -- what lies ahead ----------------------------------------------------------------------

    def fill_outlook(self, dialog: OutlookDialog) -> None:
        """Read further than the screen shows: clocks for as long as shifts are planned."""
        sight = self._seen
        start, end = sight.now - LOOKED_AHEAD, sight.now + LOOKED_AHEAD
        here = (words.dated(at, sight.zone).rsplit(" ", 1)[0] for at in (start, end))
        dialog.show_span(f"Findings of the next 90 days. Fairness from {' to '.join(here)}.")

        def read(connection: sa.Connection) -> tuple[list[ClockPreview], list[FairnessRow]]:
            book = on_call_book(connection, start, sight.now + PLANNED_AHEAD)
            wide = Sight(book, sight.names, sight.viewer_id, sight.now, sight.zone)
            return clock_previews(wide), fairness(wide, start, end)

        def show(found: tuple[list[ClockPreview], list[FairnessRow]]) -> None:
            dialog.show_clocks(found[0])
            dialog.show_fairness(found[1])

        self._desk.read(dialog, "outlook", read, show)


def _as_choice(sight: Sight, bar: Bar) -> ShiftChoice:
    assert bar.person_id is not None
    when = words.span(bar.starts_at, bar.ends_at, sight.zone)
    return ShiftChoice(bar.person_id, bar.starts_at, bar.ends_at, when)


def _next_hour(now: datetime) -> datetime:
    return now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
