"""A loopback receiver of webhooks for the stories: it can leave a sender waiting."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from desktop.tour.web_server import Answer, Request, WebServer


@dataclass
class Received:
    """One request: its key, who it is for, and what it says."""

    key: str
    body: dict[str, Any]


class Receiver(WebServer):
    """Takes webhooks in the loop of the window.

    While ``is_silent`` nobody gets an answer; while ``is_down`` nothing is taken.
    """

    def __init__(self) -> None:
        super().__init__()
        self.received: list[Received] = []
        self.is_silent = False
        self.is_down = False
        self.refused = 0

    @property
    def address(self) -> str:
        """Where to send to."""
        return f"{self.root}/page"

    @property
    def keys(self) -> set[str]:
        """The distinct messages that arrived."""
        return {each.key for each in self.received}

    def answer(self, request: Request) -> Answer | None:
        """Keep a message, unless nothing is taken just now."""
        if self.is_down:
            self.refused += 1
            return Answer(HTTPStatus.SERVICE_UNAVAILABLE)
        self.received.append(Received(request.headers.get("webhook-id", ""), request.json()))
        return None if self.is_silent else Answer(HTTPStatus.NO_CONTENT)
