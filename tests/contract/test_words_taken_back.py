"""What becomes of a last word when another desk takes back the resolve that it tells of."""

from datetime import timedelta
from unittest.mock import patch

from builders import IMRAN
from major_world import resolve_major, take_command
from paging_world import PagingWorld
from update_world import UpdateWorld

from services.communications import statements
from services.communications.acts import SendHeldUpdate
from services.communications.status_update import StatusUpdate, UpdateMoment, UpdateState
from services.dispatcher import engine_sqlite
from services.incidents.acts import UndoAct
from services.major_incidents.acts import AcceptMajorIncident

S = UpdateState


def resolve_taken_back(world: UpdateWorld) -> tuple[UpdateState, UpdateState]:
    """What becomes of a last word of which the desk does not know that takes the resolve back,
    and of one that is let go after that."""
    desk, id_ = world.desk, world.incident_id
    desk.do(AcceptMajorIncident(incident_id=id_), IMRAN)
    desk.do(take_command(id_), IMRAN)
    resolve = desk.do(resolve_major(desk, id_), IMRAN)
    desk.clock.advance(timedelta(seconds=1))
    last, after = world.draft(moment=UpdateMoment.FINAL), world.draft()
    unknowing = world.world.office.desk()
    unknowing.sync()
    world.queue(last)
    desk.sync()
    unknowing.do(UndoAct(incident_id=id_, undone_command_id=resolve.command_id), IMRAN)
    unknowing.sync()
    desk.clock.advance(timedelta(seconds=1))
    world.queue(after)
    world.after(60)
    return world.state(last), world.state(after)


def test_a_last_word_is_held_once_the_resolve_is_taken_back(world: PagingWorld) -> None:
    made = UpdateWorld(world)
    assert resolve_taken_back(made) == (S.HELD, S.SENT)
    (held,) = made.desk.find(StatusUpdate, incident_id=made.incident_id, state=S.HELD)
    made.desk.do(SendHeldUpdate(update_id=held.id, incident_id=made.incident_id), IMRAN)
    made.after(60)
    assert made.state(held.id) is S.SENT, "a person has looked at it"


def test_without_its_guard_a_last_word_outlives_the_resolve(in_file: PagingWorld) -> None:
    only_stale = statements.FIRING[0].replace(f" OR {statements._TAKEN_BACK}", "")
    with patch.object(engine_sqlite, "FIRING", (only_stale, *statements.FIRING[1:])):
        assert resolve_taken_back(UpdateWorld(in_file)) == (S.SENT, S.SENT)
