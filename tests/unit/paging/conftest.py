"""A small world with rosters and a policy, and what leads its pages."""

from collections.abc import Iterator

import pytest
from builders import office_at
from paging_world import PagingWorld, paging_in_file


@pytest.fixture
def world() -> Iterator[PagingWorld]:
    with office_at() as office, paging_in_file(office) as world:
        yield world
