"""Messages that a person asks for: the code that proves a contact method, and tests."""

from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from services.core.errors import RecordMissing
from services.core.text import clean_line, limit_of
from services.paging.destination import Destination
from services.paging.errors import CodeJustSent, DestinationRetired
from services.paging.page import Delivery, DeliveryKind
from services.people.contact import ContactMethod
from services.people.contact_commands import (
    CODE,
    CODE_VALID,
    CodeWrong,
    NotYourContact,
    code_digest,
    ensure_own,
)
from services.people.person import Role
from services.people.roles import roles_of
from services.sync.changes import Act, Changes, State

MAX_AGE = timedelta(minutes=10)
"""What was asked for offline and not sent by then is not wanted any more."""

RESEND_AFTER = timedelta(minutes=1)
TEST_TEXT = "This is a test from Firstline. Nobody has to do anything."


@dataclass(frozen=True, slots=True, kw_only=True)
class SendVerification:
    """Send six digits to a contact method; its person types them to prove that it works.

    Whoever gives the command draws the code at random.
    """

    delivery_id: UUID
    contact_method_id: UUID
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SendTest:
    """Send a test to one's own contact method, or through a destination to any address."""

    delivery_id: UUID
    contact_method_id: UUID | None = None
    destination_id: UUID | None = None
    address: str = ""


def send_verification(state: State, act: Act, command: SendVerification) -> Changes:
    """The code on its way; an earlier one is void.

    Raises:
        NotYourContact: it is another person's, and the actor no administrator.
        CodeWrong: it is not six digits.
        CodeJustSent: one was sent within the last minute.
        DestinationRetired: nothing is sent there any more.
    """
    method = _active_method(state, command.contact_method_id)
    ensure_own(state, act, method.person_id)
    if not CODE.fullmatch(command.code):
        raise CodeWrong()
    if method.code_sent_at is not None and act.happened_at - method.code_sent_at < RESEND_AFTER:
        raise CodeJustSent()
    digest = code_digest(method.id, command.code)
    after = replace(method, code_digest=digest, code_sent_at=act.happened_at)
    minutes = CODE_VALID // timedelta(minutes=1)
    text = f"Your Firstline code is {command.code}. It can be used for {minutes} minutes."
    delivery = _to_method(state, act, command.delivery_id, method, DeliveryKind.VERIFICATION, text)
    return Changes.none().update(method, after).insert(delivery)


def send_test(state: State, act: Act, command: SendTest) -> Changes:
    """The test on its way.

    Raises:
        NotYourContact: it is another person's, or a destination and the actor no administrator.
        RecordMissing: neither contact method nor destination is named.
        DestinationRetired: nothing is sent there any more.
    """
    if command.contact_method_id is not None:
        method = _active_method(state, command.contact_method_id)
        if method.person_id != act.actor_id:
            raise NotYourContact()
        kind, text = DeliveryKind.TEST, TEST_TEXT
        return Changes.none().insert(
            _to_method(state, act, command.delivery_id, method, kind, text)
        )
    if command.destination_id is None:
        raise RecordMissing(table=Destination.TABLE, id="")
    if Role.ADMINISTRATOR not in roles_of(state, act.actor_id):
        raise NotYourContact()
    destination = _active_destination(state, command.destination_id)
    return Changes.none().insert(
        Delivery(
            id=command.delivery_id,
            person_id=act.actor_id,
            destination_id=destination.id,
            kind=DeliveryKind.TEST,
            address=clean_line(command.address, limit_of("address"), field="address"),
            text=TEST_TEXT,
            created_at=act.happened_at,
            due_at=act.happened_at,
        )
    )


def _active_method(state: State, id_: UUID) -> ContactMethod:
    method = state.get(ContactMethod, id_)
    if not method.is_active:
        raise RecordMissing(table=ContactMethod.TABLE, id=str(id_))
    return method


def _active_destination(state: State, id_: UUID) -> Destination:
    destination = state.get(Destination, id_)
    if not destination.is_active:
        raise DestinationRetired(name=destination.name)
    return destination


def _to_method(
    state: State, act: Act, id_: UUID, method: ContactMethod, kind: DeliveryKind, text: str
) -> Delivery:
    return Delivery(
        id=id_,
        person_id=method.person_id,
        contact_method_id=method.id,
        destination_id=_active_destination(state, method.destination_id).id,
        kind=kind,
        address=method.address,
        text=text,
        created_at=act.happened_at,
        due_at=act.happened_at,
    )
