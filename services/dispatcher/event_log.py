"""What a dispatcher says on standard error: one line for each event, as words or as JSON.

An event has a name and facts; an error is told by its kind and place alone, because its words
and the values around it may be secret. Only the program's own loggers are heard: libraries may
tell what they were given.
"""

import json
import logging
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TextIO

from services.dispatcher.poison import place_of

_OURS = "services"


class _Words(logging.Formatter):
    """``2026-03-02T09:00:00+00:00 WARNING fenced delivery=…``"""

    def format(self, record: logging.LogRecord) -> str:
        facts = facts_of(record)
        told = " ".join(f"{name}={_word(value)}" for name, value in facts.items())
        return f"{_moment(record)} {record.levelname} {_event(record)} {told}".rstrip()


class _Json(logging.Formatter):
    """One JSON object in a line."""

    def format(self, record: logging.LogRecord) -> str:
        head = {"at": _moment(record), "level": record.levelname.lower(), "event": _event(record)}
        return json.dumps({**head, **facts_of(record)}, ensure_ascii=False, default=str)


def facts_of(record: logging.LogRecord) -> dict[str, object]:
    """What an event says beside its name."""
    given = getattr(record, "facts", None)
    facts = dict(given) if isinstance(given, Mapping) else {}
    if record.exc_info and record.exc_info[1] is not None:
        error = record.exc_info[1]
        facts["error"] = f"{type(error).__name__} at {place_of(error)}"
    return facts


def listen(*, as_json: bool, stream: TextIO | None = None) -> logging.Handler:
    """Write the program's events to standard error from now on."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(_Json() if as_json else _Words())
    ours = logging.getLogger(_OURS)
    ours.addHandler(handler)
    ours.setLevel(logging.INFO)
    ours.propagate = False
    # Without any handler the library of logging would write what others say.
    logging.getLogger().addHandler(logging.NullHandler())
    return handler


def _event(record: logging.LogRecord) -> str:
    return record.getMessage()


def _moment(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")


def _word(value: object) -> str:
    text = str(value)
    return text if text and text.isprintable() and " " not in text else json.dumps(text)
