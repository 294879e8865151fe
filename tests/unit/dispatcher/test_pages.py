"""The pages that a dispatcher serves: a button that counts, figures, and nothing else."""

import http.client
import logging
from contextlib import closing
from typing import Any

import pytest

from services.core.errors import AppError
from services.dispatcher.answer_links import AnswerLinks, new_token
from services.dispatcher.answers import MOST_A_MINUTE, MOST_OF_ONE_A_MINUTE, AnswerPages
from services.dispatcher.figures import Figures
from services.dispatcher.listener import Listener, ListenerFailed, Request
from services.dispatcher.metrics_page import MetricsPage
from services.paging.claiming import digest_of
from services.providers.answer_words import ACKNOWLEDGED, DECLINED, PageAnswer
from services.sync.errors import SharedUnreachable

TOKEN = new_token()


class Answers:
    """A database that knows one token; what it was asked is kept."""

    def __init__(self, fact: AppError | None = None) -> None:
        self.asked: list[tuple[str, PageAnswer]] = []
        self._fact = fact

    def answer(self, digest: str, given: PageAnswer) -> str:
        self.asked.append((digest, given))
        if self._fact is not None:
            raise self._fact
        if digest != digest_of(TOKEN):
            return "unknown"
        if len(self.asked) > 1:
            return "too-late"
        return given.word.value


@pytest.fixture
def answers():
    return Answers()


@pytest.fixture
def pages(answers: Any):
    with closing(Listener("127.0.0.1", 0, AnswerPages(answers))) as listener:
        yield listener


def ask(listener: Listener, method: str, path: str) -> tuple[int, str, dict[str, str]]:
    with closing(http.client.HTTPConnection("127.0.0.1", listener.port, timeout=10)) as client:
        client.request(method, path)
        response = client.getresponse()
        headers = {name.lower(): text for name, text in response.getheaders()}
        return response.status, response.read().decode(), headers


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("answer", ["a", "d"])
def test_following_a_link_answers_nothing(pages, answers, method, answer):
    for _ in range(3):
        status, _, _ = ask(pages, method, f"/{answer}/{TOKEN}?from=mail")
        assert status == 200
    assert answers.asked == []


@pytest.mark.parametrize(("answer", "given"), [("a", ACKNOWLEDGED), ("d", DECLINED)])
def test_the_button_answers_once(pages, answers, answer, given):
    _, form, _ = ask(pages, "GET", f"/{answer}/{TOKEN}")
    assert form.count("<form") == form.count("<button") == 1
    assert 'method="post"' in form
    status, text, _ = ask(pages, "POST", f"/{answer}/{TOKEN}")
    assert status == 200
    assert given.word.value.capitalize() in text
    assert answers.asked == [(digest_of(TOKEN), given)]
    assert ask(pages, "POST", f"/{answer}/{TOKEN}")[0] == 410


def test_an_unknown_token_is_not_told_from_a_wrong_path(pages, answers):
    known = ask(pages, "POST", f"/a/{new_token()}")
    for path in ("/", "/a/", "/a/short", f"/x/{TOKEN}", f"/a/{TOKEN}/more", "/a/../../etc"):
        found = ask(pages, "POST", path)
        assert found[:2] == known[:2]
        assert found[0] == 404
    assert len(answers.asked) == 1


def test_pages_hold_no_script_and_no_token(pages):
    for path in (f"/a/{TOKEN}", "/<script>alert(1)</script>", "/a/%22%3E%3Cscript%3E"):
        _, text, headers = ask(pages, "GET", path)
        assert "script" not in text
        assert TOKEN not in text
        assert headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["content-security-policy"].startswith("default-src 'none'")


def test_a_database_that_is_away_is_said_so(caplog):
    caplog.set_level(logging.INFO)
    with closing(Listener("127.0.0.1", 0, AnswerPages(Answers(SharedUnreachable())))) as pages:  # type: ignore[arg-type]
        status, text, _ = ask(pages, "POST", f"/a/{TOKEN}")
    assert status == 503
    assert "again" in text
    assert TOKEN not in str([record.__dict__ for record in caplog.records])


def test_who_tries_too_often_is_turned_away(answers):
    now_s = [0.0]
    pages = AnswerPages(answers, now_s=lambda: now_s[0])
    guesses = [
        pages.page(Request("POST", f"/a/{new_token()}", "10.0.0.1")).status for _ in range(100)
    ]
    assert guesses == [404] * MOST_OF_ONE_A_MINUTE + [429] * (100 - MOST_OF_ONE_A_MINUTE)
    assert pages.page(Request("POST", f"/a/{TOKEN}", "10.0.0.2")).status != 429
    many = [
        pages.page(Request("GET", "/", f"10.0.{n % 250}.3")).status for n in range(MOST_A_MINUTE)
    ]
    assert many.count(429) == MOST_OF_ONE_A_MINUTE + 1
    now_s[0] += 60
    assert pages.page(Request("GET", f"/a/{TOKEN}", "10.0.0.1")).status == 200


def test_a_port_that_is_taken_is_a_fact(pages):
    with pytest.raises(ListenerFailed):
        Listener("127.0.0.1", pages.port, AnswerPages(Answers()))  # type: ignore[arg-type]


@pytest.mark.parametrize("method", ["PUT", "DELETE", "TRACE"])
def test_other_methods_are_not_served(pages, answers, method):
    assert ask(pages, method, f"/a/{TOKEN}")[0] == 501
    assert answers.asked == []


def test_links_and_pages_agree(pages, answers):
    links = AnswerLinks("https://answers.example")
    path = links.decline(TOKEN).removeprefix("https://answers.example")
    assert ask(pages, "POST", path)[0] == 200
    assert answers.asked == [(digest_of(TOKEN), DECLINED)]
    assert AnswerLinks().acknowledge(TOKEN) == ""


# -- figures -------------------------------------------------------------------------------


def test_figures_are_written_as_prometheus_reads_them():
    figures = Figures()
    for seconds in (0.05, 0.5, 70.0):
        figures.attempted("ntfy", "delivered", seconds)
    figures.attempted("slack", "retry", 1.5)
    figures.fenced()
    figures.gauge("firstline_alarms", 2)
    figures.breakers({("slack", 'a"b'): True})
    with closing(Listener("127.0.0.1", 0, MetricsPage(figures))) as listener:
        status, text, headers = ask(listener, "GET", "/metrics")
        assert ask(listener, "GET", "/")[0] == 404
        assert ask(listener, "POST", "/metrics")[0] == 404
    assert status == 200
    assert headers["content-type"].startswith("text/plain; version=0.0.4")
    lines = text.splitlines()
    for line in (
        'firstline_attempts_total{provider="ntfy",outcome="delivered"} 3',
        'firstline_attempts_total{provider="slack",outcome="retry"} 1',
        "firstline_attempts_fenced_total 1",
        "firstline_alarms 2",
        'firstline_breaker_open{provider="slack",destination="a\\"b"} 1',
        'firstline_attempt_seconds_bucket{le="0.1"} 1',
        'firstline_attempt_seconds_bucket{le="0.5"} 2',
        'firstline_attempt_seconds_bucket{le="2.0"} 3',
        'firstline_attempt_seconds_bucket{le="+Inf"} 4',
        "firstline_attempt_seconds_count 4",
    ):
        assert line in lines
    assert len(lines) == len(set(lines))
