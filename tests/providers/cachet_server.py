"""Cachet 3 on loopback: incidents, updates and components, as its requests and answers are."""

from datetime import datetime
from typing import Any

from providers.contract_server import Answer, ContractServer, Received, json_answer

TOKEN = "7|Gq0vYFJm3sW9XbT2kP8zR5nL1cD4hA6e"
COMPONENTS = ("3", "11")
_STATUSES = {0, 1, 2, 3, 4}
_STATES = {1, 2, 3, 4, 5, 6}


class CachetServer(ContractServer):
    """Keeps incidents and their updates by number, which it counts up from one.

    ``components`` is how each does, as a number; ``written`` are the texts of incidents that went
    to all subscribers.
    """

    def __init__(self) -> None:
        super().__init__()
        self.incidents: dict[int, dict[str, Any]] = {}
        self.components = dict.fromkeys(COMPONENTS, 1)
        self.written: list[str] = []
        self._updates = 0

    def told(self) -> list[list[str]]:
        """The texts of each incident, the first told first."""
        return [
            [incident["message"], *(one["message"] for one in incident["updates"].values())]
            for incident in self.incidents.values()
        ]

    def answer(self, request: Received) -> Answer:
        self.require(request.headers.get("accept") == "application/json", "asks for JSON")
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return json_answer(401, {"message": "Unauthenticated."})
        parts = request.path.strip("/").split("/")
        self.require(parts[0] == "api", f"no {request.path}")
        if request.method != "GET":
            self.require(request.headers.get("content-type") == "application/json", "content type")
        if parts[1] == "components":
            return self._component_set(request, parts[2])
        self.require(parts[1] == "incidents", f"no {request.path}")
        return self._routed(request, parts[2:])

    def _routed(self, request: Received, parts: list[str]) -> Answer:
        method = request.method
        if not parts and method == "GET":
            newest = list(self.incidents.values())[::-1][: int(request.query["per_page"])]
            return json_answer(200, {"data": [_shown("incidents", one) for one in newest]})
        if not parts:
            self.require(method == "POST", f"{method} of the incidents")
            return self._created(request.json())
        if (incident := self.incidents.get(int(parts[0]))) is None:
            return json_answer(404, {"message": "Not found."})
        if len(parts) == 1:
            self.require(method == "PUT", f"{method} of an incident")
            self._require_text(request.json(), {"message"})
            incident |= request.json()
            return json_answer(200, {"data": _shown("incidents", incident)})
        self.require(parts[1] == "updates", f"no {request.path}")
        return self._update(request, incident, parts[2:])

    def _created(self, told: dict[str, Any]) -> Answer:
        needed = {"name", "status", "message", "visible", "notifications", "occurred_at"}
        self._require_text(told, needed)
        self.require(0 < len(told["name"]) <= 255, "a name of 255 characters")
        self.require(told["visible"] is True, "to be seen")
        occurred_at = datetime.fromisoformat(told["occurred_at"])
        self.require(occurred_at.tzinfo, "a time with zone")
        number = len(self.incidents) + 1
        self.incidents[number] = {**told, "id": number, "updates": {}}
        self.incidents[number]["occurred"] = f"{occurred_at:%Y-%m-%d %H:%M:%S}"
        if told["notifications"]:
            self.written.append(told["message"])
        return json_answer(201, {"data": _shown("incidents", self.incidents[number])})

    def _update(self, request: Received, incident: dict[str, Any], parts: list[str]) -> Answer:
        updates = incident["updates"]
        if request.method == "GET":
            self.require(request.query.get("sort") == "-created_at", "the newest first")
            newest = list(updates.values())[::-1][: int(request.query["per_page"])]
            return json_answer(200, {"data": [_shown("updates", one) for one in newest]})
        told = request.json()
        self._require_text(told, {"status", "message"})
        if request.method == "PUT":
            if (known := updates.get(int(parts[0]))) is None:
                return json_answer(404, {"message": "Not found."})
            known |= told
            return json_answer(200, {"data": _shown("updates", known)})
        self.require(request.method == "POST" and not parts, f"no {request.path}")
        self._updates += 1
        updates[self._updates] = {**told, "id": self._updates}
        incident["status"] = told["status"]
        return json_answer(201, {"data": _shown("updates", updates[self._updates])})

    def _component_set(self, request: Received, id_: str) -> Answer:
        self.require(request.method == "PUT", f"{request.method} of a component")
        told = request.json()
        self.require(told.keys() == {"status"} and told["status"] in _STATES, "a state")
        if id_ not in self.components:
            return json_answer(404, {"message": "Not found."})
        self.components[id_] = told["status"]
        return json_answer(200, {"data": {"id": id_, "type": "components", "attributes": {}}})

    def _require_text(self, told: dict[str, Any], names: set[str]) -> None:
        self.require(told.keys() == names, f"fields: {told.keys()}")
        self.require(told.get("status", 1) in _STATUSES, "status")
        self.require(told["message"].strip(), "a message")
        told["message"].encode()


def _shown(kind: str, one: dict[str, Any]) -> dict[str, Any]:
    attributes = {name: one[name] for name in ("id", "name", "message") if name in one}
    attributes["status"] = {"human": "", "value": one["status"]}
    attributes["occurred"] = {"human": "", "string": one.get("occurred")}
    return {"id": str(one["id"]), "type": kind, "attributes": attributes}
