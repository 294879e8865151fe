"""A world with status pages for staff and for customers, on the embedded file.

One for all tests of a module; each has an incident of its own, and leaves the pages as they were.
"""

from collections.abc import Iterator

import pytest
from builders import office_at
from paging_world import PagingWorld, paging_in_file
from update_world import UpdateWorld


@pytest.fixture(scope="module")
def paging() -> Iterator[PagingWorld]:
    with office_at() as office, paging_in_file(office) as world:
        yield world


@pytest.fixture
def world(paging: PagingWorld) -> Iterator[UpdateWorld]:
    world = UpdateWorld(paging)
    yield world
    world.after(60)
    paging.send()  # nothing is left on its way
