"""Changes the profile that is open: at once where that is possible, else by opening it again."""

from dataclasses import replace
from datetime import timedelta

from PySide6.QtCore import QObject, Signal

from desktop.bridge.keyring_calls import KeyringCalls
from desktop.bridge.profile import Profile
from desktop.main_window import MainWindow
from desktop.views.sign_in.settings import ProfileForm, ProfileSettingsDialog
from services.core.errors import AppError
from services.core.messages import message_of
from services.core.profiles import ProfileEntry
from services.core.secrets import Secret


class ProfileSettings(QObject):
    """Asks for the settings. ``changed`` carries the profile as it is to be kept, and whether it
    has to be opened again for it."""

    changed = Signal(object, bool)

    def __init__(self, window: MainWindow, keyring: KeyringCalls) -> None:
        super().__init__()
        self._window, self._keyring = window, keyring

    def ask(self, entry: ProfileEntry, profile: Profile) -> None:
        """Open the dialog for the profile that is open."""
        dialog = ProfileSettingsDialog(self._window, entry)
        dialog.submitted.connect(lambda form: self._submit(dialog, entry, profile, form))
        self._window.open_dialog(dialog)

    def _submit(
        self,
        dialog: ProfileSettingsDialog,
        entry: ProfileEntry,
        profile: Profile,
        form: ProfileForm,
    ) -> None:
        wanted = changed_by(entry, form)
        if form.is_encrypted == entry.is_cache_encrypted:
            self._apply(dialog, entry, profile, wanted)
            return

        def unlocked(_: Secret | None) -> None:
            self._apply(dialog, entry, profile, wanted)

        def failed(error: AppError) -> None:
            dialog.show_busy(False)
            dialog.show_error("", message_of(error).happened)

        # Only with the key at hand is anything changed: without it the files could not be opened.
        dialog.show_busy(True)
        self._keyring.ask_key(replace(entry, is_cache_encrypted=True), unlocked, failed)

    def _apply(
        self,
        dialog: ProfileSettingsDialog,
        entry: ProfileEntry,
        profile: Profile,
        wanted: ProfileEntry,
    ) -> None:
        dialog.close_dialog()
        if wanted == entry:
            return
        needs_opening = not _is_same_line(entry, wanted)
        if wanted.closed_days != entry.closed_days and not needs_opening:
            days = wanted.closed_days
            profile.replica.keep(None if days is None else timedelta(days=days))
        self._window.snack(self.tr("Settings saved"))
        self.changed.emit(wanted, needs_opening)


def changed_by(entry: ProfileEntry, form: ProfileForm) -> ProfileEntry:
    """The profile as the form wants it. Files are decrypted when it is opened again."""
    has_to_decrypt = entry.is_cache_encrypted and not form.is_encrypted
    changed = replace(
        entry,
        is_cache_encrypted=form.is_encrypted or has_to_decrypt,
        is_to_be_plain=has_to_decrypt,
    )
    if entry.connection is None:
        return changed
    line = replace(entry.connection, tls=form.tls, root_certificate=form.root_certificate)
    name = form.name or entry.name
    return replace(changed, name=name, connection=line, closed_days=form.closed_days)


def _is_same_line(entry: ProfileEntry, wanted: ProfileEntry) -> bool:
    """Whether the files and the connection stay as they are."""
    return (
        wanted.connection == entry.connection
        and wanted.is_cache_encrypted == entry.is_cache_encrypted
        and not wanted.is_to_be_plain
    )
