"""When a page tries each way of a person, and what forms ask for each provider."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from desktop.views.reach.provider_fields import NEEDS
from desktop.views.reach.values import told_of
from services.core.ids import derived_id
from services.paging.destination import ProviderKind
from services.paging.page import Delivery, DeliveryKind, DeliveryState
from services.paging.reach import Reach, rules_with
from services.people.contact import ContactKind, ContactMethod, NotificationRule
from services.providers.catalogue import PROVIDER_OF
from services.providers.errors import OptionsInvalid
from services.providers.provider import Account

ME = derived_id("me")
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PUSH, SMS, CALL = (derived_id("way", name) for name in ("push", "sms", "call"))


def way(id_: UUID, *, is_active: bool = True) -> ContactMethod:
    return ContactMethod(
        id=id_,
        person_id=ME,
        kind=ContactKind.PUSH,
        destination_id=derived_id("account"),
        address="me",
        verified_at=NOW,
        is_active=is_active,
    )


def rule(method_id: UUID, delay_s: int, at: int = 0) -> NotificationRule:
    return NotificationRule(
        id=derived_id("rule", at), person_id=ME, contact_method_id=method_id, delay_s=delay_s
    )


def reach(*rules: NotificationRule) -> Reach:
    return Reach(viewer_id=ME, methods=(way(PUSH), way(SMS), way(CALL)), rules=rules, now=NOW)


def plan(found: tuple[tuple[UUID, ...], tuple[int, ...]] | None) -> dict[UUID, int]:
    assert found is not None
    return dict(zip(*found, strict=True))


def test_without_rules_every_way_is_tried_at_once_and_needs_none():
    assert reach().delay_of(SMS) == 0
    assert rules_with(reach(), ME, SMS, 0) is None


def test_the_first_delay_keeps_the_others_at_once():
    assert plan(rules_with(reach(), ME, SMS, 120)) == {PUSH: 0, CALL: 0, SMS: 120}


def test_a_delay_is_put_in_its_order():
    found = rules_with(reach(rule(PUSH, 0), rule(CALL, 300, 1)), ME, SMS, 120)
    assert found == ((PUSH, SMS, CALL), (0, 120, 300))


def test_a_way_that_is_not_tried_has_no_rule():
    known = reach(rule(PUSH, 0), rule(SMS, 120, 1))
    assert known.delay_of(CALL) is None
    assert plan(rules_with(known, ME, SMS, None)) == {PUSH: 0}
    assert rules_with(known, ME, CALL, None) is None


def test_a_retired_way_is_named_by_no_rule():
    known = reach(rule(PUSH, 0), rule(SMS, 120, 1))
    assert plan(rules_with(known, ME, SMS, 120, is_active=False)) == {PUSH: 0}
    retired = replace(known, methods=(way(PUSH), way(SMS, is_active=False), way(CALL)))
    assert plan(rules_with(retired, ME, CALL, 60)) == {PUSH: 0, CALL: 60}


def test_a_way_that_is_tried_twice_stays_so_when_another_one_changes():
    known = reach(rule(PUSH, 0), rule(PUSH, 600, 1), rule(SMS, 120, 2))
    assert rules_with(known, ME, SMS, 60) == ((PUSH, SMS, PUSH), (0, 60, 600))


@pytest.mark.parametrize("kind", list(ProviderKind))
def test_a_form_asks_for_what_the_provider_needs(kind):
    """Every secret has its field; every option that a provider misses has one too."""
    needs, provider = NEEDS[kind], PROVIDER_OF[kind.value]
    assert tuple(asked.name for asked in needs.secrets) == provider.secrets
    typed = {"address", *(asked.name for asked in needs.options)}
    missed = None
    try:
        provider.check(Account(id="x"))
    except OptionsInvalid as fact:
        missed = fact.context["option"]
    assert missed is None or missed in typed
    if not needs.address:
        assert kind in (ProviderKind.EMAIL, ProviderKind.TEAMS, ProviderKind.APPRISE)


ENDS = [
    (DeliveryState.WAITING, "info", "Last test waits to be sent."),
    (DeliveryState.DELIVERED, "ok", "Last test was taken by the provider, 09:00."),
    (DeliveryState.REFUSED, "danger", "Last test was refused, 09:00."),
    (DeliveryState.DEAD, "danger", "Last test was given up, 09:00."),
]


@pytest.mark.parametrize(("state", "tone", "lead"), ENDS)
def test_what_came_of_a_test_is_said_in_the_providers_words(state, tone, lead):
    sent = Delivery(
        id=derived_id("delivery"),
        destination_id=derived_id("account"),
        kind=DeliveryKind.TEST,
        created_at=NOW,
        due_at=NOW,
        state=state,
        finished_at=None if state is DeliveryState.WAITING else NOW,
        reason="550 no such mailbox",
    )
    told = told_of(sent, reach())
    assert (told.tone, told.lead) == (tone, lead)
    assert "“550 no such mailbox”" in told.text
    assert told_of(None, reach()).lead == "Nothing was sent yet."
