"""A receiver of Standard Webhooks that checks signatures with the standard's own library."""

import re
from datetime import UTC, datetime

from providers.contract_server import Answer, ContractServer, Received
from standardwebhooks.webhooks import Webhook

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OLD_SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
PATH = "/hook?key=s3cr3t-in-address"
TYPES = {f"incident.{what}" for what in ("opened", "updated", "acknowledged", "resolved", "update")}


class WebhookServer(ContractServer):
    """``events`` by ``webhook-id``: what came twice under one id happened once."""

    def __init__(self, secret: str = SECRET) -> None:
        super().__init__()
        self.events: dict[str, dict[str, object]] = {}
        self._secret = secret

    def answer(self, request: Received) -> Answer:
        self.require((request.method, request.path) == ("POST", "/hook"), "the address")
        self.require(request.query == {"key": "s3cr3t-in-address"}, "the address, whole")
        self.require(request.headers["content-type"] == "application/json", "JSON")
        self.require(len(request.body) < 20_000, "under 20,000 bytes")
        message_id = request.headers["webhook-id"]
        self.require(re.fullmatch(r"msg_[A-Za-z0-9_-]+", message_id), "an id without dots")
        self._require_signature(request)
        told = request.json()
        self.require(told.keys() == {"type", "timestamp", "data"}, "type, timestamp and data")
        self.require(told["type"] in TYPES, "a known type")
        self.require(datetime.fromisoformat(told["timestamp"]).tzinfo, "a time with zone")
        self.events.setdefault(message_id, told)
        return Answer(200, b"ok")

    def _require_signature(self, request: Received) -> None:
        """Its ``verify`` wants a time near to its own clock, so that ours is signed again."""
        at = datetime.fromtimestamp(int(request.headers["webhook-timestamp"]), UTC)
        signed = Webhook(self._secret).sign(
            request.headers["webhook-id"], at, request.body.decode()
        )
        self.require(signed in request.headers["webhook-signature"].split(" "), "the signature")
