"""Who may read an incident: only those who have to do with it, or every agent."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from desktop.text import plural
from desktop.views.dialogs.form_dialog import Subject
from desktop.views.dialogs.small import TextDialog
from desktop.widgets.badges import Avatar
from desktop.widgets.labels import PlainLabel
from services.incidents.incident import Incident

_COLUMNS: Final = 2
_MOST_NAMES: Final = 12


class ConfidentialDialog(TextDialog):
    """Why an incident becomes confidential, and who will still see it by name; or why no more.

    Emits ``TextForm``.
    """

    def __init__(self, host: QWidget, incident: Incident, readers: Sequence[str]) -> None:
        is_lifted = incident.is_confidential
        title = self.tr("Lift confidentiality") if is_lifted else self.tr("Make confidential")
        super().__init__(
            host,
            title,
            primary=title,
            icon="unlock" if is_lifted else "lock",
            subject=Subject.of(incident),
            label=self.tr("Reason"),
            missing=self.tr("Give a reason; it stays in the timeline."),
            remark=(
                self.tr("Every agent will see it again, with its notes and its history.")
                if is_lifted
                else self.tr(
                    "It leaves the lists of everybody else. Whoever it is assigned or escalated"
                    " to will see it as well."
                )
            ),
        )
        if not is_lifted:
            self.body.addWidget(PlainLabel(self.tr("WILL STILL SEE IT"), "overline", "fg.subtle"))
            self.body.addWidget(ReaderNames(readers))


class ReaderNames(QWidget):
    """People by name in two columns; of many the first twelve and how many more."""

    def __init__(self, names: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(6)
        shown = names[:_MOST_NAMES]
        for place, name in enumerate(shown):
            grid.addLayout(_named(name), *divmod(place, _COLUMNS))
        if rest := len(names) - len(shown):
            words = QCoreApplication.translate("ReaderNames", "and %1")
            more = PlainLabel(words.replace("%1", plural(rest, "other", "others")), "meta")
            grid.addWidget(more, len(shown) // _COLUMNS, 0)
        for column in range(_COLUMNS):
            grid.setColumnStretch(column, 1)
        self.setAccessibleName(", ".join(names))


def _named(name: str) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    row.addWidget(Avatar(name, size=22))
    row.addWidget(PlainLabel(name, "body", elide=True), 1)
    return row
