"""What the simulator found, for the page: a sound policy, and one with every weakness."""

from dataclasses import replace
from datetime import timedelta

from simulation_examples import (
    ANN,
    BEA,
    CEM,
    DOV,
    END,
    IMRAN,
    LEA,
    MAJOR,
    NETWORK,
    NOW,
    PEOPLE,
    POLICY,
    PUSH,
    SMS,
    book,
    rotation,
    shifts,
)

from services.on_call.policy import EscalationPolicy
from services.on_call.simulation import outlook, simulate
from services.on_call.waking import WakingBook
from services.on_call.wall_clock import wall_clock
from services.reports.simulation_words import Simulated


def simulated(
    own: WakingBook | None = None, policy: EscalationPolicy = POLICY, **changed
) -> Simulated:
    """A page now and the 90 days to come."""
    own = own or book()
    return replace(
        Simulated(
            policy=policy,
            at=NOW,
            calls=simulate(own, policy, NOW),
            outlook=outlook(own, policy, NOW, END),
            people=PEOPLE,
            rosters={NETWORK.id: NETWORK.name, MAJOR.id: MAJOR.name},
            destinations={PUSH: "Push", SMS: "Text messages"},
            zone=wall_clock("Europe/London").zone,
            zone_version="2026f",
            computed_at=NOW,
            by="Imran Iqbal",
        ),
        **changed,
    )


def weak() -> Simulated:
    """Gaps at weekends, somebody without a way, days on which only the catch-all is left."""
    network = shifts(
        NETWORK,
        rotation(NETWORK, ANN, BEA, DOV, restriction="mon-fri 08:00-20:00; sat 10:00-14:00"),
    )
    gone = tuple(s for s in network if not 3 < (s.starts_at - NOW) / timedelta(days=1) < 5)
    own = book(
        shifts=(*gone, *shifts(MAJOR, rotation(MAJOR, IMRAN))),
        teams=(),
        contact_methods=tuple(
            one for one in book().contact_methods if one.person_id not in (LEA, CEM)
        ),
    )
    return simulated(own)
