"""A small organisation for tests and pictures of screens; ids are fixed."""

from datetime import UTC, datetime, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from services.catalogue.service import BusinessService, Category, Criticality, Product
from services.incidents.directory import Directory
from services.incidents.incident import Channel, Incident, IncidentState
from services.incidents.labels import StateLabel
from services.incidents.priority import Impact, Priority, PriorityMatrix, Urgency
from services.incidents.read_models import RelatedItem
from services.people.person import Person, PersonRole, Role, Team, TeamMember, Tier

NOW = datetime(2026, 10, 14, 10, 42, 7, tzinfo=UTC)


def an_id(name: str) -> UUID:
    """The id of whatever is called so."""
    return uuid5(NAMESPACE_URL, name)


_PEOPLE = (
    ("Tomás Herrera", "Finance", "Lisbon, floor 4", "+351 21 555 0142", "LT-44871", "Controller"),
    ("Inês Duarte", "Finance", "Lisbon, floor 4", "+351 21 555 0177", "LT-40233", "Accountant"),
    ("Karl Osei", "Sales", "Remote", "+49 30 555 0119", "LT-39014", "Account executive"),
    ("Mina Park", "Design", "Porto", "+351 22 555 0103", "LT-41226", "Designer"),
    ("Maya Lindqvist", "IT", "Lisbon", "+351 21 555 0100", "LT-30001", "Service desk agent"),
    ("Tomasz Kowal", "IT", "Gdańsk", "+48 58 555 0101", "LT-30002", "Service desk agent"),
    ("Oyelaran Bankole", "IT", "Lisbon", "+351 21 555 0110", "LT-30003", "Service Desk lead"),
    ("Laila Guerrero", "IT", "Madrid", "+34 91 555 0160", "LT-30004", "Service delivery manager"),
    ("Callum Byrne", "IT", "Dublin", "+353 1 555 0181", "LT-30005", "Head of IT operations"),
    ("Adaeze Fashola", "Board", "London", "+44 20 5550 0190", "LT-30006", "CIO"),
    ("Priya Raman", "IT", "Lisbon", "+351 21 555 0120", "LT-30007", "Network engineer"),
    ("Jonas Dietrich", "IT", "Berlin", "+49 30 555 0121", "LT-30008", "Network engineer"),
    ("Haruto Nakamura", "IT", "Porto", "+351 22 555 0130", "LT-30009", "Endpoint engineer"),
    ("Elin Wikström", "IT", "Malmö", "+46 40 555 0140", "LT-30010", "Identity engineer"),
    ("Ruben Meijer", "IT", "Utrecht", "+31 30 555 0150", "LT-30011", "Platform engineer"),
)
_VIPS = {"Tomás Herrera", "Adaeze Fashola"}
_MANAGERS = {
    "Oyelaran Bankole": "Laila Guerrero",
    "Laila Guerrero": "Callum Byrne",
    "Callum Byrne": "Adaeze Fashola",
}
_TEAMS = (
    ("Service Desk", Tier.SERVICE_DESK, "Oyelaran Bankole", "+351 21 555 0100",
     ("Maya Lindqvist", "Tomasz Kowal", "Oyelaran Bankole")),
    ("Network", Tier.SECOND, "Priya Raman", "+351 21 555 0120", ("Priya Raman", "Jonas Dietrich")),
    ("Endpoint", Tier.SECOND, "Haruto Nakamura", "+351 22 555 0130", ("Haruto Nakamura",)),
    ("Identity", Tier.SECOND, "Elin Wikström", "+46 40 555 0140", ("Elin Wikström",)),
    ("Platform", Tier.THIRD, "Ruben Meijer", "+31 30 555 0150", ("Ruben Meijer",)),
    ("Vendor, VPN client", Tier.SUPPLIER, None, "+1 415 555 0199", ()),
)  # fmt: skip
_SERVICES = (
    ("Remote access", "Network", Criticality.VITAL),
    ("Email and calendar", "Platform", Criticality.IMPORTANT),
    ("Payroll", "Platform", Criticality.VITAL),
    ("Sign-in", "Identity", Criticality.VITAL),
    ("Workplace computers", "Endpoint", Criticality.NORMAL),
)
_PRODUCTS = (("VPN client 5.4", "Remote access"), ("Ledger", "Payroll"), ("Outlook",
             "Email and calendar"), ("Laptop", "Workplace computers"))  # fmt: skip
_CATEGORIES = {
    "Network": ("VPN", "Wi-Fi", "Wired"),
    "Endpoint": ("Laptop", "Update", "Docking station"),
    "Access": ("Password", "Permissions"),
    "Printing": (),
}


def _people() -> list[Person]:
    return [
        Person(
            id=an_id(name),
            name=name,
            login=name.split()[0].lower() if department == "IT" else None,
            email=f"{name.split()[0].lower()}@example.org",
            phone=phone,
            job_title=job,
            department=department,
            site=site,
            asset_tag=asset,
            is_vip=name in _VIPS,
            manager_id=an_id(_MANAGERS[name]) if name in _MANAGERS else None,
        )
        for name, department, site, phone, asset, job in _PEOPLE
    ]


def _members() -> tuple[TeamMember, ...]:
    return tuple(
        TeamMember(id=an_id(f"{team}{name}"), team_id=an_id(team), person_id=an_id(name))
        for team, _, _, _, names in _TEAMS
        for name in names
    )


def _roles() -> tuple[PersonRole, ...]:
    held = [("Maya Lindqvist", Role.SERVICE_DESK), ("Oyelaran Bankole", Role.SERVICE_DESK),
            ("Oyelaran Bankole", Role.ADMINISTRATOR), ("Priya Raman", Role.TIER_MEMBER),
            ("Laila Guerrero", Role.MANAGER)]  # fmt: skip
    return tuple(
        PersonRole(id=an_id(f"{name}{role.value}"), person_id=an_id(name), role=role)
        for name, role in held
    )


def _categories() -> list[Category]:
    tops = [Category(id=an_id(f"c {name}"), name=name) for name in _CATEGORIES]
    below = [
        Category(id=an_id(f"c {top} {name}"), name=name, parent_id=an_id(f"c {top}"))
        for top, names in _CATEGORIES.items()
        for name in names
    ]
    return tops + below


def a_directory() -> Directory:
    """Everybody, their teams, and the catalogue."""
    teams = [
        Team(id=an_id(name), name=name, tier=tier, phone=phone,
             lead_id=an_id(lead) if lead else None)
        for name, tier, lead, phone, _ in _TEAMS
    ]  # fmt: skip
    services = [
        BusinessService(id=an_id(f"s {name}"), name=name, owner_team_id=an_id(team), criticality=c)
        for name, team, c in _SERVICES
    ]
    products = [
        Product(id=an_id(f"p {name}"), name=name, service_id=an_id(f"s {service}"))
        for name, service in _PRODUCTS
    ]
    return Directory(
        people={p.id: p for p in _people()},
        teams={t.id: t for t in teams},
        services={s.id: s for s in services},
        products={p.id: p for p in products},
        categories={c.id: c for c in _categories()},
        members=_members(),
        roles=_roles(),
        matrices=(PriorityMatrix(id=an_id("matrix"), edition=3, name="Autumn 2026"),),
    )


def an_incident(**changes: object) -> Incident:
    """VPN drops for Tomás, in progress at the service desk; ``changes`` replace fields."""
    values: dict[str, object] = {
        "id": an_id("INC-20431"),
        "number": 20431,
        "state": IncidentState.IN_PROGRESS,
        "summary": "VPN drops every few minutes after client update",
        "description": "Tunnel disconnects about every 5 minutes since the 07:00 update.",
        "channel": Channel.PHONE,
        "caller_id": an_id("Tomás Herrera"),
        "opened_by_id": an_id("Maya Lindqvist"),
        "reported_at": NOW - timedelta(minutes=36),
        "created_at": NOW - timedelta(minutes=35),
        "updated_at": NOW - timedelta(minutes=4),
        "service_id": an_id("s Remote access"),
        "category_id": an_id("c Network"),
        "subcategory_id": an_id("c Network VPN"),
        "impact": Impact.TEAM,
        "urgency": Urgency.HIGH,
        "priority": Priority.P2,
        "matrix_edition": 3,
        "owner_team_id": an_id("Service Desk"),
        "owner_id": an_id("Maya Lindqvist"),
        "team_id": an_id("Service Desk"),
        "assignee_id": an_id("Maya Lindqvist"),
        "accepted_at": NOW - timedelta(minutes=30),
        **changes,
    }
    return Incident(**values)  # type: ignore[arg-type]


def a_related(number: int, summary: str, label: StateLabel, days: float, priority: int = 3):
    """A related incident, reported some days ago."""
    return RelatedItem(
        id=an_id(f"INC-{number}"),
        number=number,
        relation="Same caller",
        summary=summary,
        priority=Priority(priority),
        label=label,
        reported_at=NOW - timedelta(days=days),
    )


def earlier() -> tuple[RelatedItem, ...]:
    """What Tomás reported before."""
    return (
        a_related(20418, "Ledger export stops at page 12", StateLabel.IN_PROGRESS, 0.1),
        a_related(20107, "Cannot open Q3 ledger share", StateLabel.RESOLVED, 2, 3),
        a_related(19877, "Replace headset", StateLabel.CLOSED, 11, 4),
        a_related(19641, "New phone, MFA setup", StateLabel.CLOSED, 16, 4),
    )
