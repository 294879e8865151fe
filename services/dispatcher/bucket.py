"""How often an account is called at most, so that it never has to throttle us."""

from dataclasses import dataclass, replace
from math import floor

from services.paging.destination import ProviderKind

PER_SECOND: dict[ProviderKind, float] = {
    ProviderKind.PAGERDUTY: 2.0,
    ProviderKind.GENIE: 2.0,
    ProviderKind.GOALERT: 1.0,
    ProviderKind.SLACK: 1.0,
    ProviderKind.TEAMS: 4.0,
    ProviderKind.TWILIO_SMS: 1.0,
    ProviderKind.TWILIO_VOICE: 1.0,
    ProviderKind.STATUSPAGE: 0.9,
    ProviderKind.CACHET: 5.0,
    ProviderKind.INSTATUS: 1.0,
}
"""Calls a second by what the providers document; a Twilio number sends one message a second.

Instatus documents none; a word for many is no storm.
"""

OTHERS_PER_SECOND = 50.0
"""What documents no limit is asked this often at most; it says itself when that is too much."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """Tokens of one account, one for each call. Moments are seconds of any steady clock.

    It holds the calls of one second. ``tokens`` may be negative: those calls are promised, and
    wait.
    """

    per_second: float
    tokens: float
    filled_at_s: float = 0.0

    def taken(self, now_s: float) -> tuple["Bucket", float]:
        """One token less, and the seconds after which the call may be made."""
        passed_s = max(0.0, now_s - self.filled_at_s)
        tokens = min(self.per_second, self.tokens + passed_s * self.per_second) - 1.0
        return (
            replace(self, tokens=tokens, filled_at_s=max(now_s, self.filled_at_s)),
            max(0.0, -tokens / self.per_second),
        )

    def room(self, now_s: float, within_s: float) -> int:
        """How many calls may be promised now, none of which waits for longer than ``within_s``."""
        bucket, _ = self.taken(now_s)
        return max(0, 1 + floor(bucket.tokens + within_s * self.per_second))


def bucket_for(kind: ProviderKind) -> Bucket:
    """A full bucket with the rate of this kind of provider."""
    per_second = PER_SECOND.get(kind, OTHERS_PER_SECOND)
    return Bucket(per_second, tokens=per_second)
