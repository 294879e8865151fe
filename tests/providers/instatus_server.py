"""Instatus on loopback: incidents, updates and components, as its reference shows them."""

from datetime import datetime
from typing import Any

from providers.contract_server import Answer, ContractServer, Received, json_answer

KEY = "a1b2c3d4e5f60718293a4b5c6d7e8f90"
PAGE = "ckf01fonve9i40a32oas5b0uw"
COMPONENTS = ("ckf01fvnxywz50a35nh1qzssm", "ckf01fvnxywz50a35nh1qzssn")
_OF_AN_UPDATE = {"message", "status", "started", "notify", "components", "statuses"}
_STATUSES = {"INVESTIGATING", "IDENTIFIED", "MONITORING", "RESOLVED"}
_STATES = {
    *("OPERATIONAL", "UNDERMAINTENANCE", "DEGRADEDPERFORMANCE"),
    *("PARTIALOUTAGE", "MAJOROUTAGE"),
}


class InstatusServer(ContractServer):
    """Keeps the incidents of one page, the newest last; ``written`` went to all subscribers."""

    def __init__(self) -> None:
        super().__init__()
        self.incidents: dict[str, dict[str, Any]] = {}
        self.components = dict.fromkeys(COMPONENTS, "OPERATIONAL")
        self.written: list[str] = []
        self._count = 0

    def told(self) -> list[list[str]]:
        """The texts of each incident, the first told first."""
        return [[one["message"] for one in each["updates"]] for each in self.incidents.values()]

    def answer(self, request: Received) -> Answer:
        if request.headers.get("authorization") != f"Bearer {KEY}":
            return json_answer(401, {"error": {"code": "unauthorized", "message": "Invalid key"}})
        parts = request.path.strip("/").split("/")
        self.require(parts[0] == "v1" and parts[2] == "incidents", f"no {request.path}")
        if parts[1] != PAGE:
            return json_answer(404, {"error": {"code": "not_found", "message": "No page"}})
        return self._routed(request, parts[3:])

    def _routed(self, request: Received, parts: list[str]) -> Answer:
        method = request.method
        if not parts and method == "GET":
            count = int(request.query["per_page"])
            return json_answer(200, list(self.incidents.values())[::-1][:count])
        if not parts:
            self.require(method == "POST", f"{method} of the incidents")
            return self._created(request.json())
        if (incident := self.incidents.get(parts[0])) is None:
            return json_answer(404, {"error": {"code": "not_found", "message": "No incident"}})
        if len(parts) == 1:
            self.require(method == "GET", f"{method} of an incident")
            return json_answer(200, incident)
        self.require(parts[1] == "incident-updates", f"no {request.path}")
        told = request.json()
        self._require_update(told, _OF_AN_UPDATE)
        if len(parts) == 3:
            self.require(method == "PUT", f"{method} of an update")
            (known,) = [one for one in incident["updates"] if one["id"] == parts[2]]
            known |= {name: told[name] for name in ("message", "status", "started")}
            return json_answer(200, known)
        self.require(method == "POST", f"{method} of the updates")
        return json_answer(200, {**self._add(incident, told), "incident": {"id": incident["id"]}})

    def _created(self, told: dict[str, Any]) -> Answer:
        self._require_update(told, _OF_AN_UPDATE | {"name", "shouldPublish"})
        self.require(0 < len(told["name"]) <= 255, "a name")
        self.require(told["shouldPublish"] is True, "to be seen")
        incident: dict[str, Any] = {"id": self._new_id(), "name": told["name"], "updates": []}
        self._add(incident, told)
        self.incidents[incident["id"]] = incident
        return json_answer(200, incident)

    def _add(self, incident: dict[str, Any], told: dict[str, Any]) -> dict[str, Any]:
        update = {name: told[name] for name in ("message", "status", "started", "notify")}
        incident["updates"].append({"id": self._new_id(), **update})
        incident["status"] = told["status"]
        if told["notify"]:
            self.written.append(told["message"])
        for state in told["statuses"]:
            self.components[state["id"]] = state["status"]
        added = incident["updates"][-1]
        assert isinstance(added, dict)
        return added

    def _require_update(self, told: dict[str, Any], names: set[str]) -> None:
        self.require(told.keys() == names, f"fields: {told.keys()}")
        self.require(told["message"].strip(), "a message")
        self.require(told["status"] in _STATUSES, "status")
        self.require(isinstance(told["notify"], bool), "said whether to notify")
        self.require(datetime.fromisoformat(told["started"]).tzinfo, "a time with zone")
        ids = [state["id"] for state in told["statuses"]]
        self.require(ids == told["components"], "the components are listed")
        self.require(set(ids) <= self.components.keys(), "known components")
        self.require({state["status"] for state in told["statuses"]} <= _STATES, "states")

    def _new_id(self) -> str:
        self._count += 1
        return f"ckf{self._count:022d}"
