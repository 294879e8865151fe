"""Whoever publishes may be killed at any moment: readers never meet half of a page."""

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from providers import dying_publisher
from providers.publication import call_for, published, send

from services.communications.static_page import INDEX, SUMMARY

SEED = 5


class Reader:
    """Reads a published page as browsers and programs do, and notes what is wrong with it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen: dict[str, int] = {}
        self.wrong: list[str] = []
        self.rounds = 0

    def read(self) -> None:
        """Everything once: the summary first, as it is written last."""
        try:
            summary = json.loads(self._file(SUMMARY))["sequence"]
            index = self._file(INDEX)
            if not index.startswith("<!DOCTYPE html>") or not index.endswith("</html>\n"):
                raise ValueError("half a page")
            found = re.search(r'name="sequence" content="(\d+)"', index)
            if found is None or int(found[1]) < summary:
                raise ValueError("a page older than its summary")
            self._rises(SUMMARY, summary)
            self._rises(INDEX, int(found[1]))
            for link in re.findall(r'href="(incidents/[^"]+)"', index):
                if not self._file(link).endswith("</html>\n"):
                    raise ValueError(f"half of {link}")
            ElementTree.fromstring(self._file("history.atom"))
        except (OSError, ValueError, KeyError, ElementTree.ParseError) as error:
            self.wrong.append(f"{type(error).__name__}: {error}")
        self.rounds += 1

    def _file(self, name: str) -> str:
        return (self._folder / name).read_text(encoding="utf-8")

    def _rises(self, name: str, sequence: int) -> None:
        if sequence < self._seen.setdefault(name, sequence):
            raise ValueError(f"{name} fell back")
        self._seen[name] = sequence


def read_while_publishers_die(folder: Path, kills: int, *words: str) -> Reader:
    """What a reader saw; it stops early once something was wrong."""
    assert send(call_for({"target": "folder", "path": str(folder)})).status == 200
    command = [sys.executable, dying_publisher.__file__, str(folder), str(kills), str(SEED), *words]
    path = os.pathsep.join(entry for entry in sys.path if entry)
    reader = Reader(folder)
    environment = {**os.environ, "PYTHONPATH": path}
    with subprocess.Popen(command, env=environment, start_new_session=True) as publishers:
        while publishers.poll() is None and not reader.wrong:
            reader.read()
        if reader.wrong:
            os.killpg(publishers.pid, signal.SIGKILL)
    if not words:
        assert publishers.returncode == 0
    return reader


KILLS = [20, pytest.param(200, marks=pytest.mark.nightly)]


@pytest.mark.skipif(sys.platform == "win32", reason="needs fork")
@pytest.mark.parametrize("kills", KILLS)
def test_readers_never_meet_half_of_a_page(tmp_path, kills):
    before = published(tmp_path) or 0
    reader = read_while_publishers_die(tmp_path, kills)
    assert reader.wrong == []
    assert reader.rounds >= kills
    assert (published(tmp_path) or 0) >= before + kills
    # And whoever comes next puts it right.
    assert send(call_for({"target": "folder", "path": str(tmp_path)})).status == 200


@pytest.mark.skipif(sys.platform == "win32", reason="needs fork")
def test_a_page_written_in_place_is_caught(tmp_path):
    """Negative control: without the guard the same reader meets half of a page."""
    assert read_while_publishers_die(tmp_path, 10_000, "in-place").wrong
