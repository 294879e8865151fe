"""The alert API of JSM Operations and Opsgenie, by its official description where there is one."""

from collections import Counter
from functools import cache
from typing import Any
from urllib.parse import unquote

from providers.contract_server import Answer, ContractServer, Received, json_answer, lie
from providers.official_schema import Judge, official

API_KEY = "4513b7ea-3b91-438f-b7e4-e3e54af9147c"
PATH = "/jsm/ops/integration"
LIES = [lie(200, {"message": "Key format is not valid!", "took": 0.001, "requestId": "r-0"})]
LIMITS = {"message": 130, "alias": 512, "description": 15_000, "entity": 512, "source": 100}
PAYLOADS = {
    "acknowledge": "AcknowledgeAlertPayload",
    "close": "CloseAlertPayload",
    "notes": "AddNoteToAlertPayload",
}


class GenieServer(ContractServer):
    """Alerts by alias; every call is taken first and done after, as its request tells.

    A request that was not done yet is not found.
    """

    def __init__(self) -> None:
        super().__init__()
        self.alerts: dict[str, dict[str, Any]] = {}
        self.ended: list[dict[str, Any]] = []
        self.outcomes: dict[str, dict[str, Any]] = {}
        self.done_after = 0
        """So many questions about a request find it not done yet."""
        self.fails_with = ""
        """Why what is taken from now on is not done."""
        self.may_read = True
        self._asked: Counter[str] = Counter()
        self._description = _description()

    def answer(self, request: Received) -> Answer:
        if request.headers.get("authorization") != f"GenieKey {API_KEY}":
            return json_answer(401, {"message": "Could not authenticate", "took": 0.0})
        self.require(request.path.startswith(f"{PATH}/"), "the address")
        parts = [unquote(part) for part in request.path.removeprefix(PATH).split("/")[1:]]
        self.require(parts[:2] == ["v2", "alerts"], "the address")
        if request.method == "GET":
            return self._tell(parts[2:])
        self.require(request.method == "POST", "acts are posted")
        self.require(request.headers["content-type"] == "application/json", "JSON")
        if len(parts) == 2:
            return self._create(request.json())
        self.require(request.query == {"identifierType": "alias"}, "named by alias")
        self.require(len(parts) == 4 and parts[3] in PAYLOADS, "a known act")
        return self._act(parts[2], parts[3], request.json())

    def _create(self, told: dict[str, Any]) -> Answer:
        self._require_schema("CreateAlertPayload", told)
        self.require(told["message"].strip(), "a message")
        for name, limit in LIMITS.items():
            self.require(len(told.get(name, "")) <= limit, f"{name} of {limit}")
        self.require(len(told["tags"]) <= 20, "20 tags")
        self.require(all(len(tag) <= 50 for tag in told["tags"]), "tags of 50")
        details = told["details"]
        self.require(all(isinstance(value, str) for value in details.values()), "string details")
        size = sum(len(name) + len(value) for name, value in details.items())
        self.require(size <= 8_000, "details of 8,000")
        if self.fails_with:
            return self._taken(None)
        alert = self.alerts.setdefault(told["alias"], {**told, "count": 0, "notes": []})
        alert["count"] += 1
        return self._taken(f"alert-{told['alias']}")

    def _act(self, alias: str, act: str, told: dict[str, Any]) -> Answer:
        self._require_schema(PAYLOADS[act], told)
        self.require(len(told["source"]) <= LIMITS["source"], "source of 100")
        self.require(0 < len(told["note"].strip()) <= 25_000, "note of 1 to 25,000")
        alert = self.alerts.get(alias)
        if alert is None:
            return self._taken(None)
        alert["notes"].append(told["note"])
        if act == "acknowledge":
            alert["acknowledged"] = True
        if act == "close":
            self.ended.append(self.alerts.pop(alias))
        return self._taken(f"alert-{alias}")

    def _taken(self, alert_id: str | None) -> Answer:
        """A number to ask with; only there one learns that nothing was done."""
        request_id = f"request-{len(self.outcomes)}"
        done = alert_id is not None
        self.outcomes[request_id] = {
            "isSuccess": done,
            "status": "Done" if done else self.fails_with or "Alert does not exist",
            "processedAt": "2026-11-21T09:00:00Z",
            **({"alertId": alert_id} if done else {}),
        }
        answer = {"result": "Request will be processed", "took": 0.1, "requestId": request_id}
        return json_answer(202, answer)

    def _tell(self, parts: list[str]) -> Answer:
        self.require(len(parts) == 2 and parts[0] == "requests", "a request is asked for")
        if not self.may_read:
            return json_answer(403, {"message": "You are not authorized", "took": 0.0})
        request_id = parts[1]
        self.require(request_id in self.outcomes, "a request that was made")
        self._asked[request_id] += 1
        if self._asked[request_id] <= self.done_after:
            return json_answer(404, {"message": "Request not found", "took": 0.0})
        return json_answer(200, {"data": self.outcomes[request_id], "took": 0.0})

    def _require_schema(self, name: str, told: object) -> None:
        if self._description is not None:
            schema = {"$ref": f"#/definitions/{name}"}
            for breach in Judge(self._description).breaches(schema, told):
                self.require(False, f"{name}{breach}")


@cache
def _description() -> dict[str, Any] | None:
    """The official one, without the word that only says which field tells kinds apart."""
    told = official("opsgenie/swagger.json")
    if told is None:
        return None
    recipient = {**told["definitions"]["Recipient"]}
    assert recipient.pop("discriminator") == "type"
    return {**told, "definitions": {**told["definitions"], "Recipient": recipient}}
