"""A person at the sign-in screen, in a process of its own: what the other side of a test runs.

Reads one line of JSON: what to type, or nothing to see whether the desk signs in by itself.
"""

import json
import logging
import sys
from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop.application import log_to
from desktop.bootstrap import Program, Setting
from desktop.tour.driver import pause
from desktop.tour.offscreen import start_offscreen
from desktop.views.sign_in.dialogs import ChangePasswordDialog
from desktop.widgets.banner import Banner
from services.admin.schema import Founder
from services.core.clock import SystemClock
from services.core.paths import default_home

STEPS = 3_000


class NotSeen(AssertionError):
    """What was waited for did not come."""


def until(seen: Callable[[], object], what: str) -> None:
    for _ in range(STEPS):
        if seen():
            return
        pause(10)
    raise NotSeen(what)


def type_in(program: Program, typed: dict[str, str]) -> None:
    until(lambda: program.window.screen_name == "welcome", "the welcome")
    program.welcome.join_choice.click()
    form = program.entrance.screen.form
    form.advanced.root_certificate.setText(typed["root_certificate"])
    form.advanced.database.setText(typed["database"])
    for name in ("server", "user", "password"):
        QTest.keyClicks(form.edits[name], typed[name])
    QTest.keyClick(form.password, Qt.Key.Key_Return)


def change(program: Program, old: str, new: str) -> None:
    program.window.hub.trigger("profile.password")
    dialog = program.window.findChildren(ChangePasswordDialog)[0]
    for field, text in ((dialog.old, old), (dialog.new, new), (dialog.again, new)):
        QTest.keyClicks(field, text)
    dialog.primary_button.click()
    window = program.window
    until(
        lambda: not window.findChildren(ChangePasswordDialog) and program.is_quiet,
        "the changed password",
    )


def main() -> None:
    typed = json.loads(sys.stdin.readline())
    start_offscreen()
    home = default_home()
    log_to(home)
    logging.getLogger().setLevel(logging.DEBUG)
    program = Program(Setting(home, SystemClock(), Founder("Me", "me")))
    program.start()
    for attempt in typed.get("attempts", []):
        type_in(program, attempt)
        until(lambda: program.workplace or not program.entrance.screen.is_busy, "an answer")
        if program.workplace is None:
            program.entrance.screen.left.emit()
    status = program.window.status.sync
    until(lambda: status.accessibleName().startswith("Synced"), "the first sync")
    if "new" in typed:
        change(program, typed["attempts"][-1]["password"], typed["new"])
    banners = [b.accessibleName() for b in program.window.findChildren(Banner) if b.isVisible()]
    sys.stdout.write(json.dumps({"me": program.workplace.desk.me, "banners": banners}) + "\n")
    sys.stdout.flush()
    sys.stdin.readline()
    program.quit()


if __name__ == "__main__":
    main()
