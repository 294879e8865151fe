"""Removing a team's profile from this computer: what would be lost is told, and can be saved."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from desktop.bridge.keyring_calls import KeyringCalls
from desktop.bridge.profile import remove_files
from desktop.bridge.tasks import Tasks
from desktop.bridge.unsent import save_unsent, unsent_count
from desktop.main_window import MainWindow
from desktop.views.sign_in.dialogs import RemoveProfileDialog
from desktop.views.sign_in.screen import SignInScreen
from services.core import secrets
from services.core.cipher import forget_profile_key
from services.core.errors import AppError
from services.core.messages import message_of
from services.core.paths import Home
from services.core.profiles import ProfileEntry
from services.core.secrets import PasswordMemory, Secret


class ProfileRemoval(QObject):
    """Asks, saves what was never sent if wanted, and deletes. ``removed`` carries the profile."""

    removed = Signal(object)

    def __init__(
        self,
        window: MainWindow,
        screen: SignInScreen,
        tasks: Tasks,
        keyring: KeyringCalls,
        home: Home,
        memory: PasswordMemory,
    ) -> None:
        super().__init__()
        self._window, self._screen = window, screen
        self._tasks, self._keyring = tasks, keyring
        self._home, self._memory = home, memory

    def ask(self, entry: ProfileEntry) -> None:
        """Open the dialog that says what removing means."""

        def count(key: Secret | None) -> None:
            work = partial(unsent_count, self._home, entry, key)
            confirm = partial(self._confirm, entry, key)
            self._tasks.run(self, "removal", work, confirm, self._screen.show_fault)

        self._keyring.ask_key(entry, count, self._screen.show_fault)

    def _confirm(self, entry: ProfileEntry, key: Secret | None, unsent: int) -> None:
        dialog = RemoveProfileDialog(self._window, entry.name, unsent)
        dialog.submitted.connect(lambda _: self._remove(entry, dialog))
        dialog.file_chosen.connect(partial(self._save, entry, key, dialog))
        self._window.open_dialog(dialog)

    def _save(
        self, entry: ProfileEntry, key: Secret | None, dialog: RemoveProfileDialog, file: str
    ) -> None:
        self._tasks.run(
            dialog,
            "save",
            partial(save_unsent, self._home, entry, key, Path(file)),
            partial(dialog.show_saved, file),
            lambda error: dialog.show_error("", message_of(error).text),
        )

    def _remove(self, entry: ProfileEntry, dialog: RemoveProfileDialog) -> None:
        assert entry.connection is not None
        self._memory.drop(entry.connection.account)

        def remove() -> None:
            self._tasks.run(
                self, "remove", partial(remove_files, self._home, entry), lambda _: gone()
            )

        def gone() -> None:
            dialog.close_dialog()
            self.removed.emit(entry)

        def failed(error: AppError) -> None:
            if isinstance(error, secrets.KeyringMissing | secrets.KeyringNotTrusted):
                remove()  # where there is no keyring, none can keep the password
                return
            told = message_of(error)
            dialog.show_error("", f"{told.happened} {self.tr('The profile was not removed.')}")

        self._keyring.ask(partial(_forget, entry), lambda _: remove(), failed)


def _forget(entry: ProfileEntry) -> None:
    """Have the keyring forget all it keeps for a profile."""
    assert entry.connection is not None
    secrets.forget(entry.connection.account)
    if entry.is_cache_encrypted:
        forget_profile_key(entry.id)
