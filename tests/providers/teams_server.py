"""A Teams workflow on loopback: cards of the official schema, of at most 28 KB."""

from typing import Any

from providers.contract_server import Answer, ContractServer, Received
from providers.official_schema import Judge, official

PATH = "/powerautomate/automations/direct/workflows/1b2c/triggers/manual/paths/invoke"
SIGNATURE = "s1gn-4tUre_0"
_LARGEST_BYTES = 28 * 1_024


class TeamsServer(ContractServer):
    """Keeps the cards of one channel. Whoever knows the signature may post."""

    def __init__(self) -> None:
        super().__init__()
        self.cards: list[dict[str, Any]] = []

    def answer(self, request: Received) -> Answer:
        if request.path != PATH or request.query.get("sig") != SIGNATURE:
            return Answer(401, b'{"error": {"code": "DirectApiAuthorizationRequired"}}')
        self.require(request.method == "POST", "cards are posted")
        self.require(request.headers.get("content-type") == "application/json", "content type")
        self.require(len(request.body) <= _LARGEST_BYTES, "a message takes up to 28 KB")
        message = request.json()
        self.require(message.keys() == {"type", "attachments"}, "a message")
        self.require(message["type"] == "message", "a message")
        (attachment,) = message["attachments"]
        self.require(
            attachment["contentType"] == "application/vnd.microsoft.card.adaptive", "a card"
        )
        self._require_card(attachment["content"])
        self.cards.append(attachment["content"])
        return Answer(202)

    def _require_card(self, card: dict[str, Any]) -> None:
        self.require(card.get("version") == "1.4", "every Teams shows version 1.4")
        self.require(card.get("body"), "a card has a body")
        # Everything else in a card reads Markdown.
        kinds = {block["type"] for block in card["body"]}
        self.require(kinds == {"RichTextBlock"}, f"Markdown in {kinds}")
        for version in ("1.4.0", "1.5.0"):
            if document := official(f"adaptivecards/{version}/adaptive-card.json"):
                found = Judge(document).breaches(document, card)
                self.require(not found, f"schema {version}: {found}")


def said(card: dict[str, Any]) -> list[str]:
    """The texts of a card, from top to bottom."""
    return [run["text"] for block in card["body"] for run in block["inlines"]]
