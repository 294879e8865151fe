"""Where the team's database is and who signs in: checked field by field, nothing typed lost."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from desktop.theme.sizes import GAP_FIELDS
from desktop.views.sign_in.advanced import AdvancedFields
from desktop.views.sign_in.password_field import PasswordEdit
from desktop.widgets.choices import CheckRow
from desktop.widgets.form import FormField
from desktop.widgets.inputs import LineEdit
from services.core.errors import AppError
from services.core.messages import message_of
from services.core.profiles import (
    DEFAULT_DATABASE,
    LONGEST_FIELD,
    ConnectionSettings,
    ProfileEntry,
)
from services.core.secrets import Secret
from services.core.server_address import (
    Address,
    AddressHoldsPassword,
    AddressWrong,
    hosts_text,
    parse_address,
)

FIELD_OF_FAULT: Final = {
    "password-refused": "password",
    "password-needed": "password",
    "profile-known": "server",
    "login-disabled": "user",
    "person-unknown": "user",
    "not-admitted": "user",
    "server-not-found": "server",
    "server-not-listening": "server",
    "certificate-of-another": "server",
    "tls-only-here": "server",
    "database-missing": "database",
    "firstline-missing": "database",
    "certificate-not-trusted": "certificate",
    "root-certificate-unreadable": "certificate",
}
"""Which field a person would look at, by the code of what went wrong."""

IN_ADVANCED: Final = ("name", "database", "certificate")


@dataclass(frozen=True, slots=True)
class SignInForm:
    """What was asked for; ``profile_id`` is empty for a team that is new here."""

    profile_id: str
    name: str
    connection: ConnectionSettings
    password: Secret
    keeps_password: bool
    closed_days: int | None
    is_cache_encrypted: bool


class TeamForm(QWidget):
    """The fields of a team; the advanced ones stand elsewhere.

    ``advanced_needed`` carries the one that is about to be pointed at.
    """

    advanced_needed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._profile_id = ""
        self._kept_for: ConnectionSettings | None = None
        self.server = LineEdit(
            self.tr("Server"), placeholder=self.tr("db.example.org"), icon="server"
        )
        self.user = LineEdit(self.tr("User"), icon="person")
        self.password = PasswordEdit(self.tr("Password"))
        self.keep = CheckRow(
            self.tr("Keep the password in the keyring"),
            self.tr("You are asked once; the next start signs in by itself"),
            checked=True,
        )
        self.advanced = AdvancedFields()
        self.fields: dict[str, FormField] = {}
        self._build()
        self._connect()
        self.show_new()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_FIELDS)
        for key, label, control in (
            ("server", self.tr("Server"), self.server),
            ("user", self.tr("User"), self.user),
            ("password", self.tr("Password"), self.password),
        ):
            self.fields[key] = FormField(label, control)
            column.addWidget(self.fields[key])
        column.addWidget(self.keep)
        self.fields["name"] = self.advanced.name_field
        self.fields["database"] = self.advanced.database_field
        self.fields["certificate"] = self.advanced.certificate_field

    def _connect(self) -> None:
        self.server.textChanged.connect(self._take_address)
        self.server.editingFinished.connect(self._judge_server)
        for key, edit in self.edits.items():
            edit.textEdited.connect(lambda _, key=key: self.fields[key].set_error(""))

    @property
    def edits(self) -> dict[str, QLineEdit]:
        """What one types in, by the name of its field."""
        return {
            "server": self.server,
            "user": self.user,
            "password": self.password,
            "name": self.advanced.name,
            "database": self.advanced.database,
            "certificate": self.advanced.root_certificate,
        }

    # -- what is shown --------------------------------------------------------------------

    def show_new(self) -> None:
        """Empty fields for a team that is new here."""
        self._fill(None)

    def show_entry(self, entry: ProfileEntry, *, is_password_kept: bool = False) -> None:
        """What is kept for a team; the password is never shown."""
        self._fill(entry)
        if is_password_kept:
            self._kept_for = entry.connection
            self.password.setPlaceholderText(self.tr("Kept in the keyring"))

    def _fill(self, entry: ProfileEntry | None) -> None:
        settings = entry.connection if entry else None
        self._kept_for = None
        self.password.setPlaceholderText("")
        self._profile_id = entry.id if entry else ""
        self.server.setText(hosts_text(settings.hosts) if settings else "")
        self.user.setText(settings.user if settings else "")
        self.password.clear()
        self.password.hide_again()
        self.keep.setChecked(entry.keeps_password if entry else True)
        self.advanced.show_entry(entry)
        self.clear_errors()

    def focus_first(self) -> None:
        """Give the keyboard to the first field that is empty, the password where none is."""
        first = (edit for edit in (self.server, self.user) if not edit.text())
        next(first, self.password).setFocus()

    # -- what is wrong --------------------------------------------------------------------

    def clear_errors(self) -> None:
        """Lift every remark."""
        for field in self.fields.values():
            field.set_error("")
        self.advanced.root_certificate.set_invalid(False)

    def show_fault(self, error: AppError) -> bool:
        """Say at its field what went wrong and go there; whether there is such a field."""
        key = FIELD_OF_FAULT.get(error.code, "")
        if key:
            told = message_of(error)
            self._point_at(key, f"{told.happened} {told.next}")
        return bool(key)

    def _point_at(self, key: str, sentence: str) -> None:
        if key in IN_ADVANCED:
            self.advanced_needed.emit(self.fields[key])
        self.fields[key].set_error(sentence)
        edit = self.edits[key]
        edit.setFocus()
        edit.selectAll()

    def form(self) -> SignInForm | None:
        """What is asked for, or None after each wrong field said why; the first is gone to."""
        self.clear_errors()
        problems = self._problems()
        if self.advanced.problems():
            problems.setdefault("certificate", self.fields["certificate"].error)
        for key in reversed(problems):
            self._point_at(key, problems[key])
        if problems:
            return None
        settings = self._settings()
        return SignInForm(
            profile_id=self._profile_id,
            name=self.advanced.name.text().strip() or settings.hosts[0].text,
            connection=settings,
            password=self.password.secret,
            keeps_password=self.keep.isChecked(),
            closed_days=self.advanced.chosen_days,
            is_cache_encrypted=self.advanced.encrypt.isChecked(),
        )

    def _settings(self) -> ConnectionSettings:
        return ConnectionSettings(
            hosts=parse_address(self.server.text()).hosts,
            database=self.advanced.database.text().strip() or DEFAULT_DATABASE,
            user=self.user.text().strip(),
            tls=self.advanced.chosen_tls,
            root_certificate=self.advanced.root_certificate.text().strip(),
        )

    def _problems(self) -> dict[str, str]:
        found = {}
        try:
            parse_address(self.server.text())
        except (AddressWrong, AddressHoldsPassword) as error:
            missing = self.tr("Type the address your administrator gave you.")
            found["server"] = message_of(error).happened if self.server.text() else missing
        if not self.user.text().strip():
            found["user"] = self.tr("Type the user your administrator gave you.")
        if not self.password.text() and (found or self._settings() != self._kept_for):
            found["password"] = self.tr("Type the password.")
        for key in ("user", "database"):
            if len(self.edits[key].text().strip().encode()) > LONGEST_FIELD:
                found[key] = self.tr("A name has at most %n bytes.", "", LONGEST_FIELD)
        return found

    # -- a pasted address -----------------------------------------------------------------

    def _take_address(self, typed: str) -> None:
        """Spread a pasted URL over its fields; a password in it is not taken."""
        if "://" in typed:
            try:
                self._spread(parse_address(typed))
            except AddressHoldsPassword as error:
                rest = error.context["rest"]
                assert isinstance(rest, Address)
                self._spread(rest)
                told = message_of(error)
                self.fields["server"].set_error(f"{told.happened} {told.safe}")
            except AddressWrong:
                return  # still being typed; said when the field is left
        self._follow_server()

    def _spread(self, address: Address) -> None:
        self.server.setText(hosts_text(address.hosts))
        if address.user:
            self.user.setText(address.user)
        if address.database:
            self.advanced.database.setText(address.database)

    def _follow_server(self) -> None:
        try:
            hosts = parse_address(self.server.text()).hosts
        except (AddressWrong, AddressHoldsPassword):
            return
        self.advanced.set_is_here(all(host.is_here for host in hosts))

    def _judge_server(self) -> None:
        """Say at once what is wrong with the address when the field is left."""
        if not self.server.text().strip():
            return
        try:
            parse_address(self.server.text())
        except (AddressWrong, AddressHoldsPassword) as error:
            self.fields["server"].set_error(message_of(error).happened)
