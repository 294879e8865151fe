"""Builds the desk; the only place that knows all concrete classes.

The window comes first. Files are opened in the background, and the screens are built once they
are.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from uuid import UUID

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication

from desktop.application import (
    ProfileInUse,
    lock_profile,
    log_to,
    quit_on_signals,
    start_application,
)
from desktop.bridge.bugs import Bugs
from desktop.bridge.change_feed import ChangeFeed
from desktop.bridge.collector import Collector
from desktop.bridge.command_runner import CommandRunner
from desktop.bridge.profile import (
    Ears,
    Profile,
    is_first_start,
    open_embedded,
    open_shared,
)
from desktop.bridge.tasks import Tasks
from desktop.main_window import MainWindow
from desktop.presenters.closing import Closing
from desktop.presenters.desk import Desk
from desktop.presenters.entrance import Entrance
from desktop.presenters.file_notices import FileNotices
from desktop.presenters.paging_notices import SILENT_FOR
from desktop.presenters.shell_presenter import resolved_theme
from desktop.presenters.workplace import Workplace
from desktop.theme.theme import apply_theme
from desktop.views.dialogs.error import ErrorDialog
from desktop.views.welcome.screen import WelcomeScreen
from desktop.widgets.card import Surface
from services.admin.schema import Founder, founder_of_this_machine
from services.core.clock import Clock, SystemClock
from services.core.errors import AppError
from services.core.messages import Message, message_of
from services.core.paths import Home, default_home
from services.core.secrets import PasswordMemory, Secret
from services.core.settings import Preferences, load_preferences, save_preferences
from services.sync.worker import SyncState

FONTS_AFTER_MS = 5_000
LATER = Qt.ConnectionType.QueuedConnection


@dataclass(frozen=True)
class Setting:
    """What a program is started with; a tour and a test give their own.

    ``memory`` holds passwords over a change of profiles.
    """

    home: Home
    clock: Clock
    founder: Founder
    is_guarded: bool = False
    memory: PasswordMemory = field(default_factory=PasswordMemory)


class Program(QObject):
    """The running desk with one profile. ``ready`` says that the queue can be used.

    Another profile is opened by another program: this one ends with ``wants_another``.
    """

    ready = Signal()
    _synced = Signal(object)
    _noticed = Signal(object)
    _led = Signal()
    _sample_made = Signal(int, int)

    def __init__(self, setting: Setting) -> None:
        super().__init__()
        self._setting = setting
        self._preferences = load_preferences(setting.home.preferences)
        self._collector = Collector()
        self._tasks = Tasks()
        self._feed = ChangeFeed()
        self._ears = Ears(
            self._feed.publish, self._synced.emit, noticed=self._noticed.emit, led=self._led.emit
        )
        self._profile: Profile | None = None
        self._key: Secret | None = None
        self._runner: CommandRunner | None = None
        self._led_since = setting.clock.now()
        self.workplace: Workplace | None = None
        self.wants_another = False
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        apply_theme(application, resolved_theme(self._preferences.theme))
        self.window = MainWindow()
        self.welcome = WelcomeScreen()
        self.window.add_screen("opening", Surface("bg.app"))  # nothing to click before it is known
        self.window.add_screen("welcome", self.welcome)
        self.entrance = Entrance(
            self.window, self._tasks, setting.home, setting.clock, setting.memory,
            self._ears, is_guarded=setting.is_guarded,
        )  # fmt: skip
        self._notices = FileNotices(self.window)
        self.closing = Closing(self.window)
        self._connect()

    def _connect(self) -> None:
        self.welcome.start_empty_requested.connect(self._open)
        self.welcome.sample_requested.connect(self._open_with_sample)
        self.welcome.join_requested.connect(self._join)
        self.entrance.embedded_chosen.connect(self._begin_embedded)
        self.entrance.opened.connect(self._build)
        self.entrance.left.connect(self._leave_sign_in)
        self.entrance.another_wanted.connect(self._change_over)
        self.entrance.broken.connect(self._say_broken)
        self.entrance.person_known.connect(self._recognise)
        # Once it has ignored the event: a window that is being closed cannot be closed or hidden.
        self.window.close_requested.connect(self.closing.close, LATER)
        self.window.quit_requested.connect(self.closing.quit)
        self.closing.quit_decided.connect(self.quit)
        self._synced.connect(self._show_sync)
        self._noticed.connect(self._notices.tell)
        self._led.connect(self._note_led)
        self._sample_made.connect(self._show_sample_made)

    def start(self) -> None:
        """Show the window, then open the files."""
        self.window.restore_state(self._preferences.window)
        self.window.show()
        QTimer.singleShot(0, self._begin)

    def _begin(self) -> None:
        self.entrance.begin()

    def _begin_embedded(self, key: Secret | None) -> None:
        self._key = key
        if is_first_start(self._setting.home):
            self._show_alone("welcome")
        else:
            self._open()

    def _show_alone(self, screen: str) -> None:
        """A screen beside which there is nothing to navigate to yet."""
        self.window.navigation.hide()
        self.window.show_screen(screen)

    def _join(self) -> None:
        self.entrance.join()

    def _recognise(self, person_id: UUID) -> None:
        """The shared database says who the person is."""
        desk = self.workplace.desk if self.workplace is not None else None
        if desk is not None and desk.viewer.person_id != person_id:
            desk.work_as(person_id)

    def _leave_sign_in(self) -> None:
        if self.workplace is not None:
            self.workplace.shell.back_to_queue()
        else:
            self._show_alone("welcome")

    def _change_over(self) -> None:
        self.closing.ask(self._open_another)

    def _open_another(self) -> None:
        self.wants_another = True
        self.quit()

    # -- opening --------------------------------------------------------------------------

    def _open(self) -> None:
        self._tasks.run(self, "open", self._opened, self._build, self._say_broken)

    def _open_with_sample(self) -> None:
        self._tasks.run(self, "open", self._opened_with_sample, self._build, self._say_broken)

    def _show_sample_made(self, done: int, total: int) -> None:
        self.welcome.show_progress(done / total, f"{done:,} of {total:,} acts")

    def _opened_with_sample(self) -> Profile:
        from services.intake.sample import DEFAULT_PERSON_ID, create_sample

        setting = self._setting
        shared = open_shared(setting.home, setting.clock, setting.founder)
        create_sample(shared, setting.clock.now(), setting.founder.login, self._sample_made.emit)
        shared.close()
        self._preferences = replace(self._preferences, works_as=str(DEFAULT_PERSON_ID))
        return self._opened()

    def _opened(self) -> Profile:
        setting = self._setting
        return open_embedded(
            setting.home,
            setting.clock,
            setting.founder,
            self._ears,
            self.entrance.sign_in.profiles.embedded,
            self._key,
            is_guarded=setting.is_guarded,
        )

    def _build(self, profile: Profile) -> None:
        self._profile = profile
        self.entrance.attend(profile)
        self._runner = CommandRunner(profile.replica, profile.worker.wake)
        chosen = self._preferences.works_as if profile.trusts_desk else ""
        works_as = UUID(chosen) if chosen else None
        desk = Desk(profile, self._setting.clock, self._tasks, self._feed, self._runner, works_as)
        self.workplace = Workplace(desk, self.window, self._setting.home, self._preferences)
        self.workplace.preferences_changed.connect(self._keep_preferences)
        self.workplace.own_pages.told.connect(self.closing.tell_page)
        self.workplace.own_pages.quiet.connect(self.closing.forget_pages)
        self.workplace.words.told.connect(self.closing.tell_page)
        self.workplace.words.quiet.connect(self.closing.forget_pages)
        self._keep_preferences(self._preferences)
        desk.load_directory()
        self.window.navigation.show()
        self.workplace.open()
        profile.worker.start()
        if profile.dispatcher is not None:
            self._led_since = self._setting.clock.now()
            profile.dispatcher.start()
        QTimer.singleShot(FONTS_AFTER_MS, self, self._prepare_fonts)
        self.ready.emit()

    def _note_led(self) -> None:
        """Now that pages are led, or cannot be, look whether somebody delivers."""
        if self._profile is not None:
            self.closing.leads_pages = True
            self._profile.worker.wake()

    def _prepare_fonts(self) -> None:
        """Make the fonts of the paper while nobody waits, so that the first print is quick."""
        self._tasks.run(self, "fonts", self._fonts_made, lambda _: None)

    def _fonts_made(self) -> None:
        from services.reports.fonts import prepare_fonts

        prepare_fonts(self._setting.home.fonts)

    def _show_sync(self, state: SyncState) -> None:
        profile = self._profile
        if profile is None:
            return  # the last word of a thread that has ended
        self.closing.show_sync(state)
        if profile.dispatcher is not None and not self._is_known(state):
            state = replace(state, paging=None)
        if self.workplace is not None:
            self.workplace.show_sync(state)
        self.entrance.show_sync(state)

    def _is_known(self, state: SyncState) -> bool:
        """Whether it can be said who delivers: one's own dispatcher has a minute to begin."""
        is_heard_of = state.paging is not None and state.paging.dispatcher_count > 0
        return is_heard_of or self._setting.clock.now() - self._led_since >= SILENT_FOR

    # -- what is said ---------------------------------------------------------------------

    def _say_broken(self, error: AppError) -> None:
        """The profile cannot be opened: say why and what to do, and leave all files alone."""
        self._say(message_of(error), f"{error.code} {error.context}")

    def tell_bug(self, trace: str) -> None:
        """Say that something went wrong that nobody foresaw."""
        told = Message(
            "Something went wrong inside Firstline.",
            "What was saved is safe, and drafts are kept.",
            "You can go on working. The details below help us to mend it.",
        )
        self._say(told, trace)

    def _say(self, told: Message, details: str) -> None:
        dialog = ErrorDialog(self.window, told.happened, told.safe, told.next, details)
        self.window.open_dialog(dialog)

    # -- ending ---------------------------------------------------------------------------

    def _keep_preferences(self, preferences: Preferences) -> None:
        self._preferences = preferences
        save_preferences(self._setting.home.preferences, preferences)

    def quit(self) -> None:
        """End in order: keep what is open, send what waits, let go of the files."""
        if self.workplace is not None and self._profile is not None:
            self.workplace.leave()
        self.window.close_now()
        self.stop()
        application = QApplication.instance()
        if application is not None:
            application.quit()

    def stop(self) -> None:
        """End threads and let go of files; can be called twice."""
        if self._runner is not None:
            self._runner.stop()
            self._runner = None
        self.entrance.stop()
        self._tasks.stop()
        if self._profile is not None:
            self._profile.close()
            self._profile = None
        self._collector.stop()

    @property
    def is_quiet(self) -> bool:
        """Whether nothing is being read or given."""
        is_given = self._runner is None or self._runner.is_idle
        return is_given and self._tasks.is_idle and self.entrance.is_idle

    @property
    def is_idle(self) -> bool:
        """Whether nothing is being read, given or sent."""
        has_work = self._profile is not None and self._profile.replica.has_work
        return self.is_quiet and not has_work


def run_desk(exec_: Callable[[QApplication], int] = lambda app: app.exec()) -> int:
    """Open the desk and run until it is closed; returns the exit code."""
    application = start_application(sys.argv[:1])
    home = default_home()
    try:
        lock = lock_profile(home)
    except ProfileInUse as error:
        sys.stderr.write(message_of(error).text + "\n")
        return 1
    log_to(home)
    bugs = Bugs()
    bugs.install()
    setting = Setting(home, SystemClock(), founder_of_this_machine())
    wants_another = True
    while wants_another:
        program = Program(setting)
        bugs.found.connect(program.tell_bug)
        heartbeat = quit_on_signals(application, program.quit)
        program.start()
        code = exec_(application)
        heartbeat.stop()
        program.stop()
        bugs.found.disconnect(program.tell_bug)
        program.window.deleteLater()
        wants_another = program.wants_another
    lock.unlock()
    return code
