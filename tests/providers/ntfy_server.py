"""ntfy's publishing as JSON, as documented. It knows no key: what comes twice buzzes twice."""

import re
from typing import Any

from providers.contract_server import Answer, ContractServer, Received, json_answer, lie

TOKEN = "tk_AgQdq7mVBoFD37zQVN29RhuMzNIz2"
TOPIC = "oncall-kim-8f3a"
LIES = [lie(200, {"code": 40301, "http": 403, "error": "forbidden"})]
FIELDS = {"topic", "title", "message", "priority", "tags", "click", "actions"}


class NtfyServer(ContractServer):
    """The messages that were published, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[dict[str, Any]] = []

    def answer(self, request: Received) -> Answer:
        self.require((request.method, request.path) == ("POST", "/"), "the root, not the topic")
        self.require(not request.query, "no token in the address")
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return json_answer(403, {"code": 40301, "http": 403, "error": "forbidden"})
        self.require(len(request.body) <= 8_192, "8,192 bytes in all")
        told = request.json()
        self.require(told.keys() <= FIELDS, "known fields")
        self.require(re.fullmatch("[-_A-Za-z0-9]{1,64}", told["topic"]), "a topic")
        size = len(told["message"].encode())
        self.require(0 < size <= 4_096, "a message of 1 to 4,096 bytes, or it becomes a file")
        self.require(told["title"].strip(), "a title")
        self.require(told["priority"] in {1, 2, 3, 4, 5}, "a known priority")
        self._require_actions(told.get("actions", []))
        self.require(_is_web(told.get("click", "https://")), "click is a web address")
        self.messages.append(told)
        return json_answer(200, {"id": f"m{len(self.messages)}", "event": "message"})

    def _require_actions(self, actions: list[dict[str, Any]]) -> None:
        self.require(len(actions) <= 3, "three actions")
        for action in actions:
            self.require(action["action"] in {"view", "http"}, "a known action")
            self.require(action["label"].strip(), "an action has a label")
            self.require(_is_web(action["url"]), "an action has a web address")


def _is_web(address: str) -> bool:
    return address.startswith(("http://", "https://"))
