"""The list of changes that are not yet saved for all."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

import sqlalchemy as sa
from PySide6.QtCore import QObject, Signal

from desktop.main_window import MainWindow
from desktop.presenters.conflict_forms import report_of
from desktop.presenters.conflict_presenter import dismiss, find_conflict
from desktop.presenters.desk import Desk
from desktop.text import incident_key
from desktop.views.dialogs.pending import PendingChange, PendingChangesDialog, Standing
from services.core.drafts import Content
from services.core.messages import later
from services.incidents.acts import LogIncident
from services.incidents.conflicts import act_words, typed_in
from services.incidents.incident import Channel
from services.incidents.queries import numbers_and_summaries
from services.paging.queries import held_pages, pages_to_incidents
from services.paging.read_models import HeldPage
from services.sync.book import ChangeSet
from services.sync.envelope import Envelope, unseal
from services.sync.pending import PendingCommand, PendingState

STANDINGS: dict[PendingState, Standing] = {
    PendingState.WAITING: "waiting",
    PendingState.ACKED: "sending",
    PendingState.WITHDRAWING: "conflict",
    PendingState.CONFLICT: "conflict",
}


SHOWN_TABLES = frozenset({"pending", "page"})
"""Tables from which the list is made."""


@dataclass(frozen=True, slots=True)
class Report:
    """What is to be logged again: the channel and the fields of the log page."""

    channel: Channel
    values: Content


class PendingPresenter(QObject):
    """Shows what waits, conflicts first, and leads to the incident.

    ``report_taken_up`` carries the :class:`Report` of a refused log that is written anew.
    """

    incident_opened = Signal(object)
    report_taken_up = Signal(object)

    def __init__(self, desk: Desk, window: MainWindow) -> None:
        super().__init__()
        self._desk = desk
        self._window = window
        self._dialog: PendingChangesDialog | None = None
        desk.changed.connect(self._on_change)

    def open(self) -> None:
        """Show the list."""
        self._read(self, self._show)

    def _read(self, owner: QObject, done: Callable[[tuple[PendingChange, ...]], None]) -> None:
        """Read what waits; nobody is told where the owner is gone by then."""
        replica, engine = self._desk.profile.replica, self._desk.profile.engine
        names = self._desk.directory

        def work() -> tuple[PendingChange, ...]:
            pending = replica.pending()
            with engine.connect() as connection:
                about = incidents_of(connection, pending)
                known = numbers_and_summaries(connection, set(about.values()))
                held = held_pages(connection, names)
            lost = lost_groups(pending, about, known.keys())
            among = {p.seq for group in lost for p in group}
            return (
                *(_lost_change(group) for group in lost),
                *(_change(p, about[p.seq], known) for p in pending if p.seq not in among),
                *(_held(page) for page in held),
            )

        self._desk.run(owner, "pending", work, done)

    def _show(self, changes: tuple[PendingChange, ...]) -> None:
        if not changes:
            self._window.snack("Everything is saved for all.")
            return
        dialog = PendingChangesDialog(self._window, changes)
        dialog.incident_opened.connect(self._open_incident)
        dialog.log_again_requested.connect(self._log_again)
        dialog.let_go.connect(self._let_go)
        dialog.send_requested.connect(self._desk.profile.worker.wake)
        dialog.rejected.connect(self._forget)
        dialog.destroyed.connect(partial(self._forget_closed, id(dialog)))
        self._dialog = dialog
        self._window.open_dialog(dialog)

    def _on_change(self, change: ChangeSet) -> None:
        if self._dialog is not None and (change.is_everything or change.tables & SHOWN_TABLES):
            self._read(self._dialog, self._dialog.show_changes)

    def _open_incident(self, incident_id: object) -> None:
        if self._dialog is not None:
            self._dialog.close_dialog()
        self._forget()
        self.incident_opened.emit(incident_id)

    def _let_go(self, change: PendingChange) -> None:
        dismiss(self._desk, change.lost, "A refused change was let go")

    def _log_again(self, change: PendingChange) -> None:
        """The report goes back to the log page; what followed on it stands in its description."""
        take_up = partial(self._take_up, change)
        find_conflict(self._desk, self, change.lost[0], take_up)

    def _take_up(self, change: PendingChange, envelope: Envelope) -> None:
        command = unseal(envelope, LogIncident)
        assert isinstance(command, LogIncident)
        followed = change.typed.removeprefix(typed_in(envelope)).strip()
        words = "\n\n".join(text for text in (command.description, followed) if text)
        if self._dialog is not None:
            self._dialog.close_dialog()
        self._forget()
        values = {**report_of(command), "description": words}
        self.report_taken_up.emit(Report(command.channel, values))
        dismiss(self._desk, change.lost, "The report is on the log page again")

    def _forget_closed(self, gone: int, *_: object) -> None:
        if id(self._dialog) == gone:
            self._forget()

    def _forget(self) -> None:
        self._dialog = None


def incidents_of(connection: sa.Connection, pending: Sequence[PendingCommand]) -> dict[int, str]:
    """What each command is about, by its place: an incident, named itself or by its page.

    A command that is about no incident is about itself.
    """
    pages = {p.seq: UUID(str(id_)) for p in pending if (id_ := p.envelope.args.get("page_id"))}
    incidents = pages_to_incidents(connection, set(pages.values()))
    return {
        p.seq: str(
            p.envelope.args.get("incident_id")
            or incidents.get(pages.get(p.seq, p.envelope.command_id))
            or p.envelope.command_id
        )
        for p in pending
    }


def lost_groups(
    pending: Sequence[PendingCommand], about: Mapping[int, str], known: Collection[str]
) -> list[list[PendingCommand]]:
    """Conflicts whose incident is not on this desk: a refused log with all that followed on it."""
    groups: dict[str, list[PendingCommand]] = {}
    for command in pending:
        if command.state is PendingState.CONFLICT and about[command.seq] not in known:
            groups.setdefault(about[command.seq], []).append(command)
    return list(groups.values())


def _lost_change(group: Sequence[PendingCommand]) -> PendingChange:
    first = group[0]
    texts = (typed_in(p.envelope) or _texts_of(p.envelope) for p in group)
    return PendingChange(
        incident_id=None,
        key="",
        act=act_words(first.envelope.name),
        summary="",
        happened_at=first.envelope.happened_at,
        standing="conflict",
        sentence=later(first.code, first.reason).happened,
        lost=tuple(p.envelope.command_id for p in group),
        typed="\n\n".join(text for text in texts if text),
        may_log_again=first.envelope.name == LogIncident.__name__,
    )


def _texts_of(envelope: Envelope) -> str:
    """The words of a command that is about no incident, such as a new caller's name."""
    words = (v for k, v in envelope.args.items() if isinstance(v, str) and not k.endswith("_id"))
    return "\n".join(word for word in words if word)


def _held(page: HeldPage) -> PendingChange:
    """A page that waited offline too long: on the record it is sent or dropped."""
    return PendingChange(
        incident_id=page.incident_id,
        key=incident_key(page.number),
        act=f"page of {page.target}",
        summary=page.summary,
        happened_at=page.opened_at,
        standing="held",
        sentence=f"Asked for by {page.asked_by} offline, nobody was called. Open to send or drop.",
    )


def _change(
    pending: PendingCommand, about: str, known: dict[str, tuple[int, str]]
) -> PendingChange:
    envelope = pending.envelope
    number, summary = known.get(about, (0, ""))
    told = later(pending.code, pending.reason) if pending.code else None
    return PendingChange(
        incident_id=UUID(about) if number else None,
        key=incident_key(number) if number else "",
        act=act_words(envelope.name),
        summary=summary or envelope.remark,
        happened_at=envelope.happened_at,
        standing=STANDINGS[pending.state],
        sentence=told.happened if told else "",
    )
