"""Choosing people and catalogue entries by name; shared by the log page and the dialogs."""

from collections.abc import Mapping
from uuid import UUID

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QWidget

from desktop.views.dialogs.controls import Checklist
from desktop.views.dialogs.words import (
    IMPACTS,
    SEVERITIES,
    URGENCIES,
    filled,
    joined,
    said,
)
from desktop.widgets.matrix import MatrixHeading, PriorityMatrix
from desktop.widgets.picker import Picker
from desktop.widgets.picker_list import PickerItem
from desktop.widgets.segmented import Segment
from services.incidents.directory import Directory
from services.incidents.priority import DEFAULT_CELLS, Impact, Urgency
from services.people.person import Person

_SHOWN = 50
UNKNOWN = "unknown"
"""Key of the answer that the faulty service is not known."""
NONE = "none"
"""Key of the answer that there is none."""


def uuid_of(key: str) -> UUID | None:
    """The id a key stands for, or None for an answer that is no id."""
    return UUID(key) if key and key not in (UNKNOWN, NONE) else None


def key_of(id_: UUID | None) -> str:
    """The key for an id, empty for None."""
    return str(id_) if id_ is not None else ""


class CallerPicker(Picker):
    """Finds people by name, phone, mail or asset tag; offers to add who is not known yet."""

    caller_chosen = Signal(object)
    addition_requested = Signal(str)

    def __init__(self, name: str, *, may_add: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(
            name,
            placeholder=self.tr("Name, phone, mail or asset tag"),
            icon="search",
            search=self._found,
            parent=parent,
        )
        self._may_add = may_add
        self._hay: list[tuple[str, PickerItem]] = []
        self._kept: PickerItem | None = None
        self.picked.connect(self._choose)

    def set_people(self, directory: Directory) -> None:
        """Offer everybody who is active."""
        people = sorted((p for p in directory.people.values() if p.is_active), key=_by_name)
        self._hay = [(_hay(person), _item(person)) for person in people]
        self.set_items([item for _, item in self._hay[:_SHOWN]])

    def set_person(self, id_: UUID | None) -> None:
        """Choose somebody without telling."""
        found = (item for _, item in self._hay if item.payload == key_of(id_))
        self._kept = next(found, None) if id_ else None
        self.set_current(self._kept)

    @property
    def person_id(self) -> UUID | None:
        """Who is chosen."""
        return uuid_of(str(self._kept.payload)) if self._kept else None

    def set_current_payload(self, payload: object) -> None:
        """Choose by key without telling."""
        self.set_person(uuid_of(str(payload)))

    def _found(self, typed: str) -> list[PickerItem]:
        words = typed.casefold().split()
        first: list[PickerItem] = []
        other: list[PickerItem] = []
        for hay, item in self._hay:
            if all(word in hay for word in words):
                (first if not words or hay.startswith(words[0]) else other).append(item)
                if len(first) == _SHOWN:
                    break
        found = (first + other)[:_SHOWN]
        if self._may_add and typed.strip():
            words_shown = filled(self.tr("Add “%1” as caller"), typed.strip())
            found.append(PickerItem(words_shown, f"add:{typed.strip()}", icon="add"))
        return found

    def _choose(self, item: PickerItem) -> None:
        key = str(item.payload)
        if key.startswith("add:"):
            self.set_current(self._kept)
            self.addition_requested.emit(key.removeprefix("add:"))
            return
        self._kept = item
        self.caller_chosen.emit(uuid_of(key))


def _by_name(person: Person) -> str:
    return person.name.casefold()


def _hay(person: Person) -> str:
    phone = person.phone.replace(" ", "")
    known = (person.name, person.phone, phone, person.email, person.asset_tag)
    return " ".join((*known, person.department, person.site)).casefold()


def _item(person: Person) -> PickerItem:
    where = joined((person.department, person.site)) or person.phone or person.email
    return PickerItem(person.name, str(person.id), where, person=person.name)


def team_items(directory: Directory) -> list[PickerItem]:
    """Active teams by name."""
    teams = sorted((t for t in directory.teams.values() if t.is_active), key=lambda t: t.name)
    return [PickerItem(team.name, str(team.id), icon="team") for team in teams]


def policy_items(directory: Directory, none: str) -> list[PickerItem]:
    """The answer that there is none, then active escalation policies by name."""
    policies = sorted((p for p in directory.policies if p.is_active), key=lambda p: p.name)
    return [
        PickerItem(none, NONE),
        *(PickerItem(p.name, str(p.id), directory.team(p.team_id), icon="bell") for p in policies),
    ]


def service_items(directory: Directory, unknown: str) -> list[PickerItem]:
    """The answer that it is not known, then active services by name with their owners."""
    services = sorted((s for s in directory.services.values() if s.is_active), key=lambda s: s.name)
    known = [
        PickerItem(s.name, str(s.id), directory.team(s.owner_team_id), icon="service")
        for s in services
    ]
    return [PickerItem(unknown, UNKNOWN, icon="info"), *known] if unknown else known


def product_items(directory: Directory) -> list[PickerItem]:
    """Active products by name with the service they belong to."""
    products = sorted((p for p in directory.products.values() if p.is_active), key=lambda p: p.name)
    return [
        PickerItem(p.name, str(p.id), directory.service(p.service_id) if p.service_id else "")
        for p in products
    ]


class CategoryPickers:
    """Category and subcategory: the second offers what belongs to the first."""

    def __init__(self, category: str, subcategory: str, nothing: str, choose: str) -> None:
        self.category = Picker(category, placeholder=choose)
        self.subcategory = Picker(subcategory, placeholder=nothing)
        self._directory = Directory()
        self._nothing = nothing
        self.category.picked.connect(self._follow)

    def show_directory(self, directory: Directory) -> None:
        """Offer the active categories."""
        self._directory = directory
        self.category.set_items([PickerItem(c.name, str(c.id)) for c in directory.top_categories])
        self._offer()

    def choose(self, category_id: UUID | None, subcategory_id: UUID | None) -> None:
        """Choose both without telling."""
        self.category.set_current_payload(key_of(category_id))
        self._offer()
        self.subcategory.set_current_payload(key_of(subcategory_id))

    def restore(self, draft: Mapping[str, object]) -> None:
        """Choose what a draft holds; a draft that holds neither changes nothing."""
        if "category" in draft:
            category, subcategory = (
                uuid_of(str(draft.get(name) or "")) for name in ("category", "subcategory")
            )
            self.choose(category, subcategory)

    @property
    def ids(self) -> tuple[UUID | None, UUID | None]:
        """What is chosen."""
        return _payload(self.category), _payload(self.subcategory)

    def _follow(self) -> None:
        self._offer()
        self.subcategory.set_current(None)

    def _offer(self) -> None:
        chosen = _payload(self.category)
        below = self._directory.subcategories_of(chosen) if chosen else ()
        items = [PickerItem(c.name, str(c.id)) for c in below]
        none = [PickerItem(self._nothing, NONE)] if items else []
        self.subcategory.set_items([*items, *none])
        self.subcategory.setEnabled(bool(items))


def _payload(picker: Picker) -> UUID | None:
    return uuid_of(str(picker.current.payload)) if picker.current else None


def product_checklist(name: str, nothing: str) -> Checklist:
    """The affected products in one line."""
    return Checklist(name, nothing=nothing)


def priority_matrix(
    name: str, corner: tuple[str, str], cells: str = DEFAULT_CELLS
) -> PriorityMatrix:
    """The matrix of impact and urgency with the priorities of an edition."""
    priorities = {
        (str(int(impact)), str(int(urgency))): int(cells[3 * (impact - 1) + urgency - 1])
        for impact in Impact
        for urgency in Urgency
    }
    return PriorityMatrix(
        name,
        [MatrixHeading(key, said(title), said(text)) for key, (title, text) in IMPACTS.items()],
        [MatrixHeading(key, said(title), said(text)) for key, (title, text) in URGENCIES.items()],
        priorities,
        corner=corner,
    )


def channel_segments() -> list[Segment]:
    """How a report can arrive."""
    translate = QCoreApplication.translate
    return [
        Segment("phone", translate("channels", "Phone"), "channel.phone"),
        Segment("walk_up", translate("channels", "Walk-up"), "channel.walkup"),
        Segment("email", translate("channels", "Email"), "channel.email"),
        Segment("chat", translate("channels", "Chat"), "channel.chat"),
        Segment("portal", translate("channels", "Portal"), "channel.portal"),
        Segment("monitoring", translate("channels", "Monitor"), "channel.monitor"),
    ]


def severity_segments(none: str) -> list[Segment]:
    """No severity, then SEV 1 to SEV 3."""
    return [Segment(NONE, none), *(Segment(key, f"SEV {key[-1]}") for key in SEVERITIES)]
