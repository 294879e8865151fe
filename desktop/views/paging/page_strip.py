"""How paging stands for one incident, above its record, and what can be done about it."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from desktop.theme.sizes import GUTTER_PANE
from desktop.theme.theme import current_theme
from desktop.views.dialogs.words import filled
from desktop.views.paging.page_words import (
    ONLINE_ONLY,
    PageVerb,
    PageView,
    page_view,
    verb_text,
)
from desktop.views.paging.snoozing import snooze_choices
from desktop.widgets.buttons import Button, IconButton
from desktop.widgets.card import Band
from desktop.widgets.icon_label import IconLabel
from desktop.widgets.labels import PlainLabel
from services.paging.read_models import PageItem

_LOOKS: Final = {
    "info": ("info.tint", "info.line", "info.fg"),
    "warn": ("warn.tint", "warn.line", "warn.fg"),
    "ok": ("ok.tint", "ok.line", "ok.fg"),
}
_ICONS: Final = {
    PageVerb.ACKNOWLEDGE: "apply",
    PageVerb.DECLINE: "next",
    PageVerb.SNOOZE: "paused",
    PageVerb.ESCALATE: "escalate",
    PageVerb.ADD: "assign",
    PageVerb.WITHDRAW: "clear",
    PageVerb.SEND: "send",
    PageVerb.AGAIN: "bell",
    PageVerb.AUDIT: "history",
}


class PageStrip(Band):
    """One page in a lead and a sentence, with its buttons; the time in it runs.

    ``asked`` carries the verb, the :class:`PageItem`, and the seconds of a snooze or 0.
    """

    asked = Signal(object, object, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(*_LOOKS["info"][:2], parent)
        self._item: PageItem | None = None
        self._others = 0
        self._is_online = False
        self._view: PageView | None = None
        self._now: datetime | None = None
        self._mark = IconLabel("bell", "info.fg")
        self._lead = PlainLabel("", "body.strong", wrap=True)
        self._text = PlainLabel("", "body", wrap=True)
        self._buttons: dict[PageVerb, Button] = {}
        self._more = IconButton("more", self.tr("More about this page"), size=28)
        self._menu = QMenu(self)
        self._build()
        self._more.clicked.connect(self._open_more)
        self.hide()

    def _build(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(GUTTER_PANE, 9, GUTTER_PANE - 6, 10)
        row.setSpacing(10)
        row.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(self._lead)
        words.addWidget(self._text)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(0, 5, 0, 0)
        buttons.setSpacing(8)
        for verb in PageVerb:
            button = Button(verb_text(verb), icon=_ICONS[verb])
            button.clicked.connect(partial(self._press, verb))
            self._buttons[verb] = button
            buttons.addWidget(button)
        buttons.addStretch(1)
        buttons.addWidget(self._more)
        words.addLayout(buttons)
        row.addLayout(words, 1)

    @property
    def item(self) -> PageItem | None:
        """The page shown."""
        return self._item

    @property
    def is_running(self) -> bool:
        """Whether what it says changes with the time."""
        page = self._item.page if self._item is not None else None
        return page is not None and (page.due_at is not None or page.hold_until is not None)

    def show_page(
        self, item: PageItem | None, now: datetime, *, is_online: bool, others: int = 0
    ) -> None:
        """Show a page of the incident, or nothing; ``others`` are further open ones."""
        self._item, self._is_online, self._others = item, is_online, others
        self.show_moment(now)

    def show_moment(self, now: datetime) -> None:
        """Say it as it stands at a moment; what is the same is left alone."""
        self._now = now
        item = self._item
        view = page_view(item, now, is_online=self._is_online) if item is not None else None
        if view is None:
            self._view = None
            self.hide()
            return
        if view != self._view:
            self._show(view)
        self.show()

    def _show(self, view: PageView) -> None:
        is_new = self._view is None or self._view.lead != view.lead
        self._view = view
        ground, line, ink = _LOOKS[view.look]
        self.set_tokens(ground, line)
        self._mark.set_icon(view.icon, ink)
        lead = view.lead
        if self._others:
            more = self.tr("1 page more") if self._others == 1 else self.tr("%1 pages more")
            lead = f"{lead} ({filled(more, str(self._others))})"
        self._lead.setText(lead)
        self._text.setText(view.text)
        self._text.setVisible(bool(view.text))
        self._more.setVisible(bool(view.more))
        for verb, button in self._buttons.items():
            button.setVisible(verb in view.buttons)
            button.setEnabled(self._may(verb))
            button.setToolTip("" if self._may(verb) else self._why_not())
        self.setAccessibleName(f"{lead} {view.text}" if is_new else self.accessibleName())
        self.update()

    def _may(self, verb: PageVerb) -> bool:
        is_free = self._item is None or not self._item.is_answering
        return is_free and (self._is_online or verb not in ONLINE_ONLY)

    def _why_not(self) -> str:
        if self._item is not None and self._item.is_answering:
            return self.tr("Your answer is on its way.")
        return self.tr("Offline: this counts only once everybody can see it.")

    # -- what is asked ----------------------------------------------------------------------

    def _press(self, verb: PageVerb, *_: object) -> None:
        if verb is PageVerb.SNOOZE:
            self._fill_snoozes(self._menu)
            self._pop_up(self._buttons[verb])
        else:
            self._ask(verb, 0)

    def _ask(self, verb: PageVerb, snooze_s: int, *_: object) -> None:
        if self._item is not None:
            self.asked.emit(verb, self._item, snooze_s)

    def menu_verbs(self) -> Sequence[PageVerb]:
        """What stands behind "more"."""
        return self._view.more if self._view else ()

    def _open_more(self) -> None:
        self._menu.clear()
        for verb in self.menu_verbs():
            action = self._menu.addAction(current_theme().icon(_ICONS[verb]), verb_text(verb))
            action.setEnabled(self._may(verb))
            action.triggered.connect(partial(self._ask, verb, 0))
        self._pop_up(self._more)

    def _fill_snoozes(self, menu: QMenu) -> None:
        menu.clear()
        if self._now is None:
            return
        for words, seconds in snooze_choices(self._now):
            action = menu.addAction(words)
            action.triggered.connect(partial(self._ask, PageVerb.SNOOZE, seconds))

    def _pop_up(self, below: QWidget) -> None:
        self._menu.popup(below.mapToGlobal(below.rect().bottomLeft()))
