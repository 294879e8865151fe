"""The shared databases this desk may work with, kept in one small file without passwords."""

import json
import logging
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from typing import Any, Final

from services.core.errors import AppError
from services.core.server_address import Host, hosts_text

log = logging.getLogger(__name__)

EMBEDDED: Final = "embedded"
DEFAULT_DATABASE: Final = "firstline"
DEFAULT_CLOSED_DAYS: Final = 90
LONGEST_FIELD: Final = 63
"""Bytes of a name that PostgreSQL keeps."""


ROOTS_OF_SYSTEMS: Final = (
    "/etc/ssl/certs/ca-certificates.crt",  # Debian, Arch
    "/etc/pki/tls/certs/ca-bundle.crt",  # Fedora, Red Hat
    "/etc/ssl/ca-bundle.pem",  # SUSE
    "/etc/ssl/cert.pem",  # macOS, Alpine
)
"""Where systems keep the certificates they trust. The libpq that comes with psycopg looks for
"system" in a folder of its build machine, which exists nowhere."""


class ProfilesDamaged(AppError):
    """The list of profiles could not be read and was set aside."""

    code = "profiles-damaged"


class TlsOnlyHere(AppError):
    """Only a database on this machine may be spoken to without TLS."""

    code = "tls-only-here"


class Tls(Enum):
    """How the connection is protected.

    ``FULL`` encrypts and makes sure of the server; ``REQUIRE`` encrypts, whoever answers;
    ``NONE`` is for a database on this machine alone.
    """

    FULL = "verify-full"
    REQUIRE = "require"
    NONE = "disable"


@dataclass(frozen=True, slots=True)
class ConnectionSettings:
    """Where a shared database is and as whom one works there; all but the password."""

    hosts: tuple[Host, ...]
    database: str
    user: str
    tls: Tls = Tls.FULL
    root_certificate: str = ""
    """A file with the certificates to trust; empty trusts those of the system."""

    @property
    def account(self) -> str:
        """By what the keyring knows the password: it belongs to this user at this address."""
        return f"{self.user}@{hosts_text(self.hosts)}/{self.database}"

    @property
    def server(self) -> str:
        """The servers, for sentences."""
        return hosts_text(self.hosts)

    def keywords(self) -> dict[str, str]:
        """What libpq is given, besides the password and the times of the caller.

        Raises:
            TlsOnlyHere: TLS is off for a server elsewhere.
        """
        if self.tls is Tls.NONE and not all(host.is_here for host in self.hosts):
            raise TlsOnlyHere(server=self.server)
        words = {
            "host": ",".join(host.name for host in self.hosts),
            "port": ",".join(str(host.port) for host in self.hosts),
            "dbname": self.database,
            "user": self.user,
            "sslmode": self.tls.value,
            # The password is proved, never sent, and the proof holds for this connection alone.
            "require_auth": "scram-sha-256",
            "channel_binding": "prefer" if self.tls is Tls.NONE else "require",
            "gssencmode": "disable",
            "target_session_attrs": "read-write",
        }
        if self.tls is Tls.FULL:
            words["sslrootcert"] = self.root_certificate or _system_roots()
        return words


@dataclass(frozen=True, slots=True)
class ProfileEntry:
    """One shared database to choose. ``connection`` None is the embedded one.

    ``closed_days`` is how long ended incidents stay on this desk; None keeps all. ``person_id``
    is who the database took the person for, so that the desk knows it offline too.
    ``is_to_be_plain`` says that the person has switched encryption off: the next opening
    decrypts the files.
    """

    id: str
    name: str
    connection: ConnectionSettings | None = None
    closed_days: int | None = DEFAULT_CLOSED_DAYS
    is_cache_encrypted: bool = False
    keeps_password: bool = True
    person_id: str = ""
    is_to_be_plain: bool = False


ON_THIS_COMPUTER: Final = ProfileEntry(EMBEDDED, "On this computer", closed_days=None)


@dataclass(frozen=True, slots=True)
class ProfileList:
    """The embedded database and the teams, and the one to open at the next start."""

    teams: tuple[ProfileEntry, ...] = ()
    current_id: str = EMBEDDED
    embedded: ProfileEntry = ON_THIS_COMPUTER

    @property
    def entries(self) -> tuple[ProfileEntry, ...]:
        """All there are; the embedded one is always first."""
        return (self.embedded, *self.teams)

    @property
    def current(self) -> ProfileEntry:
        """The one to open."""
        return self.get(self.current_id)

    def get(self, id_: str) -> ProfileEntry:
        """The profile with an id; the embedded one where it is unknown."""
        return next((entry for entry in self.teams if entry.id == id_), self.embedded)

    def having(self, entry: ProfileEntry) -> "ProfileList":
        """With a team added, or a profile changed in its place."""
        if entry.id == EMBEDDED:
            return replace(self, embedded=entry)
        if any(team.id == entry.id for team in self.teams):
            teams = tuple(entry if team.id == entry.id else team for team in self.teams)
            return replace(self, teams=teams)
        return replace(self, teams=(*self.teams, entry))

    def without(self, id_: str) -> "ProfileList":
        """Without a team; the embedded one comes next where it was the current."""
        teams = tuple(team for team in self.teams if team.id != id_)
        current_id = EMBEDDED if self.current_id == id_ else self.current_id
        return replace(self, teams=teams, current_id=current_id)

    def choosing(self, id_: str) -> "ProfileList":
        """With another one to open next."""
        return replace(self, current_id=self.get(id_).id)


def load_profiles(path: Path) -> ProfileList:
    """The kept list; no file is a list of the embedded one alone.

    Raises:
        ProfilesDamaged: the file could not be read; it was set aside under another name.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ProfileList()
    except (OSError, ValueError) as error:
        raise _set_aside(path, error) from error
    try:
        kept = json.loads(text)
        teams = tuple(_entry(each) for each in kept["teams"])
        embedded = _with_flags(ON_THIS_COMPUTER, kept.get("embedded", {}))
        return ProfileList(teams, embedded=embedded).choosing(str(kept["current"]))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise _set_aside(path, error) from error


def save_profiles(path: Path, profiles: ProfileList) -> None:
    """Keep the list; the file is replaced as a whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    kept = {
        "current": profiles.current_id,
        "embedded": _plain_flags(profiles.embedded),
        "teams": [_plain(team) for team in profiles.teams],
    }
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps(kept, indent=2, ensure_ascii=False), encoding="utf-8")
    draft.replace(path)


def _system_roots() -> str:
    return next((path for path in ROOTS_OF_SYSTEMS if Path(path).is_file()), "system")


def _set_aside(path: Path, error: Exception) -> ProfilesDamaged:
    log.warning("profiles-unreadable problem=%s", error)
    aside = path.with_suffix(".unusable")
    for count in range(2, 100):
        if not aside.exists():
            break
        aside = path.with_suffix(f".unusable-{count}")
    path.replace(aside)
    return ProfilesDamaged(file=str(aside))


def _plain(entry: ProfileEntry) -> dict[str, Any]:
    connection = entry.connection
    assert connection is not None
    return {
        "id": entry.id,
        "name": entry.name,
        "hosts": [{"name": host.name, "port": host.port} for host in connection.hosts],
        "database": connection.database,
        "user": connection.user,
        "tls": connection.tls.value,
        "root_certificate": connection.root_certificate,
        "closed_days": entry.closed_days,
        **_plain_flags(entry),
        "keeps_password": entry.keeps_password,
        "person_id": entry.person_id,
    }


def _entry(kept: dict[str, Any]) -> ProfileEntry:
    """One team of the file; anything that is not as we write it is a ValueError or TypeError."""
    hosts = tuple(Host(_text(host, "name"), int(host["port"])) for host in kept["hosts"])
    if not hosts or _text(kept, "id") == EMBEDDED or "/" in kept["id"] or "." in kept["id"]:
        raise ValueError("a profile without a server, or with an id that is no folder name")
    days = kept["closed_days"]
    entry = ProfileEntry(
        id=kept["id"],
        name=_text(kept, "name"),
        connection=ConnectionSettings(
            hosts=hosts,
            database=_text(kept, "database"),
            user=_text(kept, "user"),
            tls=Tls(kept["tls"]),
            root_certificate=str(kept["root_certificate"]),
        ),
        closed_days=None if days is None else int(days),
        keeps_password=kept["keeps_password"] is True,
        person_id=str(kept["person_id"]),
    )
    return _with_flags(entry, kept)


def _plain_flags(entry: ProfileEntry) -> dict[str, bool]:
    return {
        "is_cache_encrypted": entry.is_cache_encrypted,
        "is_to_be_plain": entry.is_to_be_plain,
    }


def _with_flags(entry: ProfileEntry, kept: dict[str, Any]) -> ProfileEntry:
    """With what concerns its local files; a list of before says nothing of it."""
    return replace(
        entry,
        is_cache_encrypted=kept.get("is_cache_encrypted") is True,
        is_to_be_plain=kept.get("is_to_be_plain") is True,
    )


def _text(kept: dict[str, Any], name: str) -> str:
    value = kept[name]
    if not isinstance(value, str) or not value or "\0" in value:
        raise ValueError(f"{name} is no text")
    return value
