"""Incidents of the sample company whose present state the tables tell one by one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from services.incidents import acts
from services.incidents.incident import (
    CancelReason,
    NoteKind,
    OnHoldReason,
)
from services.incidents.priority import Priority, Severity
from services.intake.sample_story import Story
from services.intake.sample_tables import DESK, Caller, Colleague, Company, Present, sample_id

STEPS = 100
"""The age of an incident counts as so many steps; every way ends before they are over."""
SLOWEST_STEP = timedelta(minutes=10)
"""So much at most; what is older then waits."""


@dataclass(frozen=True, slots=True)
class Telling:
    """What a way needs to tell: the story, who opened it, who has it and what is known."""

    story: Story
    opener: Colleague
    who: Colleague | None
    row: Present
    now: datetime

    @property
    def holder(self) -> Colleague:
        """The person the row names."""
        assert self.who is not None, self.row.summary
        return self.who


def present_story(
    company: Company, row: Present, caller: Caller | None, now: datetime, chance: Random
) -> Story:
    """The story of one row of the tables, from its report to now."""
    age = timedelta(minutes=row.minutes)
    pace = min(age / STEPS, SLOWEST_STEP)
    story = Story(company, row.summary, caller, now - age, pace, chance)
    who = company.staff.get(row.who)
    telling = Telling(story, _opener(company, row, who, chance), who, row, now)
    _log(telling)
    WAYS[row.way.split(" ")[0].rstrip(",")](telling)
    assert story.at <= now, row.summary
    return story


def _opener(company: Company, row: Present, who: Colleague | None, chance: Random) -> Colleague:
    if "by" in row.known:
        return company.staff[row.known["by"]]
    if who is not None and who.team == DESK:
        return who
    return chance.choice(company.members_of(DESK)[2:])


def _log(told: Telling) -> None:
    known = told.row.known
    severity = known.get("severity")
    follows = known.get("follows")
    told.story.log(
        told.opener,
        is_ranked=told.row.way != "untriaged" and not known.get("untriaged"),
        severity=Severity(severity) if severity else None,
        was=known.get("was", ""),
        follows=sample_id("incident", follows) if follows else None,
    )
    told.story.wait(4)
    if "override" in known:
        reason = "VIP caller with a fixed appointment today."
        told.story.rank(told.opener, override=Priority(known["override"]), reason=reason)
        told.story.wait(1)


def _begun(told: Telling, who: Colleague) -> None:
    """Somebody of the desk starts, writes what was tried and links a parent."""
    story = told.story
    story.start(who)
    story.wait(6)
    if "was" in told.row.known:
        story.recategorise(who, told.row.known["was"])
        story.wait(5)
    if story.caller is not None and story.chance.random() < 0.6:
        story.note(who, story.chance.choice(story.words.calls), NoteKind.CALL)
        story.wait(5)
    story.note(who, story.trouble.note)
    story.wait(5)
    if "parent" in told.row.known:
        _link(told, who)


def _link(told: Telling, who: Colleague) -> None:
    command = acts.LinkToParent(
        incident_id=told.story.id,
        parent_id=sample_id("incident", told.row.known["parent"]),
        seen_parent_id=None,
    )
    told.story.give(who, command)
    told.story.wait(2)


def _tell_up(told: Telling, who: Colleague) -> None:
    """A manager is told, and perhaps answers."""
    if (state := told.row.known.get("up")) is None:
        return
    story, up = told.story, told.story.words.up
    is_answered = state == "answered"
    manager = told.story.company.staff["Callum Byrne" if is_answered else "Oyelaran Bankole"]
    escalation_id = sample_id("escalation", f"{story.summary}/up")
    told.story.give(
        who,
        acts.EscalateUp(
            incident_id=story.id,
            escalation_id=escalation_id,
            to_person_id=manager.id,
            reason=up["reason" if is_answered else "vip_reason"],
            need=up["need" if is_answered else "vip_need"],
            needed_by=story.at + timedelta(minutes=45),
        ),
    )
    story.wait(4)
    if is_answered:
        answer = acts.AnswerEscalation(
            incident_id=story.id, escalation_id=escalation_id, answer=up["answer"]
        )
        story.give(manager, answer)
        story.wait(4)


def _new(told: Telling) -> None:
    """Nobody has taken it."""


def _working(told: Telling) -> None:
    _begun(told, told.holder)
    story = told.story
    if story.caller is not None and story.chance.random() < 0.5:
        story.note(told.holder, story.chance.choice(story.words.replies), NoteKind.REPLY)
        story.wait(8)
        text = story.chance.choice(story.words.caller_replies)
        story.note(told.holder, text, NoteKind.CALLER_REPLY)
        story.wait(6)
    if story.chance.random() < 0.6:
        story.note(told.holder, story.trouble.found)
        story.wait(4)
    _tell_up(told, told.holder)


def _assigned(told: Telling) -> None:
    story = told.story
    lead = story.company.staff["Oyelaran Bankole"]
    story.wait(9)
    story.assign(lead, told.holder)


def _offered(told: Telling) -> None:
    """Offered to a team, perhaps by way of another team that passes it on."""
    _begun(told, told.opener)
    story, via = told.story, told.row.known.get("via")
    if via is not None:
        between = story.company.staff[via]
        story.offer(told.opener, between.team)
        story.wait(10)
        story.accept(between)
        story.wait(14)
        story.note(between, story.chance.choice(story.words.tier_notes))
        story.wait(3)
        story.offer(between, told.row.who)
    else:
        story.offer(told.opener, told.row.who)


def _accepted(told: Telling) -> None:
    """A tier has it and works on it."""
    _begun(told, told.opener)
    _tell_up(told, told.opener)
    story = told.story
    story.offer(told.opener, told.holder.team)
    story.wait(9)
    story.accept(told.holder)
    story.wait(12)
    story.note(told.holder, story.chance.choice(story.words.tier_notes))
    story.wait(3)


def _passed(told: Telling) -> None:
    """A tier took it and passed it on to the next, who accepted."""
    story, between = told.story, told.story.company.staff[told.row.known["via"]]
    _begun(told, told.opener)
    story.offer(told.opener, between.team)
    story.wait(8)
    story.accept(between)
    story.wait(9)
    story.note(between, story.chance.choice(story.words.tier_notes))
    story.wait(2)
    story.offer(between, told.holder.team)
    story.wait(8)
    story.accept(told.holder)
    story.wait(9)


def _held(told: Telling) -> None:
    reason = OnHoldReason(told.row.way.split(" ")[1])
    if told.holder.team == DESK:
        _begun(told, told.holder)
    else:
        _accepted(told)
    told.story.wait(5)
    follow_up_at = told.now + timedelta(hours=told.story.chance.randint(3, 60))
    told.story.hold(told.holder, reason, follow_up_at)


def _rejected(told: Telling) -> None:
    """Offered to a team that returned it with a reason."""
    story, team = told.story, told.row.known["team"]
    _begun(told, told.holder)
    story.offer(told.holder, team)
    story.wait(12)
    reason = story.chance.choice(story.words.rejections)
    command = acts.RejectEscalation(incident_id=story.id, reason=reason)
    story.come_back(story.company.members_of(team)[0], command)
    story.wait(5)


def _recalled(told: Telling) -> None:
    """Offered to a team and taken back before anybody accepted."""
    story = told.story
    _begun(told, told.holder)
    story.offer(told.holder, told.row.known["team"])
    story.wait(10)
    reason = story.chance.choice(story.words.recalls)
    story.come_back(told.holder, acts.RecallEscalation(incident_id=story.id, reason=reason))
    story.wait(4)


def _reopened(told: Telling) -> None:
    story = told.story
    _begun(told, told.holder)
    story.wait(8)
    story.resolve(told.holder)
    story.wait(40)
    reason = story.chance.choice(story.words.reopenings)
    story.give(told.holder, acts.ReopenIncident(incident_id=story.id, reason=reason))


def _resolved(told: Telling) -> None:
    """Waits for the caller's word."""
    if told.row.way.endswith("by tier"):
        _accepted(told)
    else:
        _begun(told, told.holder)
    told.story.wait(10)
    told.story.resolve(told.holder)
    if told.row.way.endswith("no answer"):
        told.story.wait(20)
        text = told.story.chance.choice(told.story.words.attempts)
        told.story.note(told.holder, text, NoteKind.CONTACT_ATTEMPT)


def _duplicate(told: Telling) -> None:
    of = sample_id("incident", told.row.known["of"])
    told.story.wait(5)
    told.story.cancel(told.holder, CancelReason.DUPLICATE, "Same cause, same place.", of)


def _no_incident(told: Telling) -> None:
    told.story.wait(2)
    told.story.start(told.holder)
    told.story.wait(3)
    remark = told.story.chance.choice(told.story.words.not_incidents)
    told.story.cancel(told.holder, CancelReason.NOT_AN_INCIDENT, remark)


def _raised(told: Telling) -> None:
    told.story.wait(3)
    remark = told.story.chance.choice(told.story.words.errors)
    told.story.cancel(told.holder, CancelReason.RAISED_IN_ERROR, remark)


WAYS: dict[str, Callable[[Telling], None]] = {
    "new": _new,
    "untriaged": _new,
    "working": _working,
    "assigned": _assigned,
    "offered": _offered,
    "accepted": _accepted,
    "passed": _passed,
    "hold": _held,
    "rejected": _rejected,
    "recalled": _recalled,
    "reopened": _reopened,
    "resolved": _resolved,
    "duplicate": _duplicate,
    "not": _no_incident,
    "raised": _raised,
}
"""How an incident got where it stands, by the first word of its way."""
