"""A drill is marked wherever it is listed, and stands in no figure."""

import sqlalchemy as sa
from builders import IMRAN, Desk
from major_world import directory, drill

from services.incidents.queries import open_counts_of_teams, worklist_items


def test_a_drill_is_marked_in_the_queue_and_is_no_work_of_a_team(desk: Desk) -> None:
    real = desk.incident(desk.log())
    command = drill(desk)
    desk.do(command, IMRAN)
    engine = sa.create_engine(f"sqlite:///{desk.folder / 'cache.db'}")
    with engine.connect() as connection:
        rows = worklist_items(connection, directory(desk), [real.number, command.number])
        counts = open_counts_of_teams(connection)
    engine.dispose()
    assert {number: row.is_drill for number, row in rows.items()} == {
        real.number: False,
        command.number: True,
    }
    assert counts == {real.team_id: 1}
