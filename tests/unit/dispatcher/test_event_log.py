"""Events as lines: their names and facts, and of an error only its kind and place."""

import io
import json
import logging

import pytest

from services.dispatcher import event_log

CANARY = "canary-c0ffee"


@pytest.fixture
def listening():
    """Starts to listen; everything is as before after the test."""
    ours, root = logging.getLogger("services"), logging.getLogger()
    before = (ours.level, ours.propagate, list(ours.handlers), list(root.handlers))
    stream = io.StringIO()

    def listen(*, as_json: bool) -> io.StringIO:
        event_log.listen(as_json=as_json, stream=stream)
        return stream

    yield listen
    ours.setLevel(before[0])
    ours.propagate = before[1]
    ours.handlers[:], root.handlers[:] = before[2], before[3]


def log_all() -> None:
    log = logging.getLogger("services.dispatcher.example")
    log.info("attempt", extra={"facts": {"outcome": "delivered", "reason": "a b\nc", "took_ms": 3}})
    log.debug("too-much")
    try:
        raise ValueError(CANARY)
    except ValueError:
        log.exception("failed")
    logging.getLogger("apprise").error(CANARY)


def test_json_is_one_object_in_a_line(listening):
    stream = listening(as_json=True)
    log_all()
    first, second = (json.loads(line) for line in stream.getvalue().splitlines())
    assert first["event"] == "attempt"
    assert (first["level"], first["reason"], first["took_ms"]) == ("info", "a b\nc", 3)
    assert first["at"].endswith("+00:00")
    assert second["error"].startswith("ValueError at test_event_log.py:")


def test_words_are_one_line_too(listening):
    stream = listening(as_json=False)
    log_all()
    first, second = stream.getvalue().splitlines()
    assert first.endswith('INFO attempt outcome=delivered reason="a b\\nc" took_ms=3')
    assert " ERROR failed error=" in second


@pytest.mark.parametrize("as_json", [True, False])
def test_neither_errors_nor_libraries_tell_what_they_hold(listening, as_json, capsys):
    stream = listening(as_json=as_json)
    log_all()
    told = stream.getvalue() + "".join(capsys.readouterr())
    assert CANARY not in told


def test_an_ordinary_log_would_tell_it(listening):
    """Negative control: the canary above is there to be told."""
    stream = listening(as_json=True)
    logging.getLogger("services").handlers[-1].setFormatter(logging.Formatter())
    log_all()
    assert CANARY in stream.getvalue()
