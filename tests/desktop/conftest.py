"""A keyring that tests can look into."""

from collections.abc import Iterator

import keyring
import pytest
from team_member import KeptInTest

from services.core import secrets


@pytest.fixture
def ring(monkeypatch) -> Iterator[KeptInTest]:
    before, ring = keyring.get_keyring(), KeptInTest()
    name = f"{KeptInTest.__module__}.{KeptInTest.__name__}"
    monkeypatch.setattr(secrets, "TRUSTED", secrets.TRUSTED | {name})
    keyring.set_keyring(ring)
    yield ring
    keyring.set_keyring(before)
