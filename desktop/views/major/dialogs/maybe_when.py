"""A moment that may be unknown: an empty field says so."""

from datetime import datetime

from PySide6.QtWidgets import QWidget

from desktop.views.dialogs.fields import Value, put_value, value_of
from desktop.views.dialogs.when_field import WhenField


class MaybeWhenField(WhenField):
    """Like ``WhenField``; emptied, the moment is unknown. ``usual`` is what typing begins from."""

    def __init__(
        self, name: str, at: datetime | None, usual: datetime, parent: QWidget | None = None
    ) -> None:
        super().__init__(name, at or usual, parent)
        self.setPlaceholderText(self.tr("unknown"))
        if at is None:
            self.clear()

    @property
    def moment(self) -> datetime | None:
        """The moment in UTC; None is unknown."""
        return self.when if self.text().strip() else None

    @property
    def is_understood(self) -> bool:
        """Whether what was typed names a moment, or nothing was."""
        return not self.text().strip() or super().is_understood


@value_of.register
def _(control: MaybeWhenField) -> Value:
    return control.moment.isoformat() if control.moment else ""


@put_value.register
def _(control: MaybeWhenField, value: object) -> None:
    if value:
        control.set_when(datetime.fromisoformat(str(value)))
    else:
        control.clear()
