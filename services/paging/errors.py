"""Facts that stop an act on a page."""

from services.core.errors import AppError


class PageOver(AppError):
    """The page was acknowledged or superseded meanwhile."""

    code = "page-over"


class PageUnderWay(AppError):
    """Somebody was called already, so the page cannot be taken back."""

    code = "page-under-way"


class NotCalled(AppError):
    """The person was not called by this page."""

    code = "page-not-for-you"


class NobodyToPage(AppError):
    """Nobody was named, or the incident is not open."""

    code = "page-for-nobody"


class SnoozeTooLong(AppError):
    """A page is silenced for a minute at least and a week at most."""

    code = "page-snooze-length"


class SecretInOptions(AppError):
    """Options are read by everybody; what looks like a secret belongs to the dispatcher."""

    code = "secret-in-options"


class DestinationRetired(AppError):
    """Nothing is sent through the destination any more."""

    code = "destination-retired"


class CodeJustSent(AppError):
    """A code was sent within the last minute."""

    code = "code-just-sent"
