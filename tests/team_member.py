"""A person's computer at a team's database, with a keyring of its own: for tests of signing in."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import team as small_world
from builders import DESK_TEAM, START
from keyring.backend import KeyringBackend
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop.bootstrap import Program, Setting
from desktop.tour.driver import pause
from desktop.views.sign_in.screen import SignInScreen
from desktop.widgets.banner import Banner
from services.admin.schema import Founder
from services.core.clock import ManualClock
from services.core.paths import Home
from services.core.profiles import ProfileList, load_profiles
from services.core.secrets import PasswordMemory

PASSWORD = small_world.PASSWORD.reveal()


class KeptInTest(KeyringBackend):
    """A keyring of our own; it can be told to fail as real ones do."""

    priority = 1.0

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[str, str] = {}
        self.failure: Exception | None = None
        self.before: Callable[[], object] = lambda: None

    def set_password(self, service: str, username: str, password: str) -> None:
        self.before()
        self._fail()
        self.kept[username] = password

    def get_password(self, service: str, username: str) -> str | None:
        self._fail()
        return self.kept.get(username)

    def delete_password(self, service: str, username: str) -> None:
        self._fail()
        del self.kept[username]

    def _fail(self) -> None:
        if self.failure is not None:
            raise self.failure


@dataclass
class Member:
    """One person's computer: starts the program as often as the person does."""

    home: Home
    port: int
    database: str
    memory: PasswordMemory = field(default_factory=PasswordMemory)
    clock: ManualClock = field(default_factory=lambda: ManualClock(START))

    @contextmanager
    def start(self) -> Iterator["Running"]:
        setting = Setting(self.home, self.clock, Founder("Me", "me"), True, self.memory)
        program = Program(setting)
        running = Running(program, self)
        try:
            program.start()
            pause(0)
            yield running
        finally:
            program.quit()
            program.window.deleteLater()
            pause(0)

    def forget_session(self) -> None:
        """What only memory knew is gone, as after a new start."""
        self.memory = PasswordMemory()

    @property
    def profiles(self) -> ProfileList:
        return load_profiles(self.home.profiles)


@dataclass
class Running:
    """The program of one start."""

    program: Program
    member: Member

    @property
    def screen(self) -> SignInScreen:
        return self.program.entrance.screen

    @property
    def desk(self):
        assert self.program.workplace is not None
        return self.program.workplace.desk

    def until(self, seen: Callable[[], object]) -> None:
        for _ in range(1_500):
            if seen():
                return
            pause(10)
        raise AssertionError(f"what was waited for did not come; said: {self.screen.message}")

    def fill(self, *, user: str = "maya", password: str = PASSWORD, port: int = 0) -> None:
        """Type into the form what an administrator gave."""
        form = self.screen.form
        QTest.keyClicks(form.server, f"127.0.0.1:{port or self.member.port}")
        QTest.keyClicks(form.user, user)
        QTest.keyClicks(form.password, password)
        form.advanced.database.setText(self.member.database)
        form.advanced.tls.set_current("disable")

    def enter(self) -> None:
        QTest.keyClick(self.screen.form.password, Qt.Key.Key_Return)

    def join(self, **typed: object) -> None:
        """From the welcome to the queue."""
        self.until(lambda: self.program.window.screen_name == "welcome")
        self.program.welcome.join_choice.click()
        self.fill(**typed)  # type: ignore[arg-type]
        self.enter()

    def joined(self, **typed: object) -> None:
        self.join(**typed)
        self.until(lambda: self.program.workplace is not None)
        self.online()
        # Names are read once more after the last part of the copy.
        self.until(lambda: self.desk.directory.members_of(DESK_TEAM))

    def online(self) -> None:
        replica = self.desk.profile.replica
        self.until(lambda: not replica.needs_snapshot)
        self.until(lambda: self.program.window.status.sync.accessibleName().startswith("Synced"))

    def banner(self, words: str) -> list[Banner]:
        found = self.program.window.findChildren(Banner)
        return [b for b in found if b.isVisible() and words in b.accessibleName()]

    def answered(self) -> None:
        self.until(lambda: not self.screen.is_busy)

    def error_at(self, name: str) -> str:
        return self.screen.form.fields[name].error
