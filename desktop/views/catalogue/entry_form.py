"""The forms of the catalogue: the fields of one entry of each kind."""

from collections.abc import Sequence
from uuid import UUID

from desktop.views.catalogue.entry_fields import EntryForm
from desktop.views.catalogue.forms import (
    CategoryEntryForm,
    PersonForm,
    ProductForm,
    ServiceEntryForm,
    TeamForm,
)
from desktop.views.dialogs.choosing import (
    NONE,
    CallerPicker,
    key_of,
    policy_items,
    service_items,
    team_items,
    uuid_of,
)
from desktop.views.dialogs.controls import Checklist
from desktop.views.dialogs.words import CRITICALITIES, ROLES, TIERS, choices_of, said
from desktop.widgets.choices import CheckRow
from desktop.widgets.inputs import TextEdit
from desktop.widgets.picker import Picker
from desktop.widgets.picker_list import PickerItem
from desktop.widgets.segmented import Segment, SegmentedControl
from services.catalogue.service import Criticality
from services.incidents.directory import Directory
from services.people.person import Role, Tier


class PersonEntryForm(EntryForm[Directory]):
    """A person, the teams and the roles."""

    def add_fields(self) -> None:
        """Name first, then how to reach them, then what they may do."""
        line = self.line
        name, job = self.name_field(), self.tr("Job title")
        self.add_row(name, ("job_title", job, line(job), ""))
        phone, mail = self.tr("Phone"), self.tr("Mail")
        self.add_row(("phone", phone, line(phone), ""), ("email", mail, line(mail), ""))
        department, site = self.tr("Department"), self.tr("Site")
        self.add_row(
            ("department", department, line(department), ""), ("site", site, line(site), "")
        )
        asset, login = self.tr("Asset tag"), self.tr("Login")
        self._login = line(login)
        self._login.setPlaceholderText(self.tr("only for people who work here"))
        self.add_row(("asset_tag", asset, line(asset), ""), ("login", login, self._login, ""))
        self._teams = Checklist(self.tr("Teams"), nothing=self.tr("No team"), icon="team")
        self._roles = Checklist(self.tr("Roles"), nothing=self.tr("No role: a caller"), icon="key")
        self._roles.set_offered(choices_of(ROLES))
        self.add_row(("teams", self.tr("Teams"), self._teams, ""),
                     ("roles", self.tr("Roles"), self._roles, ""))  # fmt: skip
        self._manager = CallerPicker(self.tr("Manager"), may_add=False)
        self.add_row(("manager", self.tr("Manager"), self._manager, ""))
        vip = CheckRow(self.tr("VIP"), self.tr("Marked in the queue and on the log page"))
        self.add_row(("is_vip", "", vip, ""))

    def show_directory(self, directory: Directory) -> None:
        """Offer teams and managers."""
        self._teams.set_offered(team_items(directory))
        self._manager.set_people(directory)

    def values(self, directory: Directory, id_: UUID | None) -> dict[str, object]:
        """Values of a person."""
        person = directory.people.get(id_) if id_ else None
        self._login.setReadOnly(person is not None)
        texts = ("name", "job_title", "phone", "email", "department", "site", "asset_tag")
        return {
            **{name: getattr(person, name) if person else "" for name in texts},
            "login": (person.login or "") if person else "",
            "teams": [str(t) for t in directory.teams_of(id_)] if id_ else [],
            "roles": [role.value for role in directory.roles_of(id_)] if id_ else [],
            "manager": key_of(person.manager_id) if person else "",
            "is_vip": person.is_vip if person else False,
            "is_active": person.is_active if person else True,
        }

    def form(self) -> PersonForm:
        """The person."""
        text = self.fields.text
        return PersonForm(
            person_id=self.entry_id,
            name=text("name"),
            login=text("login"),
            email=text("email"),
            phone=text("phone"),
            job_title=text("job_title"),
            department=text("department"),
            site=text("site"),
            asset_tag=text("asset_tag"),
            is_vip=self.fields.is_on("is_vip"),
            manager_id=self._manager.person_id,
            team_ids=frozenset(UUID(key) for key in self._teams.keys),
            roles=frozenset(Role(key) for key in self._roles.keys),
            is_active=self.fields.is_on("is_active"),
        )


class TeamEntryForm(EntryForm[Directory]):
    """A team, its tier, lead and phone."""

    def add_fields(self) -> None:
        """Name and phone, tier, lead."""
        phone = self.tr("Phone")
        self.add_row(self.name_field(), ("phone", phone, self.line(phone), ""))
        tiers = [Segment(str(int(tier)), said(text)) for tier, text in TIERS.items()]
        tier = SegmentedControl(self.tr("Tier"), tiers, height=32, stretch=True)
        self.add_row(("tier", self.tr("Tier"), tier, ""))
        self._lead = CallerPicker(self.tr("Lead"), may_add=False)
        self.add_row(("lead", self.tr("Lead: first rung of the management line"), self._lead, ""))

    def show_directory(self, directory: Directory) -> None:
        """Offer leads."""
        self._lead.set_people(directory)

    def values(self, directory: Directory, id_: UUID | None) -> dict[str, object]:
        """Values of a team."""
        team = directory.teams.get(id_) if id_ else None
        return {
            "name": team.name if team else "",
            "phone": team.phone if team else "",
            "tier": str(int(team.tier)) if team else "1",
            "lead": key_of(team.lead_id) if team else "",
            "is_active": team.is_active if team else True,
        }

    def form(self) -> TeamForm:
        """The team."""
        return TeamForm(
            team_id=self.entry_id,
            name=self.fields.text("name"),
            tier=Tier(int(self.fields.text("tier"))),
            lead_id=self._lead.person_id,
            phone=self.fields.text("phone"),
            is_active=self.fields.is_on("is_active"),
        )


class ServiceForm(EntryForm[Directory]):
    """A business service, its owner team and how much hangs on it."""

    def add_fields(self) -> None:
        """Name and owner, what it is, criticality, and who is paged when it burns."""
        self._owner = Picker(
            self.tr("Owner team"), placeholder=self.tr("No owner yet"), icon="team"
        )
        self.add_row(self.name_field(), ("owner", self.tr("Owner team"), self._owner, ""))
        description = TextEdit(self.tr("Description"), lines=3)
        self.add_row(("description", self.tr("Description"), description, ""))
        levels = [Segment(key, said(text)) for key, text in CRITICALITIES.items()]
        criticality = SegmentedControl(self.tr("Criticality"), levels, height=32, stretch=True)
        label = self.tr("Criticality: how much the business hangs on it")
        self.add_row(("criticality", label, criticality, ""))
        self._policy = Picker(self.tr("Paged for a major incident"), icon="bell")
        self.add_row(("policy", self.tr("Paged for a major incident"), self._policy, ""))

    def show_directory(self, directory: Directory) -> None:
        """Offer owner teams, and policies that find an incident manager."""
        none = PickerItem(self.tr("No owner yet"), NONE)
        self._owner.set_items([*team_items(directory), none])
        self._policy.set_items(
            policy_items(directory, self.tr("The major incident manager on call"))
        )

    def values(self, directory: Directory, id_: UUID | None) -> dict[str, object]:
        """Values of a service."""
        service = directory.services.get(id_) if id_ else None
        return {
            "name": service.name if service else "",
            "description": service.description if service else "",
            "owner": key_of(service.owner_team_id) if service else "",
            "criticality": str(int(service.criticality)) if service else "3",
            "policy": (key_of(service.major_policy_id) if service else "") or NONE,
            "is_active": service.is_active if service else True,
        }

    def form(self) -> ServiceEntryForm:
        """The service."""
        return ServiceEntryForm(
            service_id=self.entry_id,
            name=self.fields.text("name"),
            description=self.fields.text("description"),
            owner_team_id=uuid_of(self.fields.text("owner")),
            criticality=Criticality(int(self.fields.text("criticality"))),
            major_policy_id=uuid_of(self.fields.text("policy")),
            is_active=self.fields.is_on("is_active"),
        )


class ProductEntryForm(EntryForm[Directory]):
    """A product and its service."""

    def add_fields(self) -> None:
        """Name and service."""
        self._service = Picker(self.tr("Service"), placeholder=self.tr("None"), icon="service")
        self.add_row(self.name_field(), ("service", self.tr("Service"), self._service, ""))

    def show_directory(self, directory: Directory) -> None:
        """Offer services."""
        none = PickerItem(self.tr("None"), NONE)
        self._service.set_items([*service_items(directory, ""), none])

    def values(self, directory: Directory, id_: UUID | None) -> dict[str, object]:
        """Values of a product."""
        product = directory.products.get(id_) if id_ else None
        return {
            "name": product.name if product else "",
            "service": key_of(product.service_id) if product else "",
            "is_active": product.is_active if product else True,
        }

    def form(self) -> ProductForm:
        """The product."""
        return ProductForm(
            product_id=self.entry_id,
            name=self.fields.text("name"),
            service_id=uuid_of(self.fields.text("service")),
            is_active=self.fields.is_on("is_active"),
        )


class CategoryForm(EntryForm[Directory]):
    """A category, or a subcategory below one."""

    def add_fields(self) -> None:
        """Name and what it belongs to."""
        self._parent = Picker(self.tr("Below"), placeholder=self.tr("Top level"))
        label = self.tr("Below (decided when it is added)")
        self.add_row(self.name_field(), ("parent", label, self._parent, ""))

    def show_directory(self, directory: Directory) -> None:
        """Offer the top categories."""
        tops: Sequence[PickerItem] = [
            PickerItem(c.name, str(c.id)) for c in directory.top_categories
        ]
        self._parent.set_items([PickerItem(self.tr("Top level"), NONE), *tops])

    def values(self, directory: Directory, id_: UUID | None) -> dict[str, object]:
        """Values of a category."""
        category = directory.categories.get(id_) if id_ else None
        self._parent.setEnabled(category is None)
        return {
            "name": category.name if category else "",
            "parent": key_of(category.parent_id) if category else "",
            "is_active": category.is_active if category else True,
        }

    def form(self) -> CategoryEntryForm:
        """The category."""
        return CategoryEntryForm(
            category_id=self.entry_id,
            name=self.fields.text("name"),
            parent_id=uuid_of(self.fields.text("parent")),
            is_active=self.fields.is_on("is_active"),
        )
