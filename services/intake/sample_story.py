"""One incident of the sample company as the list of acts that make its history."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from services.incidents import acts
from services.incidents.incident import (
    CancelReason,
    Channel,
    ConfirmationMethod,
    NoteKind,
    OnHoldReason,
)
from services.incidents.priority import Priority, Severity
from services.intake.sample_founding import product_id, service_id
from services.intake.sample_tables import (
    DESK,
    Caller,
    Colleague,
    Company,
    Trouble,
    category_id,
    sample_id,
    team_id,
)

AWAY = (" home", "travel", "train", "airport", "on the road", "another country", "at the fair")
"""Words of somebody who cannot walk up to the desk."""
CONFIRMED_BY_CHANNEL = {
    Channel.PHONE: ConfirmationMethod.PHONE,
    Channel.WALK_UP: ConfirmationMethod.IN_PERSON,
    Channel.CHAT: ConfirmationMethod.CHAT,
}


@dataclass(frozen=True, slots=True)
class Step:
    """A command, who gives it and when."""

    happened_at: datetime
    actor_id: UUID
    command: object


class Story:
    """Tells what happens to one incident, act by act; ``wait`` moves its time forward."""

    def __init__(
        self,
        company: Company,
        summary: str,
        caller: Caller | None,
        reported_at: datetime,
        pace: timedelta,
        chance: Random,
    ) -> None:
        self.summary = summary
        self.trouble: Trouble = company.troubles[summary]
        self.caller = caller
        self.at = reported_at
        self.steps: list[Step] = []
        self.id = sample_id("incident", summary)
        self.words = company.words
        self.company = company
        self.chance = chance
        self._pace = pace
        self._channel = Channel.MONITORING
        self._team = DESK
        self._assignee: UUID | None = None
        self._owner: UUID | None = None
        self._offers = 0
        self._returns_to: UUID | None = None

    def wait(self, steps: float, *, hours: float = 0) -> None:
        """Let time go by, in steps of this incident's pace."""
        self.at += self._pace * steps + timedelta(hours=hours)

    def give(self, who: Colleague, command: object) -> None:
        """Any command on this incident."""
        self.steps.append(Step(self.at, who.id, command))

    def log(
        self,
        who: Colleague,
        *,
        is_ranked: bool = True,
        severity: Severity | None = None,
        was: str = "",
        follows: UUID | None = None,
    ) -> None:
        """The report, logged a little after it was spoken; ``was`` is a first wrong category."""
        trouble, reported_at = self.trouble, self.at
        self._channel = self._picked_channel()
        self.wait(0, hours=self.chance.randint(60, 200) / 3600)
        self._owner = None if self._channel is Channel.MONITORING else who.id
        site = self.caller.site if self.caller else ""
        asset = self.caller.asset_tag if self.caller else ""
        command = acts.LogIncident(
            incident_id=self.id,
            number=0,
            summary=self.summary,
            description=trouble.said.format(site=site, asset=asset),
            channel=self._channel,
            caller_id=self.caller.id if self.caller else None,
            monitoring_source=trouble.source,
            reported_at=reported_at,
            service_id=service_id(trouble.service),
            affected_product_ids=(product_id(trouble.product),) if trouble.product else (),
            category_id=category_id(trouble.category),
            subcategory_id=category_id(was or trouble.subcategory, trouble.category),
            impact=trouble.impact if is_ranked else None,
            urgency=trouble.urgency if is_ranked else None,
            severity=severity,
            owner_team_id=team_id(DESK),
            follow_up_of_id=follows,
        )
        self.give(who, command)

    def _picked_channel(self) -> Channel:
        if self.caller is None:
            return Channel.MONITORING
        heavy = (Channel.PHONE,) * 5 + (Channel.PORTAL,) * 3 + (Channel.EMAIL,) * 2
        is_away = any(word in self.trouble.said for word in AWAY)
        return self.chance.choice((*heavy, Channel.CHAT, heavy[0] if is_away else Channel.WALK_UP))

    def recategorise(self, who: Colleague, was: str) -> None:
        """The right subcategory in place of a first wrong one."""
        top = self.trouble.category
        command = acts.CategoriseIncident(
            incident_id=self.id,
            category_id=category_id(top),
            subcategory_id=category_id(self.trouble.subcategory, top),
            seen_category_id=category_id(top),
            seen_subcategory_id=category_id(was, top),
        )
        self.give(who, command)

    def rank(self, who: Colleague, *, override: Priority | None = None, reason: str = "") -> None:
        """Impact and urgency set after logging, or the priority overridden with a reason."""
        was_ranked = override is not None
        trouble = self.trouble
        command = acts.PrioritiseIncident(
            incident_id=self.id,
            impact=trouble.impact,
            urgency=trouble.urgency,
            override=override,
            override_reason=reason,
            seen_impact=trouble.impact if was_ranked else None,
            seen_urgency=trouble.urgency if was_ranked else None,
            seen_priority=Priority(trouble.impact + trouble.urgency - 1) if was_ranked else None,
        )
        self.give(who, command)

    def assign(self, who: Colleague, to: Colleague) -> None:
        """Given to a colleague, who takes it up later."""
        command = acts.AssignIncident(
            incident_id=self.id,
            assignee_id=to.id,
            seen_team_id=team_id(self._team),
            seen_assignee_id=self._assignee,
        )
        self.give(who, command)
        self._assignee = to.id

    def start(self, who: Colleague) -> None:
        """Taken and begun."""
        self.give(who, acts.StartIncident(incident_id=self.id))
        self._assignee = who.id

    def note(self, who: Colleague, text: str, kind: NoteKind = NoteKind.INTERNAL) -> None:
        """A note; calls last some minutes."""
        seconds = self.chance.randint(55, 540) if kind is NoteKind.CALL else None
        command = acts.AddNote(incident_id=self.id, kind=kind, text=text, duration_s=seconds)
        self.give(who, command)

    def offer(self, who: Colleague, team: str) -> None:
        """Offered to another team with what was tried, found and is needed."""
        self._offers += 1
        self._returns_to = self._assignee
        command = acts.EscalateToTeam(
            incident_id=self.id,
            escalation_id=sample_id("escalation", f"{self.summary}/{self._offers}"),
            to_team_id=team_id(team),
            reason=self.chance.choice(self.words.untried),
            tried=self.trouble.note,
            found=self.trouble.found,
            need=self.trouble.need,
            seen_team_id=team_id(self._team),
        )
        self.give(who, command)
        self._team, self._assignee = team, None

    def accept(self, who: Colleague) -> None:
        """Taken by somebody of the receiving team."""
        self.give(who, acts.AcceptEscalation(incident_id=self.id))
        self._assignee = who.id

    def come_back(self, who: Colleague, command: object, team: str = DESK) -> None:
        """A rejection, recall or hand-back, and where the incident is then."""
        self.give(who, command)
        is_rejected = isinstance(command, acts.RejectEscalation)
        self._assignee = self._returns_to if is_rejected else self._owner
        self._team = team

    def hold(self, who: Colleague, reason: OnHoldReason, follow_up_at: datetime) -> None:
        """On hold, with the words that go with the reason."""
        remarks, replies = self.words.holds[reason.value]
        command = acts.HoldIncident(
            incident_id=self.id,
            reason=reason,
            follow_up_at=follow_up_at,
            remark=self.chance.choice(remarks),
            reply=self.chance.choice(replies or [""]),
        )
        self.give(who, command)

    def resolve(self, who: Colleague) -> None:
        """Resolved with what helped."""
        trouble = self.trouble
        command = acts.ResolveIncident(
            incident_id=self.id,
            code=trouble.code,
            resolution=trouble.resolution,
            category_id=category_id(trouble.category),
            subcategory_id=category_id(trouble.subcategory, trouble.category),
            service_id=service_id(trouble.service),
        )
        self.give(who, command)
        if self._team != DESK:
            self._team, self._assignee = DESK, self._owner

    def close(self, who: Colleague) -> None:
        """Closed with the caller's word; what monitoring reported, with the word of its owners."""
        owner = self.company.members_of(self.trouble.owner_team)[0]
        method = CONFIRMED_BY_CHANNEL.get(self._channel, ConfirmationMethod.EMAIL)
        if self.caller is None:
            method = ConfirmationMethod.CHAT
        command = acts.CloseIncident(
            incident_id=self.id,
            method=method,
            confirmed_by=self.caller.name if self.caller else owner.name,
            confirmed_at=self.at - timedelta(minutes=self.chance.randint(1, 6)),
        )
        self.give(who, command)

    def cancel(
        self, who: Colleague, reason: CancelReason, remark: str, of: UUID | None = None
    ) -> None:
        """Withdrawn."""
        command = acts.CancelIncident(
            incident_id=self.id, reason=reason, duplicate_of_id=of, remark=remark
        )
        self.give(who, command)
