"""Controls that forms need beyond the plain ones: several choices, one's own words, rows."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from desktop.views.dialogs.words import filled
from desktop.widgets.choices import RadioChoice, RadioRows
from desktop.widgets.inputs import LineEdit
from desktop.widgets.picker import Picker
from desktop.widgets.picker_list import PickerItem
from desktop.widgets.picker_popup import matching


class Checklist(Picker):
    """Several choices in one line: picking one takes it in, or puts it back."""

    changed = Signal()

    def __init__(
        self, name: str, *, nothing: str, icon: str | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(name, placeholder=nothing, icon=icon, parent=parent)
        self._offered: list[PickerItem] = []
        self._keys: list[str] = []
        self.picked.connect(self._toggle)

    def set_offered(self, items: Sequence[PickerItem]) -> None:
        """Offer items whose payloads are keys; what is chosen and still offered stays."""
        self._offered = list(items)
        offered = {item.payload for item in items}
        self._keys = [key for key in self._keys if key in offered]
        self._show()

    @property
    def keys(self) -> list[str]:
        """Keys of what is chosen, in the order offered."""
        return [str(item.payload) for item in self._offered if item.payload in self._keys]

    def set_keys(self, keys: Sequence[str]) -> None:
        """Choose without telling."""
        self._keys = list(keys)
        self._show()

    def _toggle(self, item: PickerItem) -> None:
        key = str(item.payload)
        if key in self._keys:
            self._keys.remove(key)
        else:
            self._keys.append(key)
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        chosen = [item.title for item in self._offered if item.payload in self._keys]
        words = ", ".join(chosen)
        if len(chosen) > 2:
            words = filled(self.tr("%1 and %2 more"), chosen[0], str(len(chosen) - 1))
        self.set_current(PickerItem(words, "") if chosen else None)
        self.set_items([
            PickerItem(item.title, item.payload, item.subtitle,
                       "check" if item.payload in self._keys else "add")
            for item in self._offered
        ])  # fmt: skip


class OwnWordsPicker(Picker):
    """Common sentences to choose from; whatever else is typed counts as well."""

    def __init__(
        self,
        name: str,
        sentences: Sequence[str],
        *,
        placeholder: str = "",
        icon: str | None = None,
    ) -> None:
        super().__init__(name, placeholder=placeholder, icon=icon, search=self._found)
        self._sentences: list[PickerItem] = []
        self.set_sentences(sentences)
        self.picked.connect(self._take_words)

    def set_sentences(self, sentences: Sequence[str]) -> None:
        """Offer other common sentences; the one chosen stays."""
        self._sentences = [PickerItem(text, text) for text in sentences]
        self.set_items(self._sentences)

    def set_words(self, words: str) -> None:
        """Show a sentence, whether it is a common one or not, without telling."""
        self.set_current(PickerItem(words, words) if words else None)

    def _found(self, typed: str) -> list[PickerItem]:
        found = matching(self._sentences, typed)
        own = typed.strip()
        if own and all(own.casefold() != item.title.casefold() for item in found):
            found.append(PickerItem(filled(self.tr("Use “%1”"), own), own, icon="edit"))
        return found

    def _take_words(self, item: PickerItem) -> None:
        self.set_words(str(item.payload))


def scrolled(content: QWidget) -> QScrollArea:
    """The content in an area that scrolls down, with the ground of what lies below."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(content)
    for ground in (area, area.viewport(), content):
        ground.setAutoFillBackground(False)
    return area


class FilteredRows(QWidget):
    """A filter above rows of which one is chosen; ``searched`` lets others find the rows."""

    chosen = Signal(str)
    searched = Signal(str)

    def __init__(
        self, name: str, placeholder: str, *, filters_itself: bool = True, most: int = 200
    ) -> None:
        super().__init__()
        self._filters_itself = filters_itself
        self._most = most
        self._choices: list[RadioChoice] = []
        self._key = ""
        self.filter = LineEdit(placeholder, placeholder=placeholder, icon="search")
        self.rows = RadioRows(name)
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.rows)
        column.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(8)
        outer.addWidget(self.filter)
        self._area = scrolled(holder)
        outer.addWidget(self._area, 1)
        self.filter.textChanged.connect(self._narrow)
        self.filter.returnPressed.connect(self.rows.focus_current)
        self.rows.chosen.connect(self._take)

    def set_choices(self, choices: Sequence[RadioChoice], current: str = "") -> None:
        """Offer rows, one of them chosen."""
        self._choices = list(choices)
        self._key = current or self._key
        self._narrow(self.filter.text(), tell=False)

    @property
    def current(self) -> str:
        """Key of the chosen row; it stays chosen while the filter hides it."""
        return self._key if any(choice.key == self._key for choice in self._choices) else ""

    def set_current(self, key: str) -> None:
        """Choose a row without telling."""
        self._key = key
        self.rows.set_current(key)

    def _narrow(self, typed: str, *, tell: bool = True) -> None:
        words = typed.casefold().split()
        shown = self._choices
        if self._filters_itself and words:
            shown = [c for c in shown if all(w in c.spoken.casefold() for w in words)]
        self.rows.set_choices(shown[: self._most], self._key)
        if tell:
            self.searched.emit(typed)

    def _take(self, key: str) -> None:
        self._key = key
        if row := self.rows.current_row:
            self._area.ensureWidgetVisible(row, 0, 0)
        self.chosen.emit(key)
