"""Words for the values of an incident, in the order in which a person chooses."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from desktop.widgets.picker_list import PickerItem
from services.incidents.incident import ResolutionCode
from services.incidents.words import word_of
from services.people.person import Tier

CONTEXT: Final = "words"


def _text(source: object) -> str:
    """Marks a text for translation; the tool reads the call, the program keeps the source."""
    return str(source)


RESOLUTION_CODES: Final = {
    code.value: word_of(code) for code in ResolutionCode if code is not ResolutionCode.NOT_RECORDED
}
HOLD_REASONS: Final = {
    "caller": _text(QT_TRANSLATE_NOOP("words", "The caller")),
    "supplier": _text(QT_TRANSLATE_NOOP("words", "A supplier")),
    "change": _text(QT_TRANSLATE_NOOP("words", "A change")),
    "problem": _text(QT_TRANSLATE_NOOP("words", "A problem investigation")),
    "evidence": _text(QT_TRANSLATE_NOOP("words", "Evidence, until it happens again")),
    "scheduled": _text(QT_TRANSLATE_NOOP("words", "A scheduled window")),
}
PRIORITIES: Final = {
    1: _text(QT_TRANSLATE_NOOP("words", "Critical")),
    2: _text(QT_TRANSLATE_NOOP("words", "High")),
    3: _text(QT_TRANSLATE_NOOP("words", "Moderate")),
    4: _text(QT_TRANSLATE_NOOP("words", "Low")),
    5: _text(QT_TRANSLATE_NOOP("words", "Planning")),
}
IMPACTS: Final = {
    "1": (
        _text(QT_TRANSLATE_NOOP("words", "Organisation")),
        _text(QT_TRANSLATE_NOOP("words", "many sites or all")),
    ),
    "2": (
        _text(QT_TRANSLATE_NOOP("words", "Team")),
        _text(QT_TRANSLATE_NOOP("words", "a team, site or VIP")),
    ),
    "3": (
        _text(QT_TRANSLATE_NOOP("words", "One person")),
        _text(QT_TRANSLATE_NOOP("words", "a single caller")),
    ),
}
URGENCIES: Final = {
    "1": (
        _text(QT_TRANSLATE_NOOP("words", "High")),
        _text(QT_TRANSLATE_NOOP("words", "work has stopped")),
    ),
    "2": (
        _text(QT_TRANSLATE_NOOP("words", "Medium")),
        _text(QT_TRANSLATE_NOOP("words", "slow or partial")),
    ),
    "3": (
        _text(QT_TRANSLATE_NOOP("words", "Low")),
        _text(QT_TRANSLATE_NOOP("words", "can wait")),
    ),
}
SEVERITIES: Final = {
    "SEV1": _text(
        QT_TRANSLATE_NOOP(
            "words",
            "Critical. A customer-facing service is down for all, data is lost or privacy broken.",
        )
    ),
    "SEV2": _text(
        QT_TRANSLATE_NOOP(
            "words",
            "Major. Down for some customers, or a core function is significantly impacted.",
        )
    ),
    "SEV3": _text(
        QT_TRANSLATE_NOOP(
            "words", "Minor. A small inconvenience with a workaround, or usable but degraded."
        )
    ),
}
TIERS: Final = {
    Tier.SERVICE_DESK: _text(QT_TRANSLATE_NOOP("words", "Tier 1, service desk")),
    Tier.SECOND: _text(QT_TRANSLATE_NOOP("words", "Tier 2")),
    Tier.THIRD: _text(QT_TRANSLATE_NOOP("words", "Tier 3")),
    Tier.SUPPLIER: _text(QT_TRANSLATE_NOOP("words", "Supplier")),
}
ROLES: Final = {
    "service_desk": _text(QT_TRANSLATE_NOOP("words", "Service desk")),
    "tier_member": _text(QT_TRANSLATE_NOOP("words", "Tier member")),
    "incident_manager": _text(QT_TRANSLATE_NOOP("words", "Incident manager")),
    "communications_manager": _text(QT_TRANSLATE_NOOP("words", "Communications manager")),
    "manager": _text(QT_TRANSLATE_NOOP("words", "Manager")),
    "administrator": _text(QT_TRANSLATE_NOOP("words", "Administrator")),
}
CRITICALITIES: Final = {
    "1": _text(QT_TRANSLATE_NOOP("words", "Vital")),
    "2": _text(QT_TRANSLATE_NOOP("words", "Important")),
    "3": _text(QT_TRANSLATE_NOOP("words", "Normal")),
}
TEAM_REASONS: Final = (
    _text(QT_TRANSLATE_NOOP("words", "Needs access we do not have")),
    _text(QT_TRANSLATE_NOOP("words", "Needs knowledge we do not have")),
    _text(QT_TRANSLATE_NOOP("words", "First-line time is used up")),
    _text(QT_TRANSLATE_NOOP("words", "Belongs to another service")),
    _text(QT_TRANSLATE_NOOP("words", "Needs work on site")),
    _text(QT_TRANSLATE_NOOP("words", "Under contract with a supplier")),
)
LINE_REASONS: Final = (
    _text(QT_TRANSLATE_NOOP("words", "Resolution takes too long")),
    _text(QT_TRANSLATE_NOOP("words", "VIP caller is affected")),
    _text(QT_TRANSLATE_NOOP("words", "Needs a decision or an approval")),
    _text(QT_TRANSLATE_NOOP("words", "Needs people from another team")),
    _text(QT_TRANSLATE_NOOP("words", "Critical priority: for information")),
    _text(QT_TRANSLATE_NOOP("words", "Complaint by the caller")),
)


def said(source: str) -> str:
    """A text of this list in the language of the screen."""
    return QCoreApplication.translate(CONTEXT, source)


def choices_of(words: dict[str, str]) -> list[PickerItem]:
    """What a picker offers for a table of keys and words."""
    return [PickerItem(said(text), key) for key, text in words.items()]


def filled(text: str, *values: str) -> str:
    """The text with ``%1``, ``%2`` … replaced by the values, each as it is."""
    for at, value in enumerate(values, start=1):
        text = text.replace(f"%{at}", value)
    return text


def joined(parts: Sequence[str]) -> str:
    """Parts that are not empty, with a dot between."""
    return "  ·  ".join(part for part in parts if part)


def tier_mark(tier: Tier) -> str:
    """``T2``, or the word for a supplier."""
    return tier_word(tier) if tier is Tier.SUPPLIER else f"T{int(tier)}"


def tier_word(tier: Tier) -> str:
    """What a tier is called; one that only a newer program knows is its number."""
    return said(TIERS[tier]) if tier in TIERS else f"T{int(tier)}"


def first_name(name: str) -> str:
    """How a button speaks of a person."""
    return name.split(" ")[0] if name else ""
