"""Who makes an incident confidential, and what that leaves behind."""

from uuid import UUID

import pytest
from builders import ADAM, DANA, IMRAN, MINUTE, NETWORK, TARA, THEO, Desk, Office

from services.core.database import connect, reading_engine
from services.core.errors import AppError
from services.incidents.acts import LinkToParent, RecallEscalation, RestrictIncident, UndoAct
from services.incidents.detail import incident_detail
from services.incidents.errors import ChangedMeanwhile, NotYoursToRestrict
from services.incidents.incident import HistoryEntry
from services.incidents.read_models import IncidentDetail, Viewer
from services.incidents.reference import directory


def restriction(
    id_: UUID, is_confidential: bool = True, *, reason: str = "Names"
) -> RestrictIncident:
    return RestrictIncident(
        incident_id=id_,
        is_confidential=is_confidential,
        reason=reason,
        seen_is_confidential=not is_confidential,
    )


def detail(desk: Desk, id_: UUID, who: UUID = DANA) -> IncidentDetail:
    """What this person's record pane shows."""
    engine = reading_engine(desk.folder / "cache.db")
    with engine.connect() as connection:
        found = incident_detail(connection, directory(connection), Viewer(who), id_)
    engine.dispose()
    assert found is not None
    return found


NOT_YOURS = "Only its opener, owner, assignee or an incident manager may"
READER = "Your role only reads incidents"


@pytest.mark.parametrize(("who", "why_not"), [(DANA, ""), (IMRAN, ""), (THEO, ""),
                                              (TARA, NOT_YOURS), (ADAM, READER)])  # fmt: skip
def test_who_has_to_do_with_it_decides(desk: Desk, who: UUID, why_not: str) -> None:
    """Dana opened it, Theo works on it, Imran is an incident manager."""
    id_ = desk.accept(desk.escalate(desk.start(desk.log())))
    shown = detail(desk, id_, who)
    assert shown.why_not("RestrictIncident") == why_not
    assert shown.may("RestrictIncident") is not bool(why_not)
    if why_not:
        with pytest.raises(NotYoursToRestrict):
            desk.give(restriction(id_), who)
    else:
        desk.do(restriction(id_), who)
    assert desk.incident(id_).is_confidential is not bool(why_not)


def test_a_reason_is_needed(desk: Desk) -> None:
    id_ = desk.log()
    with pytest.raises(AppError) as refused:
        desk.give(restriction(id_, reason=" "))
    assert refused.value.code == "field-missing"


def test_it_is_logged_as_confidential(desk: Desk) -> None:
    assert desk.incident(desk.log(is_confidential=True)).is_confidential


def test_it_goes_on_being_assigned_and_escalated(desk: Desk) -> None:
    id_ = desk.escalate(desk.start(desk.log(is_confidential=True)))
    assert desk.incident(desk.accept(id_)).team_id == NETWORK
    assert desk.incident(id_).is_confidential


def test_the_timeline_says_which_way(desk: Desk) -> None:
    id_ = desk.log()
    for command in (restriction(id_), restriction(id_, False, reason="Nothing secret")):
        desk.clock.advance(MINUTE)
        desk.do(command)
    lifted, made, _ = detail(desk, id_).timeline
    assert (made.sentence, made.text, made.changes) == ("made it confidential", "Names", ())
    assert (lifted.sentence, lifted.text) == ("opened it to all agents", "Nothing secret")


def test_a_colleague_who_decided_otherwise_is_not_overwritten(office: Office) -> None:
    first, second = office.desk(), office.desk()
    id_ = first.log()
    second.sync()
    first.do(restriction(id_), DANA)
    stale = RestrictIncident(
        incident_id=id_, is_confidential=False, reason="r", seen_is_confidential=False
    )
    second.sync()
    with pytest.raises(ChangedMeanwhile):
        second.give(stale, IMRAN)
    assert second.incident(id_).is_confidential


def test_undoing_asks_for_the_same_right(desk: Desk) -> None:
    """Theo had it, made it confidential, and has nothing to do with it any more."""
    id_ = desk.accept(desk.escalate(desk.start(desk.log())))
    given = desk.do(restriction(id_), THEO)
    undo = UndoAct(incident_id=id_, undone_command_id=given.command_id)
    desk.do(RecallEscalation(incident_id=id_, reason="Mine"), DANA)
    with pytest.raises(NotYoursToRestrict):
        desk.give(undo, THEO)
    assert desk.incident(id_).is_confidential


def test_undoing_puts_it_back(desk: Desk) -> None:
    id_ = desk.log()
    given = desk.do(restriction(id_))
    desk.do(UndoAct(incident_id=id_, undone_command_id=given.command_id))
    assert not desk.incident(id_).is_confidential
    acts = {entry.act for entry in desk.find(HistoryEntry, incident_id=id_)}
    assert acts == {"LogIncident", "RestrictIncident", "UndoAct"}


def test_a_link_out_of_sight_is_told_without_what_it_leads_to(desk: Desk) -> None:
    parent, id_ = desk.log(summary="Payroll of the board"), desk.log()
    desk.do(LinkToParent(incident_id=id_, parent_id=parent, seen_parent_id=None))
    assert detail(desk, id_).hidden_links == ()
    connection = connect(desk.folder / "cache.db")
    connection.execute("DELETE FROM incident WHERE id = ?", [str(parent)])
    connection.close()
    shown = detail(desk, id_)
    assert shown.hidden_links == ("Parent",)
    assert "Payroll" not in repr(shown)
