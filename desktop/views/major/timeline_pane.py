"""The timeline: one line to write in, and everything that happened, newest first."""

from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.text import plural
from desktop.theme.sizes import GUTTER_PANE
from desktop.views.dialogs.words import filled
from desktop.views.major.timeline_list import TimelineList
from desktop.views.major.values import LineView
from desktop.views.major.words import KINDS, PROMPTS, WRITTEN, kind_word, said
from desktop.views.tips import plain_tip
from desktop.widgets.buttons import Button, IconButton
from desktop.widgets.card import Rule, Surface
from desktop.widgets.inputs import LineEdit
from desktop.widgets.labels import PlainLabel
from desktop.widgets.picker import Picker
from desktop.widgets.picker_list import PickerItem
from desktop.widgets.segmented import Segment, SegmentedControl

ALL: Final = "all"


class EntryRow(QWidget):
    """What kind of entry, and its text in one line; Enter adds it.

    ``written`` carries kind and text; ``draft_changed`` both while they are typed; ``more_asked``
    asks for the form of a change made, with the text so far.
    """

    written = Signal(str, str)
    draft_changed = Signal(dict)
    more_asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._why_not = self._stream = ""
        self.kind = Picker(self.tr("Kind of entry"), with_filter=False)
        self.kind.setFixedWidth(144)
        items = [PickerItem(kind_word(k), k, icon=KINDS[k].icon) for k in WRITTEN]
        self.kind.set_items(items)
        self.kind.set_current(items[0])
        self.text = LineEdit(
            self.tr("Entry"), placeholder=self.tr("Note what you see, decide or change")
        )
        self.add = Button(self.tr("Add"), keys="↵", height=32)
        self._more = Button(self.tr("How, why, revert…"), "ghost", height=32)
        row = QHBoxLayout(self)
        row.setContentsMargins(GUTTER_PANE, 0, GUTTER_PANE, 8)
        row.setSpacing(8)
        row.addWidget(self.kind)
        row.addWidget(self.text, 1)
        row.addWidget(self._more)
        row.addWidget(self.add)
        self.kind.picked.connect(self._note_kind)
        self.text.textEdited.connect(self._tell)
        self.text.returnPressed.connect(self.submit)
        self.add.clicked.connect(self.submit)
        self._more.clicked.connect(lambda: self.more_asked.emit(self.text.text().strip()))
        self._show_kind()

    @property
    def key(self) -> str:
        """The kind chosen."""
        return str(self.kind.current.payload) if self.kind.current else WRITTEN[0]

    def begin(self, kind: str) -> None:
        """Write an entry of a kind; what is typed already stays."""
        self.kind.set_current_payload(kind)
        self._show_kind()
        self.text.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._tell()

    def restore(self, draft: Mapping[str, object]) -> None:
        """Show what was typed before, or nothing."""
        self.kind.set_current_payload(str(draft.get("kind") or WRITTEN[0]))
        self.text.setText(str(draft.get("text") or ""))
        self._show_kind()

    def set_writable(self, why_not: str) -> None:
        """Say whether something may be written; the reason stands in the field."""
        self._why_not = why_not
        for widget in (self.kind, self.text, self.add, self._more):
            widget.setEnabled(not why_not)
        self._show_kind()

    def show_stream(self, name: str) -> None:
        """Say into which work stream an entry is put; empty is none."""
        self._stream = name
        self._show_kind()

    def submit(self) -> None:
        """Add the entry; the field is emptied once it is saved."""
        if text := self.text.text().strip():
            self.written.emit(self.key, text)

    def _note_kind(self) -> None:
        self._show_kind()
        self.text.setFocus(Qt.FocusReason.OtherFocusReason)
        self._tell()

    def _show_kind(self) -> None:
        is_plain = self.key == WRITTEN[0]
        prompt = self.tr("Note what you see, decide or change") if is_plain else ""
        asked = prompt or said(PROMPTS[self.key])
        if self._stream:
            asked = filled(self.tr("In %1: %2"), self._stream, asked)
        self.text.setPlaceholderText(self._why_not or asked)
        self.text.setAccessibleName(said(PROMPTS[self.key]))
        self._more.setVisible(self.key == "change" and not self._why_not)

    def _tell(self) -> None:
        self.draft_changed.emit({"kind": self.key, "text": self.text.text()})


class TimelinePane(Surface):
    """Filter, entry row and lines.

    ``look_back_requested`` asks to see an earlier moment, ``stream_left`` to see everything again
    and not one work stream alone.
    """

    look_back_requested = Signal()
    stream_left = Signal()
    menu_requested = Signal(object, QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setAccessibleName(self.tr("Timeline"))
        self._lines: tuple[LineView, ...] = ()
        self._count = PlainLabel("", "body.tabular", "fg.muted")
        self._look_back = IconButton("history", self.tr("What did we know at …"), keys="W")
        self._stream = Button("", "ghost", icon="clear")
        self._stream.setToolTip(self.tr("Show everything again"))
        self.filter = SegmentedControl(
            self.tr("Show"),
            [
                Segment(ALL, self.tr("All")),
                Segment("decisions", self.tr("Decisions")),
                Segment("changes", self.tr("Changes")),
                Segment("comms", self.tr("Comms")),
            ],
        )
        self.entry = EntryRow()
        self.list = TimelineList(self.tr("Timeline"))
        self._nothing = PlainLabel("", "body", "fg.subtle", wrap=True)
        self._build()
        self._connect()

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(GUTTER_PANE, 6, GUTTER_PANE, 6)
        head.setSpacing(10)
        head.addWidget(PlainLabel(self.tr("Timeline"), "heading"))
        head.addWidget(self._count)
        head.addWidget(self._stream)
        head.addStretch(1)
        head.addWidget(self._look_back)
        head.addWidget(self.filter)
        below = QVBoxLayout()
        below.setContentsMargins(GUTTER_PANE, 0, 4, 0)
        self._nothing.setContentsMargins(0, 16, 12, 0)
        below.addWidget(self._nothing)
        below.addWidget(self.list, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.entry)
        column.addWidget(Rule("line.default"))
        column.addLayout(below, 1)

    def _connect(self) -> None:
        self.filter.chosen.connect(lambda _: self._show())
        self._look_back.clicked.connect(self.look_back_requested)
        self._stream.clicked.connect(self.stream_left)
        self.list.menu_requested.connect(self.menu_requested)

    def show_lines(self, lines: Sequence[LineView]) -> None:
        """Show what happened, newest first."""
        self._lines = tuple(lines)
        self._show()

    def set_writable(self, why_not: str) -> None:
        """Say whether something may be written."""
        self.entry.set_writable(why_not)
        self.entry.setToolTip(plain_tip(why_not))

    def show_stream(self, name: str) -> None:
        """Say which work stream is shown alone; empty is everything."""
        self._stream.setText(name)
        self._stream.setAccessibleName(filled(self.tr("%1 alone, show everything"), name))
        self._stream.setVisible(bool(name))
        self.entry.show_stream(name)

    @property
    def shown(self) -> list[LineView]:
        """The lines that pass the filter."""
        wanted = self.filter.current
        return [line for line in self._lines if wanted in (ALL, KINDS[line.kind].filter)]

    def _show(self) -> None:
        lines = self.shown
        self._count.setText(plural(len(lines), self.tr("entry"), self.tr("entries")))
        self.list.show_lines(lines)
        self._nothing.setVisible(not lines)
        self.list.setVisible(bool(lines))
        if self._lines:
            self._nothing.setText(self.tr("Nothing of this kind yet."))
        else:
            self._nothing.setText(
                self.tr("Nothing is written down yet. Press O and say what you see.")
            )
