"""One account at a provider: what it needs, where its secrets are, and the proof that it works."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Final
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from desktop.text import when_text
from desktop.views.catalogue.entries import Entry
from desktop.views.catalogue.entry_fields import EntryForm
from desktop.views.dialogs.fields import when_changed
from desktop.views.dialogs.words import joined
from desktop.views.reach.provider_fields import NEEDS, Asked, Needs
from desktop.views.reach.values import ChannelForm, Told, told_of
from desktop.views.sign_in.password_field import PasswordEdit
from desktop.widgets.banner import Banner
from desktop.widgets.choices import CheckRow
from desktop.widgets.form import FormField
from desktop.widgets.labels import PlainLabel
from desktop.widgets.picker import Picker
from desktop.widgets.picker_list import PickerItem
from desktop.widgets.segmented import Segment, SegmentedControl
from services.core.records import is_known
from services.core.text import limit_of
from services.paging.destination import Destination, ProviderKind
from services.paging.reach import Reach
from services.paging.words import delay_words

_PROBES_S: Final = (0, 3_600, 21_600, 86_400, 604_800)
_PROBE_WORDS: Final = {
    0: "Never",
    3_600: "Every hour",
    21_600: "Every 6 hours",
    86_400: "Every day",
    604_800: "Every week",
}
_COLUMNS: Final = 2


def channel_entries(reach: Reach) -> list[Entry]:
    """Accounts by provider and name, those in use first."""
    found = sorted(
        reach.destinations, key=lambda d: (not d.is_active, _title(d), d.name.casefold())
    )
    return [
        Entry(d.id, d.name, joined((_title(d), _proof_words(d, reach))), d.is_active) for d in found
    ]


def _title(destination: Destination) -> str:
    return NEEDS[destination.kind].title if is_known(destination.kind) else destination.kind.value


def _proof_words(destination: Destination, reach: Reach) -> str:
    if destination.probed_at is None or reach.now is None:
        return "never checked" if destination.is_active else ""
    when = when_text(destination.probed_at.astimezone(reach.now.tzinfo), reach.now)
    return f"check failed, {when}" if destination.probe_result else f"worked when checked, {when}"


class _Section(QWidget):
    """The fields of one kind of provider, two in a row, those of a group under its heading."""

    def __init__(self, fields: Sequence[tuple[str, FormField]]) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(12)
        groups = dict.fromkeys(group for group, _ in fields)
        for group in sorted(groups, key=bool):
            row = grid.rowCount()
            if group:
                grid.addWidget(PlainLabel(group.upper(), "overline", "fg.subtle"), row, 0, 1, 2)
            for place, field in enumerate(field for of, field in fields if of == group):
                grid.addWidget(field, row + 1 + place // _COLUMNS, place % _COLUMNS)
        for column in range(_COLUMNS):
            grid.setColumnStretch(column, 1)


class ChannelEntryForm(EntryForm[Reach]):
    """Fields as the chosen provider needs them. ``test_requested``: an id and an address.

    With ``keeps_secrets`` they are typed here and kept by this computer's keyring; else the form
    says where the dispatcher's machine wants them.
    """

    test_requested = Signal(object, str)

    def __init__(self, *, keeps_secrets: bool) -> None:
        self._keeps_secrets = keeps_secrets
        self._sections: dict[ProviderKind, QWidget] = {}
        self._secrets: dict[tuple[ProviderKind, str], PasswordEdit] = {}
        self._reach = Reach()
        self._shown_id: UUID | None = None
        super().__init__()
        self._add_places()

    def add_fields(self) -> None:
        """How it fares; name and provider; what the provider needs; who checks it, and how far it
        may reach."""
        self._add_proof()
        label = self.tr("Provider")
        self._kind = Picker(label, placeholder=self.tr("Choose a provider"), icon="bell")
        self._kind.set_items([PickerItem(needs.title, kind.value) for kind, needs in NEEDS.items()])
        self._kind.picked.connect(lambda _: self._show_section())
        self.add_row(self.name_field(), ("kind", label, self._kind, self.tr("Choose a provider.")))
        self._place = self.column.count()
        probe = Picker(self.tr("Checked from end to end"), icon="clock", with_filter=False)
        probe.set_items([_probe_item(seconds) for seconds in _PROBES_S])
        self._probe = probe
        private = CheckRow(
            self.tr("May reach private networks"),
            self.tr("This machine and addresses inside the building; plain http too"),
        )
        self.add_row(("probe", self.tr("Checked from end to end"), probe, ""))
        self.add_row(("may_reach_private", "", private, ""))

    def _add_proof(self) -> None:
        """How the last message fared, in sight however long the form is, and a test."""
        self._result = Banner("info", "")
        self._send = self._result.add_button(self.tr("Send a test"), icon="bell")
        self._to = self.line(self.tr("Test goes to"), limit=limit_of("address"))
        self._to_field = FormField(self.tr("A test goes to"), self._to, hint=" ")
        self._to_row = QWidget()
        row = QHBoxLayout(self._to_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self._to_field, 1)
        row.addWidget(QWidget(), 1)  # as wide as a field of the row below
        self._send.clicked.connect(
            lambda: self.test_requested.emit(self.entry_id, self._to.text().strip())
        )
        self.column.addWidget(self._result)
        self.column.addWidget(self._to_row)

    def _add_places(self) -> None:
        """Where the secrets are kept, below all that is asked."""
        self._how = Banner("lock", "", icon="key")
        self._copy = self._how.add_button(self.tr("Copy the name"), icon="copy")
        self._copy.clicked.connect(self._copy_names)
        self.column.insertWidget(self.column.count() - 1, self._how)

    def choose(self, kind: ProviderKind) -> None:
        """Ask for what this provider needs."""
        self._kind.set_current_payload(kind.value)
        self._show_section()

    @property
    def kind(self) -> ProviderKind | None:
        """The provider that is chosen."""
        text = self.fields.text("kind")
        return ProviderKind(text) if text else None

    # -- what the provider needs ------------------------------------------------------------

    def _show_section(self) -> None:
        kind = self.kind
        if kind is not None and kind not in self._sections:
            self._sections[kind] = self._made(kind)
            self.column.insertWidget(self._place, self._sections[kind])
        for other, section in self._sections.items():
            section.setVisible(other is kind)
        self._tell()

    def _made(self, kind: ProviderKind) -> QWidget:
        needs = NEEDS[kind]
        address = (Asked("address", needs.address, needs.usual),) if needs.address else ()
        made = []
        for asked in (*address, *needs.options):
            field = self._typed(asked)
            made.append((asked.group, field))
            self.fields.add(field_of(kind, asked.name), field)
            when_changed(field.control, lambda *_: self.changed.emit())
        if self._keeps_secrets:
            typed = [asked for asked in needs.secrets if not asked.is_made]
            made += [(asked.group, self._secret_field(kind, asked)) for asked in typed]
        return _Section(made)

    def _typed(self, asked: Asked) -> FormField:
        if asked.choices:
            segments = [Segment(key, words) for key, words in asked.choices]
            control = SegmentedControl(asked.label, segments, height=32, stretch=True)
            return FormField(asked.label, control)
        line = self.line(asked.label, limit=limit_of("address"))
        line.setPlaceholderText(asked.example)
        return FormField(asked.label, line, hint=" ")

    def _secret_field(self, kind: ProviderKind, asked: Asked) -> FormField:
        """Outside the fields by name: what is typed here is in no draft."""
        edit = PasswordEdit(asked.label)
        edit.textChanged.connect(lambda _: self.changed.emit())
        self._secrets[kind, asked.name] = edit
        return FormField(asked.label, edit, hint=" ")

    # -- an entry ---------------------------------------------------------------------------

    def show_directory(self, directory: Reach) -> None:
        """Know how the account fares now."""
        self._reach = directory
        self._tell()

    def values(self, directory: Reach, id_: UUID | None) -> dict[str, object]:
        """Values of an account."""
        found = directory.destination(id_)
        found = found if found is not None and is_known(found.kind) else None
        self._kind.setEnabled(found is None)
        if id_ != self._shown_id:  # what is typed stays while news of the same account arrive
            self._shown_id = id_
            self._to.clear()
        self._kind.set_current_payload(found.kind.value if found else "")
        self._show_section()
        for edit in self._secrets.values():
            edit.clear()
            edit.hide_again()
            edit.setPlaceholderText(self.tr("Unchanged while empty") if found else "")
        seconds = found.probe_every_s if found else 86_400
        self._probe.set_items([_probe_item(s) for s in sorted({*_PROBES_S, seconds})])
        values: dict[str, object] = {
            "name": found.name if found else "",
            "kind": found.kind.value if found else "",
            "probe": str(seconds),
            "may_reach_private": found.may_reach_private if found else False,
            "is_active": found.is_active if found else True,
        }
        for kind in self._sections:
            options = options_of(found) if found is not None and found.kind is kind else {}
            for asked in NEEDS[kind].options:
                usual = asked.choices[0][0] if asked.choices else ""
                values[field_of(kind, asked.name)] = options.get(asked.name, usual)
            is_it = found is not None and found.kind is kind
            values[field_of(kind, "address")] = found.base_url if found and is_it else ""
        return values

    def _tell(self) -> None:
        """Where the secrets are, and how the last message fared."""
        kind, found = self.kind, self._reach.destination(self.entry_id)
        secrets = NEEDS[kind].secrets if kind is not None else ()
        self._how.setVisible(bool(secrets))
        self._copy.setVisible(found is not None and not self._keeps_secrets)
        if self._keeps_secrets:
            lead = self.tr("The keyring of this computer keeps what is secret.")
            text = self.tr("Nothing of it is in the database or in a backup of it.")
        else:
            lead = self.tr("Secrets are given to the dispatcher’s machine, not here.")
            text = self._places(found, secrets)
        self._how.set_texts(lead, text)
        may_test = found is not None and found.is_active and self._reach.is_administrator
        self._to_row.setVisible(may_test and bool(kind and NEEDS[kind].reached_by))
        self._send.setVisible(may_test)
        self._result.setVisible(found is not None)
        if kind is not None:
            self._to.setPlaceholderText(NEEDS[kind].reached_by)
        if found is not None:
            told = told_of(self._reach.last.get(found.id), self._reach)
            if found.is_active and found.probe_result:
                told = _failing(self.tr("The last check failed."), found.probe_result, told)
            if not found.is_active:
                told = _retired(self.tr("Not used any more."), found.probe_result, told)
            self._result.set_tone(told.tone)
            self._result.set_texts(told.lead, told.text)

    def _places(self, found: Destination | None, secrets: tuple[Asked, ...]) -> str:
        if found is None:
            return self.tr("Save it first: their names hold the id that it gets.")
        names = ", ".join(_names(found, secrets))
        how = self.tr(
            "Write %1 = … into its file of mode 0600 (--secrets), or load a systemd credential of"
            " that name, with a dot for the colon."
        )
        return how.replace("%1", names)

    def _copy_names(self) -> None:
        found, kind = self._reach.destination(self.entry_id), self.kind
        if found is not None and kind is not None:
            QGuiApplication.clipboard().setText("\n".join(_names(found, NEEDS[kind].secrets)))

    def form(self) -> ChannelForm:
        """The account."""
        kind = self.kind
        assert kind is not None
        needs = NEEDS[kind]
        typed = {a.name: self.fields.text(field_of(kind, a.name)) for a in needs.options}
        known = self._reach.destination(self.entry_id)
        kept = dict(options_of(known)) if known is not None else {}
        others = {name: text for name, text in kept.items() if name not in typed}
        return ChannelForm(
            destination_id=self.entry_id,
            kind=kind,
            name=self.fields.text("name"),
            base_url=self.fields.text(field_of(kind, "address")) if needs.address else "",
            options=others | {name: text for name, text in typed.items() if text},
            may_reach_private=self.fields.is_on("may_reach_private"),
            probe_every_s=int(self.fields.text("probe") or 0),
            is_active=self.fields.is_on("is_active"),
            secrets={
                slot: edit.secret
                for (of, slot), edit in self._secrets.items()
                if of is kind and edit.text()
            },
            made=tuple(_made(needs, typed)) if self._keeps_secrets else (),
        )


def _made(needs: Needs, typed: Mapping[str, str]) -> Iterator[str]:
    """Slots of secrets that are made, once anything of their group was typed."""
    groups = {a.group for a in needs.options if typed[a.name] and not a.choices}
    return (asked.name for asked in needs.secrets if asked.is_made and asked.group in groups)


def _failing(lead: str, reason: str, last: Told) -> Told:
    """Why an account in use failed when it was last checked, and how its last message fared."""
    if reason in last.text:
        return last
    sentence = f"{reason[:1].upper()}{reason[1:]}."
    words = " ".join(part for part in (sentence, last.lead, last.text) if part)
    return Told("danger", lead, words)


def _retired(lead: str, reason: str, last: Told) -> Told:
    """That an account is out of use, why where its provider said so, and how it fared last."""
    words = " ".join(part for part in (reason, last.lead, last.text) if part)
    return Told("danger" if reason else last.tone, lead, words)


def _names(found: Destination, secrets: tuple[Asked, ...]) -> list[str]:
    """What the dispatcher's machine calls the secrets of an account."""
    return [f"{found.id}:{asked.name}" for asked in secrets]


def field_of(kind: ProviderKind, name: str) -> str:
    """The name of a field of one kind of provider."""
    return f"{kind.value}.{name}"


def options_of(destination: Destination) -> Mapping[str, str]:
    """The options as the database keeps them; what is none of ours is left alone."""
    found = json.loads(destination.options)
    return {n: t for n, t in found.items() if isinstance(t, str)} if isinstance(found, dict) else {}


def _probe_item(seconds: int) -> PickerItem:
    words = _PROBE_WORDS.get(seconds) or f"Every {delay_words(seconds)}"
    return PickerItem(words, str(seconds))
