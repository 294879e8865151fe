"""Chat rooms of a major incident, for the pictures: asked for, made, and refused."""

import json
from contextlib import closing

from PySide6.QtWidgets import QScrollArea, QWidget

from desktop.tour.major_screens import MAJOR_SCREENS
from desktop.tour.major_story import INCIDENT_ID, MANAGER
from desktop.tour.stage import Show, Stage
from desktop.tour.sync_screens import give, take_in
from desktop.views.major.channels_panel import ChannelEntry
from services.admin.schema import founder_id
from services.core.ids import derived_id
from services.dispatcher.engine_sqlite import PagingSqlite
from services.major_incidents.acts import AddChannel
from services.major_incidents.major import ChannelKind
from services.major_incidents.rooms import members_of
from services.paging.destination import ProviderKind
from services.paging.destination_commands import AddDestination
from services.paging.page import DeliveryKind, Outcome

_CHAT, _SLACK = (derived_id("tour rooms", name) for name in ("chat", "slack"))
_TEAM = "h7m3qk1ntyfupbd4x8ewc5rgza"
_REFUSAL = "invalid_auth"


def _under_way(stage: Stage) -> None:
    """The console, in a house with two accounts that make rooms."""
    MAJOR_SCREENS["major"](stage)
    stage.place.console.moment.leave()
    mark = stage.home.cache / "rooms"
    if not mark.exists():
        mark.touch()
        team = json.dumps({"team": _TEAM})
        accounts = (
            AddDestination(destination_id=_CHAT, kind=ProviderKind.MATTERMOST, options=team,
                           name="Team chat", base_url="https://chat.alderfinch.example"),
            AddDestination(destination_id=_SLACK, kind=ProviderKind.SLACK, name="Partner Slack"),
        )  # fmt: skip
        give(stage, founder_id("tour"), *accounts)
    _take_in(stage)


def _take_in(stage: Stage) -> None:
    take_in(stage)
    stage.place.majors.reload()
    stage.driver.settle()


def _asked(stage: Stage) -> None:
    """The form, with the account that comes first."""
    _under_way(stage)
    stage.dialog("major.channel")


def _made(stage: Stage) -> None:
    """One room is there without one of its people, the other one was refused."""
    _under_way(stage)
    mark = stage.home.cache / "rooms made"
    if not mark.exists():
        mark.touch()
        people = stage.place.desk.directory.people.values()
        manager = next(p.id for p in people if p.name == MANAGER)
        key = stage.place.majors.asking.key.lower()
        wishes = [
            AddChannel(
                incident_id=INCIDENT_ID, channel_id=derived_id("tour rooms", "at", account),
                kind=ChannelKind.CHAT, name=key, destination_id=account,
            )
            for account in (_CHAT, _SLACK)
        ]  # fmt: skip
        give(stage, manager, *wishes)
        _tell(stage, key)
    _take_in(stage)
    entry = stage.place.console.channels.findChildren(ChannelEntry)[-1]
    above: QWidget | None = entry
    while above is not None and not isinstance(above, QScrollArea):
        above = above.parentWidget()
    assert above is not None
    above.ensureWidgetVisible(entry)
    stage.driver.settle()


def _tell(stage: Stage, key: str) -> None:
    """What a dispatcher does, as far as the pictures show it."""
    with closing(PagingSqlite(stage.home.shared_database, stage.clock)) as engine:
        engine.fire_due()
        while claimed := engine.claim("tour", ""):
            if claimed.kind is not DeliveryKind.ROOM:
                engine.finish(claimed, Outcome.DELIVERED)
            elif claimed.destination_id == _SLACK:
                engine.finish(claimed, Outcome.REFUSED, reason=_REFUSAL)
            else:
                *invited, _ = members_of(json.loads(claimed.text))
                ids = {f"mail {one.mail}": f"m{n:025d}" for n, one in enumerate(invited)}
                memo = {
                    **{"room": "c" * 26, "room_name": key},
                    "address": f"{claimed.base_url}/alderfinch/channels/{key}",
                    **ids,
                    **{f"member {id_}": "there" for id_ in ids.values()},
                }
                engine.finish(claimed, Outcome.DELIVERED, memo=json.dumps(memo))


ROOM_SCREENS: dict[str, Show] = {
    "major_channel": _asked,
    "major_rooms": _made,
}
