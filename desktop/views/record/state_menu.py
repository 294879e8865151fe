"""Where an incident may go from here, as a menu at its state."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from desktop.action_hub import text_of
from desktop.actions import BY_ID
from desktop.theme.theme import current_theme

VERBS = (
    "incident.start",
    "incident.hold",
    "incident.resume",
    "incident.resolve",
    "incident.reopen",
    "incident.close",
    "incident.cancel",
)


class StateMenu(QMenu):
    """The verbs that are possible now; ``verb_chosen`` carries the id of the action."""

    verb_chosen = Signal(str)

    def __init__(self, parent: QWidget, may: Callable[[str], bool]) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("State"))
        for id_ in VERBS:
            spec = BY_ID[id_]
            if may(spec.act):
                action = self.addAction(f"{text_of(id_)}\t{spec.shown_keys}")
                if spec.icon:
                    action.setIcon(current_theme().icon(spec.icon))
                action.triggered.connect(partial(self._choose, id_))

    def _choose(self, id_: str, *_: object) -> None:
        self.verb_chosen.emit(id_)
