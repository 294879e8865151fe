"""The links by which whoever is paged answers without a desk."""

import secrets
from dataclasses import dataclass


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

    def _link(self, answer: str, token: str) -> str:
        return f"{self.base_url.rstrip('/')}/{answer}/{token}" if self.base_url else ""


NO_LINKS = AnswerLinks()
