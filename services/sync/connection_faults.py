"""What keeps a desk from its team's database, told from what libpq says.

A server says why it refuses in its own language; what is not recognised is told in its words.
"""

import re
from typing import TYPE_CHECKING, Final

from services.core.errors import AppError
from services.core.profiles import ConnectionSettings
from services.sync.errors import SharedUnreachable

if TYPE_CHECKING:
    import psycopg


class SignInRefused(AppError):
    """Trying again with the same user and password will not help."""

    code = "sign-in-refused"


class PasswordRefused(SignInRefused):
    """User and password do not belong together."""

    code = "password-refused"


class PasswordNeeded(SignInRefused):
    """Nobody has typed the password yet, and no keyring gave it."""

    code = "password-needed"


class LoginDisabled(SignInRefused):
    """The login exists but may not sign in any more."""

    code = "login-disabled"


class PersonUnknown(SignInRefused):
    """The login is nobody in this team."""

    code = "person-unknown"


class NotAdmitted(SignInRefused):
    """The server does not let this user in from here."""

    code = "not-admitted"


class ServerNotFound(SharedUnreachable):
    """No machine goes by that name."""

    code = "server-not-found"


class ServerNotListening(SharedUnreachable):
    """The machine is there, but no database answers on that port."""

    code = "server-not-listening"


class ServerSilent(SharedUnreachable):
    """Nothing came back in time."""

    code = "server-silent"


class ServerStarting(SharedUnreachable):
    """The server is starting, stopping or recovering."""

    code = "server-starting"


class NoPrimary(SharedUnreachable):
    """Only servers that cannot be written to answer."""

    code = "no-primary"


class TooManyConnections(SharedUnreachable):
    """The server, or this user on it, has no connection left."""

    code = "too-many-connections"


class CertificateNotTrusted(AppError):
    """Nobody this computer trusts vouches for the server's certificate."""

    code = "certificate-not-trusted"


class CertificateOfAnother(AppError):
    """The certificate belongs to a server of another name."""

    code = "certificate-of-another"


class RootCertificateUnreadable(AppError):
    """The file of the certificates to trust is not there or holds none."""

    code = "root-certificate-unreadable"


class TlsNotOffered(AppError):
    """The server does not encrypt."""

    code = "tls-not-offered"


class NotBound(AppError):
    """The server cannot prove that it is the end of this very connection."""

    code = "not-bound"


class DatabaseMissing(AppError):
    """The server has no database of that name."""

    code = "database-missing"


class FirstlineMissing(AppError):
    """The database is there but holds no Firstline, or none for this user."""

    code = "firstline-missing"


# The most telling first: of several servers one may refuse a password while another is down.
_SAID: Final[tuple[tuple[str, type[AppError]], ...]] = (
    (r"password authentication failed|\b28P01\b", PasswordRefused),
    (r"is not permitted to log in", LoginDisabled),
    (r"no pg_hba\.conf entry|pg_hba\.conf rejects", NotAdmitted),
    (r"too many connections|too many clients|remaining connection slots", TooManyConnections),
    (r"database \".*\" does not exist", DatabaseMissing),
    (r"does not match host name|certificate.* host name", CertificateOfAnother),
    (r"root certificate|could not load .*root|sslrootcert", RootCertificateUnreadable),
    (r"certificate verify failed", CertificateNotTrusted),
    (r"server does not support SSL", TlsNotOffered),
    (r"channel binding|requirement \"scram-sha-256\" failed|authentication method requ", NotBound),
    (r"session is read-only|is in hot standby|not in hot standby|server is in", NoPrimary),
    (r"database system is|terminating connection", ServerStarting),
    (r"could not translate host name|failed to resolve host", ServerNotFound),
    (r"timeout expired|timed out", ServerSilent),
    (r"Connection refused", ServerNotListening),
)
_BY_STATE: Final[dict[str, type[AppError]]] = {
    "28P01": PasswordRefused,
    "28000": NotAdmitted,
    "3D000": DatabaseMissing,
    "3F000": FirstlineMissing,
    "42P01": FirstlineMissing,
    "42883": FirstlineMissing,
    "42501": FirstlineMissing,
    "53300": TooManyConnections,
    "57P03": ServerStarting,
    "25006": NoPrimary,
}


def fault_of(error: "psycopg.Error", settings: ConnectionSettings) -> AppError:
    """The fact behind an error of connecting; its context holds no secret.

    Unrecognised words of the server become ``SignInRefused`` where it refused, and
    ``SharedUnreachable`` where the connection never came about.
    """
    text = str(error)
    told = _BY_STATE.get(error.sqlstate or "") or _said(text)
    if told is None:
        told = SignInRefused if re.search(r"\b(FATAL|ERROR):", text) else SharedUnreachable
    return told(
        server=settings.server,
        user=settings.user,
        database=settings.database,
        file=settings.root_certificate or "the system's list",
        problem=_first_line(text),
    )


def _said(text: str) -> type[AppError] | None:
    found = (kind for words, kind in _SAID if re.search(words, text))
    return next(found, None)


def _first_line(text: str) -> str:
    """What the server or libpq said last, without the address in front of it."""
    line = text.strip().partition("\n")[0].rstrip(".")
    return re.sub(
        r'^(connection failed: )?(connection to server at "[^"]*".*? failed: )?((FATAL|ERROR): +)?',
        "",
        line,
    )
