"""The commands that explain an incident's events, in the words of our own rules."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.core.ids import derived_id
from services.incidents.acts import (
    AddNote,
    CategoriseIncident,
    ChangeCaller,
    ChangeService,
    DescribeIncident,
    LogIncident,
    PrioritiseIncident,
)
from services.incidents.imported_acts import CorrectImportedRecord, RecordImportedAssignment
from services.incidents.incident import FINAL_STATES, Incident, IncidentState, NoteKind
from services.incidents.priority import PriorityMatrix
from services.intake.errors import ValueUnknown
from services.intake.names import SOURCE, Names
from services.intake.servicenow_log import UNKNOWN, LogEvent, LoggedIncident
from services.intake.servicenow_moves import moves
from services.intake.servicenow_values import (
    CHANNELS,
    NOT_RECORDED,
    STATES,
    acted_at,
    acted_for,
    ensure_understood,
    meant,
    moment,
    rank,
)
from services.sync.changes import State

DESCRIBED = (
    ("location", "Location"),
    ("made_sla", "Service level kept"),
    ("knowledge", "Knowledge article"),
    ("u_priority_confirmation", "Priority confirmed"),
    ("notify", "Notify"),
    ("problem_id", "Problem"),
    ("rfc", "Change"),
    ("vendor", "Vendor"),
    ("caused_by", "Caused by change"),
)
"""Columns that no field of ours holds, with the words for them."""


@dataclass(frozen=True, slots=True)
class Step:
    """A command, when it happened in the other system and who acted there."""

    command: object
    happened_at: datetime
    on_behalf_of: str


def incident_id_of(number: str) -> UUID:
    """The id under which an incident of the log is kept, whichever file brings it."""
    return derived_id(SOURCE, "incident", number)


class IncidentStory:
    """Explains one incident, event by event.

    Each command is decided on the state that the one before left, so the steps must be carried
    out as they come: ``state`` shows their effect to the next.
    """

    def __init__(
        self,
        logged: LoggedIncident,
        number: int,
        names: Names,
        matrix: PriorityMatrix,
        state: State,
    ) -> None:
        self.incident_id = incident_id_of(logged.number)
        self._logged = logged
        self._number = number
        self._names = names
        self._matrix = matrix
        self._state = state
        self._previous: LogEvent | None = None

    def steps_of(self, event: LogEvent) -> Iterator[Step]:
        """The steps that lead from the event before to this one.

        Raises:
            ValueUnknown: the event holds a value that has no meaning; if it is the state, all
                the rest of the event has been told before.
        """
        ensure_understood(event)
        told_at, told_for = acted_at(event), acted_for(event)
        if self._previous is None:
            yield self._logging(event)
        for command in self._commands(event):
            yield Step(command, told_at, told_for)
        if event.raw("incident_state") not in STATES:
            raise ValueUnknown(column="incident_state", value=event.raw("incident_state")[:60])

    def _commands(self, event: LogEvent) -> Iterator[object]:
        remark, previous = self._changed(event), self._previous
        self._previous = event
        given = _Remark(remark)
        if self._incident().state in FINAL_STATES:
            yield from moves(event, self._incident, self._names, given)
        yield from self._details(event)
        yield from self._assignment(event, given, is_first=previous is None)
        yield from moves(event, self._incident, self._names, given)
        if left := given.take():
            yield AddNote(incident_id=self.incident_id, kind=NoteKind.INTERNAL, text=left)
        if event is self._logged.events[-1]:
            yield from self._correction(event)

    def _incident(self) -> Incident:
        return self._state.get(Incident, self.incident_id)

    # -- how it began ------------------------------------------------------------------------

    def _logging(self, event: LogEvent) -> Step:
        opened_at = moment(event, "opened_at") or acted_at(event)
        impact, urgency, priority = rank(event)
        by_matrix = impact and urgency and self._matrix.priority_of(impact, urgency) is priority
        category_id, subcategory_id = self._names.category(event)
        command = LogIncident(
            incident_id=self.incident_id,
            number=self._number,
            external_reference=self._logged.number,
            summary=_summary(event),
            description=_description(event),
            channel=meant(event, "contact_type", CHANNELS),
            caller_id=self._names.caller(event),
            reported_at=opened_at,
            service_id=self._names.service_id,
            affected_product_ids=self._names.products(event),
            category_id=category_id,
            subcategory_id=subcategory_id,
            impact=impact if by_matrix else None,
            urgency=urgency if by_matrix else None,
            owner_team_id=self._names.desk_team_id,
            matrix_edition=self._matrix.edition,
        )
        opener = event.text("opened_by") or event.text("sys_created_by") or NOT_RECORDED
        return Step(command, opened_at, opener)

    # -- what is known of it -----------------------------------------------------------------

    def _details(self, event: LogEvent) -> Iterator[object]:
        """Changes of what is known; a closed record's category waits for the correction."""
        now = self._incident()
        if (caller_id := self._names.caller(event)) != now.caller_id:
            yield ChangeCaller(
                incident_id=now.id, caller_id=caller_id, seen_caller_id=now.caller_id
            )
        if (summary := _summary(event)) != now.summary:
            yield DescribeIncident(
                incident_id=now.id,
                summary=summary,
                description=now.description,
                seen_summary=now.summary,
                seen_description=now.description,
            )
        if now.state not in FINAL_STATES:
            yield from self._category(event)
        yield from self._rank(event)
        if (products := self._names.products(event)) != now.affected_product_ids:
            yield ChangeService(
                incident_id=now.id,
                service_id=now.service_id,
                affected_product_ids=products,
                seen_service_id=now.service_id,
                seen_affected_product_ids=now.affected_product_ids,
            )

    def _category(self, event: LogEvent) -> Iterator[object]:
        now = self._incident()
        category_id, subcategory_id = self._names.category(event)
        if category_id is None:
            return
        if (category_id, subcategory_id) != (now.category_id, now.subcategory_id):
            yield CategoriseIncident(
                incident_id=now.id,
                category_id=category_id,
                subcategory_id=subcategory_id,
                seen_category_id=now.category_id,
                seen_subcategory_id=now.subcategory_id,
            )

    def _rank(self, event: LogEvent) -> Iterator[object]:
        now = self._incident()
        impact, urgency, priority = rank(event)
        if impact is None or urgency is None:
            return
        if (impact, urgency, priority) == (now.impact, now.urgency, now.priority):
            return
        by_matrix = self._matrix.priority_of(impact, urgency)
        differs = priority is not None and priority is not by_matrix
        yield PrioritiseIncident(
            incident_id=now.id,
            impact=impact,
            urgency=urgency,
            override=priority if differs else None,
            override_reason=NOT_RECORDED if differs else "",
            seen_impact=now.impact,
            seen_urgency=now.urgency,
            seen_priority=now.priority,
            matrix_edition=self._matrix.edition,
        )

    def _assignment(
        self, event: LogEvent, remark: "_Remark", *, is_first: bool
    ) -> Iterator[object]:
        now = self._incident()
        team_id = self._names.team(event)
        assignee_id = self._names.person(event.text("assigned_to"))
        if (team_id, assignee_id) != (now.team_id, now.assignee_id):
            yield RecordImportedAssignment(
                incident_id=now.id,
                team_id=team_id,
                assignee_id=assignee_id,
                is_first=is_first,
                remark=remark.take(),
            )

    # -- what no act of ours says --------------------------------------------------------------

    def _correction(self, event: LogEvent) -> Iterator[object]:
        """The last record where it does not follow from the acts: times, and a late category."""
        now = self._incident()
        category_id, subcategory_id = self._names.category(event)
        if category_id is None:
            category_id, subcategory_id = now.category_id, now.subcategory_id
        resolved_at, closed_at = moment(event, "resolved_at"), moment(event, "closed_at")
        if resolved_at is None and now.state is IncidentState.RESOLVED:
            resolved_at = now.resolved_at
        wanted = (resolved_at, closed_at, category_id, subcategory_id)
        if wanted != (now.resolved_at, now.closed_at, now.category_id, now.subcategory_id):
            yield CorrectImportedRecord(
                incident_id=now.id,
                resolved_at=resolved_at,
                closed_at=closed_at,
                category_id=category_id,
                subcategory_id=subcategory_id,
                remark="As last recorded",
            )

    def _changed(self, event: LogEvent) -> str:
        """What changed in columns that no field of ours holds, as one remark."""
        before = self._previous
        if before is None:
            return ""
        changes = (
            f"{words}: {before.raw(column)} → {event.raw(column)}"
            for column, words in DESCRIBED
            if before.raw(column) != event.raw(column)
        )
        return "; ".join(changes)


class _Remark:
    """Words that go with the first command that has room for them."""

    def __init__(self, text: str) -> None:
        self._text = text

    def take(self) -> str:
        """The words, once."""
        text, self._text = self._text, ""
        return text


def _summary(event: LogEvent) -> str:
    """The symptom: the nearest the log has to what the caller said."""
    return event.text("u_symptom") or f"Symptom not recorded ({event.raw('subcategory')})"


def _description(event: LogEvent) -> str:
    """Everything the first event says that no field of ours holds."""
    lines = [f"Imported from ServiceNow, {event.raw('number')}."]
    if created_by := event.text("sys_created_by") or event.text("sys_created_at"):
        lines.append(f"Created: {event.raw('sys_created_at')} by {created_by}")
    lines += [
        f"{words}: {event.raw(column)}"
        for column, words in DESCRIBED
        if event.raw(column) != UNKNOWN
    ]
    return "\n".join(lines)
