"""An office whose desks handle major incidents."""

from collections.abc import Iterator

import pytest
from builders import Desk, Office, office_at


@pytest.fixture
def office() -> Iterator[Office]:
    with office_at() as office:
        yield office


@pytest.fixture
def desk(office: Office) -> Desk:
    return office.desk()
