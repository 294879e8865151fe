"""A world with status pages for staff and for customers, on the embedded file."""

from collections.abc import Iterator

import pytest
from builders import office_at
from paging_world import paging_in_file
from update_world import UpdateWorld


@pytest.fixture
def world() -> Iterator[UpdateWorld]:
    with office_at() as office, paging_in_file(office) as paging:
        yield UpdateWorld(paging)
