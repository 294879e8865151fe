"""Keeps how people are reached, and the channels through which messages leave."""

import json
import secrets
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from PySide6.QtCore import QObject

from desktop.bridge.keyring_calls import KeyringCalls
from desktop.main_window import MainWindow
from desktop.presenters.desk import Desk
from desktop.text import when_text
from desktop.views.reach.channel_entry import field_of
from desktop.views.reach.provider_fields import NEEDS
from desktop.views.reach.screens import ChannelScreen, ContactScreen, ReachScreen
from desktop.views.reach.values import ChannelForm, ContactForm
from services.core import secrets as keyring
from services.core.errors import AppError
from services.core.messages import message_of
from services.core.secrets import Secret
from services.paging.destination_commands import AddDestination, ChangeDestination
from services.paging.notice_commands import SendTest, SendVerification
from services.paging.reach import REACH_TABLES, Reach, rules_with
from services.paging.reach_reading import reach_of
from services.people.contact import ContactKind
from services.people.contact_commands import (
    AddContactMethod,
    ChangeContactMethod,
    RetireContactMethod,
    SetNotificationRules,
    VerifyContact,
)
from services.sync.book import ChangeSet

ONLY_ADMINISTRATORS = "Only an administrator changes them."
CODES = 1_000_000
_MADE_BYTES = 32


class ReachPresenter(QObject):
    """Both screens; every change is a command like any other. Secrets go to the keyring alone."""

    def __init__(self, desk: Desk, window: MainWindow) -> None:
        super().__init__()
        self._desk = desk
        self._window = window
        self._contacts = ContactScreen()
        # A desk that leads its pages itself is the machine that keeps the secrets.
        self._channels = ChannelScreen(keeps_secrets=desk.profile.dispatcher is not None)
        window.add_screen("contacts", self._contacts)
        window.add_screen("channels", self._channels)
        self._keyring = KeyringCalls(self)
        self._reach = Reach()
        self._shown: ReachScreen | None = None
        self._then: list[Callable[[], None]] = []
        self._connect()

    def _connect(self) -> None:
        for screen in (self._contacts, self._channels):
            screen.shown.connect(partial(self._note_shown, screen))
        self._contacts.saved.connect(self._save_contact)
        self._contacts.form.code_requested.connect(self._send_code)
        self._contacts.form.code_given.connect(self._confirm)
        self._contacts.form.test_requested.connect(self._test_method)
        self._channels.saved.connect(self._save_channel)
        self._channels.form.test_requested.connect(self._test_channel)
        self._desk.changed.connect(self._on_change)
        self._desk.directory_changed.connect(self._read_if_shown)
        self._desk.viewer_changed.connect(self._read_if_shown)

    def open_contacts(self) -> None:
        """Show how the person at the desk is reached."""
        self._window.show_screen("contacts")

    def open_channels(self) -> None:
        """Show the channels."""
        self._window.show_screen("channels")

    # -- what is shown ----------------------------------------------------------------------

    def _note_shown(self, screen: ReachScreen, is_shown: bool) -> None:
        self._shown = screen if is_shown else None
        if is_shown:
            self._read()

    def _on_change(self, change: ChangeSet) -> None:
        if change.is_everything or change.tables & REACH_TABLES:
            self._read_if_shown()

    def _read_if_shown(self) -> None:
        if self._shown is not None:
            self._read()

    def _read(self, then: Callable[[], None] = lambda: None) -> None:
        desk = self._desk
        names, viewer, now = desk.directory, desk.viewer.person_id, desk.now_here()

        def read(connection: sa.Connection) -> Reach:
            return reach_of(connection, names, viewer, now)

        def land(reach: Reach) -> None:
            self._show(reach)
            waiting, self._then = self._then, []
            for each in waiting:
                each()

        self._then.append(then)
        desk.read(self, "reach", read, land)

    def _show(self, reach: Reach) -> None:
        self._reach = reach
        self._contacts.show_directory(reach)
        self._contacts.show_permission(True)
        self._channels.show_directory(reach)
        may = reach.is_administrator
        self._channels.show_permission(may, "" if may else ONLY_ADMINISTRATORS)
        self._say_way(reach)

    def _say_way(self, reach: Reach) -> None:
        """Say how a page reaches the viewer, and warn whoever is on call and cannot be reached."""
        if reach.way:
            text = "Each is tried only while you have not answered."
            self._contacts.show_meaning("info", f"A page tries {reach.way}.", text)
        elif reach.on_call_from is None:
            lead = "No page can reach you by itself."
            self._contacts.show_meaning("info", lead, "It shows on the desk while one is open.")
        else:
            begins, now = reach.on_call_from.astimezone(self._desk.zone), self._desk.now_here()
            when = "now" if begins <= now else f"from {when_text(begins, now)}"
            lead = f"You are on call {when}, and no page can reach you."
            text = "Add a contact method and prove it, or nobody wakes you."
            self._contacts.show_meaning("danger", lead, text)

    # -- contact methods --------------------------------------------------------------------

    def _save_contact(self, form: ContactForm) -> None:
        id_ = form.method_id or self._desk.fresh_id()
        self._give(self._contacts, id_, self._contact_commands(form, id_))

    def _contact_commands(self, form: ContactForm, id_: UUID) -> Sequence[object]:
        assert form.destination_id is not None
        channel, before = self._reach.destination(form.destination_id), self._reach.method(id_)
        kind = NEEDS[channel.kind].contact if channel is not None else ContactKind.PUSH
        way: dict[str, Any] = {
            "kind": kind,
            "destination_id": form.destination_id,
            "address": form.address,
            "name": form.name,
        }
        made: list[object] = []
        if before is None:
            made.append(AddContactMethod(contact_method_id=id_, person_id=form.person_id, **way))
        elif any(getattr(before, name) != value for name, value in way.items()):
            made.append(ChangeContactMethod(contact_method_id=id_, **way))
        rules = self._rules(form, id_)
        if before is not None and before.is_active != form.is_active:
            retire = RetireContactMethod(contact_method_id=id_, is_active=form.is_active)
            # No rule may name a way that is retired.
            return [*made, retire, *rules] if form.is_active else [*made, *rules, retire]
        return [*made, *rules]

    def _rules(self, form: ContactForm, id_: UUID) -> Sequence[object]:
        found = rules_with(self._reach, form.person_id, id_, form.delay_s, is_active=form.is_active)
        if found is None:
            return []
        ids, delays = found
        return [
            SetNotificationRules(person_id=form.person_id, contact_method_ids=ids, delays_s=delays)
        ]

    def _send_code(self, method_id: UUID) -> None:
        code = f"{secrets.randbelow(CODES):06}"
        command = SendVerification(
            delivery_id=self._desk.fresh_id(), contact_method_id=method_id, code=code
        )
        self._desk.give(command, said="The code is on its way. Type it here within 15 minutes.")

    def _confirm(self, method_id: UUID, code: str) -> None:
        def failed(error: AppError) -> None:
            self._contacts.form.show_code_problem(message_of(error).text)

        command = VerifyContact(contact_method_id=method_id, code=code)
        self._desk.give(command, said="Proved. Pages may go there.", failed=failed)

    def _test_method(self, method_id: UUID) -> None:
        command = SendTest(delivery_id=self._desk.fresh_id(), contact_method_id=method_id)
        self._desk.give(command, said="A test is on its way")

    # -- channels ---------------------------------------------------------------------------

    def _save_channel(self, form: ChannelForm) -> None:
        id_ = form.destination_id or self._desk.fresh_id()
        self._channels.show_meaning("info", "")

        def given() -> None:
            if form.secrets or form.made:
                self._keyring.ask(partial(_keep, id_, form), lambda _: None, self._say_not_kept)

        # Only then the secrets: the keyring is to keep none of an account that was refused.
        self._give(self._channels, id_, [_channel_command(form, id_)], given)

    def _say_not_kept(self, error: AppError) -> None:
        text = "What was typed is kept nowhere, and nothing can leave there. Type it again then."
        self._channels.show_meaning("danger", message_of(error).happened, text)

    def _test_channel(self, destination_id: UUID, address: str) -> None:
        command = SendTest(
            delivery_id=self._desk.fresh_id(), destination_id=destination_id, address=address
        )
        self._desk.give(command, said="A test is on its way")

    # -- giving -----------------------------------------------------------------------------

    def _give(
        self,
        screen: ReachScreen,
        id_: UUID,
        commands: Sequence[object],
        given: Callable[[], None] = lambda: None,
    ) -> None:
        def done(_: object) -> None:
            given()
            # The entry is shown once it has been read.
            self._read(lambda: screen.show_saved(id_))

        self._desk.give(*commands, said="Saved", done=done, failed=partial(self._refuse, screen))

    def _refuse(self, screen: ReachScreen, error: AppError) -> None:
        field = str(error.context.get("field") or error.context.get("option") or "")
        kind = self._channels.form.kind
        if screen is self._channels and kind is not None and field not in ("name", ""):
            field = field_of(kind, field)
        screen.show_error(field, message_of(error).text)


def _channel_command(form: ChannelForm, id_: UUID) -> object:
    options = json.dumps(form.options, ensure_ascii=False)
    if form.destination_id is None:
        return AddDestination(
            destination_id=id_,
            kind=form.kind,
            name=form.name,
            base_url=form.base_url,
            options=options,
            may_reach_private=form.may_reach_private,
            probe_every_s=form.probe_every_s,
        )
    return ChangeDestination(
        destination_id=id_,
        name=form.name,
        base_url=form.base_url,
        options=options,
        may_reach_private=form.may_reach_private,
        probe_every_s=form.probe_every_s,
        is_active=form.is_active,
    )


def _keep(id_: UUID, form: ChannelForm) -> None:
    for slot, secret in form.secrets.items():
        keyring.keep(f"{id_}:{slot}", secret)
    for slot in form.made:
        if keyring.fetch(f"{id_}:{slot}") is None:
            keyring.keep(f"{id_}:{slot}", Secret(secrets.token_urlsafe(_MADE_BYTES)))
