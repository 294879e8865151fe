"""A person who goes from this computer's profile to a team's, in a process of its own."""

import json
import sys
from uuid import uuid4

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.bootstrap import run_desk
from desktop.main_window import MainWindow
from desktop.tour.driver import pause
from desktop.views.sign_in.profile_rows import ProfileRows
from desktop.views.welcome.screen import WelcomeScreen
from services.core.paths import default_home
from services.core.profiles import ConnectionSettings, ProfileEntry, ProfileList, save_profiles
from services.core.server_address import Host

NOBODY = ConnectionSettings((Host("127.0.0.1", 1),), "firstline", "maya")
TEAM = ProfileEntry("team", "The team", NOBODY, person_id=str(uuid4()))

PATIENCE_MS = 30_000
seen: list[str] = []


def until_queue(application: QApplication) -> MainWindow:
    """The window once it shows a queue; a first start is answered with the empty choice."""
    for _ in range(2_000):
        pause(10)
        shown = [w for w in application.topLevelWidgets() if isinstance(w, MainWindow)]
        found = next(w for w in shown if w.isVisible())
        if found.screen_name == "queue":
            return found
        choice = found.findChildren(WelcomeScreen)[0].empty_choice
        if choice.isVisible() and choice.isEnabled():
            choice.setEnabled(False)
            choice.clicked.emit()
    raise AssertionError(f"no queue: {found.screen_name}")


def first(application: QApplication) -> None:
    found = until_queue(application)
    seen.append(found.windowTitle())
    found.hub.trigger("profile.switch")
    rows = found.findChildren(ProfileRows)[0]
    QTest.keyClick(rows, Qt.Key.Key_Down)
    QTest.keyClick(rows, Qt.Key.Key_Return)


def second(application: QApplication) -> None:
    found = until_queue(application)
    found.hub.trigger("profile.switch")
    rows = found.findChildren(ProfileRows)[0]
    seen.extend(row.name for row in rows.rows if row.tag)
    found.close()


def main() -> None:
    home = default_home().create()
    save_profiles(home.profiles, ProfileList((TEAM,)))
    turns = [first, second]

    def exec_(application: QApplication) -> int:
        turn = turns.pop(0)
        QTimer.singleShot(0, lambda: turn(application))
        QTimer.singleShot(PATIENCE_MS, application, lambda: application.exit(1))
        return application.exec()

    code = run_desk(exec_)
    sys.stdout.write(json.dumps([*seen, len(turns), code]) + "\n")


if __name__ == "__main__":
    main()
