"""How a person's hands reach the desk: keys, clicks, fields and menus."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QMenu

from desktop.bootstrap import Program
from desktop.presenters.workplace import Workplace
from desktop.tour.driver import Driver
from desktop.views.dialogs.escalate import EscalateDialog
from desktop.views.dialogs.form_dialog import FormDialog
from desktop.widgets.picker import Picker

Key = Qt.Key
SHORT_LIST = 9
CONTROL = Qt.KeyboardModifier.ControlModifier
AGENT, ENGINEER = "Maya Lindqvist", "Priya Raman"
SUMMARY = "VPN drops every few minutes after client update"
STATE = "SELECT state FROM incident WHERE number = ?"


@dataclass
class Hands:
    """What every chapter does again and again; ``number`` is the incident it is about."""

    program: Program
    driver: Driver
    number: int = 0

    @property
    def place(self) -> Workplace:
        place = self.program.workplace
        assert place is not None
        return place

    def button(self, text: str) -> QAbstractButton:
        """The button with this text."""
        return self.driver.named(QAbstractButton, text)

    def letters(self, letters: str) -> None:
        """Single keys, for the list or the record."""
        self.driver.settle()
        for letter in letters:
            self.driver.keys(letter)

    def next_field(self) -> None:
        self.driver.press(Key.Key_Tab)

    def pick(self, typed: str) -> None:
        """Type into a picker that has the keyboard and take the first match."""
        self.driver.keys(typed)
        self.driver.settle()
        self.driver.press(Key.Key_Return)

    def fill_picker(self, name: str, typed: str) -> None:
        field = self.place.log_screen.report.fields.control(name.lower())
        assert isinstance(field, Picker)
        field.setFocus()
        self.pick(typed)

    def choose_in(self, dialog: FormDialog, name: str, title: str) -> None:
        """Open a picker of a dialog, type, and take the match; a short list by its number."""
        field = dialog.fields.control(name)
        assert isinstance(field, Picker)
        self.driver.click(field)
        self.driver.settle()
        titles = [item.title for item in field.items]
        if len(titles) <= SHORT_LIST:
            self.driver.keys(str(1 + next(i for i, t in enumerate(titles) if title in t)))
        else:
            self.pick(title)
        self.driver.until(
            lambda: field.current is not None and title in field.current.title,
            f"“{title}” to be chosen",
        )

    def form(self) -> FormDialog:
        dialog = self.driver.dialog()
        assert isinstance(dialog, FormDialog)
        self.driver.settle()
        return dialog

    def commit(self) -> None:
        """Ctrl+Enter: the primary button of a dialog."""
        self.driver.press(Key.Key_Return, CONTROL)
        self.driver.no_dialog()

    def focus_list(self) -> None:
        table = self.place.queue_screen.table
        line = self.place.queue_screen.model.index_of(self.number)
        if line.isValid():
            self._click_line()
        else:
            self.driver.click(table.viewport())
        self.driver.until(table.hasFocus, "the list to have the keyboard")

    def choose(self, number: int) -> None:
        """Click the incident in the list."""
        self.driver.settle()
        model = self.place.queue_screen.model
        self.driver.until(lambda: model.index_of(number).isValid(), f"INC-{number} in the list")
        self._click_line(number)
        self.driver.until(
            lambda: (
                (detail := self.place.record.detail) is not None
                and detail.incident.number == number
            ),
            f"INC-{number} beside the list",
        )

    def _click_line(self, number: int = 0) -> None:
        screen = self.place.queue_screen
        index = screen.model.index_of(number or self.number)
        cell = screen.model.index(index.row(), 3)
        screen.table.scrollTo(cell)
        at = screen.table.visualRect(cell).center()
        QTest.mouseClick(screen.table.viewport(), Qt.MouseButton.LeftButton, pos=at)

    def hand_over(self, dialog: EscalateDialog, team: str, need: str) -> None:
        line = next(w for w in dialog.team.findChildren(QLineEdit) if w.isVisible())
        self.driver.write(line, team)
        self.driver.settle()
        if dialog.team.team is None or dialog.team.team.name != team:
            self.driver.press(Key.Key_Return)
            self.driver.press(Key.Key_Space)
        self.driver.until(
            lambda: dialog.team.team is not None and dialog.team.team.name == team,
            f"{team} to be chosen",
        )
        fields = dialog.team.fields
        reason = fields.control("reason")
        assert isinstance(reason, Picker)
        reason.setFocus()
        self.pick("Needs")
        for name, text in (
            ("tried", "Reinstalled the profile, spare laptop."),
            ("found", "5.3.9 holds for 20 minutes, 5.4.1 drops."),
            ("need", need),
        ):
            if not fields.text(name):
                self.driver.write(fields.control(name), text)

    def until_state(self, state: str) -> None:
        """Wait until the shared database holds a state and the record beside the list shows it."""
        self.driver.until_found(state, STATE, self.number)
        self.driver.until(
            lambda: (
                (detail := self.place.record.detail) is not None
                and detail.incident.state.value == state
            ),
            f"{state} to be shown",
        )
        self.driver.settle()

    def until_escalation(self, state: str, team: str) -> None:
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

    def work_as(self, name: str) -> None:
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
        self.driver.until(lambda: self.place.desk.me == name, f"to work as {name}")
        self.driver.settle()


def story_folder(folder: Path) -> Path:
    """The folder for pictures, emptied of those of an earlier tour."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in (*folder.glob("[0-9][0-9]_*.png"), *folder.glob("INC-*.pdf")):
        old.unlink()
    return folder
