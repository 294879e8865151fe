"""Making an incident confidential on the real program, and one that goes out of sight."""

import pytest
from builders import MINUTE
from running_desk import RunningDesk, running_desk

from desktop.views.dialogs.confidential import ConfidentialDialog, ReaderNames
from services.core.database import connect, transaction
from services.incidents.read_models import Worklist


@pytest.fixture
def desk(qtbot, tmp_path):
    with running_desk(tmp_path) as running:
        running.place.shell.show_worklist(Worklist.TEAM_QUEUE)
        running.settle()
        yield running


def choose(desk: RunningDesk, row: int = 0) -> int:
    number = desk.place.queue_screen.model.number_at(row)
    desk.place.queue_screen.table.select_number(number)
    desk.until(lambda: shown(desk) == number)
    return number


def shown(desk: RunningDesk) -> int:
    detail = desk.place.record.detail
    return detail.incident.number if detail else 0


def restrict(desk: RunningDesk, reason: str) -> list[str]:
    """Ask for it by its dialog; the names of those who will still see it."""
    desk.program.window.hub.trigger("incident.restrict")
    opened = desk.program.window.findChildren
    desk.until(lambda: [d for d in opened(ConfidentialDialog) if d.isVisible()])
    [dialog] = [d for d in opened(ConfidentialDialog) if d.isVisible()]
    desk.settle()
    names = [label.accessibleName() for label in dialog.findChildren(ReaderNames)]
    dialog.fields.restore({"text": reason})
    dialog.submit()
    desk.until(lambda: not [d for d in opened(ConfidentialDialog) if d.isVisible()])
    desk.settle()
    return names


def test_it_is_made_confidential_lifted_and_undone(desk):
    number = choose(desk)
    flag = "SELECT is_confidential FROM incident WHERE number = ?"
    assert restrict(desk, "Names of people") == ["Maya Lindqvist"]
    desk.until(lambda: desk.found(flag, number) == 1)
    record = desk.place.record
    desk.until(lambda: record.detail.incident.is_confidential)
    assert record.detail.timeline[0].sentence == "made it confidential"
    assert record.detail.timeline[0].text == "Names of people"
    assert desk.place.queue_screen.record._head.title._confidential.isVisible()
    model = desk.place.queue_screen.model
    desk.until(lambda: model.row_of(number).is_confidential)
    desk.clock.advance(MINUTE)
    assert restrict(desk, "No names left") == []
    desk.until(lambda: desk.found(flag, number) == 0)
    desk.until(lambda: record.detail.timeline[0].sentence == "opened it to all agents")
    assert not desk.place.queue_screen.record._head.title._confidential.isVisible()
    desk.place.desk.undo()
    desk.until(lambda: desk.found(flag, number) == 1)


def test_a_record_that_goes_out_of_sight_says_so(desk):
    number = choose(desk)
    said = []
    desk.place.desk.said.connect(lambda text, _: said.append(text))
    take_away(desk, number)
    desk.until(lambda: said)
    assert said == [f"INC-{number} is now confidential or was removed"]
    desk.settle()
    assert shown(desk) != number


def take_away(desk: RunningDesk, number: int) -> None:
    """What a desk without the right is told: the row is there no more."""
    connection = connect(desk.home.shared_database)
    connection.execute("DROP TRIGGER keep_incident_delete")
    with transaction(connection):
        gone = "SELECT id FROM incident WHERE number = ?"
        [row] = connection.execute(gone, [number]).fetchall()
        connection.execute("DELETE FROM incident WHERE number = ?", [number])
        connection.execute("UPDATE meta SET rev = rev + 1")
        connection.execute(
            "UPDATE feed SET rev = (SELECT rev FROM meta) WHERE entity_id = ?", [row["id"]]
        )
    connection.close()
