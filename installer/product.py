"""What is told about the product in every package: its name, version and needs."""

import os
import re
import subprocess
import tomllib
from functools import cache
from pathlib import Path
from typing import Final

from services.core.release import VERSION

ROOT: Final = Path(__file__).resolve().parents[1]
NAME: Final = "firstline"
TITLE: Final = "Firstline"
APPSTREAM_ID: Final = "org.firstline.desk"
"""Lower case, as AppStream asks for."""
PROGRAMS: Final = ("firstline", "firstline-admin", "firstline-dispatcher")
SERVICE: Final = "firstline-dispatcher.service"
"""The file by which systemd starts the dispatcher."""

DIST: Final = ROOT / "dist"
BUNDLE: Final = DIST / NAME
WORK: Final = ROOT / "build" / "installer"
CONTENTS: Final = "lib"
"""Folder of the bundle that holds everything but the programs."""

BEGINNING_S: Final = 1_735_689_600
"""2025-01-01: the time of every file when git does not know a better one."""


def version() -> str:
    """The version of these sources; ``pyproject.toml`` takes it from the same place."""
    return VERSION


@cache
def summary() -> str:
    """The sentence that ``pyproject.toml`` says about the product, without its full stop."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return re.sub(r"\.$", "", str(project["description"]))


@cache
def made_at_s() -> int:
    """Unix time that all files get, so that the same sources make the same package.

    Taken from ``SOURCE_DATE_EPOCH``, else from the last commit.
    """
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    if given.isdigit():
        return int(given)
    command = ["git", "log", "-1", "--format=%ct"]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return BEGINNING_S
    return int(done.stdout)
