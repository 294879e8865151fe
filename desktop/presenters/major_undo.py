"""What puts an act on a response back, and what does it again."""

from dataclasses import replace

from services.major_incidents.acts import AddWorkStream, ChangeWorkStream, EndWorkStream
from services.major_incidents.entry_acts import ChangeEntry

_STREAM = ("name", "purpose", "lead_id")
_ENTRY = (
    "text", "verdict", "evidence", "outcome", "owner_id", "until_at", "is_pinned", "work_stream_id",
)  # fmt: skip


def inverse_major(command: object) -> object | None:
    """The command that puts another one back, or None where nothing can."""
    if isinstance(command, AddWorkStream):
        return EndWorkStream(incident_id=command.incident_id, stream_id=command.stream_id)
    if isinstance(command, EndWorkStream):
        return replace(command, is_ended=not command.is_ended)
    if isinstance(command, ChangeWorkStream):
        return _back(command, _STREAM)
    if isinstance(command, ChangeEntry):
        return _back(command, _ENTRY)
    return None


def _back(command: ChangeWorkStream | ChangeEntry, fields: tuple[str, ...]) -> object:
    """What was wanted becomes what is seen, and what was seen is wanted again."""
    wanted = {f"seen_{name}": getattr(command, name) for name in fields}
    seen = {name: getattr(command, f"seen_{name}") for name in fields}
    return replace(command, **wanted, **seen)


def again_major(command: object) -> object:
    """The command that does again what was undone: a stream that was ended goes on."""
    if isinstance(command, AddWorkStream):
        return EndWorkStream(
            incident_id=command.incident_id, stream_id=command.stream_id, is_ended=False
        )
    return command
