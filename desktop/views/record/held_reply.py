"""A reply that waits because a colleague wrote a note meanwhile."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop.views.record.strips import Strip
from desktop.widgets.banner import announce
from desktop.widgets.buttons import Button

LONGEST = 400
"""Characters of the note that stand in the strip; all of it is in the timeline above."""


class HeldReply(Strip):
    """The note in view, and what can be done with the reply; nothing typed is lost."""

    send_requested = Signal()
    edit_requested = Signal()
    discard_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("warn", "note", parent)
        send = Button(self.tr("Send anyway"), keys="Ctrl ↵")
        edit = Button(self.tr("Edit"), "ghost")
        discard = Button(self.tr("Discard"), "ghost")
        for button, signal in (
            (send, self.send_requested),
            (edit, self.edit_requested),
            (discard, self.discard_requested),
        ):
            button.clicked.connect(signal)
            self.buttons.addWidget(button)
        self.buttons.addStretch(1)

    def show_note(self, author: str, text: str) -> None:
        """Show whose note holds the reply, and what it says."""
        lead = self.tr("%1 wrote a note while you were writing.").replace("%1", author)
        whole = text.strip()
        self.say(lead, f"“{whole[:LONGEST]}{'…' if len(whole) > LONGEST else ''}”" * bool(whole))
        self.show()
        announce(self, self.accessibleName(), urgent=True)
