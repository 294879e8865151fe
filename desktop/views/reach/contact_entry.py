"""One way to reach a person: where it goes, when a page tries it, and the proof that it works."""

from typing import Final
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.views.catalogue.entries import Entry
from desktop.views.catalogue.entry_fields import EntryForm
from desktop.views.dialogs.choosing import CallerPicker, key_of, uuid_of
from desktop.views.dialogs.words import joined
from desktop.views.reach.provider_fields import NEEDS
from desktop.views.reach.values import ContactForm, told_of
from desktop.widgets.banner import Banner
from desktop.widgets.buttons import Button
from desktop.widgets.form import FormField
from desktop.widgets.inputs import LineEdit
from desktop.widgets.picker import Picker
from desktop.widgets.picker_list import PickerItem
from services.core.records import is_known
from services.core.text import limit_of
from services.paging.destination import Destination
from services.paging.reach import Reach
from services.paging.words import delay_words, kind_words
from services.people.contact import ContactMethod

CODE_DIGITS: Final = 6
_DELAYS_S: Final = (0, 60, 120, 300, 600, 900, 1800)
_NEVER: Final = "never"


def contact_entries(reach: Reach) -> list[Entry]:
    """One's own ways first, then those of others by name."""
    own = sorted(
        reach.methods,
        key=lambda m: (
            m.person_id != reach.viewer_id,
            reach.names.person(m.person_id),
            not m.is_active,
            _sooner(reach.delay_of(m.id)),
            m.address,
        ),
    )
    return [_entry(method, reach) for method in own]


def _entry(method: ContactMethod, reach: Reach) -> Entry:
    whose = "" if method.person_id == reach.viewer_id else reach.names.person(method.person_id)
    kind = _upper(kind_words(method.kind).removeprefix("a "))
    title = joined((method.name or kind, method.address))
    if method.verified_at is None:
        proved = "not proved: no page goes there"
    else:
        delay = reach.delay_of(method.id)
        when = {None: "not for pages by itself", 0: "at once"}.get(delay)
        proved = joined(("proved", when or f"after {delay_words(delay or 0)}"))
    return Entry(method.id, title, joined((whose, proved)), method.is_active)


def _sooner(delay_s: int | None) -> float:
    return float("inf") if delay_s is None else delay_s


def _upper(words: str) -> str:
    return words[:1].upper() + words[1:]


def _delay_item(seconds: int) -> PickerItem:
    words = "At once" if seconds == 0 else f"After {delay_words(seconds)} without an answer"
    return PickerItem(words, str(seconds))


class ContactEntryForm(EntryForm[Reach]):
    """The fields of a way, and below them what proves it.

    The signals carry the id of the way; ``code_given`` also the digits that were typed.
    """

    code_requested = Signal(object)
    code_given = Signal(object, str)
    test_requested = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._reach = Reach()
        self._shown_id: UUID | None = None
        self._delay.set_items([_delay_item(s) for s in _DELAYS_S])
        self._build_proof()

    def add_fields(self) -> None:
        """Through what, to which address; whose, and what it is called; when it is tried."""
        label = self.tr("Through")
        self._channel = Picker(label, placeholder=self.tr("Choose a channel"), icon="bell")
        self._channel.picked.connect(lambda _: self._tell_address())
        address = self.line(self.tr("Address"), limit=limit_of("address"))
        self.add_row(
            ("channel", label, self._channel, self.tr("Choose the channel it goes through.")),
            ("address", self.tr("Address"), address, self.tr("Say where messages go.")),
        )
        name = self.tr("Called, if you like")
        self._whose = CallerPicker(self.tr("Whose"), may_add=False)
        self.add_row(
            ("name", name, self.line(name), ""), ("person", self.tr("Whose"), self._whose, "")
        )
        self._delay = Picker(self.tr("A page tries it"), icon="clock", with_filter=False)
        self.add_row(("delay", self.tr("A page tries it"), self._delay, ""))

    def _build_proof(self) -> None:
        self._proof = Banner("warn", "")
        self._send = self._proof.add_button(self.tr("Send a code"), icon="send")
        self._code = LineEdit(self.tr("Code"), placeholder="123456", limit=CODE_DIGITS)
        self._code.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
        self._code.setMaximumWidth(160)
        self._confirm = Button(self.tr("Confirm the code"), height=32)
        self._code_field = FormField(self.tr("The six digits that arrived"), self._code, hint=" ")
        self._code_row = QWidget()
        row = QHBoxLayout(self._code_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._code_field)
        row.addWidget(self._confirm, 0, Qt.AlignmentFlag.AlignBottom)
        row.addStretch(1)
        self._result = Banner("info", "")
        self._test = self._result.add_button(self.tr("Test it"), icon="bell")
        for widget in (self._proof, self._code_row, self._result):
            self.column.insertWidget(self.column.count() - 1, widget)
        self._send.clicked.connect(lambda: self.code_requested.emit(self.entry_id))
        self._confirm.clicked.connect(self._give_code)
        self._code.returnPressed.connect(self._give_code)
        self._test.clicked.connect(lambda: self.test_requested.emit(self.entry_id))

    def _give_code(self) -> None:
        self.code_given.emit(self.entry_id, self._code.text().strip())

    def show_directory(self, directory: Reach) -> None:
        """Offer the channels in use."""
        self._reach = directory
        known = [one for one in directory.destinations if is_known(one.kind)]
        self._channel.set_items([_channel_item(one) for one in known if one.is_active])
        self._whose.set_people(directory.names)
        self._show_proof()

    def values(self, directory: Reach, id_: UUID | None) -> dict[str, object]:
        """Values of a way."""
        method = directory.method(id_)
        if id_ != self._shown_id:  # what is typed stays while news of the same way arrive
            self._shown_id = id_
            self._code.clear()
            self._code_field.set_error("")
        self._whose.setEnabled(method is None and directory.is_administrator)
        delay = directory.delay_of(id_)
        self._offer_delays(delay)
        destination = directory.destination(method.destination_id) if method else None
        if destination is not None and not destination.is_active:
            self._channel.set_items([*self._channel.items, _channel_item(destination)])
        self._show_proof()
        return {
            "channel": key_of(method.destination_id) if method else "",
            "address": method.address if method else "",
            "name": method.name if method else "",
            "person": key_of(method.person_id if method else directory.viewer_id),
            "delay": _NEVER if delay is None else str(delay),
            "is_active": method.is_active if method else True,
        }

    def _offer_delays(self, delay: int | None) -> None:
        offered = sorted({*_DELAYS_S, *(() if delay is None else (delay,))})
        never = PickerItem(self.tr("Not by itself"), _NEVER)
        self._delay.set_items([*(_delay_item(s) for s in offered), never])

    def _tell_address(self) -> None:
        chosen = self._reach.destination(uuid_of(self.fields.text("channel")))
        known = chosen is not None and is_known(chosen.kind)
        wanted = NEEDS[chosen.kind].reached_by if chosen is not None and known else ""
        control = self.fields.control("address")
        assert isinstance(control, LineEdit)
        control.setPlaceholderText(wanted)

    def _show_proof(self) -> None:
        """What is proved, and what can be done about it, for the way that is shown."""
        method = self._reach.method(self.entry_id)
        for widget in (self._proof, self._code_row, self._result):
            widget.setVisible(method is not None and method.is_active)
        if method is None:
            return
        is_own = method.person_id == self._reach.viewer_id
        is_proved = method.verified_at is not None
        self._code_row.setVisible(is_own and bool(method.code_digest) and method.is_active)
        self._test.setVisible(is_own)
        self._send.setText(self.tr("Prove it again") if is_proved else self.tr("Send a code"))
        if is_proved:
            self._proof.set_tone("ok")
            self._proof.set_texts(self.tr("Proved."), self.tr("Pages may go there."))
        else:
            self._proof.set_tone("warn")
            typed = self.tr("Six digits go there; type them here within 15 minutes.")
            by_them = self.tr("Its person types the six digits at their own desk.")
            self._proof.set_texts(
                self.tr("Not proved yet, so no page goes there."), typed if is_own else by_them
            )
        told = told_of(self._reach.last.get(method.id), self._reach)
        self._result.set_tone(told.tone)
        self._result.set_texts(told.lead, told.text)

    def show_code_problem(self, sentence: str) -> None:
        """Say below the code why it was not taken."""
        self._code_field.set_error(sentence)
        self._code.selectAll()
        self._code.setFocus()

    def form(self) -> ContactForm:
        """The way."""
        delay = self.fields.text("delay")
        person_id = self._whose.person_id or self._reach.viewer_id
        assert person_id is not None
        return ContactForm(
            method_id=self.entry_id,
            person_id=person_id,
            destination_id=uuid_of(self.fields.text("channel")),
            address=self.fields.text("address"),
            name=self.fields.text("name"),
            delay_s=None if delay == _NEVER else int(delay or 0),
            is_active=self.fields.is_on("is_active"),
        )


def _channel_item(destination: Destination) -> PickerItem:
    title = NEEDS[destination.kind].title if is_known(destination.kind) else destination.kind.value
    return PickerItem(destination.name, key_of(destination.id), subtitle=title)
