"""Major incidents of the small world: proposed, accepted, commanded and resolved in few words."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from builders import DESK_TEAM, IMRAN, MINUTE, NETWORKING, THEO, VPN, Desk

from services.incidents.directory import Directory
from services.incidents.incident import ResolutionCode
from services.major_incidents import acts, entry_acts
from services.major_incidents.entries import EntryKind, ResponseEntry
from services.major_incidents.major import MajorIncident, ResponseRole, RoleHolding
from services.people.person import Person, PersonRole, Team, TeamMember


def major_of(desk: Desk, incident_id: UUID) -> MajorIncident:
    """The major incident of an incident."""
    (found,) = desk.find(MajorIncident, incident_id=incident_id)
    return found


def proposed(desk: Desk, **given: Any) -> UUID:
    """An incident that Dana proposed as major."""
    id_ = desk.log(**given)
    desk.do(acts.ProposeMajorIncident(incident_id=id_, reason="Nobody can work"))
    return id_


def accepted(desk: Desk, **given: Any) -> UUID:
    """One that Imran accepted."""
    id_ = proposed(desk, **given)
    desk.do(acts.AcceptMajorIncident(incident_id=id_), IMRAN)
    return id_


def commanded(desk: Desk, **given: Any) -> UUID:
    """One that Imran commands."""
    id_ = accepted(desk, **given)
    desk.do(take_command(id_), IMRAN)
    return id_


def take_command(id_: UUID) -> acts.TakeCommand:
    return acts.TakeCommand(incident_id=id_, holding_id=uuid4())


def offer(id_: UUID, role: ResponseRole, to: UUID, **given: Any) -> acts.OfferRole:
    """A role offered to a person."""
    command = acts.OfferRole(incident_id=id_, holding_id=uuid4(), role=role, person_id=to)
    return replace(command, **given)


def held(desk: Desk, id_: UUID, role: ResponseRole, who: UUID, by: UUID = IMRAN) -> RoleHolding:
    """A role that was offered and accepted."""
    command = offer(id_, role, who)
    desk.do(command, by)
    desk.do(acts.AcceptRole(incident_id=id_, holding_id=command.holding_id), who)
    return desk.get(RoleHolding, command.holding_id)


def resolve_major(desk: Desk, id_: UUID, **given: Any) -> acts.ResolveMajorIncident:
    """A resolution that lacks nothing."""
    command = acts.ResolveMajorIncident(
        incident_id=id_,
        code=ResolutionCode.FIXED,
        resolution="Restarted the gateway",
        category_id=NETWORKING,
        subcategory_id=None,
        service_id=VPN,
        impact_ended_at=desk.clock.now(),
        recovery="Traffic is back",
        review_owner_id=THEO,
        review_due_at=desk.clock.now() + 7 * 24 * 60 * MINUTE,
    )
    return replace(command, **given)


def write(id_: UUID, text: str, kind: EntryKind = EntryKind.OBSERVATION, **given: Any) -> Any:
    """An entry of the timeline."""
    command = entry_acts.WriteEntry(incident_id=id_, entry_id=uuid4(), kind=kind, text=text)
    return replace(command, **given)


def entry_change(entry: ResponseEntry, **given: Any) -> entry_acts.ChangeEntry:
    """A change of an entry as it is seen now."""
    fields = ("text", "verdict", "evidence", "outcome", "owner_id", "until_at", "is_pinned")
    now: dict[str, Any] = {name: getattr(entry, name) for name in fields}
    seen = {f"seen_{name}": value for name, value in now.items()}
    return entry_acts.ChangeEntry(
        incident_id=entry.incident_id, entry_id=entry.id, **{**now, **seen, **given}
    )


def impact(major: MajorIncident, **given: datetime | None) -> acts.SetImpactTimes:
    """Moments of the impact over those that are set now."""
    now = {
        "started_at": major.impact_started_at,
        "detected_at": major.detected_at,
        "ended_at": major.impact_ended_at,
    }
    seen = {f"seen_{name}": value for name, value in now.items()}
    return acts.SetImpactTimes(incident_id=major.incident_id, **{**now, **given}, **seen)


def drill(desk: Desk, **given: Any) -> acts.StartDrill:
    """A drill from scratch."""
    command = acts.StartDrill(
        incident_id=uuid4(),
        number=desk.replica.take_number(),
        owner_team_id=DESK_TEAM,
        summary="Everything is down",
    )
    return replace(command, **given)


def directory(desk: Desk) -> Directory:
    """The names of the small world, as this desk knows them."""
    return Directory(
        people={p.id: p for p in desk.find(Person)},
        teams={t.id: t for t in desk.find(Team)},
        members=desk.find(TeamMember),
        roles=desk.find(PersonRole),
    )
