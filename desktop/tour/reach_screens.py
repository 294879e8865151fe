"""How people are reached, in its states, for the pictures."""

from collections.abc import Sequence
from contextlib import closing
from typing import Final

from desktop.tour.stage import Stage
from desktop.tour.sync_screens import colleague
from desktop.views.reach.screens import ChannelScreen, ContactScreen, ReachScreen
from services.admin.schema import founder_id
from services.core.ids import derived_id
from services.dispatcher.engine_sqlite import PagingSqlite
from services.dispatcher.mail_replies import NOT_READ
from services.paging.destination import ProviderKind
from services.paging.destination_commands import AddDestination
from services.paging.notice_commands import SendVerification
from services.paging.page import Outcome
from services.people.contact import ContactKind
from services.people.contact_commands import (
    AddContactMethod,
    SetNotificationRules,
    VerifyContact,
)

REACH_SCREENS: Final = ("contacts", "contacts_new", "channels", "channels_mailbox", "channels_new")
PUSH, MAIL, CALL = (derived_id("tour reach", name) for name in ("push", "mail", "call"))
TOPIC, DESK_MAIL, PHONE = (derived_id("tour way", name) for name in ("push", "mail", "call"))
CODE: Final = "204816"
CHOSEN: Final = {"contacts": DESK_MAIL, "channels": PUSH, "channels_mailbox": MAIL}
"""What the list stands on, by the screen."""

ANSWERS: Final = {
    MAIL: "550 5.1.1 desk@example.com: no such mailbox",
    CALL: "queued",
}
MAIL_SERVER: Final = (
    '{"host": "smtp.example.com", "sender": "firstline@example.com",'
    ' "mailbox_host": "imap.example.com"}'
)
TWILIO: Final = '{"account_sid": "AC00000000000000000000000000000001", "from": "+351215550100"}'


def _accounts() -> Sequence[object]:
    return (
        AddDestination(destination_id=PUSH, kind=ProviderKind.NTFY, name="Push to phones",
                       base_url="https://ntfy.example.com", probe_every_s=86_400),
        AddDestination(destination_id=MAIL, kind=ProviderKind.EMAIL, name="Company mail",
                       options=MAIL_SERVER),
        AddDestination(destination_id=CALL, kind=ProviderKind.TWILIO_VOICE, name="Phone calls",
                       options=TWILIO),
    )  # fmt: skip


def _ways(stage: Stage) -> Sequence[object]:
    me = stage.place.desk.viewer.person_id
    ways = (
        (TOPIC, ContactKind.PUSH, PUSH, "alderfinch", "My phone"),
        (PHONE, ContactKind.VOICE, CALL, "+351915550120", "My number"),
        (DESK_MAIL, ContactKind.EMAIL, MAIL, "desk@example.com", ""),
    )
    made: list[object] = [
        AddContactMethod(contact_method_id=id_, person_id=me, kind=kind, destination_id=through,
                         address=address, name=name)
        for id_, kind, through, address, name in ways
    ]  # fmt: skip
    for id_ in (TOPIC, PHONE, DESK_MAIL):
        made.append(
            SendVerification(delivery_id=derived_id(id_, "code"), contact_method_id=id_, code=CODE)
        )
    made += [VerifyContact(contact_method_id=id_, code=CODE) for id_ in (TOPIC, PHONE)]
    made.append(
        SetNotificationRules(person_id=me, contact_method_ids=(TOPIC, PHONE), delays_s=(0, 300))
    )
    return made


def _set_up(stage: Stage) -> None:
    """Accounts, one's own ways, and what came of the messages that went there, once."""
    marker = stage.home.cache / "contact methods"
    if marker.exists():
        return
    marker.touch()
    me, other = stage.place.desk.viewer.person_id, colleague(stage)
    for command in _accounts():
        other.execute(command, founder_id("tour"))
    for command in _ways(stage):
        other.execute(command, me)
    other.push()
    other.close()
    with closing(PagingSqlite(stage.home.shared_database, stage.clock)) as engine:
        while claimed := engine.claim("tour", ""):
            answer = ANSWERS.get(claimed.destination_id, "")
            is_taken = claimed.destination_id != MAIL
            outcome = Outcome.DELIVERED if is_taken else Outcome.REFUSED
            engine.finish(claimed, outcome, reason=answer)
        engine.note_probe(PUSH, "")
        engine.note_probe(MAIL, f"{NOT_READ}[AUTHENTICATIONFAILED] Invalid credentials")
        engine.note_probe(CALL, "the provider answered 401: Authenticate")
    stage.place.desk.profile.replica.pull()
    stage.driver.settle()


def show_reach(stage: Stage, name: str) -> None:
    """One of the screens, with what the person at the desk has set up."""
    _set_up(stage)
    kind = name.partition("_")[0]
    stage.trigger(f"tools.{kind}")
    wanted: type[ReachScreen] = ContactScreen if kind == "contacts" else ChannelScreen
    screen = stage.driver.window.findChild(wanted)
    assert screen is not None
    stage.driver.settle()
    if name.endswith("_new"):
        screen.add()
        if isinstance(screen, ChannelScreen):
            screen.form.choose(ProviderKind.EMAIL)
    else:
        screen.list.choose(CHOSEN[name])
    stage.driver.settle()
