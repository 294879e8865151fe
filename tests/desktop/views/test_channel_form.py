"""Where a form of a channel says that secrets belong, and what it asks for each provider."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QLineEdit

from desktop.presenters.reach_presenter import _keep
from desktop.views.reach.channel_entry import ChannelEntryForm, options_of
from desktop.views.reach.provider_fields import NEEDS
from desktop.views.reach.values import ChannelForm
from desktop.views.sign_in.password_field import PasswordEdit
from desktop.widgets.banner import Banner
from services.core import secrets as keyring
from services.core.ids import derived_id
from services.paging.destination import Destination, ProviderKind
from services.paging.page import Delivery, DeliveryKind, DeliveryState
from services.paging.reach import Reach
from services.providers.mail_reply import SHORTEST_KEY

HOOK = derived_id("hook")
NOW = datetime(2026, 3, 2, tzinfo=UTC)
REACH = Reach(
    destinations=(
        Destination(
            id=HOOK,
            kind=ProviderKind.WEBHOOK,
            name="Receiver",
            base_url="https://example.com/hook",
            options='{"of_a_newer_program": "kept", "number": 7}',
        ),
    ),
    now=NOW,
)


def said(form: ChannelEntryForm) -> str:
    return " ".join(b.accessibleName() for b in form.findChildren(Banner) if not b.isHidden())


@pytest.fixture(params=[True, False], ids=["keyring", "dispatcher"])
def form(qtbot, request) -> ChannelEntryForm:
    form = ChannelEntryForm(keeps_secrets=request.param)
    qtbot.addWidget(form)
    form.show()
    return form


def test_a_team_is_told_where_its_dispatcher_wants_secrets(qtbot):
    form = ChannelEntryForm(keeps_secrets=False)
    qtbot.addWidget(form)
    form.show_entry(REACH, HOOK)
    assert f"{HOOK}:signing_secret = …" in said(form)
    assert "0600" in said(form)
    assert "systemd credential" in said(form)
    form.show()
    (copy,) = [b for b in form.findChildren(QAbstractButton) if b.text() == "Copy the name"]
    copy.click()
    assert QGuiApplication.clipboard().text() == f"{HOOK}:signing_secret"
    assert form.findChildren(PasswordEdit) == []


def test_this_computer_says_that_its_keyring_keeps_them(qtbot):
    form = ChannelEntryForm(keeps_secrets=True)
    qtbot.addWidget(form)
    form.show_entry(REACH, HOOK)
    assert "keyring of this computer" in said(form)
    assert [edit.accessibleName() for edit in form.findChildren(PasswordEdit)] == ["Signing secret"]


@pytest.mark.parametrize("kind", list(ProviderKind))
def test_a_provider_is_asked_for_all_it_needs(form, kind):
    form.show_entry(REACH, None)
    form.choose(kind)
    names = {line.accessibleName() for line in form.findChildren(QLineEdit) if line.isVisible()}
    needs = NEEDS[kind]
    wanted = {asked.label for asked in needs.options if not asked.choices}
    assert wanted <= names
    assert (needs.address in names) == bool(needs.address)
    asked_here = {a.label for a in needs.secrets if not a.is_made} <= names
    assert asked_here == bool(form.findChildren(PasswordEdit))


def test_options_that_a_newer_program_wrote_stay(form):
    form.show_entry(REACH, HOOK)
    assert form.form().options == {"of_a_newer_program": "kept"}
    assert form.form().base_url == "https://example.com/hook"
    assert form.form().secrets == {}


def test_what_is_typed_for_a_secret_leaves_with_another_entry(qtbot):
    form = ChannelEntryForm(keeps_secrets=True)
    qtbot.addWidget(form)
    form.show_entry(REACH, HOOK)
    (edit,) = form.findChildren(PasswordEdit)
    edit.setText("whsec_x")
    assert form.form().secrets["signing_secret"].reveal() == "whsec_x"
    form.show_entry(REACH, None)
    assert edit.text() == ""


def test_an_account_that_its_provider_ended_says_why(form):
    (hook,) = REACH.destinations
    ended = replace(hook, is_active=False, probed_at=REACH.now, probe_result="410: gone")
    form.show_entry(replace(REACH, destinations=(ended,)), HOOK)
    assert "Not used any more. 410: gone" in said(form)


def test_a_retired_account_still_says_how_it_fared_last(form):
    (hook,) = REACH.destinations
    sent = Delivery(
        id=HOOK, destination_id=HOOK, kind=DeliveryKind.TEST, created_at=NOW, due_at=NOW,
        state=DeliveryState.REFUSED, reason="402: not paid",
    )  # fmt: skip
    retired = replace(hook, is_active=False, probe_result="")
    form.show_entry(replace(REACH, destinations=(retired,), last={HOOK: sent}), HOOK)
    assert "Not used any more." in said(form)
    assert "was refused" in said(form)
    assert "402: not paid" in said(form)


def test_options_that_are_none_are_none():
    broken = Destination(id=HOOK, kind=ProviderKind.WEBHOOK, name="x", options="[]")
    assert options_of(broken) == {}


@pytest.mark.parametrize("keeps", [True, False])
def test_a_mailbox_has_a_group_and_its_key_is_typed_by_nobody(qtbot, keeps):
    form = ChannelEntryForm(keeps_secrets=keeps)
    qtbot.addWidget(form)
    form.show_entry(REACH, None)
    form.choose(ProviderKind.EMAIL)
    names = {line.accessibleName(): line for line in form.findChildren(QLineEdit)}
    assert "Key that signs replies" not in names
    assert ("Password of the mailbox" in names) == keeps
    assert form.form().made == ()
    names["IMAP server of the mailbox"].setText("imap.example.com")
    assert form.form().made == (("reply_key",) if keeps else ())
    assert form.form().options["mailbox_host"] == "imap.example.com"
    mail = Destination(id=HOOK, kind=ProviderKind.EMAIL, name="Mail")
    form.show_entry(replace(REACH, destinations=(mail,)), HOOK)
    assert (f"{HOOK}:reply_key" in said(form)) == (not keeps)


def test_a_key_that_is_made_is_made_once(ring):
    made = ChannelForm(
        destination_id=HOOK, kind=ProviderKind.EMAIL, name="Mail", base_url="", options={},
        may_reach_private=False, probe_every_s=0, is_active=True, made=("reply_key",),
    )  # fmt: skip
    _keep(HOOK, made)
    first = keyring.fetch(f"{HOOK}:reply_key")
    _keep(HOOK, made)
    assert first is not None
    assert len(first.reveal()) >= SHORTEST_KEY
    assert keyring.fetch(f"{HOOK}:reply_key") == first


def test_an_account_in_use_says_why_its_last_check_failed(form):
    (hook,) = REACH.destinations
    failing = replace(hook, probed_at=NOW, probe_result="replies are not read: closed")
    form.show_entry(replace(REACH, destinations=(failing,)), HOOK)
    assert "The last check failed. Replies are not read: closed." in said(form)
