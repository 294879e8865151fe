"""Write-sets that no rule would ever make, given through the protocol by somebody with a script.

Each is an attack on one promise of the shared database. ``attack`` names are the test ids.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from builders import (
    ADAM,
    DANA,
    DESK_TEAM,
    IMRAN,
    KIM,
    MAYA,
    MONA,
    NETWORK,
    TARA,
    THEO,
    Desk,
)
from contract.scene import CLOSED, NOW, RESOLVED, Scene

from services.incidents.priority import PriorityMatrix
from services.people.person import Person, PersonRole
from services.sync.shared import Decision


@dataclass(frozen=True)
class Attack:
    """What is tried, and the code it is refused with.

    To a team's database what the person may not read is not there at all.
    """

    name: str
    try_: Callable[[Scene], Decision]
    code: str
    is_hidden: bool = False


CANCELLED = {"state": "cancelled", "cancelled_at": NOW, "cancel_reason": "not_an_incident"}
REOPENED = {"state": "in_progress", "reopen_count": 1}


def _held(**columns: Any) -> dict[str, Any]:
    return {"state": "on_hold", "on_hold_reason": "change", "follow_up_at": NOW, **columns}


INCIDENT_ATTACKS: Sequence[Attack] = (
    Attack("log by nobody", lambda s: s.insert("LogIncident", s.incident(), ADAM,
           opened_by_id=str(ADAM)), "role-missing"),
    Attack("log as closed", lambda s: s.insert("LogIncident", s.incident(), **CLOSED),
           "role-missing"),
    Attack("log under a number of another desk", lambda s: s.insert("LogIncident", s.incident(),
           number=1001), "number-not-reserved"),
    Attack("log under a number of nobody", lambda s: s.insert("LogIncident", s.incident(),
           number=10**9), "number-not-reserved"),
    Attack("log for another team", lambda s: s.insert("LogIncident", s.incident(),
           owner_team_id=str(NETWORK)), "owner-not-service-desk"),
    Attack("log in another name", lambda s: s.insert("LogIncident", s.incident(),
           opened_by_id=str(MAYA)), "not-your-name"),
    Attack("log without summary", lambda s: s.insert("LogIncident", s.incident(), summary=""),
           "field-missing"),
    Attack("log with a rank of one's own", lambda s: s.insert("LogIncident", s.incident(),
           impact=1, urgency=1, priority=5, matrix_edition=1), "priority-not-by-matrix"),
    Attack("log as imported", lambda s: s.insert("LogIncident", s.incident(), is_imported=1),
           "role-missing"),
    Attack("edit a closed one", lambda s: s.change("DescribeIncident", s.closed,
           summary="Nothing happened"), "incident-is-final"),
    Attack("edit a closed one as import", lambda s: s.change("RecordImportedState", s.closed,
           MAYA, summary="Nothing happened"), "incident-is-final"),
    Attack("new to closed", lambda s: s.change("CloseIncident", s.new, **CLOSED), "role-missing"),
    Attack("close by tier two", lambda s: s.change("CloseIncident", s.resolved, THEO,
           **{**CLOSED, "closed_by_id": str(THEO)}), "role-missing"),
    Attack("close under another act", lambda s: s.change("DescribeIncident", s.resolved, THEO,
           **{**CLOSED, "closed_by_id": str(THEO)}), "role-missing"),
    Attack("close while away",
        lambda s: s.change("CloseIncident", s.away, **CLOSED),
        "not-handed-back"),
    Attack("close without confirmation", lambda s: s.change("CloseIncident", s.resolved,
           **{**CLOSED, "confirmed_by": ""}), "not-confirmed"),
    Attack("close without attempts", lambda s: s.change("CloseIncident", s.resolved,
           **{**CLOSED, "confirmation_method": "no_answer"}), "not-confirmed"),
    Attack("close in another name", lambda s: s.change("CloseIncident", s.resolved,
           **{**CLOSED, "closed_by_id": str(MAYA)}), "not-your-name"),
    Attack("resolve without words", lambda s: s.change("ResolveIncident", s.working,
           **{**RESOLVED, "resolution": ""}), "field-missing"),
    Attack("resolve in another name", lambda s: s.change("ResolveIncident", s.working,
           **{**RESOLVED, "resolved_by_id": str(MAYA)}), "not-your-name"),
    Attack("hold without reason", lambda s: s.change("HoldIncident", s.working,
           **_held(on_hold_reason=None)), "field-missing"),
    Attack("hold without follow-up", lambda s: s.change("HoldIncident", s.working,
           **_held(follow_up_at=None)), "field-missing"),
    Attack("hold again by no agent", lambda s: s.change("HoldIncident", s.held, ADAM,
           on_hold_reason="problem"), "role-missing"),
    Attack("cancel without reason", lambda s: s.change("CancelIncident", s.working,
           **{**CANCELLED, "cancel_reason": None}), "field-missing"),
    Attack("reopen without reason", lambda s: s.change("ReopenIncident", s.resolved, remark="",
           **REOPENED), "field-missing"),
    Attack("reopen uncounted", lambda s: s.change("ReopenIncident", s.resolved,
           state="in_progress"), "column-is-fixed"),
    Attack("resolve twice", lambda s: s.change("ResolveIncident", s.resolved,
           resolution="Another story"), "transition-not-allowed"),
    Attack("rank by oneself", lambda s: s.change("PrioritiseIncident", s.new, impact=1, urgency=1,
           priority=5, matrix_edition=1), "priority-not-by-matrix"),
    Attack("severity without reason", lambda s: s.change("ChangeSeverity", s.ranked, remark="",
           severity="SEV1"), "field-missing"),
    Attack("hide what one has not to do with", lambda s: s.change("RestrictIncident", s.new, THEO,
           is_confidential=1), "not-yours-to-restrict"),
    Attack("hide as administrator", lambda s: s.change("RestrictIncident", s.new, ADAM,
           is_confidential=1), "not-yours-to-restrict"),
    Attack("lay a secret open", lambda s: s.change("RestrictIncident", s.secret, THEO,
           is_confidential=0), "not-yours-to-restrict", is_hidden=True),
    Attack("lay a secret open by undoing", lambda s: s.change("UndoAct", s.secret, THEO,
           is_confidential=0), "not-yours-to-restrict", is_hidden=True),
    Attack("hide without reason", lambda s: s.change("RestrictIncident", s.new, remark="",
           is_confidential=1), "field-missing"),
    Attack("hide under another act", lambda s: s.change("DescribeIncident", s.new,
           is_confidential=1), "field-missing"),
    Attack("no summary any more", lambda s: s.change("DescribeIncident", s.new, summary=""),
           "field-missing"),
    Attack("own parent", lambda s: s.change("LinkToParent", s.new, parent_id=str(s.new)),
           "would-be-own-parent"),
    Attack("call it imported", lambda s: s.change("DescribeIncident", s.new, is_imported=1),
           "role-missing"),
    Attack("correct what was not imported", lambda s: s.change("CorrectImportedRecord", s.new,
           MAYA, category_id=None, resolved_at=NOW), "role-missing"),
    *(Attack(f"change {column}", lambda s, c=column, v=value: s.change("DescribeIncident", s.new,
             **{c: v}), "column-is-fixed")
      for column, value in {
          "number": 7, "opened_by_id": str(MAYA), "created_at": 1, "reported_at": 1,
          "external_reference": "X1", "owner_team_id": str(NETWORK),
          "follow_up_of_id": str(KIM)}.items()),
)  # fmt: skip

ESCALATION_ATTACKS: Sequence[Attack] = (
    Attack(
        "withdraw what was never called up",
        lambda s: s.hand(
            "WithdrawEscalation",
            s.offer,
            THEO,
            state="recalled",
            end_remark="x",
            ended_by_id=str(THEO),
        ),
        "role-missing",
    ),
    Attack("offer by no agent", lambda s: s.insert("EscalateToTeam", s.escalation(s.working), ADAM,
           offered_by_id=str(ADAM)), "role-missing"),
    Attack("offer as accepted", lambda s: s.insert("EscalateToTeam", s.escalation(s.working),
           state="accepted"), "role-missing"),
    Attack("offer in another name", lambda s: s.insert("EscalateToTeam", s.escalation(s.working),
           offered_by_id=str(MAYA)), "not-your-name"),
    Attack("offer without words", lambda s: s.insert("EscalateToTeam", s.escalation(s.working),
           tried=""), "field-missing"),
    Attack("offer what is resolved", lambda s: s.insert("EscalateToTeam",
           s.escalation(s.resolved)), "transition-not-allowed"),
    Attack("recall by tier two", lambda s: s.hand("RecallEscalation", s.acceptance, THEO,
           state="recalled", end_remark="x", ended_by_id=str(THEO)), "role-missing"),
    Attack("accept for another team", lambda s: s.hand("AcceptEscalation", s.offer, IMRAN,
           state="accepted", accepted_by_id=str(IMRAN), accepted_at=NOW), "not-your-team"),
    Attack("accept in another name", lambda s: s.hand("AcceptEscalation", s.offer, THEO,
           state="accepted", accepted_by_id=str(TARA), accepted_at=NOW), "not-your-name"),
    Attack("end in another name", lambda s: s.hand("RejectEscalation", s.offer, THEO,
           state="rejected", end_remark="x", ended_by_id=str(TARA)), "not-your-name"),
    Attack("reject without reason", lambda s: s.hand("RejectEscalation", s.offer, THEO,
           state="rejected", ended_by_id=str(THEO)), "field-missing"),
    Attack("accept and stay offered", lambda s: s.hand("AcceptEscalation", s.offer, IMRAN,
           needed_by=NOW), "not-escalated"),
    *(Attack(f"change {column} of an offer", lambda s, c=column, v=value: s.hand(
             "EscalateToTeam", s.offer, **{c: v}), "column-is-fixed")
      for column, value in {
          "incident_id": str(KIM), "kind": "hierarchical", "from_team_id": str(NETWORK),
          "to_team_id": str(DESK_TEAM), "to_person_id": str(MONA), "tried": "x", "found": "x",
          "need": "x", "offered_by_id": str(MAYA), "offered_at": 1}.items()),
)  # fmt: skip


def _matrix(desk: Desk) -> PriorityMatrix:
    return desk.find(PriorityMatrix)[0]


RECORD_ATTACKS: Sequence[Attack] = (
    Attack("note in another name", lambda s: s.insert("AddNote", s.words(),
           author_id=str(MAYA)), "not-your-name"),
    Attack("note about nothing", lambda s: s.insert("AddNote", s.words(),
           incident_id=str(uuid4())), "record-missing"),
    Attack("note without words", lambda s: s.insert("AddNote", s.words(), text=""),
           "field-missing"),
    Attack("change a note", lambda s: s.client.submit("AddNote", [("note", str(s.note.id),
           s.note.version, {"text": "never said"})]), "records-are-kept"),
    Attack("change an edition of the matrix", lambda s: s.client.submit("EditPriorityMatrix", [
           ("priority_matrix", str(_matrix(s.desk).id), _matrix(s.desk).version,
            {"cells": "555555555"})], MAYA), "records-are-kept"),
    Attack("propose each call as a major incident", lambda s: s.insert("EditPriorityMatrix",
           PriorityMatrix(id=uuid4(), edition=77, name="All", is_in_force=False,
                          callers_of_major=1), MAYA), "invalid-text"),
    Attack("write history", lambda s: s.client.submit("AddNote", [("history_entry", str(uuid4()),
           None, {"id": str(uuid4()), "act": "x"})]), "table-not-writable"),
    Attack("write the command log", lambda s: s.client.submit("AddNote", [("command",
           str(uuid4()), None, {"outcome": "applied"})]), "table-not-writable"),
    Attack("write the rules", lambda s: s.client.submit("AddNote", [("command_rule", "x", None,
           {"act": "CloseIncident", "role": "tier_member"})]), "table-not-writable"),
    Attack("grant oneself a role", lambda s: s.insert("GrantRole", PersonRole(id=uuid4(),
           person_id=THEO, role=s.desk.find(PersonRole, person_id=DANA)[0].role), THEO),
           "role-missing"),
    Attack("grant a role by a note", lambda s: s.insert("AddNote", PersonRole(id=uuid4(),
           person_id=THEO, role=s.desk.find(PersonRole, person_id=DANA)[0].role), THEO),
           "table-not-writable"),
    Attack("rename a person by a note", lambda s: s.client.submit("AddNote", [("person", str(KIM),
           1, {"name": "Nobody"})]), "table-not-writable"),
    Attack("change an id", lambda s: s.change("DescribeIncident", s.new, id=str(uuid4())),
           "column-not-writable"),
    Attack("set a version", lambda s: s.change("DescribeIncident", s.new, version=99),
           "column-not-writable"),
    Attack("unknown column", lambda s: s.change("DescribeIncident", s.new, colour="red"),
           "column-not-writable"),
    Attack("SQL as a column", lambda s: s.change("DescribeIncident", s.new,
           **{"state = 'closed', summary": "x"}), "column-not-writable"),
    Attack("SQL as a column of an insert", lambda s: s.insert("AddNote", s.words(),
           **{"text) VALUES (1); DROP TABLE note; --": "x"}), "column-not-writable"),
    Attack("SQL as a table", lambda s: s.client.submit("AddNote", [("note; DROP TABLE note",
           "x", None, {"id": "x"})]), "table-not-writable"),
    Attack("an unknown act", lambda s: s.change("DeleteEverything", s.new, summary="x"),
           "role-missing"),
    Attack("for somebody else", lambda s: s.client.submit("DescribeIncident", [("incident",
           str(s.new), s.desk.incident(s.new).version, {"summary": "x"})], DANA,
           on_behalf_of="Maya"), "role-missing"),
    Attack("a list as a value", lambda s: s.change("DescribeIncident", s.new, summary=["x"]),
           "invalid-value"),
    Attack("a number too large", lambda s: s.change("DescribeIncident", s.new,
           reported_at=2**70), "invalid-value"),
    Attack("half a character", lambda s: s.change("DescribeIncident", s.new, summary="\ud800"),
           "invalid-value"),
    Attack("a NUL in the remark", lambda s: s.change("DescribeIncident", s.new,
           remark="a\x00b", summary="x"), "invalid-text"),
    Attack("a remark too long", lambda s: s.change("DescribeIncident", s.new,
           remark="x" * 20_101, summary="x"), "invalid-text"),
    Attack("a NUL in the name of whom one speaks for", lambda s: s.client.submit(
           "DescribeIncident", [("incident", str(s.new), s.desk.incident(s.new).version,
           {"summary": "x"})], MAYA, on_behalf_of="a\x00b"), "invalid-text"),
    Attack("a state nobody knows", lambda s: s.change("DescribeIncident", s.new, severity="SEV9"),
           "invalid-value"),
    Attack("a summary too long", lambda s: s.change("DescribeIncident", s.new,
           summary="x" * 161), "invalid-text"),
    Attack("an id that is none", lambda s: s.change("DescribeIncident", s.new, caller_id="Kim"),
           "invalid-value"),
    Attack("an escalation of no kind", lambda s: s.insert("EscalateToTeam",
           s.escalation(s.working), kind="sideways"), "invalid-value"),
    Attack("a list that is none", lambda s: s.change("ChangeService", s.new,
           affected_product_ids="Laptop"), "invalid-value"),
    Attack("a person with no name", lambda s: s.insert("AddPerson", Person(id=uuid4(), name="x"),
           name=None), "invalid-text"),
)  # fmt: skip

ATTACKS = (*INCIDENT_ATTACKS, *ESCALATION_ATTACKS, *RECORD_ATTACKS)


def _person(scene: Scene, **columns: Any) -> Decision:
    theo = scene.desk.find(Person, id=THEO)[0]
    return scene.client.submit("ChangePerson", [("person", str(THEO), theo.version, columns)], MAYA)


def _role(scene: Scene, who: UUID) -> PersonRole:
    return scene.desk.find(PersonRole, person_id=who)[0]


TEAM_ATTACKS: Sequence[Attack] = (
    Attack("give a role as administrator", lambda s: s.insert("GrantRole", PersonRole(id=uuid4(),
           person_id=THEO, role=_role(s, DANA).role), MAYA), "by-administration"),
    Attack("take a role as administrator", lambda s: s.client.submit("GrantRole", [("person_role",
           str(_role(s, DANA).id), _role(s, DANA).version, {"is_active": 0})], MAYA),
           "by-administration"),
    Attack("add a login as administrator", lambda s: s.insert("AddPerson", Person(id=uuid4(),
           name="New", login="new"), MAYA), "by-administration"),
    Attack("change a login as administrator", lambda s: _person(s, login="root"),
           "by-administration"),
    Attack("take a login as administrator", lambda s: _person(s, login=None), "by-administration"),
    Attack("lock somebody out as administrator", lambda s: _person(s, is_active=0),
           "by-administration"),
)  # fmt: skip
"""Logins and roles belong to the server: no command reaches them."""
