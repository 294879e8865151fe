"""Each event becomes the commands that explain it, decided by our rules."""

from datetime import UTC, datetime

import pytest
from unit.intake.log_examples import CLOSED, NEW, RESOLVED, incident
from unit.intake.telling import DESK, tell

from services.incidents.acts import PrioritiseIncident, ResolveIncident
from services.incidents.incident import (
    ConfirmationMethod,
    IncidentState,
    OnHoldReason,
    ResolutionCode,
)
from services.incidents.priority import Priority

S = IncidentState
AT = datetime(2016, 2, 29, 11, 29, tzinfo=UTC)
CLOSED_AT = datetime(2016, 3, 5, 12, tzinfo=UTC)
ACTIVE = {"incident_state": "Active"}
CALLER = {"incident_state": "Awaiting User Info"}


def acts_after_logging(*rows):
    told = tell(incident(*rows))
    assert told.acts[:2] == ["LogIncident", "RecordImportedAssignment"]
    assert not told.refused
    return told, [act for act in told.acts[2:] if act != "CorrectImportedRecord"]


def test_a_whole_life():
    told = tell(incident({}, RESOLVED, CLOSED))
    assert told.acts == [
        "LogIncident",
        "RecordImportedAssignment",
        "ResolveIncident",
        "CloseIncident",
    ]
    assert told.times == ["29.02. 01:16", "29.02. 01:23", "29.02. 11:29", "05.03. 12:00"]
    assert told.people == ["Opened by  8", "Updated by 21", "Updated by 21", "Updated by 21"]
    after = told.incident
    assert (after.state, after.resolved_at, after.closed_at) == (S.CLOSED, AT, CLOSED_AT)
    assert (after.number, after.external_reference) == (1001, "INC0000045")
    assert after.is_imported


def test_what_the_log_does_not_know_is_not_invented():
    after = tell(incident({}, RESOLVED, CLOSED)).incident
    assert after.confirmation_method is ConfirmationMethod.NOT_RECORDED
    assert (after.confirmed_by, after.confirmed_at) == ("", None)
    assert after.resolution_code is ResolutionCode.NOT_RECORDED
    assert after.resolution == "Not recorded (ServiceNow: code 5, Resolved by 149)"
    assert after.resolved_by_id is None
    assert after.owner_id is None
    assert not after.is_first_contact_resolution
    assert not after.was_escalated


def test_nothing_known_still_gives_an_incident():
    unknown = dict.fromkeys(
        ("caller_id", "opened_by", "sys_updated_by", "sys_created_by", "sys_created_at", "location",
         "category", "subcategory", "u_symptom", "assignment_group", "closed_code", "resolved_by",
         "impact", "urgency", "priority", "resolved_at", "closed_at"),
        "?",
    )  # fmt: skip
    told = tell(incident(unknown, RESOLVED, CLOSED))
    assert not told.refused
    after = told.incident
    assert set(told.people) == {"Not recorded"}
    assert (after.state, after.team_id) == (S.CLOSED, DESK)
    assert (after.resolved_at, after.closed_at, after.priority) == (None, None, None)
    assert after.category_id == told.names.category_not_recorded
    assert after.resolution == "Not recorded"


@pytest.mark.parametrize(
    ("states", "acts"),
    [
        (["Active"], ["StartIncident"]),
        (["Resolved"], ["ResolveIncident"]),
        (["Awaiting Vendor"], ["HoldIncident"]),
        (["New", "Active", "Active"], ["StartIncident"]),
        (["New", "Awaiting User Info", "Active"], ["HoldIncident", "ResumeIncident"]),
        (["Active", "Awaiting Problem", "Awaiting Vendor"],
         ["StartIncident", "HoldIncident", "HoldIncident"]),
        (["Active", "Resolved", "Active"], ["StartIncident", "ResolveIncident", "ReopenIncident"]),
        (["Awaiting Evidence", "Resolved", "Closed"],
         ["HoldIncident", "ResolveIncident", "CloseIncident"]),
        (["New", "Closed"], ["RecordImportedState"]),
        (["Active", "Closed"], ["StartIncident", "RecordImportedState"]),
        (["Resolved", "Closed", "Active"],
         ["ResolveIncident", "CloseIncident", "RecordImportedState"]),
        (["Resolved", "Awaiting User Info"], ["ResolveIncident", "RecordImportedState"]),
        (["Active", "New"], ["StartIncident", "RecordImportedState"]),
    ],
)  # fmt: skip
def test_ways_between_states(states, acts):
    rows = [NEW | {"incident_state": state} for state in states]
    if states[-1] == "Closed":
        rows[-1] |= {"resolved_at": "29/2/2016 11:29", "closed_at": "29/2/2016 11:29"}
    told, found = acts_after_logging(*rows)
    assert found == acts
    expected = {"New": S.NEW, "Active": S.IN_PROGRESS, "Resolved": S.RESOLVED, "Closed": S.CLOSED}
    assert told.incident.state is expected.get(states[-1], S.ON_HOLD)


def test_a_jump_is_marked():
    told = tell(incident({}, CLOSED | {"made_sla": "false"}))
    assert told.commands[2].remark == (
        "Recorded as the other system had it; Service level kept: true → false"
    )


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        ("Awaiting User Info", OnHoldReason.CALLER),
        ("Awaiting Problem", OnHoldReason.PROBLEM),
        ("Awaiting Vendor", OnHoldReason.SUPPLIER),
        ("Awaiting Evidence", OnHoldReason.EVIDENCE),
    ],
)
def test_reasons_of_a_hold(word, reason):
    told, _ = acts_after_logging({"incident_state": word})
    assert told.incident.on_hold_reason is reason
    assert told.incident.follow_up_at is None
    assert told.notes == []


@pytest.mark.parametrize(
    ("states", "count"),
    [
        (["Resolved", "Active", "Resolved", "Closed"], 1),
        (["Resolved", "Active", "Resolved", "Active"], 2),
        (["Resolved", "Closed", "Active", "Resolved"], 1),
        (["Resolved", "Awaiting User Info", "Active"], 1),
        (["New", "Active", "Awaiting User Info", "Active"], 0),
    ],
)
def test_reopenings_are_counted(states, count):
    told = tell(incident(*({"incident_state": state} for state in states)))
    assert told.incident.reopen_count == count
    assert (told.incident.reopened_at is not None) == (count > 0)


def test_the_groups_of_an_incident():
    rows = [{}, {"assignment_group": "Group 70"}, {"assigned_to": "Resolver 17"},
            {"assignment_group": "?", "assigned_to": "?"}]  # fmt: skip
    told = tell(incident(*rows[:3]))
    assert told.incident.team_id == told.names.id_of("team", "Group 70")
    assert told.incident.assignee_id == told.names.id_of("person", "Resolver 17")
    assert told.incident.reassignment_count == 1
    back = tell(incident(*rows))
    assert (back.incident.team_id, back.incident.assignee_id) == (DESK, None)


def test_starting_leaves_the_assignee_to_the_log():
    told, _ = acts_after_logging({"assigned_to": "Resolver 17"}, ACTIVE)
    assert told.incident.assignee_id == told.names.id_of("person", "Resolver 17")


def test_priority_follows_the_matrix_of_the_log():
    low = {"impact": "3 - Low", "urgency": "3 - Low", "priority": "4 - Low"}
    told = tell(incident({}, low))
    assert told.acts[-2:] == ["PrioritiseIncident", "CorrectImportedRecord"]
    assert told.incident.priority is Priority.P4
    assert told.incident.matrix_edition == told.names.matrix.edition == 2
    assert told.incident.priority_override_reason == ""


def test_a_rank_that_breaks_the_log_s_own_matrix_is_an_override():
    odd = {"priority": "1 - Critical"}
    told = tell(incident({}, {}, odd))
    ranked = [command for command in told.commands if isinstance(command, PrioritiseIncident)]
    assert [command.override for command in ranked] == [Priority.P1]
    assert told.incident.priority is Priority.P1
    assert told.incident.priority_override_reason == "Not recorded"


def test_a_first_event_with_an_odd_rank():
    told = tell(incident({"priority": "1 - Critical"}, {"priority": "3 - Moderate"}, {}))
    assert not told.refused
    assert told.incident.priority is Priority.P3


def test_changed_words_and_categories():
    told, acts = acts_after_logging(
        {}, {"u_symptom": "Symptom 4"}, {"category": "Category 26", "subcategory": "?"},
        {"caller_id": "Caller 1"}, {"cmdb_ci": "cmdb_ci 31"},
    )  # fmt: skip
    assert acts == ["DescribeIncident", "CategoriseIncident", "ChangeCaller", "ChangeService"]
    after = told.incident
    assert after.summary == "Symptom 4"
    assert after.category_id == told.names.id_of("category", "Category 26")
    assert after.subcategory_id is None
    assert after.affected_product_ids == (told.names.id_of("product", "cmdb_ci 31"),)


def test_what_no_field_holds_is_described_and_its_changes_noted():
    told = tell(incident({}, {"vendor": "Vendor 1", "rfc": "CHG0000132"}, CLOSED))
    assert "Location: Location 143" in told.incident.description
    assert "Created: 29/2/2016 01:23 by Created by 6" in told.incident.description
    assert "Change: ? → CHG0000132; Vendor: ? → Vendor 1" in told.notes


def test_a_change_goes_as_remark_where_a_command_has_room():
    told = tell(incident(RESOLVED, CLOSED | {"made_sla": "false"}))
    assert told.commands[-1].remark == "Service level kept: true → false"
    assert told.notes == []


def test_the_last_row_decides_the_times():
    told = tell(incident({}, RESOLVED | {"sys_updated_at": "29/2/2016 08:53"}, CLOSED))
    assert told.acts[-1] == "CorrectImportedRecord"
    assert (told.incident.resolved_at, told.incident.closed_at) == (AT, CLOSED_AT)


def test_an_unknown_time_of_resolving_is_unknown_here():
    told = tell(incident({"resolved_at": "?"}, RESOLVED, CLOSED))
    assert told.incident.state is S.CLOSED
    assert told.incident.resolved_at is None


def test_a_category_changed_after_closing():
    told = tell(incident(RESOLVED, CLOSED, {"category": "Category 9"}))
    assert not told.refused
    assert told.incident.category_id == told.names.id_of("category", "Category 9")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"incident_state": "-100"}, "import-value-unknown"),
        ({"impact": "9 - Odd"}, "import-value-unknown"),
        ({"sys_updated_at": "?"}, "import-value-unknown"),
        ({"resolved_at": "31/2/2016 10:00"}, "import-value-unknown"),
        ({"contact_type": "Pigeon"}, "import-value-unknown"),
    ],
)
def test_an_event_without_meaning_is_refused_and_the_rest_goes_on(change, code):
    sound = {"impact": "2 - Medium", "contact_type": "Phone", "resolved_at": "29/2/2016 11:29"}
    told = tell(incident({}, change, sound | RESOLVED))
    assert told.refused == [(3, code)]
    assert told.incident.state is S.RESOLVED


def test_a_refused_state_keeps_the_rest_of_its_event():
    told = tell(incident({}, {"incident_state": "-100", "assignment_group": "Group 70"}))
    assert told.refused == [(3, "import-value-unknown")]
    assert told.incident.state is S.NEW
    assert told.incident.team_id == told.names.id_of("team", "Group 70")


def test_a_change_after_closing_that_no_rule_knows_is_refused():
    told = tell(incident(RESOLVED, CLOSED, {"assignment_group": "Group 70"}))
    assert told.refused == [(4, "incident-is-final")]


def test_resolving_asks_for_no_category_the_log_does_not_have():
    told = tell(incident({"category": "?", "subcategory": "?"}, RESOLVED))
    resolving = next(c for c in told.commands if isinstance(c, ResolveIncident))
    assert resolving.category_id == told.names.category_not_recorded
