"""A dialog that lists what belongs to a response, with what can be done about each."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.views.dialogs.controls import scrolled
from desktop.views.dialogs.form_dialog import FormDialog, Subject
from desktop.widgets.buttons import Button
from desktop.widgets.card import Rule
from desktop.widgets.columns import emptied
from desktop.widgets.labels import PlainLabel
from services.incidents.incident import Incident

_ROW, _ROWS = 56, 6


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedRow:
    """A text, a line below it, and verbs with their words; ``about`` is what they are about."""

    text: str
    below: str
    about: object = None
    verbs: tuple[tuple[str, str], ...] = ()


class ListingDialog(FormDialog):
    """Its primary act adds another. Emits None; ``asked`` carries a verb and what it is about.

    ``nothing`` is said where there are no rows, ``remark`` in the footer.
    """

    asked = Signal(str, object)

    def __init__(
        self,
        host: QWidget,
        incident: Incident,
        title: str,
        *,
        add: str,
        nothing: str,
        remark: str,
        rows: Sequence[ListedRow],
    ) -> None:
        super().__init__(
            host, title, primary=add, icon="add", subject=Subject.of(incident), width=640,
            height=190 + _ROW * min(max(len(rows), 1), _ROWS),
        )  # fmt: skip
        self._nothing = nothing
        self._rows: tuple[ListedRow, ...] = ()
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        self._column = QVBoxLayout()
        self._column.setSpacing(6)
        column.addLayout(self._column)
        column.addStretch(1)
        self.body.addWidget(scrolled(holder), 1)
        self.set_footer(remark, "info")
        self.cancel_button.setText(self.tr("Close"))
        self.show_rows(rows)
        self.ready()

    @property
    def texts(self) -> list[str]:
        """What is listed."""
        return [row.text for row in self._rows]

    def show_rows(self, rows: Sequence[ListedRow]) -> None:
        """List these."""
        self._rows = tuple(rows)
        emptied(self._column)
        for row in rows:
            self._column.addWidget(self._line(row))
            self._column.addWidget(Rule())
        if not rows:
            self._column.addWidget(PlainLabel(self._nothing, "body", "fg.muted", wrap=True))

    def drop(self, about: object) -> None:
        """List it no longer."""
        self.show_rows([row for row in self._rows if row.about != about])

    def _line(self, row: ListedRow) -> QWidget:
        line = QWidget()
        across = QHBoxLayout(line)
        across.setContentsMargins(0, 0, 0, 0)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(PlainLabel(row.text, "body.medium", wrap=True, selectable=True))
        words.addWidget(PlainLabel(row.below, "meta", "fg.muted", wrap=True))
        across.addLayout(words, 1)
        for verb, text in row.verbs:
            button = Button(text, "ghost")
            button.setAccessibleName(f"{text} {row.text}")
            button.clicked.connect(partial(self._ask, verb, row.about))
            across.addWidget(button)
        return line

    def _ask(self, verb: str, about: object, *_: object) -> None:
        self.asked.emit(verb, about)

    def form(self) -> None:
        """Nothing is asked here."""
