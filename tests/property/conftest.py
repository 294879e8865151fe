"""Histories keep their files in memory."""

import tempfile

import pytest
from postgres_server import quick_place


@pytest.fixture(autouse=True)
def _files_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Thousands of histories do not wait for the disk."""
    place = quick_place()
    monkeypatch.setattr(tempfile, "tempdir", str(place) if place else None)
