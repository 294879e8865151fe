"""Write-sets about major incidents, by which one could be commanded or ended by nobody's right."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from builders import CLEO, DANA, IMRAN, KIM, MAYA, MONA, START, TARA, THEO
from contract import major_scene as of
from contract.attacks import RESOLVED, Attack
from contract.major_scene import HELD, OFFERED, SUCCESSOR, the_response
from contract.on_call_scene import change, there
from contract.scene import NOW, Scene

from services.core.clock import to_microseconds
from services.core.records import Record
from services.major_incidents.entries import (
    ChangeEvent,
    DocumentEntry,
    ResponseEntry,
    SupportCase,
)
from services.major_incidents.major import (
    MajorState,
    ResponseChannel,
    RoleHolding,
    WorkStream,
)
from services.sync.shared import Decision

FIXED, OTHER_NAME, NO_ROLE = "column-is-fixed", "not-your-name", "role-missing"
MOVED_ON, NOT_IN_CHARGE, MISSING = "major-moved-on", "not-in-charge", "field-missing"
EARLIER = NOW - 3_600_000_000
ENDING = {"state": "ended", "ended_at": NOW}
TAKING = {"state": "held", "accepted_at": NOW}
REVIEW = {"review_owner_id": str(THEO), "review_due_at": NOW}
SOLVED = {"state": "resolved", "resolved_at": NOW, "impact_ended_at": to_microseconds(START),
          "recovery": "Back", "phase": "resolved", **REVIEW}  # fmt: skip


def _propose(s: Scene, **columns: Any) -> Decision:
    return s.insert("ProposeMajorIncident", of.major(s), **columns)


def _major(s: Scene, act: str, at: MajorState, who: UUID, **columns: Any) -> Decision:
    return change(s, act, of.major_at(s, at), who, **columns)


def _accept(s: Scene, who: UUID, **columns: Any) -> Decision:
    given = {"state": "accepted", "accepted_at": NOW, "decided_by_id": str(who), **columns}
    return _major(s, "AcceptMajorIncident", MajorState.PROPOSED, who, **given)


def _offer(s: Scene, **columns: Any) -> Decision:
    return s.insert("OfferRole", of.holding(s), **columns)


def _role(s: Scene, act: str, id_: UUID, who: UUID, **columns: Any) -> Decision:
    return change(s, act, s.desk.get(RoleHolding, id_), who, **columns)


def _take_command(s: Scene, incident_id: UUID, person: UUID, **columns: Any) -> Decision:
    """Imran takes command of a response, as himself or as somebody else."""
    major = s.desk.find(type(the_response(s)), incident_id=incident_id)[0]
    given = {"major_id": str(major.id), "incident_id": str(incident_id), "role": "incident_manager",
             "person_id": str(person), "offered_by_id": str(IMRAN), **TAKING}  # fmt: skip
    return s.insert("TakeCommand", of.holding(s), IMRAN, **{**given, **columns})


def _accepted(s: Scene) -> UUID:
    return s.majors[MajorState.ACCEPTED]


def _elsewhere(s: Scene) -> dict[str, str]:
    """The response of an incident that was only proposed as major."""
    major = of.major_at(s, MajorState.PROPOSED)
    return {"major_id": str(major.id), "incident_id": str(major.incident_id)}


def _fixed(
    record: type[Record], act: str, id_: UUID, who: UUID, columns: dict[str, Any]
) -> Sequence[Attack]:
    return [
        Attack(f"change {column} of {record.TABLE}", lambda s, c=column, v=value: change(
               s, act, there(s, record, id=id_), who, **{c: v}), FIXED)
        for column, value in columns.items()
    ]  # fmt: skip


PROCEDURE: Sequence[Attack] = (
    Attack("propose as accepted", lambda s: _propose(s, state="accepted"), NO_ROLE),
    Attack("propose in another name", lambda s: _propose(s, proposed_by_id=str(MAYA)), OTHER_NAME),
    Attack("propose as decided by another", lambda s: _propose(s, decided_by_id=str(MAYA)),
           OTHER_NAME),
    Attack("propose as resolved long ago", lambda s: _propose(s, resolved_at=NOW), FIXED),
    Attack("propose what is resolved", lambda s: _propose(s, incident_id=str(s.resolved)),
           MOVED_ON),
    Attack("propose as a drill", lambda s: _propose(s, is_drill=1), MOVED_ON),
    Attack("propose with moments that do not fit", lambda s: _propose(s, impact_started_at=NOW,
           detected_at=EARLIER), "impact-times-order"),
    Attack("propose again in another name", lambda s: _major(s, "ProposeMajorIncident",
           MajorState.REJECTED, DANA, state="proposed", proposed_by_id=str(MAYA)), OTHER_NAME),
    Attack("accept without the role", lambda s: _accept(s, DANA), NO_ROLE),
    Attack("accept in another name", lambda s: _accept(s, MONA, decided_by_id=str(IMRAN)),
           OTHER_NAME),
    Attack("accept at no time", lambda s: _accept(s, MONA, accepted_at=None), MISSING),
    Attack("reject what was accepted", lambda s: _major(s, "RejectMajorIncident",
           MajorState.ACCEPTED, IMRAN, state="rejected", decided_by_id=str(IMRAN)), NO_ROLE),
    Attack("resolve without a review", lambda s: _major(s, "ResolveMajorIncident",
           MajorState.ACCEPTED, IMRAN, **{**SOLVED, "review_owner_id": None}), MISSING),
    Attack("resolve without leading", lambda s: _major(s, "ResolveMajorIncident",
           MajorState.ACCEPTED, DANA, **SOLVED), NOT_IN_CHARGE),
    Attack("review for somebody else", lambda s: _major(s, "ReviewMajorIncident",
           MajorState.RESOLVED, TARA, state="reviewed", reviewed_at=NOW), NOT_IN_CHARGE),
    Attack("end the impact before it began", lambda s: _major(s, "SetImpactTimes",
           MajorState.ACCEPTED, DANA, impact_started_at=NOW, impact_ended_at=EARLIER),
           "impact-times-order"),
    *(Attack(f"change {column} of a major incident", lambda s, c=column, v=value: _major(
             s, "SetPhase", MajorState.ACCEPTED, IMRAN, **{c: v}), FIXED)
      for column, value in {"incident_id": str(KIM), "is_drill": 1,
                            "replay_of_id": str(KIM)}.items()),
    Attack("take back what another resolved", lambda s: _major(s, "UndoAct", MajorState.RESOLVED,
           DANA, state="accepted"), "nothing-to-undo"),
    Attack("bring back a role that no resolve ended", lambda s: _role(s, "UndoAct", of.ENDED,
           DANA, state="held"), "nothing-to-undo"),
    Attack("steer the replay of what is no drill", lambda s: _major(s, "SteerReplay",
           MajorState.ACCEPTED, DANA, replay_speed=10, replay_since=NOW), "no-replay"),
    Attack("propose with a replay that goes on", lambda s: _propose(s, replay_speed=60), FIXED),
    Attack("log as a drill", lambda s: s.insert("LogIncident", s.incident(), is_drill=1), FIXED),
    Attack("incident under drill insert", lambda s: s.insert("StartDrill", of.drill(s), IMRAN,
           parent_id=str(s.new)), "drill-and-real"),
    Attack("incident under drill", lambda s: s.change("LinkToParent", s.new,
           parent_id=str(of.the_drill(s).id)), "drill-and-real"),
    Attack("drill under incident", lambda s: s.change("LinkToParent", of.the_drill(s).id,
           parent_id=str(s.new)), "drill-and-real"),
    Attack("call an incident a drill", lambda s: s.change("DescribeIncident", s.new, is_drill=1),
           FIXED),
    Attack("rename an incident by a proposal", lambda s: s.change("ProposeMajorIncident", s.new,
           CLEO, summary="Nothing"), FIXED),
    Attack("rename an incident by a role", lambda s: s.change("AcceptRole", s.new, CLEO,
           summary="Nothing"), NO_ROLE),
    Attack("resolve around the console", lambda s: s.change("ResolveIncident", _accepted(s), IMRAN,
           **{**RESOLVED, "resolved_by_id": str(IMRAN)}), "major-still-open"),
)  # fmt: skip

ROLES: Sequence[Attack] = (
    Attack("offer a role that has ended", lambda s: _offer(s, state="ended"), NO_ROLE),
    Attack("offer a role in another name", lambda s: _offer(s, offered_by_id=str(MAYA)),
           OTHER_NAME),
    Attack("offer a role in no response", lambda s: _offer(s, **_elsewhere(s)), MOVED_ON),
    Attack("offer an own role without a name", lambda s: _offer(s, role="own"), MISSING),
    Attack("offer the command without leading", lambda s: _offer(s, role="incident_manager"),
           NOT_IN_CHARGE),
    Attack("take another role by taking command", lambda s: _take_command(s, s.leaderless, IMRAN,
           role="deputy"), NO_ROLE),
    Attack("take command in another name", lambda s: _take_command(s, s.leaderless, THEO),
           OTHER_NAME),
    Attack("take command beside who has it", lambda s: _take_command(s, _accepted(s), IMRAN),
           "command-held"),
    Attack("accept the command beside who has it", lambda s: _role(s, "AcceptRole", SUCCESSOR,
           THEO, **TAKING), "command-held"),
    Attack("accept a role for another", lambda s: _role(s, "AcceptRole", OFFERED, DANA, **TAKING),
           OTHER_NAME),
    Attack("accept a role that was declined", lambda s: _role(s, "AcceptRole", of.DECLINED, DANA,
           **TAKING), NO_ROLE),
    Attack("lay the command down", lambda s: _role(s, "EndRole", of.manager(s).id, IMRAN,
           **ENDING), "command-stays"),
    Attack("end the command as a successor of nobody", lambda s: _role(s, "AcceptRole",
           of.manager(s).id, TARA, **ENDING), "command-stays"),
    Attack("end somebody's role without leading", lambda s: _role(s, "EndRole", HELD, DANA,
           **ENDING), NOT_IN_CHARGE),
    *_fixed(RoleHolding, "DeclineRole", HELD, THEO, {
        "major_id": str(KIM), "incident_id": str(KIM), "role": "deputy", "title": "King",
        "duties": "None", "person_id": str(DANA), "work_stream_id": str(KIM),
        "offered_by_id": str(THEO), "offered_at": 1, "relieves_id": str(KIM), "handover": "x"}),
)  # fmt: skip

PLACE = {"major_id": str(KIM), "incident_id": str(KIM)}
WRITTEN: Sequence[Attack] = (
    Attack("a stream of no response", lambda s: s.insert("AddWorkStream", of.stream(s),
           **_elsewhere(s)), MOVED_ON),
    Attack("a channel of no response", lambda s: s.insert("AddChannel", of.channel(s),
           **_elsewhere(s)), MOVED_ON),
    *_fixed(WorkStream, "EndWorkStream", of.STREAM, DANA, PLACE),
    *_fixed(ResponseChannel, "ChangeChannel", of.CHANNEL, DANA, PLACE),
    Attack("write an entry in another name", lambda s: s.insert("WriteEntry", of.entry(s),
           author_id=str(MAYA)), OTHER_NAME),
    Attack("write an entry that says nothing", lambda s: s.insert("WriteEntry", of.entry(s),
           text=""), MISSING),
    Attack("write an entry of no response", lambda s: s.insert("WriteEntry", of.entry(s),
           major_id=str(uuid4())), "record-missing"),
    Attack("write an observation as ruled out", lambda s: s.insert("WriteEntry", of.entry(s),
           verdict="ruled_out"), "verdict-not-of-kind"),
    Attack("let a theory run", lambda s: change(s, "ChangeEntry", there(s, ResponseEntry,
           id=of.THEORY), DANA, verdict="running"), "verdict-not-of-kind"),
    *_fixed(ResponseEntry, "ChangeEntry", of.THEORY, DANA, {
        **PLACE, "kind": "decision", "author_id": str(DANA), "written_at": 1, "happened_at": 1}),
    Attack("write a paragraph in another name", lambda s: s.insert("WriteDocumentEntry",
           of.paragraph(s), written_by_id=str(MAYA)), OTHER_NAME),
    Attack("write an empty paragraph", lambda s: s.insert("WriteDocumentEntry", of.paragraph(s),
           text=""), MISSING),
    Attack("write a paragraph of no response", lambda s: s.insert("WriteDocumentEntry",
           of.paragraph(s), major_id=str(uuid4())), "record-missing"),
    Attack("change a paragraph in its writer's name", lambda s: change(s, "ChangeDocumentEntry",
           there(s, DocumentEntry, id=of.NOTE), THEO, text="All is well"), OTHER_NAME),
    *_fixed(DocumentEntry, "ChangeDocumentEntry", of.NOTE, DANA, {**PLACE, "section": "links"}),
    Attack("count a case in another name", lambda s: s.insert("AddSupportCase", of.case(s),
           recorded_by_id=str(MAYA)), OTHER_NAME),
    Attack("count a case that is none", lambda s: s.insert("AddSupportCase", of.case(s),
           reference=""), MISSING),
    Attack("count a case of nothing", lambda s: s.insert("AddSupportCase", of.case(s),
           incident_id=str(uuid4())), "record-missing"),
    *_fixed(SupportCase, "RemoveSupportCase", of.CASE, DANA, {
        "incident_id": str(KIM), "recorded_by_id": str(THEO)}),
    Attack("enter a change in another name", lambda s: s.insert("AddChangeEvent", of.event(s),
           recorded_by_id=str(MAYA)), OTHER_NAME),
    Attack("enter a change without a title", lambda s: s.insert("AddChangeEvent", of.event(s),
           title=""), MISSING),
    Attack("enter a change twice", lambda s: s.insert("AddChangeEvent", of.event(s),
           source="feed", external_key="7"), "change-event-known"),
    *_fixed(ChangeEvent, "RemoveChangeEvent", of.EVENT, DANA, {
        "external_key": "8", "source": "x", "recorded_by_id": str(THEO), "recorded_at": 1,
        "happened_at": 1}),
)  # fmt: skip

MAJOR_ATTACKS = (*PROCEDURE, *ROLES, *WRITTEN)
