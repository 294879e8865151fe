"""What a list says when it is empty, on its way or unreadable."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.action_hub import ActionHub, keys_of, text_of
from desktop.text import count_text
from desktop.widgets.buttons import Button
from desktop.widgets.loading import ProgressCard, SkeletonRows
from desktop.widgets.placeholders import EmptyState, ErrorState
from services.incidents.read_models import Worklist


@dataclass(frozen=True, slots=True)
class Emptiness:
    """Glyph, line, sentence about what is next, and the two actions that lead there."""

    icon: str
    tone: str
    line: str
    sentence: str
    actions: tuple[str, ...]


def _words(text: str) -> str:
    return QCoreApplication.translate("empty", text)


EMPTY: Final[Mapping[Worklist, Emptiness]] = {
    Worklist.MY_WORK: Emptiness(
        "confirm.close", "ok.fg",
        str(QT_TRANSLATE_NOOP("empty", "Nothing waits for you")),
        str(QT_TRANSLATE_NOOP("empty", "Take one that nobody works on, or log a new one.")),
        ("go.unassigned", "incident.log"),
    ),
    Worklist.TEAM_QUEUE: Emptiness(
        "confirm.close", "ok.fg",
        str(QT_TRANSLATE_NOOP("empty", "Nothing waiting")),
        str(QT_TRANSLATE_NOOP("empty", "Your teams have no open incident. New ones appear here.")),
        ("go.confirm_and_close", "incident.log"),
    ),
    Worklist.UNASSIGNED: Emptiness(
        "confirm.close", "ok.fg",
        str(QT_TRANSLATE_NOOP("empty", "Everything has somebody")),
        str(QT_TRANSLATE_NOOP("empty", "Each open incident is assigned. Go on with your own.")),
        ("go.my_work", "incident.log"),
    ),
    Worklist.NEEDS_TRIAGE: Emptiness(
        "confirm.close", "ok.fg",
        str(QT_TRANSLATE_NOOP("empty", "All incidents have a priority")),
        str(QT_TRANSLATE_NOOP("empty", "Incidents without impact and urgency are listed here.")),
        ("go.my_work", "incident.log"),
    ),
    Worklist.ESCALATED_TO_US: Emptiness(
        "escalate", "fg.subtle",
        str(QT_TRANSLATE_NOOP("empty", "Nobody asked your team for help")),
        str(QT_TRANSLATE_NOOP("empty", "What is escalated to your team waits here for an answer.")),
        ("go.my_work", "go.team_queue"),
    ),
    Worklist.CONFIRM_AND_CLOSE: Emptiness(
        "confirm.close", "ok.fg",
        str(QT_TRANSLATE_NOOP("empty", "No caller to ask")),
        str(QT_TRANSLATE_NOOP("empty", "Resolved incidents wait here for their caller.")),
        ("go.my_work", "go.team_queue"),
    ),
    Worklist.ALL_INCIDENTS: Emptiness(
        "my.work", "fg.subtle",
        str(QT_TRANSLATE_NOOP("empty", "No incidents yet")),
        str(QT_TRANSLATE_NOOP("empty", "The first call becomes the first line of this list.")),
        ("incident.log",),
    ),
}  # fmt: skip


def empty_state(worklist: Worklist, hub: ActionHub) -> EmptyState:
    """The page of an empty list; its buttons are actions with their keys."""
    about = EMPTY[worklist]
    page = EmptyState(about.icon, _words(about.line), _words(about.sentence), tone=about.tone)
    for id_ in about.actions:
        is_first_choice = id_ == "incident.log" or (
            id_ == about.actions[0] and "incident.log" not in about.actions
        )
        kind = "primary" if is_first_choice else "default"
        icon = "add" if id_ == "incident.log" else None
        verb = text_of(id_)
        if id_.startswith("go."):
            verb = _words("Go to %1").replace("%1", verb)
        button = Button(verb, kind, icon=icon, keys=keys_of(id_))  # type: ignore[arg-type]
        button.clicked.connect(lambda _=False, id_=id_: hub.trigger(id_))
        page.add_button(button)
    return page


class FirstSync(QWidget):
    """How much of the shared database has arrived; rows below, or their shapes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._card = ProgressCard(
            self.tr("Copying from the shared database"),
            self.tr("You can already log and read what has arrived."),
        )
        self._shapes = SkeletonRows(rows=24)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._card)
        column.addWidget(self._shapes)
        column.addStretch(1)

    def show_progress(self, done: int, total: int, seconds_left: int | None) -> None:
        """Say how far it is; without rows of its own it shows shapes."""
        count = self.tr("%1 of %2").replace("%1", count_text(done)).replace("%2", count_text(total))
        if seconds_left is not None:
            left = self.tr("about %1 s").replace("%1", str(seconds_left))
            count = f"{count}, {left}"
        self._card.set_progress(done / total if total else 0.0, count)

    def set_with_shapes(self, with_shapes: bool) -> None:
        """Whether shapes stand below the bar."""
        self._shapes.setVisible(with_shapes)


class ListError(ErrorState):
    """The list could not be read; one repair, and the details to copy."""

    repair_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            self.tr("The list could not be read"), "", repair=self.tr("Try again"), parent=parent
        )
        self.repair_button.clicked.connect(self.repair_requested)

    def show_error(self, sentence: str, details: str) -> None:
        """Say what happened, beginning with what is safe."""
        safe = self.tr("Your data is safe.")
        self.set_texts(self.tr("The list could not be read"), f"{safe} {sentence}")
        self.set_details(details)
