"""What the status of an answer decides, and what of its words may be shown."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from providers.examples import AT, OPENED, TEXTS

from services.providers.provider import Refused, Reply, Retry, Unsure
from services.providers.replies import LONGEST_WAIT_S, answer_of, failure, reason_of, wait_s

WAITS = {408, 420, 425, 429}


def expected(status: int) -> type[Retry | Refused | Unsure] | None:
    """The table of the documents, line by line."""
    if 200 <= status <= 299:
        return None
    if status in WAITS:
        return Retry
    return Refused if 300 <= status <= 499 else Unsure


@pytest.mark.parametrize("status", [0, *range(100, 600), 999])
def test_every_status_has_its_outcome(status):
    failed = failure(OPENED, Reply(status=status))
    kind = expected(status)
    assert failed is None if kind is None else type(failed) is kind
    assert getattr(failed, "disables", False) == (status == 410)


def told(**headers: str) -> float | None:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return wait_s(AT, Reply(status=429, headers=names))


@pytest.mark.parametrize(
    ("value", "after_s"),
    [
        ("1", 1),
        (" 7 ", 7),
        ("0.5", 0.5),
        ("3600", 3_600),
        ("3601", LONGEST_WAIT_S),
        ("Sat, 21 Nov 2026 09:00:30 GMT", 29.75),
        ("Saturday, 21-Nov-26 09:00:30 GMT", 29.75),
        ("Sat Nov 21 09:00:30 2026", 29.75),
        ("Sat, 21 Nov 2026 10:00:30 +0100", 29.75),
        (str(int(AT.timestamp()) + 60), 59.75),
        (str(int(AT.timestamp()) - 60), None),
        ("", None),
        ("-1", None),
        ("+1", None),
        ("1e3", None),
        ("inf", None),
        ("0x10", None),
        ("١٢", None),
        ("12, 13", None),
        ("Sat, 21 Nov 2026 09:00:30 +9999", None),
        ("Sat, 21 Nov 99999 09:00:30 GMT", None),
    ],
)
def test_retry_after_is_read_in_every_form(value, after_s):
    assert told(retry_after=value) == after_s


def test_what_cannot_be_used_gives_way_to_what_can():
    assert told(retry_after="soon", ratelimit_reset="5", x_ratelimit_period_in_sec="60") == 5
    assert told(retry_after="-1", x_ratelimit_reset=str(int(AT.timestamp()) + 3)) == 2.75
    assert told(x_ratelimit_period_in_sec="60") == 60
    assert told() is None


@pytest.mark.parametrize(
    ("body", "after_s"),
    [
        (b'{"retry_after_ms": 1500}', 1.5),
        (b'{"retry_after_ms": 0}', None),
        (b'{"retry_after_ms": -1}', None),
        (b'{"retry_after_ms": "1500"}', None),
        (b'{"retry_after_ms": true}', None),
        (b'{"retry_after_ms": NaN}', None),
        (b'{"retry_after_ms": 1e999}', LONGEST_WAIT_S),
        (b'{"retry_after_ms": ' + b"9" * 400 + b"}", LONGEST_WAIT_S),
        (b'{"retry_after_ms": ' + b"9" * 5_000 + b"}", None),
        (b"[" * 100_000, None),
        (b"\xff\xfe", None),
    ],
)
def test_milliseconds_are_read_from_the_body(body, after_s):
    assert wait_s(AT, Reply(status=429, body=body)) == after_s


def test_an_answer_is_an_object_of_a_sensible_size():
    assert answer_of(Reply(status=200, body=b'{"a": 1}')) == {"a": 1}
    for body in (b"[1]", b"1", b"", b"{", b'{"a": "' + b"x" * 1_000_000 + b'"}'):
        assert answer_of(Reply(status=200, body=body)) == {}


@settings(max_examples=50)
@given(TEXTS.map(lambda text: text.encode(errors="replace")) | st.binary(max_size=200), TEXTS)
def test_a_reason_is_a_short_line_whatever_was_answered(body, value):
    reply = Reply(status=429, body=body, headers={"retry-after": value})
    failed = failure(OPENED, reply)
    assert isinstance(failed, Retry)
    assert failed.after_s is None or 0 < failed.after_s <= LONGEST_WAIT_S
    assert len(failed.reason) <= 260
    assert failed.reason.isprintable()


SECRETS = [
    "R0123456789abcdef0123456789abcdef",
    "4513b7ea-3b91-438f-b7e4-e3e54af9147c",
    "tk_AgQdq7mVBoFD37zQVN29RhuMzNIz2",
    "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    "xoxb-17653672481-19874698323-pdFZKVeTuE8sk7oOcHrzzqgy",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIi.SflKxwRJSMeKKF2QT4",
    "abcdefGHIJKLmnopqrSTUVwxyz",
    "+491701234567",
    "https://hooks.example.com/services/T0/B0/word",
    "https://hooks.example.com/a-word-as-password",
]


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("around", ["{}", 'key "{}" is bad', "<b>{}</b>", "a={}&b=1", "({})."])
def test_a_secret_in_an_answer_is_not_shown(secret, around):
    reply = Reply(status=400, body=around.format(secret).encode())
    assert secret not in reason_of(OPENED, reply)
    assert secret[8:] not in reason_of(OPENED, reply)


@pytest.mark.parametrize(
    "words",
    [
        "method_not_supported_for_channel_type",
        '{"status":"invalid event","errors":["dedup_key is too long"]}',
        "Internal-Server-Error",
        "ServiceUnavailable",
        "The message has 2,000 characters",
    ],
)
def test_the_words_of_an_answer_are(words):
    assert reason_of(OPENED, Reply(status=400, body=words.encode())) == f"HTTP 400: {words}"


def test_an_address_in_an_answer_is_not_shown():
    item = replace(OPENED, address="oncall-kim")
    reply = Reply(status=403, body=b"topic oncall-kim is forbidden")
    assert reason_of(item, reply) == "HTTP 403: topic (address) is forbidden"
    assert reason_of(OPENED, reply) == "HTTP 403: topic oncall-kim is forbidden"


def test_a_page_for_people_is_read_without_its_marks():
    page = b"<html><title>502 Bad Gateway</title><body>\r\n\tnginx\x00\xe2\x80\xae</body>"
    assert reason_of(OPENED, Reply(status=502, body=page)) == "HTTP 502: 502 Bad Gateway nginx"
