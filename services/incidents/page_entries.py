"""What the history of a page tells, as sentences that follow a name."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from services.incidents.history import changes_in
from services.incidents.incident import HistoryEntry

PAGE = "page"
"""The subject of a history entry about a page. Pages are a practice above this one."""

NOBODY = UUID(int=0)
FIRSTLINE = "Firstline"
"""Who did what the shared database does by itself, as an id and as a name."""

Called = Mapping[tuple[UUID, datetime], str]
"""Who was called by a page at a moment, in words: ``Theo (step 1)``."""

LED_ON = "FirePage"
"""What the shared database does by itself, with all pages that are due at once."""
_TIMING = {"reopens_at", "snooze_s", "is_urged"}


def page_sentence(entry: HistoryEntry, called: Called, otherwise: str) -> str:
    """What an act did to a page; empty where it only set a clock.

    ``otherwise`` is the sentence of the act where its effect says nothing more.
    """
    changed = changes_in(entry)
    before, after = changed.get("state", (None, None))
    if entry.act == "AnswerPage":
        return f"{_answered(changed)} from a message"
    if entry.act == "SnoozePage" and "snooze_s" in changed:
        return f"snoozed the page for {_minutes(changed['snooze_s'][1])}"
    if entry.act != LED_ON:
        return otherwise
    if after == "held":
        return "held the page: it had waited offline for too long"
    if after == "superseded":
        return f"ended the page: {changed.get('end_remark', (None, ''))[1]}"
    who = called.get((entry.subject_id, entry.happened_at), "")
    if before == "acknowledged":
        again = f"paged {who} again" if who else "opened the page again"
        return f"{again}: the time to deal with it was over"
    if who:
        return f"paged {who}"
    is_led_on = bool(changed.keys() - _TIMING)
    return "took a step of the page in which nobody is called by name" if is_led_on else ""


def _answered(changed: Mapping[str, tuple[object, object]]) -> str:
    """What an answer without a desk did to a page."""
    _, snooze_s = changed.get("snooze_s", (0, 0))
    if snooze_s:
        return f"snoozed the page for {_minutes(snooze_s)}"
    if changed.get("is_urged", (False, False))[1]:
        return "sent the page on"
    is_taken = changed.get("state", (None, None))[1] == "acknowledged"
    return f"{'acknowledged' if is_taken else 'answered'} the page"


def _minutes(seconds: object) -> str:
    """``30 min``, ``14 h 20 min``."""
    hours, minutes = divmod(round(float(str(seconds))) // 60, 60)
    if not hours:
        return f"{minutes} min"
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"
