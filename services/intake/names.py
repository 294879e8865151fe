"""People, teams, categories, services and products that a log names, found again by their names."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from uuid import UUID

from services.catalogue.commands import AddBusinessService, AddCategory, AddProduct
from services.core.ids import derived_id
from services.incidents.acts import EditPriorityMatrix
from services.incidents.priority import DEFAULT_CELLS, PriorityMatrix
from services.intake.servicenow_log import LogEvent
from services.intake.servicenow_values import IMPACTS, NOT_RECORDED, PRIORITIES, URGENCIES
from services.people.commands import AddPerson, AddTeam
from services.people.person import Tier

SOURCE = "servicenow"
MATRIX_NAME = "ServiceNow import"


@dataclass(frozen=True, slots=True)
class NamedRecord:
    """A person or thing by the kind of its record, its name, and for a subcategory its parent."""

    kind: str
    name: str
    parent_id: UUID | None = None


@dataclass
class Names:
    """Ids by name: of what the database holds already, and of what the import adds.

    ``taken`` ids are in the database, perhaps under a name somebody has changed since.
    """

    desk_team_id: UUID
    known: dict[NamedRecord, UUID] = field(default_factory=dict)
    taken: frozenset[UUID] = frozenset()
    editions: tuple[PriorityMatrix, ...] = ()
    matrix: PriorityMatrix | None = None

    def id_of(self, kind: str, name: str, parent_id: UUID | None = None) -> UUID:
        """The id under which a name is kept, or will be."""
        wanted = NamedRecord(kind, name, parent_id)
        if (id_ := self.known.get(wanted)) is None:
            id_ = derived_id(SOURCE, kind, parent_id or "", name)
            self.known[wanted] = id_
        return id_

    def team(self, event: LogEvent) -> UUID:
        """The group, or the service desk where none is known."""
        name = event.text("assignment_group")
        return self.id_of("team", name) if name else self.desk_team_id

    def person(self, name: str) -> UUID | None:
        """A person, None where the name is unknown."""
        return self.id_of("person", name) if name else None

    def caller(self, event: LogEvent) -> UUID:
        """The caller, or the person who stands for an unknown one."""
        return self.id_of("person", event.text("caller_id") or NOT_RECORDED)

    def category(self, event: LogEvent) -> tuple[UUID | None, UUID | None]:
        """Category and subcategory, each None where unknown."""
        name, below = event.text("category"), event.text("subcategory")
        if not name and not below:
            return None, None
        category_id = self.id_of("category", name or NOT_RECORDED)
        return category_id, self.id_of("category", below, category_id) if below else None

    def products(self, event: LogEvent) -> tuple[UUID, ...]:
        """The affected configuration item, if one is named."""
        name = event.text("cmdb_ci")
        return (self.id_of("product", name),) if name else ()

    @property
    def service_id(self) -> UUID:
        """The service that stands for the one the log does not name."""
        return self.id_of("business_service", NOT_RECORDED)

    @property
    def category_not_recorded(self) -> UUID:
        """The category that stands for an unknown one when an incident is resolved."""
        return self.id_of("category", NOT_RECORDED)


def additions(names: Names, events: Iterable[LogEvent]) -> Iterator[tuple[UUID, object]]:
    """Ids and commands that add whatever the events name and the database does not hold.

    The matrix comes first; a category comes before its subcategories.
    """
    found = list(events)
    present = set(names.known)
    names.matrix, is_new = _matrix(names, found)
    if is_new:
        new = names.matrix
        yield (
            new.id,
            EditPriorityMatrix(
                matrix_id=new.id,
                edition=new.edition,
                name=new.name,
                cells=new.cells,
                is_in_force=False,
            ),
        )
    _ = names.service_id, names.category_not_recorded
    for event in found:
        _mention(names, event)
    for wanted, id_ in names.known.items():
        if wanted not in present and id_ not in names.taken:
            yield id_, _addition(wanted, id_)


def _mention(names: Names, event: LogEvent) -> None:
    names.caller(event)
    names.person(event.text("assigned_to"))
    names.team(event)
    names.category(event)
    names.products(event)


def _addition(wanted: NamedRecord, id_: UUID) -> object:
    name = wanted.name
    if wanted.kind == "person":
        return AddPerson(person_id=id_, name=name)
    if wanted.kind == "team":
        # The log knows no tiers; whom the desk assigns to is taken for the second.
        return AddTeam(team_id=id_, name=name, tier=Tier.SECOND)
    if wanted.kind == "category":
        return AddCategory(category_id=id_, name=name, parent_id=wanted.parent_id)
    if wanted.kind == "product":
        return AddProduct(product_id=id_, name=name)
    return AddBusinessService(service_id=id_, name=name, description="Of imported incidents")


def _matrix(names: Names, events: Iterable[LogEvent]) -> tuple[PriorityMatrix, bool]:
    """The edition that ranks as the log does, and whether it is new."""
    cells = cells_of(events)
    same = [edition for edition in names.editions if edition.cells == cells]
    if same:
        return min(same, key=lambda edition: edition.edition), False
    edition = max((known.edition for known in names.editions), default=0) + 1
    id_ = derived_id(SOURCE, "priority_matrix", edition, cells)
    name = MATRIX_NAME
    return PriorityMatrix(id=id_, edition=edition, name=name, cells=cells, is_in_force=False), True


def cells_of(events: Iterable[LogEvent]) -> str:
    """The cells of the matrix the log follows: for each the priority it gives most often."""
    votes: dict[int, dict[int, int]] = {}
    for event in events:
        impact, urgency = IMPACTS.get(event.raw("impact")), URGENCIES.get(event.raw("urgency"))
        priority = PRIORITIES.get(event.raw("priority"))
        if impact and urgency and priority:
            here = votes.setdefault(3 * (impact - 1) + urgency - 1, {})
            here[priority.value] = here.get(priority.value, 0) + 1
    cells = list(DEFAULT_CELLS)
    for cell, found in votes.items():
        # Of equally frequent priorities the more urgent one wins.
        cells[cell] = str(max(found, key=lambda priority: (found[priority], -priority)))
    return "".join(cells)
