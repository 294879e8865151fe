"""Where a dispatcher finds the secrets of destinations, and its own password.

A secret is named ``<destination id>:<slot>``, and the password of the database ``database``. None
of them is ever in the shared database, an argument or a variable of the environment.
"""

import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Protocol
from uuid import UUID

from services.core import secrets as keyring
from services.core.errors import AppError
from services.core.secrets import Secret

DATABASE: Final = "database"
"""The slot of the password with which a dispatcher signs in."""

CREDENTIALS: Final = "CREDENTIALS_DIRECTORY"
SECRETS_CREDENTIAL: Final = "firstline-secrets"
"""A credential of systemd that holds many secrets, written as a file of them is."""

_NAME = re.compile(r"[A-Za-z0-9_.:-]+")
_LONGEST_FILE_BYTES = 1_000_000


class SecretsFileUnsafe(AppError):
    """Others than the dispatcher's account may read or replace the file of the secrets."""

    code = "secrets-file-unsafe"


class SecretsFileUnreadable(AppError):
    """The file of the secrets is not there, or a line of it is none."""

    code = "secrets-file-unreadable"


class SecretMissing(AppError):
    """This machine does not keep a secret that a destination needs."""

    code = "secret-missing"


class SecretStore(Protocol):
    """Where secrets are kept. Any thread may ask."""

    def get(self, name: str) -> Secret | None:
        """The secret of this name; None where it is not kept here.

        Raises:
            AppError: the place cannot be read.
        """
        ...


class KeyringSecrets:
    """The keyring of the system, for a desk that is its own dispatcher."""

    def get(self, name: str) -> Secret | None:
        """What the keyring keeps under this name; it may ask the person to unlock it."""
        return keyring.fetch(name)


class FileSecrets:
    """A file that only its owner can read: a line ``name = secret`` for each.

    It is read at each asking, so that a secret is changed without a restart.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def get(self, name: str) -> Secret | None:
        """The secret on the line of this name.

        Raises:
            SecretsFileUnsafe, SecretsFileUnreadable: it is not such a file.
        """
        return secrets_in(_own_text(self._path), self._path.name).get(name)


class CredentialSecrets:
    """What systemd hands to the service: a file for each secret, or one that holds many.

    Names of its files cannot hold a colon, which is written as a dot there.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, name: str) -> Secret | None:
        """The secret in the credential of this name, or on its line of ``firstline-secrets``.

        Raises:
            SecretsFileUnreadable: a credential cannot be read.
        """
        alone = self._text(name.replace(":", "."))
        if alone is not None:
            return Secret(alone.strip("\r\n"))
        many = self._text(SECRETS_CREDENTIAL)
        return None if many is None else secrets_in(many, SECRETS_CREDENTIAL).get(name)

    def _text(self, name: str) -> str | None:
        try:
            return (self._folder / name).read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise SecretsFileUnreadable(file=name, problem=type(error).__name__) from None


class Slots(dict[str, str]):
    """The secrets of one destination by slot. One that is not kept is missed only when used."""

    def __missing__(self, slot: str) -> str:
        raise SecretMissing(slot=slot)


def slots_of(store: SecretStore, destination_id: UUID, names: tuple[str, ...]) -> Mapping[str, str]:
    """The secrets of a destination, as a provider takes them.

    Raises:
        AppError: the place where they are kept cannot be read.
    """
    found = ((name, store.get(f"{destination_id}:{name}")) for name in names)
    return Slots({name: secret.reveal() for name, secret in found if secret is not None})


def secret_store(file: Path | None) -> SecretStore:
    """The file, if one is named; else what systemd handed over; else the keyring."""
    if file is not None:
        return FileSecrets(file)
    folder = os.environ.get(CREDENTIALS)
    return CredentialSecrets(Path(folder)) if folder else KeyringSecrets()


def secrets_in(text: str, file: str) -> Mapping[str, Secret]:
    """The secrets of a text of lines; empty lines and those that begin with ``#`` say nothing.

    Raises:
        SecretsFileUnreadable: names the line that is none, and nothing of it.
    """
    found: dict[str, Secret] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        name, sign, secret = (part.strip() for part in line.partition("="))
        if not sign or not secret or not _NAME.fullmatch(name) or name in found:
            raise SecretsFileUnreadable(file=file, problem=f"line {number} is not “name = secret”")
        found[name] = Secret(secret)
    return found


def _own_text(path: Path) -> str:
    """The text of a file that belongs to this account, or root, and nobody else can read."""
    try:
        with path.open("rb") as file:
            _refuse_foreign(os.fstat(file.fileno()), path.name)
            return file.read(_LONGEST_FILE_BYTES).decode()
    except (OSError, ValueError) as error:
        raise SecretsFileUnreadable(file=path.name, problem=type(error).__name__) from None


def _refuse_foreign(found: os.stat_result, file: str) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise SecretsFileUnsafe(file=file, problem="it is no ordinary file")
    if os.name != "posix":
        return  # who may read a file is not in its mode there
    if found.st_uid not in {0, os.geteuid()}:
        raise SecretsFileUnsafe(file=file, problem="it belongs to another account")
    if found.st_mode & 0o077:
        mode = stat.S_IMODE(found.st_mode)
        raise SecretsFileUnsafe(file=file, problem=f"its mode is {mode:04o}, not 0600")
