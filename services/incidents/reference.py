"""Reads the directory: people, teams, catalogue, matrices and escalation policies."""

import sqlalchemy as sa

from services.catalogue.service import BusinessService, Category, Product
from services.catalogue.tables import business_service, category, product
from services.core.tables import read_records
from services.incidents.directory import Directory
from services.incidents.priority import PriorityMatrix
from services.incidents.tables import priority_matrix
from services.on_call.policy import EscalationPolicy
from services.on_call.tables import escalation_policy
from services.people.person import Person, PersonRole, Team, TeamMember
from services.people.tables import person, person_role, team, team_member

REFERENCE_TABLES = frozenset(
    {
        Person.TABLE,
        Team.TABLE,
        TeamMember.TABLE,
        PersonRole.TABLE,
        BusinessService.TABLE,
        Product.TABLE,
        Category.TABLE,
        PriorityMatrix.TABLE,
        EscalationPolicy.TABLE,
    }
)
"""Tables whose change makes a new directory necessary."""


def directory(connection: sa.Connection) -> Directory:
    """All reference records as they are now."""
    return Directory(
        people={p.id: p for p in read_records(connection, Person, person)},
        teams={t.id: t for t in read_records(connection, Team, team)},
        services={s.id: s for s in read_records(connection, BusinessService, business_service)},
        products={p.id: p for p in read_records(connection, Product, product)},
        categories={c.id: c for c in read_records(connection, Category, category)},
        members=tuple(read_records(connection, TeamMember, team_member)),
        roles=tuple(read_records(connection, PersonRole, person_role)),
        matrices=tuple(read_records(connection, PriorityMatrix, priority_matrix)),
        policies=tuple(read_records(connection, EscalationPolicy, escalation_policy)),
    )
