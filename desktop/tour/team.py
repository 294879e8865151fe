"""The story of a team: three desks at the same time on one server, one of them offline."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from desktop.bootstrap import Program, Setting
from desktop.tour.driver import Driver, Look
from desktop.tour.hands import Hands, Key
from desktop.tour.relay import Relay
from services.admin.trial import DATABASE, FOUNDER, Trial, TrialPerson
from services.core.clock import SystemClock
from services.core.paths import home_at
from services.core.secrets import PasswordMemory
from services.core.settings import Preferences, save_preferences


@dataclass
class Seat:
    """One desk of the story: a person, their window, and the hands that drive it."""

    person: TrialPerson
    program: Program
    hands: Hands
    root: Path

    @property
    def driver(self) -> Driver:
        return self.hands.driver

    def take(self) -> "Seat":
        """Sit down here: keys go to this window."""
        window = self.program.window
        window.show()
        window.raise_()
        window.activateWindow()
        self.driver.until(window.isActiveWindow, f"the window of {self.person.name}")
        return self

    def sign_in(self) -> None:
        """Type the password, and wait until the desk holds the team's incidents."""
        self.program.start()
        screen = self.program.entrance.screen
        self.driver.until(screen.isVisible, "the sign-in screen")
        self.take()
        self.driver.click(screen.form.keep)
        self.driver.write(screen.form.password, self.person.password.reveal())
        self.driver.press(Key.Key_Return)
        self.driver.until(lambda: self.program.workplace, "the desk")
        queue = self.hands.place.queue_screen
        self.hands.letters("ga")
        self.driver.until(lambda: queue.model.rowCount() > 100, "the incidents")
        self.driver.settle()

    def sync_words(self) -> str:
        """What the status bar says about sync."""
        return self.program.window.status.sync.accessibleName()


@dataclass
class Office:
    """The desks of the story and the relay on the way of the second one."""

    trial: Trial
    seats: list[Seat]
    relay: Relay
    look: Look

    def quit(self) -> None:
        """End every desk."""
        for seat in self.seats:
            seat.program.quit()


@contextmanager
def open_office(trial: Trial, folder: Path, theme: str) -> Iterator[Office]:
    """Three desks, each with a home of its own, and a look at the server past them."""
    with ExitStack() as left:
        look = looking_at(trial, left)
        relay = Relay(trial.access.port)
        ports = (0, relay.port, 0)
        seats: list[Seat] = []
        pictures = [0]
        for person, port in zip(trial.people, ports, strict=False):
            root = Path(left.enter_context(tempfile.TemporaryDirectory(prefix="firstline-tour-")))
            seats.append(take_seat(trial, person, root, port, folder, look, theme, pictures))
        office = Office(trial, seats, relay, look)
        try:
            yield office
        finally:
            office.quit()
            relay.cut()


def looking_at(trial: Trial, left: ExitStack) -> Look:
    """Asks the server of a trial past every desk, through a connection of its own."""
    connection = left.enter_context(trial.access.connect(DATABASE))
    connection.execute("SET search_path = firstline")

    def look(sql: str, *values: object) -> object:
        row = connection.execute(sql.replace("?", "%s").encode(), values).fetchone()
        return None if row is None else row[0]

    return look


def take_seat(
    trial: Trial,
    person: TrialPerson,
    root: Path,
    port: int,
    folder: Path,
    look: Look,
    theme: str,
    pictures: list[int],
) -> Seat:
    """A desk of a person, with a home of its own below ``root``."""
    trial.write_profile(root, person, port)
    save_preferences(home_at(root).preferences, Preferences(theme=theme))
    setting = Setting(home_at(root), SystemClock(), FOUNDER, True, PasswordMemory())
    program = Program(setting)
    driver = Driver(program.window, look, folder, _idle(program), pictures)
    return Seat(person, program, Hands(program, driver), root)


def _idle(program: Program) -> Callable[[], bool]:
    return lambda: program.is_quiet
