"""Lines of work: begun, named, led, ended, shown alone."""

from functools import partial
from uuid import UUID

from PySide6.QtCore import QObject, QPoint, Signal

from desktop.presenters.major_asking import MajorAsking
from desktop.presenters.major_pack import people_items
from desktop.views.major.console import MajorConsole
from desktop.views.major.dialogs.streams import WorkStreamDialog
from desktop.views.major.values import Choice, StreamRow
from desktop.widgets.picker_list import PickerItem
from services.major_incidents.acts import EndWorkStream
from services.major_incidents.major import WorkStream


class MajorStreams(QObject):
    """Gives the commands of work streams; ``chosen`` once another one is shown alone."""

    chosen = Signal()

    def __init__(self, asking: MajorAsking, console: MajorConsole) -> None:
        super().__init__(console)
        self._asking = asking
        self._console = console
        console.streams.menu_requested.connect(self._open_menu)
        console.timeline.stream_left.connect(partial(self.show_alone, None))

    def _stream(self, stream_id: UUID) -> WorkStream:
        streams = (item.stream for item in self._asking.seen.console.streams)
        return next(stream for stream in streams if stream.id == stream_id)

    def begin(self) -> None:
        """Ask what the stream is called and who leads it."""
        self._edit(None)

    def _edit(self, stream: WorkStream | None) -> None:
        asking, id_ = self._asking, self._asking.desk.fresh_id()
        people = people_items(asking.desk.directory)
        dialog = WorkStreamDialog(asking.window, asking.incident, stream, people, id_)
        name = f"stream-{stream.id}" if stream else "stream"
        asking.open(dialog, name, "Work stream saved" if stream else "The work stream has begun")

    def _open_menu(self, row: StreamRow, at: QPoint) -> None:
        alone = "Show everything again" if row.is_shown else "Show it alone, and write in it"
        choices: list[Choice] = [("stream_alone", alone, row)]
        if self._asking.looking_at is None:
            choices += [("", "", None), ("stream_edit", "Name, purpose, lead…", row)]
            if row.is_under_way:
                choices.append(("stream_end", "End it", row))
            elif row.stands != "ended":
                choices.append(("stream_again", "Take it up again", row))
        self._console.open_menu(choices, at)

    def act(self, verb: str, row: StreamRow) -> None:
        """What was chosen in the menu of a stream."""
        if verb == "stream_alone":
            is_shown = row.stream_id == self._asking.stream_id
            self.show_alone(None if is_shown else row.stream_id)
        elif self._asking.keeps_to_the_past():
            return
        elif verb == "stream_edit":
            self._edit(self._stream(row.stream_id))
        else:
            self._end(row, is_ended=verb == "stream_end")

    def _end(self, row: StreamRow, *, is_ended: bool) -> None:
        if is_ended and row.stream_id == self._asking.stream_id:
            self.show_alone(None)
        command = EndWorkStream(
            incident_id=self._asking.incident.id, stream_id=row.stream_id, is_ended=is_ended
        )
        said = "Work stream ended" if is_ended else "Work stream taken up again"
        self._asking.desk.give(command, said=f"{said}: {row.name}")

    def show_alone(self, stream_id: UUID | None) -> None:
        """Let board and timeline show one stream, or everything."""
        self._asking.stream_id = stream_id
        self.chosen.emit()


def stream_items(asking: MajorAsking, kept: UUID | None = None) -> list[PickerItem]:
    """The streams under way, and the one that is kept, for a form."""
    return [
        PickerItem(item.stream.name, str(item.stream.id), item.stream.purpose)
        for item in asking.seen.console.streams
        if item.is_under_way or item.stream.id == kept
    ]
