"""The commands that found the sample company: people, teams, roles and the catalogue."""

from collections.abc import Iterator
from uuid import UUID

from services.catalogue.commands import AddBusinessService, AddCategory, AddProduct
from services.catalogue.service import Criticality
from services.intake.sample_tables import (
    DESK,
    Caller,
    Colleague,
    Company,
    category_id,
    sample_id,
    team_id,
)
from services.people.commands import AddPerson, AddTeam, ChangeTeam, GrantRole, PlaceInTeam
from services.people.person import Role, Tier


def login_of(person: Colleague, taken: str) -> str:
    """The login of a colleague; one that the founder of the database has is made different."""
    login = address_of(person.name)
    return f"{login}.sample" if login == taken else login


def founding_commands(company: Company, founder_login: str) -> Iterator[object]:
    """Commands in the order in which they can be given by an administrator."""
    yield from _people(company, founder_login)
    yield from _teams(company)
    yield from _catalogue(company)


def _people(company: Company, founder_login: str) -> Iterator[object]:
    for person in company.staff.values():
        yield AddPerson(
            person_id=person.id,
            name=person.name,
            login=login_of(person, founder_login),
            email=f"{address_of(person.name)}@{company.mail_domain}",
            phone=person.phone,
            job_title=person.job_title,
            department="IT",
            site=person.site,
            asset_tag=f"LT-{40100 + 7 * list(company.staff).index(person.name)}",
            manager_id=company.staff[person.manager].id if person.manager else None,
        )
    for caller in company.callers.values():
        yield _added(caller, company)


def _added(caller: Caller, company: Company) -> AddPerson:
    return AddPerson(
        person_id=caller.id,
        name=caller.name,
        email=f"{caller.address}@{company.mail_domain}",
        phone=caller.phone,
        job_title=caller.job_title,
        department=caller.department,
        site=caller.site,
        asset_tag=caller.asset_tag,
        is_vip=caller.is_vip,
    )


def _teams(company: Company) -> Iterator[object]:
    for name, tier, lead, phone in company.teams:
        lead_id = company.staff[lead].id
        if name == DESK:
            yield ChangeTeam(
                team_id=team_id(name),
                name=name,
                tier=Tier(tier),
                lead_id=lead_id,
                phone=phone,
                is_active=True,
            )
        else:
            yield AddTeam(
                team_id=team_id(name), name=name, tier=Tier(tier), lead_id=lead_id, phone=phone
            )
    for person in company.staff.values():
        if person.team:
            yield PlaceInTeam(team_id=team_id(person.team), person_id=person.id)
        for role in person.roles:
            yield GrantRole(person_id=person.id, role=Role(role))


def _catalogue(company: Company) -> Iterator[object]:
    for name, owner, criticality, description in company.services:
        yield AddBusinessService(
            service_id=service_id(name),
            name=name,
            description=description,
            owner_team_id=team_id(owner),
            criticality=Criticality(criticality),
        )
    for name, service in company.products:
        yield AddProduct(product_id=product_id(name), name=name, service_id=service_id(service))
    for top, subs in company.categories.items():
        yield AddCategory(category_id=category_id(top), name=top)
        for sub in subs:
            yield AddCategory(
                category_id=category_id(sub, top), name=sub, parent_id=category_id(top)
            )


def service_id(name: str) -> UUID:
    """The id of a service."""
    return sample_id("service", name)


def product_id(name: str) -> UUID:
    """The id of a product."""
    return sample_id("product", name)


def address_of(name: str) -> str:
    """The name as it stands in an address and in a login."""
    plain = name.translate(_PLAIN).lower()
    return ".".join(part.strip("’'") for part in plain.replace("’", "").split(" "))


_PLAIN = str.maketrans(
    {
        "ř": "r", "á": "a", "é": "e", "í": "i", "ś": "s", "ń": "n", "ö": "o", "Ł": "L",
        "ł": "l", "ó": "o",
    }
)  # fmt: skip
