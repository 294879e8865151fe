"""The sign-in screen in each of its states, for the pictures."""

from collections.abc import Callable
from typing import Final

from desktop.main_window import MainWindow
from desktop.presenters.entrance import Entrance
from desktop.views.sign_in.dialogs import RemoveProfileDialog
from desktop.views.sign_in.settings import ProfileSettingsDialog
from services.core.profiles import (
    ON_THIS_COMPUTER,
    ConnectionSettings,
    ProfileEntry,
    ProfileList,
)
from services.core.secrets import KeyringMissing
from services.core.server_address import Host
from services.sync.connection_faults import CertificateNotTrusted, PasswordRefused

NORTHWIND: Final = ProfileEntry(
    "northwind",
    "Northwind desk",
    ConnectionSettings((Host("db.northwind.test"),), "firstline", "maya"),
    person_id="known",
)
FIELD_TEAM: Final = ProfileEntry(
    "field",
    "Łódź field team",
    ConnectionSettings((Host("10.20.0.7", 6432),), "firstline", "maya.lindqvist"),
    person_id="known",
)


def _show(entrance: Entrance, window: MainWindow, id_: str) -> None:
    entrance.sign_in.profiles = ProfileList((NORTHWIND, FIELD_TEAM))
    window.hub.trigger("profile.switch")
    entrance.sign_in.choose(id_)


def _known(entrance: Entrance, window: MainWindow) -> None:
    _show(entrance, window, NORTHWIND.id)
    entrance.screen.rows.setFocus()


def _new(entrance: Entrance, window: MainWindow) -> None:
    _show(entrance, window, NORTHWIND.id)
    entrance.sign_in.add()
    entrance.screen.more.click()


def _busy(entrance: Entrance, window: MainWindow) -> None:
    _show(entrance, window, NORTHWIND.id)
    entrance.screen.form.password.setText("not a real one")
    entrance.screen.show_busy("Connecting to db.northwind.test…")


def _refused(entrance: Entrance, window: MainWindow) -> None:
    _busy(entrance, window)
    entrance.screen.show_fault(PasswordRefused(server="db.northwind.test", user="maya"))


def _distrusted(entrance: Entrance, window: MainWindow) -> None:
    _busy(entrance, window)
    entrance.screen.show_fault(CertificateNotTrusted(server="db.northwind.test"))


def _keyring(entrance: Entrance, window: MainWindow) -> None:
    _busy(entrance, window)
    entrance.screen.show_fault(KeyringMissing())


def _removal(entrance: Entrance, window: MainWindow) -> None:
    _show(entrance, window, FIELD_TEAM.id)
    window.open_dialog(RemoveProfileDialog(window, FIELD_TEAM.name, 3))


def _settings(entry: ProfileEntry) -> Callable[[Entrance, MainWindow], None]:
    def show(_: Entrance, window: MainWindow) -> None:
        window.show_screen("queue")
        window.open_dialog(ProfileSettingsDialog(window, entry))

    return show


def _embedded(entrance: Entrance, window: MainWindow) -> None:
    _show(entrance, window, "embedded")


SIGN_IN_SCREENS: Final[dict[str, Callable[[Entrance, MainWindow], None]]] = {
    "sign_in": _known,
    "sign_in_new": _new,
    "sign_in_busy": _busy,
    "sign_in_refused": _refused,
    "sign_in_certificate": _distrusted,
    "sign_in_embedded": _embedded,
    "sign_in_keyring": _keyring,
    "remove_profile": _removal,
    "profile_settings": _settings(NORTHWIND),
    "profile_settings_embedded": _settings(ON_THIS_COMPUTER),
}
