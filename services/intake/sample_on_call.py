"""Who is on call in the sample company: rosters, what departs from them, and how pages go on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final
from uuid import UUID

from services.intake.sample_founding import address_of
from services.intake.sample_story import Step
from services.intake.sample_tables import DESK, Company, sample_id, team_id
from services.on_call import acts, commands, exception_commands, policy_commands
from services.on_call.policy_acts import AddPolicy, StepDraft
from services.on_call.roster import HolidayRule, OverrideKind, RotationUnit
from services.on_call.wall_clock import wall_clock
from services.paging.destination import ProviderKind
from services.paging.destination_commands import AddDestination, add_destination
from services.people.contact import ContactKind
from services.people.contact_commands import AddContactMethod, add_contact_method
from services.sync.envelope import CommandFunction

CATCH_ALL: Final = "Major incident manager"
LISBON, AMSTERDAM = "Europe/Lisbon", "Europe/Amsterdam"
DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
TURNS_BEFORE: Final = timedelta(days=126)
"""Rotations began then: six turns of seven people of three days, or 18 weeks."""

ON_CALL_FUNCTIONS: Final[Mapping[type, CommandFunction]] = {
    acts.AddRoster: commands.add_roster,
    acts.AddRotation: commands.add_rotation,
    acts.AddHoliday: commands.add_holiday,
    acts.AddOverride: exception_commands.add_override,
    acts.RecordTimeOff: exception_commands.record_time_off,
    acts.OfferSwap: exception_commands.offer_swap,
    acts.WriteHandoverNote: exception_commands.write_handover_note,
    AddPolicy: policy_commands.add_policy,
    AddDestination: add_destination,
    AddContactMethod: add_contact_method,
}


@dataclass(frozen=True, slots=True)
class Turns:
    """One rotation: its roster, the day and hour of the handover, and who takes turns."""

    roster: str
    handover: str
    people: tuple[str, ...]
    restriction: str = ""
    is_backup: bool = False
    days: int = 7


ZONES: Final = {
    CATCH_ALL: LISBON,
    DESK: LISBON,
    "Network": LISBON,
    "Endpoint": LISBON,
    "Identity": LISBON,
    "Apps": LISBON,
    "Database": LISBON,
    "Platform": AMSTERDAM,
    "Security": AMSTERDAM,
}
ROTATIONS: Final = (
    Turns(CATCH_ALL, "mon 09:00", ("Noor van Dijk", "Callum Byrne", "Laila Guerrero")),
    Turns(CATCH_ALL, "mon 09:00", ("Laila Guerrero", "Ingrid Solheim"), is_backup=True),
    Turns(
        DESK, "yesterday 08:00",
        ("Maya Lindqvist", "Tae-yang Kim", "Niamh O’Connor", "Chiara Bellini", "Jonas Weber",
         "Fatima Zahra El Amrani", "Oyelaran Bankole"),
        restriction="08:00-20:00", days=3,
    ),
    Turns("Network", "mon 09:00", ("Priya Raman", "Jakub Dvořák", "Miriam Cohen")),
    Turns("Network", "mon 09:00", ("Miriam Cohen", "Priya Raman", "Jakub Dvořák"), is_backup=True),
    Turns(
        "Endpoint", "mon 00:00", ("Haruto Nakamura", "Zofia Wiśniewska", "Kwame Mensah"),
        restriction="mon-fri 00:00-24:00",
    ),
    Turns("Identity", "tue 09:00", ("Elin Wikström", "Darius Petrauskas")),
    Turns(
        "Apps", "wed 09:00", ("Sofía Carrasco", "Leila Nazari", "Łukasz Górski"),
        restriction="mon-fri 00:00-24:00",
    ),
    Turns("Database", "wed 09:00", ("Thandiwe Nkosi", "Renata Moreno")),
    Turns("Database", "wed 09:00", ("Renata Moreno", "Thandiwe Nkosi"), is_backup=True),
    Turns("Platform", "thu 09:00", ("Ruben Meijer", "Aisha Siddiqui")),
    Turns("Security", "mon 08:00", ("Yusuf Demir", "Clara Hoffmann")),
)  # fmt: skip
POLICIES: Final = ("Network", "Database", "Platform")
MAIL: Final = '{"host": "mail.alderfinch.example", "sender": "firstline@alderfinch.example"}'


def roster_id(name: str) -> UUID:
    """The id of a roster."""
    return sample_id("roster", name)


def on_call_founding(company: Company, now: datetime) -> Iterator[object]:
    """Rosters with their people, the way mail goes out, and policies."""
    for name, zone in ZONES.items():
        yield acts.AddRoster(
            roster_id=roster_id(name),
            name=name,
            time_zone=zone,
            team_id=None if name == CATCH_ALL else team_id(name),
            is_catch_all=name == CATCH_ALL,
        )
    for number, turns in enumerate(ROTATIONS):
        yield _rotation(company, turns, number, now)
    for year in (now.year, now.year + 1):
        day = f"{year}-12-25"
        yield acts.AddHoliday(roster_id=roster_id("Endpoint"), on_date=day, name="Christmas Day")
    yield from _channels(company)
    yield from _policies(company)


def _rotation(company: Company, turns: Turns, number: int, now: datetime) -> acts.AddRotation:
    return acts.AddRotation(
        rotation_id=sample_id("rotation", str(number)),
        roster_id=roster_id(turns.roster),
        name="Backup" if turns.is_backup else "Primary",
        person_ids=tuple(company.staff[name].id for name in turns.people),
        starts_at_local=f"{_beginning(turns, now):%Y-%m-%dT%H:%M}",
        is_backup=turns.is_backup,
        unit=RotationUnit.WEEK if turns.days == 7 else RotationUnit.DAY,
        length=1 if turns.days == 7 else turns.days,
        restriction=turns.restriction,
        holiday_rule=HolidayRule.OFF if turns.roster == "Endpoint" else HolidayRule.AS_USUAL,
    )


def _beginning(turns: Turns, now: datetime) -> datetime:
    """When the first turn began, by the wall clock of the roster."""
    local = wall_clock(ZONES[turns.roster]).local(now - TURNS_BEFORE)
    day, _, clock = turns.handover.partition(" ")
    back = 1 if day == "yesterday" else (local.weekday() - DAYS.index(day)) % 7
    return datetime.combine(local.date() - timedelta(days=back), time.fromisoformat(clock))


def on_turn(turns: Turns, at: datetime, now: datetime) -> str:
    """Whose turn it is at a moment."""
    local = wall_clock(ZONES[turns.roster]).local(at)
    gone = (local - _beginning(turns, now)) // timedelta(days=turns.days)
    return turns.people[gone % len(turns.people)]


def _channels(company: Company) -> Iterator[object]:
    destination_id = sample_id("destination", "Mail")
    yield AddDestination(
        destination_id=destination_id, kind=ProviderKind.EMAIL, name="Mail", options=MAIL
    )
    for name in sorted({name for turns in ROTATIONS for name in turns.people}):
        yield AddContactMethod(
            contact_method_id=sample_id("contact", name),
            person_id=company.staff[name].id,
            kind=ContactKind.EMAIL,
            destination_id=destination_id,
            address=f"{address_of(name)}@{company.mail_domain}",
            name="Mail",
        )


def _policies(company: Company) -> Iterator[object]:
    catch_all = StepDraft(delay_s=600, roster_ids=(roster_id(CATCH_ALL),))
    for name in POLICIES:
        lead = next(lead for team, _, lead, _ in company.teams if team == name)
        yield AddPolicy(
            policy_id=sample_id("policy", name),
            name=f"{name}, day and night",
            team_id=team_id(name),
            steps=(
                StepDraft(roster_ids=(roster_id(name),)).to_text(),
                StepDraft(person_ids=(company.staff[lead].id,)).to_text(),
                catch_all.to_text(),
            ),
            business_hours="mon-fri 08:00-18:00",
            time_zone=ZONES[name],
        )
    yield AddPolicy(
        policy_id=sample_id("policy", "usual"),
        name="All other teams",
        steps=(catch_all.to_text(),),
        business_hours="mon-fri 08:00-18:00",
        time_zone=LISBON,
    )


def on_call_present(company: Company, now: datetime) -> Iterator[Step]:
    """What departs from the rosters in the days to come."""
    ids = {name: person.id for name, person in company.staff.items()}
    network, database, desk = (
        next(turns for turns in ROTATIONS if turns.roster == name)
        for name in ("Network", "Database", DESK)
    )
    hour = timedelta(hours=1)
    friday, saturday = coming(now, "fri", 18), coming(now, "sat", 18)
    leaves = on_turn(network, friday, now)
    comes = next(name for name in network.people if name != leaves)
    yield Step(now - 30 * hour, ids[comes], acts.AddOverride(
        override_id=sample_id("override", "network"), roster_id=roster_id("Network"),
        kind=OverrideKind.REPLACE, person_id=ids[comes], replaced_person_id=ids[leaves],
        starts_at=friday, ends_at=friday + timedelta(days=1), reason="A wedding",
    ))  # fmt: skip
    away = ids[on_turn(database, saturday, now)]
    yield Step(now - 20 * hour, away, acts.RecordTimeOff(
        time_off_id=sample_id("time off", "database"), person_id=away,
        starts_at=saturday, ends_at=saturday + 15 * hour, reason="Family",
    ))  # fmt: skip
    days = (coming(now, "thu", 8) + n * timedelta(days=1) for n in range(7, 14))
    offered = next(day for day in days if on_turn(desk, day, now) != desk.people[0])
    yield Step(now - 3 * hour, ids[on_turn(desk, offered, now)], acts.OfferSwap(
        swap_id=sample_id("swap", "desk"), roster_id=roster_id(DESK),
        starts_at=offered, ends_at=offered + 12 * hour,
        to_person_id=ids[desk.people[0]], reason="A doctor's appointment",
    ))  # fmt: skip
    yield Step(now - 2 * hour, ids[leaves], acts.WriteHandoverNote(
        note_id=sample_id("note", "network"), roster_id=roster_id("Network"), handover_at=friday,
        text="Two switches in Leeds run on spare power supplies. The supplier brings new ones on"
        " Monday; nothing to do unless both restart.",
    ))  # fmt: skip


def coming(now: datetime, day: str, hour: int) -> datetime:
    """The next time that it is this hour of this day in Lisbon, at least six hours from now."""
    clock = wall_clock(LISBON)
    local = clock.local(now + timedelta(hours=6))
    ahead = (DAYS.index(day) - local.weekday()) % 7
    at = datetime.combine(local.date() + timedelta(days=ahead), time(hour))
    return clock.first(at if at > local else at + timedelta(days=7))
