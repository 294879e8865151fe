"""What puts an act on a response back."""

from dataclasses import fields, replace

from services.major_incidents.acts import (
    AddChannel,
    AddWorkStream,
    ChangeChannel,
    ChangeWorkStream,
    EndWorkStream,
    RemoveChannel,
    SetImpactTimes,
    SetPhase,
)
from services.major_incidents.entry_acts import (
    AddChangeEvent,
    AddSupportCase,
    AnswerAssessment,
    ChangeDocumentEntry,
    ChangeEntry,
    RemoveChangeEvent,
    RemoveDocumentEntry,
    RemoveEntry,
    RemoveSupportCase,
)

Change = (
    ChangeEntry | ChangeDocumentEntry | ChangeWorkStream | ChangeChannel | SetImpactTimes | SetPhase
)
Removal = RemoveEntry | RemoveDocumentEntry | RemoveChannel | RemoveSupportCase | RemoveChangeEvent


def inverse_major(command: object) -> object | None:
    """The command that puts another one back, or None where nothing can."""
    if isinstance(command, EndWorkStream):
        return replace(command, is_ended=not command.is_ended)
    if isinstance(command, Removal):
        return replace(command, is_removed=not command.is_removed)
    if isinstance(command, Change):
        return _back(command)
    return _taken_out(command)


def _back(command: Change) -> Change | None:
    """What was wanted becomes what is seen, and what was seen is wanted again."""
    names = {field.name for field in fields(command)}
    turning = {name: f"seen_{name}" for name in names if f"seen_{name}" in names}
    turning |= {seen: name for name, seen in turning.items()}
    turned = replace(command, **{to: getattr(command, name) for name, to in turning.items()})
    return None if turned == command else turned


def _taken_out(command: object) -> object | None:
    """What was added goes; a chat room that is made elsewhere is not put back by taking it out."""
    if isinstance(command, AddWorkStream):
        return EndWorkStream(incident_id=command.incident_id, stream_id=command.stream_id)
    if isinstance(command, AddChannel) and command.destination_id is None:
        return RemoveChannel(incident_id=command.incident_id, channel_id=command.channel_id)
    if isinstance(command, AddSupportCase):
        return RemoveSupportCase(incident_id=command.incident_id, case_id=command.case_id)
    if isinstance(command, AddChangeEvent):
        return RemoveChangeEvent(change_event_id=command.change_event_id)
    if isinstance(command, AnswerAssessment):
        return RemoveDocumentEntry(
            incident_id=command.incident_id,
            entry_id=command.entry_id,
            replaced_ids=command.replaces_ids,
        )
    return None
