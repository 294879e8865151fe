"""Last chapter: the agent confirms with the caller, closes and prints."""

from collections.abc import Callable

from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialogButtonBox, QFileDialog, QLineEdit

from desktop.tour.hands import AGENT, CONTROL, STATE, Hands, Key
from desktop.views.dialogs.print_incident import PrintDialog


class ClosingChapter(Hands):
    """The agent again."""

    def steps(self) -> list[tuple[str, Callable[[], str]]]:
        """The steps in order, by name."""
        return [
            ("confirm", self.confirm),
            ("close", self.close),
            ("print", self.print_report),
            ("read_only", self.read_only),
        ]

    def confirm(self) -> str:
        """Confirm and close lists it for the service desk."""
        self.work_as(AGENT)
        self.letters("gc")
        self.choose(self.number)
        self.driver.picture("confirm_and_close")
        return "waits for the caller's confirmation"

    def close(self) -> str:
        """D: the caller confirmed by phone; the record is final."""
        self.letters("d")
        dialog = self.form()
        self.driver.write(dialog.fields.control("remark"), "Thanked for the patience.")
        self.driver.picture("close")
        self.commit()
        self.driver.until_found("closed", STATE, self.number)
        self.driver.until_found(
            "phone", "SELECT confirmation_method FROM incident WHERE number = ?", self.number
        )
        return "closed by the service desk, confirmed by phone"

    def print_report(self) -> str:
        """Ctrl+P: the report with its preview, saved as PDF."""
        self.letters("ga")
        self.choose(self.number)
        self.driver.press(Key.Key_P, CONTROL)
        dialog = self.driver.dialog()
        assert isinstance(dialog, PrintDialog)
        self.driver.settle()
        self.driver.picture("print")
        path = (self.driver.folder / f"INC-{self.number}.pdf").absolute()
        self.driver.press(Key.Key_S, CONTROL)
        chooser = self.driver.named(QFileDialog, "", dialog)
        line = chooser.findChild(QLineEdit, "fileNameEdit")
        assert isinstance(line, QLineEdit)
        line.selectAll()
        # Pasted, because the list of proposals completes what is typed key by key.
        QGuiApplication.clipboard().setText(str(path))
        QTest.keyClick(line, Key.Key_V, CONTROL)
        buttons = chooser.findChildren(QDialogButtonBox)[0]
        self.driver.click(buttons.button(QDialogButtonBox.StandardButton.Save))
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
