"""A morning on which card payments failed: what each did and when, for the pictures."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from services.communications.acts import DraftUpdate, SendUpdate
from services.communications.settings_acts import AddStatusPage
from services.communications.status_page import Audience
from services.communications.status_update import UpdateMoment
from services.core.ids import derived_id
from services.incidents.acts import ChangeSeverity, LinkToParent, LogIncident
from services.incidents.directory import Directory
from services.incidents.incident import Channel
from services.incidents.priority import Impact, Severity, Urgency
from services.intake.sample_tables import sample_id, sample_tables
from services.major_incidents import acts, entry_acts
from services.major_incidents.entries import DocumentSection, EntryKind, Verdict
from services.major_incidents.major import ChannelKind, ResponsePhase, ResponseRole
from services.paging.acts import PageTeam

INCIDENT_ID = derived_id("tour", "payments")
DRILL_ID = derived_id("tour", "drill")
MANAGER, TECH, COMMS = "Noor van Dijk", "Ruben Meijer", "Beatriz Antunes"
SUPPORT, DATABASE, DESK = "Oyelaran Bankole", "Renata Moreno", "Maya Lindqvist"
SUMMARY = "Card payments fail for all web customers"
PAGES = {
    Audience.INTERNAL: derived_id("tour", "page inside"),
    Audience.EXTERNAL: derived_id("tour", "page outside"),
}


@dataclass(frozen=True)
class Moment:
    """A command, who gives it, and so many minutes after 08:52.

    Where it needs an incident number, whoever gives it puts it in.
    """

    minute: float
    who: str
    command: object


def _id(*parts: object) -> UUID:
    return derived_id("tour", "payments", *parts)


_REPORTED = (
    "Card refused three times at the checkout",
    "Order of 40 chairs cannot be paid by card",
    "Payment page says to try again later",
    "Renewal by card ends in an error",
    "Customer was sent away from the payment page",
)
"""What callers report until the desk sees that it is one thing."""

_POOL, _FRAUD = _id("stream", "pool"), _id("stream", "fraud")
_STREAM_OF = {**dict.fromkeys((28, 32, 49, 49.5, 55, 103, 104), _POOL), 84: _FRAUD}
"""The work stream of what was written at these minutes."""


@dataclass(frozen=True)
class Told:
    """The story of one morning; ``start`` is 08:52, ``me`` an administrator, ``key`` the number."""

    names: Directory
    start: datetime
    me: str
    key: str = ""

    def _person(self, name: str) -> UUID:
        return next(p.id for p in self.names.people.values() if p.name == name)

    def _team(self, name: str) -> UUID:
        return next(t.id for t in self.names.teams.values() if t.name == name)

    def _service(self) -> UUID:
        return next(s.id for s in self.names.services.values() if s.name == "Online shop")

    def at(self, minute: float) -> datetime:
        """A moment of the morning."""
        return self.start + timedelta(minutes=minute)

    def report(self) -> list[Moment]:
        """Monitoring reports it, and the desk proposes it; severity 2 at first."""
        services, gateway = self._service(), "Checkout gateway"
        logged = LogIncident(
            incident_id=INCIDENT_ID,
            number=0,
            summary=SUMMARY,
            description="Error rate of /charge above 30 % on all EU nodes.",
            channel=Channel.MONITORING,
            monitoring_source="Synthetic checkout",
            reported_at=self.at(4),
            service_id=services,
            affected_product_ids=tuple(
                p.id for p in self.names.products.values() if p.name == gateway
            ),
            category_id=self._category("Applications"),
            subcategory_id=self._category("Payments"),
            impact=Impact.ORGANISATION,
            urgency=Urgency.HIGH,
            severity=Severity.SEV2,
            owner_team_id=self._team("Service Desk"),
        )
        pages = [
            Moment(-30 + n, self.me, AddStatusPage(
                page_id=PAGES[audience], name=name, audience=audience, is_review_required=False))
            for n, (audience, name) in enumerate(
                ((Audience.INTERNAL, "Staff status page"), (Audience.EXTERNAL, "Public status")))
        ]  # fmt: skip
        change = entry_acts.AddChangeEvent(
            change_event_id=_id("change"), title="Payments API 4.18", reference="CHG-911",
            happened_at=self.at(-2), service_id=services, source="Deployments",
        )  # fmt: skip
        return [*pages, Moment(4.5, DESK, logged), Moment(5, self.me, change)]

    def _category(self, name: str) -> UUID:
        return next(c.id for c in self.names.categories.values() if c.name == name)

    def accepted(self, minute: float = 7) -> list[Moment]:
        """The incident manager accepts it and takes command."""
        accept = acts.AcceptMajorIncident(
            incident_id=INCIDENT_ID, decision="All web payments, no workaround.",
            detected_at=self.at(4),
        )  # fmt: skip
        command = acts.TakeCommand(incident_id=INCIDENT_ID, holding_id=_id("command"))
        return [Moment(minute, MANAGER, accept), Moment(minute + 1, MANAGER, command)]

    def response(self) -> list[Moment]:
        """Everything until 10:36."""
        found = [*self._roles(), *self._streams(), *self._channels(), *self._answers()]
        found += [*self._entries(), *self._updates(), *self._others(), *self._linked()]
        return sorted(found, key=lambda moment: moment.minute)

    def _roles(self) -> Iterator[Moment]:
        roles: tuple[tuple[float, ResponseRole, str, str], ...] = (
            (11, ResponseRole.TECH_LEAD, TECH, ""),
            (19, ResponseRole.COMMUNICATIONS_MANAGER, COMMS, ""),
            (38, ResponseRole.SUPPORT_LEAD, SUPPORT, ""),
            (70, ResponseRole.OWN, DATABASE, "Database expert"),
        )
        for minute, role, name, title in roles:
            offer = acts.OfferRole(
                incident_id=INCIDENT_ID, holding_id=_id(role.value), role=role,
                person_id=self._person(name), title=title,
                duties="Watches the connection pools" if title else "",
                work_stream_id=_POOL if title else None,
            )  # fmt: skip
            yield Moment(minute, MANAGER, offer)
            accept = acts.AcceptRole(incident_id=INCIDENT_ID, holding_id=_id(role.value))
            yield Moment(minute + 1, name, accept)

    def _streams(self) -> Iterator[Moment]:
        streams = (
            (22, _POOL, "Connection pool", "Find what holds the connections open", TECH),
            (23, _FRAUD, "Fraud check", "Rule out that it is the fraud check", ""),
        )
        for minute, id_, name, purpose, lead in streams:
            add = acts.AddWorkStream(
                incident_id=INCIDENT_ID, stream_id=id_, name=name, purpose=purpose,
                lead_id=self._person(lead) if lead else None,
            )  # fmt: skip
            yield Moment(minute, MANAGER, add)

    def _channels(self) -> Iterator[Moment]:
        channels = (
            (ChannelKind.CHAT, "#inc-payments", ""),
            (ChannelKind.BRIDGE, "+44 113 496 0204", "PIN 44 71 90"),
            (ChannelKind.DOCUMENT, "https://wiki.alderfinch.example/payments", ""),
        )
        for n, (kind, address, access) in enumerate(channels):
            name = {"chat": "Chat room", "bridge": "Bridge"}.get(kind.value, "State document")
            add = acts.AddChannel(
                incident_id=INCIDENT_ID, channel_id=_id(kind.value), kind=kind, name=name,
                address=address, access=access,
            )  # fmt: skip
            yield Moment(9 + n / 10, MANAGER, add)

    def _answers(self) -> Iterator[Moment]:
        answers: tuple[tuple[float, DocumentSection, str, bool], ...] = (
            (10, DocumentSection.IMPACT, "No web orders paid by card", False),
            (12, DocumentSection.CUSTOMERS_SEE, "Card payments end in “try again later”", False),
            (14, DocumentSection.HOW_MANY, "All web, about 4,100 orders an hour", False),
            (15, DocumentSection.SINCE_WHEN, "08:52, two minutes after CHG-911", False),
            (15.5, DocumentSection.SUPPORT_CASES, "Customer service counts them", False),
            (16, DocumentSection.OTHER_FACTORS, "Checking refunds for double charges", True),
        )
        for minute, section, text, is_unknown in answers:
            answer = entry_acts.AnswerAssessment(
                incident_id=INCIDENT_ID, entry_id=_id(section.value), section=section, text=text,
                is_unknown=is_unknown,
            )  # fmt: skip
            yield Moment(minute, MANAGER, answer)

    def _entries(self) -> Iterator[Moment]:
        rows = (
            (5.5, "observation", TECH, "Error rate on /charge 38 % since 08:52, only EU nodes",
             "confirmed"),
            (13, "theory", COMMS, "Card provider’s EU endpoint is degraded", "ruled_out"),
            (20, "decision", MANAGER, "Declared SEV 1 on customer impact, was SEV 2", ""),
            (28, "observation", DATABASE, "Connection pool at 100 % on pay-db-2", "confirmed"),
            (32, "theory", TECH, "Retry path in CHG-911 opens a connection and never returns it",
             "testing"),
            (49, "experiment", DATABASE, "Raise pool from 50 to 120 on pay-db-2", "disproved"),
            (49.5, "change", DATABASE, "Pool size 50 → 120 on pay-db-2", ""),
            (55, "observation", TECH, "Pool fills again within 6 min of each restart", ""),
            (60, "observation", SUPPORT, "Phone orders still go through", ""),
            (84, "theory", TECH, "A cold cache slows the fraud check", ""),
            (99, "decision", MANAGER,
             "Roll back one node first. Full rollback only if the pool stays under 80 %", ""),
            (103, "experiment", TECH, "Roll back CHG-911 on pay-api-3 and watch the pool",
             "running"),
            (104, "action", TECH, "Rollback of CHG-911 started on pay-api-3", ""),
        )  # fmt: skip
        for minute, kind, who, text, verdict in rows:
            entry_id = _id("entry", minute)
            is_change = kind == "change"
            until = self.at(114) if verdict == "running" else None
            write = entry_acts.WriteEntry(
                incident_id=INCIDENT_ID, entry_id=entry_id, kind=EntryKind(kind), text=text,
                until_at=until, is_pinned=minute == 99, work_stream_id=_STREAM_OF.get(minute),
                how="ALTER SYSTEM, then a reload" if is_change else "",
                why="To see whether the pool is only too small" if is_change else "",
                revert="set it to 50 and reload" if is_change else "",
            )  # fmt: skip
            yield Moment(max(minute, 8.5), who, write)
            if verdict:
                yield Moment(max(minute, 8.5) + 2, who, self._verdict(write, verdict))

    def _verdict(self, entry: entry_acts.WriteEntry, verdict: str) -> entry_acts.ChangeEntry:
        outcome = "full again after six minutes" if verdict == "disproved" else ""
        return entry_acts.ChangeEntry(
            incident_id=INCIDENT_ID,
            entry_id=entry.entry_id,
            text=entry.text,
            verdict=Verdict(verdict),
            evidence="",
            outcome=outcome,
            owner_id=None,
            until_at=entry.until_at,
            is_pinned=entry.is_pinned,
            work_stream_id=entry.work_stream_id,
            seen_text=entry.text,
            seen_verdict=Verdict.OPEN,
            seen_evidence="",
            seen_outcome="",
            seen_owner_id=None,
            seen_until_at=entry.until_at,
            seen_is_pinned=entry.is_pinned,
            seen_work_stream_id=entry.work_stream_id,
        )

    def _others(self) -> Iterator[Moment]:
        times = acts.SetImpactTimes(
            incident_id=INCIDENT_ID, started_at=self.start, detected_at=self.at(4), ended_at=None,
            seen_started_at=None, seen_detected_at=self.at(4), seen_ended_at=None,
        )  # fmt: skip
        yield Moment(9.5, MANAGER, times)
        severity = ChangeSeverity(
            incident_id=INCIDENT_ID, severity=Severity.SEV1, seen_severity=Severity.SEV2,
            reason="No web customer can pay",
        )  # fmt: skip
        yield Moment(20, MANAGER, severity)
        page = PageTeam(
            incident_id=INCIDENT_ID, page_id=_id("page"), team_id=self._team("Database"),
            reason="Connection pool of pay-db-2 is full",
        )  # fmt: skip
        yield Moment(66, MANAGER, page)
        for n in range(6):
            case = entry_acts.AddSupportCase(
                incident_id=INCIDENT_ID, case_id=_id("case", n), reference=f"CS-{5120 + n}",
                caller="", opened_at=self.at(96 + n),
            )  # fmt: skip
            yield Moment(105 + n / 10, SUPPORT, case)
        phase = acts.SetPhase(
            incident_id=INCIDENT_ID, phase=ResponsePhase.IDENTIFIED,
            seen_phase=ResponsePhase.INVESTIGATING,
        )  # fmt: skip
        yield Moment(100, MANAGER, phase)

    def _updates(self) -> Iterator[Moment]:
        told = (
            (11.5, Audience.EXTERNAL, "We are investigating failed card payments."),
            (12, Audience.INTERNAL, "Card payments on the web fail. We are investigating."),
            (33, Audience.EXTERNAL, "Card payments still fail. Orders by phone work."),
            (42, Audience.INTERNAL, "Connection pool of the payment database is full."),
            (64, Audience.EXTERNAL, "Card payments still fail. We are working on it."),
            (85.9, Audience.INTERNAL, "We prepare to take back CHG-911 on one node."),
            (96, Audience.EXTERNAL, "Card payments still fail. We test a way back."),
        )
        for n, (minute, audience, text) in enumerate(told):
            update_id = _id("update", n)
            draft = DraftUpdate(
                update_id=update_id, incident_id=INCIDENT_ID, page_id=PAGES[audience],
                moment=UpdateMoment.FIRST if minute < 13 else UpdateMoment.FOLLOW_UP,
                subject=self._subject(audience, minute), summary=text,
                current_status="- Rollback is being prepared\n- Phone orders still work",
                next_steps="- Decide on a full rollback\n- Check refunds",
                next_update_at=self.at(minute + (30 if audience is Audience.INTERNAL else 20)),
            )  # fmt: skip
            yield Moment(minute, COMMS, draft)
            send = SendUpdate(
                update_id=update_id,
                incident_id=INCIDENT_ID,
                is_notifying=True,
                seen_written_at=self.at(minute),
                hold_s=0,
            )
            yield Moment(minute + 0.01, COMMS, send)

    def _subject(self, audience: Audience, minute: float) -> str:
        """Inside it names the room; outside it is plain words."""
        if audience is Audience.EXTERNAL:
            return "Card payments"
        return f"{self.key} - SEV {2 if minute < 20 else 1} - {SUMMARY}"

    def _linked(self) -> Iterator[Moment]:
        """What callers reported, found to belong to it."""
        staff = {person.id for person in self.names.agents}
        people = sorted(self.names.people.values(), key=lambda person: person.name)
        callers = [person for person in people if person.id not in staff]
        for n, (summary, caller) in enumerate(zip(_REPORTED, callers, strict=False)):
            id_ = _id("reported", n)
            logged = LogIncident(
                incident_id=id_, number=0, summary=summary, channel=Channel.PHONE,
                caller_id=caller.id, reported_at=self.at(24 + n), service_id=self._service(),
                category_id=self._category("Applications"),
                subcategory_id=self._category("Payments"), impact=Impact.ONE_PERSON,
                urgency=Urgency.HIGH, owner_team_id=self._team("Service Desk"),
            )  # fmt: skip
            link = LinkToParent(incident_id=id_, parent_id=INCIDENT_ID, seen_parent_id=None)
            yield Moment(24 + n, DESK, logged)
            yield Moment(40 + n / 10, DESK, link)

    def drill(self) -> list[Moment]:
        """An exercise that began a little while ago: the company's last one, played again."""
        past = derived_id(sample_id("incident", str(sample_tables().majors["past"]["summary"])),
                          "major")  # fmt: skip
        start = acts.StartDrill(
            incident_id=DRILL_ID,
            number=0,
            owner_team_id=self._team("Service Desk"),
            replay_of_id=past,
        )
        take = acts.TakeCommand(incident_id=DRILL_ID, holding_id=_id("drill command"))
        play = acts.SteerReplay(incident_id=DRILL_ID, at_s=0, speed=60)
        return [Moment(105, MANAGER, start), Moment(105.5, MANAGER, take),
                Moment(106, MANAGER, play)]  # fmt: skip
