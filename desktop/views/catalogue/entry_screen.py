"""Entries of several kinds with their forms: the catalogue is one such screen."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Generic
from uuid import UUID

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from desktop.theme.sizes import FOOTER, GAP_BUTTONS, GUTTER_FORM, GUTTER_PANE, PAGE_HEAD
from desktop.views.catalogue.entries import Entry
from desktop.views.catalogue.entry_fields import FORM_WIDTH, EntryForm, S
from desktop.views.catalogue.entry_list import EntryList
from desktop.views.dialogs.controls import scrolled
from desktop.views.dialogs.fields import focus_on
from desktop.widgets.banner import Banner
from desktop.widgets.buttons import Button
from desktop.widgets.card import Rule, Screen
from desktop.widgets.inputs import LineEdit
from desktop.widgets.labels import PlainLabel
from desktop.widgets.placeholders import EmptyState
from desktop.widgets.tabs import TabBar

_LIST_WIDTH: Final = 380


@dataclass(frozen=True)
class EntryKind(Generic[S]):
    """One tab: its words, the form of an entry, and what its list shows."""

    key: str
    title: str
    add: str
    new: str
    form: EntryForm[S]
    entries: Callable[[S], list[Entry]]


class EntryScreen(Screen, Generic[S]):
    """Kinds as tabs, entries at the left, the form of the chosen one beside them.

    ``saved`` carries the form of the entry; the presenter answers with ``show_saved`` or
    ``show_error``. Nothing is ever deleted: an entry is retired. What was typed and not saved is
    there again when its entry is.
    """

    saved = Signal(object)

    def __init__(
        self,
        title: str,
        readable: str,
        kinds: Sequence[EntryKind[S]],
        directory: S,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("bg.surface", parent)
        self._kinds = {kind.key: kind for kind in kinds}
        self._keys = [kind.key for kind in kinds]
        self._directory = directory
        self._readable = readable
        self._may_change = True
        self._is_dirty = False
        self._typed: dict[tuple[str, UUID | None], dict[str, object]] = {}
        self._tabs = TabBar(self.tr("Kinds of entries"), inset=GUTTER_PANE)
        self._banner = Banner("lock", "", "", square=True)
        self._filter = LineEdit(
            self.tr("Filter entries"), placeholder=self.tr("Filter"), icon="search", height=28
        )
        self._add = Button("", icon="add")
        self.list = EntryList(self.tr("Entries"))
        self.forms: dict[str, EntryForm[S]] = {kind.key: kind.form for kind in kinds}
        self._stack = QStackedWidget()
        self._heading = PlainLabel(title, "title")
        self._title = PlainLabel("", "heading", elide=True)
        self._note = PlainLabel("", "meta", "fg.subtle", elide=True)
        self._revert = Button(self.tr("Discard changes"), "ghost", height=32)
        self.save_button = Button(self.tr("Save"), "primary", keys="Ctrl S", height=32)
        self._empty = EmptyState("list", "", "")
        self._build()
        self._connect()
        self._show_kind()

    def _build(self) -> None:
        for kind in self._kinds.values():
            self._tabs.addTab(kind.title)
            self._stack.addWidget(scrolled(kind.form))
        self._stack.addWidget(self._empty)
        head = QHBoxLayout()
        head.setContentsMargins(GUTTER_PANE, 0, GUTTER_PANE, 0)
        head.addWidget(self._heading)
        head.addStretch(1)
        holder = QWidget()
        holder.setFixedHeight(PAGE_HEAD)
        holder.setLayout(head)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self._left())
        row.addWidget(Rule("line.default", upright=True))
        row.addWidget(self._right(), 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (holder, self._tabs, self._banner):
            column.addWidget(widget)
        column.addLayout(row, 1)
        self._banner.hide()
        if len(self._kinds) == 1:
            self._tabs.hide()
            column.insertWidget(column.indexOf(self._tabs), Rule("line.default"))

    def _left(self) -> QWidget:
        left = QWidget()
        left.setFixedWidth(_LIST_WIDTH)
        top = QHBoxLayout()
        top.setContentsMargins(GUTTER_PANE, 8, GUTTER_PANE, 8)
        top.setSpacing(GAP_BUTTONS)
        top.addWidget(self._filter, 1)
        top.addWidget(self._add)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(Rule())
        column.addWidget(self.list, 1)
        return left

    def _right(self) -> QWidget:
        right = QWidget()
        top = QHBoxLayout()
        top.setContentsMargins(GUTTER_FORM, 8, GUTTER_FORM, 0)
        top.addWidget(self._title, 1)
        self._footer = QWidget()
        self._footer.setFixedHeight(FOOTER)
        self._footer.setMaximumWidth(FORM_WIDTH)
        foot = QHBoxLayout(self._footer)
        foot.setContentsMargins(GUTTER_FORM, 0, GUTTER_FORM, 0)
        foot.setSpacing(GAP_BUTTONS)
        foot.addWidget(self._note, 1)
        foot.addWidget(self._revert)
        foot.addWidget(self.save_button)
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self._stack, 1)
        column.addWidget(Rule())
        column.addWidget(self._footer)
        return right

    def _connect(self) -> None:
        self._tabs.currentChanged.connect(self._show_kind)
        self._filter.textChanged.connect(self.list.entries.narrow)
        self._add.clicked.connect(self.add)
        self._revert.clicked.connect(self._revert_changes)
        self.save_button.clicked.connect(self.save)
        self.list.entry_chosen.connect(self._show_entry)
        for form in self.forms.values():
            form.changed.connect(self._mark_dirty)
        shortcut = QShortcut(QKeySequence("Ctrl+S"), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self.save)

    @property
    def kind(self) -> str:
        """The kind of entries that is shown."""
        return self._keys[max(0, self._tabs.currentIndex())]

    @property
    def current_form(self) -> EntryForm[S]:
        """The form of the kind that is shown."""
        return self.forms[self.kind]

    def show_kind(self, kind: str) -> None:
        """Go to a kind of entries by its key."""
        self._tabs.setCurrentIndex(self._keys.index(kind))

    def show_directory(self, directory: S) -> None:
        """Show what is known now; what is being typed stays."""
        self._directory = directory
        for at, kind in enumerate(self._kinds.values()):
            self._tabs.set_count(at, len(kind.entries(directory)))
        self._refill()
        if self._is_dirty:
            typed = self.current_form.fields.content()
            self.current_form.show_directory(directory)
            self.current_form.fields.restore(typed)
        else:
            self._go_first()

    def show_permission(self, may_change: bool, reason: str = "") -> None:
        """Let the viewer change entries, or say why not."""
        self._may_change = may_change
        self._banner.setVisible(not may_change)
        self._banner.set_texts(self._readable, reason)
        self._add.setVisible(may_change)
        self._footer.setVisible(may_change)
        for form in self.forms.values():
            form.set_changeable(may_change)

    def show_saved(self, id_: UUID) -> None:
        """Say that an entry is kept, and go to it."""
        self._forget_typed()
        self._refill()
        self._show_entry(id_)
        with QSignalBlocker(self.list):
            self.list.choose(id_)
        self._note.set_token("ok.fg")
        self._note.setText(self.tr("Saved."))

    def show_error(self, field: str, text: str) -> None:
        """Say why an entry was refused: below its field, else in the footer."""
        form = self.current_form
        if field in form.fields:
            self._point_at({field: text})
            return
        self._note.set_token("danger.fg")
        self._note.setText(text)

    def add(self) -> None:
        """Begin a new entry of the kind that is shown."""
        self.list.clearSelection()
        self._open(None, self._kinds[self.kind].new)
        first = self.current_form.fields.first
        if first is not None:
            focus_on(first)

    def save(self) -> None:
        """Emit the form, or show what is missing."""
        if not self._may_change or self._stack.currentWidget() is self._empty:
            return
        problems = self.current_form.fields.missing()
        if problems:
            self._point_at(problems)
        else:
            self.saved.emit(self.current_form.form())

    def _point_at(self, problems: dict[str, str]) -> None:
        first = self.current_form.fields.show_problems(problems)
        if first is not None:
            focus_on(first)

    def _show_kind(self) -> None:
        self._is_dirty = False
        self._add.setText(self._kinds[self.kind].add)
        self.list.setAccessibleName(self._kinds[self.kind].title)
        self._filter.clear()
        self._refill()
        self._go_first()

    def _refill(self) -> None:
        self.list.entries.show_entries(self._kinds[self.kind].entries(self._directory))

    def _go_first(self) -> None:
        id_ = self.current_form.entry_id
        if id_ is not None and self.list.entries.row_of(id_) >= 0:
            self.list.choose(id_)
        elif self.list.entries.rowCount():
            self.list.setCurrentIndex(self.list.entries.index(0))
        else:
            self._show_nothing()

    def _show_nothing(self) -> None:
        self._title.setText("")
        line = self.tr("Nothing here yet")
        self._empty.set_texts(line, self.tr("Add the first one; it can be chosen at once."))
        self._stack.setCurrentWidget(self._empty)
        self._footer.hide()

    def _show_entry(self, id_: UUID) -> None:
        entry = self.list.entries.entry(self.list.entries.index(self.list.entries.row_of(id_)))
        self._open(id_, entry.title if entry else "")

    def _open(self, id_: UUID | None, title: str) -> None:
        self._title.setText(title)
        self._footer.setVisible(self._may_change)
        self.current_form.show_entry(self._directory, id_)
        if not self._may_change:
            self.current_form.set_changeable(False)
        self._stack.setCurrentIndex(self._keys.index(self.kind))
        self._is_dirty = False
        self._note.setText("")
        self._revert.hide()
        if (typed := self._typed.get((self.kind, id_))) is not None:
            self.current_form.fields.restore(typed)
            self._mark_dirty()

    def _forget_typed(self) -> None:
        self._is_dirty = False
        self._typed.pop((self.kind, self.current_form.entry_id), None)

    def _mark_dirty(self) -> None:
        self._is_dirty = True
        form = self.current_form
        self._typed[self.kind, form.entry_id] = form.fields.content()
        self._note.set_token("fg.subtle")
        self._note.setText(self.tr("Not saved yet"))
        self._revert.show()

    def _revert_changes(self) -> None:
        self._forget_typed()
        self._go_first()
        if self.current_form.entry_id is not None:
            self._show_entry(self.current_form.entry_id)
