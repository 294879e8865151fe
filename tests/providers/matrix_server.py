"""A Matrix home server on loopback: rooms, events known by their transaction, threads."""

import json
import re
from typing import Any
from urllib.parse import unquote

from providers.contract_server import Answer, ContractServer, Received, json_answer
from providers.official_schema import official_text

TOKEN = "syt_ZGVzaw_abcDEF_1a2b3c"
ROOM = "!room:example.com"
_SENT = re.compile(r"/_matrix/client/v3/rooms/([^/]+)/send/([^/]+)/([^/]+)")
_LARGEST_EVENT_BYTES = 65_536
# What the server adds: sender, hashes, signatures, times. Seen with Synapse: less than 700.
_ADDED_BYTES = 1_000


class MatrixServer(ContractServer):
    """Keeps the events of one room, by id, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.events: dict[str, dict[str, Any]] = {}
        self._transactions: dict[str, str] = {}

    def answer(self, request: Received) -> Answer:
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return json_answer(401, {"errcode": "M_UNKNOWN_TOKEN", "error": "Invalid token"})
        sent = _SENT.fullmatch(request.path)
        self.require(request.method == "PUT" and sent, f"no {request.method} {request.path}")
        assert sent is not None
        room, kind, transaction = map(unquote, sent.groups())
        self.require(room.startswith(_first_of_a_room()), f"{room} is no room")
        self.require(kind == "m.room.message", "messages only")
        if room != ROOM:
            return json_answer(403, {"errcode": "M_FORBIDDEN", "error": f"not in room {room}"})
        if transaction not in self._transactions:
            content = request.json()
            self._require_message(content, len(request.body))
            self._transactions[transaction] = f"$event{len(self.events)}"
            self.events[self._transactions[transaction]] = content
        return json_answer(200, {"event_id": self._transactions[transaction]})

    def _require_message(self, content: dict[str, Any], size_bytes: int) -> None:
        self.require(isinstance(content, dict), "the content is an object")
        self.require(size_bytes + _ADDED_BYTES <= _LARGEST_EVENT_BYTES, "M_TOO_LARGE")
        self.require(content.get("msgtype") == "m.text", "a text")
        self.require(isinstance(content.get("body"), str) and content["body"], "a body")
        self.require("formatted_body" not in content, "no markup")
        # Without it, old rules look for names in the text.
        self.require(content.get("m.mentions") in ({}, {"room": True}), "mentions are meant")
        if relation := content.get("m.relates_to"):
            self.require(relation["rel_type"] == "m.thread", "a thread")
            self.require(relation["event_id"] in self.events, "the root is in the room")
            root = self.events[relation["event_id"]]
            self.require("m.relates_to" not in root, "a thread hangs on no reply")
        json.dumps(content, allow_nan=False).encode("utf-8")


def _first_of_a_room() -> str:
    """With what a room's id begins, from the specification where it is at hand."""
    text = official_text("matrix/client-server/room_send.yaml")
    if text is None:
        return "!"
    assert '"/rooms/{roomId}/send/{eventType}/{txnId}":\n    put:' in text
    found = re.search(r'format: mx-room-id\s+pattern: "\^(.)"', text)
    assert found is not None
    return found[1]
