"""Contact methods: whose they are, how they are proved, and in which order a page tries them."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from builders import ADAM, DANA, KIM, TARA, THEO, Desk, Office

from services.core.errors import FieldMissing, RecordMissing, RoleMissing
from services.core.ids import derived_id
from services.paging.destination import Destination, ProviderKind
from services.paging.destination_commands import AddDestination, ChangeDestination
from services.paging.errors import CodeJustSent, DestinationRetired
from services.paging.notice_commands import MAX_AGE, SendTest, SendVerification
from services.paging.page import Delivery, DeliveryKind, DeliveryState
from services.people.contact import ContactKind, ContactMethod, NotificationRule
from services.people.contact_commands import (
    AddContactMethod,
    ChangeContactMethod,
    CodeExpired,
    CodeWrong,
    NotYourContact,
    RetireContactMethod,
    RuleInvalid,
    SetNotificationRules,
    VerifyContact,
)
from services.sync.errors import CommandExpired

PUSH = derived_id("destination", "ntfy")
PHONE, TABLET = derived_id("contact", "phone"), derived_id("contact", "tablet")
CODE = "123456"
DESTINATION = AddDestination(
    destination_id=PUSH, kind=ProviderKind.NTFY, name="Push", base_url="https://ntfy.sh"
)
ADD = AddContactMethod(
    contact_method_id=PHONE,
    person_id=THEO,
    kind=ContactKind.PUSH,
    destination_id=PUSH,
    address="theo-phone",
    name="Phone",
)


@pytest.fixture
def desk(office: Office) -> Desk:
    desk = office.desk()
    desk.do(DESTINATION, ADAM)
    return desk


def method(desk: Desk, id_: UUID = PHONE) -> ContactMethod:
    return desk.get(ContactMethod, id_)


def send(desk: Desk, who: UUID = THEO, code: str = CODE) -> UUID:
    command = SendVerification(delivery_id=uuid4(), contact_method_id=PHONE, code=code)
    desk.do(command, who)
    return command.delivery_id


def prove(desk: Desk) -> None:
    desk.do(ADD, THEO)
    send(desk)
    desk.do(VerifyContact(contact_method_id=PHONE, code=CODE), THEO)


def test_a_contact_method_is_proved_by_the_code_that_was_sent(desk: Desk) -> None:
    desk.do(ADD, THEO)
    delivery = desk.get(Delivery, send(desk))
    assert (delivery.kind, delivery.state) == (DeliveryKind.VERIFICATION, DeliveryState.WAITING)
    assert (delivery.address, delivery.destination_id) == ("theo-phone", PUSH)
    assert CODE in delivery.text
    assert CODE not in method(desk).code_digest
    envelope = desk.do(VerifyContact(contact_method_id=PHONE, code=f" {CODE} "), THEO)
    assert method(desk).verified_at == envelope.happened_at
    assert method(desk).code_digest == ""
    with pytest.raises(CodeWrong):
        desk.give(VerifyContact(contact_method_id=PHONE, code=CODE), THEO)


@pytest.mark.parametrize("code", ["", "123457", "12345", "1234567", "١٢٣٤٥٦", "12345a"])
def test_another_code_proves_nothing(desk: Desk, code: str) -> None:
    desk.do(ADD, THEO)
    with pytest.raises(CodeWrong):
        desk.give(VerifyContact(contact_method_id=PHONE, code=CODE), THEO)
    send(desk)
    with pytest.raises(CodeWrong):
        desk.give(VerifyContact(contact_method_id=PHONE, code=code), THEO)
    assert method(desk).verified_at is None


def test_a_code_is_used_within_fifteen_minutes(desk: Desk) -> None:
    desk.do(ADD, THEO)
    send(desk)
    desk.clock.advance(timedelta(minutes=15))
    with pytest.raises(CodeExpired):
        desk.give(VerifyContact(contact_method_id=PHONE, code=CODE), THEO)
    send(desk, code="654321")
    with pytest.raises(CodeWrong):
        desk.give(VerifyContact(contact_method_id=PHONE, code=CODE), THEO)
    desk.do(VerifyContact(contact_method_id=PHONE, code="654321"), THEO)


def test_codes_are_not_sent_one_after_the_other(desk: Desk) -> None:
    desk.do(ADD, THEO)
    send(desk)
    desk.clock.advance(timedelta(seconds=-30))  # the desk adds a minute
    with pytest.raises(CodeJustSent):
        desk.give(SendVerification(delivery_id=uuid4(), contact_method_id=PHONE, code=CODE), THEO)
    with pytest.raises(CodeWrong):
        desk.give(SendVerification(delivery_id=uuid4(), contact_method_id=PHONE, code="x"), THEO)


def test_an_administrator_adds_and_sends_but_does_not_prove(desk: Desk) -> None:
    desk.do(ADD, ADAM)
    send(desk, ADAM)
    with pytest.raises(NotYourContact):
        desk.give(VerifyContact(contact_method_id=PHONE, code=CODE), ADAM)
    desk.do(VerifyContact(contact_method_id=PHONE, code=CODE), THEO)


@pytest.mark.parametrize("who", [TARA, DANA])
def test_contact_methods_of_others_are_not_touched(desk: Desk, who: UUID) -> None:
    with pytest.raises(NotYourContact):
        desk.give(ADD, who)
    prove(desk)
    for command in (
        changed(desk, name="Mine"),
        RetireContactMethod(contact_method_id=PHONE),
        VerifyContact(contact_method_id=PHONE, code=CODE),
        SendVerification(delivery_id=uuid4(), contact_method_id=PHONE, code=CODE),
        SendTest(delivery_id=uuid4(), contact_method_id=PHONE),
        SetNotificationRules(person_id=THEO, contact_method_ids=(), delays_s=()),
    ):
        with pytest.raises(NotYourContact):
            desk.give(command, who)


def test_who_only_calls_has_no_contact_methods_of_their_own(desk: Desk) -> None:
    with pytest.raises(RoleMissing):
        desk.give(replace(ADD, person_id=KIM), KIM)


def changed(desk: Desk, **given) -> ChangeContactMethod:
    names = ("kind", "destination_id", "address", "name")
    now = {name: getattr(method(desk), name) for name in names}
    return ChangeContactMethod(contact_method_id=PHONE, **now | given)


def test_another_address_has_to_be_proved_again_but_another_name_has_not(desk: Desk) -> None:
    prove(desk)
    desk.do(changed(desk, name="My phone"), THEO)
    assert method(desk).verified_at is not None
    desk.do(changed(desk, address="theo-tablet"), THEO)
    assert method(desk).verified_at is None
    with pytest.raises(FieldMissing):
        desk.give(changed(desk, address=" "), THEO)


def test_a_retired_contact_method_gets_nothing_and_comes_back(desk: Desk) -> None:
    prove(desk)
    desk.do(RetireContactMethod(contact_method_id=PHONE), THEO)
    with pytest.raises(RecordMissing):
        desk.give(SendTest(delivery_id=uuid4(), contact_method_id=PHONE), THEO)
    desk.do(RetireContactMethod(contact_method_id=PHONE, is_active=True), THEO)
    assert method(desk).verified_at is not None


# -- rules ------------------------------------------------------------------------------------


def rules(*pairs: tuple[UUID, int]) -> SetNotificationRules:
    return SetNotificationRules(
        person_id=THEO,
        contact_method_ids=tuple(id_ for id_, _ in pairs),
        delays_s=tuple(delay for _, delay in pairs),
    )


def kept(desk: Desk) -> list[tuple[UUID, int]]:
    found = desk.find(NotificationRule, person_id=THEO, is_active=True)
    return sorted(((r.contact_method_id, r.delay_s) for r in found), key=lambda pair: pair[1])


def test_rules_are_set_as_a_whole_and_put_back(desk: Desk) -> None:
    prove(desk)
    desk.do(replace(ADD, contact_method_id=TABLET, address="theo-tablet"), THEO)
    both = rules((PHONE, 0), (TABLET, 120))
    desk.do(both, THEO)
    assert kept(desk) == [(PHONE, 0), (TABLET, 120)]
    desk.do(rules((TABLET, 0)), ADAM)
    assert kept(desk) == [(TABLET, 0)]
    desk.do(both, THEO)
    assert kept(desk) == [(PHONE, 0), (TABLET, 120)]
    assert len(desk.find(NotificationRule)) == 2


def test_rules_that_make_no_sense_are_refused(desk: Desk) -> None:
    prove(desk)
    taras = replace(ADD, contact_method_id=TABLET, person_id=TARA)
    desk.do(taras, TARA)
    for command in (
        rules((TABLET, 0)),
        rules((PHONE, -1)),
        rules((PHONE, 86_401)),
        rules(*[(PHONE, 0)] * 21),
        replace(rules((PHONE, 0)), delays_s=()),
    ):
        with pytest.raises(RuleInvalid):
            desk.give(command, THEO)
    with pytest.raises(RecordMissing):
        desk.give(rules((uuid4(), 0)), THEO)


# -- tests and destinations -------------------------------------------------------------------


def test_a_test_goes_to_ones_own_phone_or_an_administrators_choice(desk: Desk) -> None:
    prove(desk)
    desk.do(SendTest(delivery_id=uuid4(), contact_method_id=PHONE), THEO)
    to_all = SendTest(delivery_id=uuid4(), destination_id=PUSH, address="everybody")
    with pytest.raises(NotYourContact):
        desk.give(to_all, THEO)
    desk.do(to_all, ADAM)
    sent = desk.find(Delivery, kind=DeliveryKind.TEST)
    assert {delivery.address for delivery in sent} == {"theo-phone", "everybody"}
    with pytest.raises(RecordMissing):
        desk.give(SendTest(delivery_id=uuid4()), ADAM)


def test_nothing_is_sent_through_a_retired_destination(desk: Desk) -> None:
    prove(desk)
    desk.do(
        ChangeDestination(
            destination_id=PUSH, name="Push", base_url="https://ntfy.sh", options="{}",
            may_reach_private=False, probe_every_s=0, is_active=False,
        ),
        ADAM,
    )  # fmt: skip
    with pytest.raises(DestinationRetired):
        desk.give(SendTest(delivery_id=uuid4(), contact_method_id=PHONE), THEO)
    with pytest.raises(DestinationRetired):
        desk.give(SendTest(delivery_id=uuid4(), destination_id=PUSH), ADAM)
    assert not desk.get(Destination, PUSH).is_active


def test_a_code_asked_for_offline_is_not_sent_late(desk: Desk) -> None:
    desk.do(ADD, THEO)
    desk.give(SendVerification(delivery_id=uuid4(), contact_method_id=PHONE, code=CODE), THEO)
    desk.clock.advance(MAX_AGE + timedelta(seconds=1))
    desk.sync()
    assert [p.code for p in desk.replica.pending()] == [CommandExpired.code]
    assert not desk.find(Delivery)
