"""Slack on loopback: channels and threads, with the rules of its description and its limits."""

import re
from typing import Any
from urllib.parse import urlsplit

from providers.contract_server import Answer, ContractServer, Received, json_answer
from providers.official_schema import Judge, official

TOKEN = "xoxb-1234-abcdefgh"
CHANNEL = "C0123ABCD"
_LINK = re.compile(r"<(https?://[^|<>\s]+)\|([^|<>]+)>")
_ESCAPED = re.compile(r"(?:[^&<>]|&(?:amp|lt|gt);)*")
_LENGTH_OF_BLOCKS = 13_200


def _refused(error: str) -> Answer:
    return json_answer(200, {"ok": False, "error": error})


class SlackServer(ContractServer):
    """Keeps the messages of one channel, oldest first. A wrong name is answered 200, as there."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[dict[str, Any]] = []
        self._count = 0
        self.error = ""
        """What the next call is answered instead of being done."""

    def roots(self) -> list[dict[str, Any]]:
        return [message for message in self.messages if "thread_ts" not in message]

    def answer(self, request: Received) -> Answer:
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return _refused("invalid_auth")
        if self.error:
            error, self.error = self.error, ""
            return _refused(error)
        method = urlsplit(request.path).path.removeprefix("/api/")
        if method in ("chat.postMessage", "chat.update"):
            self.require(request.method == "POST", "messages are posted")
            kind = request.headers.get("content-type", "")
            self.require(kind == "application/json; charset=utf-8", f"content type {kind}")
            message = request.json()
            self._require_described(message, method)
            if message.get("channel") != CHANNEL:
                return _refused("channel_not_found")
            self._require_shown(message)
            return self._posted(message) if method == "chat.postMessage" else self._changed(message)
        self.require(request.method == "GET", f"{method} by {request.method}")
        return self._listed(method, dict(request.query))

    def _require_shown(self, message: dict[str, Any]) -> None:
        self.require(0 < len(message.get("text", "")) <= 4_000, "text has 1 to 4,000 characters")
        self.require(_ESCAPED.fullmatch(message["text"]), "text is escaped")
        self._require_blocks(message["blocks"])
        metadata = message["metadata"]
        self.require(re.fullmatch(r"[A-Za-z0-9_]+", metadata["event_type"]), "event_type")
        self.require(isinstance(metadata["event_payload"], dict), "event_payload")

    def _posted(self, message: dict[str, Any]) -> Answer:
        root = message.get("thread_ts")
        known = {known["ts"] for known in self.roots()}
        self.require(root is None or root in known, f"no thread {root}")
        self.require(root or "reply_broadcast" not in message, "only replies are broadcast")
        kept = {**message, "ts": f"1763715600.{self._count:06d}"}
        self._count += 1
        self.messages.append(kept)
        return json_answer(200, {"ok": True, "channel": CHANNEL, "ts": kept["ts"], "message": {}})

    def _changed(self, message: dict[str, Any]) -> Answer:
        for kept in self.messages:
            if kept["ts"] == message["ts"]:
                kept |= message
                return json_answer(200, {"ok": True, "channel": CHANNEL, "ts": kept["ts"]})
        return _refused("message_not_found")

    def _require_described(self, message: dict[str, Any], method: str) -> None:
        if (document := official("slack/slack_web_openapi_v2_without_examples.json")) is None:
            return
        parameters = document["paths"][f"/{method}"]["post"]["parameters"]
        named = {one["name"]: one for one in parameters if one["in"] == "formData"}
        # Written as a text in a form, and as itself in JSON; metadata came after 2021.
        named |= {"blocks": {"type": "array"}, "metadata": {"type": "object"}}
        schema = {
            "type": "object",
            "required": [name for name, one in named.items() if one.get("required") is True],
            "properties": {name: {"type": one["type"]} for name, one in named.items()},
            "additionalProperties": False,
        }
        found = Judge(document).breaches(schema, message)
        self.require(not found, f"description: {found}")

    def _require_blocks(self, blocks: list[dict[str, Any]]) -> None:
        self.require(0 < len(blocks) <= 50, "1 to 50 blocks")
        texts = [block["text"] for block in blocks]
        self.require({block["type"] for block in blocks} == {"section"}, "sections")
        for text in texts:
            said, kind = text["text"], text["type"]
            self.require(0 < len(said) <= 3_000, "a section has 1 to 3,000 characters")
            if kind == "plain_text":
                self.require(_ESCAPED.fullmatch(said), "plain text is escaped")
            else:
                link = _LINK.fullmatch(said)
                self.require(kind == "mrkdwn" and link, f"{said} is no link")
                assert link is not None
                self.require(all(map(_ESCAPED.fullmatch, link.groups())), "a link is escaped")
        size = sum(len(text["text"]) for text in texts)
        self.require(size <= _LENGTH_OF_BLOCKS, "msg_blocks_too_long")

    def _listed(self, method: str, query: dict[str, str]) -> Answer:
        if query.get("channel") != CHANNEL:
            return _refused("channel_not_found")
        limit = int(query.get("limit", 100))
        self.require(1 <= limit <= 999, "limit")
        if method == "conversations.history":
            found = [m for m in self.messages if "thread_ts" not in m or m["reply_broadcast"]][::-1]
        else:
            self.require(method == "conversations.replies", f"no method {method}")
            oldest = float(query.get("oldest", 0))
            replies = [m for m in self.messages if m.get("thread_ts") == query["ts"]]
            root = [m for m in self.messages if m["ts"] == query["ts"]]
            found = root + [m for m in replies if float(m["ts"]) >= oldest]
        shown = [{"ts": m["ts"], "text": m["text"], "metadata": m["metadata"]} for m in found]
        if query.get("include_all_metadata") != "true":
            shown = [{"ts": m["ts"], "text": m["text"]} for m in shown]
        return json_answer(200, {"ok": True, "messages": shown[:limit], "has_more": False})
