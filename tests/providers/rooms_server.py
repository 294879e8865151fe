"""Slack, Matrix and Mattermost on loopback, as far as rooms go.

``rooms`` by id; each has a name, who made it, its topic and its members. ``unknown`` are members
that cannot be invited; ``mails`` are e-mail addresses with whose they are. ``statuses`` is what
stands beside people's names.
"""

import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from providers import matrix_server, mattermost_server, slack_server
from providers.contract_server import Answer, ContractServer, Received, json_answer
from providers.examples import AT

STRANGER = "stranger"
US = "us"


@dataclass
class Kept:
    """A room as the provider knows it. ``mark`` is what it was made with."""

    name: str
    by: str = US
    mark: str = ""
    topic: str = ""
    is_private: bool = False
    created_s: int = int(AT.timestamp())
    members: list[str] = field(default_factory=list)


class RoomsServer(ContractServer):
    """What every provider of rooms keeps."""

    token = ""

    def __init__(self) -> None:
        super().__init__()
        self.rooms: dict[str, Kept] = {}
        self.unknown: set[str] = set()
        self.mails: dict[str, str] = {}
        self.statuses: dict[str, dict[str, Any]] = {}

    def id_of(self, number: int) -> str:
        """The id of the room that is made as the one of this number."""
        raise NotImplementedError

    def add(self, room: Kept) -> str:
        """A room more; its id."""
        id_ = self.id_of(len(self.rooms))
        self.rooms[id_] = room
        return id_

    def named(self, name: str) -> str | None:
        """The id of the room of that name."""
        return next((id_ for id_, room in self.rooms.items() if room.name == name), None)

    def answer(self, request: Received) -> Answer:
        self.require(request.headers.get("authorization") == f"Bearer {self.token}", "the token")
        told = request.json() if request.body else {}
        return self.answer_to(request, told)

    def answer_to(self, request: Received, told: dict[str, Any]) -> Answer:
        raise NotImplementedError


class SlackRooms(RoomsServer):
    """Says no with 200, and does not say in the answer who was first to take a name."""

    token = slack_server.TOKEN
    page = 1
    site = "https://acme.slack.example/"

    def id_of(self, number: int) -> str:
        return f"C{number:08d}"

    def answer_to(self, request: Received, told: dict[str, Any]) -> Answer:
        method = request.path.removeprefix("/api/")
        if method == "auth.test":
            return json_answer(200, {"ok": True, "user_id": US, "url": self.site})
        if method == "users.lookupByEmail":
            if (id_ := self.mails.get(request.query["email"])) is None:
                return json_answer(200, {"ok": False, "error": "users_not_found"})
            return json_answer(200, {"ok": True, "user": {"id": id_}})
        if method == "users.conversations":
            return self._own(dict(request.query))
        self.require(request.method == "POST", f"{method} by {request.method}")
        if method == "conversations.create":
            self.require(re.fullmatch(r"[a-z0-9_-]{1,80}", told["name"]), "a name")
            if self.named(told["name"]):
                return json_answer(200, {"ok": False, "error": "name_taken"})
            id_ = self.add(Kept(told["name"], is_private=told["is_private"]))
            return json_answer(200, {"ok": True, "channel": {"id": id_, "name": told["name"]}})
        if (room := self.rooms.get(told["channel"])) is None:
            return json_answer(200, {"ok": False, "error": "channel_not_found"})
        if method == "conversations.setTopic":
            self.require(len(told["topic"]) <= 250, "too_long")
            room.topic = told["topic"]
            return json_answer(200, {"ok": True, "channel": {"id": told["channel"]}})
        self.require(method == "conversations.invite", f"no method {method}")
        return self._invited(room, told["users"])

    def _invited(self, room: Kept, member: str) -> Answer:
        wrong = "user_not_found" if member in self.unknown else ""
        wrong = wrong or ("already_in_channel" if member in room.members else "")
        if wrong:
            return json_answer(200, {"ok": False, "error": wrong})
        room.members.append(member)
        return json_answer(200, {"ok": True, "channel": {}})

    def _own(self, query: dict[str, str]) -> Answer:
        """One at a time, so that everybody has to go on asking."""
        at = int(query["cursor"] or 0)
        shown = [
            {"id": id_, "name": room.name, "creator": room.by, "created": room.created_s}
            for id_, room in list(self.rooms.items())[at : at + self.page]
        ]
        more = str(at + self.page) if at + self.page < len(self.rooms) else ""
        metadata = {"next_cursor": more}
        return json_answer(200, {"ok": True, "channels": shown, "response_metadata": metadata})


class MatrixRooms(RoomsServer):
    """An alias belongs to one room; who is not in a room does not see its beginning."""

    token = matrix_server.TOKEN

    def id_of(self, number: int) -> str:
        return f"!room{number}:example.com"

    def answer_to(self, request: Received, told: dict[str, Any]) -> Answer:
        path = request.path.removeprefix("/_matrix/client/v3/")
        if path == "account/whoami":
            return json_answer(200, {"user_id": "@bot:example.com"})
        if path == "createRoom":
            return self._created(told)
        parts = [unquote(part) for part in path.split("/")]
        if parts[0] == "directory":
            alias = re.fullmatch(r"#(.+):example\.com", parts[2])
            self.require(alias, f"no alias {parts[2]}")
            assert alias is not None
            id_ = self.named(alias[1])
            return json_answer(200, {"room_id": id_}) if id_ else _wrong(404, "M_NOT_FOUND")
        room = self.rooms[parts[1]]
        if parts[2:] == ["state", "m.room.create"]:
            if room.by != US:
                return _wrong(403, "M_FORBIDDEN")
            return json_answer(200, {"room_version": "10", "firstline.subject": room.mark})
        if parts[2:] == ["state", "m.room.topic"]:
            self.require(request.method == "PUT", "a state is put")
            room.topic = told["topic"]
            return json_answer(200, {"event_id": "$topic"})
        if parts[2:4] == ["state", "m.room.member"]:
            is_there = parts[4] in room.members
            return (
                json_answer(200, {"membership": "join"}) if is_there else _wrong(404, "M_NOT_FOUND")
            )
        self.require(parts[2:] == ["invite"], f"no {path}")
        if told["user_id"] in self.unknown or told["user_id"] in room.members:
            return _wrong(403, "M_FORBIDDEN")
        room.members.append(told["user_id"])
        return json_answer(200, {})

    def _created(self, told: dict[str, Any]) -> Answer:
        name = told["room_alias_name"]
        self.require(re.fullmatch(r"[a-z0-9_-]{1,80}", name), "a name")
        self.require(told["preset"] in {"private_chat", "public_chat"}, "a preset")
        if self.named(name):
            return _wrong(400, "M_ROOM_IN_USE")
        mark = told["creation_content"]["firstline.subject"]
        is_private = told["preset"] == "private_chat"
        return json_answer(200, {"room_id": self.add(Kept(name, US, mark, is_private=is_private))})


class MattermostRooms(RoomsServer):
    """A name belongs to one channel of a team, also when it was archived."""

    token = mattermost_server.TOKEN
    team = "t3am" + "b" * 22
    may_edit_others = True

    def id_of(self, number: int) -> str:
        return f"c{number:025d}"

    def answer_to(self, request: Received, told: dict[str, Any]) -> Answer:
        parts = request.path.removeprefix("/api/v4/").split("/")
        if parts[0] == "teams":
            self.require(parts[1] == self.team, "the team")
            if len(parts) == 2:
                return json_answer(200, {"id": self.team, "name": "acme"})
            self.require(parts[2:4] == ["channels", "name"], "a name")
            return self._shown(self.named(parts[4]))
        if parts[0] == "users":
            return self._user(request.method, [unquote(part) for part in parts[1:]], told)
        self.require(parts[0] == "channels", f"no {request.path}")
        if len(parts) == 1:
            return self._created(told)
        if (room := self.rooms.get(parts[1])) is None:
            return json_answer(404, {"id": "store.sql_channel.get.existing.app_error"})
        if parts[2] == "patch":
            self.require(request.method == "PUT" and len(told["header"]) <= 1_024, "a header")
            room.topic = told["header"]
            return self._shown(parts[1])
        self.require(parts[2] == "members" and request.method == "POST", f"no {request.path}")
        if told["user_id"] in self.unknown:
            return json_answer(404, {"id": "store.sql_user.missing_account.const"})
        if told["user_id"] not in room.members:
            room.members.append(told["user_id"])
        return json_answer(201, {"channel_id": parts[1], "user_id": told["user_id"]})

    def _created(self, told: dict[str, Any]) -> Answer:
        self.require(told["team_id"] == self.team, "the team")
        self.require(re.fullmatch(r"[a-z0-9][a-z0-9_-]{1,63}", told["name"]), "a name")
        self.require(len(told["purpose"]) <= 250 and told["type"] in {"O", "P"}, "a channel")
        if self.named(told["name"]):
            return json_answer(400, {"id": "store.sql_channel.save_channel.exists.app_error"})
        made = Kept(told["name"], US, told["purpose"], is_private=told["type"] == "P")
        return json_answer(201, {"id": self.add(made), "name": told["name"]})

    def _user(self, method: str, parts: list[str], told: dict[str, Any]) -> Answer:
        if parts[0] == "email":
            if (id_ := self.mails.get(parts[1])) is None:
                return json_answer(404, {"id": "app.user.missing_account.const"})
            return json_answer(200, {"id": id_})
        if len(parts) == 1:
            status = self.statuses.get(parts[0])
            return json_answer(
                200, {"props": {"customStatus": json.dumps(status)} if status else {}}
            )
        self.require(parts[1:] == ["status", "custom"], f"no {parts}")
        if not self.may_edit_others:
            return json_answer(403, {"id": "api.context.permissions.app_error"})
        if method == "DELETE":
            self.statuses.pop(parts[0], None)
        else:
            self.require(method == "PUT" and 0 < len(told["text"]) <= 100, "a status")
            self.require(told["duration"] == "date_and_time" and told["expires_at"], "an end")
            self.statuses[parts[0]] = told
        return json_answer(200, {"status": "OK"})

    def _shown(self, id_: str | None) -> Answer:
        if id_ is None or (self.rooms[id_].by == STRANGER and self.rooms[id_].is_private):
            return json_answer(404, {"id": "app.channel.get_by_name.missing.app_error"})
        return json_answer(200, {"id": id_, "purpose": self.rooms[id_].mark, "delete_at": 0})


def _wrong(status: int, code: str) -> Answer:
    return json_answer(status, {"errcode": code, "error": ""})
