"""Who is on call at this moment, roster by roster, and what asks for an answer."""

from collections.abc import Sequence
from functools import partial
from typing import Final
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.theme.sizes import GUTTER_PANE
from desktop.views.dialogs.controls import scrolled
from desktop.views.dialogs.words import filled
from desktop.views.on_call.values import Finding, OnCallNow, SwapOffer
from desktop.views.tips import plain_tip
from desktop.widgets.badges import Avatar
from desktop.widgets.banner import Notice
from desktop.widgets.buttons import Button, IconButton
from desktop.widgets.card import Rule, Surface
from desktop.widgets.labels import LinkLabel, PlainLabel

WIDTH: Final = 312
_HEAD: Final = 43
_AVATAR: Final = 26
_ENTRY: Final = 69


class NowEntry(QWidget):
    """One roster: who, until when, who then, and two ways to reach them."""

    called = Signal(object)
    paged = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entry: OnCallNow | None = None
        self._roster = PlainLabel("", "meta", "fg.muted")
        self._tier = PlainLabel("", "micro", "fg.muted")
        self._until = PlainLabel("", "meta", "fg.muted")
        self._avatar = Avatar("", size=_AVATAR)
        self._name = PlainLabel("", "body.medium", elide=True)
        self._then = PlainLabel("", "meta", "fg.muted", elide=True)
        self._call = IconButton("call", self.tr("Call"), keys="C")
        self._page = IconButton("bell", self.tr("Page"), keys="P")
        self.setFixedHeight(_ENTRY)
        self._build()
        self._call.clicked.connect(lambda: self.called.emit(self._entry))
        self._page.clicked.connect(lambda: self.paged.emit(self._entry))

    def _build(self) -> None:
        upper = QHBoxLayout()
        upper.setSpacing(6)
        upper.addWidget(self._roster)
        upper.addWidget(self._tier)
        upper.addStretch(1)
        upper.addWidget(self._until)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._name)
        words.addWidget(self._then)
        lower = QHBoxLayout()
        lower.setSpacing(8)
        lower.addWidget(self._avatar)
        lower.addLayout(words, 1)
        lower.addWidget(self._call)
        lower.addWidget(self._page)
        column = QVBoxLayout(self)
        column.setContentsMargins(GUTTER_PANE, 6, 12, 6)
        column.setSpacing(2)
        column.addLayout(upper)
        column.addLayout(lower)
        column.addStretch(1)

    @property
    def entry(self) -> OnCallNow | None:
        """What is shown."""
        return self._entry

    def show_entry(self, entry: OnCallNow) -> None:
        """Show a roster; what is the same is left alone."""
        if entry == self._entry:
            return
        self._entry = entry
        self._roster.setText(entry.roster)
        self._tier.setText(entry.tier)
        self._until.setText(entry.until)
        self._avatar.set_name(entry.person)
        self._avatar.set_ring(entry.is_you)
        nobody = self.tr("Nobody on call now") if entry.is_gap else self.tr("Out of hours")
        self._name.setText(self.tr("You") if entry.is_you else entry.person or nobody)
        self._name.set_token(
            "fg.default" if entry.person else "danger.fg" if entry.is_gap else "fg.subtle"
        )
        self._then.setText(entry.then)
        self._until.setToolTip(plain_tip(entry.tip))
        self._call.setVisible(bool(entry.phone))
        for button, name in (
            (self._call, filled(self.tr("Call %1"), entry.person)),
            (self._page, filled(self.tr("Page %1"), entry.roster)),
        ):
            button.setAccessibleName(name)
        words = (entry.roster, entry.tier, entry.person or nobody, entry.until, entry.then)
        self.setAccessibleName(", ".join(word for word in words if word))


class NowPanel(Surface):
    """The column at the right: on call now, and below it offers and the next gap.

    ``gap_filled`` and ``team_asked`` carry the finding; ``offer_answered`` the offer and whether
    it is taken.
    """

    called = Signal(object)
    paged = Signal(object)
    gap_filled = Signal(object)
    team_asked = Signal(object)
    offer_answered = Signal(object, bool)
    findings_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("bg.surface", parent)
        self.setFixedWidth(WIDTH)
        self.setAccessibleName(self.tr("On call now"))
        self._moment = PlainLabel("", "meta.tabular", "fg.muted")
        self._entries: dict[UUID, NowEntry] = {}
        self._holder = QWidget()
        self._column = QVBoxLayout(self._holder)
        self._notices = QVBoxLayout()
        self._shown: tuple[object, ...] = ()
        self._build()

    def _build(self) -> None:
        head = QWidget()
        head.setFixedHeight(_HEAD)
        row = QHBoxLayout(head)
        row.setContentsMargins(GUTTER_PANE, 0, 12, 0)
        row.addWidget(PlainLabel(self.tr("On call now"), "heading"))
        row.addStretch(1)
        row.addWidget(self._moment)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addStretch(1)
        self._notices.setContentsMargins(12, 8, 12, 12)
        self._notices.setSpacing(8)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(head)
        column.addWidget(Rule())
        column.addWidget(scrolled(self._holder), 1)
        column.addLayout(self._notices)

    def show_moment(self, words: str) -> None:
        """Say for which moment and zone this is told."""
        self._moment.setText(words)

    def show_entries(self, entries: Sequence[OnCallNow]) -> None:
        """Show rosters in this order; an entry that stays keeps its keyboard focus."""
        wanted = [entry.roster_id for entry in entries]
        if list(self._entries) != wanted:
            self._arrange(wanted)
        for entry in entries:
            self._entries[entry.roster_id].show_entry(entry)

    def _arrange(self, wanted: Sequence[UUID]) -> None:
        kept = {id_: self._entries.get(id_) or self._made() for id_ in wanted}
        for id_, widget in self._entries.items():
            if id_ not in kept:
                widget.deleteLater()
        while (item := self._column.takeAt(0)) is not None:
            if isinstance(rule := item.widget(), Rule):
                rule.deleteLater()
        for widget in kept.values():
            self._column.addWidget(widget)
            self._column.addWidget(Rule())
        self._column.addStretch(1)
        self._entries = kept

    def _made(self) -> NowEntry:
        entry = NowEntry(self._holder)
        entry.called.connect(self.called)
        entry.paged.connect(self.paged)
        return entry

    @property
    def focused(self) -> OnCallNow | None:
        """The roster whose buttons have the keyboard."""
        found = (
            w.entry for w in self._entries.values()
            if any(child.hasFocus() for child in w.findChildren(QWidget))
        )  # fmt: skip
        return next(found, None)

    def entry_of(self, roster_id: UUID | None) -> OnCallNow | None:
        """What is shown of a roster."""
        widget = self._entries.get(roster_id) if roster_id is not None else None
        return widget.entry if widget else None

    def show_notices(
        self, offers: Sequence[SwapOffer], gap: Finding | None, findings: int, *, may_fill: bool
    ) -> None:
        """Show offers to answer, the next gap, and how much else there is to look at."""
        wanted = (tuple(offers), gap, findings, may_fill)
        if wanted == self._shown:
            return
        self._shown = wanted
        while (item := self._notices.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for offer in offers[:2]:
            self._notices.addWidget(self._offer_notice(offer))
        if gap is not None:
            self._notices.addWidget(self._gap_notice(gap, may_fill=may_fill))
        if findings:
            one = self.tr("1 finding in the next 90 days")
            many = filled(self.tr("%1 findings in the next 90 days"), str(findings))
            link = LinkLabel(one if findings == 1 else many)
            link.linkActivated.connect(lambda _: self.findings_requested.emit())
            self._notices.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)

    def _gap_notice(self, gap: Finding, *, may_fill: bool) -> Notice:
        notice = Notice("danger", gap.title, gap.text)
        if may_fill:
            fill = Button(self.tr("Fill gap"), icon="add")
            fill.clicked.connect(partial(self.gap_filled.emit, gap))
            notice.add_button(fill)
        ask = Button(self.tr("Ask team"), "ghost", icon="note")
        ask.clicked.connect(partial(self.team_asked.emit, gap))
        notice.add_button(ask)
        return notice

    def _offer_notice(self, offer: SwapOffer) -> Notice:
        notice = Notice("info", offer.title, offer.text, icon="switch")
        notice.setToolTip(plain_tip(offer.tip))
        if offer.may_answer:
            take = Button(self.tr("Accept"), icon="apply")
            take.clicked.connect(partial(self.offer_answered.emit, offer, True))
            notice.add_button(take)
        if offer.is_named or not offer.may_answer:
            words = self.tr("Decline") if offer.may_answer else self.tr("Withdraw")
            leave = Button(words, "ghost")
            leave.clicked.connect(partial(self.offer_answered.emit, offer, False))
            notice.add_button(leave)
        return notice
