"""GoAlert's generic API, as its handler has it."""

from providers.contract_server import Answer, ContractServer, Received, json_answer

TOKEN = "0f8e2c1a-90a1-4d6e-8d3b-6a4c4f0f6f10"


class GoAlertServer(ContractServer):
    """Open alerts by dedup key, each with how often it was told."""

    def __init__(self) -> None:
        super().__init__()
        self.alerts: dict[str, int] = {}
        self.closed: list[str] = []

    def answer(self, request: Received) -> Answer:
        wanted = ("POST", "/api/v2/generic/incoming")
        self.require((request.method, request.path) == wanted, "the address")
        self.require(not request.query, "no token in the address")
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return json_answer(401, {"error": "unauthorized"})
        self.require(request.headers["content-type"] == "application/json", "JSON")
        told = request.json()
        self.require(
            told.keys() <= {"summary", "details", "dedup", "action", "meta"}, "known fields"
        )
        self.require(0 < len(told["summary"].strip()) <= 1_024, "summary of 1 to 1,024")
        self.require(len(told["details"]) <= 6_144, "details of 6,144")
        self.require(0 < len(told["dedup"]) <= 255, "dedup of 1 to 255")
        self.require(told["action"] in {"", "close"}, "a known action")
        self.require(all(isinstance(value, str) for value in told["meta"].values()), "meta is text")
        if not told["action"]:
            self.alerts[told["dedup"]] = self.alerts.get(told["dedup"], 0) + 1
        elif self.alerts.pop(told["dedup"], 0):
            self.closed.append(told["dedup"])
        return Answer(204)
