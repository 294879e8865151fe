"""Everything that happened to a page, as a card among the escalations of its incident."""

from datetime import datetime
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.text import clock_text, full_when_text, plural
from desktop.views.dialogs.words import filled
from desktop.views.paging.page_words import translate
from desktop.widgets.badges import Tag
from desktop.widgets.card import Card
from desktop.widgets.icon_label import IconLabel
from desktop.widgets.labels import LinkLabel, PlainLabel
from desktop.widgets.paint_badges import Tone as TagTone
from services.paging.page import PageState
from services.paging.read_models import AuditLine, PageItem, Tone

_MARKS: Final = {
    Tone.GOOD: ("check", "ok.fg"),
    Tone.DOUBTFUL: ("warn", "warn.fg"),
    Tone.BAD: ("error", "danger.fg"),
}
_CLOCK: Final = 54
_PART: Final = 12


def state_tag(item: PageItem) -> tuple[str, TagTone]:
    """The word for where a page stands, and its tone."""
    if item.is_unsent:
        return translate("paging", "Not sent yet"), "warn"
    words: dict[PageState, tuple[str, TagTone]] = {
        PageState.OPEN: (translate("paging", "Calling"), "info"),
        PageState.ACKNOWLEDGED: (translate("paging", "Acknowledged"), "ok"),
        PageState.HELD: (translate("paging", "Held"), "warn"),
        PageState.SUPERSEDED: (translate("paging", "Ended"), "neutral"),
    }
    return words[item.page.state]


class PageCard(Card):
    """Whom it asked and where it stands; below it, on demand, every step and every try."""

    def __init__(
        self, item: PageItem, now: datetime, *, is_open: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(margins=(12, 10, 12, 12), parent=parent)
        self._count = len(item.audit)
        self._audit = QWidget()
        self._toggle = LinkLabel("")
        self._toggle.linkActivated.connect(lambda _: self.set_open(self._audit.isHidden()))
        self.body.setSpacing(6)
        head = QHBoxLayout()
        title = filled(self.tr("Page to %1"), item.target)
        head.addWidget(PlainLabel(title, "body.strong", elide=True), 1)
        head.addWidget(Tag(*state_tag(item)))
        self.body.addLayout(head)
        asked = filled(self.tr("%1 by %2"), full_when_text(item.page.opened_at, now), item.asked_by)
        self.body.addWidget(PlainLabel(asked, "meta", "fg.subtle", wrap=True))
        if item.page.reason:
            self.body.addWidget(PlainLabel(item.page.reason, "body", wrap=True, selectable=True))
        self.body.addWidget(self._toggle, 0, Qt.AlignmentFlag.AlignLeft)
        column = QVBoxLayout(self._audit)
        column.setContentsMargins(0, 2, 0, 0)
        column.setSpacing(5)
        for line in item.audit:
            column.addLayout(self._line_of(line, now))
        self.body.addWidget(self._audit)
        self.set_open(is_open)

    def set_open(self, is_open: bool) -> None:
        """Show or hide what happened."""
        self._audit.setVisible(is_open)
        hide = self.tr("Hide what happened")
        show = filled(
            self.tr("Show what happened, %1"),
            plural(self._count, self.tr("entry"), self.tr("entries")),
        )
        self._toggle.setText(hide if is_open else show)
        self._toggle.setAccessibleName(hide if is_open else show)

    def _line_of(self, line: AuditLine, now: datetime) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(6)
        clock = PlainLabel(
            clock_text(line.at.astimezone(now.tzinfo), seconds=True), "meta.tabular", "fg.subtle"
        )
        clock.setFixedWidth(_CLOCK)
        clock.setToolTip(full_when_text(line.at, now))
        row.addWidget(clock, 0, Qt.AlignmentFlag.AlignTop)
        if line.is_part:
            row.addSpacing(_PART)
        if line.tone in _MARKS:
            icon, token = _MARKS[line.tone]
            row.addWidget(IconLabel(icon, token, 14), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(0)
        role, ink = ("meta", "fg.muted") if line.is_part else ("meta.medium", "fg.default")
        words.addWidget(PlainLabel(line.text, role, ink, wrap=True, selectable=True))
        if line.detail:
            detail = PlainLabel(line.detail, "meta", "fg.subtle", wrap=True, selectable=True)
            words.addWidget(detail)
        row.addLayout(words, 1)
        return row
