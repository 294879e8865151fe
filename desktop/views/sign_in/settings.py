"""What can be changed of the profile that is open: its name, the line, what is kept, encryption."""

from dataclasses import dataclass

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from desktop.views.dialogs.form_dialog import FormDialog
from desktop.views.sign_in.advanced import AdvancedFields
from services.core.profiles import ProfileEntry, Tls


@dataclass(frozen=True, slots=True)
class ProfileForm:
    """What the profile is to be from now on; the profile on this computer has no line."""

    name: str
    tls: Tls
    root_certificate: str
    closed_days: int | None
    is_encrypted: bool


class ProfileSettingsDialog(FormDialog):
    """The settings of an open profile; nothing changes before it is saved."""

    def __init__(self, host: QWidget, entry: ProfileEntry) -> None:
        super().__init__(
            host, self.tr("Settings of “%1”").replace("%1", entry.name), primary=self.tr("Save"),
            icon="apply", width=520,
        )  # fmt: skip
        self._is_team = entry.connection is not None
        self.advanced = AdvancedFields()
        self.advanced.show_open_profile(entry)
        self.body.addWidget(self.advanced)
        self.add_remark(self._remark())
        self.advanced.tls.chosen.connect(lambda _: QTimer.singleShot(0, self, self._fit))

    def _remark(self) -> str:
        if self._is_team:
            return self.tr(
                "Another span is copied at once. Another connection or encryption opens the"
                " profile again; what was not sent yet is kept."
            )
        return self.tr(
            "All incidents stay here. The database itself is not encrypted: it belongs to whoever"
            " owns this computer; encrypt its disk to protect it. Switch encryption off before you"
            " move to a team. Changing it opens the profile again."
        )

    def show_busy(self, is_busy: bool) -> None:
        """Keep the fields as they are while the keyring is asked."""
        self.advanced.setEnabled(not is_busy)
        self.primary_button.setEnabled(not is_busy)
        if is_busy:
            self.set_footer(self.tr("Asking the keyring…"))

    def problems(self) -> dict[str, str]:
        """A file that is not there is said at its field."""
        found = super().problems()
        if self._is_team and self.advanced.problems():
            found["certificate"] = ""
        return found

    def form(self) -> ProfileForm:
        """The settings as they stand."""
        fields = self.advanced
        return ProfileForm(
            name=fields.name.text().strip(),
            tls=fields.chosen_tls,
            root_certificate=fields.root_certificate.text().strip(),
            closed_days=fields.chosen_days,
            is_encrypted=fields.encrypt.isChecked(),
        )
