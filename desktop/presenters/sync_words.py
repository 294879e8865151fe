"""How things stand with the shared database, in words: saved here, and saved for all."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from desktop.presenters.desk import Desk
from desktop.text import clock_text, count_text, plural
from desktop.views.shell.status_bar import SyncView
from services.core.messages import message_of
from services.sync.worker import SyncState

HERE = "Saved on this machine. Not yet saved for all."
FOR_ALL = "Everything is saved for all."


@dataclass(frozen=True, slots=True)
class SyncNotice:
    """What is said once above the screen; ``kind`` changes when something new has to be said."""

    kind: str
    icon: str
    lead: str
    text: str
    may_try: bool


def sync_view(state: SyncState, desk: Desk) -> SyncView:
    """One line for every state."""
    waiting, conflicts = state.waiting_count, state.conflict_count
    if state.copying is not None:
        done, total = count_text(state.copying.done), count_text(state.copying.total)
        return SyncView("busy", f"Copying, {done} of {total}", "rows can be used at once")
    if conflicts:
        detail = f"{saved_here(waiting)}, not yet for all" if waiting else ""
        text = f"{plural(conflicts, 'change needs', 'changes need')} you"
        return SyncView("attention", text, detail, "Open the list to decide.")
    if state.offline_since is not None:
        return _offline(state, desk)
    if not state.is_online:
        return SyncView("busy", "Opening")
    if waiting:
        return SyncView(
            "busy", f"Sending {plural(waiting, 'change', 'changes')}", "saved here", HERE
        )
    at = state.synced_at or desk.clock.now()
    shown = clock_text(at.astimezone(desk.zone), seconds=True)
    return SyncView("ok", f"Synced {shown}", "all changes saved", FOR_ALL)


def _offline(state: SyncState, desk: Desk) -> SyncView:
    waiting = state.waiting_count
    detail = f"{saved_here(waiting)}, will send when back online"
    if not waiting:
        detail = "nothing waits to be sent"
    elif state.problem is not None and not state.problem.retryable:
        detail = f"{saved_here(waiting)}, not yet for all"
    tip = message_of(state.problem).text if state.problem else ""
    return SyncView("offline", f"Offline since {_since(state, desk)}", detail, tip)


def saved_here(count: int) -> str:
    """``7 changes saved here``."""
    return f"{plural(count, 'change', 'changes')} saved here"


def sync_notice(state: SyncState, desk: Desk) -> SyncNotice | None:
    """What this state calls for to be said: why it is offline, or a clock that is wrong."""
    if state.offline_since is not None:
        problem = state.problem
        lead = f"Working offline since {_since(state, desk)}."
        text = "Everything works. Changes wait here and are sent when the database answers."
        if problem is not None:
            text = message_of(problem).text
        return SyncNotice(
            f"offline {problem.code if problem else ''}", "sync.offline", lead, text, may_try=True
        )
    if state.clock_offset:
        side = "behind" if state.clock_offset > timedelta() else "ahead"
        return SyncNotice(
            f"clock {side}",
            "clock",
            f"The clock of this computer is {span_text(abs(state.clock_offset))} {side}.",
            "Times are kept by the clock of the shared database. Set this computer's clock right.",
            may_try=False,
        )
    return None


def span_text(span: timedelta) -> str:
    """A span in its largest unit: ``26 hours``, ``4 minutes``, ``3 seconds``."""
    seconds = int(span.total_seconds())
    for size, one, many in ((3_600, "hour", "hours"), (60, "minute", "minutes")):
        if seconds >= size:
            return plural(seconds // size, one, many)
    return plural(seconds, "second", "seconds")


def _since(state: SyncState, desk: Desk) -> str:
    since: datetime = state.offline_since or desk.clock.now()
    return clock_text(since.astimezone(desk.zone))
