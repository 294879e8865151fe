"""The composer: one update for staff or customers, checked while it is typed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import Enum
from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from desktop.theme.sizes import GUTTER_PANE
from desktop.theme.theme import current_theme
from desktop.views.composer.check_card import CheckCard
from desktop.views.composer.footer import ComposerFooter
from desktop.views.composer.head import ComposerHead
from desktop.views.composer.previews import Previews
from desktop.views.composer.strips import Strips
from desktop.views.composer.told import ToldList
from desktop.views.composer.values import (
    ComposerVerb,
    ComposerView,
    Judged,
    PageChoice,
    Side,
    UpdateForm,
)
from desktop.views.composer.words import ExternalWords, InternalWords, UpdateWords
from desktop.views.dialogs.controls import scrolled
from desktop.views.dialogs.fields import focus_on
from desktop.widgets.banner import Banner
from desktop.widgets.buttons import Button
from desktop.widgets.card import Rule, Surface
from desktop.widgets.labels import PlainLabel
from desktop.widgets.picker_list import PickerItem
from services.communications.status_page import Audience

TOLD_AFTER_MS = 250
"""How long typing rests before the words are judged and kept."""


class Part(Enum):
    """What fills the column: the fields, what was told before, or how the update arrives."""

    WRITING = 0
    TOLD = 1
    AS_IT_ARRIVES = 2


class UpdateComposer(Surface):
    """Says what was asked and changes nothing.

    ``changed`` follows typing: the presenter keeps the draft and answers with ``show_judged``.
    ``send_requested`` carries an :class:`UpdateForm`, ``review_requested`` one and the id of the
    reviewer, ``asked`` a verb about an update that is on its way, and its id.
    """

    changed = Signal()
    send_requested = Signal(object)
    review_requested = Signal(object, object)
    asked = Signal(object, object)
    copy_requested = Signal(object)
    set_up_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("bg.surface", parent)
        self._view = ComposerView()
        self._now: datetime | None = None
        self.head = ComposerHead()
        self.words: dict[Audience, UpdateWords] = {
            Audience.INTERNAL: InternalWords(),
            Audience.EXTERNAL: ExternalWords(),
        }
        self._strips = Strips()
        self._lock = Banner("lock", "", "")
        self._check = CheckCard()
        self.told = ToldList()
        self.previews = Previews()
        self.footer = ComposerFooter()
        self._stack = QStackedWidget()
        self._rest = QTimer(self, singleShot=True, interval=TOLD_AFTER_MS)
        self._build()
        self._connect()
        self._show_side()

    # -- building ---------------------------------------------------------------------------

    def _build(self) -> None:
        writing = QWidget()
        body = QVBoxLayout(writing)
        body.setContentsMargins(GUTTER_PANE, 4, GUTTER_PANE, 12)
        body.setSpacing(10)
        for widget in (self._strips, self._lock, *self.words.values(), self._check):
            body.addWidget(widget)
        body.addStretch(1)
        self._stack.addWidget(in_gutter(writing, body))
        self._stack.addWidget(self._aside(self.tr("Updates told before"), self.told))
        self._stack.addWidget(self._aside(self.tr("As it arrives"), self.previews))
        top = QVBoxLayout()
        top.setContentsMargins(GUTTER_PANE, 10, GUTTER_PANE, 6)
        top.addWidget(self.head)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self._stack, 1)
        column.addWidget(Rule("line.default"))
        column.addWidget(self.footer)

    def _aside(self, title: str, content: QWidget) -> QWidget:
        """A page beside the fields, with the way back to them."""
        back = Button(self.tr("Back to writing"), "ghost", icon="back")
        back.clicked.connect(lambda: self.show_part(Part.WRITING))
        row = QHBoxLayout()
        row.addWidget(PlainLabel(title, "body.strong"), 1)
        row.addWidget(back)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(GUTTER_PANE, 0, GUTTER_PANE, 12)
        column.setSpacing(8)
        column.addLayout(row)
        column.addWidget(content, 1)
        return in_gutter(page, column)

    def _connect(self) -> None:
        self._rest.timeout.connect(self.changed)
        for words in self.words.values():
            words.changed.connect(self._rest.start)
        self.head.audience_chosen.connect(self._choose_audience)
        self.head.copy_requested.connect(lambda: self.copy_requested.emit(self.audience))
        self.head.templates_requested.connect(self._offer_templates)
        self.head.history_requested.connect(partial(self._toggle, Part.TOLD))
        self.head.backdating_requested.connect(self._toggle_moment)
        self.head.preview_requested.connect(partial(self._toggle, Part.AS_IT_ARRIVES))
        self.head.page_change_requested.connect(self._offer_pages)
        self.footer.answered.connect(self._rest.start)
        self.footer.send_requested.connect(self.send)
        self.footer.reviewer_chosen.connect(self._ask_review)
        for part in (self._strips, self.told):
            part.asked.connect(self._ask)
        for key in ("Ctrl+Return", "Ctrl+Enter"):
            commit = QShortcut(QKeySequence(key), self)
            commit.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            commit.activated.connect(self.send)

    # -- what is shown ----------------------------------------------------------------------

    @property
    def audience(self) -> Audience:
        """For whom is being written."""
        return self.head.audience

    @property
    def side(self) -> Side:
        """What is known of that audience."""
        return self._view.side(self.audience)

    @property
    def page(self) -> PageChoice | None:
        """The status page it goes to: the one chosen, else the first."""
        pages = self.side.pages
        chosen = self.words[self.audience].page_id
        return next((p for p in pages if p.id == chosen), pages[0] if pages else None)

    def show_view(self, view: ComposerView, reviewers: Sequence[PickerItem], now: datetime) -> None:
        """Show how things stand; what is typed stays."""
        self._view, self._now = view, now
        for audience, words in self.words.items():
            words.show_side(view.side(audience), now)
        self.footer.set_reviewers(reviewers)
        self.told.show_lines(view.told)
        self._show_side()

    def show_judged(self, judged: Judged) -> None:
        """Show what the words come to."""
        self._check.show_checks(judged.checks)
        self.words[self.audience].show_findings(judged.findings)
        self.previews.show_lines(judged.previews)

    def show_error(self, name: str, sentence: str) -> None:
        """Say why an update was refused: below the field, else above the buttons."""
        fields = self.words[self.audience].fields
        if name in fields:
            self._point_at({name: sentence})
        else:
            self.footer.show_problem(sentence)

    def _show_side(self) -> None:
        audience, side, page = self.audience, self.side, self.page
        may_write = not side.why_not_write and not side.is_locked
        outside = audience is Audience.EXTERNAL
        for one, words in self.words.items():
            words.setVisible(one is audience)
        external = self.words[Audience.EXTERNAL]
        assert isinstance(external, ExternalWords)
        page_id = page.id if page is not None and outside else None
        external.show_components([c for c in self._view.components if c.page_id == page_id])
        self.head.show_number(side.number, side.copies)
        self.head.templates.setEnabled(bool(side.templates) and may_write)
        self.head.backdate.setEnabled(may_write)
        reach = page.reach if page is not None else self.tr("No status page for them yet")
        may_change = (len(side.pages) > 1 and may_write) or self._view.may_set_up
        self.head.show_reach(reach, is_outside=outside, may_change=may_change)
        self._strips.show_lines(self._view.strips)
        self._lock.setVisible(bool(side.why_not_write))
        self._lock.set_texts(side.why_not_write)
        self.footer.show_side(side, page, outside=outside)

    # -- what is typed ----------------------------------------------------------------------

    def form(self) -> UpdateForm:
        """What stands in the fields now."""
        page = self.page
        return self.words[self.audience].form(
            page.id if page is not None else None, is_notifying=self.footer.is_notifying
        )

    def content(self) -> dict[str, Any]:
        """All that was typed, for both audiences."""
        return {
            "audience": self.audience.value,
            **{one.value: words.content() for one, words in self.words.items()},
        }

    def restore(self, content: Mapping[str, Any]) -> None:
        """Put back what was typed, without telling; the question is asked anew."""
        self.head.set_audience(Audience(content.get("audience", Audience.INTERNAL.value)))
        for one, words in self.words.items():
            words.restore(content.get(one.value, {}))
        self.footer.forget_answer()
        self._show_side()

    def put(self, audience: Audience, values: Mapping[str, object]) -> None:
        """Show other words for one audience, and tell as if they were typed."""
        self.head.set_audience(audience)
        self.words[audience].restore(values)
        self._show_side()
        self.show_part(Part.WRITING)
        self._rest.start()

    # -- what is asked ----------------------------------------------------------------------

    def send(self) -> None:
        """Emit the update, or show what is missing."""
        if not self.footer.may_send:
            return
        self.footer.show_problem("")
        if self._is_whole() and self.footer.is_answered():
            self.send_requested.emit(self.form())

    def _is_whole(self) -> bool:
        fields = self.words[self.audience].fields
        problems = fields.missing()
        if problems:
            self._point_at(problems)
        return not problems

    def _point_at(self, problems: Mapping[str, str]) -> None:
        self.show_part(Part.WRITING)
        first = self.words[self.audience].fields.show_problems(problems)
        if first is not None:
            focus_on(first)

    def _ask_review(self, reviewer_id: UUID | None) -> None:
        if self._is_whole():
            self.review_requested.emit(self.form(), reviewer_id)

    def _ask(self, verb: ComposerVerb, update_id: UUID | None) -> None:
        if verb is ComposerVerb.SHOW:
            self.show_part(Part.TOLD)
        else:
            self.asked.emit(verb, update_id)

    def show_part(self, part: Part) -> None:
        """Show the fields, or what stands beside them."""
        if part is Part.AS_IT_ARRIVES:
            self.changed.emit()
        self._stack.setCurrentIndex(part.value)

    def _toggle(self, part: Part) -> None:
        is_shown = self._stack.currentIndex() == part.value
        self.show_part(Part.WRITING if is_shown else part)

    def take_keyboard(self) -> None:
        """Give the keyboard to the first empty field."""
        self.show_part(Part.WRITING)
        fields = self.words[self.audience].fields
        empty = next((n for n in ("subject", "summary") if not fields.text(n)), "summary")
        focus_on(fields.control(empty))

    def choose(self, audience: Audience) -> None:
        """Write for an audience."""
        self.head.set_audience(audience)
        self._choose_audience(audience)

    def _choose_audience(self, _: Audience) -> None:
        self.footer.forget_answer()
        self._show_side()
        self.changed.emit()

    def _offer_templates(self) -> None:
        menu = QMenu(self)
        for template in self.side.templates:
            action = menu.addAction(template.name)
            action.triggered.connect(
                partial(self._later, self.words[self.audience].take_template, template)
            )
        self._pop_up(menu, self.head.templates)

    def _later(self, take: object, what: object, *_: object) -> None:
        assert callable(take)
        take(what)

    def _offer_pages(self) -> None:
        menu = QMenu(self)
        for page in self.side.pages:
            action = menu.addAction(page.name)
            action.setCheckable(True)
            action.setChecked(page == self.page)
            action.triggered.connect(partial(self._later, self._choose_page, page))
        if self._view.may_set_up:
            menu.addSeparator()
            icon = current_theme().icon("settings")
            menu.addAction(icon, self.tr("Status pages…"), self.set_up_requested.emit)
        self._pop_up(menu, self.head.change)

    def _toggle_moment(self) -> None:
        words = self.words[self.audience]
        words.set_told(self._now if words.told_at is None else None)
        self._rest.start()

    def _choose_page(self, page: PageChoice) -> None:
        self.words[page.audience].page_id = page.id
        self.footer.forget_answer()
        self._show_side()
        self.changed.emit()

    def _pop_up(self, menu: QMenu, below: QWidget) -> None:
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(below.mapToGlobal(QPoint(0, below.height() + 2)))


def in_gutter(content: QWidget, column: QVBoxLayout) -> QWidget:
    """The content in an area that scrolls; its bar stands in the gutter and moves nothing."""
    area = scrolled(content)
    bar = area.verticalScrollBar()

    def make_room(_: int, most: int) -> None:
        margins = column.contentsMargins()
        margins.setRight(max(0, GUTTER_PANE - bar.sizeHint().width()) if most else GUTTER_PANE)
        column.setContentsMargins(margins)

    bar.rangeChanged.connect(make_room)
    return area
