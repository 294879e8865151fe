"""Sign in: the profiles at the left, the chosen one at the right."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop.theme.sizes import GAP_BUTTONS, GUTTER_FORM, GUTTER_PANE, PANE_HEAD
from desktop.views.dialogs.controls import scrolled
from desktop.views.sign_in.form import TeamForm
from desktop.views.sign_in.profile_rows import ProfileRow, ProfileRows
from desktop.widgets.banner import Banner, BannerTone, announce
from desktop.widgets.buttons import Button
from desktop.widgets.card import Rule, Surface
from desktop.widgets.labels import PlainLabel
from services.core.errors import AppError
from services.core.messages import Message, message_of
from services.core.profiles import ProfileEntry

OF_THE_KEYRING: Final = frozenset({
    "keyring-missing", "keyring-not-trusted", "keyring-unattended", "keyring-denied",
    "keyring-silent", "keyring-broken", "password-not-kept",
})  # fmt: skip
"""What is no error: one goes on by typing the password."""

_LIST: Final = 280
_FORM: Final = 440


class SignInScreen(Surface):
    """Emits what is asked; what is going on is pushed in."""

    profile_chosen = Signal(str)
    add_requested = Signal()
    removal_requested = Signal(str)
    submitted = Signal(object)
    cancelled = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("bg.surface", parent)
        self.rows = ProfileRows(self.tr("Profiles"))
        self.add = Button(self.tr("Join a team"), icon="add")
        self.remove = Button(self.tr("Remove…"), "ghost", icon="delete")
        self.form = TeamForm()
        self.sign_in = Button(self.tr("Sign in"), "primary", keys="↵", height=32)
        self.back = Button(self.tr("Back"), keys="Esc", height=32)
        self.cancel = Button(self.tr("Cancel"), keys="Esc", height=32)
        self.more = Button(self.tr("Advanced"), "ghost", icon="right")
        self._title = PlainLabel("", "title", wrap=True)
        self._sentence = PlainLabel("", "body", "fg.muted", wrap=True)
        self._error = Banner("danger", "")
        self._busy = PlainLabel("", "body", "fg.muted", elide=True)
        self._pages = QStackedWidget()
        self._can_leave = False
        self._can_remove = False
        self._build()
        self._connect()
        self.show_ready()

    def _build(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._area = scrolled(self._right())
        row.addWidget(self._left())
        row.addWidget(Rule("line.default", upright=True))
        row.addWidget(self._area, 1)

    def _left(self) -> QWidget:
        left = Surface("bg.subtle")
        left.setFixedWidth(_LIST)
        head = QWidget()
        head.setFixedHeight(PANE_HEAD)
        title = QHBoxLayout(head)
        title.setContentsMargins(GUTTER_PANE, 0, GUTTER_PANE, 0)
        title.addWidget(PlainLabel(self.tr("Profiles"), "heading"))
        foot = QHBoxLayout()
        foot.setContentsMargins(GUTTER_PANE, 8, GUTTER_PANE, 12)
        foot.setSpacing(GAP_BUTTONS)
        foot.addWidget(self.add)
        foot.addStretch(1)
        foot.addWidget(self.remove)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(head)
        column.addWidget(self.rows, 1)
        column.addLayout(foot)
        return left

    def _right(self) -> QWidget:
        page = QWidget()
        page.setFixedWidth(_FORM)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 48, 0, GUTTER_FORM)
        column.setSpacing(0)
        column.addWidget(self._title)
        column.addSpacing(4)
        column.addWidget(self._sentence)
        column.addSpacing(20)
        column.addWidget(self._error)
        column.addSpacing(12)
        column.addWidget(self.form)
        column.addSpacing(20)
        column.addWidget(self._footer())
        column.addSpacing(16)
        more = QHBoxLayout()
        more.addSpacing(-10)  # its icon begins where the fields do
        more.addWidget(self.more)
        more.addStretch(1)
        column.addLayout(more)
        column.addSpacing(8)
        column.addWidget(self.form.advanced)
        column.addStretch(1)
        around = QWidget()
        middle = QHBoxLayout(around)
        middle.setContentsMargins(GUTTER_FORM, 0, GUTTER_FORM, 0)
        middle.addStretch(1)
        middle.addWidget(page)
        middle.addStretch(1)
        return around

    def _footer(self) -> QWidget:
        for widgets in ((self.sign_in, self.back), (self._busy, self.cancel)):
            page = QWidget()
            row = QHBoxLayout(page)
            row.setContentsMargins(0, 2, 0, 2)
            row.setSpacing(GAP_BUTTONS)
            for widget in widgets:
                row.addWidget(widget, 1 if widget is self._busy else 0)
            if self._busy not in widgets:
                row.addStretch(1)
            self._pages.addWidget(page)
        self._pages.setFixedHeight(36)
        return self._pages

    def _connect(self) -> None:
        self.rows.chosen.connect(self.profile_chosen)
        self.rows.itemDoubleClicked.connect(lambda _: self._submit())
        self.add.clicked.connect(self.add_requested)
        self.remove.clicked.connect(lambda: self.removal_requested.emit(self.rows.current))
        self.form.advanced_needed.connect(self._go_to_advanced)
        self.more.clicked.connect(lambda: self._show_more(self.form.advanced.isHidden()))
        self.sign_in.clicked.connect(self._submit)
        self.cancel.clicked.connect(self.cancelled)
        self.back.clicked.connect(self.left)

    # -- what is shown --------------------------------------------------------------------

    def show_profiles(self, rows: Sequence[ProfileRow], current: str) -> None:
        """The profiles to choose from, one of them chosen; none is for a new team."""
        self.rows.show_rows(rows, current)

    def set_can_leave(self, can_leave: bool) -> None:
        """Offer the way back where there is one."""
        self._can_leave = can_leave
        self.back.setVisible(can_leave)

    def show_team(
        self,
        entry: ProfileEntry,
        title: str,
        sentence: str,
        verb: str,
        *,
        is_password_kept: bool = False,
    ) -> None:
        """A team that is known here; a password that the keyring keeps need not be typed."""
        self._show(title, sentence, verb)
        self.form.show_entry(entry, is_password_kept=is_password_kept)

    def show_new_team(self) -> None:
        """A team that is new here."""
        title = self.tr("Join a team")
        sentence = self.tr("Your administrator gave you an address, a user and a password.")
        self._show(title, sentence, self.tr("Sign in"))
        self.form.show_new()
        self.form.server.setFocus()

    def show_simple(self, title: str, sentence: str, verb: str) -> None:
        """A profile that asks for nothing, such as the one on this computer."""
        self._show(title, sentence, verb, is_team=False)

    def _show(self, title: str, sentence: str, verb: str, *, is_team: bool = True) -> None:
        self.form.setVisible(is_team)
        self.more.setVisible(is_team)
        self._show_more(False)
        self._title.setText(title)
        self._sentence.setText(sentence)
        self.sign_in.setText(verb)
        self._error.hide()
        self.show_ready()

    def _show_more(self, is_shown: bool) -> None:
        self.form.advanced.setVisible(is_shown)
        self.more.set_icon("down" if is_shown else "right")
        self.more.setAccessibleDescription(self.tr("shown") if is_shown else self.tr("hidden"))

    def _go_to_advanced(self, field: QWidget) -> None:
        """Bring an advanced field into sight, once it has its place."""
        self._show_more(True)
        QTimer.singleShot(0, field, lambda: self._area.ensureWidgetVisible(field, 0, GUTTER_FORM))

    def set_removable(self, can_remove: bool, why_not: str = "") -> None:
        """Whether the chosen profile can be removed, and why not."""
        self._can_remove = can_remove
        self.remove.setEnabled(can_remove)
        self.remove.setToolTip(why_not)

    def show_busy(self, text: str) -> None:
        """Say what is waited for; what was typed stays in sight."""
        self._error.hide()
        self._busy.setText(text)
        self._pages.setCurrentIndex(1)
        for widget in (*self._asked(), self.remove):
            widget.setEnabled(False)
        self.cancel.setFocus()
        announce(self, text)

    def show_ready(self) -> None:
        """Let the person type again."""
        was_busy = self.is_busy
        self._pages.setCurrentIndex(0)
        for widget in self._asked():
            widget.setEnabled(True)
        self.remove.setEnabled(self._can_remove)
        if was_busy and self.form.isVisible():
            self.form.focus_first()

    def _asked(self) -> tuple[QWidget, ...]:
        return (self.form, self.form.advanced, self.more, self.rows, self.add)

    @property
    def is_busy(self) -> bool:
        """Whether something is waited for."""
        return self._pages.currentIndex() == 1

    @property
    def busy_text(self) -> str:
        """What is waited for, empty while nothing is."""
        return self._busy.text() if self.is_busy else ""

    def show_fault(self, error: AppError) -> None:
        """Say what went wrong at the field it is about, else above the form."""
        self.show_ready()
        if self.form.isHidden() or not self.form.show_fault(error):
            tone: BannerTone = "warn" if error.code in OF_THE_KEYRING else "danger"
            self.show_message(message_of(error), tone)

    def show_message(self, told: Message, tone: BannerTone = "danger") -> None:
        """Say something above the form."""
        self._error.set_tone(tone)
        self._error.set_texts(told.happened, f"{told.safe} {told.next}".strip())
        self._error.show()
        self._error.announce()

    @property
    def message(self) -> str:
        """What is said above the form, empty while nothing is."""
        return "" if self._error.isHidden() else self._error.accessibleName()

    def _submit(self) -> None:
        if self.is_busy:
            return
        if self.form.isHidden():
            self.submitted.emit(None)
            return
        form = self.form.form()
        if form is not None:
            self.submitted.emit(form)

    def panes(self) -> list[QWidget]:
        """Where F6 goes."""
        return [self.rows, self.form]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.is_busy:
            self.cancelled.emit()
        elif event.key() == Qt.Key.Key_Escape and self._can_leave:
            self.left.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            at = QApplication.focusWidget()
            if isinstance(at, QPushButton):
                at.click()
            else:
                self._submit()
        else:
            super().keyPressEvent(event)
