"""A status page in git: a commit of its own, the branch where it belongs, or why not."""

import subprocess
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
from page_examples import quiet
from providers.contract_server import Answer, ContractServer, Received
from providers.publication import call_for, filled, send

from services.communications.page_content import PageContent
from services.communications.static_page import SUMMARY, files_of
from services.dispatcher.publishing_git import _outcome
from services.providers.provider import Refused, Reply, Retry

TOKEN = "tOkEn-7f3e91"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "pages.git"
    subprocess.run(["git", "init", "--quiet", "--bare", str(folder)], check=True)
    return folder


def git_call(repository: Path, content: PageContent | None = None, **options: str) -> Any:
    given = {"target": "git", "branch": "pages", **options}
    return call_for(given, repository.as_uri(), {"password": TOKEN}, content)


def in_repository(repository: Path, *words: str) -> str:
    done = subprocess.run(
        ["git", "-C", str(repository), *words], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_a_repository_gets_a_commit_for_each_page_and_keeps_what_else_is_there(repository):
    assert send(git_call(repository, path="docs/status")) == Reply(status=200)
    assert send(git_call(repository, quiet(sequence=58), path="docs/status")).status == 200
    assert send(git_call(repository, quiet(sequence=58), path="docs/status")).body
    told = in_repository(repository, "log", "--format=%an %s", "pages").splitlines()
    assert told == ["Firstline Status page, sequence 58", "Firstline Status page, sequence 57"]
    assert in_repository(repository, "show", f"pages:docs/status/{SUMMARY}") == (
        files_of(quiet(sequence=58))[SUMMARY].decode().strip()
    )
    names = in_repository(repository, "ls-tree", "-r", "--name-only", "pages").splitlines()
    assert "docs/status/incidents/INC-1042.html" in names


def test_a_push_that_is_refused_has_its_reason(repository):
    hook = repository / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    assert send(git_call(repository)) == Refused("the repository refuses the push")
    assert in_repository(repository, "for-each-ref") == ""


def test_a_repository_that_is_not_there_is_refused(tmp_path):
    answer = send(git_call(tmp_path / "nowhere.git"))
    assert answer == Refused("there is no such repository")


class Hub(ContractServer):
    """Answers every request of git's with one status."""

    status = 401
    moved_to = ""

    def answer(self, request: Received) -> Answer:
        headers = {"Location": self.moved_to} if self.moved_to else {}
        return Answer(self.status, b"", headers)


NO_LOGIN = Refused("the repository does not accept the login")


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (401, NO_LOGIN),
        (403, Refused("the login may not push to the repository")),
        (502, Retry("git ls-remote failed")),
        (302, Retry("git ls-remote failed")),
    ],
)
def test_a_token_goes_to_its_repository_and_no_further(status, outcome):
    with Hub() as hub, Hub() as elsewhere:
        hub.status = status
        hub.moved_to = f"{elsewhere.url}/x.git/info/refs" if status == 302 else ""
        options = {"target": "git", "login": "bot"}
        call = call_for(options, f"{hub.url}/x.git", {"password": TOKEN})
        assert send(call) == outcome
        login = b64encode(f"bot:{TOKEN}".encode()).decode()
        assert hub.requests[0].headers["authorization"] == f"Basic {login}"
        assert elsewhere.requests == []
        closed = send(call, may_reach_private=False)
    assert closed == Refused("secrets are not sent over plain http")


GIT_SAYS = {
    "! [rejected] HEAD -> pages (fetch first)": Retry("somebody else pushed at the same moment"),
    "fatal: Authentication failed for 'https://x/'": Refused(
        "the repository does not accept the login"
    ),
    "Host key verification failed.": Refused(
        "the server shows another host key than the pinned one"
    ),
    "fatal: unable to access 'https://x/': The requested URL returned error: 403": Refused(
        "the login may not push to the repository"
    ),
    "error: RPC failed; HTTP 502": Retry("git push failed"),
}


@pytest.mark.parametrize("words", GIT_SAYS)
def test_what_git_says_is_told_without_its_words(words):
    assert _outcome("push", words.lower()) == GIT_SAYS[words]


def test_a_call_shows_no_secret(repository):
    assert TOKEN not in repr(git_call(repository))
    assert filled(git_call(repository), quiet()).password == TOKEN
