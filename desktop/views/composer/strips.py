"""How updates are on their way, above the fields: what happened, and what can be done."""

from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.views.composer.values import ComposerVerb, StripLine
from desktop.widgets.banner import Notice
from desktop.widgets.buttons import Button
from desktop.widgets.columns import emptied

_VERBS: Final = {
    ComposerVerb.SEND_NOW: (str(QT_TRANSLATE_NOOP("composer", "Send now")), "send"),
    ComposerVerb.PUT_AWAY: (str(QT_TRANSLATE_NOOP("composer", "Put away")), "clear"),
    ComposerVerb.STOP: (str(QT_TRANSLATE_NOOP("composer", "Stop")), "paused"),
    ComposerVerb.PASS: (str(QT_TRANSLATE_NOOP("composer", "Pass")), "apply"),
    ComposerVerb.RETURN: (str(QT_TRANSLATE_NOOP("composer", "Return…")), "undo"),
    ComposerVerb.TAKE_BACK: (str(QT_TRANSLATE_NOOP("composer", "Take back")), "undo"),
    ComposerVerb.LEAVE_CORRECTION: (str(QT_TRANSLATE_NOOP("composer", "Leave it")), "clear"),
    ComposerVerb.TAKE_THEIRS: (str(QT_TRANSLATE_NOOP("composer", "Take theirs")), "apply"),
    ComposerVerb.KEEP_MINE: (str(QT_TRANSLATE_NOOP("composer", "Keep mine")), "edit"),
    ComposerVerb.SHOW: (str(QT_TRANSLATE_NOOP("composer", "Show")), "history"),
    ComposerVerb.CORRECT: (str(QT_TRANSLATE_NOOP("composer", "Correct this update")), "edit"),
}


def verb_text(verb: ComposerVerb) -> str:
    """The word on the button."""
    return QCoreApplication.translate("composer", _VERBS[verb][0])


class Strips(QWidget):
    """``asked`` carries the verb and the id of the update it is about."""

    asked = Signal(object, object)

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[StripLine, ...] = ()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self.hide()

    def show_lines(self, lines: Sequence[StripLine]) -> None:
        """Show them in their order; what is the same is left alone."""
        if tuple(lines) == self._shown:
            return
        self._shown = tuple(lines)
        emptied(self._column)
        for line in self._shown:
            self._column.addWidget(self._made(line))
        self.setVisible(bool(self._shown))

    def _made(self, line: StripLine) -> QWidget:
        notice = Notice(line.tone, line.lead, line.text, icon=line.icon or None)
        for verb in line.verbs:
            button = Button(verb_text(verb), icon=_VERBS[verb][1])
            button.clicked.connect(partial(self._ask, verb, line))
            notice.add_button(button)
        return notice

    def _ask(self, verb: ComposerVerb, line: StripLine, *_: object) -> None:
        self.asked.emit(verb, line.update_id)
