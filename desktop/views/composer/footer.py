"""The foot of the composer: whether subscribers are told, a second pair of eyes, and sending."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.theme.sizes import GUTTER_PANE
from desktop.views.composer.values import PageChoice, Side
from desktop.views.dialogs.choosing import uuid_of
from desktop.views.dialogs.words import filled
from desktop.widgets.buttons import Button
from desktop.widgets.labels import PlainLabel
from desktop.widgets.picker_list import PickerItem
from desktop.widgets.picker_popup import PickerPopup
from desktop.widgets.segmented import Segment, SegmentedControl

_YES, _NO = "yes", "no"


class ComposerFooter(QWidget):
    """``reviewer_chosen`` carries an id, None for whoever is there."""

    send_requested = Signal()
    reviewer_chosen = Signal(object)
    answered = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._reviewers: list[PickerItem] = []
        self._popup: PickerPopup | None = None
        self._problem = PlainLabel("", "meta", "danger.fg", wrap=True)
        self._question = PlainLabel("", "meta.medium", "fg.muted", elide=True)
        self._answer = SegmentedControl(
            self.tr("Notify subscribers"),
            [Segment(_YES, self.tr("Yes")), Segment(_NO, self.tr("No"))],
            current="",
        )
        self._asks = QWidget()
        self._review = Button(self.tr("Ask for review"), icon="read", height=32)
        self._send = Button("", "primary", icon="status.page", keys="Ctrl ↵", height=32)
        self._build()
        self._review.clicked.connect(self._open_reviewers)
        self._send.clicked.connect(self.send_requested)
        self._answer.chosen.connect(self._note_answer)

    def _build(self) -> None:
        asks = QHBoxLayout(self._asks)
        asks.setContentsMargins(0, 0, 0, 0)
        asks.setSpacing(8)
        asks.addWidget(self._question, 1)
        asks.addWidget(self._answer)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._review)
        row.addStretch(1)
        row.addWidget(self._send)
        column = QVBoxLayout(self)
        column.setContentsMargins(GUTTER_PANE, 11, GUTTER_PANE, 12)
        column.setSpacing(8)
        column.addWidget(self._asks)
        column.addWidget(self._problem)
        column.addLayout(row)
        self._problem.hide()

    def set_reviewers(self, reviewers: Sequence[PickerItem]) -> None:
        """Offer people who may read it before it is sent."""
        self._reviewers = list(reviewers)

    def show_side(self, side: Side, page: PageChoice | None, *, outside: bool) -> None:
        """Name the act, and let it be done or say why not."""
        self._send.setText(self.tr("Send external") if outside else self.tr("Send internal"))
        self._review.setVisible(not side.is_locked and not side.why_not_write)
        why = side.why_not_write or side.why_not_send
        if page is None:
            why = self.tr("There is no status page for this audience yet.")
        elif not why and page.is_review_required and not side.is_passed:
            why = self.tr("Somebody else has to pass it first: ask for a review.")
        self._send.setEnabled(not why)
        self._send.setToolTip(why)
        self._review.setEnabled(page is not None)
        if why and not side.why_not_write:
            self._note(why, "fg.muted")
        else:
            self._note("", "fg.muted")
        subscribers = page.subscribers if page is not None else ""
        self._asks.setVisible(bool(subscribers) and not why)
        self._question.setText(filled(self.tr("Notify %1?"), subscribers))

    def _note(self, sentence: str, token: str) -> None:
        self._problem.set_token(token)
        self._problem.setText(sentence)
        self._problem.setVisible(bool(sentence))

    def show_problem(self, sentence: str) -> None:
        """Say above the buttons why it does not leave."""
        self._note(sentence, "danger.fg")

    @property
    def problem(self) -> str:
        """What is said above the buttons."""
        return self._problem.text()

    @property
    def may_send(self) -> bool:
        """Whether it may be sent at all."""
        return self._send.isEnabled()

    @property
    def is_notifying(self) -> bool | None:
        """The answer; no where there is nobody to notify, None while it is open."""
        if self._asks.isHidden():
            return False
        return {_YES: True, _NO: False}.get(self._answer.current)

    def is_answered(self) -> bool:
        """Whether the question is answered; it is asked aloud where it is not."""
        if self.is_notifying is not None:
            return True
        self.show_problem(self.tr("Say whether subscribers are notified: it is asked each time."))
        self._answer.focus_current()
        return False

    def forget_answer(self) -> None:
        """Ask the question anew."""
        self._answer.set_current("")
        self.show_problem("")

    def _note_answer(self, _: str) -> None:
        self.show_problem("")
        self.answered.emit()

    def _open_reviewers(self) -> None:
        if self._popup is not None:
            return
        popup = PickerPopup(self._review, self.tr("Who reads it before it is sent"))
        self._popup = popup
        popup.picked.connect(lambda item: self.reviewer_chosen.emit(uuid_of(str(item.payload))))
        popup.closed.connect(self._forget_popup)
        popup.show_items(self._reviewers, None)
        popup.open("")

    def _forget_popup(self) -> None:
        self._popup = None
