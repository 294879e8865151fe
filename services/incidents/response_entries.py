"""What the history of a response to a major incident tells, as sentences that follow a name."""

from collections.abc import Iterable
from uuid import UUID

from services.incidents.history import changes_in
from services.incidents.incident import HistoryEntry
from services.incidents.read_models import TimelineKind

MAJOR = "major_incident"
WRITTEN = frozenset({"response_entry", "document_entry", "work_stream"})
"""Subjects of history entries about a response. Major incidents are a practice above this one."""

STATE, PEOPLE, CHANGE, NOTE = (
    TimelineKind.STATE,
    TimelineKind.ASSIGNMENT,
    TimelineKind.CHANGE,
    TimelineKind.NOTE,
)

RESPONSE_SENTENCES: dict[str, tuple[TimelineKind, str]] = {
    "ProposeMajorIncident": (STATE, "proposed to handle it as a major incident"),
    "AcceptMajorIncident": (STATE, "accepted it as a major incident"),
    "RejectMajorIncident": (STATE, "said that it is no major incident"),
    "DemoteMajorIncident": (STATE, "ended the handling as a major incident"),
    "ResolveMajorIncident": (TimelineKind.RESOLUTION, "resolved the major incident"),
    "ReviewMajorIncident": (STATE, "recorded the review"),
    "StartDrill": (TimelineKind.LOGGED, "began a drill"),
    "SteerReplay": (CHANGE, "steered the replay of the drill"),
    "TakeCommand": (PEOPLE, "took command as incident manager"),
    "OfferRole": (PEOPLE, "offered a role in the response"),
    "AcceptRole": (PEOPLE, "accepted a role in the response"),
    "DeclineRole": (PEOPLE, "declined a role in the response"),
    "EndRole": (PEOPLE, "ended a role in the response"),
    "AddWorkStream": (CHANGE, "began a work stream"),
    "ChangeWorkStream": (CHANGE, "changed a work stream"),
    "EndWorkStream": (CHANGE, "ended a work stream"),
    "AddChannel": (CHANGE, "added a channel of the response"),
    "ChangeChannel": (CHANGE, "changed a channel of the response"),
    "RemoveChannel": (CHANGE, "removed a channel of the response"),
    "SetImpactTimes": (CHANGE, "set the times of the impact"),
    "SetPhase": (CHANGE, "set how far the response is"),
    "WriteEntry": (NOTE, "wrote in the response"),
    "ChangeEntry": (NOTE, "changed an entry of the response"),
    "RemoveEntry": (NOTE, "struck an entry of the response through"),
    "WriteDocumentEntry": (NOTE, "wrote in the state document"),
    "ChangeDocumentEntry": (NOTE, "changed the state document"),
    "RemoveDocumentEntry": (NOTE, "struck a paragraph of the state document through"),
    "AnswerAssessment": (NOTE, "answered a question of the assessment"),
    "AddSupportCase": (CHANGE, "counted a support case in"),
    "RemoveSupportCase": (CHANGE, "took a support case out"),
    "AddChangeEvent": (CHANGE, "entered a change"),
    "RemoveChangeEvent": (CHANGE, "took a change back"),
}
"""Every act on a response: what happened, for the timeline and for conflicts."""

_PUT_BACK = {
    "EndWorkStream": ("ended_at", "took a work stream up again"),
    "RemoveEntry": ("is_removed", "put an entry of the response back"),
    "RemoveDocumentEntry": ("is_removed", "put a paragraph of the state document back"),
}
"""Acts that also put back what they end, told by the column that they empty."""


def response_sentence(entry: HistoryEntry, sentence: str) -> str:
    """What an act on what is written down did: its sentence, or that it put something back."""
    column, put_back = _PUT_BACK.get(entry.act, ("", ""))
    before, after = changes_in(entry).get(column, (None, True))
    return put_back if before and not after else sentence


_ASIDES = {
    "proposed": "which proposes a major incident",
    "demoted": "which ends the handling as a major incident",
    "accepted": "which brings the major incident back",
}


def asides(history: Iterable[HistoryEntry]) -> dict[UUID, str]:
    """What acts on incidents meant for the major incident, by command: words after a comma."""
    found = {}
    for entry in history:
        if entry.subject == MAJOR and entry.act not in _OWN_WORDS:
            _, state = changes_in(entry).get("state", (None, "proposed"))
            if aside := _ASIDES.get(str(state), ""):
                found[entry.command_id] = aside
    return found


_OWN_WORDS = RESPONSE_SENTENCES.keys() - {"AddSupportCase"}
"""Acts whose own sentence says what they meant."""
