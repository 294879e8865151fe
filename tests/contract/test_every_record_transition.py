"""Every role, every act, from each state to every other, of pages, majors and roles: by the table.

What looks at more than the table is a guard of its own, attacked elsewhere.
"""

import pytest
from contract.scene import Scene
from contract.transition_products import PRODUCTS

CASES = [(name, act) for name, product in PRODUCTS.items() for act in product.acts]


@pytest.fixture(params=["file_scene", "team_scene"], ids=["embedded", "postgres"])
def scene(request: pytest.FixtureRequest) -> Scene:
    """The same scene on both databases."""
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Scene)
    return found


@pytest.mark.parametrize(("name", "act"), CASES)
def test_a_record_goes_where_its_table_says(scene: Scene, name: str, act: str) -> None:
    product = PRODUCTS[name]
    with scene.client.left_out(*product.left_out):
        differ, allowed = product.differing(scene, act)
    assert not differ
    assert allowed
