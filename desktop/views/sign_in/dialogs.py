"""Dialogs around signing in: removing a profile, changing the password."""

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.text import plural
from desktop.views.dialogs.form_dialog import FormDialog
from desktop.views.sign_in.password_field import PasswordEdit
from desktop.widgets.banner import Banner
from desktop.widgets.buttons import Button
from desktop.widgets.choices import CheckRow
from services.core.secrets import Secret

LEAST_LENGTH = 8


class RemoveProfileDialog(FormDialog):
    """Says what would be lost. Work that was never sent is lost only if one insists.

    ``file_chosen`` carries the path of a file to save that work to.
    """

    file_chosen = Signal(str)

    def __init__(self, host: QWidget, name: str, unsent: int) -> None:
        super().__init__(
            host, self.tr("Remove %1?").replace("%1", name), primary=self.tr("Remove"),
            icon="delete", danger=True, width=520,
        )  # fmt: skip
        self.add_remark(
            self.tr(
                "The copy of the team's incidents, drafts and the kept password are deleted from"
                " this computer. What the team's database has stays there, and comes back when you"
                " join again."
            )
        )
        lost = plural(unsent, "unsent change", "unsent changes")
        self.insist = CheckRow(self.tr("Remove it and lose %1").replace("%1", lost))
        self._unsent = unsent
        if unsent:
            lead = f"{plural(unsent, 'change was', 'changes were')} never sent."
            text = self.tr("Open the profile and let it sync to keep them.")
            self.body.addWidget(Banner("warn", lead, text))
            self.save = Button(self.tr("Save them to a file…"), icon="file")
            self.save.clicked.connect(self._choose_file)
            row = self.add_row()
            row.addWidget(self.save)
            row.addStretch(1)
            self.body.addWidget(self.insist)
            self.insist.toggled.connect(self.primary_button.setEnabled)
            self.primary_button.setEnabled(False)
        self.ready()

    def _choose_file(self) -> None:
        file, _ = QFileDialog.getSaveFileName(
            self.window(),
            self.tr("Save unsent changes"),
            "unsent-changes.jsonl",
            self.tr("Lines of JSON (*.jsonl)"),
        )
        if file:
            self.file_chosen.emit(file)

    def show_saved(self, file: str, count: int) -> None:
        """Say where they are now."""
        saved = plural(count, "change", "changes")
        self.set_footer(self.tr("%1 saved to %2").replace("%1", saved).replace("%2", file), "check")

    def submit(self) -> None:
        """Emit only once nothing is lost, or the person insists."""
        if not self._unsent or self.insist.isChecked():
            super().submit()

    def form(self) -> bool:
        """Whether unsent work is thrown away."""
        return self.insist.isChecked()


@dataclass(frozen=True, slots=True)
class PasswordForm:
    """The password so far, and the one from now on."""

    old: Secret
    new: Secret


class ChangePasswordDialog(FormDialog):
    """Old, new, and new again. Nothing of it becomes a draft."""

    def __init__(self, host: QWidget, user: str, server: str) -> None:
        super().__init__(
            host, self.tr("Change password"), primary=self.tr("Change password"), icon="key",
            width=440,
        )  # fmt: skip
        sentence = self.tr("For %1 at %2. The server is never sent the password itself.")
        self.add_remark(sentence.replace("%1", user).replace("%2", server))
        self.old = PasswordEdit(self.tr("Password so far"))
        self.new = PasswordEdit(self.tr("New password"))
        self.again = PasswordEdit(self.tr("New password again"))
        missing = self.tr("Type the password.")
        self.add_field("old", self.tr("Password so far"), self.old, required=missing)
        self.add_field("new", self.tr("New password"), self.new, required=missing)
        self.add_field("again", self.tr("New password again"), self.again, required=missing)

    def content(self) -> dict[str, object]:
        """Nothing that could be kept."""
        return {}

    def problems(self) -> dict[str, str]:
        """What is missing, too short, or not the same twice."""
        found = super().problems()
        new = self.new.text()
        if new and len(new) < LEAST_LENGTH:
            found.setdefault("new", self.tr("Take at least %n characters.", "", LEAST_LENGTH))
        if new and self.again.text() != new:
            found.setdefault("again", self.tr("This is not the same as above."))
        return found

    def form(self) -> PasswordForm:
        """Both passwords."""
        return PasswordForm(self.old.secret, self.new.secret)
