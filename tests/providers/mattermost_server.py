"""Mattermost on loopback: posts and threads, with the limits of its API."""

import re
from typing import Any

from providers.contract_server import Answer, ContractServer, Received, json_answer

TOKEN = "x7qm3p5kt1yzbr9nd4fhc8wsga"
CHANNEL = "c4nn3l" + "a" * 20
_KNOWN = {"channel_id", "message", "root_id", "metadata", "pending_post_id", "props"}
# At the beginning of a word and not escaped, these call somebody or mark something up.
_CALLS = re.compile(r"(?<![\w@])@(?=[A-Za-z])")


class MattermostServer(ContractServer):
    """Keeps the posts of one channel, by id, in order.

    ``remembers``: a repeat with the same pending id is the same post, as it is for 30 seconds.
    ``is_licensed``: priorities may ask for an acknowledgement.
    """

    def __init__(self) -> None:
        super().__init__()
        self.posts: dict[str, dict[str, Any]] = {}
        self.remembers = True
        self.is_licensed = False

    def answer(self, request: Received) -> Answer:
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return json_answer(401, {"id": "api.context.session_expired.app_error"})
        if request.method == "GET":
            return self._listed(request)
        self.require(request.method == "POST", "posts are posted")
        self.require(request.path == "/api/v4/posts", f"no {request.path}")
        return self._posted(request.json())

    def _listed(self, request: Received) -> Answer:
        self.require(request.path == f"/api/v4/channels/{CHANNEL}/posts", f"no {request.path}")
        newest = list(self.posts)[::-1][: int(request.query["per_page"])]
        posts = {id_: {"id": id_, **self.posts[id_]} for id_ in newest}
        return json_answer(200, {"order": newest, "posts": posts})

    def _posted(self, post: dict[str, Any]) -> Answer:
        self.require(post.keys() <= _KNOWN, f"unknown: {post.keys() - _KNOWN}")
        self.require(0 < len(post["message"]) <= 16_383, "1 to 16,383 characters")
        self.require(not _CALLS.search(post["message"]), "somebody is mentioned")
        if post["channel_id"] != CHANNEL:
            return json_answer(403, {"id": "api.context.permissions.app_error"})
        if refused := self._misplaced(post):
            return refused
        for id_, known in self.posts.items():
            if self.remembers and known["pending_post_id"] == post["pending_post_id"]:
                return json_answer(201, {**known, "id": id_})
        id_ = f"p{len(self.posts):025d}"
        self.posts[id_] = post
        return json_answer(201, {**post, "id": id_})

    def _misplaced(self, post: dict[str, Any]) -> Answer | None:
        root = post.get("root_id")
        if root is not None:
            self.require("root_id" not in self.posts.get(root, {"root_id": ""}), f"no root {root}")
        if priority := post.get("metadata", {}).get("priority"):
            self.require(root is None, "only the root of a thread has a priority")
            self.require(priority["priority"] in {"urgent", "important"}, "priority")
            if priority.get("requested_ack") and not self.is_licensed:
                return json_answer(403, {"id": "api.post.post_priority.license.app_error"})
        return None
