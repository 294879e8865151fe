"""Everything that happened to one page, as lines to read from top to bottom."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.incidents.directory import Directory
from services.incidents.history import changes_in
from services.incidents.incident import HistoryEntry
from services.incidents.page_entries import FIRSTLINE, NOBODY, page_sentence
from services.incidents.timeline import SENTENCES
from services.on_call.policy import CalledAs
from services.paging.acts import DeclinePage
from services.paging.page import (
    Answer,
    Delivery,
    DeliveryAttempt,
    DeliveryState,
    Outcome,
    Page,
    PageRecipient,
    PageState,
    PageStep,
)
from services.paging.read_models import AuditLine, Tone
from services.paging.words import CATCH_ALL, attempt_words, delivery_words, listed
from services.people.contact import ContactMethod


@dataclass(frozen=True, kw_only=True)
class PageRecords:
    """All rows of one page, and the names they speak of."""

    page: Page
    steps: Sequence[PageStep]
    recipients: Sequence[PageRecipient]
    deliveries: Sequence[Delivery]
    attempts: Sequence[DeliveryAttempt]
    history: Sequence[HistoryEntry]
    directory: Directory
    contacts: Mapping[UUID, ContactMethod]
    rosters: Mapping[UUID, str]
    destinations: Mapping[UUID, str]


_TONES = {
    Outcome.DELIVERED: Tone.GOOD,
    Outcome.RETRY: Tone.DOUBTFUL,
    Outcome.REFUSED: Tone.BAD,
    Outcome.UNSURE: Tone.DOUBTFUL,
}


def page_audit(of: PageRecords) -> tuple[AuditLine, ...]:
    """The lines of one page in the order of time; a try stands below the call it belongs to."""
    # In one moment an answer comes before what it led to, and a call before its tries.
    lines = [_asked(of), *_answers(of), *_acts(of), *_calls(of), *_tries(of), *_untried(of)]
    return tuple(sorted(lines, key=lambda line: (line.at, line.is_part)))


def _asked(of: PageRecords) -> AuditLine:
    page = of.page
    who = of.directory.person(page.opened_by_id) or FIRSTLINE
    return AuditLine(at=page.opened_at, text=f"{who} paged {target_of(of)}")


def target_of(of: PageRecords) -> str:
    """Whom the page asks, by name."""
    people = [of.directory.person(id_) for id_ in of.page.to_person_ids]
    return listed(people) or of.directory.team(of.page.to_team_id) or CATCH_ALL


def _calls(of: PageRecords) -> Iterator[AuditLine]:
    groups: dict[tuple[int, int], list[PageRecipient]] = {}
    for recipient in of.recipients:
        groups.setdefault((recipient.round, recipient.position), []).append(recipient)
    for (round_, position), called in groups.items():
        who = listed([_called(of, one) for one in called])
        step = step_words(of.steps, round_, position)
        yield AuditLine(at=min(one.called_at for one in called), text=f"{step}: {who} called")


def step_words(steps: Sequence[PageStep], round_: int, position: int) -> str:
    """``Step 1 of 2``, with the round from the second on; behind the last the catch-all."""
    if position >= len(steps):
        return "Catch-all"
    again = f", round {round_ + 1}" if round_ else ""
    return f"Step {position + 1} of {len(steps)}{again}"


def _called(of: PageRecords, one: PageRecipient) -> str:
    name = of.directory.person(one.person_id)
    roster = of.rosters.get(one.roster_id, "") if one.roster_id else ""
    if roster:
        return f"{name} ({roster})"
    return f"{name} (team lead)" if one.called_as is CalledAs.TEAM else name


def _tries(of: PageRecords) -> Iterator[AuditLine]:
    deliveries = {delivery.id: delivery for delivery in of.deliveries}
    for attempt in of.attempts:
        delivery = deliveries[attempt.delivery_id]
        number = f", try {attempt.number}" if attempt.number > 1 else ""
        # Only a try that follows an unsure one can repeat what arrived already.
        repeat = ", may be a repeat" if delivery.may_repeat and attempt.number > 1 else ""
        tone = _TONES.get(attempt.outcome, Tone.PLAIN) if attempt.outcome else Tone.PLAIN
        yield AuditLine(
            at=attempt.started_at,
            text=f"{_way(of, delivery)}{number}: {attempt_words(attempt, delivery)}{repeat}",
            detail=attempt.reason,
            tone=tone,
            is_part=True,
        )


def _untried(of: PageRecords) -> Iterator[AuditLine]:
    """Messages that were not sent, each with its reason, at the moment that was decided."""
    tried = {attempt.delivery_id for attempt in of.attempts}
    for delivery in of.deliveries:
        is_dead = delivery.state is DeliveryState.DEAD
        if delivery.id in tried and not is_dead:
            continue
        yield AuditLine(
            at=delivery.finished_at or max(delivery.created_at, delivery.due_at),
            text=f"{_way(of, delivery)}: {delivery_words(delivery)}",
            detail=delivery.reason,
            tone=Tone.BAD if is_dead else Tone.PLAIN,
            is_part=True,
        )


def _way(of: PageRecords, delivery: Delivery) -> str:
    """``Theo, Pager of Theo (SMS account)``; a channel of a step is its destination."""
    through = of.destinations.get(delivery.destination_id, "")
    if delivery.person_id is None:
        return through or "Channel"
    name = of.directory.person(delivery.person_id)
    method = of.contacts.get(delivery.contact_method_id) if delivery.contact_method_id else None
    label = method.name if method else ""
    address = delivery.address
    way = " ".join(part for part in (label, address) if part)
    return f"{name}, {way} by {through}" if through else f"{name}, {way}"


def _answers(of: PageRecords) -> Iterator[AuditLine]:
    """Who declined; whoever acknowledged is told by the page's own history."""
    for one in of.recipients:
        if one.answer is Answer.DECLINED and one.answered_at is not None:
            who = of.directory.person(one.person_id)
            yield AuditLine(
                at=one.answered_at, text=f"{who} cannot, next please", tone=Tone.DOUBTFUL
            )


_ENDS = {
    PageState.ACKNOWLEDGED.value: Tone.GOOD,
    PageState.HELD.value: Tone.DOUBTFUL,
    PageState.OPEN.value: Tone.DOUBTFUL,
}


def _acts(of: PageRecords) -> Iterator[AuditLine]:
    """What people and the database did to the page itself, beside calling somebody."""
    for entry in of.history:
        changed = changes_in(entry)
        _, state = changed.get("state", (None, None))
        act = SENTENCES.get(entry.act, (None, ""))[1]
        text = page_sentence(entry, {}, act)
        is_told = entry.act == DeclinePage.__name__ or (entry.act == "FirePage" and state is None)
        if changed and text and not is_told:
            who = FIRSTLINE if entry.actor_id == NOBODY else of.directory.person(entry.actor_id)
            tone = _ENDS.get(str(state), Tone.PLAIN)
            yield AuditLine(at=entry.happened_at, text=f"{who} {text}", tone=tone)


def held_at(of: PageRecords) -> datetime | None:
    """When the page was held for having waited too long; None where it is not held."""
    if of.page.state is not PageState.HELD:
        return None
    moments = (
        entry.happened_at
        for entry in of.history
        if changes_in(entry).get("state", (None, None))[1] == PageState.HELD.value
    )
    return max(moments, default=None)


def last_called(page: Page, recipients: Iterable[PageRecipient]) -> tuple[PageRecipient, ...]:
    """Those of the step last taken who have not answered."""
    return tuple(
        one
        for one in recipients
        if (one.round, one.position) == (page.round, page.position) and one.answer is None
    )
