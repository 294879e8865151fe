"""For every table: values that another desk could not read, in an insert and in an update."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from builders import ACCESS, DANA, KIM, LAPTOP, MAYA, NETWORK, THEO, VPN
from contract.scene import Scene

from services.catalogue.service import BusinessService, Category, Product
from services.core.records import Record, spec_of
from services.incidents.incident import Escalation, Incident, Note
from services.incidents.priority import PriorityMatrix
from services.people.person import Person, PersonRole, Role, Team, TeamMember, Tier
from services.sync.shared import Decision

ACTS: dict[type[Record], tuple[str, str]] = {
    Person: ("AddPerson", "ChangePerson"),
    Team: ("AddTeam", "ChangeTeam"),
    TeamMember: ("PlaceInTeam", "PlaceInTeam"),
    PersonRole: ("GrantRole", "GrantRole"),
    BusinessService: ("AddBusinessService", "ChangeBusinessService"),
    Product: ("AddProduct", "ChangeProduct"),
    Category: ("AddCategory", "ChangeCategory"),
    PriorityMatrix: ("EditPriorityMatrix", "EditPriorityMatrix"),
    Incident: ("LogIncident", "DescribeIncident"),
    Escalation: ("EscalateToTeam", "EscalateToTeam"),
    Note: ("AddNote", "AddNote"),
}
"""The acts that insert and change each kind of record."""

SPOILT: dict[type[Record], tuple[dict[str, Any], ...]] = {
    Person: ({"name": "x" * 121}, {"is_vip": 7}),
    Team: ({"name": "x" * 121}, {"tier": 9}),
    TeamMember: ({}, {"is_active": "yes"}),
    PersonRole: ({}, {"is_active": 2}),
    BusinessService: ({"name": "x" * 121}, {"criticality": 9}),
    Product: ({"name": "x" * 121}, {"service_id": "VPN"}),
    Category: ({"name": "x" * 121}, {"is_active": "yes"}),
    PriorityMatrix: ({"name": "x" * 121}, {"edition": 2**31}, {"is_in_force": 5}),
    Incident: ({"summary": "x" * 161}, {"impact": 4}),
    Escalation: ({"end_remark": "x" * 20_001}, {"needed_by": 2**62}),
    Note: ({"text": "x" * 20_101}, {"kind": "gossip"}),
}
"""A spoilt text and a spoilt other value for each kind of record; a third one for changes alone."""


@dataclass(frozen=True)
class Shape:
    """A sound row change with one spoilt value."""

    record: type[Record]
    is_insert: bool
    columns: tuple[tuple[str, Any], ...]
    code: str

    @property
    def name(self) -> str:
        """The test's id."""
        how = "insert" if self.is_insert else "update"
        column, value = self.columns[0]
        what = " with NUL" if value == "a\x00" else ""
        return f"{how} {self.record.TABLE} {column}{what}"

    def try_(self, scene: Scene) -> Decision:
        """The answer to it."""
        insert, change = ACTS[self.record]
        who = DANA if self.record in (Incident, Escalation, Note) else MAYA
        if self.is_insert:
            return scene.insert(insert, sound(scene, self.record), who, **dict(self.columns))
        row = present(scene, self.record)
        op = (self.record.TABLE, str(row.id), row.version, dict(self.columns))
        return scene.client.submit(change, [op], who)


def sound(scene: Scene, record: type[Record]) -> Record:
    """A new record that lacks nothing."""
    new = uuid4()
    made: dict[type[Record], Record] = {
        Person: Person(id=new, name="New"),
        Team: Team(id=new, name="New", tier=Tier.SECOND),
        TeamMember: TeamMember(id=new, team_id=NETWORK, person_id=MAYA),
        PersonRole: PersonRole(id=new, person_id=KIM, role=Role.MANAGER),
        BusinessService: BusinessService(id=new, name="New"),
        Product: Product(id=new, name="New"),
        Category: Category(id=new, name="New"),
        PriorityMatrix: PriorityMatrix(id=new, edition=9, name="New", is_in_force=False),
        Incident: scene.incident(),
        Escalation: scene.escalation(scene.working),
        Note: scene.words(),
    }
    return made[record]


def present(scene: Scene, record: type[Record]) -> Record:
    """A record that is there and may be changed."""
    find = scene.desk.find
    found: dict[type[Record], Record] = {
        Person: find(Person, id=KIM)[0],
        Team: find(Team, id=NETWORK)[0],
        TeamMember: find(TeamMember, person_id=THEO)[0],
        PersonRole: find(PersonRole, person_id=THEO)[0],
        BusinessService: find(BusinessService, id=VPN)[0],
        Product: find(Product, id=LAPTOP)[0],
        Category: find(Category, id=ACCESS)[0],
        PriorityMatrix: find(PriorityMatrix)[0],
        Incident: scene.desk.incident(scene.new),
        Escalation: scene.offer,
        Note: scene.note,
    }
    return found[record]


def _shapes() -> Iterator[Shape]:
    for record, (text, new, *changed) in SPOILT.items():
        for is_insert in (True, False):
            if record is Note and not is_insert:
                continue  # a note cannot be changed at all
            value = new if is_insert or not changed else changed[0]
            nul = dict.fromkeys(text, "a\x00")
            kinds = ((text, "invalid-text"), (nul, "invalid-text"), (value, "invalid-value"))
            for columns, code in kinds:
                if columns:
                    yield Shape(record, is_insert, tuple(columns.items()), code)


SHAPES = tuple(_shapes())
assert set(ACTS) == set(SPOILT)
assert all(set().union(*v) <= {c.name for c in spec_of(r).columns} for r, v in SPOILT.items())
