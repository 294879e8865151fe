"""Updates that are sent on desks without a connection: nobody hears of them late unasked."""

from uuid import UUID

from builders import IMRAN, Desk
from update_world import UpdateWorld

from services.communications.cadence import is_stale
from services.communications.queries import held_updates
from services.communications.read_models import HeldUpdate
from services.communications.status_update import StatusUpdate, UpdateState
from services.core.database import reading_engine


def asked_at(desk: Desk, world: UpdateWorld) -> dict[UUID, HeldUpdate]:
    """What somebody at a desk has to decide about, or will have to, by the update."""
    engine = reading_engine(desk.folder / "cache.db")
    with engine.connect() as connection:
        found = held_updates(connection)
    engine.dispose()
    return {one.update_id: one for one in found if one.incident_id == world.incident_id}


def test_two_desks_that_were_cut_off_are_asked_and_nobody_is_told(world: UpdateWorld) -> None:
    here, there = world.desk, world.world.office.desk("another")
    sent_here, sent_there = world.draft(), world.draft()
    there.sync()
    sends = [world.send_command(update) for update in (sent_here, sent_there)]
    for desk, send in zip((here, there), sends, strict=True):
        desk.give(send, IMRAN)
    clock = world.desk.clock
    for desk, update in ((here, sent_here), (there, sent_there)):
        (waiting,) = asked_at(desk, world).values()
        assert waiting.update_id == update
        assert waiting.held_from is not None
        assert waiting.held_from > clock.now()
        assert not is_stale(desk.get(StatusUpdate, update), clock.now())

    world.after(9000)  # nobody is connected meanwhile, and a dispatcher lives
    for desk, update in ((here, sent_here), (there, sent_there)):
        assert is_stale(desk.get(StatusUpdate, update), clock.now())

    here.sync()
    there.sync()
    world.engine.fire_due()
    for desk in (here, there):
        desk.sync()
        found = asked_at(desk, world)
        assert found.keys() == {sent_here, sent_there}
        assert {one.held_from for one in found.values()} == {None}
    assert {world.state(update) for update in found} == {UpdateState.HELD}
    assert not [d for update in found for d in world.deliveries(update)]
