"""All keys of a screen on one sheet."""

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from desktop.action_hub import text_of
from desktop.actions import ACTIONS, MENUS, ActionSpec
from desktop.widgets.badges import KeyHint
from desktop.widgets.dialog import DialogFrame
from desktop.widgets.labels import PlainLabel

_COLUMNS = (("Incident",), ("File", "Edit", "View", "Tools", "Help"), ("On-call", "Go"))


class KeysSheet(DialogFrame):
    """Every action that has a key, by menu."""

    def __init__(self, host: QWidget, *, with_single_keys: bool) -> None:
        super().__init__(
            host, self.tr("Keys"), primary=self.tr("Close"), cancel=self.tr("Back"), size=(920, 760)
        )
        self.cancel_button.hide()
        self._with_single_keys = with_single_keys
        page = QWidget()
        row = QHBoxLayout(page)
        row.setContentsMargins(0, 0, 12, 0)
        row.setSpacing(32)
        for names in _COLUMNS:
            row.addLayout(self._column(names), 1)
        scroller = QScrollArea()
        scroller.setAccessibleName(self.tr("Keys"))
        scroller.setFrameShape(QFrame.Shape.NoFrame)
        scroller.setWidgetResizable(True)
        scroller.setWidget(page)
        self.body.addWidget(scroller)
        about = self.tr("Single letters act while a list or a record has the keyboard.")
        self.subject_row.addWidget(PlainLabel(about, "meta", "fg.muted"), 1)
        self.accepted.connect(self.close_dialog)

    def _column(self, names: tuple[str, ...]) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(6)
        for name in (name for name in MENUS if name in names):
            specs = [spec for spec in ACTIONS if spec.menu == name and self._keys(spec)]
            if specs:
                title = QCoreApplication.translate("menus", name)
                column.addWidget(PlainLabel(title.upper(), "overline", "fg.subtle"))
                column.addLayout(self._grid(specs))
                column.addSpacing(10)
        column.addStretch(1)
        return column

    def _grid(self, specs: list[ActionSpec]) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(0, 1)
        for line, spec in enumerate(specs):
            grid.addWidget(PlainLabel(text_of(spec.id).rstrip("…"), "body"), line, 0)
            keys = QHBoxLayout()
            keys.setSpacing(4)
            for key in self._keys(spec):
                keys.addWidget(KeyHint(key))
            grid.addLayout(keys, line, 1, Qt.AlignmentFlag.AlignRight)
        return grid

    def _keys(self, spec: ActionSpec) -> list[str]:
        single = spec.keys[:1] if self._with_single_keys else ()
        return [key.replace(", ", " ").replace("+", " ") for key in (*single, *spec.window_keys)]
