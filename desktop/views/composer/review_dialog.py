"""Gives an update back to its writer with what has to change."""

from PySide6.QtWidgets import QWidget

from desktop.views.dialogs.form_dialog import Subject
from desktop.views.dialogs.small import TextDialog


class ReturnDialog(TextDialog):
    """Emits ``TextForm``."""

    def __init__(self, host: QWidget, key: str, subject: str) -> None:
        super().__init__(
            host,
            self.tr("Return the update"),
            primary=self.tr("Return"),
            icon="undo",
            subject=Subject(None, key, subject),
            label=self.tr("What has to change"),
            missing=self.tr("Say what has to change."),
            remark=self.tr("Its writer reads this above the fields; nobody is told anything yet."),
        )
