"""How long to wait before the same thing is tried again."""

from services.paging.page import DeliveryKind

SCHEDULE_S = (5.0, 30.0, 120.0, 300.0, 900.0, 1_800.0)
"""The pause after the first failure, after the second, and so on; the last one stays."""

LONGEST_FOR_A_PAGE_S = 900.0
"""However long a provider asks to be left alone: a page that waits longer wakes nobody."""

LONGEST_TO_TELL_S = 600.0
"""The longest pause of a status update or a chat room, unless the provider asks for a longer one:
whoever waits for the word hears it soon after their channel works again."""

_TELLING = (DeliveryKind.UPDATE, DeliveryKind.ROOM)


def pause_s(failures: int, *, jitter: float) -> float:
    """Seconds to wait after so many failures in a row.

    Each pause is between three quarters and five quarters of the schedule's, so that what failed
    together is not repeated together.

    Args:
        failures: How many attempts have failed, this one among them; at least 1.
        jitter: Drawn by the caller from [0, 1); one half gives the schedule itself.

    Raises:
        ValueError: nothing has failed yet.

    Source: "Exponential Backoff And Jitter", AWS Architecture Blog (2015).
    """
    if failures < 1:
        raise ValueError("the first attempt does not wait")
    full = SCHEDULE_S[min(failures, len(SCHEDULE_S)) - 1]
    return full * (0.75 + 0.5 * jitter)


def retry_after_s(kind: DeliveryKind, attempt: int, asked_s: float | None, jitter: float) -> float:
    """Seconds until attempt ``attempt`` is followed by the next.

    Never sooner than the provider asked for (``asked_s``), except that a page waits at most
    ``LONGEST_FOR_A_PAGE_S``.
    """
    own_s = pause_s(attempt, jitter=jitter)
    wait_s = max(min(own_s, LONGEST_TO_TELL_S) if kind in _TELLING else own_s, asked_s or 0.0)
    return min(wait_s, LONGEST_FOR_A_PAGE_S) if kind is DeliveryKind.PAGE else wait_s
