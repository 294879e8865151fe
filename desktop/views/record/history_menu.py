"""What a caller reported before, as a menu beside the pointer."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from desktop.text import incident_key, when_text
from desktop.views.queue.older_strip import not_kept_text
from services.incidents.read_models import RelatedItem

_LONGEST = 60


class HistoryMenu(QMenu):
    """One line an incident, newest first; choosing one opens it.

    ``since`` is given where incidents closed before are not kept on this desk.
    """

    incident_opened = Signal(object)

    def __init__(
        self,
        parent: QWidget,
        caller: str,
        items: Sequence[RelatedItem],
        now: datetime,
        since: datetime | None = None,
    ) -> None:
        super().__init__(parent)
        heading = self.addSection(self.tr("Earlier from %1").replace("%1", _plain(caller)))
        heading.setEnabled(False)
        for item in items:
            when = when_text(item.reported_at.astimezone(now.tzinfo), now)
            summary = _plain(item.summary)
            text = f"{incident_key(item.number)}  {summary}\t{item.label.value} · {when}"
            action = self.addAction(text)
            action.triggered.connect(partial(self._open, item))

        if since is not None:
            self.addSeparator()
            self.addAction(not_kept_text(parent, since, now)).setEnabled(False)

    def _open(self, item: RelatedItem, *_: object) -> None:
        self.incident_opened.emit(item.id)


def _plain(text: str) -> str:
    short = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1].rstrip()}…"
    return short.replace("&", "&&")
