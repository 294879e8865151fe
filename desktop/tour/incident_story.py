"""The whole life of one incident, told by an agent, a tier-2 engineer and the agent again."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QLineEdit, QMenu

from desktop.bootstrap import Program
from desktop.presenters.workplace import Workplace
from desktop.tour.driver import Driver
from desktop.views.dialogs.escalate import EscalateDialog
from desktop.views.dialogs.form_dialog import FormDialog
from desktop.views.dialogs.print_incident import PrintDialog
from desktop.widgets.buttons import Button
from desktop.widgets.picker import Picker

Key = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier

AGENT, ENGINEER = "Maya Lindqvist", "Priya Raman"
SUMMARY = "VPN drops every few minutes after client update"
STATE = "SELECT state FROM incident WHERE number = ?"


@dataclass
class Story:
    """Steps in order; each raises ``NotSeen`` when its effect is not found."""

    program: Program
    driver: Driver
    number: int = 0

    def steps(self) -> list[tuple[str, Callable[[], str]]]:
        """What is told, with the name of each step's picture."""
        return [
            ("first_start", self.first_start),
            ("explore", self.explore),
            ("log", self.log),
            ("logged", self.logged),
            ("start", self.start),
            ("note", self.note),
            ("undo", self.undo),
            ("hold", self.hold),
            ("escalate", self.escalate),
            ("work_as_engineer", self.work_as_engineer),
            ("accept", self.accept),
            ("to_tier_three", self.to_tier_three),
            ("reject", self.reject),
            ("no_closing", self.no_closing),
            ("resolve", self.resolve),
            ("confirm", self.confirm),
            ("close", self.close),
            ("print", self.print_report),
            ("read_only", self.read_only),
        ]

    # -- the agent ------------------------------------------------------------------------

    def first_start(self) -> str:
        """The window offers two ways to begin and asks nothing."""
        self.driver.until(lambda: self.driver.window.screen_name == "welcome", "the welcome")
        self.driver.picture("first_start")
        return "offers to start empty or with sample data"

    def explore(self) -> str:
        """Sample data is made by commands; the queue opens."""
        self.driver.click(self._button("Explore with sample data"))
        self.driver.until(lambda: self.program.workplace, "the queue")
        self.driver.until(lambda: self._place.queue_screen.model.rowCount() > 0, "rows in My work")
        self.driver.settle()
        self._letters("gt")
        self.driver.until(
            lambda: self._place.queue_screen.model.rowCount() > 20, "rows in the team queue"
        )
        self.driver.picture("team_queue")
        count = self.driver.found("SELECT count(*) FROM incident")
        return f"{count} incidents of a sample company"

    def log(self) -> str:
        """A call comes in: caller, words, service, category, impact and urgency, by keyboard."""
        self._letters("n")
        report = self._place.log_screen.report
        self.driver.until(report.caller.hasFocus, "the caller field to have the keyboard")
        self._pick("Tomás")
        self._next()
        self.driver.keys(SUMMARY)
        self._next()
        self.driver.keys("Tunnel disconnects about every 5 minutes since the 07:00 update. ")
        self.driver.keys("Only on office Wi-Fi, wired is fine. Month-end close today.")
        self._next()
        self._pick("Remote")
        self._fill_picker("Category", "Network")
        self._fill_picker("Subcategory", "VPN")
        self.driver.click(
            self.driver.named(QAbstractButton, "Impact team, urgency high, priority 2")
        )
        self.driver.picture("log_incident")
        return "form filled"

    def logged(self) -> str:
        """Ctrl+S: final number at once, new, prioritised by the matrix."""
        before = self.driver.found("SELECT max(number) FROM incident")
        self.driver.press(Key.Key_S, CONTROL)
        find = "SELECT number FROM incident WHERE summary = ? ORDER BY created_at DESC, number DESC"
        self.driver.until(
            lambda: (
                self.driver.found(find + " LIMIT 1", SUMMARY) not in (None, before)
                and self.driver.found("SELECT count(*) FROM incident WHERE summary = ?", SUMMARY)
            ),
            "the incident in the shared database",
        )
        self.number = int(str(self.driver.found(find, SUMMARY)))
        self.driver.until_found("new", STATE, self.number)
        self.driver.until_found(2, "SELECT priority FROM incident WHERE number = ?", self.number)
        self._letters("ga")
        self._choose(self.number)
        self.driver.picture("logged")
        return f"INC-{self.number} is new, priority P2"

    def start(self) -> str:
        """B: the agent begins to work on it."""
        self._letters("b")
        self.driver.until_found("in_progress", STATE, self.number)
        self.driver.until_found(
            AGENT,
            "SELECT p.name FROM incident i JOIN person p ON p.id = i.assignee_id"
            " WHERE i.number = ?",
            self.number,
        )
        return f"in progress, with {AGENT}"

    def note(self) -> str:
        """M: an internal note with the diagnosis."""
        self._letters("m")
        self.driver.keys("Reinstalled the profile; wired test fine, 5.3.9 on the spare holds.")
        self.driver.press(Key.Key_Return, CONTROL)
        self.driver.until_found(
            1,
            "SELECT count(*) FROM note n JOIN incident i ON i.id = n.incident_id"
            " WHERE i.number = ? AND n.kind = 'internal'",
            self.number,
        )
        self.driver.settle()
        self.driver.picture("diagnosed")
        self._focus_list()
        return "internal note kept"

    def hold(self) -> str:
        """H: waits for evidence, with a follow-up time; Shift+H goes on."""
        self._letters("h")
        dialog = self._form()
        self._choose_in(dialog, "reason", "Evidence")
        self.driver.picture("hold")
        self._commit()
        self.driver.until_found("on_hold", STATE, self.number)
        self._focus_list()
        self.driver.keys("H")
        self.driver.until_found("in_progress", STATE, self.number)
        return "on hold for evidence, then resumed"

    def undo(self) -> str:
        """C changes the category, Z puts it back."""
        column = (
            "SELECT c.name FROM incident i JOIN category c ON c.id = i.subcategory_id"
            " WHERE i.number = ?"
        )
        self._letters("c")
        dialog = self._form()
        self._choose_in(dialog, "subcategory", "Wi-Fi")
        self._commit()
        self.driver.until_found("Wi-Fi", column, self.number)
        self.driver.settle()
        self.driver.picture("undo_offered")
        self._focus_list()
        self._letters("z")
        self.driver.until_found("VPN", column, self.number)
        return "category changed to Wi-Fi and put back by Z"

    def escalate(self) -> str:
        """E: to the network team, with what was tried and found and what is needed."""
        self._letters("e")
        dialog = self._form()
        assert isinstance(dialog, EscalateDialog)
        self._hand_over(dialog, "Network", "Check the roaming timers on the controller.")
        self.driver.picture("escalate")
        self._commit()
        self._until_escalation("offered", "Network")
        self._focus_list()
        self.driver.picture("escalated")
        return "offered to Network, owner stays with the service desk"

    # -- the tiers ------------------------------------------------------------------------

    def work_as_engineer(self) -> str:
        """The presence menu: work as the tier-2 engineer."""
        self._work_as(ENGINEER)
        self._letters("ge")
        self._choose(self.number)
        self.driver.picture("escalated_to_us")
        return f"working as {ENGINEER}, tier 2"

    def accept(self) -> str:
        """Shift+A: the receiving team accepts."""
        self.driver.keys("A")
        self._until_escalation("accepted", "Network")
        return "accepted by tier 2"

    def to_tier_three(self) -> str:
        """E: further to tier 3, who still has to answer."""
        self._letters("e")
        dialog = self._form()
        assert isinstance(dialog, EscalateDialog)
        self._hand_over(dialog, "Platform", "Confirm that the gateway logs show no drops.")
        self._commit()
        self._until_escalation("offered", "Platform")
        return "offered to Platform, tier 3"

    def reject(self) -> str:
        """Tier 3 returns it with a reason; it is with tier 2 again."""
        name = str(
            self.driver.found(
                "SELECT p.name FROM team t JOIN team_member m ON m.team_id = t.id"
                " JOIN person p ON p.id = m.person_id WHERE t.name = 'Platform'"
                " ORDER BY p.name LIMIT 1"
            )
        )
        self._work_as(name)
        self._letters("ge")
        self._choose(self.number)
        self.driver.keys("R")
        dialog = self._form()
        self.driver.write(
            dialog.fields.control("text"), "Gateway logs are clean; it is the client's roaming."
        )
        self.driver.picture("reject")
        self._commit()
        self._until_escalation("accepted", "Network")
        self._work_as(ENGINEER)
        self._letters("ge")
        self._choose(self.number)
        return f"{name} rejected it with a reason, back with Network"

    def no_closing(self) -> str:
        """D does nothing for tier 2: only the service desk closes."""
        self._letters("d")
        self.driver.settle()
        self.driver.until_found("in_progress", STATE, self.number)
        self.driver.picture("only_the_desk_closes")
        return "tier 2 cannot close, and is told why"

    def resolve(self) -> str:
        """R: resolving hands it back to the service desk."""
        self._letters("r")
        dialog = self._form()
        self._choose_in(dialog, "code", "Workaround")
        self.driver.write(
            dialog.fields.control("resolution"),
            "Rolled the client back to 5.3.9 and raised the roaming timer; tunnel holds.",
        )
        self.driver.picture("resolve")
        self._commit()
        self.driver.until_found("resolved", STATE, self.number)
        self._until_escalation("handed_back", "Network")
        return "resolved by tier 2 and handed back by that act"

    # -- the agent again ------------------------------------------------------------------

    def confirm(self) -> str:
        """Confirm and close lists it for the service desk."""
        self._work_as(AGENT)
        self._letters("gc")
        self._choose(self.number)
        self.driver.picture("confirm_and_close")
        return "waits for the caller's confirmation"

    def close(self) -> str:
        """D: the caller confirmed by phone; the record is final."""
        self._letters("d")
        dialog = self._form()
        self.driver.write(dialog.fields.control("remark"), "Thanked for the patience.")
        self.driver.picture("close")
        self._commit()
        self.driver.until_found("closed", STATE, self.number)
        self.driver.until_found(
            "phone", "SELECT confirmation_method FROM incident WHERE number = ?", self.number
        )
        return "closed by the service desk, confirmed by phone"

    def print_report(self) -> str:
        """Ctrl+P: the report with its preview, saved as PDF."""
        self._letters("ga")
        self._choose(self.number)
        self.driver.press(Key.Key_P, CONTROL)
        dialog = self.driver.dialog()
        assert isinstance(dialog, PrintDialog)
        self.driver.settle()
        self.driver.picture("print")
        path = (self.driver.folder / f"INC-{self.number}.pdf").absolute()
        self.driver.press(Key.Key_S, CONTROL)
        chooser = self.driver.named(QFileDialog, "", dialog)
        line = chooser.findChildren(QLineEdit)[0]
        line.selectAll()
        QTest.keyClicks(line, str(path))
        QTest.keyClick(line, Key.Key_Return)
        self.driver.until(path.exists, "the PDF")
        self.driver.no_dialog()
        return f"{path.name}, {path.stat().st_size:,} bytes"

    def read_only(self) -> str:
        """A closed incident says what still works."""
        self.driver.settle()
        self.driver.picture("closed")
        entries = self.driver.found(
            "SELECT count(*) FROM history_entry h JOIN incident i ON i.id = h.incident_id"
            " WHERE i.number = ?",
            self.number,
        )
        return f"read-only, with {entries} entries of history in the shared database"

    # -- how hands do it ------------------------------------------------------------------

    @property
    def _place(self) -> Workplace:
        place = self.program.workplace
        assert place is not None
        return place

    def _button(self, text: str) -> Button:
        return self.driver.named(Button, text)

    def _letters(self, letters: str) -> None:
        """Single keys, for the list or the record."""
        self.driver.settle()
        for letter in letters:
            self.driver.keys(letter)

    def _next(self) -> None:
        self.driver.press(Key.Key_Tab)

    def _pick(self, typed: str) -> None:
        """Type into a picker that has the keyboard and take the first match."""
        self.driver.keys(typed)
        self.driver.settle()
        self.driver.press(Key.Key_Return)

    def _fill_picker(self, name: str, typed: str) -> None:
        field = self._place.log_screen.report.fields.control(name.lower())
        assert isinstance(field, Picker)
        field.setFocus()
        self._pick(typed)

    def _choose_in(self, dialog: FormDialog, name: str, typed: str) -> None:
        field = dialog.fields.control(name)
        assert isinstance(field, Picker)
        self.driver.click(field)
        self.driver.settle()
        self._pick(typed)
        self.driver.until(
            lambda: field.current is not None and typed in field.current.title,
            f"“{typed}” to be chosen",
        )

    def _form(self) -> FormDialog:
        dialog = self.driver.dialog()
        assert isinstance(dialog, FormDialog)
        self.driver.settle()
        return dialog

    def _commit(self) -> None:
        """Ctrl+Enter: the primary button of a dialog."""
        self.driver.press(Key.Key_Return, CONTROL)
        self.driver.no_dialog()

    def _focus_list(self) -> None:
        table = self._place.queue_screen.table
        line = self._place.queue_screen.model.index_of(self.number)
        if line.isValid():
            self._click_line()
        else:
            self.driver.click(table.viewport())
        self.driver.until(table.hasFocus, "the list to have the keyboard")

    def _choose(self, number: int) -> None:
        """Click the incident in the list."""
        self.driver.settle()
        model = self._place.queue_screen.model
        self.driver.until(lambda: model.index_of(number).isValid(), f"INC-{number} in the list")
        self._click_line(number)
        self.driver.until(
            lambda: (
                (detail := self._place.record.detail) is not None
                and detail.incident.number == number
            ),
            f"INC-{number} beside the list",
        )

    def _click_line(self, number: int = 0) -> None:
        screen = self._place.queue_screen
        index = screen.model.index_of(number or self.number)
        cell = screen.model.index(index.row(), 3)
        screen.table.scrollTo(cell)
        at = screen.table.visualRect(cell).center()
        QTest.mouseClick(screen.table.viewport(), Qt.MouseButton.LeftButton, pos=at)

    def _hand_over(self, dialog: EscalateDialog, team: str, need: str) -> None:
        line = self.driver.named(QLineEdit, "Filter teams and people", dialog)
        self.driver.write(line, team)
        self.driver.settle()
        if dialog.team.team is None or dialog.team.team.name != team:
            self.driver.press(Key.Key_Down)
            self.driver.press(Key.Key_Space)
        self.driver.until(
            lambda: dialog.team.team is not None and dialog.team.team.name == team,
            f"{team} to be chosen",
        )
        fields = dialog.team.fields
        reason = fields.control("reason")
        assert isinstance(reason, Picker)
        reason.setFocus()
        self._pick("Needs")
        for name, text in (
            ("tried", "Reinstalled the profile, spare laptop."),
            ("found", "5.3.9 holds for 20 minutes, 5.4.1 drops."),
            ("need", need),
        ):
            if not fields.text(name):
                self.driver.write(fields.control(name), text)

    def _until_escalation(self, state: str, team: str) -> None:
        self.driver.until_found(
            1,
            "SELECT count(*) FROM escalation e JOIN incident i ON i.id = e.incident_id"
            " JOIN team t ON t.id = e.to_team_id"
            " WHERE i.number = ? AND e.state = ? AND t.name = ?",
            self.number,
            state,
            team,
        )
        self.driver.settle()

    def _work_as(self, name: str) -> None:
        """Through the menu at the foot of the navigation."""
        presence = self.driver.window.navigation.presence
        self.driver.click(presence)
        menu = presence.work_as_menu
        parent = menu.parent()
        assert parent is presence
        outer = next(m for m in presence.findChildren(QMenu) if m.isVisible())
        QTest.mouseClick(
            outer,
            Qt.MouseButton.LeftButton,
            pos=outer.actionGeometry(menu.menuAction()).center(),
        )
        self.driver.until(menu.isVisible, "the people one may work as")
        action = next(a for a in menu.actions() if a.text().startswith(name))
        QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(action).center())
        self.driver.until(lambda: self._place.desk.me == name, f"to work as {name}")
        self.driver.settle()


def story_folder(folder: Path) -> Path:
    """The folder for pictures, emptied of those of an earlier tour."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in (*folder.glob("[0-9][0-9]_*.png"), *folder.glob("INC-*.pdf")):
        old.unlink()
    return folder
