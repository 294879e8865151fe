"""PagerDuty's Events API v2, as documented: fields, limits, and what it does with a key."""

from datetime import datetime
from typing import Any

from providers.contract_server import Answer, ContractServer, Received, json_answer, lie

ROUTING_KEY = "R0UT1NGKEY0123456789abcdefABCDEF"
LIES = [lie(200, {"status": "invalid event", "message": "Event object is invalid"})]
FIELDS = {
    *("routing_key", "event_action", "dedup_key", "payload"),
    *("client", "client_url", "links", "images"),
}
PAYLOAD_FIELDS = {
    *("summary", "source", "severity", "timestamp"),
    *("component", "group", "class", "custom_details"),
}


class PagerDutyServer(ContractServer):
    """``log`` counts what was told about each open incident; ``closed`` are those that ended."""

    def __init__(self) -> None:
        super().__init__()
        self.log: dict[str, list[str]] = {}
        self.closed: list[str] = []
        self.dropped: list[str] = []

    def answer(self, request: Received) -> Answer:
        self.require((request.method, request.path) == ("POST", "/v2/enqueue"), "the address")
        self.require(request.headers["content-type"] == "application/json", "JSON")
        self.require(len(request.body) <= 512_000, "512,000 bytes")
        event = request.json()
        self.require(event.keys() <= FIELDS, "known fields")
        self.require(event["routing_key"] == ROUTING_KEY, "the routing key")
        key = event.get("dedup_key")
        self.require(isinstance(key, str) and 0 < len(key) <= 255, "dedup_key of 1 to 255")
        self._act(event["event_action"], key, event)
        answer = {"status": "success", "message": "Event processed", "dedup_key": key}
        return json_answer(202, answer)

    def _act(self, action: str, key: str, event: dict[str, Any]) -> None:
        if action == "trigger":
            self._require_payload(event)
            self.log.setdefault(key, []).append(event["payload"]["summary"])
            return
        self.require(action in {"acknowledge", "resolve"}, "a known action")
        self.require(event.keys() == {"routing_key", "event_action", "dedup_key"}, "no payload")
        if key not in self.log:
            self.dropped.append(action)
        elif action == "resolve":
            del self.log[key]
            self.closed.append(key)
        else:
            self.log[key].append("acknowledged")

    def _require_payload(self, event: dict[str, Any]) -> None:
        payload = event["payload"]
        self.require(payload.keys() <= PAYLOAD_FIELDS, "known fields of the payload")
        self.require(0 < len(payload["summary"].strip()) <= 1_024, "summary of 1 to 1,024")
        self.require(payload["source"].strip(), "a source")
        levels = {"critical", "error", "warning", "info"}
        self.require(payload["severity"] in levels, "a known severity")
        self.require(datetime.fromisoformat(payload["timestamp"]).tzinfo, "a time with zone")
        self.require(isinstance(payload["custom_details"], dict), "details are an object")
        for told in event.get("links", []):
            self.require(
                told["href"].startswith(("http://", "https://")), "a link is a web address"
            )
            self.require(isinstance(told["text"], str), "a link has words")
