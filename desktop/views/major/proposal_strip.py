"""The strip of a record whose incident is proposed, or handled, as a major one."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop.views.record.strips import Strip
from desktop.views.tips import plain_tip
from desktop.widgets.buttons import Button


class ProposalStrip(Strip):
    """``asked`` carries accept, reject or open."""

    asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("warn", "major", parent)
        self._buttons = {
            "accept": Button(self.tr("Accept…"), icon="apply"),
            "reject": Button(self.tr("Reject…")),
            "open": Button(self.tr("Open the console"), icon="major"),
        }
        for verb, button in self._buttons.items():
            button.clicked.connect(lambda _=False, verb=verb: self.asked.emit(verb))
            self.buttons.addWidget(button)
        self.buttons.addStretch(1)

    def show_proposed(self, why: str, who: str, why_not: str) -> None:
        """Say who proposed it and why; ``why_not`` switches deciding off."""
        self.say(self.tr("Proposed as a major incident"), f"{who}: {why}" if why else who)
        for verb, button in self._buttons.items():
            button.setVisible(verb != "open")
            button.setEnabled(not why_not)
            button.setToolTip(plain_tip(why_not))
        self.show()

    def show_open(self, words: str, *, is_drill: bool) -> None:
        """Say that the response is under way, and where."""
        drill = self.tr("Drill: handled as a major incident")
        self.say(drill if is_drill else self.tr("Handled as a major incident"), words)
        for verb, button in self._buttons.items():
            button.setVisible(verb == "open")
        self.show()
