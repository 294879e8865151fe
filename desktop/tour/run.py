"""Runs a tour in a fresh temporary home and says for each step whether its effect was found."""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QApplication

from desktop.bootstrap import Program, Setting
from desktop.bridge.bugs import Bugs
from desktop.tour.chapter_closing import ClosingChapter
from desktop.tour.chapter_desk import DeskChapter
from desktop.tour.chapter_tiers import TierChapter
from desktop.tour.driver import Driver, NotSeen, pause
from desktop.tour.hands import story_folder
from desktop.tour.offscreen import start_offscreen
from services.admin.schema import Founder
from services.core.clock import SystemClock
from services.core.paths import home_at
from services.core.settings import Preferences, save_preferences

LINE = "{mark} {place:02d} {name:<22} {told}\n"


def run_tour(folder: Path) -> int:
    """Drive the real windows; 0 when every step's effect was found in the shared database."""
    application = start_offscreen()
    bugs: list[str] = []
    hunt = Bugs()
    hunt.install()
    hunt.found.connect(lambda trace: bugs.append(trace.strip().splitlines()[-1]))
    with tempfile.TemporaryDirectory(prefix="firstline-tour-") as temporary:
        home = home_at(Path(temporary))
        save_preferences(home.preferences, Preferences(theme="light"))
        setting = Setting(home, SystemClock(), Founder("Tour", "tour"), is_guarded=True)
        program = Program(setting)
        driver = Driver(
            program.window,
            home.shared_database,
            story_folder(folder),
            lambda: program.is_idle,
        )
        program.start()
        failed = _tell(program, driver, bugs)
        program.quit()
    _close(application)
    return failed


def _tell(program: Program, driver: Driver, bugs: list[str]) -> int:
    place, number = 0, 0
    for kind in (DeskChapter, TierChapter, ClosingChapter):
        chapter = kind(program, driver, number)
        for name, step in chapter.steps():
            place += 1
            if not _tell_step(driver, bugs, place, name, step):
                return 1
        number = chapter.number
    return 0


def _tell_step(
    driver: Driver, bugs: list[str], place: int, name: str, step: Callable[[], str]
) -> bool:
    try:
        told = step()
        if bugs:
            raise NotSeen(f"a bug was found: {bugs[0]}")
    except (NotSeen, AssertionError, StopIteration) as error:
        told = "; ".join([str(error), *bugs])
        sys.stdout.write(LINE.format(mark="FAILED", place=place, name=name, told=told))
        sys.stdout.flush()
        driver.window.grab().save(str(driver.folder / f"{place:02d}_failed.png"))
        return False
    sys.stdout.write(LINE.format(mark="ok", place=place, name=name, told=told))
    sys.stdout.flush()
    return True


def _close(application: QApplication) -> None:
    for window in application.topLevelWidgets():
        window.deleteLater()
    pause(0)
