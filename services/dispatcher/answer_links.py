"""The links by which whoever is paged answers without a desk."""

import secrets
from dataclasses import dataclass
from uuid import UUID


def new_token() -> str:
    """A token that nobody guesses: 32 random bytes, in 43 characters."""
    return secrets.token_urlsafe(32)


@dataclass(frozen=True, slots=True)
class AnswerLinks:
    """Links to this dispatcher's listener as others reach it; none without an address."""

    base_url: str = ""

    def acknowledge(self, token: str) -> str:
        """The link to a page on which one says that one acts."""
        return self._link("a", token)

    def decline(self, token: str) -> str:
        """The link to a page on which one says that one cannot."""
        return self._link("d", token)

    def keypad(self, token: str) -> str:
        """Where a provider posts the key that was pressed; empty where it cannot reach us."""
        return self._link("k", token) if self.base_url.startswith("https://") else ""

    def replies(self, destination_id: UUID) -> str:
        """Where a provider posts what people text back to this destination."""
        return self._link("sms", str(destination_id))

    def calendar(self, token: str) -> str:
        """Where calendar programs fetch who is on call."""
        return f"{self.base_url.rstrip('/')}/{token}.ics" if self.base_url else ""

    def _link(self, kind: str, name: str) -> str:
        return f"{self.base_url.rstrip('/')}/{kind}/{name}" if self.base_url else ""


NO_LINKS = AnswerLinks()
