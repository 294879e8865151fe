"""The dispatcher with short pauses, so that a chaos run sees many attempts in little time."""

import sys

from services.dispatcher import backoff, breaker

backoff.SCHEDULE_S = (0.2, 0.5, 1.0)  # type: ignore[assignment]
breaker.LONGEST_PAUSE_S = 1.0  # type: ignore[misc]

from services.dispatcher.__main__ import main  # noqa: E402

sys.exit(main())
