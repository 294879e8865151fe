"""What the history of a status update tells, as sentences that follow a name."""

from services.incidents.history import changes_in
from services.incidents.incident import HistoryEntry

STATUS_UPDATE = "status_update"
"""The subject of a history entry about an update. Communication is a practice above this one."""

_FIRED = {
    "sent": "sent the status update",
    "held": "held the status update: it had waited for too long",
}


def update_sentence(entry: HistoryEntry, otherwise: str) -> str:
    """What an act did to an update; empty where only words of a draft changed.

    ``otherwise`` is the sentence of the act where its effect says nothing more.
    """
    changed = changes_in(entry)
    after = str(changed.get("state", ("", ""))[1])
    if entry.act == "FireUpdate":
        return _FIRED.get(after, otherwise)
    if entry.act == "ReviewUpdate":
        return "gave the status update back" if after == "draft" else otherwise
    if entry.act == "ChangeDraft" and not after:
        return ""
    return otherwise
