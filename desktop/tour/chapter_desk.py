"""First chapter: the service desk takes the call and tries to see it through."""

from collections.abc import Callable

from PySide6.QtWidgets import QAbstractButton

from desktop.tour.hands import AGENT, CONTROL, STATE, SUMMARY, Hands, Key
from desktop.views.dialogs.escalate import EscalateDialog


class DeskChapter(Hands):
    """An agent logs, starts, diagnoses and escalates."""

    def steps(self) -> list[tuple[str, Callable[[], str]]]:
        """The steps in order, by name."""
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
        ]

    def first_start(self) -> str:
        """The window offers two ways to begin and asks nothing."""
        self.driver.until(lambda: self.driver.window.screen_name == "welcome", "the welcome")
        self.driver.picture("first_start")
        return "offers to start empty or with sample data"

    def explore(self) -> str:
        """Sample data is made by commands; the queue opens."""
        self.driver.click(self.button("Explore with sample data"))
        self.driver.until(lambda: self.program.workplace, "the queue")
        self.driver.until(lambda: self.place.queue_screen.model.rowCount() > 0, "rows in My work")
        self.driver.settle()
        self.letters("gt")
        self.driver.until(
            lambda: self.place.queue_screen.model.rowCount() > 20, "rows in the team queue"
        )
        self.driver.picture("team_queue")
        count = self.driver.found("SELECT count(*) FROM incident")
        return f"{count} incidents of a sample company"

    def log(self) -> str:
        """A call comes in: caller, words, service, category, impact and urgency, by keyboard."""
        self.letters("n")
        report = self.place.log_screen.report
        self.driver.until(report.caller.hasFocus, "the caller field to have the keyboard")
        self.pick("Tomás")
        self.next_field()
        self.driver.keys(SUMMARY)
        self.next_field()
        self.driver.keys("Tunnel disconnects about every 5 minutes since the 07:00 update. ")
        self.driver.keys("Only on office Wi-Fi, wired is fine. Month-end close today.")
        self.next_field()
        self.pick("Remote")
        self.fill_picker("Category", "Network")
        self.fill_picker("Subcategory", "VPN")
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
        self.letters("ga")
        self.choose(self.number)
        self.driver.picture("logged")
        return f"INC-{self.number} is new, priority P2"

    def start(self) -> str:
        """B: the agent begins to work on it."""
        self.letters("b")
        self.until_state("in_progress")
        self.driver.until_found(
            AGENT,
            "SELECT p.name FROM incident i JOIN person p ON p.id = i.assignee_id"
            " WHERE i.number = ?",
            self.number,
        )
        return f"in progress, with {AGENT}"

    def note(self) -> str:
        """M: an internal note with the diagnosis."""
        self.letters("m")
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
        self.focus_list()
        return "internal note kept"

    def hold(self) -> str:
        """H: waits for evidence, with a follow-up time; Shift+H goes on."""
        self.letters("h")
        dialog = self.form()
        self.choose_in(dialog, "reason", "Evidence")
        self.driver.picture("hold")
        self.commit()
        self.until_state("on_hold")
        self.focus_list()
        self.driver.keys("H")
        self.until_state("in_progress")
        return "on hold for evidence, then resumed"

    def undo(self) -> str:
        """C changes the category, Z puts it back."""
        column = (
            "SELECT c.name FROM incident i JOIN category c ON c.id = i.subcategory_id"
            " WHERE i.number = ?"
        )
        self.letters("c")
        dialog = self.form()
        self.choose_in(dialog, "subcategory", "Wi-Fi")
        self.commit()
        self.driver.until_found("Wi-Fi", column, self.number)
        self.driver.settle()
        self.driver.picture("undo_offered")
        self.focus_list()
        self.letters("z")
        self.driver.until_found("VPN", column, self.number)
        return "category changed to Wi-Fi and put back by Z"

    def escalate(self) -> str:
        """E: to the network team, with what was tried and found and what is needed."""
        self.letters("e")
        dialog = self.form()
        assert isinstance(dialog, EscalateDialog)
        self.hand_over(dialog, "Network", "Check the roaming timers on the controller.")
        self.driver.picture("escalate")
        self.commit()
        self.until_escalation("offered", "Network")
        self.focus_list()
        self.driver.picture("escalated")
        return "offered to Network, owner stays with the service desk"
