"""Only administrators keep the catalogue; nothing is ever removed."""

from uuid import uuid4

import pytest
from builders import ACCESS, ADAM, DANA, LAPTOP, MONA, NETWORK, NETWORKING, VPN, WIRELESS, Desk

from services.catalogue.commands import (
    AddBusinessService,
    AddCategory,
    AddProduct,
    ChangeBusinessService,
    ChangeCategory,
    ChangeProduct,
)
from services.catalogue.service import BusinessService, Category, Criticality
from services.core.errors import AppError, RoleMissing

COMMANDS = [
    AddBusinessService(service_id=uuid4(), name="Print", criticality=Criticality.VITAL),
    ChangeBusinessService(
        service_id=VPN,
        name="VPN 2",
        description="Remote",
        owner_team_id=NETWORK,
        criticality=Criticality.IMPORTANT,
        is_active=False,
    ),
    AddProduct(product_id=uuid4(), name="Phone", service_id=VPN),
    ChangeProduct(product_id=LAPTOP, name="Laptop 2", service_id=None, is_active=True),
    AddCategory(category_id=uuid4(), name="Cable", parent_id=NETWORKING),
    ChangeCategory(category_id=ACCESS, name="Logins", is_active=False),
]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda c: type(c).__name__)
def test_administrators_alone(desk: Desk, command: object) -> None:
    for other in (DANA, MONA):
        with pytest.raises(RoleMissing):
            desk.give(command, other)
    desk.do(command, ADAM)


def test_a_retired_service_stays_readable(desk: Desk) -> None:
    desk.do(COMMANDS[1], ADAM)
    found = desk.get(BusinessService, VPN)
    assert (found.name, found.is_active) == ("VPN 2", False)


def test_a_name_is_given_once(desk: Desk) -> None:
    with pytest.raises(AppError, match="constraint"):
        desk.give(AddBusinessService(service_id=uuid4(), name="VPN"), ADAM)
    same = AddCategory(category_id=uuid4(), name="Wireless", parent_id=NETWORKING)
    with pytest.raises(AppError, match="constraint"):
        desk.give(same, ADAM)
    desk.do(AddCategory(category_id=uuid4(), name="Wireless", parent_id=ACCESS), ADAM)
    assert desk.get(Category, WIRELESS).parent_id == NETWORKING
