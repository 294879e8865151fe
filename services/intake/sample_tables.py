"""The tables of the sample company, read from ``resources/sample`` and typed."""

import tomllib
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import Any
from uuid import UUID

from services.core.ids import derived_id
from services.incidents.incident import ResolutionCode
from services.incidents.priority import Impact, Urgency

TROUBLE_TABLES = ("incidents_1", "incidents_2", "incidents_3", "incidents_4")
DESK = "Service Desk"
COMMON_NEED = "Please confirm this on your side and correct it; we keep the caller informed."


def sample_id(kind: str, name: str) -> UUID:
    """The id of a record of the sample company, by its name; an incident's is its summary."""
    return derived_id("sample", kind, name)


def team_id(name: str) -> UUID:
    """The id of a team; the service desk has been there since the database was founded."""
    return derived_id("team", name)


def category_id(name: str, parent: str = "") -> UUID:
    """The id of a category, or with a parent of a subcategory."""
    return sample_id("category", f"{parent}/{name}")


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who works in IT."""

    name: str
    job_title: str
    team: str
    roles: list[str]
    manager: str
    site: str
    phone: str

    @property
    def id(self) -> UUID:
        """The person's id."""
        return sample_id("person", self.name)


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who reports incidents."""

    name: str
    address: str
    job_title: str
    department: str
    site: str
    phone: str
    asset_tag: str
    is_vip: bool

    @property
    def id(self) -> UUID:
        """The person's id."""
        return sample_id("person", self.name)


@dataclass(frozen=True, slots=True)
class Trouble:
    """One kind of trouble: what is said of it, what the desk finds, what helps."""

    category: str
    subcategory: str
    service: str
    product: str
    owner_team: str
    source: str
    impact: Impact
    urgency: Urgency
    said: str
    note: str
    found: str
    need: str
    code: ResolutionCode
    resolution: str


@dataclass(frozen=True, slots=True)
class Present:
    """Where one incident stands that the tables tell one by one."""

    summary: str
    minutes: int
    way: str
    who: str
    known: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Words:
    """What people of the desk write again and again."""

    replies: tuple[str, ...]
    tier_notes: tuple[str, ...]
    calls: tuple[str, ...]
    caller_replies: tuple[str, ...]
    attempts: tuple[str, ...]
    untried: tuple[str, ...]
    rejections: tuple[str, ...]
    hand_backs: tuple[str, ...]
    recalls: tuple[str, ...]
    reopenings: tuple[str, ...]
    not_incidents: tuple[str, ...]
    errors: tuple[str, ...]
    holds: dict[str, tuple[list[str], list[str]]]
    up: dict[str, str]


@dataclass(frozen=True, slots=True)
class Company:
    """Everything that is written about the sample company."""

    mail_domain: str
    staff: dict[str, Colleague]
    callers: dict[str, Caller]
    teams: tuple[tuple[str, int, str, str], ...]
    services: tuple[tuple[str, str, int, str], ...]
    products: tuple[tuple[str, str], ...]
    categories: dict[str, list[str]]
    calls_from: dict[str, list[str]]
    troubles: dict[str, Trouble]
    present: tuple[Present, ...]
    together: tuple[str, ...]
    words: Words
    majors: dict[str, Any]

    def members_of(self, team: str) -> tuple[Colleague, ...]:
        """People of a team, as listed."""
        return tuple(person for person in self.staff.values() if person.team == team)


@cache
def sample_tables() -> Company:
    """The tables, read once."""
    company, desk = _table("company"), _table("desk")
    owners = {name: owner for name, owner, _, _ in company["services"]}
    above = {sub: top for top, subs in company["categories"].items() for sub in subs}
    own = _table("own")
    troubles = {
        summary: _in_own_words(_trouble(entry, owners, above), own.get(summary))
        for table in TROUBLE_TABLES
        for entry in _table(table)["incident"]
        for summary in entry["summaries"]
    }
    return Company(
        mail_domain=company["mail_domain"],
        staff={row[0]: Colleague(*row) for row in company["staff"]},
        callers={row[0]: Caller(*row) for row in company["callers"]},
        teams=tuple(tuple(row) for row in company["teams"]),
        services=tuple(tuple(row) for row in company["services"]),
        products=tuple(tuple(row) for row in company["products"]),
        categories=company["categories"],
        calls_from=company["calls_from"],
        troubles=troubles,
        present=tuple(Present(*row) for row in desk["open"]),
        together=tuple(desk["together"]),
        words=_words(desk),
        majors=_table("major"),
    )


def _table(name: str) -> dict[str, Any]:
    file = resources.files("resources") / "sample" / f"{name}.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _trouble(entry: dict[str, Any], owners: dict[str, str], above: dict[str, str]) -> Trouble:
    subcategory, service, *product = entry["of"]
    return Trouble(
        category=above[subcategory],
        subcategory=subcategory,
        service=service,
        product=product[0] if product else "",
        owner_team=owners[service],
        source=entry.get("source", ""),
        impact=Impact(entry["rank"][0]),
        urgency=Urgency(entry["rank"][1]),
        said=entry["said"],
        note=entry["note"],
        found=entry["found"],
        need=entry["need"],
        code=ResolutionCode(entry["fix"][0]),
        resolution=entry["fix"][1],
    )


def _in_own_words(trouble: Trouble, own: list[str] | None) -> Trouble:
    """The trouble as it went for one call that went its own way."""
    if own is None:
        return trouble
    said, note, found, resolution = own
    return replace(
        trouble,
        said=said,
        note=note,
        found=found,
        need=COMMON_NEED,
        code=_code_of(resolution),
        resolution=resolution,
    )


def _code_of(resolution: str) -> ResolutionCode:
    words = resolution.lower()
    if words.startswith(("explained", "showed")):
        return ResolutionCode.ADVICE
    if "replaced" in words or "exchanged" in words:
        return ResolutionCode.HARDWARE
    return ResolutionCode.SOFTWARE_UPDATE if "updated" in words else ResolutionCode.FIXED


def _words(desk: dict[str, Any]) -> Words:
    lists = {
        name: tuple(desk[name])
        for name in Words.__dataclass_fields__
        if name not in ("holds", "up")
    }
    return Words(**lists, holds=desk["holds"], up=desk["up"])
