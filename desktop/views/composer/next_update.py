"""When the next update is due: by the plan, at a time that is typed, or not at all."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from desktop.text import clock_text, full_when_text
from desktop.views.dialogs.fields import Value, put_value, value_of
from desktop.views.dialogs.when_field import understood
from desktop.views.dialogs.words import filled
from desktop.widgets.picker import Picker
from desktop.widgets.picker_list import PickerItem
from desktop.widgets.picker_popup import matching

_MINUTE: Final = 60
_CONTEXT: Final = "composer"
NO_NEXT: Final = "none"
_EVERY: Final = "every "
_EVERY_WORDS: Final = str(QT_TRANSLATE_NOOP("composer", "every %1 min"))
_NONE_WORDS: Final = str(QT_TRANSLATE_NOOP("composer", "No further update"))


def every(seconds: int) -> str:
    """The key of "so long after this one is sent"."""
    return f"{_EVERY}{seconds}"


def next_of(key: str) -> tuple[int | None, datetime | None]:
    """What a key means: seconds after sending, or a moment; neither where there is none."""
    if key.startswith(_EVERY):
        return int(key.removeprefix(_EVERY)), None
    if not key or key == NO_NEXT:
        return None, None
    return None, datetime.fromisoformat(key)


def next_words(key: str, now: datetime) -> str:
    """``11:12, every 30 min`` as it would be if sent now; ``11:30`` for a moment."""
    after_s, at = next_of(key)
    say = QCoreApplication.translate
    if after_s is not None:
        often = filled(say(_CONTEXT, _EVERY_WORDS), str(after_s // _MINUTE))
        return f"{clock_text(now + timedelta(seconds=after_s))}, {often}"
    if at is None:
        return say(_CONTEXT, _NONE_WORDS)
    here = at.astimezone(now.tzinfo)
    return clock_text(here) if here.date() == now.date() else full_when_text(at, now)


class NextPicker(Picker):
    """Offers the plan; a time that is typed counts as well. The payload is a key.

    While nobody has chosen, it follows the plan: ``own_key`` is what somebody chose.
    """

    def __init__(self, name: str) -> None:
        super().__init__(name, icon="clock", search=self.found)
        self._after_s: tuple[int, ...] = ()
        self._now: datetime | None = None
        self.own_key = ""
        self.picked.connect(self._note_choice)

    @property
    def key(self) -> str:
        """What is chosen, by somebody or by the plan."""
        return str(self.current.payload) if self.current else ""

    def _note_choice(self, item: PickerItem) -> None:
        self.own_key = str(item.payload)

    def set_plan(self, after_s: Sequence[int], now: datetime) -> None:
        """Offer these spans; the first of them holds while nobody has chosen."""
        self._after_s = tuple(after_s)
        self._show_moment(now)

    def show_moment(self, now: datetime) -> None:
        """Say the times as they are now."""
        if self._now is None or clock_text(now) != clock_text(self._now):
            self._show_moment(now)

    def _show_moment(self, now: datetime) -> None:
        self._now = now
        keys = [*(every(seconds) for seconds in self._after_s), NO_NEXT]
        self.set_items([self._item(key) for key in keys])
        self.set_current_payload(self.own_key)

    def _item(self, key: str) -> PickerItem:
        assert self._now is not None
        return PickerItem(next_words(key, self._now), key)

    def set_current_payload(self, payload: object) -> None:
        """Choose by key without telling; no key leaves it to the plan."""
        self.own_key = str(payload or "")
        planned = every(self._after_s[0]) if self._after_s else ""
        shown = self.own_key or planned
        # What time it is is known once the first view is shown.
        self.set_current(self._item(shown) if shown and self._now is not None else None)

    def found(self, typed: str) -> list[PickerItem]:
        """What is offered for what is typed; a time is taken as it is."""
        found = matching(list(self.items), typed)
        if self._now is None or not typed.strip():
            return found
        at = understood(typed, self._now)
        if at is not None:
            at = at if at > self._now or at.date() != self._now.date() else at + timedelta(days=1)
            found.append(self._item(at.isoformat()))
        return found


@value_of.register
def _(control: NextPicker) -> Value:
    return control.own_key


@put_value.register
def _(control: NextPicker, value: object) -> None:
    control.set_current_payload(value)
