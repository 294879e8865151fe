"""A small world of its own for each test."""

import tempfile
from collections.abc import Iterator

import pytest
from builders import Desk, Office, office_at
from postgres_server import quick_place


@pytest.fixture(autouse=True)
def _files_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Thousands of histories do not wait for the disk."""
    place = quick_place()
    monkeypatch.setattr(tempfile, "tempdir", str(place) if place else None)


@pytest.fixture
def office() -> Iterator[Office]:
    with office_at() as office:
        yield office


@pytest.fixture
def desk(office: Office) -> Desk:
    return office.desk()
