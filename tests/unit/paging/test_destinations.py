"""Keeping destinations: administrators alone, checked by the provider, and no secret in them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from builders import ADAM, DANA, IMRAN, MONA, Desk, office_at

from services.core.errors import FieldMissing, InvalidText, RoleMissing
from services.paging.destination import Destination, ProviderKind
from services.paging.destination_commands import AddDestination, ChangeDestination
from services.paging.errors import SecretInOptions
from services.providers.errors import OptionsInvalid

ADD = AddDestination(
    destination_id=uuid4(),
    kind=ProviderKind.NTFY,
    name=" Push ",
    base_url="https://ntfy.example.org",
    probe_every_s=3600,
)


@pytest.fixture
def desk() -> Iterator[Desk]:
    with office_at() as office:
        yield office.desk()


def changed(**given) -> ChangeDestination:
    command = ChangeDestination(
        destination_id=ADD.destination_id,
        name="Push",
        base_url=ADD.base_url,
        options="{}",
        may_reach_private=False,
        probe_every_s=3600,
        is_active=True,
    )
    return replace(command, **given)


@pytest.mark.parametrize("who", [DANA, IMRAN, MONA])
def test_only_an_administrator_keeps_destinations(desk: Desk, who) -> None:
    with pytest.raises(RoleMissing):
        desk.give(ADD, who)
    desk.do(ADD, ADAM)
    with pytest.raises(RoleMissing):
        desk.give(changed(name="Mine"), who)
    assert desk.get(Destination, ADD.destination_id).name == "Push"


@pytest.mark.parametrize(
    "name", ["token", "Api_Key", "routing_key", "password", "client-secret", "Authorization"]
)
def test_what_looks_like_a_secret_is_refused(desk: Desk, name: str) -> None:
    options = f'{{"{name}": "s3cr3t"}}'
    with pytest.raises(SecretInOptions) as refusal:
        desk.give(replace(ADD, options=options), ADAM)
    assert "s3cr3t" not in str(refusal.value.context)
    desk.do(ADD, ADAM)
    with pytest.raises(SecretInOptions):
        desk.give(changed(options=options), ADAM)


@pytest.mark.parametrize(
    "given",
    [
        {"options": "nonsense"},
        {"options": "[]"},
        {"options": '{"a": 1}'},
        {"options": "[" * 9000},
        {"base_url": "ftp://example.org"},
        {"base_url": "https://user:word@example.org"},
        {"probe_every_s": -1},
        {"probe_every_s": 700_000},
    ],
)
def test_what_the_provider_cannot_work_with_is_refused(desk: Desk, given) -> None:
    with pytest.raises(OptionsInvalid):
        desk.give(replace(ADD, **given), ADAM)
    desk.do(ADD, ADAM)
    with pytest.raises(OptionsInvalid):
        desk.give(changed(**given), ADAM)


def test_a_name_is_needed_and_texts_have_their_limits(desk: Desk) -> None:
    with pytest.raises(FieldMissing):
        desk.give(replace(ADD, name=" "), ADAM)
    with pytest.raises(InvalidText):
        desk.give(replace(ADD, base_url="https://" + "x" * 1_000), ADAM)
    with pytest.raises(InvalidText):
        desk.give(replace(ADD, options='{"a": "' + "x" * 20_000 + '"}'), ADAM)


@pytest.mark.parametrize("kind", ProviderKind)
def test_every_kind_has_a_provider_that_checks(desk: Desk, kind: ProviderKind) -> None:
    """An account that no provider could use is refused, whichever it is."""
    with pytest.raises((OptionsInvalid, SecretInOptions)):
        desk.give(replace(ADD, kind=kind, base_url="gopher://x", options='{"x": "y"}'), ADAM)


def test_a_new_address_takes_back_the_proof_of_the_old_one(desk: Desk) -> None:
    desk.do(ADD, ADAM)
    before = desk.get(Destination, ADD.destination_id)
    desk.do(changed(base_url="https://ntfy.sh"), ADAM)
    after = desk.get(Destination, ADD.destination_id)
    assert after == replace(before, base_url="https://ntfy.sh", version=2)
    desk.clock.advance(timedelta(minutes=1))
    desk.do(changed(is_active=False, base_url="https://ntfy.sh"), ADAM)
    assert not desk.get(Destination, ADD.destination_id).is_active
