"""The end of a call before anything of it was sent."""

from services.providers.provider import Refused, Retry


class NotSent(Exception):
    """Nothing has left; ``outcome`` says whether it is worth another try."""

    def __init__(self, outcome: Retry | Refused) -> None:
        super().__init__(outcome.reason)
        self.outcome = outcome
