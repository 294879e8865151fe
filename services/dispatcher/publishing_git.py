"""Publishing a status page by a commit: GitHub Pages, GitLab Pages, and whatever pulls.

The git program does it, without a shell, prompts, hooks, redirects or the settings of whoever
runs the dispatcher. It is done once the branch of the repository is at our commit.
"""

import os
import shlex
import signal
import subprocess
from base64 import b64encode
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from urllib.parse import urlsplit

from services.dispatcher.not_sent import NotSent
from services.dispatcher.publishing import Folder, put_all
from services.dispatcher.timed_socket import left_s
from services.providers.provider import PublishCall, Refused, Reply, Retry

_REFUSED: Final = {
    "[remote rejected]": "the repository refuses the push",
    "host key verification failed": "the server shows another host key than the pinned one",
    "permission denied (": "the repository does not accept the login",
    "authentication failed": "the repository does not accept the login",
    "could not read username": "the repository does not accept the login",
    "returned error: 403": "the login may not push to the repository",
    "repository not found": "there is no such repository",
    "does not appear to be a git repository": "there is no such repository",
    "no such repository": "there is no such repository",
}
"""What git says, in lower case, when another try would end the same."""

_LATER: Final = {
    "[rejected]": "somebody else pushed at the same moment",
    "no space left": "there is no room left for the page",
}


def publish_to_git(call: PublishCall, ends_at_s: float) -> Reply:
    """Commit the page to a branch and push it.

    Raises:
        NotSent: the branch is not at our commit.
    """
    try:
        with TemporaryDirectory(prefix="firstline-") as folder:
            return _Repository(call, Path(folder), ends_at_s).publish()
    except OSError as error:
        raise NotSent(Retry(f"git cannot work here: {type(error).__name__}")) from None


class _Repository:
    """A clone for one publication, of the last commit of one branch alone."""

    def __init__(self, call: PublishCall, folder: Path, ends_at_s: float) -> None:
        self._call = call
        self._work = folder / "work"
        self._home = folder / "home"
        self._ends_at_s = ends_at_s
        self._ref = f"refs/heads/{call.branch}"
        self._work.mkdir()
        self._home.mkdir()
        self._environment = self._surroundings()

    def publish(self) -> Reply:
        """Fetch, write, commit, push, and look again."""
        self._git("init", "--quiet")
        if self._remote_head():
            self._git("fetch", "--quiet", "--no-tags", "--depth=1", self._call.address, self._ref)
            self._git("checkout", "--quiet", "--detach", "FETCH_HEAD")
        page = self._work / self._call.path
        page.mkdir(parents=True, exist_ok=True)
        reply = put_all(self._call, Folder(page))
        self._git("add", "--all", "--", self._call.path or ".")
        if not self._git("status", "--porcelain"):
            return reply
        self._git("commit", "--quiet", f"--message=Status page, sequence {self._call.sequence}")
        self._git("push", "--quiet", self._call.address, f"HEAD:{self._ref}")
        if self._remote_head() != self._git("rev-parse", "HEAD"):
            raise NotSent(Retry("the branch is not at the commit that was pushed"))
        return reply

    def _remote_head(self) -> str:
        """The commit at which the branch is; empty where there is no such branch."""
        return self._git("ls-remote", self._call.address, self._ref).partition("\t")[0]

    def _git(self, *words: str) -> str:
        command = ["git", *words]
        try:
            process = subprocess.Popen(
                command,
                cwd=self._work,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                errors="replace",
                # A group of its own: what git starts ends with it.
                start_new_session=True,
            )
        except FileNotFoundError:
            raise NotSent(Refused("git is not installed on this machine")) from None
        with process:
            try:
                told, complaint = process.communicate(timeout=left_s(self._ends_at_s))
            except (subprocess.TimeoutExpired, TimeoutError):
                _end(process)
                raise NotSent(Retry(f"git {words[0]} took too long")) from None
        if process.returncode:
            raise NotSent(_outcome(words[0], complaint.lower()))
        return told.strip()

    def _surroundings(self) -> Mapping[str, str]:
        settings = {
            "core.hooksPath": os.devnull,
            # A link in the repository must not lead our files out of it.
            "core.symlinks": "false",
            "core.autocrlf": "false",
            "credential.helper": "",
            "gc.auto": "0",
            "http.followRedirects": "false",
            "user.name": "Firstline",
            "user.email": "status-page@firstline.invalid",
        }
        call = self._call
        if call.password and urlsplit(call.address).scheme in {"http", "https"}:
            pair = b64encode(f"{call.login}:{call.password}".encode()).decode()
            settings["http.extraHeader"] = f"Authorization: Basic {pair}"
        given = {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(self._home),
            "LC_ALL": "C",
            "GIT_ALLOW_PROTOCOL": "https:http:ssh:file",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_SSH_COMMAND": self._ssh(),
            # In the surroundings, where an argument could be read by everybody on the machine.
            "GIT_CONFIG_COUNT": str(len(settings)),
        }
        for number, (name, value) in enumerate(settings.items()):
            given |= {f"GIT_CONFIG_KEY_{number}": name, f"GIT_CONFIG_VALUE_{number}": value}
        if "SYSTEMROOT" in os.environ:  # without it nothing runs on Windows
            given["SYSTEMROOT"] = os.environ["SYSTEMROOT"]
        return given

    def _ssh(self) -> str:
        """How git calls ssh: with one key, and one known host. Nothing in it was typed."""
        key, known = self._home / "key", self._home / "known_hosts"
        key.touch(mode=0o600)
        key.write_text(self._call.private_key.rstrip("\n") + "\n", encoding="utf-8")
        known.write_text(f"* {self._call.host_key}\n", encoding="utf-8")
        options = (
            "BatchMode=yes",
            "ConnectTimeout=4",
            "IdentitiesOnly=yes",
            "StrictHostKeyChecking=yes",
            f"GlobalKnownHostsFile={os.devnull}",
            f"UserKnownHostsFile={known}",
        )
        words = ["ssh", "-F", os.devnull, "-i", str(key)]
        return shlex.join([*words, *(word for option in options for word in ("-o", option))])


def _outcome(act: str, complaint: str) -> Retry | Refused:
    """What git's words mean; they are not repeated, as they quote addresses."""
    for sign, reason in _REFUSED.items():
        if sign in complaint:
            return Refused(reason)
    for sign, reason in _LATER.items():
        if sign in complaint:
            return Retry(reason)
    return Retry(f"git {act} failed")


def _end(process: "subprocess.Popen[str]") -> None:
    """End git and all that it started."""
    if os.name == "posix":
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
