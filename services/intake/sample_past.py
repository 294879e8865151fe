"""Incidents of the sample company that are closed: the last ninety days of its desk."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

from services.incidents import acts
from services.incidents.incident import ConfirmationMethod, NoteKind, OnHoldReason
from services.intake.sample_story import Story
from services.intake.sample_tables import DESK, Caller, Colleague, Company, sample_id

DAYS = 90
YOUNGEST_DAYS = 5
"""No way takes longer from report to closing."""
OFFICE_HOURS = range(6, 17)
"""In UTC; the sites lie between Lisbon and Dubai."""
OLD_DAYS = 12
"""Age from which a closed incident can have been followed up."""

Way = Callable[[Story, Colleague], None]


def past_moment(now: datetime, youngest: int, chance: Random) -> datetime:
    """A moment of an office day in the last ninety."""
    moment = now - timedelta(days=chance.uniform(youngest, DAYS))
    while moment.weekday() >= 5 and chance.random() < 0.85:
        moment -= timedelta(days=1)
    morning = moment.replace(hour=7, minute=0, second=0, microsecond=0)
    return morning + timedelta(seconds=chance.randint(0, 10 * 3600))


def past_story(
    company: Company, summary: str, caller: Caller | None, reported_at: datetime, chance: Random
) -> Story:
    """A closed incident, by one of the ways an incident usually goes."""
    pace = timedelta(minutes=chance.uniform(0.6, 5))
    story = Story(company, summary, caller, reported_at, pace, chance)
    way = chance.choices(WAYS, weights=WEIGHTS)[0]
    if way is _left_unanswered and caller is None:
        way = _solved_by_tier
    way(story, chance.choice(company.members_of(DESK)))
    return story


def recent_story(
    company: Company, summary: str, caller: Caller | None, now: datetime, chance: Random
) -> Story:
    """A call of the last days that was solved while the caller was on the line."""
    reported_at = now - timedelta(hours=chance.uniform(1, 24 * YOUNGEST_DAYS))
    while reported_at.hour not in OFFICE_HOURS:
        reported_at -= timedelta(hours=3)
    pace = timedelta(minutes=chance.uniform(0.5, 2))
    story = Story(company, summary, caller, reported_at, pace, chance)
    _solved_at_once(story, chance.choice(company.members_of(DESK)))
    return story


def parent_stories(
    company: Company, callers: list[Caller | None], reported_at: datetime, chance: Random
) -> list[Story]:
    """A parent and its children, resolved together and closed one by one."""
    who = company.staff["Niamh O’Connor"]
    pace = timedelta(minutes=3)
    stories = [
        Story(company, summary, caller, reported_at + n * timedelta(minutes=14), pace, chance)
        for n, (summary, caller) in enumerate(zip(company.together, callers, strict=True))
    ]
    parent, *children = stories
    _start(parent, who)
    for child in children:
        child.log(who)
        child.wait(2)
        link = acts.LinkToParent(incident_id=child.id, parent_id=parent.id, seen_parent_id=None)
        child.give(who, link)
    parent.wait(30)
    parent.note(who, parent.trouble.found)
    parent.resolve(who)
    for n, story in enumerate(stories):
        story.at = parent.at + timedelta(minutes=20 + 9 * n)
        story.close(who)
    return stories


def _start(story: Story, who: Colleague) -> None:
    story.log(who)
    story.wait(story.chance.randint(2, 9))
    story.start(who)
    story.wait(story.chance.randint(3, 8))
    story.note(who, story.trouble.note)
    story.wait(story.chance.randint(3, 8))


def _confirmed(story: Story, who: Colleague) -> None:
    """Closed by somebody of the desk after the caller's word."""
    story.wait(story.chance.randint(8, 40), hours=story.chance.choice((0, 0, 1, 3, 20)))
    story.close(who)


def _solved_at_once(story: Story, who: Colleague) -> None:
    """Resolved at first contact."""
    story.log(who)
    story.wait(2)
    story.note(who, story.trouble.note)
    story.wait(2)
    story.resolve(who)
    story.wait(1)
    story.close(who)


def _solved_at_desk(story: Story, who: Colleague) -> None:
    _start(story, who)
    if story.caller is not None:
        story.note(who, story.chance.choice(story.words.replies), NoteKind.REPLY)
        story.wait(10)
    story.note(who, story.trouble.found)
    story.wait(6)
    story.resolve(who)
    _confirmed(story, who)


def _solved_after_hold(story: Story, who: Colleague) -> None:
    """Waited for the caller, or for something outside."""
    _start(story, who)
    reasons = [r for r in OnHoldReason if story.caller or r is not OnHoldReason.CALLER]
    reason = story.chance.choice(reasons)
    story.hold(who, reason, story.at + timedelta(hours=26))
    story.wait(0, hours=story.chance.randint(4, 26))
    if reason is OnHoldReason.CALLER:
        text = story.chance.choice(story.words.caller_replies)
        story.note(who, text, NoteKind.CALLER_REPLY)
    else:
        story.give(who, acts.ResumeIncident(incident_id=story.id, remark=story.trouble.found))
    story.wait(12)
    story.resolve(who)
    _confirmed(story, who)


def _tier_of(story: Story) -> Colleague:
    return story.chance.choice(story.company.members_of(story.trouble.owner_team))


def _taken_by_tier(story: Story, who: Colleague) -> Colleague:
    """Offered to the owner of the service and accepted by one of its people."""
    engineer = _tier_of(story)
    _start(story, who)
    story.offer(who, engineer.team)
    story.wait(story.chance.randint(5, 30))
    story.accept(engineer)
    story.wait(story.chance.randint(8, 40))
    story.note(engineer, story.chance.choice(story.words.tier_notes))
    story.wait(story.chance.randint(8, 30))
    return engineer


def _solved_by_tier(story: Story, who: Colleague) -> None:
    """The tier resolves, which hands it back."""
    engineer = _taken_by_tier(story, who)
    story.resolve(engineer)
    _confirmed(story, who)


def _handed_back(story: Story, who: Colleague) -> None:
    """The tier hands back, the desk resolves."""
    engineer = _taken_by_tier(story, who)
    remark = story.chance.choice(story.words.hand_backs)
    command = acts.HandBackEscalation(incident_id=story.id, remark=remark)
    story.come_back(engineer, command)
    story.wait(10)
    story.resolve(who)
    _confirmed(story, who)


def _returned_first(story: Story, who: Colleague) -> None:
    """Rejected with a reason, offered again with more and then accepted."""
    engineer = _tier_of(story)
    _start(story, who)
    story.offer(who, engineer.team)
    story.wait(12)
    reason = story.chance.choice(story.words.rejections)
    story.come_back(engineer, acts.RejectEscalation(incident_id=story.id, reason=reason))
    story.wait(15)
    story.note(who, story.trouble.found)
    story.wait(5)
    story.offer(who, engineer.team)
    story.wait(15)
    story.accept(engineer)
    story.wait(25)
    story.resolve(engineer)
    _confirmed(story, who)


def _through_tiers(story: Story, who: Colleague) -> None:
    """Tier 2, then the next team, which resolves."""
    engineer = _taken_by_tier(story, who)
    above = {"Platform": "Database", "Database": "Platform", "Security": "Platform"}
    team = above.get(engineer.team, story.chance.choice(("Platform", "Database")))
    story.offer(engineer, team)
    story.wait(25)
    expert = story.chance.choice(story.company.members_of(team))
    story.accept(expert)
    story.wait(40)
    story.resolve(expert)
    _confirmed(story, who)


def _opened_again(story: Story, who: Colleague) -> None:
    """Resolved too early, reopened, resolved for good."""
    _start(story, who)
    story.resolve(who)
    story.wait(0, hours=story.chance.randint(2, 25))
    reason = story.chance.choice(story.words.reopenings)
    story.give(who, acts.ReopenIncident(incident_id=story.id, reason=reason))
    story.wait(8)
    story.note(who, story.trouble.found)
    story.wait(10)
    story.resolve(who)
    _confirmed(story, who)


def _told_up(story: Story, who: Colleague) -> None:
    """A manager was told; the call was withdrawn because it was solved first."""
    _start(story, who)
    escalation_id = sample_id("escalation", f"{story.summary}/up")
    lead = story.company.staff["Laila Guerrero"]
    up = acts.EscalateUp(
        incident_id=story.id,
        escalation_id=escalation_id,
        to_person_id=lead.id,
        reason="Promised time at risk",
        need="Decide whether we may take somebody off the roll-out to look at it today.",
        needed_by=story.at + timedelta(hours=3),
    )
    story.give(who, up)
    story.wait(15)
    withdrawn = acts.WithdrawEscalation(
        incident_id=story.id, escalation_id=escalation_id, reason="Cause found, not needed any more"
    )
    story.give(who, withdrawn)
    story.resolve(who)
    _confirmed(story, who)


def _left_unanswered(story: Story, who: Colleague) -> None:
    """The caller could not be reached on two days."""
    _start(story, who)
    story.resolve(who)
    for hours in (3, 20, 5):
        story.wait(0, hours=hours)
        text = story.chance.choice(story.words.attempts)
        story.note(who, text, NoteKind.CONTACT_ATTEMPT)
    story.wait(0, hours=24)
    command = acts.CloseIncident(
        incident_id=story.id,
        method=ConfirmationMethod.NO_ANSWER,
        remark="Three attempts on two days; the caller can call again at any time.",
    )
    story.give(who, command)


WAYS: tuple[Way, ...] = (
    _solved_at_once,
    _solved_at_desk,
    _solved_after_hold,
    _solved_by_tier,
    _handed_back,
    _returned_first,
    _through_tiers,
    _opened_again,
    _told_up,
    _left_unanswered,
)
WEIGHTS = (16, 28, 13, 15, 6, 3, 4, 4, 2, 3)
