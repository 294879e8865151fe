"""What most people never touch: the database's name, how the line is protected, what is kept."""

from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from desktop.theme.sizes import GAP_FIELDS
from desktop.widgets.buttons import Button
from desktop.widgets.choices import CheckRow, RadioChoice, RadioRows
from desktop.widgets.form import FormField
from desktop.widgets.inputs import LineEdit
from desktop.widgets.segmented import Segment, SegmentedControl
from services.core.profiles import (
    DEFAULT_CLOSED_DAYS,
    DEFAULT_DATABASE,
    ProfileEntry,
    Tls,
)

KEPT_DAYS: Final = (30, DEFAULT_CLOSED_DAYS, 365)
_ALL: Final = "all"


class AdvancedFields(QWidget):
    """Below the form, shown on request; every field has a value that suits most teams."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = LineEdit(
            self.tr("Name of this profile"), placeholder=self.tr("The name of the server")
        )
        self.database = LineEdit(self.tr("Database"), icon="database")
        self.tls = RadioRows(self.tr("How the connection is protected"))
        self.root_certificate = LineEdit(
            self.tr("Root certificate"),
            placeholder=self.tr("Those this computer trusts"),
            icon="file",
        )
        self.browse = Button(self.tr("Choose…"), height=32)
        self.closed_days = SegmentedControl(
            self.tr("Keep closed incidents on this computer"),
            [
                *(Segment(str(days), self._days(days)) for days in KEPT_DAYS),
                Segment(_ALL, self.tr("All of them")),
            ],
        )
        self.encrypt = CheckRow(
            self.tr("Encrypt the copy on this computer"),
            self.tr("Its key is kept in the keyring of your system"),
        )
        self._is_here = False
        self._build()
        self.tls.chosen.connect(lambda _: self._follow_tls())
        self.browse.clicked.connect(self._browse)
        self.show_entry(None)

    def _days(self, days: int) -> str:
        return self.tr("1 year") if days == 365 else self.tr("%n days", "", days)

    def _build(self) -> None:
        self.name_field = FormField(self.tr("Name of this profile"), self.name)
        self.database_field = FormField(self.tr("Database"), self.database)
        certificate = QWidget()
        row = QHBoxLayout(certificate)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.root_certificate, 1)
        row.addWidget(self.browse)
        self.certificate_field = FormField(self.tr("Root certificate"), certificate)
        self.tls_field = FormField(self.tr("Connection"), self.tls)
        self.days_field = FormField(
            self.tr("Keep closed incidents on this computer"), self.closed_days
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_FIELDS)
        column.addWidget(self.name_field)
        column.addWidget(self.database_field)
        column.addWidget(self.tls_field)
        column.addWidget(self.certificate_field)
        column.addWidget(self.days_field)
        column.addWidget(self.encrypt)

    def show_entry(self, entry: ProfileEntry | None) -> None:
        """Show what is kept for a team; None shows what suits most."""
        settings = entry.connection if entry else None
        closed_days = entry.closed_days if entry else DEFAULT_CLOSED_DAYS
        self.name.setText(entry.name if entry else "")
        self.encrypt.setChecked(entry is not None and entry.is_cache_encrypted)
        self.encrypt.setEnabled(entry is None)
        self.database.setText(settings.database if settings else DEFAULT_DATABASE)
        self.root_certificate.setText(settings.root_certificate if settings else "")
        self._is_here = settings is not None and all(host.is_here for host in settings.hosts)
        self._offer(settings.tls if settings else Tls.FULL)
        key = _ALL if closed_days is None else str(closed_days)
        self.closed_days.set_current(key if key in (*map(str, KEPT_DAYS), _ALL) else _ALL)

    def show_open_profile(self, entry: ProfileEntry) -> None:
        """Show what can be changed of a profile that is open here."""
        self.show_entry(entry)
        self.encrypt.setEnabled(True)
        self.database_field.hide()
        is_team = entry.connection is not None
        for field in (self.name_field, self.tls_field, self.days_field):
            field.setVisible(is_team)
        if not is_team:
            self.certificate_field.hide()
            self.encrypt.setText(self.tr("Encrypt journal, drafts and copy on this computer"))

    def set_is_here(self, is_here: bool) -> None:
        """Offer to do without TLS only where nothing crosses a network."""
        if is_here != self._is_here:
            self._is_here = is_here
            chosen = self.chosen_tls
            self._offer(Tls.FULL if chosen is Tls.NONE else chosen)

    def _offer(self, chosen: Tls) -> None:
        choices = [
            RadioChoice(
                Tls.FULL.value,
                self.tr("Encrypted and verified"),
                self.tr("The server shows a certificate for its name"),
            ),
            RadioChoice(
                Tls.REQUIRE.value,
                self.tr("Encrypted only"),
                self.tr("No certificate is checked; only the password proves the server"),
            ),
        ]
        if self._is_here:
            choices.append(
                RadioChoice(
                    Tls.NONE.value,
                    self.tr("Not encrypted"),
                    self.tr("Only for a database on this computer"),
                )
            )
        self.tls.set_choices(choices, chosen.value)
        self._follow_tls()

    @property
    def chosen_tls(self) -> Tls:
        """How the connection is to be protected."""
        return Tls(self.tls.current or Tls.FULL.value)

    @property
    def chosen_days(self) -> int | None:
        """How long closed incidents stay here, in days; None keeps all."""
        return None if self.closed_days.current == _ALL else int(self.closed_days.current)

    def problems(self) -> bool:
        """Say at its field what is wrong; whether anything is."""
        file = self.root_certificate.text().strip()
        is_missing = bool(file) and self.chosen_tls is Tls.FULL and not Path(file).is_file()
        said = self.tr("There is no such file on this computer.") if is_missing else ""
        self.certificate_field.set_error(said)
        self.root_certificate.set_invalid(is_missing)
        return is_missing

    def _follow_tls(self) -> None:
        self.certificate_field.setVisible(self.chosen_tls is Tls.FULL)

    def _browse(self) -> None:
        file, _ = QFileDialog.getOpenFileName(
            self.window(),
            self.tr("Root certificate"),
            self.root_certificate.text(),
            self.tr("Certificates (*.crt *.pem *.cer)"),
        )
        if file:
            self.root_certificate.setText(file)
