"""Runs a tour in a fresh temporary home and says for each step whether its effect was found."""

import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtWidgets import QApplication

from desktop.bootstrap import Program, Setting
from desktop.bridge.bugs import Bugs
from desktop.tour.chapter_closing import ClosingChapter
from desktop.tour.chapter_desk import DeskChapter
from desktop.tour.chapter_major import ResponseChapter
from desktop.tour.chapter_paging import PagingChapter
from desktop.tour.chapter_team import TeamChapter
from desktop.tour.chapter_tiers import TierChapter
from desktop.tour.chapter_words import WordsChapter
from desktop.tour.driver import Driver, NotSeen, look_into, pause
from desktop.tour.hands import story_folder
from desktop.tour.major import open_major_stage
from desktop.tour.offscreen import start_offscreen
from desktop.tour.paging import open_stage
from desktop.tour.team import open_office
from services.admin.schema import Founder
from services.admin.trial import running_trial
from services.core.clock import SystemClock
from services.core.paths import home_at
from services.core.settings import Preferences, save_preferences

LINE = "{mark} {place:02d} {name:<22} {told}\n"


def run_tour(folder: Path, story: str = "incident") -> int:
    """Drive the real windows; 0 when every step's effect was found in the shared database."""
    application = start_offscreen()
    bugs: list[str] = []
    hunt = Bugs()
    hunt.install()
    hunt.found.connect(lambda trace: bugs.append(trace.strip().splitlines()[-1]))
    failed = STORIES[story](story_folder(folder), bugs)
    _close(application)
    return failed


def _incident(folder: Path, bugs: list[str]) -> int:
    """One incident's whole life on one desk."""
    with tempfile.TemporaryDirectory(prefix="firstline-tour-") as temporary:
        home = home_at(Path(temporary))
        save_preferences(home.preferences, Preferences(theme="light"))
        program = Program(Setting(home, SystemClock(), Founder("Tour", "tour"), is_guarded=True))
        look = look_into(home.shared_database)
        driver = Driver(program.window, look, folder, lambda: program.is_idle)
        program.start()
        place, number = 0, 0
        for kind in (DeskChapter, TierChapter, ClosingChapter):
            chapter = kind(program, driver, number)
            if not _tell(driver, bugs, place, chapter.steps()):
                return 1
            place += len(chapter.steps())
            number = chapter.number
        program.quit()
    return 0


def _team(folder: Path, bugs: list[str]) -> int:
    """Three desks on one server."""
    with running_trial(SystemClock()) as trial, open_office(trial, folder, "light") as office:
        chapter = TeamChapter(office)
        is_told = _tell(office.seats[0].driver, bugs, 0, chapter.steps())
        if not is_told:
            for n, seat in enumerate(office.seats):
                seat.program.window.grab().save(str(folder / f"99_failed_desk_{n}.png"))
    return 0 if is_told else 1


def _paging(folder: Path, bugs: list[str]) -> int:
    """A page from the click to the acknowledgement, with a dispatcher killed on the way."""
    with running_trial(SystemClock()) as trial, open_stage(trial, folder) as stage:
        is_told = _tell(stage.agent.driver, bugs, 0, PagingChapter(stage).steps())
    return 0 if is_told else 1


def _major(folder: Path, bugs: list[str]) -> int:
    """A major incident from the declaration to the last word, inside and outside."""
    with running_trial(SystemClock()) as trial, open_major_stage(trial, folder) as stage:
        response = ResponseChapter(stage)
        driver = stage.agent.driver
        if not _tell(driver, bugs, 0, response.steps()):
            return 1
        words = WordsChapter(stage, response.number)
        return 0 if _tell(driver, bugs, len(response.steps()), words.steps()) else 1


STORIES: dict[str, Callable[[Path, list[str]], int]] = {
    "incident": _incident,
    "team": _team,
    "paging": _paging,
    "major": _major,
}


def _tell(
    driver: Driver, bugs: list[str], place: int, steps: Sequence[tuple[str, Callable[[], str]]]
) -> bool:
    """Whether every step's effect was found; nothing is tried after one that was not."""
    return all(
        _tell_step(driver, bugs, place + n, name, step)
        for n, (name, step) in enumerate(steps, start=1)
    )


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
        if window.parent() is None:  # the others go with what they belong to
            window.deleteLater()
    pause(0)
