"""A loopback chat for the story of a major incident: rooms of a team, as Mattermost makes them."""

import secrets
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final
from urllib.parse import unquote

from desktop.tour.web_server import Answer, Request, WebServer

TEAM: Final = "t" + "0" * 25
_TAKEN: Final = "store.sql_channel.save_channel.exists.app_error"
_NOBODY: Final = "app.user.missing_account.const"


@dataclass
class Room:
    """A room as the chat knows it; ``members`` are e-mail addresses in the order of coming."""

    name: str
    purpose: str
    topic: str = ""
    members: list[str] = field(default_factory=list)


class ChatServer(WebServer):
    """Makes rooms, sets their topic and takes members of ``domain`` in; it knows no other calls."""

    def __init__(self, domain: str) -> None:
        super().__init__()
        self.token = secrets.token_hex(13)
        self.rooms: dict[str, Room] = {}
        self._domain = domain
        self._people: dict[str, str] = {}

    def room(self, name: str) -> Room | None:
        """The room of that name, if there is one."""
        return next((room for room in self.rooms.values() if room.name == name), None)

    def answer(self, request: Request) -> Answer:
        """What Mattermost says, for whoever has the token."""
        if request.headers.get("authorization") != f"Bearer {self.token}":
            return Answer(HTTPStatus.UNAUTHORIZED)
        parts = [unquote(part) for part in request.path.split("/")]
        match (request.method, *parts[3:]):
            case ("POST", "channels"):
                return self._made(str(request.json()["name"]), str(request.json()["purpose"]))
            case ("GET", "teams", _, "channels", "name", name):
                return self._shown(name)
            case ("GET", "teams", _):
                return Answer(HTTPStatus.OK, {"name": self._domain.partition(".")[0]})
            case ("PUT", "channels", id_, "patch"):
                self.rooms[id_].topic = str(request.json()["header"])
                return Answer(HTTPStatus.OK, {"id": id_})
            case ("GET", "users", "email", mail):
                return self._found(mail)
            case ("POST", "channels", id_, "members"):
                return self._taken_in(self.rooms[id_], str(request.json()["user_id"]))
        return Answer(HTTPStatus.NOT_FOUND)

    def _made(self, name: str, purpose: str) -> Answer:
        if self.room(name):
            return Answer(HTTPStatus.BAD_REQUEST, {"id": _TAKEN})
        id_ = f"c{len(self.rooms):025d}"
        self.rooms[id_] = Room(name, purpose)
        return Answer(HTTPStatus.CREATED, {"id": id_})

    def _shown(self, name: str) -> Answer:
        """By its purpose, one who was cut off knows the room that was made for them."""
        id_, room = next((id_, room) for id_, room in self.rooms.items() if room.name == name)
        return Answer(HTTPStatus.OK, {"id": id_, "purpose": room.purpose, "delete_at": 0})

    def _found(self, mail: str) -> Answer:
        if not mail.endswith(f"@{self._domain}"):
            return Answer(HTTPStatus.NOT_FOUND, {"id": _NOBODY})
        id_ = next((id_ for id_, known in self._people.items() if known == mail), "")
        id_ = id_ or f"u{len(self._people):025d}"
        self._people[id_] = mail
        return Answer(HTTPStatus.OK, {"id": id_})

    def _taken_in(self, room: Room, id_: str) -> Answer:
        if self._people[id_] not in room.members:
            room.members.append(self._people[id_])
        return Answer(HTTPStatus.CREATED, {"user_id": id_})
