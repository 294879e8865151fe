"""What every presenter works with: the person, the reads, the commands, undo."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TypeVar
from uuid import UUID

import sqlalchemy as sa
from PySide6.QtCore import QObject, Signal

from desktop.bridge.change_feed import ChangeFeed
from desktop.bridge.command_runner import CommandRunner
from desktop.bridge.profile import Profile
from desktop.bridge.tasks import Tasks
from desktop.presenters.undo_log import Step, UndoLog, again, step_for
from services.core.clock import Clock
from services.core.errors import AppError
from services.core.ids import new_id
from services.incidents.acts import LogIncident
from services.incidents.directory import Directory
from services.incidents.read_models import Viewer
from services.incidents.reference import REFERENCE_TABLES, directory
from services.registry import command_book
from services.sync.book import ChangeSet
from services.sync.envelope import Envelope
from services.sync.replica import Replica

T = TypeVar("T")


def _no_more(_: Sequence[Envelope]) -> None:
    """Nothing follows."""


class Desk(QObject):
    """The person's place: who they are, what they read, what they ask for.

    ``said`` carries the sentence for the snackbar and whether it can be undone; ``stoppable`` one
    of something that goes out in so many seconds; ``refused`` the fact that stopped an act;
    ``given`` the commands that were given, once they are saved here.
    """

    directory_changed = Signal()
    viewer_changed = Signal()
    changed = Signal(object)
    said = Signal(str, bool)
    stoppable = Signal(str, int)
    refused = Signal(object)
    given = Signal(object)

    def __init__(
        self,
        profile: Profile,
        clock: Clock,
        tasks: Tasks,
        feed: ChangeFeed,
        runner: CommandRunner,
        works_as: UUID | None = None,
    ) -> None:
        super().__init__()
        self.clock = clock
        self.profile = profile
        self._tasks = tasks
        self._runner = runner
        self._directory = Directory()
        self._viewer = Viewer(works_as or profile.person_id)
        self.zone: tzinfo = clock.now().astimezone().tzinfo or UTC
        self.commands = command_book().commands
        self._undo_log = UndoLog()
        self._kept = 0
        feed.changed.connect(self._on_change)

    @property
    def directory(self) -> Directory:
        """Names of people, teams and the catalogue as last read."""
        return self._directory

    @property
    def viewer(self) -> Viewer:
        """The person at the desk."""
        return self._viewer

    @property
    def me(self) -> str:
        """The name of the person at the desk."""
        return self._directory.person(self._viewer.person_id)

    def work_as(self, person_id: UUID) -> None:
        """Continue as another person; only the embedded default offers it."""
        self._viewer = Viewer(person_id, self._directory.teams_of(person_id))
        self._undo_log.forget()
        self.viewer_changed.emit()

    def now_here(self) -> datetime:
        """The present moment in the person's time zone."""
        return self.clock.now().astimezone(self.zone)

    def fresh_id(self) -> UUID:
        """An id for something new."""
        return new_id(self.clock.now())

    # -- reading --------------------------------------------------------------------------

    def read(
        self,
        owner: QObject,
        slot: str,
        query: Callable[[sa.Connection], T],
        done: Callable[[T], None],
        failed: Callable[[AppError], None] | None = None,
    ) -> None:
        """Run a query in the background and hand its result to ``done``."""
        engine = self.profile.engine

        def work() -> T:
            with engine.connect() as connection:
                return query(connection)

        self._tasks.run(owner, slot, work, done, failed or self.refused.emit)

    def run(
        self,
        owner: QObject,
        slot: str,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[AppError], None] | None = None,
    ) -> None:
        """Do other slow work in the background."""
        self._tasks.run(owner, slot, work, done, failed or self.refused.emit)

    def keep(self, work: Callable[[], None], then: Callable[[], None] = lambda: None) -> None:
        """Write something of this desk alone, such as a draft, in the order of the calls."""
        self._kept += 1
        self._tasks.run(
            self, f"keep {self._kept}", work, lambda _: then(), self.refused.emit, in_order=True
        )

    def load_directory(self) -> None:
        """Read all names again."""
        self.read(self, "directory", directory, self._show_directory)

    def _show_directory(self, found: Directory) -> None:
        is_first = not self._directory.people
        self._directory = found
        person_id = self._person_in(found)
        viewer = Viewer(person_id, found.teams_of(person_id))
        if is_first or viewer != self._viewer:
            self._viewer = viewer
            self.viewer_changed.emit()
        self.directory_changed.emit()

    def _person_in(self, found: Directory) -> UUID:
        """The viewer, or the person with this machine's login where the viewer is unknown."""
        if self._viewer.person_id in found.people:
            return self._viewer.person_id
        known = (p.id for p in found.people.values() if p.login == self.profile.login)
        return next(known, self._viewer.person_id)

    def _on_change(self, change: ChangeSet) -> None:
        if change.is_everything or change.tables & REFERENCE_TABLES:
            self.load_directory()
        self.changed.emit(change)

    # -- acting ---------------------------------------------------------------------------

    def give(
        self,
        *commands: object,
        said: str,
        done: Callable[[Sequence[Envelope]], None] = _no_more,
        failed: Callable[[AppError], None] | None = None,
    ) -> None:
        """Give commands in order and say so; what can be undone can be undone."""
        self.give_made(lambda _: commands, said=said, done=done, failed=failed)

    def give_made(
        self,
        make: Callable[[Replica], Sequence[object]],
        *,
        said: str | Callable[[Sequence[object]], str],
        done: Callable[[Sequence[Envelope]], None] = _no_more,
        failed: Callable[[AppError], None] | None = None,
    ) -> None:
        """Like :meth:`give`, with commands that need an incident number."""
        made: list[object] = []

        def make_once(replica: Replica) -> Sequence[object]:
            made.extend(make(replica))
            return made

        def finish(envelopes: Sequence[Envelope]) -> None:
            sentence = said if isinstance(said, str) else said(made)
            self._remember(sentence, made, envelopes)
            done(envelopes)
            self.given.emit(envelopes)

        self._runner.give_made(
            self._viewer.person_id, make_once, done=finish, failed=failed or self.refused.emit
        )

    def _remember(
        self, sentence: str, commands: Sequence[object], envelopes: Sequence[Envelope]
    ) -> None:
        step = step_for(sentence, commands, envelopes)
        if step is not None:
            self._undo_log.remember(step)
        if sentence:
            self.said.emit(sentence, step is not None)

    def offer_back(self, said: str, bring_back: Callable[[], None], *, within_s: int = 0) -> None:
        """Say what was put away or goes out; undo brings it back, for so many seconds if given."""
        until = self.clock.now() + timedelta(seconds=within_s) if within_s else None
        self._undo_log.remember(Step(said, (), (), bring_back, until))
        if within_s:
            self.stoppable.emit(said, within_s)
        else:
            self.said.emit(said, True)

    def undo(self) -> None:
        """Put back the last thing that can be undone."""
        step = self._undo_log.take(self.clock.now())
        if step is None:
            self.said.emit("There is nothing to undo.", False)
            return
        if step.bring_back is not None:
            step.bring_back()
            return
        self._runner.give(
            self._viewer.person_id,
            *step.inverse,
            done=lambda _: self._after_undo(step),
            failed=self.refused.emit,
        )

    def _after_undo(self, step: Step) -> None:
        self._undo_log.undone.append(step)
        self.said.emit(f"Undone: {step.said}", False)

    def redo(self) -> None:
        """Do again what was undone last."""
        if not self._undo_log.undone:
            self.said.emit("There is nothing to redo.", False)
            return
        step = self._undo_log.undone.pop()
        if any(isinstance(command, LogIncident) for command in step.commands):
            self.said.emit("A cancelled incident is not logged again by itself.", False)
            return
        self.give(*(again(command, self.fresh_id) for command in step.commands), said=step.said)
