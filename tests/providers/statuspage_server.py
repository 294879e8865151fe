"""Atlassian Statuspage on loopback: incidents, updates, components, and who was written to."""

import re
from datetime import datetime
from typing import Any

from providers.contract_server import Answer, ContractServer, Received, json_answer

KEY = "89a229ce1a8dbcf9ff30430fbe35eb4c0426574bca932061892cefd2138aa4b1"
PAGE = "kctbh9vrtdwd"
COMPONENTS = ("8kbf7d35c070", "vtnh60py4yd7")
_KNOWN = {
    *("name", "status", "impact_override", "body", "component_ids", "components"),
    *("deliver_notifications", "metadata"),
}
_STATUSES = {"investigating", "identified", "monitoring", "resolved"}
_IMPACTS = {"none", "minor", "major", "critical"}
_STATES = {
    *("operational", "under_maintenance", "degraded_performance"),
    *("partial_outage", "major_outage"),
}


class StatuspageServer(ContractServer):
    """Keeps the incidents of one page, the newest last.

    ``components`` is how each does; ``written`` are the texts that went to all subscribers.
    """

    def __init__(self) -> None:
        super().__init__()
        self.incidents: dict[str, dict[str, Any]] = {}
        self.components = dict.fromkeys(COMPONENTS, "operational")
        self.written: list[str] = []
        self._count = 0

    def told(self) -> list[list[str]]:
        """The texts of each incident, the first told first."""
        return [
            [one["body"] for one in reversed(incident["incident_updates"])]
            for incident in self.incidents.values()
        ]

    def answer(self, request: Received) -> Answer:
        if request.headers.get("authorization") != f"OAuth {KEY}":
            return json_answer(401, {"error": "Could not authenticate"})
        parts = request.path.strip("/").split("/")
        self.require(parts[:2] == ["v1", "pages"], f"no {request.path}")
        if parts[2] != PAGE:
            return json_answer(404, {"error": "Not found"})
        return self._routed(request, parts[3:])

    def _routed(self, request: Received, parts: list[str]) -> Answer:
        method = request.method
        if not parts and method == "GET":
            return json_answer(200, {"id": PAGE, "name": "Example"})
        self.require(parts[0] == "incidents", f"no {request.path}")
        if len(parts) == 1 and method == "POST":
            return self._created(self._body(request, "incident"))
        if len(parts) == 1:
            self.require(method == "GET", f"{method} of the incidents")
            limit = int(request.query["limit"])
            self.require(1 <= limit <= 100, "limit")
            return json_answer(200, list(self.incidents.values())[::-1][:limit])
        if (incident := self.incidents.get(parts[1])) is None:
            return json_answer(404, {"error": "Not found"})
        if len(parts) == 2 and method == "PATCH":
            return self._updated(incident, self._body(request, "incident"), 200)
        if len(parts) == 2:
            self.require(method == "GET", f"{method} of an incident")
            return json_answer(200, incident)
        self.require(parts[2] == "incident_updates" and method == "PATCH", f"no {request.path}")
        return self._corrected(incident, parts[3], self._body(request, "incident_update"))

    def _body(self, request: Received, name: str) -> dict[str, Any]:
        self.require(request.headers.get("content-type") == "application/json", "content type")
        told = request.json()
        self.require(told.keys() == {name}, f"an {name}")
        found = told[name]
        assert isinstance(found, dict)
        return found

    def _created(self, told: dict[str, Any]) -> Answer:
        self.require("name" in told, "a name")
        id_ = self._new_id("inc")
        incident: dict[str, Any] = {"id": id_, "page_id": PAGE, "incident_updates": []}
        answer = self._updated(incident, told, 201)
        self.incidents[id_] = incident
        return answer

    def _updated(self, incident: dict[str, Any], told: dict[str, Any], status: int) -> Answer:
        self.require(told.keys() <= _KNOWN, f"unknown: {told.keys() - _KNOWN}")
        self.require(0 < len(told["name"]) <= 255, "a name of 255 characters")
        self.require(told["status"] in _STATUSES, "status")
        self.require(told["impact_override"] in _IMPACTS, "impact")
        self._require_body(told["body"])
        self.require(isinstance(told["deliver_notifications"], bool), "said whether to notify")
        self.require(all(isinstance(v, dict) for v in told["metadata"].values()), "metadata")
        states = told.get("components", {})
        self.require(list(states) == told.get("component_ids", []), "the components are listed")
        self.require(states.keys() <= self.components.keys(), "known components")
        self.require(set(states.values()) <= _STATES, "states of components")
        self.components |= states
        if told["deliver_notifications"]:
            self.written.append(told["body"])
        update = {"id": self._new_id("upd"), "status": told["status"], "body": told["body"]}
        incident["incident_updates"].insert(0, update)
        incident |= {name: told[name] for name in ("name", "status", "metadata")}
        incident["impact"] = told["impact_override"]
        return json_answer(status, incident)

    def _corrected(self, incident: dict[str, Any], id_: str, told: dict[str, Any]) -> Answer:
        known = {"body", "display_at", "deliver_notifications"}
        self.require(told.keys() <= known, f"unknown: {told.keys() - known}")
        found = [one for one in incident["incident_updates"] if one["id"] == id_]
        if not found:
            return json_answer(404, {"error": "Not found"})
        if "body" in told:
            self._require_body(told["body"])
        if "display_at" in told:
            self.require(datetime.fromisoformat(told["display_at"]).tzinfo, "a time with zone")
        if told["deliver_notifications"]:
            self.written.append(told["body"])
        found[0].update(told)
        return json_answer(200, found[0])

    def _require_body(self, body: str) -> None:
        self.require(0 < len(body) <= 25_000, "a body of 25,000 characters")
        self.require(not re.search(r"[\x00\ud800-\udfff]", body), "text")

    def _new_id(self, of: str) -> str:
        self._count += 1
        return f"{of}{self._count:09d}"
