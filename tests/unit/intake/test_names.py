"""Names of the log are found again, and its matrix is read from what it did."""

from uuid import uuid4

import pytest
from unit.intake.log_examples import incident, log

from services.catalogue.commands import AddBusinessService, AddCategory, AddProduct
from services.incidents.acts import EditPriorityMatrix
from services.incidents.priority import DEFAULT_CELLS, PriorityMatrix
from services.intake.names import NamedRecord, Names, additions, cells_of
from services.people.commands import AddPerson, AddTeam
from services.people.person import Tier

STANDARD = PriorityMatrix(id=uuid4(), edition=1, name="Standard")
LOW = {"impact": "3 - Low", "urgency": "3 - Low", "priority": "4 - Low"}


def names(**known):
    return Names(desk_team_id=uuid4(), editions=(STANDARD,), **known)


def added(given, *rows):
    return [command for _, command in additions(given, log(incident(*rows)).events())]


def test_everything_a_log_names_is_added_once():
    commands = added(names(), {"assigned_to": "Resolver 17", "cmdb_ci": "cmdb_ci 3"}, {}, {})
    assert [(type(c), getattr(c, "name", "")) for c in commands] == [
        (AddBusinessService, "Not recorded"),
        (AddCategory, "Not recorded"),
        (AddPerson, "Caller 2403"),
        (AddPerson, "Resolver 17"),
        (AddTeam, "Group 56"),
        (AddCategory, "Category 55"),
        (AddCategory, "Subcategory 170"),
        (AddProduct, "cmdb_ci 3"),
    ]
    assert commands[6].parent_id == commands[5].category_id
    assert commands[4].tier is Tier.SECOND


def test_what_the_database_holds_is_used():
    team_id = uuid4()
    given = names(known={NamedRecord("team", "Group 56"): team_id})
    assert not [c for c in added(given, {}) if isinstance(c, AddTeam)]
    assert given.team(incident({}).events[0]) == team_id


def test_what_somebody_renamed_is_not_added_again():
    renamed = names().id_of("team", "Group 56")
    given = names(taken=frozenset({renamed}))
    assert not [c for c in added(given, {}) if isinstance(c, AddTeam)]
    assert given.team(incident({}).events[0]) == renamed


def test_ids_do_not_depend_on_the_run():
    first, second = (
        [id_ for id_, _ in additions(names(), log(incident({})).events())] for _ in range(2)
    )
    assert first == second


def test_the_same_subcategory_below_two_categories_is_two():
    given = names()
    rows = ({}, {"category": "Category 9"})
    below = [given.category(event)[1] for event in incident(*rows).events]
    assert below[0] != below[1]


@pytest.mark.parametrize(
    ("rows", "cells"),
    [
        ([{}], DEFAULT_CELLS),
        ([LOW], "123234344"),
        ([LOW, LOW, {**LOW, "priority": "5 - Planning"}], "123234344"),
        ([LOW, {**LOW, "priority": "5 - Planning"}], "123234344"),
        ([{**LOW, "priority": "?"}], DEFAULT_CELLS),
        ([{"impact": "odd", "priority": "1 - Critical"}], DEFAULT_CELLS),
    ],
)
def test_the_matrix_a_log_follows(rows, cells):
    assert cells_of(log(incident(*rows)).events()) == cells


def test_another_matrix_is_a_new_edition_that_is_not_in_force():
    given = names()
    edition = added(given, LOW)[0]
    assert isinstance(edition, EditPriorityMatrix)
    assert (edition.edition, edition.cells, edition.is_in_force) == (2, "123234344", False)
    assert given.matrix.edition == 2


def test_an_edition_with_the_same_cells_is_used_again():
    known = PriorityMatrix(id=uuid4(), edition=7, name="Old", cells="123234344", is_in_force=False)
    given = Names(desk_team_id=uuid4(), editions=(STANDARD, known))
    assert not [c for c in added(given, LOW) if isinstance(c, EditPriorityMatrix)]
    assert given.matrix is known
