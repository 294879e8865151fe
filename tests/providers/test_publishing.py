"""A status page in a folder, on an SFTP server and in git: whole, newest, or why not."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import paramiko
import pytest
from page_examples import burning, quiet
from providers.publication import call_for, files_in, published, send, unfinished
from providers.sftp_server import LOGIN, PASSWORD, SftpServer

from services.communications.page_content import PageContent
from services.communications.static_page import INDEX, SUMMARY, files_of
from services.dispatcher.page_calls import PageCalls
from services.dispatcher.publishing import UNFINISHED
from services.dispatcher.transport import Transport
from services.providers.errors import OptionsInvalid
from services.providers.provider import Account, Refused, Reply, Retry
from services.providers.static_page import StaticPage


def folder_call(path: Path, content: PageContent | None = None) -> Any:
    return call_for({"target": "folder", "path": str(path)}, content=content)


# -- a folder ---------------------------------------------------------------------------------


def test_a_folder_gets_every_file_and_the_same_sequence_is_not_put_twice(tmp_path):
    (tmp_path / "robots.txt").write_text("theirs")
    assert send(folder_call(tmp_path)) == Reply(status=200)
    assert files_in(tmp_path) == {**files_of(burning()), "robots.txt": b"theirs"}
    again = send(folder_call(tmp_path))
    assert again == Reply(status=200, body=b"it had been published before")
    assert send(folder_call(tmp_path, quiet(sequence=58))).status == 200
    assert published(tmp_path) == 58
    assert b"All systems operational" in (tmp_path / INDEX).read_bytes()


def test_the_page_of_an_incident_is_written_again_only_when_it_changes(tmp_path):
    def written() -> dict[str, int]:
        found = (tmp_path / "incidents").iterdir()
        return {path.name: path.stat().st_ino for path in found}

    send(folder_call(tmp_path))
    before = written()
    first, *others = burning().incidents
    changed = replace(first, name="Card payments fail for everybody")
    send(folder_call(tmp_path, burning(sequence=58, incidents=(changed, *others))))
    assert {name for name in before if written()[name] != before[name]} == {"INC-1042.html"}
    assert files_in(tmp_path) == files_of(burning(sequence=58, incidents=(changed, *others)))


@pytest.mark.parametrize(("folder", "file"), [(0o755, 0o644), (0o2775, 0o664), (0o700, 0o600)])
def test_who_may_look_into_the_folder_may_read_the_page(tmp_path, folder, file):
    tmp_path.chmod(folder)
    umask = os.umask(0o077)
    try:
        send(folder_call(tmp_path))
    finally:
        os.umask(umask)
    assert (tmp_path / INDEX).stat().st_mode & 0o7777 == file
    assert (tmp_path / SUMMARY).parent.stat().st_mode & 0o7777 == folder


def test_a_folder_that_is_gone_is_waited_for_and_never_made(tmp_path):
    assert send(folder_call(tmp_path / "drive")) == Retry("the folder is not there")
    assert not (tmp_path / "drive").exists()


def test_a_disk_that_is_full_keeps_the_old_page(tmp_path):
    send(folder_call(tmp_path, quiet()))
    program = (
        "import resource, signal, sys\n"
        "from providers.publication import call_for, send\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (8000, 8000))\n"
        "print(send(call_for({'target': 'folder', 'path': sys.argv[1]})))\n"
    )
    path = os.pathsep.join(entry for entry in sys.path if entry)
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "Retry(reason='there is no room left for the page'" in done.stdout
    assert published(tmp_path) == quiet().sequence
    assert (tmp_path / INDEX).read_bytes() == files_of(quiet())[INDEX]
    assert unfinished(tmp_path) == []


@pytest.mark.skipif(not Path("/sys/kernel").is_dir(), reason="needs a folder nobody may write in")
def test_a_folder_where_nobody_may_write_is_refused():
    answer = send(folder_call(Path("/sys/kernel")))
    assert answer == Refused("this account may not write in the folder")


def test_what_others_left_is_removed_once_it_is_old(tmp_path):
    old, young = tmp_path / f"{UNFINISHED}1", tmp_path / f"{UNFINISHED}2"
    for left in (old, young):
        left.touch()
    os.utime(old, (0, 0))
    send(folder_call(tmp_path))
    assert unfinished(tmp_path) == [young.name]


def test_two_who_publish_at_once_end_at_the_newest(tmp_path):
    """The first to read is the last to write; it looks again, and puts it right."""

    class Pages:
        sequence = 60

        def page_content(self, destination_id: Any) -> PageContent:
            return burning(sequence=self.sequence)

    class Slow:
        """Lets another dispatcher publish between reading and writing."""

        def send(self, call: Any, **given: Any) -> Any:
            if pages.sequence == 60:
                pages.sequence = 61
                PageCalls(Transport(), pages).send(call, **given)
                assert published(tmp_path) == 61
            return Transport().send(call, **given)

    pages = Pages()
    assert PageCalls(Slow(), pages).send(folder_call(tmp_path), patience_s=20).status == 200
    assert published(tmp_path) == 61


# -- SFTP -------------------------------------------------------------------------------------


@pytest.fixture
def server(tmp_path: Path) -> Iterator[SftpServer]:
    folder = tmp_path / "served"
    (folder / "status").mkdir(parents=True)
    with SftpServer(folder) as server:
        yield server


def sftp_call(server: SftpServer, content: PageContent | None = None, **secrets: str) -> Any:
    return call_for(
        {"target": "sftp", "path": "/status", "host_key": server.host_key},
        f"sftp://{LOGIN}@127.0.0.1:{server.port}",
        secrets or {"password": PASSWORD},
        content,
    )


def test_a_server_gets_every_file_in_one_step_each(server):
    assert send(sftp_call(server)) == Reply(status=200)
    assert files_in(server.folder / "status") == dict(files_of(burning()))
    assert send(sftp_call(server)).body == b"it had been published before"


def test_a_private_key_signs_in(server):
    server.client_key = paramiko.RSAKey.generate(2048)
    with (server.folder / "key").open("w+") as file:
        server.client_key.write_private_key(file)
        file.seek(0)
        text = file.read().replace("\n", "\\n")
    assert send(sftp_call(server, private_key=text)) == Reply(status=200)


def test_another_host_key_than_the_pinned_one_gets_no_password(server):
    pinned = sftp_call(server)
    server.key = paramiko.ECDSAKey.generate()
    why = Refused("the server shows another host key than the pinned one")
    assert send(pinned) == why
    server.key = paramiko.RSAKey.generate(2048)
    assert send(pinned) == why
    assert published(server.folder / "status") is None


FAULTS = {
    "password": Refused("the server does not accept the login"),
    "folder": Retry("the folder is not there"),
    "rename": Refused("the server cannot put a file in place of another in one step"),
    "disk": Retry("the server could not write; its disk may be full"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_a_server_refuses_has_its_reason(server, fault):
    call = sftp_call(server, password="wrong" if fault == "password" else PASSWORD)
    server.can_replace = fault != "rename"
    server.is_full = fault == "disk"
    if fault == "folder":
        call = replace(call, path="/gone")
    assert send(call) == FAULTS[fault]
    assert unfinished(server.folder) == []


def test_a_server_in_a_network_that_is_closed_is_not_called(server):
    answer = send(sftp_call(server), may_reach_private=False)
    assert answer == Refused("the address is in a network that this destination may not")


# -- what is asked for ------------------------------------------------------------------------

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA"
WRONG = [
    ("target", "", {}),
    ("path", "", {"target": "folder", "path": "status"}),
    ("path", "", {"target": "folder", "path": "/"}),
    ("path", "", {"target": "folder", "path": "/srv/../etc"}),
    ("address", "https://host", {"target": "sftp", "path": "x", "host_key": KEY}),
    ("address", "sftp://host", {"target": "sftp", "path": "x", "host_key": KEY}),
    ("address", "sftp://me:pw@host", {"target": "sftp", "path": "x", "host_key": KEY}),
    ("host_key", "sftp://me@host", {"target": "sftp", "path": "x"}),
    ("path", "sftp://me@host", {"target": "sftp", "path": "../x", "host_key": KEY}),
    ("address", "ext::sh -c id", {"target": "git"}),
    ("address", "https://me:pw@host/x.git", {"target": "git"}),
    ("address", "--upload-pack=id", {"target": "git"}),
    ("branch", "https://host/x.git", {"target": "git", "branch": "--force"}),
    ("path", "https://host/x.git", {"target": "git", "path": ".git/hooks"}),
    ("host_key", "ssh://git@host/x.git", {"target": "git"}),
]


@pytest.mark.parametrize(("option", "address", "options"), WRONG)
def test_a_place_that_is_none_is_refused_at_once(option, address, options):
    with pytest.raises(OptionsInvalid) as caught:
        StaticPage().check(Account(id="x", base_url=address, options=options))
    assert caught.value.context["option"] == option
