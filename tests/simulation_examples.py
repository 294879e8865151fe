"""A policy of three steps over two rosters, for the simulator and its page."""

from datetime import UTC, datetime, timedelta

from services.core.ids import derived_id
from services.on_call.policy import EscalationPolicy, EscalationStep
from services.on_call.roster import OnCallShift, Roster, Rotation, RotationUnit
from services.on_call.shifts import planned_shifts
from services.on_call.waking import WakingBook
from services.people.contact import ContactKind, ContactMethod, NotificationRule
from services.people.person import Role, Team

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
END = NOW + timedelta(days=90)
PEOPLE = {
    derived_id("simulated", name): name
    for name in ("Ann Archer", "Bea Bond", "Cem Çelik", "Dov Dorn", "Imran Iqbal", "Lea Lead")
}
ANN, BEA, CEM, DOV, IMRAN, LEA = PEOPLE
NETWORK = Roster(
    id=derived_id("simulated", "network"), name="Network", time_zone="Europe/London",
    team_id=derived_id("simulated", "team"),
)  # fmt: skip
MAJOR = Roster(
    id=derived_id("simulated", "major"), name="Major incident manager on call",
    time_zone="Europe/London", is_catch_all=True,
)  # fmt: skip
TEAM = Team(id=derived_id("simulated", "team"), name="Network", tier=2, lead_id=LEA)  # type: ignore[arg-type]
PUSH, SMS, CALL = (derived_id("destination", name) for name in ("push", "sms", "call"))
POLICY = EscalationPolicy(id=derived_id("simulated", "policy"), name="Network, day and night")


def step(position: int, **given) -> EscalationStep:
    """A step of the policy."""
    return EscalationStep(
        id=derived_id("step", position), policy_id=POLICY.id, position=position, **given
    )


STEPS = (
    step(0, roster_ids=(NETWORK.id,)),
    step(1, delay_s=600, team_ids=(TEAM.id,), person_ids=(LEA,)),
)


def rotation(roster: Roster, *people, **given) -> Rotation:
    """Weekly turns from Monday, 09:00."""
    values = {"starts_at_local": "2026-01-05T09:00", "unit": RotationUnit.WEEK, **given}
    return Rotation(
        id=derived_id("rotation", roster.id, *people), roster_id=roster.id, name="Turns",
        person_ids=people, **values,
    )  # fmt: skip


def shifts(roster: Roster, *rotations: Rotation) -> tuple[OnCallShift, ...]:
    """What the rotations give from a day before until after the 90 days."""
    found = planned_shifts(
        roster, rotations, (), (), (), NOW - timedelta(days=1), END + timedelta(days=1)
    )
    return tuple(
        OnCallShift(
            id=derived_id("shift", roster.id, one.person_id, one.starts_at),
            roster_id=roster.id, person_id=one.person_id,
            starts_at=one.starts_at, ends_at=one.ends_at,
        )
        for one in found
    )  # fmt: skip


def method(person, kind: ContactKind, destination, *, is_verified: bool = True) -> ContactMethod:
    """A way to reach somebody."""
    return ContactMethod(
        id=derived_id("method", person, kind.value), person_id=person, kind=kind,
        destination_id=destination, address="+351 21 555 0111",
        verified_at=NOW if is_verified else None,
    )  # fmt: skip


def methods() -> tuple[ContactMethod, ...]:
    """Everybody by push; Ann by SMS as well; Dov has not proved his."""
    pushed = tuple(
        method(person, ContactKind.PUSH, PUSH, is_verified=person != DOV) for person in PEOPLE
    )
    return (*pushed, method(ANN, ContactKind.SMS, SMS))


def rules() -> tuple[NotificationRule, ...]:
    """Ann: push at once, a text message after two minutes."""
    return tuple(
        NotificationRule(
            id=derived_id("rule", kind.value), person_id=ANN,
            contact_method_id=derived_id("method", ANN, kind.value), delay_s=delay_s,
        )
        for kind, delay_s in ((ContactKind.PUSH, 0), (ContactKind.SMS, 120))
    )  # fmt: skip


def book(**given) -> WakingBook:
    """Weekly turns of Ann, Bea and Cem; Imran always catches."""
    values = {
        "policies": (POLICY,),
        "steps": STEPS,
        "rosters": (NETWORK, MAJOR),
        "shifts": (
            *shifts(NETWORK, rotation(NETWORK, ANN, BEA, CEM)),
            *shifts(MAJOR, rotation(MAJOR, IMRAN)),
        ),
        "teams": (TEAM,),
        "contact_methods": methods(),
        "rules": rules(),
        "person_ids": frozenset(PEOPLE),
        "destination_ids": frozenset({PUSH, SMS, CALL}),
        "role_holders": {Role.INCIDENT_MANAGER: frozenset({IMRAN})},
        **given,
    }
    return WakingBook(**values)
