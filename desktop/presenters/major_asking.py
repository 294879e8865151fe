"""What every dialog about a major incident needs: what is shown, and the way to open one."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from desktop.main_window import MainWindow
from desktop.presenters.desk import Desk
from desktop.presenters.dialog_flow import DialogFlow
from desktop.presenters.major_page import LOOKING_BACK, Reading
from desktop.text import incident_key
from desktop.views.dialogs.form_dialog import FormDialog
from services.incidents.incident import Incident
from services.sync.envelope import Envelope

Done = Callable[[Sequence[Envelope]], None]


def as_it_is(form: object) -> Sequence[object]:
    """A form that is the command itself."""
    return [form]


def nothing_follows(_: Sequence[Envelope]) -> None:
    """Nothing follows."""


class MajorAsking:
    """Shared by those who ask; ``reading`` is what is known now.

    ``looking_at`` is the earlier moment that the console shows, ``stream_id`` the work stream
    that it shows alone, into which is put what is written.
    """

    def __init__(self, desk: Desk, window: MainWindow, flow: DialogFlow) -> None:
        self.desk = desk
        self.window = window
        self.flow = flow
        self.reading: Reading | None = None
        self.looking_at: datetime | None = None
        self.stream_id: UUID | None = None

    @property
    def seen(self) -> Reading:
        """What the console shows; somebody asks only while it shows something."""
        assert self.reading is not None
        return self.reading

    @property
    def incident(self) -> Incident:
        """The incident of the console."""
        return self.seen.console.incident

    @property
    def key(self) -> str:
        """Its key."""
        return incident_key(self.incident.number)

    def keeps_to_the_past(self) -> bool:
        """Whether the console shows an earlier moment; the person is told that nothing acts."""
        if self.looking_at is not None:
            self.window.snack(f"{LOOKING_BACK}.")
        return self.looking_at is not None

    def open(
        self,
        dialog: FormDialog,
        name: str,
        said: str,
        *,
        incident: Incident | None = None,
        done: Done = nothing_follows,
        commands: Callable[[object], Sequence[object]] = as_it_is,
    ) -> None:
        """Open a dialog with its draft, by default about the incident of the console."""
        of = (incident or self.incident).id
        self.flow.open(dialog, f"major/{name}/{of}", commands, said, done)
