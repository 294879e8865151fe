"""Channels and contact methods, set up and proved in the desk with a real receiver."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from providers import contract_server as servers
from providers.webhook_server import PATH, SECRET, WebhookServer
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QWidget
from running_desk import MAYA, PRIYA, RunningDesk, running_desk

from desktop.views.reach.screens import ChannelScreen, ContactScreen, ReachScreen
from desktop.widgets.banner import Banner
from desktop.widgets.form import FormField
from services.core.ids import derived_id
from services.core.secrets import KeyringMissing
from services.on_call.acts import AddOverride, AddRoster
from services.on_call.roster import OverrideKind
from services.paging.destination import ProviderKind
from services.people.contact import ContactKind
from services.people.contact_commands import AddContactMethod


@pytest.fixture
def server() -> Iterator[WebhookServer]:
    with WebhookServer() as server:
        yield server


@dataclass
class Hands:
    """A person at the two screens."""

    desk: RunningDesk
    server: WebhookServer

    def open(self, which: type[ReachScreen], action: str) -> ReachScreen:
        self.desk.program.window.hub.trigger(action)
        self.desk.settle()
        screen = self.desk.program.window.findChild(which)
        assert screen is not None
        return screen

    def contacts(self) -> ContactScreen:
        screen = self.open(ContactScreen, "tools.contacts")
        assert isinstance(screen, ContactScreen)
        return screen

    def channels(self) -> ChannelScreen:
        screen = self.open(ChannelScreen, "tools.channels")
        assert isinstance(screen, ChannelScreen)
        return screen

    def press(self, screen: QWidget, name: str) -> None:
        self.desk.clock.advance(timedelta(seconds=1))  # of two messages one is the newer
        buttons = [b for b in screen.findChildren(QAbstractButton) if b.isVisible()]
        next(b for b in buttons if b.text() == name).click()
        self.desk.settle()

    def type_into(self, screen: QWidget, label: str, text: str) -> None:
        lines = [line for line in screen.findChildren(QLineEdit) if line.isVisible()]
        next(line for line in lines if line.accessibleName() == label).setText(text)

    def says(self, screen: QWidget, words: str) -> bool:
        banners = [b for b in screen.findChildren(Banner) if b.isVisible()]
        return any(words in banner.accessibleName() for banner in banners)

    def until_says(self, screen: QWidget, words: str) -> None:
        self.desk.until(lambda: self.says(screen, words))

    def problems(self, screen: QWidget) -> str:
        fields = [field for field in screen.findChildren(FormField) if field.isVisible()]
        return " ".join(field.error for field in fields if field.error)

    def add_channel(self) -> ChannelScreen:
        screen = self.channels()
        screen.add()
        screen.form.fields.restore({"name": "Receiver", "may_reach_private": True})
        screen.form.choose(ProviderKind.WEBHOOK)
        self.type_into(screen, "Address", self.server.url + PATH)
        self.type_into(screen, "Signing secret", SECRET)
        screen.save()
        self.desk.until(lambda: self.desk.found("SELECT id FROM destination"))
        self.desk.settle()
        return screen

    def add_contact(self) -> ContactScreen:
        screen = self.contacts()
        screen.add()
        channel = str(self.desk.found("SELECT id FROM destination"))
        screen.form.fields.restore({"channel": channel, "address": "maya", "name": "My phone"})
        screen.save()
        self.desk.until(lambda: self.desk.found("SELECT id FROM contact_method"))
        self.desk.settle()
        return screen


@contextmanager
def hands_at(folder, server: WebhookServer) -> Iterator[Hands]:
    with running_desk(folder) as desk:
        yield Hands(desk, server)


@pytest.fixture
def hands(qtbot, tmp_path, ring, server) -> Iterator[Hands]:
    with hands_at(tmp_path, server) as hands:
        yield hands


def test_a_channel_is_added_and_its_secret_is_in_the_keyring_alone(hands, ring):
    screen = hands.add_channel()
    id_ = hands.desk.found("SELECT id FROM destination")
    assert ring.kept == {f"{id_}:signing_secret": SECRET}
    files = [f for f in hands.desk.home.data.parent.rglob("*") if f.is_file()]
    assert files
    assert not [f for f in files if SECRET.removeprefix("whsec_").encode() in f.read_bytes()]
    hands.press(screen, "Send a test")
    hands.until_says(screen, "Last test was taken by the provider")
    hands.server.misbehave(servers.UNAUTHORISED)
    hands.press(screen, "Send a test")
    hands.until_says(screen, "Last test was refused")
    reason = hands.desk.found("SELECT reason FROM delivery WHERE state = 'refused'")
    assert reason
    assert hands.says(screen, f"Its answer: “{reason}”")


def test_a_secret_that_no_keyring_takes_is_said_to_be_kept_nowhere(hands, ring):
    ring.failure = KeyringMissing()
    screen = hands.add_channel()
    hands.until_says(screen, "What was typed is kept nowhere")
    ring.failure = None
    hands.type_into(screen, "Signing secret", SECRET)
    screen.save()
    hands.desk.until(lambda: ring.kept)
    assert not hands.says(screen, "kept nowhere")


def test_no_secret_is_kept_of_an_account_that_was_refused(hands, ring):
    screen = hands.channels()
    screen.add()
    screen.form.fields.restore({"name": "Receiver"})
    screen.form.choose(ProviderKind.WEBHOOK)
    hands.type_into(screen, "Signing secret", SECRET)
    screen.save()
    hands.desk.settle()
    assert screen.form.fields.control("webhook.address").accessibleDescription()
    assert hands.desk.found("SELECT count(*) FROM destination") == 0
    assert ring.kept == {}


def test_what_a_provider_cannot_work_with_is_said_below_its_field(hands):
    screen = hands.channels()
    screen.add()
    screen.form.fields.restore({"name": "Mail"})
    screen.form.choose(ProviderKind.EMAIL)
    hands.type_into(screen, "Server", "smtp.example.com")
    hands.type_into(screen, "Sender", "nobody")
    screen.save()
    hands.desk.settle()
    assert screen.form.fields.control("email.sender").accessibleDescription()
    assert hands.desk.found("SELECT count(*) FROM destination") == 0


def test_a_contact_method_is_proved_by_the_code_that_arrives(hands):
    hands.add_channel()
    screen = hands.add_contact()
    assert hands.says(screen, "Not proved yet")
    hands.press(screen, "Send a code")
    hands.desk.until(lambda: hands.server.events)
    (event,) = hands.server.events.values()
    (code,) = re.findall(r"\d{6}", str(event["data"]["summary"]))
    hands.until_says(screen, "Last code was taken by the provider")
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    hands.type_into(screen, "Code", wrong)
    hands.press(screen, "Confirm the code")
    assert "code" in hands.problems(screen)
    hands.type_into(screen, "Code", code)
    hands.press(screen, "Confirm the code")
    hands.until_says(screen, "Proved.")
    hands.until_says(screen, "A page tries push")
    hands.press(screen, "Test it")
    hands.until_says(screen, "Last test was taken by the provider")
    assert len(hands.server.events) == 2


def test_a_code_that_is_being_typed_stays_while_news_arrive(hands):
    hands.add_channel()
    screen = hands.add_contact()
    hands.server.misbehave(servers.ERROR)
    hands.press(screen, "Send a code")
    hands.type_into(screen, "Code", "12")
    hands.until_says(screen, "Last answer")
    (line,) = [e for e in screen.findChildren(QLineEdit) if e.accessibleName() == "Code"]
    assert line.text() == "12"


def test_a_delay_is_kept_as_a_rule_and_goes_with_its_way(hands):
    hands.add_channel()
    screen = hands.add_contact()
    screen.form.fields.restore({"delay": "300"})
    screen.save()
    active = "SELECT count(*) FROM notification_rule WHERE is_active"
    hands.desk.until(lambda: hands.desk.found(active) == 1)
    assert hands.desk.found("SELECT delay_s FROM notification_rule") == 300
    hands.desk.settle()
    screen.form.fields.restore({"is_active": False})
    screen.save()
    hands.desk.until(lambda: hands.desk.found("SELECT is_active FROM contact_method") == 0)
    assert hands.desk.found(active) == 0


def test_who_is_on_call_and_cannot_be_reached_is_warned(hands):
    desk, roster = hands.desk, derived_id("roster")
    screen = hands.contacts()
    assert hands.says(screen, "No page can reach you by itself.")
    now = desk.clock.now()
    desk.give_elsewhere(
        AddRoster(roster_id=roster, name="Major", time_zone="Europe/Lisbon", is_catch_all=True)
    )
    desk.give_elsewhere(
        AddOverride(
            override_id=derived_id("override"),
            roster_id=roster,
            kind=OverrideKind.ADD,
            person_id=MAYA,
            starts_at=now,
            ends_at=now + timedelta(hours=8),
        )
    )
    hands.until_says(screen, "You are on call now, and no page can reach you.")


def test_somebody_else_sees_only_their_own_and_no_form_for_channels(hands):
    hands.add_channel()
    hands.add_contact()
    channel = hands.desk.found("SELECT id FROM destination")
    hands.desk.colleague.pull()
    hands.desk.give_elsewhere(
        AddContactMethod(
            contact_method_id=derived_id("priya's"), person_id=PRIYA, kind=ContactKind.PUSH,
            destination_id=UUID(str(channel)), address="priya",
        )
    )  # fmt: skip
    screen = hands.contacts()
    hands.desk.until(lambda: screen.list.entries.rowCount() == 2)
    hands.desk.place.desk.work_as(PRIYA)
    hands.desk.until(lambda: screen.list.entries.rowCount() == 1)
    channels = hands.channels()
    hands.until_says(channels, "Only an administrator changes them.")
    assert not channels.save_button.isVisible()
