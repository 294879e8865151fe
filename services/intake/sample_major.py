"""The major incidents of the sample company: one that is fought now, and one to practise on.

They are laid over incidents that the tables tell. Nobody is paged, and what is told stays in the
house: the status pages have no outlet.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from services.communications import commands as updates
from services.communications import settings_commands as status_pages
from services.communications.acts import AskForReview, DraftUpdate, ReviewUpdate, SendUpdate
from services.communications.settings_acts import AddStatusPage
from services.communications.status_page import Audience
from services.communications.status_update import UpdateMoment
from services.incidents.acts import ResolveIncident, StartIncident
from services.intake.sample_founding import product_id, service_id
from services.intake.sample_story import Step
from services.intake.sample_tables import Colleague, Company, sample_id
from services.major_incidents import acts, entry_acts
from services.major_incidents import commands as majors
from services.major_incidents import entry_commands as entries
from services.major_incidents.entries import DocumentSection, EntryKind
from services.major_incidents.major import ResponsePhase, ResponseRole
from services.sync.envelope import CommandFunction

MAJOR_FUNCTIONS: dict[type, CommandFunction] = {
    acts.ProposeMajorIncident: majors.propose_major_incident,
    acts.AcceptMajorIncident: majors.accept_major_incident,
    acts.TakeCommand: majors.take_command,
    acts.OfferRole: majors.offer_role,
    acts.AcceptRole: majors.accept_role,
    acts.SetImpactTimes: majors.set_impact_times,
    acts.SetPhase: majors.set_phase,
    acts.ResolveMajorIncident: majors.resolve_major_incident,
    entry_acts.WriteEntry: entries.write_entry,
    entry_acts.AnswerAssessment: entries.answer_assessment,
    entry_acts.AddChangeEvent: entries.add_change_event,
    AddStatusPage: status_pages.add_status_page,
    DraftUpdate: updates.draft_update,
    AskForReview: updates.ask_for_review,
    ReviewUpdate: updates.review_update,
    SendUpdate: updates.send_update,
}

KEY = "{key}"
"""Stands for the key of an incident until it has its number."""
TOLD_BEFORE = timedelta(minutes=6)
REVIEW_WITHIN = timedelta(days=6)
_DETECTED_AFTER = timedelta(minutes=4)
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class _Response:
    """One response: when it was reported, begun and ended, and what the tables tell of it."""

    company: Company
    told: dict[str, Any]
    reported: datetime
    begun: datetime
    ended: datetime

    @property
    def summary(self) -> str:
        return str(self.told["summary"])

    @property
    def incident_id(self) -> UUID:
        return sample_id("incident", self.summary)

    def at(self, place: float) -> datetime:
        """The moment at this share of the response."""
        return self.begun + place * (self.ended - self.begun)

    def id(self, what: str) -> UUID:
        return sample_id("response", f"{self.summary}/{what}")

    def who(self, name: str) -> Colleague:
        return self.company.staff[str(self.told.get(name, self.company.majors.get(name)))]


def founding_of_majors(company: Company) -> Iterator[object]:
    """What an administrator sets up: pages for staff and for customers, which reach nobody yet."""
    for audience in Audience:
        name = company.majors["pages"][audience.value]
        yield AddStatusPage(page_id=_page_id(company, audience), name=name, audience=audience)


def _page_id(company: Company, audience: Audience) -> UUID:
    return sample_id("status page", company.majors["pages"][audience.value])


def with_majors(company: Company, steps: Sequence[Step], now: datetime) -> list[Step]:
    """The acts of all incidents, and with them those of the two responses."""
    running, past = (company.majors[name] for name in ("now", "past"))
    reported, begun, _ = _moments(steps, running["summary"])
    burning = _Response(company, running, reported, begun, now)
    over = _Response(company, past, *_moments(steps, past["summary"]))
    kept = [_resolved_as_major(step, over) for step in steps]
    return [*kept, *_responded(burning), *_updated(burning), *_responded(over)]


def _moments(steps: Sequence[Step], summary: str) -> tuple[datetime, datetime, datetime]:
    """When an incident was logged and begun, and when something was last done to it."""
    id_ = sample_id("incident", summary)
    own = [s for s in steps if getattr(s.command, "incident_id", None) == id_]
    begun = next(s.happened_at for s in own if isinstance(s.command, StartIncident))
    return own[0].happened_at, begun, own[-1].happened_at


def _responded(of: _Response) -> Iterator[Step]:
    """Proposed, accepted, commanded and written about."""
    told, incident_id, manager = of.told, of.incident_id, of.who("manager").id
    begun = of.begun + _SECOND
    yield Step(begun, of.who("deputy").id, acts.ProposeMajorIncident(
        incident_id=incident_id, reason=told["reason"]))  # fmt: skip
    yield Step(of.at(0.03), manager, acts.AcceptMajorIncident(
        incident_id=incident_id, decision=told["decision"]))  # fmt: skip
    yield Step(of.at(0.04), manager, acts.TakeCommand(
        incident_id=incident_id, holding_id=of.id("command")))  # fmt: skip
    for place, role, name in (
        (0.06, ResponseRole.TECH_LEAD, "lead"),
        (0.07, ResponseRole.COMMUNICATIONS_MANAGER, "communications"),
        (0.08, ResponseRole.DEPUTY, "deputy"),
    ):
        yield from _role(of, place, role, of.who(name).id)
    yield Step(of.at(0.1), manager, _times(of))
    yield from _written(of)


def _role(of: _Response, place: float, role: ResponseRole, person_id: UUID) -> Iterator[Step]:
    holding_id = of.id(role.value)
    offer = acts.OfferRole(
        incident_id=of.incident_id, holding_id=holding_id, role=role, person_id=person_id
    )
    yield Step(of.at(place), of.who("manager").id, offer)
    accept = acts.AcceptRole(incident_id=of.incident_id, holding_id=holding_id)
    yield Step(of.at(place + 0.005), person_id, accept)


def _times(of: _Response) -> acts.SetImpactTimes:
    return acts.SetImpactTimes(
        incident_id=of.incident_id,
        started_at=of.reported - _DETECTED_AFTER,
        detected_at=of.reported,
        ended_at=None,
        seen_started_at=None,
        seen_detected_at=None,
        seen_ended_at=None,
    )


def _written(of: _Response) -> Iterator[Step]:
    reference, title, source = of.told["change"]
    trouble = of.company.troubles[of.summary]
    yield Step(of.at(0.12), of.who("lead").id, entry_acts.AddChangeEvent(
        change_event_id=of.id("change"), reference=reference, title=title, source=source,
        happened_at=of.reported - 2 * _DETECTED_AFTER, service_id=service_id(trouble.service),
        product_ids=(product_id(trouble.product),) if trouble.product else (),
    ))  # fmt: skip
    for n, (section, text) in enumerate(of.told["answers"]):
        yield Step(of.at(0.13 + n / 100), of.who("manager").id, entry_acts.AnswerAssessment(
            incident_id=of.incident_id, entry_id=of.id(section), text=text,
            section=DocumentSection(section), is_unknown=not text,
        ))  # fmt: skip
    for place, kind, name, text in of.told["entries"]:
        yield Step(of.at(place), of.company.staff[name].id, entry_acts.WriteEntry(
            incident_id=of.incident_id, entry_id=of.id(text), kind=EntryKind(kind), text=text,
        ))  # fmt: skip


def _updated(of: _Response) -> Iterator[Step]:
    """What was found, and the words to staff and to customers about it."""
    begun = of.ended - TOLD_BEFORE
    yield Step(begun - _SECOND, of.who("manager").id, acts.SetPhase(
        incident_id=of.incident_id, phase=ResponsePhase.IDENTIFIED,
        seen_phase=ResponsePhase.INVESTIGATING,
    ))  # fmt: skip
    for n, audience in enumerate(Audience):
        yield from _word(of, audience, begun + n * TOLD_BEFORE / 3)


def _word(of: _Response, audience: Audience, drafted_at: datetime) -> Iterator[Step]:
    """Drafted, read by a second pair of eyes where customers are told, and let go out."""
    who, reader = of.who("communications").id, of.who("manager").id
    update_id, incident_id = of.id(f"word {audience.value}"), of.incident_id
    yield Step(drafted_at, who, DraftUpdate(
        update_id=update_id, incident_id=incident_id,
        page_id=_page_id(of.company, audience), moment=UpdateMoment.FIRST,
        phase=ResponsePhase.IDENTIFIED, next_update_at=of.ended + 4 * TOLD_BEFORE,
        next_update_where=of.company.majors["pages"][audience.value],
        **of.told["words"][audience.value],
    ))  # fmt: skip
    if audience is Audience.EXTERNAL:
        yield Step(drafted_at + 20 * _SECOND, who, AskForReview(
            update_id=update_id, incident_id=incident_id, reviewer_id=reader,
            seen_written_at=drafted_at,
        ))  # fmt: skip
        yield Step(drafted_at + 40 * _SECOND, reader, ReviewUpdate(
            update_id=update_id, incident_id=incident_id, is_passed=True,
            seen_written_at=drafted_at,
        ))  # fmt: skip
    yield Step(drafted_at + 60 * _SECOND, who, SendUpdate(
        update_id=update_id, incident_id=incident_id, is_notifying=False,
        seen_written_at=drafted_at,
    ))  # fmt: skip


def _resolved_as_major(step: Step, of: _Response) -> Step:
    """The resolution of the incident that is over, as that of its response."""
    plain = step.command
    if not isinstance(plain, ResolveIncident) or plain.incident_id != of.incident_id:
        return step
    command = acts.ResolveMajorIncident(
        incident_id=plain.incident_id,
        code=plain.code,
        resolution=plain.resolution,
        category_id=plain.category_id,
        subcategory_id=plain.subcategory_id,
        service_id=plain.service_id,
        impact_ended_at=of.at(0.85),
        recovery=of.told["recovery"],
        review_owner_id=of.who("manager").id,
        review_due_at=step.happened_at + REVIEW_WITHIN,
    )
    return replace(step, actor_id=of.who("manager").id, command=command)
