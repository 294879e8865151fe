"""Write-sets about pages, by which one could be lost, silenced or answered in another's name."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from builders import ADAM, CLEO, DANA, IMRAN, KIM, MAYA, MONA, NETWORK, START, TARA, THEO
from contract.attacks import RESOLVED, Attack
from contract.on_call_scene import change, message, there
from contract.page_scene import (
    ANSWERED,
    BEGUN,
    GONE,
    HOUR,
    LATE,
    YOUNG,
    begun,
    forged_place,
    page,
)
from contract.scene import NOW, Scene

from services.core.clock import to_microseconds
from services.on_call.policy import StepWhen
from services.paging.page import Delivery, DeliveryAttempt, Page, PageRecipient, PageStep
from services.sync.shared import Decision

FIXED, OTHER_NAME, UNDER_WAY = "column-is-fixed", "not-your-name", "page-under-way"
SOON = to_microseconds(START + HOUR)
CLOSING = {"state": "superseded", "ended_at": NOW, "due_at": None}
ACKNOWLEDGING = {"state": "acknowledged", "acknowledged_at": NOW, "due_at": None}


def _ask(s: Scene, who: UUID = DANA, act: str = "PagePeople", **columns: Any) -> Decision:
    return s.insert(act, page(s), who, **{"opened_by_id": str(who), **columns})


def _page(s: Scene, act: str, id_: UUID, who: UUID, **columns: Any) -> Decision:
    return change(s, act, s.desk.get(Page, id_), who, **columns)


def _place(s: Scene, act: str, of: UUID, who: UUID, **columns: Any) -> Decision:
    return change(s, act, there(s, PageRecipient, page_id=of), who, **columns)


def _acknowledge(s: Scene, who: UUID, by: UUID | None, act: str = "AcknowledgePage") -> Decision:
    name = None if by is None else str(by)
    return _page(s, act, BEGUN, who, **ACKNOWLEDGING, acknowledged_by_id=name)


def _resolve_and(s: Scene, **columns: Any) -> Decision:
    """Resolve the incident of the page that is under way, and change the page."""
    row = begun(s)
    op = (row.TABLE, str(row.id), row.version, columns)
    return s.change("ResolveIncident", s.working, DANA, op, **RESOLVED)


def _led(s: Scene, act: str, who: UUID = THEO) -> Sequence[tuple[str, Decision]]:
    """Rows that only the database makes itself, made by a command."""
    step = PageStep(id=uuid4(), incident_id=s.working, page_id=BEGUN, position=9, delay_s=0,
                    taken=StepWhen.ALWAYS)  # fmt: skip
    attempt = DeliveryAttempt(id=uuid4(), delivery_id=there(s, Delivery).id, number=1,
                              lease_token=1, dispatcher="x", started_at=START)  # fmt: skip
    rows = (step, attempt, message(s))
    return [(row.TABLE, s.insert(act, row, who)) for row in rows]


ASKING: Sequence[Attack] = (
    Attack("page in another name", lambda s: _ask(s, opened_by_id=str(MAYA)), OTHER_NAME),
    Attack("page as communications manager", lambda s: _ask(s, CLEO), "role-missing"),
    Attack("page by another act", lambda s: _ask(s, act="AssignIncident"), "role-missing"),
    Attack("open a page as acknowledged", lambda s: _ask(s, state="acknowledged"), "role-missing"),
    Attack("open a page as held", lambda s: _ask(s, state="held"), "role-missing"),
    Attack("open a page as over", lambda s: _ask(s, state="superseded"), "role-missing"),
    *(Attack(f"open a page with {column}", lambda s, c=column, v=value: _ask(s, **{c: v}), FIXED)
      for column, value in {
          "round": 7, "position": 9, "rounds_from": 9, "repeat_count": 9, "is_catch_all": 1,
          "is_everyone": 1, "is_urged": 1, "acknowledge_timeout_s": 1, "snooze_s": 10**9,
          "started_at": NOW, "due_at": 2 * NOW, "reopens_at": 2 * NOW, "ended_at": NOW,
          "acknowledged_by_id": str(DANA), "acknowledged_at": NOW}.items()),
    Attack("page nobody", lambda s: _ask(s, to_person_ids="[]"), "page-for-nobody"),
    Attack("page about a closed incident", lambda s: _ask(s, incident_id=str(s.closed)),
           "page-for-nobody"),
    Attack("page about a resolved incident", lambda s: _ask(s, incident_id=str(s.resolved)),
           "page-for-nobody"),
    Attack("page about nothing", lambda s: _ask(s, incident_id=str(uuid4())), "page-for-nobody"),
)  # fmt: skip

LEADING: Sequence[Attack] = (
    *(Attack(f"change {column} of a page", lambda s, c=column, v=value: _page(
             s, "EscalatePage", BEGUN, THEO, **{c: v}), FIXED)
      for column, value in {
          "incident_id": str(KIM), "policy_id": str(KIM), "to_team_id": str(NETWORK),
          "to_person_ids": f'["{KIM}"]', "reason": "Nothing", "opened_by_id": str(THEO),
          "opened_at": 1, "started_at": None, "round": 9, "position": 9, "rounds_from": 9,
          "is_catch_all": 1, "is_everyone": 1, "repeat_count": 0,
          "acknowledge_timeout_s": 0}.items()),
    Attack("put a step off", lambda s: _page(s, "EscalatePage", BEGUN, THEO, due_at=SOON), FIXED),
    Attack("take the time from a page", lambda s: _page(s, "EscalatePage", BEGUN, THEO,
           due_at=None), FIXED),
    Attack("reopen later", lambda s: _page(s, "SnoozePage", ANSWERED, THEO, reopens_at=2**50),
           FIXED),
    Attack("hold a page for long", lambda s: _page(s, "SendHeldPage", YOUNG, DANA,
           hold_until=SOON), FIXED),
    Attack("hold a page by another act", lambda s: _page(s, "AssignIncident", YOUNG, DANA,
           hold_until=SOON), FIXED),
    Attack("make a page late", lambda s: _page(s, "SendHeldPage", YOUNG, DANA, fresh_until=1),
           FIXED),
    Attack("make a page late by another act", lambda s: _page(s, "AssignIncident", YOUNG, DANA,
           fresh_until=1), FIXED),
    Attack("snooze for years", lambda s: _page(s, "SnoozePage", BEGUN, THEO, **ACKNOWLEDGING,
           acknowledged_by_id=str(THEO), snooze_s=10**9), "page-snooze-length"),
    Attack("snooze backwards", lambda s: _page(s, "AcknowledgePage", ANSWERED, THEO,
           snooze_s=-1800), "page-snooze-length"),
)  # fmt: skip

MOVING: Sequence[Attack] = (
    Attack("open a page that is over", lambda s: _page(s, "EscalatePage", GONE, THEO,
           state="open"), "role-missing"),
    Attack("acknowledge a page that is over", lambda s: _page(s, "AcknowledgePage", GONE, THEO,
           **ACKNOWLEDGING, acknowledged_by_id=str(THEO)), "role-missing"),
    Attack("acknowledge a held page", lambda s: _page(s, "AcknowledgePage", LATE, THEO,
           **ACKNOWLEDGING, acknowledged_by_id=str(THEO)), "role-missing"),
    Attack("hold a running page", lambda s: _page(s, "SendHeldPage", BEGUN, DANA, state="held"),
           "role-missing"),
    Attack("end a page by a note", lambda s: _page(s, "AddNote", BEGUN, DANA, **CLOSING),
           "table-not-writable"),
    Attack("send a held page as communications manager", lambda s: _page(s, "SendHeldPage", LATE,
           CLEO, state="open", fresh_until=None), "role-missing"),
    Attack("withdraw a page as communications manager", lambda s: _page(s, "WithdrawPage", YOUNG,
           CLEO, **CLOSING), "role-missing"),
    Attack("withdraw a page that has begun", lambda s: _page(s, "WithdrawPage", BEGUN, DANA,
           **CLOSING), UNDER_WAY),
    *(Attack(f"drop a page by {act}", lambda s, a=act: _page(s, a, BEGUN, DANA, **CLOSING),
             UNDER_WAY)
      for act in ("AssignIncident", "ResolveIncident", "CancelIncident", "UndoAct",
                  "EscalateToTeam", "RecallEscalation")),
    Attack("drop a page by taking command", lambda s: _page(s, "TakeCommand", BEGUN, IMRAN,
           **CLOSING), UNDER_WAY),
    Attack("drop a page not begun by another act", lambda s: _page(s, "AssignIncident", YOUNG,
           DANA, **CLOSING), UNDER_WAY),
    Attack("answer a page on the way out", lambda s: _resolve_and(s, **ACKNOWLEDGING,
           acknowledged_by_id=str(DANA)), "role-missing"),
)  # fmt: skip

ANSWERING: Sequence[Attack] = (
    Attack("acknowledge in another name", lambda s: _acknowledge(s, DANA, THEO), OTHER_NAME),
    Attack("acknowledge in nobody's name", lambda s: _acknowledge(s, DANA, None), OTHER_NAME),
    Attack("accept in another name", lambda s: _acknowledge(s, TARA, THEO, "AcceptEscalation"),
           OTHER_NAME),
    Attack("say that another acknowledged", lambda s: _page(s, "EscalatePage", BEGUN, DANA,
           acknowledged_by_id=str(THEO)), OTHER_NAME),
    Attack("take over an acknowledgement", lambda s: _page(s, "SnoozePage", ANSWERED, IMRAN,
           acknowledged_by_id=str(MONA)), OTHER_NAME),
    Attack("acknowledge as FirePage", lambda s: _acknowledge(s, THEO, THEO, "FirePage"),
           "role-missing"),
    Attack("acknowledge as AnswerPage", lambda s: _acknowledge(s, THEO, THEO, "AnswerPage"),
           "role-missing"),
    Attack("lead a page as FirePage", lambda s: _page(s, "FirePage", BEGUN, ADAM, position=9),
           "role-missing"),
    Attack("answer for another", lambda s: _place(s, "AcknowledgePage", BEGUN, TARA,
           answer="acknowledged"), OTHER_NAME),
    Attack("decline for another", lambda s: _place(s, "DeclinePage", BEGUN, DANA,
           answer="declined"), OTHER_NAME),
    Attack("answer twice", lambda s: _place(s, "DeclinePage", ANSWERED, THEO, answer="declined"),
           OTHER_NAME),
    Attack("take an answer back", lambda s: _place(s, "DeclinePage", ANSWERED, THEO, answer=None),
           OTHER_NAME),
    *(Attack(f"change {column} of a place", lambda s, c=column, v=value: _place(
             s, "AcknowledgePage", BEGUN, THEO, **{c: v}), FIXED)
      for column, value in {
          "incident_id": str(KIM), "page_id": str(ANSWERED), "round": 9, "position": 9,
          "called_as": "catch_all", "roster_id": str(KIM), "called_at": 1}.items()),
    Attack("hand a place to another", lambda s: _place(s, "AcknowledgePage", BEGUN, TARA,
           person_id=str(TARA)), FIXED),
    Attack("call oneself", lambda s: s.insert("AcknowledgePage", forged_place(s), DANA),
           "table-not-writable"),
)  # fmt: skip

ALONE: Sequence[Attack] = (
    *(Attack(f"write {row} by {act}", lambda s, a=act, n=number: _led(s, a)[n][1],
             "table-not-writable")
      for act in ("AcknowledgePage", "EscalatePage")
      for number, row in enumerate(("page_step", "delivery_attempt", "delivery"))),
    Attack("make a page's delivery", lambda s: s.insert("SendTest", message(s), THEO, kind="page"),
           FIXED),
    Attack("make a page's delivery of a code", lambda s: s.insert("SendVerification", message(s),
           THEO, kind="page", page_id=str(BEGUN)), FIXED),
    Attack("finish a delivery", lambda s: change(s, "AcknowledgePage", there(s, Delivery,
           page_id=BEGUN), THEO, state="delivered"), "table-not-writable"),
    Attack("finish a delivery as a test", lambda s: change(s, "SendTest", there(s, Delivery,
           page_id=BEGUN), THEO, state="delivered"), "records-are-kept"),
    Attack("write words to a colleague", lambda s: s.insert("SendVerification", message(s), TARA,
           kind="verification", text="Send money"), "not-your-contact"),
    Attack("fire a page by command", lambda s: s.client.submit("FirePage", [], ADAM),
           "role-missing"),
)  # fmt: skip

PAGE_ATTACKS = (*ASKING, *LEADING, *MOVING, *ANSWERING, *ALONE)
