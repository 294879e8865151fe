"""Values of the on-call screen for tests: the week of the picture."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid5

from desktop.views.on_call.forms import PersonChoice
from desktop.views.on_call.values import (
    Bar,
    BarKind,
    Finding,
    FindingKind,
    Lane,
    NextHandover,
    OnCallNow,
    RosterRow,
    RotaPage,
)

MONDAY = date(2025, 11, 17)
NOW = datetime(2025, 11, 19, 10, 42, tzinfo=UTC)
_SPACE = UUID("7c1b7e4e-4a53-4cd1-9a6e-1c2a1d0f2a10")


def an_id(name: str) -> UUID:
    """The id of a person or a roster."""
    return uuid5(_SPACE, name)


NETWORK = an_id("Network")
PRIYA = PersonChoice(an_id("Priya Raman"), "Priya Raman", "Network")
JONAS = PersonChoice(an_id("Jonas Dietrich"), "Jonas Dietrich", "Network")
MAYA = PersonChoice(an_id("Maya Lindqvist"), "Maya Lindqvist", "you")


def at(day: int, hour: float = 0) -> datetime:
    """A moment of the week, days counted from Monday."""
    return datetime(2025, 11, 17, tzinfo=UTC) + timedelta(days=day, hours=hour)


def bar(person: str, start: datetime, end: datetime, *marks: str) -> Bar:
    """A bar of a person; ``marks`` are backup, override or you. No person is a gap."""
    kind = BarKind.BACKUP if "backup" in marks else BarKind.PRIMARY
    kind = kind if person else BarKind.GAP
    return Bar(
        key=f"{kind.value} {person} {start:%d%H}", kind=kind, starts_at=start, ends_at=end,
        person=person, person_id=an_id(person) if person else None,
        is_override="override" in marks, is_you="you" in marks,
        override_id=an_id(f"override {start}") if "override" in marks else None,
        tip=f"{person}, tip", spoken=f"{person or 'nobody'}, {start:%a %H:%M} to {end:%a %H:%M}",
    )  # fmt: skip


def row(name: str, subtitle: str, *lanes: list[Bar]) -> RosterRow:
    """A roster; a lane whose bars are backups is one."""
    made = tuple(Lane(tuple(bars), bars[0].kind is BarKind.BACKUP) for bars in lanes)
    return RosterRow(roster_id=an_id(name), name=name, subtitle=subtitle, lanes=made)


def rows() -> tuple[RosterRow, ...]:
    """The rosters of the picture."""
    return (
        row("Service Desk", "T1  ·  08:00–20:00", [
            bar("Oyelaran Bankole", at(0), at(2)),
            bar("Maya Lindqvist", at(2), at(5), "you"),
            bar("Tariq Khoury", at(5), at(7)),
        ]),
        row("Network", "T2  ·  24×7", [
            bar("Jonas Dietrich", at(-6, 9), at(0, 9)),
            bar("Priya Raman", at(0, 9), at(4, 18)),
            bar("Jonas Dietrich", at(4, 18), at(5, 18), "override"),
            bar("Priya Raman", at(5, 18), at(11, 9)),
        ], [bar("Jonas Dietrich", at(-7), at(7), "backup")]),
        row("Endpoint", "T2  ·  24×5", [bar("Haruto Nakamura", at(-7), at(5))]),
        row("Apps", "T2  ·  24×5", [
            bar("Laila Guerrero", at(-4), at(2, 9)),
            bar("Sofia Conti", at(2, 9), at(5)),
        ]),
        row("Identity", "T2  ·  24×7", [
            bar("Sofia Conti", at(-4), at(1, 9)),
            bar("Elin Wikström", at(1, 9), at(8)),
        ]),
        row("Database", "T3  ·  24×7", [
            bar("Adaeze Fashola", at(-4), at(2, 9)),
            bar("Ruben Meijer", at(2, 9), at(5, 18)),
            bar("", at(5, 18), at(6, 9)),
            bar("Adaeze Fashola", at(6, 9), at(7)),
        ], [bar("Laila Guerrero", at(-4), at(7), "backup")]),
        row("Platform", "T3  ·  24×7", [
            bar("Ruben Meijer", at(-4), at(3, 9)),
            bar("Haruto Nakamura", at(3, 9), at(4, 9), "override"),
            bar("Ruben Meijer", at(4, 9), at(8)),
        ]),
        row("Major incident manager", "MI  ·  24×7", [
            bar("Laila Guerrero", at(0), at(0, 9)),
            bar("Callum Byrne", at(0, 9), at(8)),
        ], [bar("Laila Guerrero", at(-4), at(7), "backup")]),
    )  # fmt: skip


def a_page(days: int = 7) -> RotaPage:
    """The week of the picture."""
    return RotaPage(first_day=MONDAY, days=days, zone=UTC, now=NOW, rows=rows())


def entries() -> list[OnCallNow]:
    """On call now, as in the picture."""

    def entry(roster: str, tier: str, until: str, person: str, then: str) -> OnCallNow:
        return OnCallNow(
            roster_id=an_id(roster), roster=roster, tier=tier, until=f"until {until}",
            person_id=an_id(person), person=person, is_you=person == "Maya Lindqvist",
            then=then, phone="+351 21 555 0111",
        )  # fmt: skip

    return [
        entry("Service Desk", "T1", "Fri 20:00", "Maya Lindqvist", "then Tariq K."),
        entry("Network", "T2", "Fri 18:00", "Priya Raman", "then Jonas D., override"),
        entry("Endpoint", "T2", "Fri 24:00", "Haruto Nakamura", "then no weekend cover"),
        entry("Apps", "T2", "Fri 24:00", "Sofia Conti", "on MI-204 as comms"),
        entry("Identity", "T2", "Mon 09:00", "Elin Wikström", "then Sofia C."),
        entry("Database", "T3", "Sat 18:00", "Ruben Meijer", "on MI-204, 9 h today"),
        entry("Platform", "T3", "Thu 09:00", "Ruben Meijer", "then Haruto N., override"),
        entry("Major incident manager", "", "Mon 09:00", "Callum Byrne", "backup Laila G."),
    ]


def handovers() -> list[NextHandover]:
    """The next three."""

    def handover(when: str, roster: str, one: str, other: str, **known: object) -> NextHandover:
        return NextHandover(
            roster_id=an_id(roster), roster=roster, at=at(3, 9), when=when,
            from_person=one, to_person=other, **known,
        )  # fmt: skip

    return [
        handover("Thu 09:00", "Platform", "Ruben Meijer", "Haruto Nakamura", is_soon=True),
        handover("Fri 18:00", "Network", "Priya Raman", "Jonas Dietrich", is_override=True),
        handover("Fri 20:00", "Service Desk", "Maya Lindqvist", "Tariq Khoury", note="All quiet"),
    ]


def a_gap() -> Finding:
    """Nobody for the databases on Saturday night."""
    return Finding(
        key="gap", kind=FindingKind.GAP, title="Database has no primary",
        text="Sat 18:00 to Sun 09:00, backup is Laila", roster_id=an_id("Database"),
        starts_at=at(5, 18), ends_at=at(6, 9),
    )  # fmt: skip
