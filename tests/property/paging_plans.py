"""Random founding records of a paging world: who is on call, how they are reached, what a policy
asks for. Drawn small, so that gaps, doubles and empty steps are common."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from builders import DANA, IMRAN, MONA, NETWORK, START, TARA, THEO, VENDOR, VERA
from hypothesis import strategies as st
from paging_world import MAJOR_ROSTER, NETWORK_ROSTER, PUSH, SMS_ACCOUNT, contact, shift

from services.core.ids import derived_id
from services.core.records import Record
from services.on_call.policy import EscalationPolicy, EscalationStep, PolicyHours, StepWhen
from services.on_call.roster import Roster
from services.paging.destination import Destination, ProviderKind
from services.people.contact import ContactKind, NotificationRule

CALLED = (THEO, TARA, VERA, MONA, DANA)
"""Whom steps and shifts name; the incident manager beside them catches all."""

SPARE_ROSTER = derived_id("roster", "spare")
CHANNEL, GONE = derived_id("destination", "channel"), derived_id("destination", "gone")
POLICY = derived_id("policy", "random")
HOUR = timedelta(hours=1)
SPANS = (
    (timedelta(days=-9), timedelta(days=900)),
    (timedelta(days=-9), 2 * HOUR),
    (HOUR, timedelta(days=900)),
    (3 * HOUR, 4 * HOUR),
)
"""From and until when shifts and business hours go on, from the first moment of the world."""

DELAYS_S = (0, 60, 300, 900, 3_600)
RULE_DELAYS_S = (0, 60, 300, 1_800)


def _some(values: tuple[Any, ...], most: int = 2) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(st.sampled_from(values), max_size=most, unique=True).map(tuple)


@st.composite
def founding(draw: st.DrawFn) -> list[Record]:
    """All records that a paging world begins with; pages ask for the vendor team."""
    return [
        *_destinations(),
        *draw(_contacts()),
        *draw(_rosters()),
        *draw(_policy()),
    ]


def _destinations() -> list[Record]:
    here = "http://127.0.0.1:1"
    return [
        Destination(id=PUSH, kind=ProviderKind.NTFY, name="Push", base_url=here),
        Destination(id=SMS_ACCOUNT, kind=ProviderKind.TWILIO_SMS, name="SMS", base_url=here),
        Destination(id=CHANNEL, kind=ProviderKind.MATTERMOST, name="Channel", base_url=here),
        Destination(
            id=GONE, kind=ProviderKind.MATTERMOST, name="Gone", base_url=here, is_active=False
        ),
    ]


@st.composite
def _contacts(draw: st.DrawFn) -> list[Record]:
    """Proved or not, with rules or none; the incident manager can always be reached."""
    found: list[Record] = [contact(IMRAN)]
    for person in (THEO, TARA, VERA, DANA):
        for kind in draw(_some((ContactKind.PUSH, ContactKind.SMS))):
            made = contact(person, kind)
            if not draw(st.sampled_from((True, True, False))):
                made = replace(made, verified_at=None)
            found.append(made)
            found.extend(
                NotificationRule(
                    id=derived_id(made.id, delay),
                    person_id=person,
                    contact_method_id=made.id,
                    delay_s=delay,
                    is_active=draw(st.sampled_from((True, True, False))),
                )
                for delay in draw(_some(RULE_DELAYS_S))
            )
    return found


@st.composite
def _rosters(draw: st.DrawFn) -> list[Record]:
    found: list[Record] = [
        Roster(id=NETWORK_ROSTER, name="Network", team_id=NETWORK, time_zone="UTC"),
        Roster(id=SPARE_ROSTER, name="Spare", time_zone="UTC"),
        Roster(id=MAJOR_ROSTER, name="Major", time_zone="UTC", is_catch_all=True),
    ]
    for roster, people in (
        (NETWORK_ROSTER, CALLED),
        (SPARE_ROSTER, CALLED),
        (MAJOR_ROSTER, (IMRAN, VERA)),
    ):
        for number, person in enumerate(draw(_some(people))):
            starts, ends = draw(st.sampled_from(SPANS))
            found.append(
                shift(
                    roster,
                    person,
                    id=derived_id(roster, number),
                    starts_at=START + starts,
                    ends_at=START + ends,
                    is_backup=draw(st.booleans()),
                    is_cancelled=draw(st.sampled_from((False, False, True))),
                )
            )
    return found


@st.composite
def _policy(draw: st.DrawFn) -> list[Record]:
    has_hours = draw(st.booleans())
    steps = [draw(_step(number)) for number in range(draw(st.integers(0, 3)))]
    hours = [
        PolicyHours(
            id=derived_id(POLICY, "hours", number),
            policy_id=POLICY,
            starts_at=START + starts,
            ends_at=START + ends,
        )
        for number, (starts, ends) in enumerate(draw(_some(SPANS)))
    ]
    policy = EscalationPolicy(
        id=POLICY,
        name="Random",
        team_id=VENDOR,
        business_hours="mon-fri 09:00-18:00" if has_hours else "",
        repeat_count=draw(st.integers(0, 3)),
        acknowledge_timeout_s=draw(st.sampled_from((0, 600, 1_800))),
        is_everyone=draw(st.booleans()),
    )
    return [policy, *steps, *hours]


@st.composite
def _step(draw: st.DrawFn, number: int) -> EscalationStep:
    return EscalationStep(
        id=derived_id(POLICY, number),
        policy_id=POLICY,
        position=number,
        delay_s=draw(st.sampled_from(DELAYS_S)),
        taken=draw(st.sampled_from((StepWhen.ALWAYS, StepWhen.ALWAYS, *StepWhen))),
        person_ids=draw(_some(CALLED)),
        roster_ids=draw(_some((NETWORK_ROSTER, SPARE_ROSTER), 1)),
        team_ids=draw(_some((NETWORK, VENDOR), 1)),
        destination_ids=draw(_some((CHANNEL, GONE), 1)),
    )
