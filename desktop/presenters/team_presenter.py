"""What an open team profile says about its password: kept or not, taken or refused."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from desktop.bridge.tasks import Tasks
from desktop.main_window import MainWindow
from desktop.views.sign_in.dialogs import ChangePasswordDialog, PasswordForm
from desktop.widgets.banner import Banner
from services.core.errors import AppError
from services.core.messages import message_of
from services.core.profiles import ConnectionSettings
from services.core.secrets import Secret
from services.sync.connection_faults import PasswordRefused, SignInRefused
from services.sync.worker import SyncState

Change = Callable[[ConnectionSettings, Secret, Secret], None]


class TeamPresenter(QObject):
    """Shows the banners of an open team profile.

    ``sign_in_requested`` asks for the sign-in screen; ``password_changed`` carries the new one.
    """

    sign_in_requested = Signal()
    password_changed = Signal(object)

    def __init__(
        self, window: MainWindow, tasks: Tasks, settings: ConnectionSettings, change: Change
    ) -> None:
        super().__init__()
        self._window, self._tasks = window, tasks
        self._settings, self._change = settings, change
        self._refused = ""
        self.is_asking_keyring = False
        """Whether the keyring may still give the password, so that nobody need be asked."""

    def say_not_kept(self, error: AppError) -> None:
        """Say that the password lives in memory alone, until the keyring has it after all."""
        told = message_of(error)
        lead = self.tr("Your password is held in memory until you quit.")
        banner = Banner("warn", lead, f"{told.happened} {told.next}", icon="key", square=True)
        self._window.show_banner(banner, "password")

    def clear_not_kept(self) -> None:
        """The keyring has taken, or given, the password."""
        self._window.clear_banner("password")

    def show_sync(self, state: SyncState) -> None:
        """Ask to sign in again where waiting does not help; work goes on offline.

        It takes the place of the banner that says that the desk is offline.
        """
        problem = state.problem
        if state.is_online or not isinstance(problem, SignInRefused):
            self._refused = ""
            self._window.clear_banner("sign-in")
            return
        self._window.clear_banner()
        if self.is_asking_keyring or problem.code == self._refused:
            return
        self._refused = problem.code
        text = self.tr("Everything works here; changes wait until you have signed in.")
        lead = self.tr("Sign in again.")
        told = message_of(problem).happened
        banner = Banner("warn", lead, f"{told} {text}", icon="key", square=True)
        banner.add_button(self.tr("Sign in")).clicked.connect(self.sign_in_requested)
        self._window.show_banner(banner, "sign-in")

    # -- another password -----------------------------------------------------------------

    def ask_password(self) -> None:
        """Open the dialog for another password."""
        settings = self._settings
        dialog = ChangePasswordDialog(self._window, settings.user, settings.server)
        dialog.submitted.connect(lambda form: self._change_password(dialog, form))
        self._window.open_dialog(dialog)

    def _change_password(self, dialog: ChangePasswordDialog, form: PasswordForm) -> None:
        def done(_: None) -> None:
            dialog.close_dialog()
            self._window.snack(self.tr("Password changed"))
            self.password_changed.emit(form.new)

        def failed(error: AppError) -> None:
            dialog.primary_button.setEnabled(True)
            field = "old" if isinstance(error, PasswordRefused) else ""
            dialog.show_error(field, message_of(error).happened)

        dialog.primary_button.setEnabled(False)
        self._tasks.run(
            self,
            "password",
            lambda: self._change(self._settings, form.old, form.new),
            done,
            failed,
        )
